"""The C interface of the library, as ctypes sees it. Written by generate_abi.py from layerpeeled.h."""
from ctypes import CFUNCTYPE, POINTER, Structure, c_char_p, c_double, c_int32, c_int64, c_size_t, c_void_p

LP_ABI_VERSION = 1
LP_OK = 0
LP_ERROR_ARGUMENT = 1
LP_ERROR_RANGE = 2
LP_ERROR_MEMORY = 3
LP_ERROR_CANCELLED = 4
LP_ERROR_UNSUPPORTED = 5
LP_ERROR_IO = 6
LP_ERROR_FORMAT = 7
LP_ERROR_NUMERICAL = 8
LP_ERROR_STATE = 9
LP_ERROR_INTERNAL = 10
LP_FLOAT64 = 0
LP_FLOAT32 = 1
LP_INT64 = 2
LP_INT32 = 3
LP_NAMES_METHODS = 0
LP_NAMES_LOSSES = 1
LP_NAMES_LOSS_FAMILIES = 2
LP_NAMES_PROVIDERS = 3
LP_BUDGETS = 0
LP_PENALTIES = 1
LP_FEATURE_NORM_DEFAULT = 0
LP_FEATURE_NORM_PER_CLASS = 1
LP_FEATURE_NORM_PER_SAMPLE = 2
LP_BIAS_NONE = 0
LP_BIAS_FREE = 1
LP_BIAS_PENALISED = 2
LP_CSC = 0
LP_CSR = 1
LP_MODEL_CLASSES = 0
LP_MODEL_TARGETS = 1
LP_STATUS_OPTIMAL = 0
LP_STATUS_STATIONARY = 1
LP_STATUS_ITERATION_LIMIT = 2
LP_STATUS_TIME_LIMIT = 3
LP_STATUS_MEMORY_LIMIT = 4
LP_STATUS_STALLED = 5
LP_STATUS_CANCELLED = 6
LP_STATUS_NUMERICAL_ERROR = 7
LP_STATUS_NOT_SOLVED = -1
LP_CLASSIFIER = 0
LP_FEATURES = 1
LP_BIAS = 2
LP_LOGITS = 3
LP_CLASSIFIER_GRAM = 4
LP_FEATURE_GRAM = 5
LP_CLASSIFIER_COSINES = 6
LP_FEATURE_COSINES = 7
LP_COLLAPSE_RATIOS = 8
LP_SAMPLE_FEATURES = 9
LP_SEMIDEFINITE_POINT = 10
LP_DUAL = 11
LP_DUAL_GRADIENT = 0
LP_DUAL_LEVELLED = 1
LP_DUAL_ALIGNED = 2
LP_DUAL_INHERITED = 3
LP_DUAL_NONE = 4
LP_CHECK_HOLDS = 0
LP_CHECK_FAILS = 1
LP_CHECK_UNCONFIRMED = 2
LP_MEAN_CLASSES = 0
LP_MEAN_SAMPLES = 1
LP_MEAN_NONE = 2
LP_MEASURED_CLASS_MEANS = 0
LP_MEASURED_SAMPLE_MEAN = 1
LP_MEASURED_WITHIN_SCATTER = 2
LP_MEASURED_MEAN_COSINES = 3
LP_MEASURED_CLASSIFIER_COSINES = 4
LP_FAMILIES_ALL = 0
LP_FAMILIES_LAYER_PEELED = 1
LP_FAMILIES_UNCONSTRAINED = 2
LP_STRENGTH_BUDGETS = 0
LP_STRENGTH_WEIGHT_DECAY = 1
LP_STRENGTH_FIT = 2
LP_RULE_NONE = 0
LP_RULE_INVERSE_FREQUENCY = 1
LP_RULE_SQUARE_ROOT_INVERSE = 2
LP_RULE_EFFECTIVE_NUMBER = 3
LP_RULE_POWER = 4
LP_RULE_OVERSAMPLING = 5
LP_RULE_CUSTOM = 6
LP_MITIGATION_RULE = 0
LP_MITIGATION_LOSS = 1
LP_MITIGATION_WEAKEST_POWER = 2
LP_MITIGATION_WEAKEST_LOSS = 3
LP_MEMBER_LAYER_PEELED = 0
LP_MEMBER_UNCONSTRAINED_FEATURES = 1
LP_MEMBER_MAX_MARGIN = 2
LP_MEMBER_RECTIFIED = 3
LP_MEMBER_CONTRASTIVE = 4
LP_MEMBER_SPHERICAL = 5


