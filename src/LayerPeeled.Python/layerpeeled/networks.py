"""Trained networks: metrics of neural collapse, and the network beside the optimum at its own class counts and budgets."""
from __future__ import annotations

from dataclasses import dataclass
from typing import Any, List, Optional, Tuple

import numpy as np

from . import _abi
from ._arrays import as_array, integers, matrix, numbers, optional_view, pointer, view
from ._control import CancelToken, ProgressCallback, in_background, watched
from ._library import Handle, check, created, encoded, library, rows, sized
from ._records import Status, choice, filled, lines, record, status_of
from .errors import InvalidArgumentError
from .models import TargetModel
from .solutions import Solution, solve_options

_MEANS = {"classes": _abi.LP_MEAN_CLASSES, "samples": _abi.LP_MEAN_SAMPLES, "none": _abi.LP_MEAN_NONE}
_STRENGTHS = {_abi.LP_STRENGTH_BUDGETS: "budgets", _abi.LP_STRENGTH_WEIGHT_DECAY: "weight decay", _abi.LP_STRENGTH_FIT: "fit"}
_FAMILIES = {"all": _abi.LP_FAMILIES_ALL, "layer-peeled": _abi.LP_FAMILIES_LAYER_PEELED, "unconstrained": _abi.LP_FAMILIES_UNCONSTRAINED}


@record
@dataclass(frozen=True)
class Summary:
    """Of some numbers; NaN where there are none. The deviation is divided by the count."""

    count: int
    mean: float
    standard_deviation: float
    minimum: float
    maximum: float


@record
@dataclass(frozen=True)
class Frame:
    """NC2: how far vectors are from a simplex ETF. Every deviation of one is 0."""

    norm_variation: float
    angle_variation: float
    angle_deviation: float
    gram_deviation: float
    interference: float
    norms: Summary
    cosines: Summary
    distances: Summary
    logarithmic_kernel: Summary
    inverse_distances: Summary


@record
@dataclass(frozen=True)
class Metrics:
    """Neural collapse of a network; NaN where something is undefined or was left out, which `notes` says.

    Attributes
    ----------
    samples, classes, dimension, groups : int
        N, K, p, and the groups of classes.
    classifier_budget, feature_budget : float
        E_W = |W|^2 / K, and E_H around the mean of the samples; `uncentred_feature_budget` around 0.
    nc1_pseudo_inverse, nc1_trace_ratio, ... : float
        tr(S_W S_B^+) / K and tr S_W / tr S_B, and the same with every class counting alike.
    means, classifiers : Frame
        NC2 of the centred class means and of the rows of W.
    nc3_distance : float
        |W / |W| - M / |M||, 0 to 2.
    nc4_disagreement : float
        Share of examples where classifier and nearest class mean differ.
    notes : tuple of str
        What is undefined or was left out.
    """

    samples: int
    classes: int
    dimension: int
    groups: int
    between_rank: int
    classifier_budget: float
    feature_budget: float
    uncentred_feature_budget: float
    nc1_pseudo_inverse: float
    nc1_class_balanced_pseudo_inverse: float
    nc1_trace_ratio: float
    nc1_class_balanced_trace_ratio: float
    within_trace: float
    between_trace: float
    class_distance: Summary
    log10_class_distance: Summary
    means: Frame
    classifiers: Frame
    nc3_distance: float
    nc3_logit_deviation: float
    uniform_duality: float
    alignment: Summary
    similarity: Summary
    nc4_disagreement: float
    classifier_accuracy: float
    nearest_mean_accuracy: float
    other_samples: int
    nc5: Summary
    nc5_samples: Summary
    notes: Tuple[str, ...]


@dataclass(frozen=True)
class GroupMetrics:
    """A group of classes of a network."""

    classes: int
    smallest_count: int
    largest_count: int
    classifier_norms: Summary
    mean_norms: Summary
    classifier_cosines: Summary
    mean_cosines: Summary
    within_variances: Summary


@dataclass(frozen=True)
class ClassMetrics:
    """A class of a network; NaN without classifier, examples or second pass."""

    name: Any
    count: int
    group: int
    classifier_accuracy: float
    nearest_mean_accuracy: float
    disagreement: float
    variability: float


