"""Thresholds, sweeps, mitigation, and members of the family side by side."""
from __future__ import annotations

import ctypes
from dataclasses import dataclass, field
from typing import Any, List, Optional, Sequence

import numpy as np

from . import _abi
from ._arrays import numbers, pointer, view
from ._control import CancelToken, in_background
from ._library import Handle, check, created, encoded, library, rows, sized
from ._records import Status, choice, filled, record, status_of, table
from .errors import InvalidArgumentError
from .solutions import Solution, model_of, solve_options


@dataclass(frozen=True)
class Threshold:
    """Minority collapse of two sizes of classes: at ratios R = n_A / n_B of at least `ratio` the minority classes share one classifier.

    Attributes
    ----------
    majority_classes, minority_classes : int
        K_A and K_B.
    budget_product : float
        E_W E_H.
    ratio : float
        R_0; infinity beyond the range of a float.
    log_ratio : float
        Its natural logarithm.
    objective : float
        Optimal loss at the threshold.
    majority_cosine, cross_cosine : float
        Between classifiers at the threshold; NaN for a single majority class.
    minority_norm2_ratio : float
        ``|w_B|^2 / |w_A|^2``.
    budget_elasticity : float
        d log R_0 / d log(E_W E_H).
    model_ratio : float
        R of the model, `threshold_of` only; else NaN.
    collapses : bool
        Whether R is at least R_0, `threshold_of` only.
    """

    majority_classes: int
    minority_classes: int
    budget_product: float
    ratio: float
    log_ratio: float
    objective: float
    majority_cosine: float
    cross_cosine: float
    minority_norm2_ratio: float
    budget_elasticity: float
    model_ratio: float
    collapses: bool


def threshold(
    majority_classes: int, minority_classes: int, *, ew: Optional[float] = None, eh: Optional[float] = None, ratio: Optional[float] = None
) -> Threshold:
    """The exact threshold of minority collapse, cross-entropy.

    Parameters
    ----------
    majority_classes, minority_classes : int
        K_A of at least 1 and K_B of at least 2.
    ew, eh : float
        Budgets, for the ratio R_0.
    ratio : float
        In their place a ratio above 1: `Threshold.budget_product` is then the largest E_W E_H at which the minority classes collapse.

    Examples
    --------
    >>> print(f"{layerpeeled.threshold(5, 5, ew=1, eh=5).ratio:.6f}")
    12.192447
    """
    found = sized(_abi.lp_threshold)
    if ratio is not None and ew is None and eh is None:
        check(library.lp_threshold_at_ratio(majority_classes, minority_classes, ratio, found))
    elif ratio is None and ew is not None and eh is not None:
        check(library.lp_threshold_at(majority_classes, minority_classes, ew * eh, found))
    else:
        raise InvalidArgumentError("either the budgets ew and eh or the ratio is expected.")
    return filled(Threshold, found)


def threshold_of(counts: Any, *, ew: Optional[float] = None, eh: Optional[float] = None, weights: Any = None) -> Threshold:
    """The threshold of a model with two different effective counts.

    Parameters
    ----------
    counts : array-like of shape (K,), mapping, or Model
        Examples of each class; count times weight takes two values.
    ew, eh : float
        Budgets.
    weights : array-like of shape (K,), optional
        Loss weights.

    Examples
    --------
    >>> layerpeeled.threshold_of([1000] * 5 + [10] * 5, ew=1, eh=5).collapses
    True
    """
    found = sized(_abi.lp_threshold)
    check(library.lp_threshold_of_model(model_of(counts, ew=ew, eh=eh, weights=weights)._handle, found))
    return filled(Threshold, found)


class Sweep:
    """Optima along imbalance ratios.

    Attributes
    ----------
    rows : structured ndarray
        ``ratio``, ``status`` (see `statuses`), ``collapsed``, ``objective``, ``relative_gap``, ``multiplier``, and ``classifier`` and ``feature`` with
        ``majority_norm2``, ``minority_norm2``, ``majority_cosine``, ``minority_cosine``, ``cross_cosine`` each: ``rows["classifier"]["minority_cosine"]``.
    """

    def __init__(self, found: np.ndarray) -> None:
        self.rows = found

    @property
    def ratios(self) -> np.ndarray:
        """R of each row."""
        return self.rows["ratio"]

    @property
    def statuses(self) -> List[Status]:
        """How each solve ended; ``NOT_SOLVED`` for those that a cancelled sweep did not reach."""
        return [status_of(code) for code in self.rows["status"]]

    @property
    def is_optimal(self) -> bool:
        """Whether every row is a certified optimum."""
        return bool(np.all(self.rows["status"] == _abi.LP_STATUS_OPTIMAL))

    def __len__(self) -> int:
        return len(self.rows)

    def __repr__(self) -> str:
        optimal = int(np.count_nonzero(self.rows["status"] == _abi.LP_STATUS_OPTIMAL))
        return f"Sweep({len(self)} ratios from {self.ratios.min():g} to {self.ratios.max():g}, {optimal} certified)"


