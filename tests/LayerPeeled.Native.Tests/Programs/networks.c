/* Thresholds, sweeps, metrics and diagnosis of a network, mitigation, comparison. */
#include "check.h"

enum { CLASSES = 6, DIMENSION = 6, EXAMPLES = 222 };

static const int sizes[CLASSES] = {100, 100, 10, 10, 1, 1};
static double features[EXAMPLES * DIMENSION], columns[EXAMPLES * DIMENSION], weight[CLASSES * DIMENSION];
static float single[EXAMPLES * DIMENSION];
static int64_t labels[EXAMPLES];
static int32_t labels32[EXAMPLES];

/* A network at an optimum, with a little deterministic noise within the classes; the label of class k is 10 k. */
static void make_network(void) {
    double counts[CLASSES], means[DIMENSION * CLASSES];
    lp_array view = lp_doubles(counts, CLASSES, 1), w = lp_doubles(weight, CLASSES, DIMENSION), h = lp_doubles(means, DIMENSION, CLASSES);
    lp_model_config config = {sizeof config, LP_BUDGETS, 0, 1, 3, 0, 0, 0, NULL};
    lp_model *model;
    lp_solution *solution;
    int k, i, j, n = 0;

    for (k = 0; k < CLASSES; k++) {
        counts[k] = sizes[k];
    }
    OK(lp_model_from_counts(&view, NULL, &config, &model));
    OK(lp_solve(model, NULL, NULL, &solution));
    OK(lp_solution_get_matrix(solution, LP_CLASSIFIER, &w));
    OK(lp_solution_get_matrix(solution, LP_FEATURES, &h));
    for (k = 0; k < CLASSES; k++) {
        for (i = 0; i < sizes[k]; i++, n++) {
            labels[n] = labels32[n] = 10 * k;
            for (j = 0; j < DIMENSION; j++) {
                double noise = 1e-3 * sin(1.0 + 7 * n + 3 * j);
                features[n * DIMENSION + j] = columns[j * EXAMPLES + n] = means[j * CLASSES + k] + noise;
                single[n * DIMENSION + j] = (float)features[n * DIMENSION + j];
            }
        }
    }
    OK(lp_solution_free(solution));
    OK(lp_model_free(model));
}

static void thresholds(void) {
    lp_threshold at, back;
    double counts[4] = {1000, 1000, 10, 10}, ratios[3] = {1, 5, 100};
    lp_array view = lp_doubles(counts, 4, 1), along = lp_doubles(ratios, 3, 1);
    lp_model_config config = {sizeof config, LP_BUDGETS, 0, 1, 5, 0, 0, 0, NULL};
    lp_sweep_options how = {sizeof how, 5, 5, 1, 5, 0, 1, 0};
    lp_sweep_row rows[3];
    lp_control control = {sizeof control, NULL, NULL, NULL};
    lp_token *token;
    lp_model *model;
    int64_t solved;

    at.struct_size = back.struct_size = sizeof at;
    OK(lp_threshold_at(5, 5, 5, &at));
    NEAR(at.ratio, 12.192447080325948, 1e-12);
    CHECK(isnan(at.model_ratio) && at.majority_classes == 5);
    OK(lp_threshold_at_ratio(5, 5, at.ratio, &back));
    NEAR(back.budget_product, 5, 1e-10);
    FAILS(lp_threshold_at(5, 1, 5, &at), LP_ERROR_RANGE, "ArgumentOutOfRangeException", "minorityClasses");
    OK(lp_model_from_counts(&view, NULL, &config, &model));
    OK(lp_threshold_of_model(model, &at));
    CHECK(at.model_ratio == 100 && at.collapses);
    OK(lp_model_free(model));

    rows[0].struct_size = sizeof rows[0];
    OK(lp_sweep(&along, &how, NULL, rows, 3, &solved));
    CHECK(solved == 3 && rows[2].ratio == 100 && rows[2].collapsed && !rows[1].collapsed && rows[2].struct_size == sizeof rows[0]);
    CHECK(rows[0].status == LP_STATUS_OPTIMAL && rows[2].status == LP_STATUS_OPTIMAL);
    NEAR(rows[0].classifier.cross_cosine, -1.0 / 9, 1e-8);
    NEAR(rows[2].classifier.minority_cosine, 1, 1e-8);
    FAILS(lp_sweep(&along, &how, NULL, rows, 2, &solved), LP_ERROR_ARGUMENT, "ArgumentException", "capacity");
    OK(lp_token_create(&token));
    OK(lp_token_cancel(token));
    control.token = token;
    OK(lp_sweep(&along, &how, &control, rows, 3, &solved));
    CHECK(solved == 0 && rows[0].status == LP_STATUS_NOT_SOLVED && isnan(rows[0].objective) && rows[2].ratio == 100);
    OK(lp_token_free(token));
}

