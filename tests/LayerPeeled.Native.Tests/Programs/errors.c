/* Wrong arguments, handles and struct sizes: each is refused with its name, and nothing breaks. */
#include "check.h"

/* The options as an older header might have had them: up to time_limit. */
typedef struct {
    size_t struct_size;
    const char *method;
    double gap_tolerance;
} older_options;

typedef struct {
    size_t struct_size;
    int32_t status;
    int32_t model_kind;
} older_info;

/* And as a newer one might. */
typedef struct {
    lp_solve_options known;
    int64_t unknown;
} newer_options;

typedef struct {
    lp_solution_info known;
    double unknown;
} newer_info;

static int32_t stop_at_once(const lp_progress *progress, void *user) {
    (void)progress;
    ++*(int *)user;
    return 1;
}

int main(void) {
    double counts[4] = {100, 100, 10, 10}, few[1] = {1}, values[16];
    lp_array view = lp_doubles(counts, 4, 1), out = lp_doubles(values, 4, 4), wrong;
    lp_model_config config = {sizeof config, LP_BUDGETS, 0, 1, 5, 0, 0, 0, NULL};
    lp_solve_options options;
    older_options older = {sizeof older, "auto", 1e-6};
    older_info shorter;
    newer_options newer;
    newer_info longer;
    lp_solution_info info;
    lp_certificate certificate;
    lp_model *model = NULL, *freed;
    lp_solution *solution = NULL;
    lp_token *token;
    lp_text *text;
    lp_control control = {sizeof control, stop_at_once, NULL, NULL};
    const char *names;
    int64_t length;
    int32_t threads, calls = 0, cancelled;

    CHECK(lp_last_error()[0] == 0 && lp_last_error_kind()[0] == 0);
    CHECK(lp_abi_version() == LP_ABI_VERSION && strchr(lp_version(), '.'));
    memset(&options, 0, sizeof options);
    options.struct_size = sizeof options;

    /* Models. */
    FAILS(lp_model_from_counts(NULL, NULL, &config, &model), LP_ERROR_ARGUMENT, "ArgumentNullException", "counts");
    FAILS(lp_model_from_counts(&view, NULL, NULL, &model), LP_ERROR_ARGUMENT, "ArgumentNullException", "config");
    FAILS(lp_model_from_counts(&view, NULL, &config, NULL), LP_ERROR_ARGUMENT, "ArgumentNullException", "out");
    wrong = lp_doubles(few, 1, 1);
    FAILS(lp_model_from_counts(&wrong, NULL, &config, &model), LP_ERROR_ARGUMENT, "ArgumentException", "at least 2 classes");
    wrong = lp_doubles(NULL, 4, 1);
    FAILS(lp_model_from_counts(&wrong, NULL, &config, &model), LP_ERROR_ARGUMENT, "ArgumentException", "NULL");
    wrong = lp_doubles(counts, 2, 2);
    FAILS(lp_model_from_counts(&wrong, NULL, &config, &model), LP_ERROR_ARGUMENT, "ArgumentException", "2\xc3\x97" "2");
    wrong = lp_view(counts, 7, 4, 1);
    FAILS(lp_model_from_counts(&wrong, NULL, &config, &model), LP_ERROR_ARGUMENT, "ArgumentException", "dtype is 7");
    wrong = lp_doubles(counts, -4, 1);
    FAILS(lp_model_from_counts(&wrong, NULL, &config, &model), LP_ERROR_ARGUMENT, "ArgumentException", "negative");
    wrong = view;
    wrong.struct_size = 0;
    FAILS(lp_model_from_counts(&wrong, NULL, &config, &model), LP_ERROR_ARGUMENT, "ArgumentException", "sizeof(lp_array)");
    counts[2] = -1;
    FAILS(lp_model_from_counts(&view, NULL, &config, &model), LP_ERROR_ARGUMENT, "ArgumentException", "-1");
    counts[2] = NAN;
    CHECK(lp_model_from_counts(&view, NULL, &config, &model) == LP_ERROR_ARGUMENT);
    counts[2] = 10;
    FAILS(lp_model_from_groups(&view, &view, NULL, &config, &model), LP_ERROR_ARGUMENT, "ArgumentException", "multiplicities");
    config.classifier = -1;
    FAILS(lp_model_from_counts(&view, NULL, &config, &model), LP_ERROR_RANGE, "ArgumentOutOfRangeException", "classifierBudget");
    config.classifier = 1;
    config.loss = "vs:gamma=seven";
    FAILS(lp_model_from_counts(&view, NULL, &config, &model), LP_ERROR_ARGUMENT, "ArgumentException", "seven");
    config.loss = "\xff\xfe";
    FAILS(lp_model_from_counts(&view, NULL, &config, &model), LP_ERROR_ARGUMENT, "ArgumentException", "UTF-8");
    config.loss = NULL;
    config.bias = LP_BIAS_FREE;
    FAILS(lp_model_from_counts(&view, NULL, &config, &model), LP_ERROR_ARGUMENT, "ArgumentException", "bias");
    config.bias = LP_BIAS_NONE;
    config.regulariser = 9;
    FAILS(lp_model_from_counts(&view, NULL, &config, &model), LP_ERROR_RANGE, "ArgumentOutOfRangeException", "regulariser");
    config.regulariser = LP_BUDGETS;
    config.feature_dimension = -2;
    FAILS(lp_model_from_counts(&view, NULL, &config, &model), LP_ERROR_RANGE, "ArgumentOutOfRangeException", "featureDimension");
    config.feature_dimension = 0;
    CHECK(model == NULL);

    /* Handles. */
    OK(lp_model_from_counts(&view, NULL, &config, &model));
    freed = model;
    OK(lp_model_free(model));
    FAILS(lp_model_free(freed), LP_ERROR_ARGUMENT, "ArgumentException", "freed");
    FAILS(lp_solve(freed, NULL, NULL, &solution), LP_ERROR_ARGUMENT, "ArgumentException", "freed");
    FAILS(lp_solve(NULL, NULL, NULL, &solution), LP_ERROR_ARGUMENT, "ArgumentNullException", "model");
    FAILS(lp_solve((lp_model *)&view, NULL, NULL, &solution), LP_ERROR_ARGUMENT, "ArgumentException", "handle");
    OK(lp_model_free(NULL));
    OK(lp_model_from_counts(&view, NULL, &config, &model));
    FAILS(lp_solution_free((lp_solution *)model), LP_ERROR_ARGUMENT, "ArgumentException", "lp_solution");

    /* Options. */
    options.method = "no-such-method";
    FAILS(lp_solve(model, &options, NULL, &solution), LP_ERROR_ARGUMENT, "ArgumentException", "no-such-method");
    options.method = NULL;
    options.gap_tolerance = 2;
    FAILS(lp_solve(model, &options, NULL, &solution), LP_ERROR_RANGE, "ArgumentOutOfRangeException", "RelativeGapTolerance");
    options.gap_tolerance = 0;
    options.time_limit = -1;
    FAILS(lp_solve(model, &options, NULL, &solution), LP_ERROR_RANGE, "ArgumentOutOfRangeException", "time_limit");
    options.time_limit = 0;
    options.memory = 1;
    options.method = "sdp";
    FAILS(lp_solve(model, &options, NULL, &solution), LP_ERROR_ARGUMENT, "ArgumentException", "");
    CHECK(solution == NULL);
    FAILS(lp_set_threads(0), LP_ERROR_RANGE, "ArgumentOutOfRangeException", "value");
    OK(lp_get_threads(&threads));
    OK(lp_set_threads(threads));
    FAILS(lp_use_linear_algebra("abacus"), LP_ERROR_ARGUMENT, "ArgumentException", "abacus");
    FAILS(lp_names(99, &text), LP_ERROR_RANGE, "ArgumentOutOfRangeException", "which");
    OK(lp_names(LP_NAMES_METHODS, &text));
    OK(lp_text_get(text, &names, &length));
    CHECK(strstr(names, "reduced") && (int64_t)strlen(names) == length);
    OK(lp_text_free(text));

    /* Structs of an older and of a newer header. */
    OK(lp_solve(model, (const lp_solve_options *)&older, NULL, &solution));
    info.struct_size = sizeof info;
    OK(lp_solution_get_info(solution, &info));
    CHECK(info.gap_tolerance == 1e-6 && info.status == LP_STATUS_OPTIMAL);
    memset(&shorter, 0, sizeof shorter);
    shorter.struct_size = sizeof shorter;
    shorter.status = 77;
    OK(lp_solution_get_info(solution, (lp_solution_info *)&shorter));
    CHECK(shorter.status == LP_STATUS_OPTIMAL && shorter.struct_size == sizeof shorter);
    memset(&longer, 1, sizeof longer);
    longer.known.struct_size = sizeof longer;
    OK(lp_solution_get_info(solution, &longer.known));
    CHECK(longer.unknown == 0 && longer.known.objective == info.objective && longer.known.struct_size == sizeof longer);
    memset(&newer, 0, sizeof newer);
    newer.known.struct_size = sizeof newer;
    OK(lp_solution_free(solution));
    OK(lp_solve(model, &newer.known, NULL, &solution));
    OK(lp_solution_free(solution));
    newer.unknown = 1;
    FAILS(lp_solve(model, &newer.known, NULL, &solution), LP_ERROR_UNSUPPORTED, "NotSupportedException", "newer library");
    options.struct_size = 3;
    FAILS(lp_solve(model, &options, NULL, &solution), LP_ERROR_ARGUMENT, "ArgumentException", "struct_size is 3");
    options.struct_size = (size_t)-1;
    FAILS(lp_solve(model, &options, NULL, &solution), LP_ERROR_ARGUMENT, "ArgumentException", "sizeof(lp_solve_options)");
    CHECK(solution == NULL);

    /* What is read of a solution. */
    OK(lp_solve(model, NULL, NULL, &solution));
    info.struct_size = 0;
    FAILS(lp_solution_get_info(solution, &info), LP_ERROR_ARGUMENT, "ArgumentException", "sizeof(lp_solution_info)");
    FAILS(lp_solution_get_info(solution, NULL), LP_ERROR_ARGUMENT, "ArgumentNullException", "info");
    wrong = lp_doubles(values, 2, 2);
    FAILS(lp_solution_get_matrix(solution, LP_CLASSIFIER, &wrong), LP_ERROR_ARGUMENT, "ArgumentException", "4\xc3\x97" "4 is expected");
    wrong = lp_view(values, LP_INT64, 4, 4);
    FAILS(lp_solution_get_matrix(solution, LP_CLASSIFIER, &wrong), LP_ERROR_ARGUMENT, "ArgumentException", "dtype");
    FAILS(lp_solution_get_matrix(solution, 99, &out), LP_ERROR_RANGE, "ArgumentOutOfRangeException", "which");
    FAILS(lp_solution_get_matrix(solution, LP_BIAS, &out), LP_ERROR_STATE, "InvalidOperationException", "Bias");
    FAILS(lp_solution_get_groups(solution, NULL, 3, &length), LP_ERROR_ARGUMENT, "ArgumentNullException", "rows");
    FAILS(lp_solution_get_groups(solution, NULL, -1, &length), LP_ERROR_RANGE, "ArgumentOutOfRangeException", "capacity");
    certificate.struct_size = sizeof certificate;
    wrong = lp_doubles(values, 3, 4);
    OK(lp_solution_get_matrix(solution, LP_CLASSIFIER, &out));
    CHECK(lp_certify(model, &wrong, &out, NULL, &certificate) == LP_ERROR_ARGUMENT);
    OK(lp_solution_free(solution));

    /* Progress that cancels at once, and a token that is cancelled before. */
    control.user = &calls;
    OK(lp_solve(model, NULL, &control, &solution));
    OK(lp_solution_free(solution));
    CHECK(calls >= 1);
    OK(lp_token_create(&token));
    OK(lp_token_is_cancelled(token, &cancelled));
    CHECK(!cancelled);
    OK(lp_token_cancel(token));
    OK(lp_token_is_cancelled(token, &cancelled));
    CHECK(cancelled);
    control.progress = NULL;
    control.token = token;
    OK(lp_solve(model, NULL, &control, &solution));
    info.struct_size = sizeof info;
    OK(lp_solution_get_info(solution, &info));
    CHECK(info.lower_bound <= info.objective);
    OK(lp_solution_free(solution));
    OK(lp_token_free(token));
    control.token = (lp_token *)model;
    FAILS(lp_solve(model, NULL, &control, &solution), LP_ERROR_ARGUMENT, "ArgumentException", "lp_token");
    OK(lp_model_free(model));
    return checked();
}