def sweep(
    ratios: Any,
    *,
    majority_classes: int,
    minority_classes: int,
    ew: float,
    eh: float,
    gap: Optional[float] = None,
    threads: Optional[int] = None,
    cancel: Optional[CancelToken] = None,
) -> Sweep:
    """Solves two sizes of classes along their ratio R = n_A / n_B.

    Parameters
    ----------
    ratios : array-like of shape (n,)
        At least 1 each.
    majority_classes, minority_classes : int
        K_A and K_B, at least 1.
    ew, eh : float
        Budgets.
    gap : float, optional
        Relative duality gap of a certified row; 1e-10 by default.
    threads : int, optional
        Solves at once; one a processor by default.
    cancel : CancelToken, optional
        Stops the sweep from another thread.

    Examples
    --------
    >>> curve = layerpeeled.sweep([10, 100], majority_classes=5, minority_classes=5, ew=1, eh=5)
    >>> curve
    Sweep(2 ratios from 10 to 100, 2 certified)
    >>> print(f"{curve.rows['classifier']['minority_cosine'][1]:.6f}")
    1.000000
    """
    values = numbers(ratios, "ratios", 1)
    options = sized(_abi.lp_sweep_options)
    options.majority_classes, options.minority_classes = majority_classes, minority_classes
    options.classifier_budget, options.feature_budget = ew, eh
    options.gap_tolerance, options.threads = gap or 0, threads or 0
    found = (_abi.lp_sweep_row * len(values))()
    if len(values):
        found[0].struct_size = ctypes.sizeof(_abi.lp_sweep_row)

    def call(control: Any) -> Sweep:
        check(library.lp_sweep(view(values), options, control, found, len(values), None))
        return Sweep(table(found))

    return in_background(cancel, call)


@dataclass(frozen=True)
class Rule:
    """A rule that makes loss weights of class counts n; the functions below make them.

    Examples
    --------
    >>> layerpeeled.Rule.effective_number(0.999).name
    'effective number'
    """

    kind: int
    name: str
    parameter: float = 0.0
    below: float = 0.0
    weights: Optional[np.ndarray] = field(default=None, compare=False)

    @staticmethod
    def none() -> "Rule":
        """1 for every class."""
        return Rule(_abi.LP_RULE_NONE, "none")

    @staticmethod
    def inverse_frequency() -> "Rule":
        """w ~ 1 / n."""
        return Rule(_abi.LP_RULE_INVERSE_FREQUENCY, "inverse frequency")

    @staticmethod
    def square_root_inverse() -> "Rule":
        """w ~ 1 / sqrt(n)."""
        return Rule(_abi.LP_RULE_SQUARE_ROOT_INVERSE, "square-root inverse")

    @staticmethod
    def effective_number(beta: float) -> "Rule":
        """w ~ (1 - beta) / (1 - beta^n), 0 <= beta < 1."""
        return Rule(_abi.LP_RULE_EFFECTIVE_NUMBER, "effective number", beta)

    @staticmethod
    def power(tau: float) -> "Rule":
        """w ~ n^-tau, 0 <= tau <= 1."""
        return Rule(_abi.LP_RULE_POWER, "power", tau)

    @staticmethod
    def oversampling(rate: float, *, below: float) -> "Rule":
        """w_r = rate for classes with fewer than `below` examples, 1 for the others."""
        return Rule(_abi.LP_RULE_OVERSAMPLING, "oversampling", rate, below)

    @staticmethod
    def custom(weights: Any, name: str = "custom") -> "Rule":
        """Weights of one's own, one a class."""
        return Rule(_abi.LP_RULE_CUSTOM, name, weights=numbers(weights, "weights", 1))


