/* What is freed is freed: after a thousand solves three thousand more take no more memory. Features are read where they are: measuring 100 MB of them, in C or in Fortran
 * order, takes far less than another 100 MB. */
#include "check.h"

enum { WARM_UP = 1000, CYCLES = 3000, ALLOWED_KIB = 16384, EXAMPLES = 50000, DIMENSION = 512, MEASURING_KIB = 65536 };

/* VmRSS, or the most that it has been, VmHWM. */
static long kib_of(const char *field) {
    char line[256];
    long kib = 0;
    FILE *status = fopen("/proc/self/status", "r");
    while (fgets(line, sizeof line, status)) {
        if (!strncmp(line, field, 5)) {
            kib = strtol(line + 6, NULL, 10);
        }
    }
    fclose(status);
    return kib;
}

static void measuring(void) {
    float *features = (float *)malloc(sizeof(float) * EXAMPLES * DIMENSION);
    int32_t *labels = (int32_t *)malloc(sizeof(int32_t) * EXAMPLES);
    lp_array rows = lp_floats(features, EXAMPLES, DIMENSION), of = lp_view(labels, LP_INT32, EXAMPLES, 1);
    lp_network network = {sizeof network, NULL, NULL, NULL, NULL, NULL, NULL};
    lp_metrics metrics;
    long before;
    int i, order;

    for (i = 0; i < EXAMPLES * DIMENSION; i++) {
        features[i] = (float)(i * 2654435761u >> 8) / 16777216;
    }
    for (i = 0; i < EXAMPLES; i++) {
        labels[i] = i % 10;
    }
    network.features = &rows;
    network.labels = &of;
    metrics.struct_size = sizeof metrics;
    before = kib_of("VmHWM");
    for (order = 0; order < 2; order++) {
        lp_measurement *measurement;
        OK(lp_measure(&network, NULL, NULL, &measurement));
        OK(lp_measurement_get_metrics(measurement, &metrics));
        CHECK(metrics.samples == EXAMPLES && metrics.dimension == DIMENSION && metrics.classes == 10 && metrics.nc1_trace_ratio > 0);
        OK(lp_measurement_free(measurement));
        rows.row_stride = sizeof(float);
        rows.col_stride = EXAMPLES * sizeof(float);
    }
    if (kib_of("VmHWM") - before > MEASURING_KIB) {
        printf("%ld KiB became %ld\n", before, kib_of("VmHWM"));
    }
    CHECK(kib_of("VmHWM") - before <= MEASURING_KIB);
    free(features);
    free(labels);
}

int main(void) {
    double counts[10] = {1000, 1000, 1000, 1000, 1000, 10, 10, 10, 10, 10}, matrix[100];
    lp_array view = lp_doubles(counts, 10, 1), out = lp_doubles(matrix, 10, 10);
    lp_model_config config = {sizeof config, LP_BUDGETS, 0, 1, 5, 0, 0, 0, NULL};
    lp_solution_info info;
    long before = 0, after;
    int i;

    info.struct_size = sizeof info;
    for (i = 0; i < WARM_UP + CYCLES; i++) {
        lp_model *model;
        lp_solution *solution;
        lp_text *text;
        if (i == WARM_UP) {
            before = kib_of("VmRSS");
        }
        OK(lp_model_from_counts(&view, NULL, &config, &model));
        OK(lp_solve(model, NULL, NULL, &solution));
        OK(lp_solution_get_info(solution, &info));
        OK(lp_solution_get_matrix(solution, LP_LOGITS, &out));
        OK(lp_solution_to_json(solution, NULL, &text));
        OK(lp_text_free(text));
        OK(lp_solution_free(solution));
        CHECK(lp_solution_free(solution) == LP_ERROR_ARGUMENT);
        OK(lp_model_free(model));
    }
    after = kib_of("VmRSS");
    if (after - before > ALLOWED_KIB) {
        printf("%ld KiB became %ld\n", before, after);
    }
    CHECK(after - before <= ALLOWED_KIB);
    measuring();
    return checked();
}
