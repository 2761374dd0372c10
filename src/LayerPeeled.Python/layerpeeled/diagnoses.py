"""Trained networks beside the optimum at their own class counts and budgets."""
from __future__ import annotations

from dataclasses import dataclass
from typing import Any, List, Optional

from . import _abi
from ._arrays import numbers, optional_view, pointer, view
from ._control import CancelToken, ProgressCallback, in_background, watched
from ._library import Handle, check, created, encoded, library, rows, sized
from ._records import Status, choice, filled, lines, record, status_of
from .measurements import MEANS, Measurement, Summary, metrics, name_of
from .models import TargetModel
from .solutions import Solution
from .solving import solve_options

_STRENGTHS = {_abi.LP_STRENGTH_BUDGETS: "budgets", _abi.LP_STRENGTH_WEIGHT_DECAY: "weight decay", _abi.LP_STRENGTH_FIT: "fit"}
_FAMILIES = {"all": _abi.LP_FAMILIES_ALL, "layer-peeled": _abi.LP_FAMILIES_LAYER_PEELED, "unconstrained": _abi.LP_FAMILIES_UNCONSTRAINED}


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


def _diagnosis_options(global_mean: str, loss: str, loss_weights: Any, most_groups: Optional[int]) -> Any:
    options = sized(_abi.lp_diagnosis_options)
    options.global_mean = choice(global_mean, MEANS, "global_mean")
    options.most_groups = most_groups or 0
    options.loss = None if loss == "cross-entropy" else encoded(loss)
    options.loss_weights = pointer(optional_view(loss_weights, "loss_weights", 1))
    return options