class Measurement:
    """A network as `metrics` has measured it.

    Attributes
    ----------
    metrics : Metrics
        The numbers; each of them is an attribute of the measurement itself, too.
    groups : list of GroupMetrics
    classes : list of ClassMetrics
    """

    def __init__(self, handle: Handle, names: Optional[np.ndarray]) -> None:
        self._handle = handle
        self._names = names
        found = sized(_abi.lp_metrics)
        check(library.lp_measurement_get_metrics(handle, found))
        self.metrics = filled(Metrics, found)
        self.groups = [filled(GroupMetrics, row) for row in rows(_abi.lp_group_metrics, library.lp_measurement_get_groups, handle)]
        self.classes = [filled(ClassMetrics, row, name=name_of(names, row.label))
                        for row in rows(_abi.lp_class_metrics, library.lp_measurement_get_classes, handle)]

    def __getattr__(self, name: str) -> Any:
        if name.startswith("_") or name == "metrics":
            raise AttributeError(name)
        return getattr(self.metrics, name)

    @property
    def class_means(self) -> np.ndarray:
        """As they are, not centred: shape (p, K)."""
        return self._matrix(_abi.LP_MEASURED_CLASS_MEANS)

    @property
    def sample_mean(self) -> np.ndarray:
        """Mean of all samples: shape (p,)."""
        return self._matrix(_abi.LP_MEASURED_SAMPLE_MEAN)[:, 0]

    @property
    def within_scatter(self) -> Optional[np.ndarray]:
        """S_W: shape (p, p); None where it was not asked for."""
        return self._matrix(_abi.LP_MEASURED_WITHIN_SCATTER)

    @property
    def mean_cosines(self) -> np.ndarray:
        """Between groups of centred class means: shape (G, G)."""
        return self._matrix(_abi.LP_MEASURED_MEAN_COSINES)

    @property
    def classifier_cosines(self) -> Optional[np.ndarray]:
        """Between groups of classifiers: shape (G, G); None without weight."""
        return self._matrix(_abi.LP_MEASURED_CLASSIFIER_COSINES)

    def __repr__(self) -> str:
        m = self.metrics
        return (f"Measurement({m.samples} samples, {m.classes} classes, p={m.dimension}, NC1 {m.nc1_pseudo_inverse:.3g}, "
                f"NC2 {m.means.angle_variation:.3g}, NC3 {m.nc3_distance:.3g}, NC4 {m.nc4_disagreement:.3g})")

    def _matrix(self, which: int) -> Any:
        return matrix(library.lp_measurement_get_shape, library.lp_measurement_get_matrix, self._handle, which)


def metrics(
    features: Any,
    labels: Any,
    weight: Any = None,
    bias: Any = None,
    *,
    class_labels: Any = None,
    other_features: Any = None,
    global_mean: str = "classes",
    second_pass: bool = True,
    rank_tolerance: Optional[float] = None,
    groups: Any = None,
    within_scatter: bool = False,
    cancel: Optional[CancelToken] = None,
) -> Measurement:
    """Measures neural collapse in a trained network.

    Features are read where they lie, in blocks, from arrays of any strides in single or double precision: NumPy, or tensors of PyTorch on the CPU.

    Parameters
    ----------
    features : array-like of shape (N, p)
        Inputs of the last layer, a row an example.
    labels : array-like of shape (N,) or (N, K)
        The class of each example: whole numbers, names, or one-hot.
    weight : array-like of shape (K, p), optional
        The last layer; without it metrics of the features alone.
    bias : array-like of shape (K,), optional
        Its bias.
    class_labels : array-like of shape (K,), optional
        The label of each row of weight; labels in ascending order by default.
    other_features : array-like of shape (n, p), optional
        Features of other data, for NC5.
    global_mean : {"classes", "samples", "none"}
        From where class means are measured.
    second_pass : bool
        Whether to compute NC4, accuracies and class-balanced NC1 too, at three times the time.
    rank_tolerance : float, optional
        Of the between-class scatter; roundoff by default.
    groups : array-like of shape (K,), optional
        The group of each class; classes with equal counts by default.
    within_scatter : bool
        Whether to keep S_W, at N p^2 operations more; without a second pass it is there anyway.
    cancel : CancelToken, optional
        Stops from another thread, with `CancelledError`.

    Returns
    -------
    Measurement

    Examples
    --------
    >>> features = np.repeat(np.eye(3), 4, axis=0)
    >>> measured = layerpeeled.metrics(features, np.repeat([0, 1, 2], 4), np.eye(3))
    >>> measured.nc1_trace_ratio, measured.classifier_accuracy
    (0.0, 1.0)
    """
    network, names = _network(features, labels, weight, bias, class_labels, other_features)
    options = sized(_abi.lp_metrics_options)
    options.global_mean = choice(global_mean, _MEANS, "global_mean")
    options.without_second_pass = not second_pass
    options.rank_tolerance = rank_tolerance or 0
    options.within_scatter = within_scatter
    options.groups = pointer(None if groups is None else view(integers(groups, "groups")))
    return in_background(cancel, lambda control: Measurement(
        created(library.lp_measurement_free, library.lp_measure, network, options, control), names))


