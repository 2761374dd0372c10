/*
 * The Layer-Peeled Model from C: certified optima of
 *
 *     minimise  sum_k omega_k * L(W h_k, k)   over W (K x p) and H (p x K)
 *     subject to  |W|_F^2 / K <= E_W  and  |H|_F^2 / K <= E_H
 *
 * (Fang, He, Long, Su, PNAS 2021), of its relatives with penalties, other losses and soft targets, and what goes with them: thresholds, sweeps, mitigation,
 * metrics and diagnosis of trained networks. The library is liblayerpeeled.so; docs/how-to-c.md shows its use.
 *
 * CONVENTIONS
 *
 * Errors.    Every function returns one of the LP_OK, LP_ERROR_... codes, but for those few that return a value and cannot fail. After an error
 *            lp_last_error() has the message, which names the argument, its value and what is allowed. On an error nothing is written to outputs, handles
 *            stay as they were, and an output handle is set to NULL.
 * Structs.   Every struct that crosses the border by pointer begins with struct_size, which the caller sets to sizeof of the struct that it was compiled with:
 *                lp_solve_options options = {sizeof options};            (all other fields zero: their defaults)
 *            Later versions add fields at the end. An older, shorter struct stays valid: missing fields are zero, which always means the default, and
 *            missing outputs are not written. A longer one, of a newer header, is taken if what the library does not know is zero
 *            (LP_ERROR_UNSUPPORTED otherwise); unknown outputs become zero. Structs inside another struct that have no struct_size never change.
 * Handles.   lp_model, lp_solution and so on are opaque. Each is freed by the function lp_..._free of its type; NULL may be freed. They are independent: a
 *            model may be freed before a solution of it. A handle that was freed, or is of another type, is refused with LP_ERROR_ARGUMENT.
 * Strings.   UTF-8, zero-terminated. const char * fields of results belong to the handle that they were asked of, until it is freed; none is NULL.
 * Rows.      Functions that hand out several structs take (rows, capacity, count): they write the first of them, at most capacity, and set *count
 *            to how many there are (count may be NULL). rows may be NULL where capacity is 0. The caller sets struct_size in rows[0] alone; it is the distance
 *            from one row to the next, and the library sets it in the others.
 * Threads.   All functions may be called from any thread. One handle may be used by several threads at once, as long as none frees it meanwhile.
 * Enums.     All are int32_t with the constants below; 0 is the default.
 * Missing.   A number that is undefined or does not apply is NaN (cosines of a single class, a gap before the first certificate).
 * Units.     Losses in nats, averaged over the examples (or contexts). Times in seconds. Norms are Euclidean, norm2 is a squared norm. Indices begin at 0.
 */
#ifndef LAYERPEELED_H
#define LAYERPEELED_H

#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

/* Version of this interface. A library of a larger one serves programs compiled for a smaller one. */
#define LP_ABI_VERSION 1

/* ---------------------------------------------------------------- errors -- */

enum {
    LP_OK = 0,
    LP_ERROR_ARGUMENT = 1,     /* an argument is NULL, malformed, or does not fit the others (ArgumentException) */
    LP_ERROR_RANGE = 2,        /* a number is outside what is allowed (ArgumentOutOfRangeException) */
    LP_ERROR_MEMORY = 3,       /* there is not enough memory (OutOfMemoryException) */
    LP_ERROR_CANCELLED = 4,    /* cancelled with nothing to hand out; a cancelled solve returns LP_OK with LP_STATUS_CANCELLED */
    LP_ERROR_UNSUPPORTED = 5,  /* not for this model, this handle or this processor (NotSupportedException) */
    LP_ERROR_IO = 6,           /* a file cannot be opened, read or written */
    LP_ERROR_FORMAT = 7,       /* a file or a text is not what it should be (FormatException and its kinds) */
    LP_ERROR_NUMERICAL = 8,    /* a decomposition failed */
    LP_ERROR_STATE = 9,        /* not possible at this point, such as W of a solution that needs more than p dimensions (InvalidOperationException) */
    LP_ERROR_INTERNAL = 10     /* anything else: a defect of the library */
};

/* Message of the last error on this thread, "" if there was none: the text of the library's exception. Valid until the next error on this thread. */
const char *lp_last_error(void);

/* Name of that exception, such as "ArgumentOutOfRangeException"; "" if there was no error. */
const char *lp_last_error_kind(void);

/* Version of the library, such as "0.1.0". */
const char *lp_version(void);

/* The LP_ABI_VERSION of the library. */
int32_t lp_abi_version(void);

/* ---------------------------------------------------------------- arrays -- */

enum {
    LP_FLOAT64 = 0,
    LP_FLOAT32 = 1,
    LP_INT64 = 2,
    LP_INT32 = 3
};

/*
 * A view of a matrix or vector in the caller's memory: element (i, j) is at (char *)data + i * row_stride + j * col_stride. Strides are in bytes and may be
 * negative or zero; both zero mean that rows lie one after another without gaps (C order). A vector of length n is n x 1 or 1 x n. Inputs are never changed.
 * Inputs of numbers take all four types, outputs LP_FLOAT64 and LP_FLOAT32 (rounded), labels and indices the integer types.
 */
typedef struct lp_array {
    size_t struct_size;
    void *data;
    int32_t dtype;
    int32_t reserved;     /* 0 */
    int64_t rows;
    int64_t cols;
    int64_t row_stride;
    int64_t col_stride;
} lp_array;

/* Views of memory in C order; the last argument is the number of columns, 1 for a vector. */
static inline lp_array lp_view(const void *data, int32_t dtype, int64_t rows, int64_t cols) {
    lp_array view;
    view.struct_size = sizeof view;
    view.data = (void *)data;
    view.dtype = dtype;
    view.reserved = 0;
    view.rows = rows;
    view.cols = cols;
    view.row_stride = 0;
    view.col_stride = 0;
    return view;
}

static inline lp_array lp_doubles(const double *data, int64_t rows, int64_t cols) { return lp_view(data, LP_FLOAT64, rows, cols); }
static inline lp_array lp_floats(const float *data, int64_t rows, int64_t cols) { return lp_view(data, LP_FLOAT32, rows, cols); }

/* ----------------------------------------------------------------- texts -- */

/* A text that the library made. */
typedef struct lp_text lp_text;

