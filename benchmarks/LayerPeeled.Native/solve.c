/* Processor time of a solve of a long tail. Arguments: the classes, the relative gap. cc -std=gnu99 -O2 -Iartifacts/native/include solve.c -Lartifacts/native/lib -llayerpeeled */
#include <stdio.h>
#include <stdlib.h>
#include <sys/resource.h>

#include "layerpeeled.h"

static double processor_seconds(void) {
    struct rusage usage;
    getrusage(RUSAGE_SELF, &usage);
    return (double)usage.ru_utime.tv_sec + 1e-6 * (double)usage.ru_utime.tv_usec;
}

int main(int argc, char **argv) {
    int64_t classes = argc == 3 ? atoi(argv[1]) : 1000;
    double *counts = malloc((size_t)classes * sizeof *counts);
    lp_array view = lp_doubles(counts, classes, 1);
    lp_model_config config = {sizeof config, LP_BUDGETS, 0, 1, 5, 0, 0, 0, NULL};
    lp_solve_options options = {.struct_size = sizeof options, .gap_tolerance = argc == 3 ? atof(argv[2]) : 1e-3};
    lp_solution_info info = {.struct_size = sizeof info};
    lp_model *model;
    lp_solution *solution;
    double start = processor_seconds();

    if (lp_long_tail(100000, 100, &view) || lp_model_from_counts(&view, NULL, &config, &model) || lp_solve(model, &options, NULL, &solution)
        || lp_solution_get_info(solution, &info)) {
        printf("%s\n", lp_last_error());
        return 1;
    }
    printf("status %d, %d iterations, relative gap %.1e: %.2f s of processor time\n", info.status, info.iterations, info.relative_gap, processor_seconds() - start);
    lp_solution_free(solution);
    lp_model_free(model);
    free(counts);
    return 0;
}
