"""Thresholds of collapse, and sweeps along the imbalance ratio."""
from __future__ import annotations

import ctypes
from dataclasses import dataclass
from typing import Any, List, Optional

import numpy as np

from . import _abi
from ._arrays import numbers, view
from ._control import CancelToken, in_background
from ._library import check, library, sized
from ._records import Status, filled, status_of, table
from .errors import InvalidArgumentError
from .solving import model_of


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