/* *data is zero-terminated and valid until the text is freed; *length (may be NULL) counts bytes without the zero. */
int32_t lp_text_get(const lp_text *text, const char **data, int64_t *length);
int32_t lp_text_free(lp_text *text);

enum {
    LP_NAMES_METHODS = 0,       /* "auto", "reduced", ...: what lp_solve_options.method may be */
    LP_NAMES_LOSSES = 1,        /* "cross-entropy", "vs:gamma=,tau=", ...: what lp_model_config.loss may be, with its parameters */
    LP_NAMES_LOSS_FAMILIES = 2, /* what lp_mitigation_options.weakest_families may hold */
    LP_NAMES_PROVIDERS = 3      /* linear algebra: "name<TAB>in use|available|missing<TAB>description" */
};

/* A list, one name a line. */
int32_t lp_names(int32_t which, lp_text **out);

/* --------------------------------------------- linear algebra, threads -- */

/*
 * Threads that one product or decomposition may use, for the whole process (a native BLAS keeps one count): at least 1.
 */
int32_t lp_get_threads(int32_t *threads);
int32_t lp_set_threads(int32_t threads);

/* "auto", "mkl", "openblas", "mathnet" or "managed", for the whole process; LP_ERROR_STATE where it is not available. The environment variable LAYERPEELED_BLAS does
 * the same. */
int32_t lp_use_linear_algebra(const char *name);

/* ------------------------------------------- progress and cancellation -- */

typedef struct lp_progress {
    size_t struct_size;
    const char *method;      /* valid during the call (in a trace: until the solution is freed) */
    int32_t iteration;       /* iterations done */
    int32_t reserved;
    double objective;        /* average loss at the current point; 0 where it underflows */
    double log10_objective;
    double stationarity;     /* the method's relative measure, 0 at an optimum */
    double relative_gap;     /* of the latest certificate, NaN before the first */
    double seconds;          /* since the solve began */
} lp_progress;

/* Called after each iteration, on the thread of the call. Anything but 0 cancels. It may call this library, but must not leave by longjmp or an exception. */
typedef int32_t (*lp_progress_callback)(const lp_progress *progress, void *user);

/* What cancels calls from another thread. A token serves any number of calls, and stays cancelled. */
typedef struct lp_token lp_token;
int32_t lp_token_create(lp_token **out);
int32_t lp_token_cancel(lp_token *token);
int32_t lp_token_is_cancelled(const lp_token *token, int32_t *cancelled);
int32_t lp_token_free(lp_token *token);

/* How to watch and stop a call; NULL in its place: neither. */
typedef struct lp_control {
    size_t struct_size;
    lp_progress_callback progress; /* or NULL */
    void *user;                    /* handed to progress */
    lp_token *token;               /* or NULL */
} lp_control;

/* ---------------------------------------------------------------- models -- */

enum { LP_BUDGETS = 0, LP_PENALTIES = 1 };

enum {
    LP_FEATURE_NORM_DEFAULT = 0,    /* per class with budgets, per sample with penalties */
    LP_FEATURE_NORM_PER_CLASS = 1,  /* sum_k |h_k|^2 */
    LP_FEATURE_NORM_PER_SAMPLE = 2  /* sum_k n_k |h_k|^2 */
};

enum {
    LP_BIAS_NONE = 0,
    LP_BIAS_FREE = 1,      /* with penalties only */
    LP_BIAS_PENALISED = 2  /* with penalties only: (bias_penalty / 2) |b|^2 */
};

typedef struct lp_model_config {
    size_t struct_size;
    int32_t regulariser;       /* LP_BUDGETS or LP_PENALTIES */
    int32_t feature_norm;
    double classifier;         /* E_W, 1e-150 to 1e150; with penalties lambda_W, 1e-100 to 1e100, of (lambda_W / 2) |W|_F^2. Required */
    double feature;            /* E_H or lambda_H, in the same ranges. Required */
    int32_t bias;
    int32_t feature_dimension; /* p; 0: the number of classes; for targets min(V, m) */
    double bias_penalty;       /* lambda_b, for LP_BIAS_PENALISED */
    const char *loss;          /* "name" or "name:parameter=value,...", such as "vs:gamma=0.2,tau=1"; NULL: cross-entropy. lp_names lists them. */
} lp_model_config;

typedef struct lp_model lp_model;

/*
 * K classes with counts[k] examples each (any length >= 2; finite, not negative, not all zero; need not be whole) and loss weights w_k (NULL: 1 each):
 * omega_k = n_k w_k / sum_j n_j w_j. Equal classes are found and solved as one: a million classes of three sizes are cheap.
 */
int32_t lp_model_from_counts(const lp_array *counts, const lp_array *loss_weights, const lp_model_config *config, lp_model **out);

/* The same as groups: multiplicities[g] (whole, at least 1) classes with counts[g] examples each and loss weight loss_weights[g] (NULL: 1). Classes
 * are numbered group by group. */
int32_t lp_model_from_groups(const lp_array *multiplicities, const lp_array *counts, const lp_array *loss_weights, const lp_model_config *config, lp_model **out);

/*
 * Soft targets: a table of V tokens (rows, at least 2) by m contexts (columns) of non-negative numbers. Columns that all sum to 1 are
 * distributions; otherwise they are counts, and each is divided by its sum. context_weights: m numbers, divided by their sum; NULL: the sums of counts, equal
 * weights for distributions. Contexts that never occur (a column of zeros, a weight of 0) are left out. Budgets, cross-entropy and no bias only.
 */
int32_t lp_model_from_targets(const lp_array *table, const lp_array *context_weights, const lp_model_config *config, lp_model **out);

enum { LP_CSC = 0, LP_CSR = 1 };

/*
 * The same from a compressed sparse table: starts has cols + 1 (CSC) or rows + 1 (CSR) entries, indices the row (column) of each stored value, as scipy.sparse has them
 * (sorted within a column, none twice).
 */
int32_t lp_model_from_sparse_targets(int32_t layout, int64_t rows, int64_t cols, const lp_array *starts, const lp_array *indices, const lp_array *values,
                                     const lp_array *context_weights, const lp_model_config *config, lp_model **out);

enum { LP_MODEL_CLASSES = 0, LP_MODEL_TARGETS = 1 };

