/* Models, solves and what is read of them: views of every layout, certificates, files. Arguments: a folder to write to. */
#include "check.h"

static lp_model *long_tail_model(int classes, const char *loss) {
    double counts[100];
    lp_array view = lp_doubles(counts, classes, 1);
    lp_model_config config = {sizeof config, LP_BUDGETS, 0, 1, 5, LP_BIAS_NONE, 0, 0, NULL};
    lp_model *model = NULL;
    config.loss = loss;
    OK(lp_long_tail(500, 100, &view));
    OK(lp_model_from_counts(&view, NULL, &config, &model));
    return model;
}

static lp_solution *solved(const lp_model *model) {
    lp_solution *solution = NULL;
    OK(lp_solve(model, NULL, NULL, &solution));
    return solution;
}

static void two_groups(void) {
    double counts[10] = {1000, 1000, 1000, 1000, 1000, 10, 10, 10, 10, 10}, classifier[100], transposed[100], product[100], logits[100];
    int64_t multiplicities[2] = {5, 5}, index[10], rows, cols, count;
    int32_t small[10];
    float single[100];
    double sizes[2] = {1000, 10};
    lp_array view = lp_doubles(counts, 10, 1), mult = lp_view(multiplicities, LP_INT64, 1, 2), size = lp_doubles(sizes, 2, 1);
    lp_array out = lp_doubles(classifier, 10, 10), fortran = lp_doubles(transposed, 10, 10), floats = lp_floats(single, 10, 10);
    lp_array means = lp_doubles(product, 10, 10), z = lp_doubles(logits, 10, 10);
    lp_array of = lp_view(index, LP_INT64, 10, 1), of32 = lp_view(small, LP_INT32, 1, 10);
    lp_model_config config = {sizeof config, LP_BUDGETS, LP_FEATURE_NORM_DEFAULT, 1, 5, LP_BIAS_NONE, 0, 0, NULL};
    lp_model_info about = {sizeof about, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, NULL};
    lp_solution_info info, other;
    lp_certificate certificate;
    lp_group groups[4];
    lp_model *model, *grouped;
    lp_solution *solution, *again;
    int i, j, k;

    OK(lp_model_from_counts(&view, NULL, &config, &model));
    OK(lp_model_from_groups(&mult, &size, NULL, &config, &grouped));
    OK(lp_model_get_info(model, &about));
    CHECK(about.kind == LP_MODEL_CLASSES && about.classes == 10 && about.groups == 2 && about.feature_dimension == 10);
    CHECK(about.classifier == 1 && about.feature == 5 && about.examples == 5050 && about.feature_norm == LP_FEATURE_NORM_PER_CLASS && !strcmp(about.loss, "cross-entropy"));
    OK(lp_model_get_index(model, &of));
    OK(lp_model_get_index(model, &of32));
    CHECK(index[0] == index[4] && index[5] == index[9] && index[0] != index[9] && small[9] == index[9]);

    solution = solved(model);
    again = solved(grouped);
    OK(lp_model_free(model));
    info.struct_size = other.struct_size = sizeof info;
    OK(lp_solution_get_info(solution, &info));
    OK(lp_solution_get_info(again, &other));
    CHECK(info.status == LP_STATUS_OPTIMAL && info.is_proof && !info.is_loaded && info.relative_gap <= info.gap_tolerance);
    CHECK(info.objective == other.objective && info.multiplier == other.multiplier);
    CHECK(info.lower_bound <= info.objective && info.objective <= info.upper_bound);
    NEAR(info.objective, 0.0912991640751, 1e-10);
    CHECK(info.classes_below_critical_size == 5 && info.classes == 10 && isnan(info.excess) && info.seconds >= 0 && info.iterations > 0);
    CHECK(!strcmp(info.method, "reduced"));

    groups[0].struct_size = sizeof groups[0];
    OK(lp_solution_get_groups(solution, NULL, 0, &count));
    CHECK(count == 2);
    OK(lp_solution_get_groups(solution, groups, 4, &count));
    CHECK(count == 2 && groups[1].struct_size == sizeof groups[0] && groups[1].classes == 5 && groups[1].collapsed && !groups[0].collapsed);
    CHECK(groups[1].collapse_ratio <= 1 && groups[0].collapse_ratio > 1 && isnan(groups[0].bias));
    NEAR(groups[1].classifier_cosine, 1, 1e-12);
    NEAR((5 * groups[0].classifier_norm2 + 5 * groups[1].classifier_norm2) / 10, 1, 1e-12);
    memset(groups, 0, sizeof groups);
    groups[0].struct_size = sizeof groups[0];
    OK(lp_solution_get_groups(solution, groups, 1, &count));
    CHECK(count == 2 && groups[0].classes == 5 && groups[1].classes == 0 && groups[1].struct_size == 0);

    OK(lp_solution_get_shape(solution, LP_CLASSIFIER, &rows, &cols));
    CHECK(rows == 10 && cols == 10);
    OK(lp_solution_get_shape(solution, LP_BIAS, &rows, &cols));
    CHECK(rows == 0 && cols == 0);
    OK(lp_solution_get_matrix(solution, LP_CLASSIFIER, &out));
    OK(lp_solution_get_matrix(solution, LP_CLASSIFIER, &floats));
    fortran.row_stride = sizeof(double);
    fortran.col_stride = 10 * sizeof(double);
    OK(lp_solution_get_matrix(solution, LP_CLASSIFIER, &fortran));
    OK(lp_solution_get_matrix(solution, LP_FEATURES, &means));
    OK(lp_solution_get_matrix(solution, LP_LOGITS, &z));
    for (i = 0; i < 10; i++) {
        for (j = 0; j < 10; j++) {
            double sum = 0;
            for (k = 0; k < 10; k++) {
                sum += classifier[10 * i + k] * product[10 * k + j];
            }
            NEAR(sum, logits[10 * i + j], 1e-12);
            CHECK(classifier[10 * i + j] == transposed[i + 10 * j] && single[10 * i + j] == (float)classifier[10 * i + j]);
        }
    }

    /* Any W and H: in C order, in Fortran order, backwards (a rotation of the feature space changes nothing), doubled (scaled back into the budgets). */
    certificate.struct_size = sizeof certificate;
    OK(lp_certify(grouped, &out, &means, NULL, &certificate));
    CHECK(certificate.is_proof && certificate.relative_gap <= 1e-10 && certificate.constraint_violation < 1e-12);
    NEAR(certificate.objective, info.objective, 1e-12);
    OK(lp_certify(grouped, &fortran, &means, NULL, &certificate));
    NEAR(certificate.objective, info.objective, 1e-12);
    out.data = classifier + 9;
    out.row_stride = 10 * sizeof(double);
    out.col_stride = -(int64_t)sizeof(double);
    means.data = product + 90;
    means.row_stride = -10 * (int64_t)sizeof(double);
    means.col_stride = sizeof(double);
    OK(lp_certify(grouped, &out, &means, NULL, &certificate));
    NEAR(certificate.objective, info.objective, 1e-12);
    for (i = 0; i < 100; i++) {
        classifier[i] *= 2;
    }
    OK(lp_certify(grouped, &out, &means, NULL, &certificate));
    CHECK(certificate.constraint_violation > 0.1 && certificate.lower_bound <= info.objective);
    memset(classifier, 0, sizeof classifier);
    OK(lp_certify(grouped, &out, &means, NULL, &certificate));
    CHECK(certificate.relative_gap > 0.1);

    OK(lp_model_free(grouped));
    OK(lp_solution_free(solution));
    OK(lp_solution_free(again));
}

