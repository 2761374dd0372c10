/* Checks of the test programs: a failure says where, and makes the program end with 1. */
#ifndef CHECK_H
#define CHECK_H

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "layerpeeled.h"

static int failures;

#define CHECK(condition)                                                                                    \
    do {                                                                                                    \
        if (!(condition)) {                                                                                 \
            failures++;                                                                                     \
            printf("%s:%d: %s; last error: %s\n", __FILE__, __LINE__, #condition, lp_last_error());         \
        }                                                                                                   \
    } while (0)

#define OK(call) CHECK((call) == LP_OK)

#define NEAR(actual, expected, tolerance)                                                                   \
    do {                                                                                                    \
        double a_ = (actual), e_ = (expected);                                                              \
        if (!(fabs(a_ - e_) <= (tolerance) * fmax(1, fabs(e_)))) {                                          \
            failures++;                                                                                     \
            printf("%s:%d: %s is %.17g, expected %.17g\n", __FILE__, __LINE__, #actual, a_, e_);            \
        }                                                                                                   \
    } while (0)

/* The call fails with this code, this kind of exception and a message that holds this text. */
#define FAILS(call, code, kind, text)                                                                       \
    do {                                                                                                    \
        int32_t c_ = (call);                                                                                \
        if (c_ != (code) || strcmp(lp_last_error_kind(), kind) || !strstr(lp_last_error(), text)) {         \
            failures++;                                                                                     \
            printf("%s:%d: %s gave %d, %s: %s\n", __FILE__, __LINE__, #call, c_, lp_last_error_kind(), lp_last_error()); \
        }                                                                                                   \
    } while (0)

static int checked(void) {
    if (failures) {
        printf("%d checks failed\n", failures);
        return 1;
    }
    printf("all checks hold\n");
    return 0;
}

#endif