class lp_array(Structure):
    _fields_ = [
        ("struct_size", c_size_t),
        ("data", c_void_p),
        ("dtype", c_int32),
        ("reserved", c_int32),
        ("rows", c_int64),
        ("cols", c_int64),
        ("row_stride", c_int64),
        ("col_stride", c_int64),
    ]


class lp_progress(Structure):
    _fields_ = [
        ("struct_size", c_size_t),
        ("method", c_char_p),
        ("iteration", c_int32),
        ("reserved", c_int32),
        ("objective", c_double),
        ("log10_objective", c_double),
        ("stationarity", c_double),
        ("relative_gap", c_double),
        ("seconds", c_double),
    ]


lp_progress_callback = CFUNCTYPE(c_int32, POINTER(lp_progress), c_void_p)


class lp_control(Structure):
    _fields_ = [
        ("struct_size", c_size_t),
        ("progress", lp_progress_callback),
        ("user", c_void_p),
        ("token", c_void_p),
    ]


class lp_model_config(Structure):
    _fields_ = [
        ("struct_size", c_size_t),
        ("regulariser", c_int32),
        ("feature_norm", c_int32),
        ("classifier", c_double),
        ("feature", c_double),
        ("bias", c_int32),
        ("feature_dimension", c_int32),
        ("bias_penalty", c_double),
        ("loss", c_char_p),
    ]


class lp_model_info(Structure):
    _fields_ = [
        ("struct_size", c_size_t),
        ("kind", c_int32),
        ("regulariser", c_int32),
        ("feature_norm", c_int32),
        ("bias", c_int32),
        ("classes", c_int64),
        ("columns", c_int64),
        ("groups", c_int64),
        ("feature_dimension", c_int64),
        ("classifier", c_double),
        ("feature", c_double),
        ("bias_penalty", c_double),
        ("examples", c_double),
        ("effective_total", c_double),
        ("entropy_floor", c_double),
        ("given_contexts", c_int64),
        ("are_counts", c_int32),
        ("reserved", c_int32),
        ("loss", c_char_p),
    ]


class lp_solve_options(Structure):
    _fields_ = [
        ("struct_size", c_size_t),
        ("method", c_char_p),
        ("gap_tolerance", c_double),
        ("geometry_tolerance", c_double),
        ("stationarity_tolerance", c_double),
        ("time_limit", c_double),
        ("memory", c_int64),
        ("max_iterations", c_int32),
        ("seed", c_int32),
        ("record_trace", c_int32),
        ("reserved", c_int32),
    ]


class lp_solution_info(Structure):
    _fields_ = [
        ("struct_size", c_size_t),
        ("status", c_int32),
        ("model_kind", c_int32),
        ("is_proof", c_int32),
        ("iterations", c_int32),
        ("classes", c_int64),
        ("columns", c_int64),
        ("groups", c_int64),
        ("feature_dimension", c_int64),
        ("rank", c_int64),
        ("excess_rank", c_int64),
        ("classes_below_critical_size", c_int64),
        ("objective", c_double),
        ("loss", c_double),
        ("upper_bound", c_double),
        ("lower_bound", c_double),
        ("absolute_gap", c_double),
        ("relative_gap", c_double),
        ("gap_tolerance", c_double),
        ("log10_objective", c_double),
        ("log10_upper_bound", c_double),
        ("log10_lower_bound", c_double),
        ("log10_absolute_gap", c_double),
        ("multiplier", c_double),
        ("log10_multiplier", c_double),
        ("classifier_multiplier", c_double),
        ("feature_multiplier", c_double),
        ("critical_class_size", c_double),
        ("log10_critical_class_size", c_double),
        ("geometry_error", c_double),
        ("constraint_violation", c_double),
        ("seconds", c_double),
        ("entropy_floor", c_double),
        ("excess", c_double),
        ("excess_upper_bound", c_double),
        ("excess_lower_bound", c_double),
        ("distinct_contexts", c_int64),
        ("budgets_are_slack", c_int32),
        ("is_loaded", c_int32),
        ("method", c_char_p),
        ("reason", c_char_p),
    ]