static void options(void) {
    lp_model *model = long_tail_model(20, NULL), *other = long_tail_model(20, "vs:gamma=0.2,tau=1");
    lp_solve_options how;
    lp_solution_info info;
    lp_solution *solution;
    lp_progress trace[3];
    lp_model_info about;
    int64_t count;

    memset(&how, 0, sizeof how);
    how.struct_size = sizeof how;
    how.method = "nuclear-norm";
    how.gap_tolerance = 1e-4;
    how.record_trace = 1;
    info.struct_size = sizeof info;
    about.struct_size = sizeof about;
    trace[0].struct_size = sizeof trace[0];
    OK(lp_solve(model, &how, NULL, &solution));
    OK(lp_solution_get_info(solution, &info));
    CHECK(info.status == LP_STATUS_OPTIMAL && !strcmp(info.method, "nuclear-norm") && info.gap_tolerance == 1e-4 && info.relative_gap <= 1e-4);
    OK(lp_solution_get_trace(solution, trace, 3, &count));
    CHECK(count == info.iterations && trace[1].iteration > trace[0].iteration && !strcmp(trace[1].method, "nuclear-norm") && trace[1].objective > 0);
    OK(lp_solution_free(solution));

    how.gap_tolerance = 1e-300;
    how.max_iterations = 3;
    how.record_trace = 0;
    OK(lp_solve(model, &how, NULL, &solution));
    OK(lp_solution_get_info(solution, &info));
    CHECK(info.status == LP_STATUS_ITERATION_LIMIT && info.iterations == 3 && info.lower_bound <= info.objective);
    OK(lp_solution_get_trace(solution, trace, 3, &count));
    CHECK(count == 0);
    OK(lp_solution_free(solution));

    OK(lp_model_get_info(other, &about));
    CHECK(!strncmp(about.loss, "vs", 2));
    OK(lp_solve(other, NULL, NULL, &solution));
    OK(lp_solution_get_info(solution, &info));
    CHECK(info.status == LP_STATUS_OPTIMAL);
    OK(lp_solution_free(solution));
    OK(lp_model_free(model));
    OK(lp_model_free(other));
}