static lp_measurement *measured(const lp_array *of, const lp_array *which) {
    lp_array w = lp_doubles(weight, CLASSES, DIMENSION);
    lp_network network = {sizeof network, NULL, NULL, NULL, NULL, NULL, NULL};
    lp_metrics_options how = {sizeof how, LP_MEAN_NONE, 0, 0, NULL, 1, 0};
    lp_measurement *measurement = NULL;
    network.features = network.other_features = of;
    network.labels = which;
    network.weight = &w;
    OK(lp_measure(&network, &how, NULL, &measurement));
    return measurement;
}

static void metrics(void) {
    lp_array rows = lp_doubles(features, EXAMPLES, DIMENSION), fortran = lp_doubles(columns, EXAMPLES, DIMENSION), floats = lp_floats(single, EXAMPLES, DIMENSION);
    lp_array of = lp_view(labels, LP_INT64, EXAMPLES, 1), of32 = lp_view(labels32, LP_INT32, 1, EXAMPLES), every = rows, strided;
    double means[DIMENSION * CLASSES], wide[EXAMPLES * 2 * DIMENSION];
    lp_array out = lp_doubles(means, DIMENSION, CLASSES);
    lp_metrics first, second, third, fourth;
    lp_measurement *one, *two, *three, *four;
    lp_group_metrics groups[8];
    lp_class_metrics classes[CLASSES];
    lp_diagnosis_options how = {sizeof how, LP_MEAN_NONE, 0, NULL, NULL, 0, 0, 0, 0, 0};
    lp_diagnosis *diagnosis;
    lp_diagnosis_info info;
    lp_group_comparison compared[8];
    lp_collapsed_class collapsed[8];
    lp_family *family;
    lp_family_info about;
    lp_family_member members[8];
    lp_solution *solution;
    lp_solution_info optimum;
    lp_network network = {sizeof network, NULL, NULL, NULL, NULL, NULL, NULL};
    int64_t count, r, c;
    int i;

    fortran.row_stride = sizeof(double);
    fortran.col_stride = EXAMPLES * sizeof(double);
    for (i = 0; i < EXAMPLES * DIMENSION; i++) {
        wide[2 * i] = features[i];
        wide[2 * i + 1] = NAN;
    }
    strided = lp_doubles(wide, EXAMPLES, DIMENSION);
    strided.row_stride = 2 * DIMENSION * sizeof(double);
    strided.col_stride = 2 * sizeof(double);
    one = measured(&every, &of);
    two = measured(&fortran, &of32);
    three = measured(&strided, &of);
    four = measured(&floats, &of);
    first.struct_size = second.struct_size = third.struct_size = fourth.struct_size = sizeof first;
    OK(lp_measurement_get_metrics(one, &first));
    OK(lp_measurement_get_metrics(two, &second));
    OK(lp_measurement_get_metrics(three, &third));
    OK(lp_measurement_get_metrics(four, &fourth));
    CHECK(first.samples == EXAMPLES && first.classes == CLASSES && first.dimension == DIMENSION && first.has_classifier && first.has_second_pass);
    second.notes = third.notes = first.notes;
    CHECK(!memcmp(&first, &second, sizeof first) && !memcmp(&first, &third, sizeof first));
    NEAR(fourth.uncentred_feature_budget, first.uncentred_feature_budget, 1e-6);
    NEAR(first.classifier_budget, 1, 1e-12);
    NEAR(first.uncentred_feature_budget, 3, 1e-2);
    CHECK(first.nc1_pseudo_inverse > 0 && first.nc1_trace_ratio < 1e-4 && first.classifier_accuracy > 0.9 && first.other_samples == EXAMPLES && first.nc5.mean > 0);
    groups[0].struct_size = sizeof groups[0];
    OK(lp_measurement_get_groups(one, groups, 8, &count));
    CHECK(count == 3 && first.groups == 3 && groups[0].smallest_count == 100 && groups[2].largest_count == 1 && groups[2].classes == 2);
    classes[0].struct_size = sizeof classes[0];
    OK(lp_measurement_get_classes(one, classes, CLASSES, &count));
    CHECK(count == CLASSES && classes[3].label == 30 && classes[3].count == 10 && classes[3].group == 1);
    OK(lp_measurement_get_matrix(one, LP_MEASURED_CLASS_MEANS, &out));
    NEAR(means[5], features[(EXAMPLES - 1) * DIMENSION], 1e-15);
    OK(lp_measurement_get_shape(one, LP_MEASURED_WITHIN_SCATTER, &r, &c));
    CHECK(r == DIMENSION && c == DIMENSION);

    info.struct_size = sizeof info;
    compared[0].struct_size = sizeof compared[0];
    collapsed[0].struct_size = sizeof collapsed[0];
    OK(lp_diagnose(one, &how, NULL, &diagnosis));
    OK(lp_diagnosis_get_info(diagnosis, &info));
    CHECK(info.status == LP_STATUS_OPTIMAL && info.groups == 3 && info.collapsed_classes >= 2);
    NEAR(info.feature_budget, first.uncentred_feature_budget, 1e-12);
    OK(lp_diagnosis_get_groups(diagnosis, compared, 8, &count));
    NEAR(compared[0].measured_classifier_norms.mean, compared[0].predicted_classifier_norms.mean, 1e-3);
    OK(lp_diagnosis_get_collapsed(diagnosis, collapsed, 8, &count));
    CHECK(count == info.collapsed_classes && collapsed[0].count == 1);
    OK(lp_diagnosis_get_solution(diagnosis, &solution));
    OK(lp_diagnosis_free(diagnosis));
    optimum.struct_size = sizeof optimum;
    OK(lp_solution_get_info(solution, &optimum));
    CHECK(optimum.objective == info.objective);
    OK(lp_solution_free(solution));

    about.struct_size = sizeof about;
    members[0].struct_size = sizeof members[0];
    OK(lp_diagnose_family(one, &how, NULL, &family));
    OK(lp_family_get_info(family, &about));
    OK(lp_family_get_members(family, members, 8, &count));
    CHECK(about.members == count && about.is_described && !strcmp(members[0].name, "lpm") && members[0].misfit.total < 0.1 && strlen(about.verdict) > 10);
    OK(lp_family_get_solution(family, 0, &solution));
    OK(lp_solution_free(solution));
    FAILS(lp_family_get_solution(family, 99, &solution), LP_ERROR_RANGE, "ArgumentOutOfRangeException", "member");
    OK(lp_family_free(family));
    {
        double counts[CLASSES];
        lp_array view = lp_doubles(counts, CLASSES, 1), w = lp_doubles(weight, CLASSES, DIMENSION);
        for (i = 0; i < CLASSES; i++) {
            counts[i] = sizes[i];
        }
        OK(lp_diagnose_classifier(&view, &w, 0, NULL, NULL, &family));
        OK(lp_family_get_members(family, members, 8, &count));
        CHECK(count > 0 && members[0].source == LP_STRENGTH_FIT && members[0].misfit.total < 0.1);
        OK(lp_family_free(family));
    }

    /* Wrong data. */
    single[7] = INFINITY;
    network.features = &floats;
    network.labels = &of;
    OK(lp_measurement_free(four));
    FAILS(lp_measure(&network, NULL, NULL, &four), LP_ERROR_ARGUMENT, "ArgumentException", "row 1, column 1");
    CHECK(four == NULL);
    network.features = &rows;
    of.rows--;
    FAILS(lp_measure(&network, NULL, NULL, &four), LP_ERROR_ARGUMENT, "ArgumentException", "221 labels");
    network.labels = &rows;
    FAILS(lp_measure(&network, NULL, NULL, &four), LP_ERROR_ARGUMENT, "ArgumentException", "Labels are whole numbers");
    network.labels = &of32;
    OK(lp_measure(&network, NULL, NULL, &four));
    OK(lp_measurement_get_metrics(four, &fourth));
    CHECK(!fourth.has_classifier && isnan(fourth.nc3_distance) && fourth.notes[0]);
    FAILS(lp_diagnose(four, NULL, NULL, &diagnosis), LP_ERROR_ARGUMENT, "ArgumentException", "without its weight");
    OK(lp_measurement_free(one));
    OK(lp_measurement_free(two));
    OK(lp_measurement_free(three));
    OK(lp_measurement_free(four));
}