_MITIGATION_KINDS = {_abi.LP_MITIGATION_RULE: "rule", _abi.LP_MITIGATION_LOSS: "loss", _abi.LP_MITIGATION_WEAKEST_POWER: "weakest power",
                     _abi.LP_MITIGATION_WEAKEST_LOSS: "weakest loss"}


@dataclass(frozen=True)
class MitigationRow:
    """The optimum with one rule or loss; NaN where something does not apply.

    Attributes
    ----------
    name, kind : str
        The rule or loss, and whether it is a ``rule``, a ``loss``, the ``weakest power`` or the ``weakest loss``.
    critical_class_size : float
        n*, beside the effective counts n_k w_k.
    collapsed_cosine, minority_cosine : float
        Mean cosine between the classifiers of the classes at or below n*, and of the smallest classes.
    balanced_loss : float
        Cross-entropy with every class counting alike.
    worst_margin : float
        Least of own logit minus best other one; not positive where classes have collapsed.
    value, too_weak_value : float
        Weakest power or loss: tau or the parameter, and the other end of its bracket.
    separates : bool
        Whether no class is at or below n*; of a weakest power or loss, whether any value separates the classes.
    weights : ndarray of shape (K,)
        The loss weights.
    """

    name: str
    kind: str
    status: Status
    objective: float
    relative_gap: float
    multiplier: float
    critical_class_size: float
    classes_below_critical_size: int
    collapsed_cosine: float
    minority_cosine: float
    minority_norm2: float
    smallest_norm2: float
    largest_norm2: float
    balanced_loss: float
    worst_margin: float
    worst_class: int
    value: float
    too_weak_value: float
    separates: bool
    is_certified: bool
    weights: np.ndarray = field(repr=False, compare=False)


class Mitigation(Sequence[MitigationRow]):
    """What re-weighting and other losses do: a sequence of `MitigationRow`."""

    def __init__(self, handle: Handle, classes: int) -> None:
        self._handle = handle
        self._rows = []
        for i, row in enumerate(rows(_abi.lp_mitigation_row, library.lp_mitigation_get_rows, handle)):
            weights = np.empty(classes)
            check(library.lp_mitigation_get_weights(handle, i, view(weights)))
            self._rows.append(filled(MitigationRow, row, kind=_MITIGATION_KINDS[row.kind], weights=weights))

    def __len__(self) -> int:
        return len(self._rows)

    def __getitem__(self, index: Any) -> Any:
        return self._rows[index]

    def solution(self, index: int) -> Solution:
        """The optimum of a row. Its classes are in groups of equal effective counts."""
        return Solution(created(library.lp_solution_free, library.lp_mitigation_get_solution, self._handle, range(len(self))[index]))

    @property
    def escaping_rate(self) -> float:
        """Two different counts: the oversampling rate R / R_0 from which the smaller one escapes from collapse; NaN for other counts."""
        found = ctypes.c_double()
        check(library.lp_mitigation_get_escaping_rate(self._handle, found))
        return found.value

    def __repr__(self) -> str:
        lines = [f"  {row.name}: {row.classes_below_critical_size} collapsed, minority cosine {row.minority_cosine:.4f}, {row.status}" for row in self]
        return "\n".join(["Mitigation", *lines])


def mitigate(
    counts: Any,
    *,
    ew: float,
    eh: float,
    rules: Sequence[Rule] = (),
    losses: Sequence[str] = (),
    weakest_power: bool = False,
    weakest_losses: Sequence[str] = (),
    minority_classes: Optional[int] = None,
    cancel: Optional[CancelToken] = None,
) -> Mitigation:
    """What rules of re-weighting and other losses do against minority collapse.

    Parameters
    ----------
    counts : array-like of shape (K,)
        Examples of each class.
    ew, eh : float
        Budgets.
    rules : sequence of Rule
        The rules; where neither these nor losses nor a weakest one are given: none, square-root inverse, effective number with 0.999, and inverse frequency.
    losses : sequence of str
        Other losses, as in `Model`.
    weakest_power : bool
        Whether to look for the smallest tau of w ~ n^-tau that separates the classes.
    weakest_losses : sequence of str
        Families of losses whose weakest member that separates the classes is looked for.
    minority_classes : int, optional
        How many of the smallest classes to watch; 2 by default.
    cancel : CancelToken, optional
        Stops from another thread; the rows that are finished are there.

    Examples
    --------
    >>> rows = layerpeeled.mitigate([1000] * 5 + [10] * 5, ew=1, eh=5)
    >>> [(row.name, row.classes_below_critical_size) for row in rows][:2]
    [('none', 5), ('square-root inverse', 0)]
    """
    values = numbers(counts, "counts", 1)
    options = sized(_abi.lp_mitigation_options)
    options.classifier_budget, options.feature_budget = ew, eh
    structs = (_abi.lp_rule * len(rules))()
    for struct, rule in zip(structs, rules):
        struct.struct_size = ctypes.sizeof(_abi.lp_rule)
        struct.kind, struct.parameter, struct.below = rule.kind, rule.parameter, rule.below
        if rule.weights is not None:
            struct.weights, struct.name = pointer(view(rule.weights)), encoded(rule.name)
    if rules:
        options.rules, options.rule_count = structs, len(rules)
    options.losses, options.loss_count = _texts(losses)
    options.weakest_families, options.weakest_family_count = _texts(weakest_losses)
    options.find_weakest_power = weakest_power
    options.minority_classes = minority_classes or 0
    return in_background(cancel, lambda control: Mitigation(
        created(library.lp_mitigation_free, library.lp_mitigate, view(values), options, control), len(values)))