typedef struct lp_model_info {
    size_t struct_size;
    int32_t kind;              /* LP_MODEL_CLASSES or LP_MODEL_TARGETS */
    int32_t regulariser;
    int32_t feature_norm;      /* LP_FEATURE_NORM_PER_CLASS or _PER_SAMPLE */
    int32_t bias;
    int64_t classes;           /* K, or V: rows of W */
    int64_t columns;           /* columns of H: K, or m without the contexts that never occur */
    int64_t groups;            /* G, groups of equal classes; for targets m */
    int64_t feature_dimension; /* p */
    double classifier;         /* E_W or lambda_W */
    double feature;            /* E_H or lambda_H */
    double bias_penalty;       /* lambda_b; 0 without */
    double examples;           /* N = sum_k n_k; for targets NaN */
    double effective_total;    /* sum_k n_k w_k; for targets NaN */
    double entropy_floor;      /* targets: sum_c omega_c H(t_c), below which no loss can be; classes: NaN */
    int64_t given_contexts;    /* targets: contexts of the table; classes: 0 */
    int32_t are_counts;        /* targets: whether the columns were counts */
    int32_t reserved;
    const char *loss;          /* its name, with parameters */
} lp_model_info;

int32_t lp_model_get_info(const lp_model *model, lp_model_info *info);

/* Targets: the columns of the table that are contexts of the model, ascending: *columns* integers. Classes: the group of each class, *classes* integers. */
int32_t lp_model_get_index(const lp_model *model, lp_array *out);

int32_t lp_model_free(lp_model *model);

/* n_k = floor(largest * ratio^(-k / (K - 1))), k = 0 ... K - 1, as long-tailed benchmarks are made; K is the length of counts. largest and ratio at least 1. */
int32_t lp_long_tail(double largest, double ratio, lp_array *counts);

/* ----------------------------------------------------------------- solve -- */

typedef struct lp_solve_options {
    size_t struct_size;
    const char *method;           /* NULL: "auto". lp_names lists them. */
    double gap_tolerance;         /* relative duality gap at which a point is optimal, up to 1; 0: the method's own, mostly 1e-10 */
    double geometry_tolerance;    /* how accurate norms and cosines are to be, up to 1; 0: 1e-8, or 1 with a larger gap tolerance than 1e-10 */
    double stationarity_tolerance;/* 0: 1e-13 */
    double time_limit;            /* seconds; 0: none. The best point so far is returned, certified. */
    int64_t memory;               /* bytes that a solve may hold; 0: half of the machine's */
    int32_t max_iterations;       /* 0: the method's own */
    int32_t seed;                 /* of random starts */
    int32_t record_trace;         /* anything but 0: keep a report of every iteration, for lp_solution_get_trace */
    int32_t reserved;
} lp_solve_options;

typedef struct lp_solution lp_solution;

/*
 * Solves a model and certifies the point. LP_OK means that there is a solution; lp_solution_info.status says what is known of it. options and control may be NULL.
 * LP_ERROR_ARGUMENT: the method is unknown, or does not take this model.
 */
int32_t lp_solve(const lp_model *model, const lp_solve_options *options, const lp_control *control, lp_solution **out);

enum {
    LP_STATUS_OPTIMAL = 0,          /* the duality gap, recomputed from the raw data, is within the tolerance: a proven global optimum */
    LP_STATUS_STATIONARY = 1,       /* stationary, but the certificate did not close */
    LP_STATUS_ITERATION_LIMIT = 2,
    LP_STATUS_TIME_LIMIT = 3,
    LP_STATUS_MEMORY_LIMIT = 4,
    LP_STATUS_STALLED = 5,
    LP_STATUS_CANCELLED = 6,
    LP_STATUS_NUMERICAL_ERROR = 7,
    LP_STATUS_NOT_SOLVED = -1       /* rows of a sweep that was cancelled before */
};

typedef struct lp_solution_info {
    size_t struct_size;
    int32_t status;
    int32_t model_kind;              /* LP_MODEL_CLASSES or LP_MODEL_TARGETS */
    int32_t is_proof;                /* whether both bounds hold in exact arithmetic */
    int32_t iterations;              /* -1 if unknown (read from a file) */
    int64_t classes;                 /* K, or V */
    int64_t columns;                 /* K, or m */
    int64_t groups;                  /* rows of lp_solution_get_groups; for targets 0 */
    int64_t feature_dimension;       /* p */
    int64_t rank;                    /* common coordinates that the point uses */
    int64_t excess_rank;             /* dimensions of the optimum of the relaxation where they exceed p, and the point was brought down to p; else 0 */
    int64_t classes_below_critical_size;
    double objective;                /* average loss and penalties at the point; for targets entropy floor + excess */
    double loss;                     /* average loss alone */
    double upper_bound;              /* of the objective at the point, every rounding allowed for */
    double lower_bound;              /* of the objective of every point */
    double absolute_gap;             /* upper_bound - lower_bound, rounded up */
    double relative_gap;             /* absolute_gap / upper_bound; for targets that of the excess */
    double gap_tolerance;            /* relative gap at which the status is optimal */
    double log10_objective;          /* these where a loss is too small for a double; for targets NaN */
    double log10_upper_bound;
    double log10_lower_bound;        /* -infinity where it is 0 */
    double log10_absolute_gap;
    double multiplier;               /* lambda of |Z|_* <= r, or that of the penalties */
    double log10_multiplier;
    double classifier_multiplier;    /* of |W|_F^2 <= K E_W in the semidefinite program; for targets NaN */
    double feature_multiplier;       /* of |H|_F^2 <= K E_H */
    double critical_class_size;      /* n*: classes with at most so many effective examples collapse; for targets NaN */
    double log10_critical_class_size;
    double geometry_error;           /* estimate of the error of norms (relative) and cosines, for the class that fares worst */
    double constraint_violation;     /* how far the point is outside the budgets, relatively; for targets 0 */
    double seconds;                  /* of the solve; NaN if unknown */
    double entropy_floor;            /* these of targets; for classes NaN */
    double excess;                   /* sum_c omega_c KL(t_c | softmax z_c) */
    double excess_upper_bound;
    double excess_lower_bound;
    int64_t distinct_contexts;       /* contexts that differ in target or weight; for classes 0 */
    int32_t budgets_are_slack;       /* targets: the model fits them exactly, lambda = 0 */
    int32_t is_loaded;               /* whether it was read from a file: the numbers above are then what the file claims */
    const char *method;              /* that found the point */
    const char *reason;              /* why it was chosen, why a certificate proves nothing, ...; "" where there is nothing to say */
} lp_solution_info;

