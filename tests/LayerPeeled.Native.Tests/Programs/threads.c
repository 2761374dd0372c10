/* Several threads at once: each has its own last error; two solve, one of them is cancelled from a third. */
#define _POSIX_C_SOURCE 200809L
#include "check.h"
#include <pthread.h>
#include <time.h>

enum { CLASSES = 150 };

static double counts[CLASSES];
static lp_model *model;
static lp_token *token;
static volatile int begun;

typedef struct {
    int32_t code;
    lp_solution *solution;
} job;

static int32_t note(const lp_progress *progress, void *user) {
    (void)user;
    begun = progress->iteration + 1;
    return 0;
}

static void *endless(void *argument) {
    job *mine = (job *)argument;
    lp_solve_options options;
    lp_control control = {sizeof control, note, NULL, NULL};
    memset(&options, 0, sizeof options);
    options.struct_size = sizeof options;
    /* A method that takes many iterations to a gap that it never reaches. */
    options.method = "frank-wolfe";
    options.gap_tolerance = 1e-300;
    options.stationarity_tolerance = 1e-300;
    options.max_iterations = 100000000;
    control.token = token;
    mine->code = lp_solve(model, &options, &control, &mine->solution);
    return NULL;
}

static void *plain(void *argument) {
    job *mine = (job *)argument;
    mine->code = lp_solve(model, NULL, NULL, &mine->solution);
    return NULL;
}

static void *mistake(void *name) {
    lp_solve_options options;
    lp_solution *solution;
    char expected[64];
    int i;
    memset(&options, 0, sizeof options);
    options.struct_size = sizeof options;
    options.method = (const char *)name;
    snprintf(expected, sizeof expected, "'%s'", (const char *)name);
    for (i = 0; i < 200; i++) {
        if (lp_solve(model, &options, NULL, &solution) != LP_ERROR_ARGUMENT || !strstr(lp_last_error(), expected)) {
            return name;
        }
    }
    return NULL;
}

int main(void) {
    job stopped = {-1, NULL}, finished = {-1, NULL}, twin = {-1, NULL};
    char names[2][8] = {"one", "another"};
    lp_array view = lp_doubles(counts, CLASSES, 1);
    lp_model_config config = {sizeof config, LP_BUDGETS, 0, 1, 5, 0, 0, 0, NULL};
    lp_solution_info info, other;
    pthread_t first, second, third;
    void *failed;
    struct timespec moment = {0, 1000000};

    OK(lp_long_tail(500, 100, &view));
    OK(lp_model_from_counts(&view, NULL, &config, &model));
    OK(lp_token_create(&token));
    pthread_create(&first, NULL, endless, &stopped);
    pthread_create(&second, NULL, plain, &finished);
    while (!begun) {
        nanosleep(&moment, NULL);
    }
    OK(lp_token_cancel(token));
    pthread_join(first, NULL);
    pthread_create(&third, NULL, plain, &twin);
    pthread_join(second, NULL);
    pthread_join(third, NULL);
    CHECK(stopped.code == LP_OK && finished.code == LP_OK && twin.code == LP_OK);
    info.struct_size = other.struct_size = sizeof info;
    OK(lp_solution_get_info(stopped.solution, &info));
    CHECK(info.status == LP_STATUS_CANCELLED && info.lower_bound <= info.objective);
    OK(lp_solution_get_info(finished.solution, &info));
    OK(lp_solution_get_info(twin.solution, &other));
    CHECK(info.status == LP_STATUS_OPTIMAL && other.objective == info.objective && other.lower_bound == info.lower_bound);

    pthread_create(&first, NULL, mistake, names[0]);
    pthread_create(&second, NULL, mistake, names[1]);
    pthread_join(first, &failed);
    CHECK(failed == NULL);
    pthread_join(second, &failed);
    CHECK(failed == NULL);
    CHECK(lp_last_error()[0] == 0);

    OK(lp_solution_free(stopped.solution));
    OK(lp_solution_free(finished.solution));
    OK(lp_solution_free(twin.solution));
    OK(lp_token_free(token));
    OK(lp_model_free(model));
    return checked();
}