class lp_group(Structure):
    _fields_ = [
        ("struct_size", c_size_t),
        ("classes", c_int64),
        ("count", c_double),
        ("loss_weight", c_double),
        ("classifier_norm2", c_double),
        ("feature_norm2", c_double),
        ("bias", c_double),
        ("classifier_cosine", c_double),
        ("feature_cosine", c_double),
        ("least_classifier_cosine", c_double),
        ("largest_classifier_cosine", c_double),
        ("least_feature_cosine", c_double),
        ("largest_feature_cosine", c_double),
        ("collapse_ratio", c_double),
        ("collapsed", c_int32),
        ("reserved", c_int32),
    ]


class lp_certificate(Structure):
    _fields_ = [
        ("struct_size", c_size_t),
        ("kind", c_int32),
        ("is_proof", c_int32),
        ("objective", c_double),
        ("upper_bound", c_double),
        ("lower_bound", c_double),
        ("absolute_gap", c_double),
        ("relative_gap", c_double),
        ("log10_objective", c_double),
        ("log10_upper_bound", c_double),
        ("log10_lower_bound", c_double),
        ("log10_absolute_gap", c_double),
        ("multiplier", c_double),
        ("log10_multiplier", c_double),
        ("dual_norm", c_double),
        ("classifier_multiplier", c_double),
        ("feature_multiplier", c_double),
        ("constraint_violation", c_double),
    ]


class lp_save_options(Structure):
    _fields_ = [
        ("struct_size", c_size_t),
        ("class_names", POINTER(c_char_p)),
        ("class_name_count", c_int64),
        ("source", c_char_p),
        ("without_matrices", c_int32),
        ("reserved", c_int32),
    ]


class lp_verification_info(Structure):
    _fields_ = [
        ("struct_size", c_size_t),
        ("holds", c_int32),
        ("certified", c_int32),
    ]


class lp_check(Structure):
    _fields_ = [
        ("struct_size", c_size_t),
        ("name", c_char_p),
        ("detail", c_char_p),
        ("outcome", c_int32),
        ("reserved", c_int32),
    ]


class lp_threshold(Structure):
    _fields_ = [
        ("struct_size", c_size_t),
        ("majority_classes", c_int64),
        ("minority_classes", c_int64),
        ("budget_product", c_double),
        ("ratio", c_double),
        ("log_ratio", c_double),
        ("critical_share", c_double),
        ("log_critical_share", c_double),
        ("objective", c_double),
        ("log_objective", c_double),
        ("majority_cosine", c_double),
        ("cross_cosine", c_double),
        ("minority_norm2_ratio", c_double),
        ("budget_elasticity", c_double),
        ("model_ratio", c_double),
        ("collapses", c_int32),
        ("reserved", c_int32),
    ]


class lp_side(Structure):
    _fields_ = [
        ("majority_norm2", c_double),
        ("minority_norm2", c_double),
        ("majority_cosine", c_double),
        ("minority_cosine", c_double),
        ("cross_cosine", c_double),
    ]


class lp_sweep_row(Structure):
    _fields_ = [
        ("struct_size", c_size_t),
        ("ratio", c_double),
        ("status", c_int32),
        ("collapsed", c_int32),
        ("objective", c_double),
        ("relative_gap", c_double),
        ("multiplier", c_double),
        ("classifier", lp_side),
        ("feature", lp_side),
    ]


class lp_sweep_options(Structure):
    _fields_ = [
        ("struct_size", c_size_t),
        ("majority_classes", c_int32),
        ("minority_classes", c_int32),
        ("classifier_budget", c_double),
        ("feature_budget", c_double),
        ("gap_tolerance", c_double),
        ("threads", c_int32),
        ("reserved", c_int32),
    ]


class lp_network(Structure):
    _fields_ = [
        ("struct_size", c_size_t),
        ("features", POINTER(lp_array)),
        ("labels", POINTER(lp_array)),
        ("weight", POINTER(lp_array)),
        ("bias", POINTER(lp_array)),
        ("class_labels", POINTER(lp_array)),
        ("other_features", POINTER(lp_array)),
    ]


class lp_metrics_options(Structure):
    _fields_ = [
        ("struct_size", c_size_t),
        ("global_mean", c_int32),
        ("without_second_pass", c_int32),
        ("rank_tolerance", c_double),
        ("groups", POINTER(lp_array)),
        ("within_scatter", c_int32),
        ("reserved", c_int32),
    ]