int32_t lp_solution_get_info(const lp_solution *solution, lp_solution_info *info);

enum {                            /* of classes     of targets */
    LP_CLASSIFIER = 0,            /* W: K x p       V x p */
    LP_FEATURES = 1,              /* H: p x K       p x m: columns are class means, or embeddings of contexts */
    LP_BIAS = 2,                  /* K x 1          - */
    LP_LOGITS = 3,                /* Z: K x K       V x m: column k has the logits of class k, bias included */
    LP_CLASSIFIER_GRAM = 4,       /* W W': K x K    V x V */
    LP_FEATURE_GRAM = 5,          /* H' H: K x K    m x m */
    LP_CLASSIFIER_COSINES = 6,    /* G x G          -: between groups; on the diagonal within one, NaN for a single class */
    LP_FEATURE_COSINES = 7,       /* G x G          - */
    LP_COLLAPSE_RATIOS = 8,       /* G x 1          -: at most 1 where the classes of a group share one classifier */
    LP_SAMPLE_FEATURES = 9,       /* p x N          -: where the sample-level program was solved */
    LP_SEMIDEFINITE_POINT = 10,   /* 2K x 2K        -: [H'; W] [H, W'] */
    LP_DUAL = 11                  /* K x K          -: the dual point Y of the certificate */
};

/*
 * *rows and *cols become 0 where the solution has no such matrix. A solution read from a file has what the file has
 * of LP_CLASSIFIER, LP_FEATURES, LP_BIAS and the two of cosines, with the columns that it keeps (at most p).
 */
int32_t lp_solution_get_shape(const lp_solution *solution, int32_t which, int64_t *rows, int64_t *cols);

/* Copies a matrix to memory of exactly its shape. LP_ERROR_STATE: there is none, or W and H need more than p dimensions. */
int32_t lp_solution_get_matrix(const lp_solution *solution, int32_t which, lp_array *out);

/* A group of equal classes at the optimum. */
typedef struct lp_group {
    size_t struct_size;
    int64_t classes;              /* how many */
    double count;                 /* examples of each */
    double loss_weight;
    double classifier_norm2;      /* |w|^2 */
    double feature_norm2;         /* |h|^2 */
    double bias;                  /* NaN without */
    double classifier_cosine;     /* between two classes of the group, mean; NaN for one class or a zero vector */
    double feature_cosine;
    double least_classifier_cosine;
    double largest_classifier_cosine;
    double least_feature_cosine;
    double largest_feature_cosine;
    double collapse_ratio;        /* at most 1: collapsed; NaN if read from a file */
    int32_t collapsed;            /* whether the classes share one classifier */
    int32_t reserved;
} lp_group;

/* In the order of the groups of the model. */
int32_t lp_solution_get_groups(const lp_solution *solution, lp_group *rows, int64_t capacity, int64_t *count);

/* Every iteration, where lp_solve_options.record_trace asked for it. */
int32_t lp_solution_get_trace(const lp_solution *solution, lp_progress *rows, int64_t capacity, int64_t *count);

int32_t lp_solution_free(lp_solution *solution);

/* ---------------------------------------------------------- certificates -- */

enum { LP_DUAL_GRADIENT = 0, LP_DUAL_LEVELLED = 1, LP_DUAL_ALIGNED = 2, LP_DUAL_INHERITED = 3, LP_DUAL_NONE = 4 };

typedef struct lp_certificate {
    size_t struct_size;
    int32_t kind;                 /* how the dual point was made, LP_DUAL_... */
    int32_t is_proof;             /* whether the bounds hold in exact arithmetic */
    double objective;             /* of the point, scaled back into the budgets where it is outside */
    double upper_bound;           /* of it */
    double lower_bound;           /* of the optimum */
    double absolute_gap;
    double relative_gap;
    double log10_objective;
    double log10_upper_bound;
    double log10_lower_bound;
    double log10_absolute_gap;
    double multiplier;
    double log10_multiplier;
    double dual_norm;             /* sigma_max(Y), never under-estimated */
    double classifier_multiplier;
    double feature_multiplier;
    double constraint_violation;
} lp_certificate;

/*
 * The duality gap of any W (K x p) and H (p x K, class means), b (K, or NULL) for a model of classes, recomputed from the data of the model: any p. LP_ERROR_UNSUPPORTED
 * for soft targets: lp_diagnose_targets compares a point of theirs with the optimum.
 */
int32_t lp_certify(const lp_model *model, const lp_array *classifier, const lp_array *class_means, const lp_array *bias, lp_certificate *certificate);

/* ----------------------------------------------------------------- files -- */

typedef struct lp_save_options {
    size_t struct_size;
    const char *const *class_names;  /* K names, or NULL */
    int64_t class_name_count;        /* K, or 0 */
    const char *source;              /* where the counts come from, or NULL */
    int32_t without_matrices;        /* anything but 0: the numbers alone, which cannot be loaded or verified */
    int32_t reserved;
} lp_save_options;

/*
 * Writes a solution; what the file name ends in says how: .json or .npz (docs/formats.md). options may be NULL. A file that is there is replaced when the new one
 * is complete. One of soft targets is written to .npz alone, without names and source: classifier, V x q, and contexts, m x q. LP_ERROR_UNSUPPORTED: another ending,
 * or a solution that was loaded (see lp_convert).
 */
int32_t lp_solution_save(const lp_solution *solution, const char *path, const lp_save_options *options);

/* The same JSON as text. */
int32_t lp_solution_to_json(const lp_solution *solution, const lp_save_options *options, lp_text **out);

/* Writes a saved solution in the format that the name of the target ends in: .json or .npz. No digit and no field is lost. */
int32_t lp_convert(const char *source, const char *target);

/* Reads what lp_solution_save or 'layerpeeled solve --out' wrote, of classes. Numbers are what the file claims until lp_verify. */
int32_t lp_solution_load(const char *path, lp_solution **out);

