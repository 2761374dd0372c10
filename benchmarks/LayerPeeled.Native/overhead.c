/* What calls cost: cc -std=gnu99 -O2 -Iartifacts/native/include overhead.c -Lartifacts/native/lib -llayerpeeled */
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#include "layerpeeled.h"

static double now(void) {
    struct timespec time;
    clock_gettime(CLOCK_MONOTONIC, &time);
    return 1e6 * time.tv_sec + 1e-3 * time.tv_nsec;
}

static int ascending(const void *a, const void *b) {
    return (*(const double *)a > *(const double *)b) - (*(const double *)a < *(const double *)b);
}

/* Prints the median time of a call in microseconds, over 501 samples of several calls each. */
#define TIME(title, calls, call)                              \
    do {                                                      \
        for (int s_ = 0; s_ < 501; s_++) {                    \
            double start_ = now();                            \
            for (int c_ = 0; c_ < (calls); c_++) {            \
                if (call) {                                   \
                    printf("%s\n", lp_last_error());          \
                    return 1;                                 \
                }                                             \
            }                                                 \
            samples[s_] = (now() - start_) / (calls);         \
        }                                                     \
        qsort(samples, 501, sizeof *samples, ascending);      \
        printf("%-28s %9.3f µs\n", title, samples[250]);      \
    } while (0)

int main(void) {
    static double samples[501];
    double counts[10] = {1000, 1000, 1000, 1000, 1000, 10, 10, 10, 10, 10}, start = now();
    lp_array view = lp_doubles(counts, 10, 1);
    lp_model_config config = {sizeof config, LP_BUDGETS, 0, 1, 5, 0, 0, 0, NULL};
    lp_model_info about = {.struct_size = sizeof about};
    lp_solution_info info = {.struct_size = sizeof info};
    lp_model *model;
    lp_solution *solution;

    lp_abi_version();
    printf("%-28s %9.3f µs\n", "first call", now() - start);
    start = now();
    if (lp_model_from_counts(&view, NULL, &config, &model) || lp_solve(model, NULL, NULL, &solution)) {
        printf("%s\n", lp_last_error());
        return 1;
    }
    printf("%-28s %9.3f µs\n", "first model and solve", now() - start);
    TIME("lp_abi_version", 1000, lp_abi_version() != LP_ABI_VERSION);
    TIME("lp_model_get_info", 1000, lp_model_get_info(model, &about));
    TIME("lp_solution_get_info", 1000, lp_solution_get_info(solution, &info));
    TIME("model, solve and free", 1, lp_solution_free(solution) || lp_model_free(model) || lp_model_from_counts(&view, NULL, &config, &model) || lp_solve(model, NULL, NULL, &solution));
    lp_solution_free(solution);
    lp_model_free(model);
    return 0;
}
