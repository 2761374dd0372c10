"""Metrics of neural collapse in trained networks."""
from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Optional, Tuple

import numpy as np

from . import _abi
from ._arrays import as_array, integers, matrix, numbers, optional_view, pointer, view
from ._control import CancelToken, in_background
from ._library import Handle, check, created, library, rows, sized
from ._records import choice, filled, record
from .errors import InvalidArgumentError

MEANS = {"classes": _abi.LP_MEAN_CLASSES, "samples": _abi.LP_MEAN_SAMPLES, "none": _abi.LP_MEAN_NONE}


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
    options.global_mean = choice(global_mean, MEANS, "global_mean")
    options.without_second_pass = not second_pass
    options.rank_tolerance = rank_tolerance or 0
    options.within_scatter = within_scatter
    options.groups = pointer(None if groups is None else view(integers(groups, "groups")))
    return in_background(cancel, lambda control: Measurement(
        created(library.lp_measurement_free, library.lp_measure, network, options, control), names))


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