@dataclass(frozen=True)
class GroupComparison:
    """A group of classes in the network (measured) and in the optimum (predicted)."""

    classes: int
    smallest_count: int
    largest_count: int
    classes_below_critical_size: int
    measured_classifier_norms: Summary
    predicted_classifier_norms: Summary
    measured_mean_norms: Summary
    predicted_mean_norms: Summary
    measured_classifier_cosines: Summary
    predicted_classifier_cosines: Summary
    measured_mean_cosines: Summary
    predicted_mean_cosines: Summary


@dataclass(frozen=True)
class CollapsedClass:
    """A class at or below the critical size; with `balancing_weight` it would act like the average class."""

    index: int
    name: Any
    count: int
    effective_count: float
    balancing_weight: float


class Diagnosis:
    """A network beside the optimum of the Layer-Peeled Model at its own class counts and budgets.

    Attributes
    ----------
    measurement : Measurement
        The network.
    groups : list of GroupComparison
    collapsed : list of CollapsedClass
        Classes at or below the critical size.
    ew, eh : float
        Measured budgets.
    critical_class_size : float
        n*.
    objective, gap, status
        Of the optimum.
    notes : tuple of str
    """

    def __init__(self, handle: Handle, measurement: Measurement) -> None:
        self._handle = handle
        self.measurement = measurement
        info = sized(_abi.lp_diagnosis_info)
        check(library.lp_diagnosis_get_info(handle, info))
        self.status = status_of(info.status)
        self.ew, self.eh = info.classifier_budget, info.feature_budget
        self.objective, self.gap = info.objective, info.relative_gap
        self.multiplier, self.critical_class_size = info.multiplier, info.critical_class_size
        self.notes = lines(info.notes)
        self.groups = [filled(GroupComparison, row) for row in rows(_abi.lp_group_comparison, library.lp_diagnosis_get_groups, handle)]
        self.collapsed = [filled(CollapsedClass, row, name=name_of(measurement._names, row.label))
                          for row in rows(_abi.lp_collapsed_class, library.lp_diagnosis_get_collapsed, handle)]

    @property
    def solution(self) -> Solution:
        """The optimum."""
        return Solution(created(library.lp_solution_free, library.lp_diagnosis_get_solution, self._handle))

    def __repr__(self) -> str:
        m = self.measurement.metrics
        return (f"Diagnosis({m.classes} classes, ew={self.ew:.6g}, eh={self.eh:.6g}, critical class size {self.critical_class_size:.6g}, "
                f"{len(self.collapsed)} classes below it, {self.status})")


def diagnose(
    features: Any,
    labels: Any,
    weight: Any,
    bias: Any = None,
    *,
    class_labels: Any = None,
    global_mean: str = "classes",
    second_pass: bool = True,
    loss: str = "cross-entropy",
    loss_weights: Any = None,
    most_groups: Optional[int] = None,
    cancel: Optional[CancelToken] = None,
) -> Diagnosis:
    """Lays a trained network beside the optimum of the Layer-Peeled Model at its class counts and its own budgets.

    Parameters
    ----------
    features, labels, weight, bias, class_labels, global_mean, second_pass
        The network, as in `metrics`.
    loss : str
        It was trained with.
    loss_weights : array-like of shape (K,), optional
        Loss weights that it was trained with, in the order of the rows of weight.
    most_groups : int, optional
        Most groups to compare; half the classes, at most 12, by default.
    cancel : CancelToken, optional
        Stops from another thread.

    Returns
    -------
    Diagnosis

    Examples
    --------
    >>> solution = layerpeeled.solve([40, 40, 40, 4, 4], ew=1, eh=5)
    >>> labels = np.repeat(np.arange(5), [40, 40, 40, 4, 4])
    >>> diagnosis = layerpeeled.diagnose(solution.H.T[labels], labels, solution.W)
    >>> len(diagnosis.groups), diagnosis.status
    (2, <Status.OPTIMAL: 'Optimal'>)
    """
    measurement = metrics(features, labels, weight, bias, class_labels=class_labels, global_mean=global_mean, second_pass=second_pass, cancel=cancel)
    options = _diagnosis_options(global_mean, loss, loss_weights, most_groups)
    return in_background(cancel, lambda control: Diagnosis(
        created(library.lp_diagnosis_free, library.lp_diagnose, measurement._handle, options, control), measurement))