static void penalties(void) {
    double counts[4] = {100, 100, 10, 10}, bias[4], complete, groups[2];
    lp_array view = lp_doubles(counts, 4, 1), out = lp_doubles(bias, 4, 1), each = lp_doubles(groups, 2, 1);
    lp_model_config config = {sizeof config, LP_PENALTIES, LP_FEATURE_NORM_DEFAULT, 0.005, 0.0005, LP_BIAS_PENALISED, 0, 0.01, "mse"};
    lp_model_info about;
    lp_solution_info info;
    lp_model *model;
    lp_solution *solution;

    about.struct_size = sizeof about;
    info.struct_size = sizeof info;
    config.loss = NULL;
    OK(lp_model_from_counts(&view, NULL, &config, &model));
    OK(lp_model_get_info(model, &about));
    CHECK(about.regulariser == LP_PENALTIES && about.feature_norm == LP_FEATURE_NORM_PER_SAMPLE && about.bias == LP_BIAS_PENALISED && about.bias_penalty == 0.01);
    OK(lp_penalty_thresholds(model, &complete, &each));
    CHECK(complete > 0 && groups[0] > 0);
    solution = solved(model);
    OK(lp_solution_get_info(solution, &info));
    CHECK(info.status == LP_STATUS_OPTIMAL && info.objective > info.loss);
    OK(lp_solution_get_matrix(solution, LP_BIAS, &out));
    NEAR(bias[0], bias[1], 1e-12);
    CHECK(bias[0] > bias[3]);
    OK(lp_solution_free(solution));
    OK(lp_model_free(model));
    config.bias = LP_BIAS_FREE;
    config.bias_penalty = 0;
    OK(lp_model_from_counts(&view, NULL, &config, &model));
    OK(lp_model_get_info(model, &about));
    CHECK(about.bias == LP_BIAS_FREE);
    OK(lp_model_free(model));
}