class lp_summary(Structure):
    _fields_ = [
        ("count", c_int64),
        ("mean", c_double),
        ("standard_deviation", c_double),
        ("minimum", c_double),
        ("maximum", c_double),
    ]


class lp_frame(Structure):
    _fields_ = [
        ("norm_variation", c_double),
        ("angle_variation", c_double),
        ("angle_deviation", c_double),
        ("gram_deviation", c_double),
        ("interference", c_double),
        ("norms", lp_summary),
        ("cosines", lp_summary),
        ("distances", lp_summary),
        ("logarithmic_kernel", lp_summary),
        ("inverse_distances", lp_summary),
    ]


class lp_metrics(Structure):
    _fields_ = [
        ("struct_size", c_size_t),
        ("samples", c_int64),
        ("classes", c_int64),
        ("dimension", c_int64),
        ("groups", c_int64),
        ("global_mean", c_int32),
        ("has_classifier", c_int32),
        ("has_second_pass", c_int32),
        ("between_rank", c_int32),
        ("classifier_budget", c_double),
        ("feature_budget", c_double),
        ("uncentred_feature_budget", c_double),
        ("nc1_pseudo_inverse", c_double),
        ("nc1_class_balanced_pseudo_inverse", c_double),
        ("nc1_trace_ratio", c_double),
        ("nc1_class_balanced_trace_ratio", c_double),
        ("within_trace", c_double),
        ("between_trace", c_double),
        ("class_distance", lp_summary),
        ("log10_class_distance", lp_summary),
        ("means", lp_frame),
        ("classifiers", lp_frame),
        ("nc3_distance", c_double),
        ("nc3_logit_deviation", c_double),
        ("uniform_duality", c_double),
        ("alignment", lp_summary),
        ("similarity", lp_summary),
        ("nc4_disagreement", c_double),
        ("classifier_accuracy", c_double),
        ("nearest_mean_accuracy", c_double),
        ("other_samples", c_int64),
        ("nc5", lp_summary),
        ("nc5_samples", lp_summary),
        ("notes", c_char_p),
    ]


class lp_group_metrics(Structure):
    _fields_ = [
        ("struct_size", c_size_t),
        ("classes", c_int64),
        ("smallest_count", c_int64),
        ("largest_count", c_int64),
        ("classifier_norms", lp_summary),
        ("mean_norms", lp_summary),
        ("classifier_cosines", lp_summary),
        ("mean_cosines", lp_summary),
        ("within_variances", lp_summary),
    ]


class lp_class_metrics(Structure):
    _fields_ = [
        ("struct_size", c_size_t),
        ("label", c_int64),
        ("count", c_int64),
        ("group", c_int64),
        ("classifier_accuracy", c_double),
        ("nearest_mean_accuracy", c_double),
        ("disagreement", c_double),
        ("variability", c_double),
    ]


class lp_diagnosis_options(Structure):
    _fields_ = [
        ("struct_size", c_size_t),
        ("global_mean", c_int32),
        ("most_groups", c_int32),
        ("loss", c_char_p),
        ("loss_weights", POINTER(lp_array)),
        ("families", c_int32),
        ("bias_decay_is_known", c_int32),
        ("classifier_decay", c_double),
        ("bias_decay", c_double),
        ("feature_penalty", c_double),
    ]


class lp_diagnosis_info(Structure):
    _fields_ = [
        ("struct_size", c_size_t),
        ("status", c_int32),
        ("reserved", c_int32),
        ("groups", c_int64),
        ("collapsed_classes", c_int64),
        ("classifier_budget", c_double),
        ("feature_budget", c_double),
        ("objective", c_double),
        ("relative_gap", c_double),
        ("multiplier", c_double),
        ("critical_class_size", c_double),
        ("notes", c_char_p),
    ]


class lp_group_comparison(Structure):
    _fields_ = [
        ("struct_size", c_size_t),
        ("classes", c_int64),
        ("smallest_count", c_int64),
        ("largest_count", c_int64),
        ("classes_below_critical_size", c_int64),
        ("measured_classifier_norms", lp_summary),
        ("predicted_classifier_norms", lp_summary),
        ("measured_mean_norms", lp_summary),
        ("predicted_mean_norms", lp_summary),
        ("measured_classifier_cosines", lp_summary),
        ("predicted_classifier_cosines", lp_summary),
        ("measured_mean_cosines", lp_summary),
        ("predicted_mean_cosines", lp_summary),
    ]


