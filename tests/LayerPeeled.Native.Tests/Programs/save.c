/* Solves with the counts of a comma list, E_W = 1 and E_H = 5, and saves the solution. Arguments: the file, the counts. */
#include "check.h"

int main(int argc, char **argv) {
    double counts[1000];
    int64_t classes = 0;
    char *at = argc == 3 ? argv[2] : NULL;
    lp_array view;
    lp_model_config config = {sizeof config, LP_BUDGETS, 0, 1, 5, 0, 0, 0, NULL};
    lp_model *model;
    lp_solution *solution;

    while (at && *at && classes < 1000) {
        counts[classes++] = strtod(at, &at);
        at += *at == ',';
    }
    view = lp_doubles(counts, classes, 1);
    OK(lp_model_from_counts(&view, NULL, &config, &model));
    OK(lp_solve(model, NULL, NULL, &solution));
    OK(lp_solution_save(solution, argv[1], NULL));
    OK(lp_solution_free(solution));
    OK(lp_model_free(model));
    return checked();
}