enum { LP_CHECK_HOLDS = 0, LP_CHECK_FAILS = 1, LP_CHECK_UNCONFIRMED = 2 };

typedef struct lp_verification_info {
    size_t struct_size;
    int32_t holds;           /* whether no claim fails */
    int32_t certified;       /* whether the gap recomputed from the matrices closes at the tolerance of the file */
} lp_verification_info;

typedef struct lp_check {
    size_t struct_size;
    const char *name;
    const char *detail;
    int32_t outcome;         /* LP_CHECK_... */
    int32_t reserved;
} lp_check;

typedef struct lp_verification lp_verification;

/* Recomputes every claim of a saved solution from its matrices and its counts. */
int32_t lp_verify(const char *path, lp_verification **out);
int32_t lp_verification_get_info(const lp_verification *verification, lp_verification_info *info);
/* The certificate as recomputed. */
int32_t lp_verification_get_certificate(const lp_verification *verification, lp_certificate *certificate);
int32_t lp_verification_get_checks(const lp_verification *verification, lp_check *rows, int64_t capacity, int64_t *count);
int32_t lp_verification_free(lp_verification *verification);

/* ------------------------------------------------ thresholds and sweeps -- */

/* Two sizes of classes: K_A of n_A examples and K_B of n_B, R = n_A / n_B. At R >= R_0 the minority classes collapse. Cross-entropy, budgets. */
typedef struct lp_threshold {
    size_t struct_size;
    int64_t majority_classes;       /* K_A */
    int64_t minority_classes;       /* K_B */
    double budget_product;          /* E_W E_H */
    double ratio;                   /* R_0; +infinity beyond the range of a double */
    double log_ratio;               /* natural logarithm, always finite */
    double critical_share;          /* omega_B of one minority class at the threshold */
    double log_critical_share;
    double objective;               /* optimal loss at the threshold */
    double log_objective;
    double majority_cosine;         /* between two majority classifiers at the threshold; NaN for one */
    double cross_cosine;            /* between a majority and a minority classifier */
    double minority_norm2_ratio;    /* |w_B|^2 / |w_A|^2 */
    double budget_elasticity;       /* d log R_0 / d log(E_W E_H) */
    double model_ratio;             /* R of the model, lp_threshold_of_model only; else NaN */
    int32_t collapses;              /* whether R >= R_0, lp_threshold_of_model only */
    int32_t reserved;
} lp_threshold;

/* K_A >= 1, K_B >= 2, E_W E_H positive and finite. */
int32_t lp_threshold_at(int32_t majority_classes, int32_t minority_classes, double budget_product, lp_threshold *out);

/* The threshold at a ratio R > 1: its budget_product is the largest at which the minority classes collapse. */
int32_t lp_threshold_at_ratio(int32_t majority_classes, int32_t minority_classes, double ratio, lp_threshold *out);

/* Of a model with budgets, cross-entropy and two effective counts; loss weights included. */
int32_t lp_threshold_of_model(const lp_model *model, lp_threshold *out);

/* Models with penalties: lambda_Z from which everything is zero (*complete), and from which the classes of each group are one (groups, G numbers, or NULL). */
int32_t lp_penalty_thresholds(const lp_model *model, double *complete, lp_array *groups);

/* One side of a two-group optimum. */
typedef struct lp_side {
    double majority_norm2;
    double minority_norm2;
    double majority_cosine;  /* between two majority classes */
    double minority_cosine;
    double cross_cosine;
} lp_side;

typedef struct lp_sweep_row {
    size_t struct_size;
    double ratio;            /* R */
    int32_t status;
    int32_t collapsed;       /* whether the minority classes share one classifier */
    double objective;
    double relative_gap;
    double multiplier;
    lp_side classifier;
    lp_side feature;
} lp_sweep_row;

typedef struct lp_sweep_options {
    size_t struct_size;
    int32_t majority_classes;   /* K_A >= 1. Required */
    int32_t minority_classes;   /* K_B >= 1. Required */
    double classifier_budget;   /* E_W. Required */
    double feature_budget;      /* E_H. Required */
    double gap_tolerance;       /* 0: 1e-10 */
    int32_t threads;            /* solves at once; 0: one a processor */
    int32_t reserved;
} lp_sweep_options;

/*
 * Solves along ratios R (each at least 1), one row for each in their order: capacity must be that. Of the control only the token counts; rows that were not reached when it is cancelled
 * have LP_STATUS_NOT_SOLVED. *solved (may be NULL) counts the others.
 */
int32_t lp_sweep(const lp_array *ratios, const lp_sweep_options *options, const lp_control *control, lp_sweep_row *rows, int64_t capacity, int64_t *solved);

/* ---------------------------------------------- metrics of a trained network -- */

/* Arrays of a trained network; inputs are read in place, in blocks. */
typedef struct lp_network {
    size_t struct_size;
    const lp_array *features;       /* N x p, the input of the last layer, one row an example; LP_FLOAT32 or LP_FLOAT64 */
    const lp_array *labels;         /* N integers */
    const lp_array *weight;         /* K x p, or NULL: metrics of the features alone */
    const lp_array *bias;           /* K, or NULL */
    const lp_array *class_labels;   /* K integers: the label of each row of weight; NULL: labels ascending */
    const lp_array *other_features; /* n x p of other data, for NC5, or NULL */
} lp_network;

enum { LP_MEAN_CLASSES = 0, LP_MEAN_SAMPLES = 1, LP_MEAN_NONE = 2 };

typedef struct lp_metrics_options {
    size_t struct_size;
    int32_t global_mean;            /* from where class means are measured: their own mean, that of the samples, or 0 */
    int32_t without_second_pass;    /* anything but 0: no NC4, accuracies and class-balanced NC1, at a third of the time */
    double rank_tolerance;          /* of the between-class scatter; 0: roundoff. 1e-6 for features kept in single precision */
    const lp_array *groups;         /* K integers: the group of each class; NULL: classes with equal counts */
    int32_t within_scatter;         /* anything but 0: also LP_MEASURED_WITHIN_SCATTER, N p^2 operations more; without a second pass it is there anyway */
    int32_t reserved;
} lp_metrics_options;

/* Of some numbers; all NaN where there are none. */
typedef struct lp_summary {
    int64_t count;
    double mean;
    double standard_deviation;      /* divided by the count */
    double minimum;
    double maximum;
} lp_summary;