@record
@dataclass(frozen=True)
class Misfit:
    """Root mean squares over the groups; NaN where not measured."""

    total: float
    classifier_cosines: float
    classifier_norms: float
    mean_cosines: float
    mean_norms: float


@dataclass(frozen=True)
class FamilyMember:
    """A member of the model's family beside a network: `goodness` is 1 at an optimum of it and 0 for a simplex ETF."""

    name: str
    strength: str
    status: Status
    goodness: float
    misfit: Misfit
    classifier: float
    feature: float
    bias_penalty: float
    relative_gap: float


class Family:
    """Members of the model's family, the one that describes a network best first.

    Attributes
    ----------
    members : list of FamilyMember
    verdict : str
        In a sentence.
    is_described : bool
        Whether the misfit of the best member is at most 0.1.
    notes : tuple of str
    """

    def __init__(self, handle: Handle) -> None:
        self._handle = handle
        info = sized(_abi.lp_family_info)
        check(library.lp_family_get_info(handle, info))
        self.verdict, self.notes, self.is_described = info.verdict.decode("utf-8"), lines(info.notes), info.is_described != 0
        self.members: List[FamilyMember] = [
            filled(FamilyMember, row, strength=_STRENGTHS[row.source]) for row in rows(_abi.lp_family_member, library.lp_family_get_members, handle)]

    def solution(self, member: int = 0) -> Solution:
        """The optimum of a member."""
        return Solution(created(library.lp_solution_free, library.lp_family_get_solution, self._handle, range(len(self.members))[member]))

    def __repr__(self) -> str:
        return "\n".join([f"Family: {self.verdict}", *[f"  {m.name}: misfit {m.misfit.total:.4f}, {m.status}" for m in self.members]])


def diagnose_family(
    network: Any,
    *,
    weight_decay: Optional[float] = None,
    bias_decay: Optional[float] = None,
    feature_penalty: Optional[float] = None,
    families: str = "all",
    loss: str = "cross-entropy",
    loss_weights: Any = None,
    most_groups: Optional[int] = None,
    cancel: Optional[CancelToken] = None,
) -> Family:
    """Which member of the model's family describes a network best.

    Parameters
    ----------
    network : Diagnosis, Measurement, or tuple (counts, weight) or (counts, weight, bias)
        A measured network, or class counts and classifiers alone.
    weight_decay, bias_decay, feature_penalty : float, optional
        lambda_W, lambda_b (0: the bias was left free) and lambda_H of the training, where they are known.
    families : {"all", "layer-peeled", "unconstrained"}
        Which members.
    loss, loss_weights, most_groups, cancel
        As in `diagnose`.

    Returns
    -------
    Family
    """
    options = _diagnosis_options("classes", loss, loss_weights, most_groups)
    options.families = choice(families, _FAMILIES, "families")
    options.classifier_decay, options.feature_penalty = weight_decay or 0, feature_penalty or 0
    options.bias_decay_is_known, options.bias_decay = bias_decay is not None, bias_decay or 0
    if isinstance(network, tuple):
        counts, weight, *bias = network
        views = view(numbers(counts, "counts", 1)), view(numbers(weight, "weight", 2))
        has_bias = bool(bias) and bias[0] is not None
        return in_background(cancel, lambda control: Family(
            created(library.lp_family_free, library.lp_diagnose_classifier, *views, has_bias, options, control)))
    measurement = network.measurement if isinstance(network, Diagnosis) else network
    return in_background(cancel, lambda control: Family(
        created(library.lp_family_free, library.lp_diagnose_family, measurement._handle, options, control)))