static void files(const char *folder) {
    char path[1024], archive[1024];
    const char *names[4] = {"cat", "dog", "bird", "\xc3\xa9lan"};
    double counts[4] = {100, 100, 10, 10}, w[16], read[16];
    lp_array view = lp_doubles(counts, 4, 1), out = lp_doubles(w, 4, 4), back = lp_doubles(read, 4, 4);
    lp_model_config config = {sizeof config, LP_BUDGETS, 0, 1, 5, 0, 0, 0, NULL};
    lp_save_options how = {sizeof how, names, 4, "four counts", 0, 0};
    lp_solution_info info, loaded;
    lp_verification_info verdict;
    lp_certificate certificate;
    lp_check checks[32];
    lp_model *model;
    lp_solution *solution, *file;
    lp_verification *verification;
    lp_text *text;
    const char *json;
    int64_t length, count, i;

    OK(lp_model_from_counts(&view, NULL, &config, &model));
    solution = solved(model);
    snprintf(path, sizeof path, "%s/solution.json", folder);
    OK(lp_solution_save(solution, path, &how));
    OK(lp_solution_to_json(solution, &how, &text));
    OK(lp_text_get(text, &json, &length));
    CHECK((int64_t)strlen(json) == length && strstr(json, "\"Optimal\"") && strstr(json, "\xc3\xa9lan") && strstr(json, "four counts"));
    OK(lp_text_free(text));

    info.struct_size = loaded.struct_size = sizeof info;
    OK(lp_solution_load(path, &file));
    OK(lp_solution_get_info(solution, &info));
    OK(lp_solution_get_info(file, &loaded));
    CHECK(loaded.is_loaded && loaded.objective == info.objective && loaded.multiplier == info.multiplier && loaded.iterations == -1 && isnan(loaded.seconds));
    OK(lp_solution_get_matrix(solution, LP_CLASSIFIER, &out));
    OK(lp_solution_get_matrix(file, LP_CLASSIFIER, &back));
    CHECK(!memcmp(w, read, sizeof w));
    FAILS(lp_solution_get_matrix(file, LP_LOGITS, &back), LP_ERROR_STATE, "InvalidOperationException", "Logits");
    FAILS(lp_solution_save(file, path, NULL), LP_ERROR_UNSUPPORTED, "NotSupportedException", "lp_convert");
    FAILS(lp_solution_to_json(file, NULL, &text), LP_ERROR_UNSUPPORTED, "NotSupportedException", "lp_convert");
    CHECK(text == NULL);
    FAILS(lp_solution_save(solution, "/no/such/folder/solution.json", NULL), LP_ERROR_IO, "DirectoryNotFoundException", "/no/such/folder");
    snprintf(archive, sizeof archive, "%s/solution.npz", folder);
    OK(lp_convert(path, archive));
    OK(lp_solution_free(file));
    OK(lp_solution_load(archive, &file));
    memset(read, 0, sizeof read);
    OK(lp_solution_get_matrix(file, LP_CLASSIFIER, &back));
    CHECK(!memcmp(w, read, sizeof w));
    FAILS(lp_convert(path, "solution.xml"), LP_ERROR_UNSUPPORTED, "NotSupportedException", "solution.xml");
    FAILS(lp_convert("/no/such/file.json", archive), LP_ERROR_IO, "DirectoryNotFoundException", "/no/such");
    FAILS(lp_solution_save(solution, "solution.xml", NULL), LP_ERROR_UNSUPPORTED, "NotSupportedException", "solution.xml");
    OK(lp_solution_free(file));
    FAILS(lp_solution_load("/no/such/file.json", &file), LP_ERROR_IO, "DirectoryNotFoundException", "/no/such");
    CHECK(file == NULL);

    verdict.struct_size = sizeof verdict;
    certificate.struct_size = sizeof certificate;
    checks[0].struct_size = sizeof checks[0];
    OK(lp_verify(path, &verification));
    OK(lp_verification_get_info(verification, &verdict));
    OK(lp_verification_get_certificate(verification, &certificate));
    OK(lp_verification_get_checks(verification, checks, 32, &count));
    CHECK(verdict.holds && verdict.certified && certificate.relative_gap <= 1e-10 && count > 5 && count <= 32);
    for (i = 0; i < count && i < 32; i++) {
        CHECK(checks[i].outcome == LP_CHECK_HOLDS && checks[i].name[0] && checks[i].detail[0]);
    }
    OK(lp_verification_free(verification));

    snprintf(path, sizeof path, "%s/broken.json", folder);
    {
        FILE *broken = fopen(path, "w");
        fputs("{\"formatVersion\": 2}", broken);
        fclose(broken);
    }
    FAILS(lp_verify(path, &verification), LP_ERROR_FORMAT, "SolutionFormatException", "");
    CHECK(verification == NULL);
    OK(lp_solution_free(solution));
    OK(lp_model_free(model));
}