/* NC2: how far vectors are from a simplex ETF; every deviation of one is 0. */
typedef struct lp_frame {
    double norm_variation;          /* deviation of the norms over their mean */
    double angle_variation;         /* deviation of the cosines over pairs */
    double angle_deviation;         /* mean |cos + 1 / (K - 1)| */
    double gram_deviation;          /* of the normalised Gram matrix, Frobenius */
    double interference;            /* mean |cos| */
    lp_summary norms;
    lp_summary cosines;
    lp_summary distances;           /* of the normalised vectors, over pairs */
    lp_summary logarithmic_kernel;  /* log(1 / distance): GNC2 */
    lp_summary inverse_distances;
} lp_frame;

typedef struct lp_metrics {
    size_t struct_size;
    int64_t samples;                /* N */
    int64_t classes;                /* K */
    int64_t dimension;              /* p */
    int64_t groups;                 /* rows of lp_measurement_get_groups */
    int32_t global_mean;
    int32_t has_classifier;         /* whether what is of the classifier is there: NaN otherwise */
    int32_t has_second_pass;        /* the same */
    int32_t between_rank;
    double classifier_budget;       /* E_W = |W|_F^2 / K */
    double feature_budget;          /* E_H around the sample mean: mean over classes of the mean |h - mu|^2 */
    double uncentred_feature_budget;/* the same around 0 */
    double nc1_pseudo_inverse;      /* tr(S_W S_B^+) / K */
    double nc1_class_balanced_pseudo_inverse;
    double nc1_trace_ratio;         /* tr S_W / tr S_B */
    double nc1_class_balanced_trace_ratio;
    double within_trace;
    double between_trace;
    lp_summary class_distance;      /* class-distance normalised variance over pairs */
    lp_summary log10_class_distance;
    lp_frame means;                 /* NC2 of the centred class means */
    lp_frame classifiers;           /* NC2 of the rows of W */
    double nc3_distance;            /* |W/|W| - M/|M||_F, 0 to 2 */
    double nc3_logit_deviation;
    double uniform_duality;         /* UNC3 */
    lp_summary alignment;           /* cos(w_k, m_k) */
    lp_summary similarity;          /* <w_k, m_k> */
    double nc4_disagreement;        /* share of examples where classifier and nearest mean differ */
    double classifier_accuracy;
    double nearest_mean_accuracy;
    int64_t other_samples;          /* rows of other_features; 0 without */
    lp_summary nc5;                 /* |cos| of class means with the mean of the other data */
    lp_summary nc5_samples;         /* with each of them */
    const char *notes;              /* what is undefined or was left out, one sentence a line; "" if nothing */
} lp_metrics;

/* A group of classes, in a network or in the optimum beside it. */
typedef struct lp_group_metrics {
    size_t struct_size;
    int64_t classes;
    int64_t smallest_count;
    int64_t largest_count;
    lp_summary classifier_norms;
    lp_summary mean_norms;
    lp_summary classifier_cosines;
    lp_summary mean_cosines;
    lp_summary within_variances;
} lp_group_metrics;

typedef struct lp_class_metrics {
    size_t struct_size;
    int64_t label;
    int64_t count;
    int64_t group;                   /* row of lp_measurement_get_groups */
    double classifier_accuracy;      /* NaN without classifier, examples or second pass; so are the others */
    double nearest_mean_accuracy;
    double disagreement;
    double variability;              /* tr(S_{W,k} S_B^+) */
} lp_class_metrics;

typedef struct lp_measurement lp_measurement;

/*
 * Measures a network: one pass over the features, a second one unless it is left out. Features are taken in blocks of some hundred rows straight from the caller's memory,
 * whatever their strides. What is kept: class means, weight and bias. Only the token of the control counts, and cancels with LP_ERROR_CANCELLED.
 */
int32_t lp_measure(const lp_network *network, const lp_metrics_options *options, const lp_control *control, lp_measurement **out);
int32_t lp_measurement_get_metrics(const lp_measurement *measurement, lp_metrics *metrics);
int32_t lp_measurement_get_groups(const lp_measurement *measurement, lp_group_metrics *rows, int64_t capacity, int64_t *count);
int32_t lp_measurement_get_classes(const lp_measurement *measurement, lp_class_metrics *rows, int64_t capacity, int64_t *count);

enum {
    LP_MEASURED_CLASS_MEANS = 0,         /* p x K, as they are (not centred) */
    LP_MEASURED_SAMPLE_MEAN = 1,         /* p x 1 */
    LP_MEASURED_WITHIN_SCATTER = 2,      /* p x p, S_W, where it was asked for */
    LP_MEASURED_MEAN_COSINES = 3,        /* G x G, between groups of centred class means */
    LP_MEASURED_CLASSIFIER_COSINES = 4   /* G x G; none without weight */
};

int32_t lp_measurement_get_shape(const lp_measurement *measurement, int32_t which, int64_t *rows, int64_t *cols);
int32_t lp_measurement_get_matrix(const lp_measurement *measurement, int32_t which, lp_array *out);
int32_t lp_measurement_free(lp_measurement *measurement);

/* ------------------------------------- a network beside the optimum -- */

enum { LP_FAMILIES_ALL = 0, LP_FAMILIES_LAYER_PEELED = 1, LP_FAMILIES_UNCONSTRAINED = 2 };

/* What is known of the training of a network. The last four fields are for lp_diagnose_family and lp_diagnose_classifier alone. */
typedef struct lp_diagnosis_options {
    size_t struct_size;
    int32_t global_mean;            /* as in lp_metrics_options, which the measurement must have had too */
    int32_t most_groups;            /* most groups to compare; 0: half the classes, at most 12 */
    const char *loss;               /* it was trained with; NULL: cross-entropy */
    const lp_array *loss_weights;   /* K, or NULL: 1 each */
    int32_t families;               /* LP_FAMILIES_... */
    int32_t bias_decay_is_known;    /* whether bias_decay counts (0 is a free bias) */
    double classifier_decay;        /* lambda_W; 0: not known */
    double bias_decay;              /* lambda_b */
    double feature_penalty;         /* lambda_H; 0: not known */
} lp_diagnosis_options;