MEMBERS = {"layer-peeled": _abi.LP_MEMBER_LAYER_PEELED, "unconstrained-features": _abi.LP_MEMBER_UNCONSTRAINED_FEATURES, "max-margin": _abi.LP_MEMBER_MAX_MARGIN,
           "rectified": _abi.LP_MEMBER_RECTIFIED, "contrastive": _abi.LP_MEMBER_CONTRASTIVE, "spherical": _abi.LP_MEMBER_SPHERICAL}
_MEMBER_NAMES = {number: name for name, number in MEMBERS.items()}


@record
@dataclass(frozen=True)
class ComparedSide:
    """Largest and smallest classes: ratio of the squared norms, and mean cosines."""

    norm2_ratio: float
    majority_cosine: float
    minority_cosine: float
    cross_cosine: float


@dataclass(frozen=True)
class ComparedMember:
    """A member of the family at the classes and budgets of a model; `refusal` says why it could not be solved, and is empty if it was."""

    kind: str
    status: Status
    collapsed_classes: int
    objective: float
    relative_gap: float
    classifier: ComparedSide
    feature: ComparedSide
    loss: str
    refusal: str


def compare(
    counts: Any,
    *,
    ew: Optional[float] = None,
    eh: Optional[float] = None,
    weights: Any = None,
    loss: str = "cross-entropy",
    members: Sequence[str] = (),
    gap: Optional[float] = None,
    time_limit: Optional[float] = None,
    cancel: Optional[CancelToken] = None,
) -> List[ComparedMember]:
    """Lays members of the family side by side on the same classes and budgets.

    Parameters
    ----------
    counts : array-like of shape (K,), mapping, or Model
        Examples of each class.
    ew, eh, weights, loss
        The model: see `Model`.
    members : sequence of str
        Of ``layer-peeled``, ``unconstrained-features``, ``max-margin``, ``rectified``, ``contrastive``, ``spherical``; all by default.
    gap, time_limit
        Of each solve, as in `solve`.
    cancel : CancelToken, optional
        Stops from another thread.

    Examples
    --------
    >>> [member.kind for member in layerpeeled.compare([50, 50, 5, 5], ew=1, eh=5, members=["layer-peeled", "max-margin"])]
    ['layer-peeled', 'max-margin']
    """
    model = model_of(counts, ew=ew, eh=eh, weights=weights, loss=None if loss == "cross-entropy" else loss)
    kinds = (ctypes.c_int32 * len(members))(*[choice(member, MEMBERS, "members") for member in members])
    options = solve_options("auto", gap, None, None, time_limit, None, 0, False)

    def call(control: Any) -> List[ComparedMember]:
        handle = created(library.lp_comparison_free, library.lp_compare, model._handle, kinds, len(members), options, control)
        found = rows(_abi.lp_compared_member, library.lp_comparison_get_members, handle)
        return [filled(ComparedMember, member, kind=_MEMBER_NAMES[member.kind]) for member in found]

    return in_background(cancel, call)


def _texts(texts: Sequence[str]) -> Any:
    """An array of texts and its length; None and 0 for none."""
    if isinstance(texts, str):
        raise InvalidArgumentError(f"'{texts}' is one text; a sequence of them is expected.")
    if not texts:
        return None, 0
    return (ctypes.c_char_p * len(texts))(*[text.encode("utf-8") for text in texts]), len(texts)