class lp_collapsed_class(Structure):
    _fields_ = [
        ("struct_size", c_size_t),
        ("index", c_int64),
        ("label", c_int64),
        ("count", c_int64),
        ("effective_count", c_double),
        ("balancing_weight", c_double),
    ]


class lp_misfit(Structure):
    _fields_ = [
        ("total", c_double),
        ("classifier_cosines", c_double),
        ("classifier_norms", c_double),
        ("mean_cosines", c_double),
        ("mean_norms", c_double),
    ]


class lp_family_member(Structure):
    _fields_ = [
        ("struct_size", c_size_t),
        ("name", c_char_p),
        ("source", c_int32),
        ("status", c_int32),
        ("goodness", c_double),
        ("misfit", lp_misfit),
        ("regulariser", c_int32),
        ("feature_norm", c_int32),
        ("classifier", c_double),
        ("feature", c_double),
        ("bias_penalty", c_double),
        ("bias", c_int32),
        ("reserved", c_int32),
        ("relative_gap", c_double),
    ]


class lp_family_info(Structure):
    _fields_ = [
        ("struct_size", c_size_t),
        ("members", c_int64),
        ("is_described", c_int32),
        ("reserved", c_int32),
        ("simplex_etf", lp_misfit),
        ("best_without_variation", lp_misfit),
        ("variation_share", c_double),
        ("verdict", c_char_p),
        ("notes", c_char_p),
    ]


class lp_target_diagnosis(Structure):
    _fields_ = [
        ("struct_size", c_size_t),
        ("classifier_budget", c_double),
        ("feature_budget", c_double),
        ("entropy_floor", c_double),
        ("excess", c_double),
        ("excess_of_nothing", c_double),
        ("share_gained", c_double),
        ("classifier_gram_distance", c_double),
        ("feature_gram_distance", c_double),
        ("logit_distance", c_double),
    ]


class lp_rule(Structure):
    _fields_ = [
        ("struct_size", c_size_t),
        ("kind", c_int32),
        ("reserved", c_int32),
        ("parameter", c_double),
        ("below", c_double),
        ("weights", POINTER(lp_array)),
        ("name", c_char_p),
    ]


class lp_mitigation_options(Structure):
    _fields_ = [
        ("struct_size", c_size_t),
        ("classifier_budget", c_double),
        ("feature_budget", c_double),
        ("rules", POINTER(lp_rule)),
        ("rule_count", c_int64),
        ("losses", POINTER(c_char_p)),
        ("loss_count", c_int64),
        ("weakest_families", POINTER(c_char_p)),
        ("weakest_family_count", c_int64),
        ("find_weakest_power", c_int32),
        ("minority_classes", c_int32),
        ("power_tolerance", c_double),
        ("family_tolerance", c_double),
    ]


class lp_mitigation_row(Structure):
    _fields_ = [
        ("struct_size", c_size_t),
        ("name", c_char_p),
        ("kind", c_int32),
        ("status", c_int32),
        ("objective", c_double),
        ("relative_gap", c_double),
        ("multiplier", c_double),
        ("critical_class_size", c_double),
        ("classes_below_critical_size", c_int64),
        ("collapsed_cosine", c_double),
        ("minority_cosine", c_double),
        ("minority_norm2", c_double),
        ("smallest_norm2", c_double),
        ("largest_norm2", c_double),
        ("balanced_loss", c_double),
        ("worst_margin", c_double),
        ("worst_class", c_int64),
        ("value", c_double),
        ("too_weak_value", c_double),
        ("separates", c_int32),
        ("is_certified", c_int32),
        ("solves", c_int64),
    ]


class lp_compared_side(Structure):
    _fields_ = [
        ("norm2_ratio", c_double),
        ("majority_cosine", c_double),
        ("minority_cosine", c_double),
        ("cross_cosine", c_double),
    ]


class lp_compared_member(Structure):
    _fields_ = [
        ("struct_size", c_size_t),
        ("kind", c_int32),
        ("status", c_int32),
        ("collapsed_classes", c_int64),
        ("objective", c_double),
        ("relative_gap", c_double),
        ("classifier", lp_compared_side),
        ("feature", lp_compared_side),
        ("loss", c_char_p),
        ("refusal", c_char_p),
    ]