static void mitigation(void) {
    double counts[6] = {1000, 1000, 1000, 10, 10, 10}, weights[6], own[6] = {1, 1, 1, 100, 100, 100};
    const char *losses[1] = {"vs:gamma=0.2,tau=1"}, *families[1] = {"cdt"};
    lp_array view = lp_doubles(counts, 6, 1), out = lp_doubles(weights, 6, 1), mine = lp_doubles(own, 6, 1);
    lp_rule rules[3] = {{sizeof rules[0], LP_RULE_NONE, 0, 0, 0, NULL, NULL}, {sizeof rules[0], LP_RULE_POWER, 0, 1, 0, NULL, NULL}, {sizeof rules[0], LP_RULE_CUSTOM, 0, 0, 0, NULL, "mine"}};
    lp_mitigation_options how;
    lp_mitigation_row rows[8];
    lp_mitigation *mitigation;
    lp_solution *solution;
    lp_model *model;
    lp_model_config config = {sizeof config, LP_BUDGETS, 0, 1, 5, 0, 0, 0, NULL};
    int32_t kinds[2] = {LP_MEMBER_LAYER_PEELED, LP_MEMBER_MAX_MARGIN};
    lp_comparison *comparison;
    lp_compared_member members[8];
    double rate;
    int64_t count;

    memset(&how, 0, sizeof how);
    how.struct_size = sizeof how;
    how.classifier_budget = 1;
    how.feature_budget = 5;
    rows[0].struct_size = sizeof rows[0];
    OK(lp_mitigate(&view, &how, NULL, &mitigation));
    OK(lp_mitigation_get_rows(mitigation, rows, 8, &count));
    CHECK(count == 4 && !strcmp(rows[0].name, "none") && !rows[0].separates && rows[3].separates && isnan(rows[0].value));
    OK(lp_mitigation_get_escaping_rate(mitigation, &rate));
    CHECK(rate > 1 && rate < 100);
    OK(lp_mitigation_free(mitigation));

    rules[2].weights = &mine;
    how.rules = rules;
    how.rule_count = 3;
    how.losses = losses;
    how.loss_count = 1;
    how.find_weakest_power = 1;
    how.power_tolerance = 1e-2;
    how.weakest_families = families;
    how.weakest_family_count = 1;
    how.family_tolerance = 1e-2;
    OK(lp_mitigate(&view, &how, NULL, &mitigation));
    OK(lp_mitigation_get_rows(mitigation, rows, 8, &count));
    CHECK(count == 6 && !strcmp(rows[2].name, "mine") && rows[3].kind == LP_MITIGATION_LOSS && rows[4].kind == LP_MITIGATION_WEAKEST_POWER);
    NEAR(rows[1].minority_cosine, -0.2, 1e-3);
    CHECK(rows[4].value > 0 && rows[4].too_weak_value < rows[4].value && rows[4].solves > 1 && rows[4].is_certified);
    CHECK(rows[5].kind == LP_MITIGATION_WEAKEST_LOSS && rows[5].value < 0);
    OK(lp_mitigation_get_weights(mitigation, 2, &out));
    CHECK(weights[0] == 1 && weights[5] == 100);
    OK(lp_mitigation_get_solution(mitigation, 1, &solution));
    OK(lp_solution_free(solution));
    FAILS(lp_mitigation_get_solution(mitigation, 6, &solution), LP_ERROR_RANGE, "ArgumentOutOfRangeException", "row");
    OK(lp_mitigation_free(mitigation));
    losses[0] = "no-such-loss";
    CHECK(lp_mitigate(&view, &how, NULL, &mitigation) != LP_OK && mitigation == NULL && strstr(lp_last_error(), "no-such-loss"));

    members[0].struct_size = sizeof members[0];
    OK(lp_model_from_counts(&view, NULL, &config, &model));
    OK(lp_compare(model, kinds, 2, NULL, NULL, &comparison));
    OK(lp_comparison_get_members(comparison, members, 8, &count));
    CHECK(count == 2 && members[0].kind == LP_MEMBER_LAYER_PEELED && members[0].status == LP_STATUS_OPTIMAL && members[0].collapsed_classes == 3);
    CHECK(!members[0].refusal[0] && !strcmp(members[0].loss, "cross-entropy") && members[0].classifier.norm2_ratio > 1);
    OK(lp_comparison_free(comparison));
    OK(lp_model_free(model));
}

int main(void) {
    make_network();
    thresholds();
    metrics();
    mitigation();
    return checked();
}
