"""What re-weighting and other losses do against minority collapse."""
from __future__ import annotations

import ctypes
from dataclasses import dataclass, field
from typing import Any, Optional, Sequence

import numpy as np

from . import _abi
from ._arrays import numbers, pointer, view
from ._control import CancelToken, in_background
from ._library import Handle, check, created, encoded, library, rows, sized
from ._records import Status, filled, lines
from .errors import InvalidArgumentError
from .solutions import Solution


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


def _texts(texts: Sequence[str]) -> Any:
    """An array of texts and its length; None and 0 for none."""
    if isinstance(texts, str):
        raise InvalidArgumentError(f"'{texts}' is one text; a sequence of them is expected.")
    if not texts:
        return None, 0
    return (ctypes.c_char_p * len(texts))(*[text.encode("utf-8") for text in texts]), len(texts)