# name: (type of the result, types of the arguments)
FUNCTIONS = {
    "lp_last_error": (c_char_p, []),
    "lp_last_error_kind": (c_char_p, []),
    "lp_version": (c_char_p, []),
    "lp_abi_version": (c_int32, []),
    "lp_text_get": (c_int32, [c_void_p, POINTER(c_char_p), POINTER(c_int64)]),
    "lp_text_free": (c_int32, [c_void_p]),
    "lp_names": (c_int32, [c_int32, POINTER(c_void_p)]),
    "lp_get_threads": (c_int32, [POINTER(c_int32)]),
    "lp_set_threads": (c_int32, [c_int32]),
    "lp_use_linear_algebra": (c_int32, [c_char_p]),
    "lp_token_create": (c_int32, [POINTER(c_void_p)]),
    "lp_token_cancel": (c_int32, [c_void_p]),
    "lp_token_is_cancelled": (c_int32, [c_void_p, POINTER(c_int32)]),
    "lp_token_free": (c_int32, [c_void_p]),
    "lp_model_from_counts": (c_int32, [POINTER(lp_array), POINTER(lp_array), POINTER(lp_model_config), POINTER(c_void_p)]),
    "lp_model_from_groups": (c_int32, [POINTER(lp_array), POINTER(lp_array), POINTER(lp_array), POINTER(lp_model_config), POINTER(c_void_p)]),
    "lp_model_from_targets": (c_int32, [POINTER(lp_array), POINTER(lp_array), POINTER(lp_model_config), POINTER(c_void_p)]),
    "lp_model_from_sparse_targets": (c_int32, [c_int32, c_int64, c_int64, POINTER(lp_array), POINTER(lp_array), POINTER(lp_array), POINTER(lp_array), POINTER(lp_model_config), POINTER(c_void_p)]),
    "lp_model_get_info": (c_int32, [c_void_p, POINTER(lp_model_info)]),
    "lp_model_get_index": (c_int32, [c_void_p, POINTER(lp_array)]),
    "lp_model_free": (c_int32, [c_void_p]),
    "lp_long_tail": (c_int32, [c_double, c_double, POINTER(lp_array)]),
    "lp_solve": (c_int32, [c_void_p, POINTER(lp_solve_options), POINTER(lp_control), POINTER(c_void_p)]),
    "lp_solution_get_info": (c_int32, [c_void_p, POINTER(lp_solution_info)]),
    "lp_solution_get_shape": (c_int32, [c_void_p, c_int32, POINTER(c_int64), POINTER(c_int64)]),
    "lp_solution_get_matrix": (c_int32, [c_void_p, c_int32, POINTER(lp_array)]),
    "lp_solution_get_groups": (c_int32, [c_void_p, POINTER(lp_group), c_int64, POINTER(c_int64)]),
    "lp_solution_get_trace": (c_int32, [c_void_p, POINTER(lp_progress), c_int64, POINTER(c_int64)]),
    "lp_solution_free": (c_int32, [c_void_p]),
    "lp_certify": (c_int32, [c_void_p, POINTER(lp_array), POINTER(lp_array), POINTER(lp_array), POINTER(lp_certificate)]),
    "lp_solution_save": (c_int32, [c_void_p, c_char_p, POINTER(lp_save_options)]),
    "lp_solution_to_json": (c_int32, [c_void_p, POINTER(lp_save_options), POINTER(c_void_p)]),
    "lp_convert": (c_int32, [c_char_p, c_char_p]),
    "lp_solution_load": (c_int32, [c_char_p, POINTER(c_void_p)]),
    "lp_verify": (c_int32, [c_char_p, POINTER(c_void_p)]),
    "lp_verification_get_info": (c_int32, [c_void_p, POINTER(lp_verification_info)]),
    "lp_verification_get_certificate": (c_int32, [c_void_p, POINTER(lp_certificate)]),
    "lp_verification_get_checks": (c_int32, [c_void_p, POINTER(lp_check), c_int64, POINTER(c_int64)]),
    "lp_verification_free": (c_int32, [c_void_p]),
    "lp_threshold_at": (c_int32, [c_int32, c_int32, c_double, POINTER(lp_threshold)]),
    "lp_threshold_at_ratio": (c_int32, [c_int32, c_int32, c_double, POINTER(lp_threshold)]),
    "lp_threshold_of_model": (c_int32, [c_void_p, POINTER(lp_threshold)]),
    "lp_penalty_thresholds": (c_int32, [c_void_p, POINTER(c_double), POINTER(lp_array)]),
    "lp_sweep": (c_int32, [POINTER(lp_array), POINTER(lp_sweep_options), POINTER(lp_control), POINTER(lp_sweep_row), c_int64, POINTER(c_int64)]),
    "lp_measure": (c_int32, [POINTER(lp_network), POINTER(lp_metrics_options), POINTER(lp_control), POINTER(c_void_p)]),
    "lp_measurement_get_metrics": (c_int32, [c_void_p, POINTER(lp_metrics)]),
    "lp_measurement_get_groups": (c_int32, [c_void_p, POINTER(lp_group_metrics), c_int64, POINTER(c_int64)]),
    "lp_measurement_get_classes": (c_int32, [c_void_p, POINTER(lp_class_metrics), c_int64, POINTER(c_int64)]),
    "lp_measurement_get_shape": (c_int32, [c_void_p, c_int32, POINTER(c_int64), POINTER(c_int64)]),
    "lp_measurement_get_matrix": (c_int32, [c_void_p, c_int32, POINTER(lp_array)]),
    "lp_measurement_free": (c_int32, [c_void_p]),
    "lp_diagnose": (c_int32, [c_void_p, POINTER(lp_diagnosis_options), POINTER(lp_control), POINTER(c_void_p)]),
    "lp_diagnosis_get_info": (c_int32, [c_void_p, POINTER(lp_diagnosis_info)]),
    "lp_diagnosis_get_groups": (c_int32, [c_void_p, POINTER(lp_group_comparison), c_int64, POINTER(c_int64)]),
    "lp_diagnosis_get_collapsed": (c_int32, [c_void_p, POINTER(lp_collapsed_class), c_int64, POINTER(c_int64)]),
    "lp_diagnosis_get_solution": (c_int32, [c_void_p, POINTER(c_void_p)]),
    "lp_diagnosis_free": (c_int32, [c_void_p]),
    "lp_diagnose_family": (c_int32, [c_void_p, POINTER(lp_diagnosis_options), POINTER(lp_control), POINTER(c_void_p)]),
    "lp_diagnose_classifier": (c_int32, [POINTER(lp_array), POINTER(lp_array), c_int32, POINTER(lp_diagnosis_options), POINTER(lp_control), POINTER(c_void_p)]),
    "lp_family_get_info": (c_int32, [c_void_p, POINTER(lp_family_info)]),
    "lp_family_get_members": (c_int32, [c_void_p, POINTER(lp_family_member), c_int64, POINTER(c_int64)]),
    "lp_family_get_solution": (c_int32, [c_void_p, c_int64, POINTER(c_void_p)]),
    "lp_family_free": (c_int32, [c_void_p]),
    "lp_diagnose_targets": (c_int32, [c_void_p, POINTER(lp_array), POINTER(lp_array), POINTER(lp_solve_options), POINTER(lp_control), POINTER(lp_target_diagnosis), POINTER(c_void_p)]),
    "lp_mitigate": (c_int32, [POINTER(lp_array), POINTER(lp_mitigation_options), POINTER(lp_control), POINTER(c_void_p)]),
    "lp_mitigation_get_rows": (c_int32, [c_void_p, POINTER(lp_mitigation_row), c_int64, POINTER(c_int64)]),
    "lp_mitigation_get_weights": (c_int32, [c_void_p, c_int64, POINTER(lp_array)]),
    "lp_mitigation_get_solution": (c_int32, [c_void_p, c_int64, POINTER(c_void_p)]),
    "lp_mitigation_get_escaping_rate": (c_int32, [c_void_p, POINTER(c_double)]),
    "lp_mitigation_free": (c_int32, [c_void_p]),
    "lp_compare": (c_int32, [c_void_p, POINTER(c_int32), c_int64, POINTER(lp_solve_options), POINTER(lp_control), POINTER(c_void_p)]),
    "lp_comparison_get_members": (c_int32, [c_void_p, POINTER(lp_compared_member), c_int64, POINTER(c_int64)]),
    "lp_comparison_free": (c_int32, [c_void_p]),
}