typedef struct lp_diagnosis_info {
    size_t struct_size;
    int32_t status;                 /* of the optimum at the measured budgets */
    int32_t reserved;
    int64_t groups;                 /* rows of lp_diagnosis_get_groups */
    int64_t collapsed_classes;      /* rows of lp_diagnosis_get_collapsed */
    double classifier_budget;       /* E_W and E_H of the model */
    double feature_budget;
    double objective;
    double relative_gap;
    double multiplier;
    double critical_class_size;     /* n* */
    const char *notes;              /* one sentence a line */
} lp_diagnosis_info;

/* Measured is the network, predicted the optimum. */
typedef struct lp_group_comparison {
    size_t struct_size;
    int64_t classes;
    int64_t smallest_count;
    int64_t largest_count;
    int64_t classes_below_critical_size;
    lp_summary measured_classifier_norms;
    lp_summary predicted_classifier_norms;
    lp_summary measured_mean_norms;
    lp_summary predicted_mean_norms;
    lp_summary measured_classifier_cosines;
    lp_summary predicted_classifier_cosines;
    lp_summary measured_mean_cosines;
    lp_summary predicted_mean_cosines;
} lp_group_comparison;

/* A class at or below the critical size. */
typedef struct lp_collapsed_class {
    size_t struct_size;
    int64_t index;
    int64_t label;
    int64_t count;
    double effective_count;         /* count times its loss weight */
    double balancing_weight;        /* loss weight that would make it act like the average class */
} lp_collapsed_class;

typedef struct lp_diagnosis lp_diagnosis;

/* A measured network, with weight, beside the optimum of the Layer-Peeled Model at its counts and budgets. options and control may be NULL. */
int32_t lp_diagnose(const lp_measurement *measurement, const lp_diagnosis_options *options, const lp_control *control, lp_diagnosis **out);
int32_t lp_diagnosis_get_info(const lp_diagnosis *diagnosis, lp_diagnosis_info *info);
int32_t lp_diagnosis_get_groups(const lp_diagnosis *diagnosis, lp_group_comparison *rows, int64_t capacity, int64_t *count);
int32_t lp_diagnosis_get_collapsed(const lp_diagnosis *diagnosis, lp_collapsed_class *rows, int64_t capacity, int64_t *count);
/* The optimum, a new handle. */
int32_t lp_diagnosis_get_solution(const lp_diagnosis *diagnosis, lp_solution **out);
int32_t lp_diagnosis_free(lp_diagnosis *diagnosis);

/* Root mean squares over groups; NaN where not measured. */
typedef struct lp_misfit {
    double total;
    double classifier_cosines;
    double classifier_norms;
    double mean_cosines;
    double mean_norms;
} lp_misfit;

enum { LP_STRENGTH_BUDGETS = 0, LP_STRENGTH_WEIGHT_DECAY = 1, LP_STRENGTH_FIT = 2 };

typedef struct lp_family_member {
    size_t struct_size;
    const char *name;               /* "lpm", "ufm", "ufm, bias free", ... */
    int32_t source;                 /* where its strength comes from, LP_STRENGTH_... */
    int32_t status;                 /* of its optimum */
    double goodness;                /* 1 at an optimum, 0 for a simplex ETF */
    lp_misfit misfit;
    int32_t regulariser;            /* as in lp_model_config; so are the next five */
    int32_t feature_norm;
    double classifier;
    double feature;
    double bias_penalty;
    int32_t bias;
    int32_t reserved;
    double relative_gap;
} lp_family_member;

typedef struct lp_family_info {
    size_t struct_size;
    int64_t members;
    int32_t is_described;           /* whether the best member's misfit is at most 0.1 */
    int32_t reserved;
    lp_misfit simplex_etf;          /* what goodness is relative to */
    lp_misfit best_without_variation; /* of the best member with variation within classes accounted for; NaN without features */
    double variation_share;         /* part of its squared misfit that goes with that; NaN without features */
    const char *verdict;            /* a sentence */
    const char *notes;              /* one sentence a line */
} lp_family_info;

typedef struct lp_family lp_family;

/* Which member of the model's family describes a network best: members by misfit, the best one first. */
int32_t lp_diagnose_family(const lp_measurement *measurement, const lp_diagnosis_options *options, const lp_control *control, lp_family **out);

/* The same by the classifiers alone: counts (K) in the order of the rows of weight (K x p). has_bias: whether the network has a bias. */
int32_t lp_diagnose_classifier(const lp_array *counts, const lp_array *weight, int32_t has_bias, const lp_diagnosis_options *options, const lp_control *control,
                               lp_family **out);
int32_t lp_family_get_info(const lp_family *family, lp_family_info *info);
int32_t lp_family_get_members(const lp_family *family, lp_family_member *rows, int64_t capacity, int64_t *count);
/* The optimum of a member, a new handle. */
int32_t lp_family_get_solution(const lp_family *family, int64_t member, lp_solution **out);
int32_t lp_family_free(lp_family *family);

typedef struct lp_target_diagnosis {
    size_t struct_size;
    double classifier_budget;        /* E_W = |W|_F^2 / V of the network */
    double feature_budget;           /* E_H = |H|_F^2 / m */
    double entropy_floor;
    double excess;                   /* of the network, over the entropy floor */
    double excess_of_nothing;        /* of equal logits */
    double share_gained;             /* (nothing - network) / (nothing - optimum) */
    double classifier_gram_distance; /* from the optimum, Gram matrices of norm 1 */
    double feature_gram_distance;
    double logit_distance;           /* centred, relative */
} lp_target_diagnosis;

/*
 * A language model, W (V x p) and H (p x m, a column for each given context), beside the optimum of a model of soft targets within the norms that it has; the
 * budgets of the model itself do not count. optimum may be NULL, else it gets a new handle. Of options only what lp_solve takes; both may be NULL.
 */
int32_t lp_diagnose_targets(const lp_model *model, const lp_array *classifier, const lp_array *features, const lp_solve_options *options, const lp_control *control,
                            lp_target_diagnosis *diagnosis, lp_solution **optimum);

/* ------------------------------------------------------------ mitigation -- */