static void targets(const char *folder) {
    char path[1024];
    /* A week: each day is followed by itself or its neighbours, columns are counts. */
    double table[49], w[49], h[49], z[49], values[21], totals[7];
    int64_t starts[8], indices[21], rows, cols, count;
    int32_t kept[7];
    lp_array dense = lp_doubles(table, 7, 7), begin = lp_view(starts, LP_INT64, 8, 1), index = lp_view(indices, LP_INT64, 21, 1), value = lp_doubles(values, 21, 1);
    lp_array classifier = lp_doubles(w, 7, 7), features = lp_doubles(h, 7, 7), logits = lp_doubles(z, 7, 7), which = lp_view(kept, LP_INT32, 7, 1), weight = lp_doubles(totals, 7, 1);
    lp_model_config config = {sizeof config, LP_BUDGETS, 0, 1, 2, 0, 0, 0, NULL};
    lp_model_info about;
    lp_solution_info info, same;
    lp_target_diagnosis diagnosis;
    lp_model *model, *sparse;
    lp_solution *solution, *other, *optimum;
    int i, j;

    memset(table, 0, sizeof table);
    for (j = 0; j < 7; j++) {
        int days[3], sorted = 0, k;
        days[0] = (j + 6) % 7;
        days[1] = j;
        days[2] = (j + 1) % 7;
        totals[j] = 10;
        for (k = 0; k < 3; k++) {
            table[7 * days[k] + j] = k == 1 ? 6 : 2;
        }
        starts[j] = 3 * j;
        for (i = 0; i < 7; i++) {
            if (table[7 * i + j] > 0) {
                indices[3 * j + sorted] = i;
                values[3 * j + sorted++] = table[7 * i + j];
            }
        }
    }
    starts[7] = 21;
    OK(lp_model_from_targets(&dense, NULL, &config, &model));
    OK(lp_model_from_sparse_targets(LP_CSC, 7, 7, &begin, &index, &value, &weight, &config, &sparse));
    about.struct_size = sizeof about;
    OK(lp_model_get_info(model, &about));
    CHECK(about.kind == LP_MODEL_TARGETS && about.classes == 7 && about.columns == 7 && about.are_counts && about.given_contexts == 7);
    NEAR(about.entropy_floor, -(0.6 * log(0.6) + 0.4 * log(0.2)), 1e-12);
    OK(lp_model_get_index(model, &which));
    CHECK(kept[6] == 6);
    solution = solved(model);
    other = solved(sparse);
    info.struct_size = same.struct_size = sizeof info;
    OK(lp_solution_get_info(solution, &info));
    OK(lp_solution_get_info(other, &same));
    CHECK(info.status == LP_STATUS_OPTIMAL && info.model_kind == LP_MODEL_TARGETS && info.objective == same.objective && info.excess > 0);
    NEAR(info.objective, info.entropy_floor + info.excess, 1e-15);
    OK(lp_solution_get_groups(solution, NULL, 0, &count));
    CHECK(count == 0);
    OK(lp_solution_get_shape(solution, LP_COLLAPSE_RATIOS, &rows, &cols));
    CHECK(rows == 0);
    OK(lp_solution_get_matrix(solution, LP_CLASSIFIER, &classifier));
    OK(lp_solution_get_matrix(solution, LP_FEATURES, &features));
    snprintf(path, sizeof path, "%s/targets.npz", folder);
    OK(lp_solution_save(solution, path, NULL));
    FAILS(lp_solution_load(path, &optimum), LP_ERROR_FORMAT, "SolutionFormatException", "solution.json");
    snprintf(path, sizeof path, "%s/targets.json", folder);
    FAILS(lp_solution_save(solution, path, NULL), LP_ERROR_UNSUPPORTED, "NotSupportedException", ".npz");
    OK(lp_solution_get_matrix(solution, LP_LOGITS, &logits));
    diagnosis.struct_size = sizeof diagnosis;
    OK(lp_diagnose_targets(model, &classifier, &features, NULL, NULL, &diagnosis, &optimum));
    NEAR(diagnosis.share_gained, 1, 1e-8);
    NEAR(diagnosis.excess, info.excess, 1e-10);
    NEAR(diagnosis.classifier_budget, 1, 1e-10);
    CHECK(optimum != NULL);
    OK(lp_solution_free(optimum));
    OK(lp_diagnose_targets(model, &classifier, &features, NULL, NULL, &diagnosis, NULL));
    OK(lp_solution_free(solution));
    OK(lp_solution_free(other));
    OK(lp_model_free(model));
    OK(lp_model_free(sparse));
}

int main(int argc, char **argv) {
    const char *folder = argc > 1 ? argv[1] : ".";
    two_groups();
    options();
    penalties();
    files(folder);
    targets(folder);
    return checked();
}