@dataclass(frozen=True)
class TargetDiagnosis:
    """A language model beside the optimum of soft targets within the norms that it has.

    Attributes
    ----------
    classifier_budget, feature_budget : float
        |W|^2 / V and |H|^2 / m of the network.
    excess, excess_of_nothing : float
        Over the entropy floor: of the network, and of equal logits.
    share_gained : float
        (nothing - network) / (nothing - optimum).
    classifier_gram_distance, feature_gram_distance, logit_distance : float
        From the optimum, relative.
    solution : Solution
        The optimum.
    """

    classifier_budget: float
    feature_budget: float
    entropy_floor: float
    excess: float
    excess_of_nothing: float
    share_gained: float
    classifier_gram_distance: float
    feature_gram_distance: float
    logit_distance: float
    solution: Solution


def diagnose_targets(
    table: Any, W: Any, H: Any, *, context_weights: Any = None, gap: Optional[float] = None, progress: Optional[ProgressCallback] = None,
    cancel: Optional[CancelToken] = None,
) -> TargetDiagnosis:
    """Lays a language model beside the optimum of soft targets within the norms that it has.

    Parameters
    ----------
    table : array-like of shape (V, m), sparse matrix, or TargetModel
        The targets: see `TargetModel`.
    W : array-like of shape (V, p)
        Embeddings of the tokens.
    H : array-like of shape (p, m)
        Embeddings of the contexts, a column for each column of the table.
    context_weights : array-like of shape (m,), optional
        See `TargetModel`.
    gap : float, optional
        As in `solve`.
    progress, cancel
        As in `solve`.
    """
    # The budgets of the model do not count.
    model = table if isinstance(table, TargetModel) else TargetModel(table, ew=1, eh=1, context_weights=context_weights)
    options = solve_options("auto", gap, None, None, None, None, 0, False)
    found = sized(_abi.lp_target_diagnosis)
    classifier, features = view(numbers(W, "W", 2)), view(numbers(H, "H", 2))

    def call(control: Any) -> TargetDiagnosis:
        optimum = created(library.lp_solution_free, library.lp_diagnose_targets, model._handle, classifier, features, options, control, found)
        return filled(TargetDiagnosis, found, solution=Solution(optimum))

    return watched(progress, cancel, call)


def name_of(names: Optional[np.ndarray], label: int) -> Any:
    """The label as it was given."""
    return label if names is None else names[label].item()


def _network(features: Any, labels: Any, weight: Any, bias: Any, class_labels: Any, other_features: Any) -> Tuple[Any, Optional[np.ndarray]]:
    network = sized(_abi.lp_network)
    given = as_array(labels, "labels")
    if given.ndim == 2 and given.shape[1] > 1:
        given = _of_one_hot(given)
    names: Optional[np.ndarray] = None
    if given.dtype.kind in "USO":
        names, given = np.unique(given.reshape(-1) if class_labels is None else np.append(given.reshape(-1), as_array(class_labels, "class_labels")), return_inverse=True)
        if class_labels is not None:
            given, class_labels = given[:-len(class_labels)], given[-len(class_labels):]
    network.features = pointer(view(_features(features, "features")))
    network.labels = pointer(view(integers(given, "labels")))
    network.weight = pointer(optional_view(weight, "weight", 2))
    network.bias = pointer(optional_view(bias, "bias", 1))
    network.class_labels = pointer(None if class_labels is None else view(integers(class_labels, "class_labels")))
    network.other_features = pointer(None if other_features is None else view(_features(other_features, "other_features")))
    return network, names


def _features(value: Any, name: str) -> np.ndarray:
    array = numbers(value, name, 2)
    return array if array.dtype.kind == "f" else array.astype(np.float64)


def _of_one_hot(rows_of_labels: np.ndarray) -> np.ndarray:
    found = rows_of_labels.argmax(axis=1)
    if not (np.count_nonzero(rows_of_labels, axis=1) == 1).all() or not (rows_of_labels[np.arange(len(found)), found] == 1).all():
        raise InvalidArgumentError(f"labels has the shape {rows_of_labels.shape} and is not one-hot: a vector, or rows with a single 1, are expected.")
    return found


def _diagnosis_options(global_mean: str, loss: str, loss_weights: Any, most_groups: Optional[int]) -> Any:
    options = sized(_abi.lp_diagnosis_options)
    options.global_mean = choice(global_mean, _MEANS, "global_mean")
    options.most_groups = most_groups or 0
    options.loss = None if loss == "cross-entropy" else encoded(loss)
    options.loss_weights = pointer(optional_view(loss_weights, "loss_weights", 1))
    return options