enum {
    LP_RULE_NONE = 0,
    LP_RULE_INVERSE_FREQUENCY = 1,     /* w ~ 1 / n */
    LP_RULE_SQUARE_ROOT_INVERSE = 2,   /* w ~ 1 / sqrt(n) */
    LP_RULE_EFFECTIVE_NUMBER = 3,      /* w ~ (1 - beta) / (1 - beta^n), parameter beta: 0 <= beta < 1 */
    LP_RULE_POWER = 4,                 /* w ~ n^-tau, parameter tau: 0 <= tau <= 1 */
    LP_RULE_OVERSAMPLING = 5,          /* parameter w_r for classes with fewer examples than below, 1 for the others */
    LP_RULE_CUSTOM = 6                 /* weights */
};

typedef struct lp_rule {
    size_t struct_size;
    int32_t kind;
    int32_t reserved;
    double parameter;
    double below;
    const lp_array *weights;           /* K, for LP_RULE_CUSTOM */
    const char *name;                  /* of LP_RULE_CUSTOM; NULL: "custom" */
} lp_rule;

typedef struct lp_mitigation_options {
    size_t struct_size;
    double classifier_budget;          /* E_W. Required */
    double feature_budget;             /* E_H. Required */
    const lp_rule *rules;              /* one after another, rules[0].struct_size apart */
    int64_t rule_count;                /* rules and all three counts 0: none, square-root inverse, effective number with 0.999, inverse frequency */
    const char *const *losses;         /* other losses to compare, as in lp_model_config */
    int64_t loss_count;
    const char *const *weakest_families; /* families of losses whose weakest member that separates the classes is looked for, LP_NAMES_LOSS_FAMILIES */
    int64_t weakest_family_count;
    int32_t find_weakest_power;        /* anything but 0: look for the smallest tau of w ~ n^-tau that separates the classes */
    int32_t minority_classes;          /* how many of the smallest classes to watch, at least 2; 0: 2 */
    double power_tolerance;            /* width of the bracket of tau, 1e-9 to 1; 0: 1e-5 */
    double family_tolerance;           /* of that of families, relative to their range; 0: 1e-4 */
} lp_mitigation_options;

enum { LP_MITIGATION_RULE = 0, LP_MITIGATION_LOSS = 1, LP_MITIGATION_WEAKEST_POWER = 2, LP_MITIGATION_WEAKEST_LOSS = 3 };

typedef struct lp_mitigation_row {
    size_t struct_size;
    const char *name;                  /* of the rule or loss */
    int32_t kind;                      /* LP_MITIGATION_... */
    int32_t status;                    /* of the optimum */
    double objective;
    double relative_gap;
    double multiplier;
    double critical_class_size;        /* n*, beside the effective counts n_k w_k */
    int64_t classes_below_critical_size;
    double collapsed_cosine;           /* between the classifiers of the classes at or below n*, mean; NaN where there are not two */
    double minority_cosine;            /* between the classifiers of the smallest classes, mean */
    double minority_norm2;
    double smallest_norm2;             /* of the classifiers */
    double largest_norm2;
    double balanced_loss;              /* cross-entropy with every class counting alike */
    double worst_margin;               /* least of own logit minus best other one; not positive where classes have collapsed */
    int64_t worst_class;
    double value;                      /* weakest power or loss: tau, or the parameter of the family; else NaN */
    double too_weak_value;             /* the other end of its bracket; else NaN */
    int32_t separates;                 /* weakest power or loss: whether any value separates the classes; else whether no class is at or below n* */
    int32_t is_certified;              /* weakest power or loss: whether both ends of the bracket are; else status is optimal */
    int64_t solves;                    /* that it took */
} lp_mitigation_row;

typedef struct lp_mitigation lp_mitigation;

/* What re-weighting and other losses do against minority collapse. counts: K numbers. Rows: rules, losses, the weakest power, the weakest of each family. A call that is
 * cancelled has the rows that were finished. */
int32_t lp_mitigate(const lp_array *counts, const lp_mitigation_options *options, const lp_control *control, lp_mitigation **out);
int32_t lp_mitigation_get_rows(const lp_mitigation *mitigation, lp_mitigation_row *rows, int64_t capacity, int64_t *count);
/* Loss weights of a row, K numbers. */
int32_t lp_mitigation_get_weights(const lp_mitigation *mitigation, int64_t row, lp_array *weights);
/* The optimum of a row, a new handle. Its classes are in groups of equal effective counts. */
int32_t lp_mitigation_get_solution(const lp_mitigation *mitigation, int64_t row, lp_solution **out);
/* Two different counts: the oversampling rate R / R_0 from which the smaller one escapes from collapse; NaN for other counts. */
int32_t lp_mitigation_get_escaping_rate(const lp_mitigation *mitigation, double *rate);
int32_t lp_mitigation_free(lp_mitigation *mitigation);

/* ------------------------------------------------------------- comparison -- */

enum {
    LP_MEMBER_LAYER_PEELED = 0,
    LP_MEMBER_UNCONSTRAINED_FEATURES = 1,
    LP_MEMBER_MAX_MARGIN = 2,
    LP_MEMBER_RECTIFIED = 3,
    LP_MEMBER_CONTRASTIVE = 4,
    LP_MEMBER_SPHERICAL = 5
};

/* The largest and the smallest classes of a model. */
typedef struct lp_compared_side {
    double norm2_ratio;       /* squared norm of the largest classes over that of the smallest */
    double majority_cosine;
    double minority_cosine;
    double cross_cosine;
} lp_compared_side;

typedef struct lp_compared_member {
    size_t struct_size;
    int32_t kind;             /* LP_MEMBER_... */
    int32_t status;
    int64_t collapsed_classes;
    double objective;
    double relative_gap;
    lp_compared_side classifier;
    lp_compared_side feature;
    const char *loss;
    const char *refusal;      /* why it could not be solved; "" if it was */
} lp_compared_member;

typedef struct lp_comparison lp_comparison;

/* Lays members of the family side by side on the classes and budgets of a model of classes. members: LP_MEMBER_...; count 0: all. */
int32_t lp_compare(const lp_model *model, const int32_t *members, int64_t member_count, const lp_solve_options *options, const lp_control *control, lp_comparison **out);
int32_t lp_comparison_get_members(const lp_comparison *comparison, lp_compared_member *rows, int64_t capacity, int64_t *count);
int32_t lp_comparison_free(lp_comparison *comparison);

#ifdef __cplusplus
}
#endif

#endif
