"""What a solution has."""
from __future__ import annotations

import ctypes
import os
from dataclasses import dataclass
from typing import Any, Dict, NamedTuple, Optional, Sequence, Tuple, Union

import numpy as np

from . import _abi
from ._arrays import matrix
from ._control import Progress, progress_of
from ._library import Handle, check, created, encoded, library, rows, sized, text_of
from ._records import Status, filled, record, status_of, table

PathLike = Union[str, "os.PathLike[str]"]


class Pair(NamedTuple):
    """The same of classifiers and of features."""

    classifier: np.ndarray
    feature: np.ndarray


@record
@dataclass(frozen=True)
class Certificate:
    """A duality gap, recomputed from the raw data.

    Attributes
    ----------
    objective : float
        Of the point, scaled back into the budgets where it is outside by rounding.
    upper_bound : float
        Of that objective, every rounding allowed for.
    lower_bound : float
        Of the objective of every point.
    absolute_gap, relative_gap : float
        ``upper_bound - lower_bound``, and relative to the larger of the two.
    is_proof : bool
        Whether both bounds hold in exact arithmetic.
    multiplier : float
        lambda of ``|Z|_* <= r``, or that of the penalties.
    constraint_violation : float
        How far the point was outside the budgets, relatively.
    """

    objective: float
    upper_bound: float
    lower_bound: float
    absolute_gap: float
    relative_gap: float
    is_proof: bool
    multiplier: float
    constraint_violation: float


class Solution:
    """A point of a model and what is known of it; `solve`, `solve_targets` and `load` make them.

    Matrices are read-only and made when they are first asked for. The columns of H belong to the rows of W.
    """

    def __init__(self, handle: Handle, names: Optional[Tuple[str, ...]] = None) -> None:
        self._handle = handle
        self._info = sized(_abi.lp_solution_info)
        check(library.lp_solution_get_info(handle, self._info))
        self._matrices: Dict[int, Optional[np.ndarray]] = {}
        self._groups: Optional[np.ndarray] = None
        self.class_names = names

    @property
    def W(self) -> np.ndarray:
        """Classifiers: shape (K, p), or (V, p) for soft targets."""
        return self._matrix(_abi.LP_CLASSIFIER)

    @property
    def H(self) -> np.ndarray:
        """Class means: shape (p, K); embeddings of the contexts, (p, m), for soft targets."""
        return self._matrix(_abi.LP_FEATURES)

    @property
    def b(self) -> Optional[np.ndarray]:
        """Bias: shape (K,); None without one."""
        found = self._matrix(_abi.LP_BIAS)
        return None if found is None else found[:, 0]

    @property
    def Z(self) -> np.ndarray:
        """Logits: column k has those of class k, with the bias: shape (K, K), or (V, m)."""
        return self._matrix(_abi.LP_LOGITS)

    @property
    def classifier_gram(self) -> np.ndarray:
        """``W @ W.T``, also where W itself would be too large."""
        return self._matrix(_abi.LP_CLASSIFIER_GRAM)

    @property
    def feature_gram(self) -> np.ndarray:
        """``H.T @ H``."""
        return self._matrix(_abi.LP_FEATURE_GRAM)

    @property
    def dual(self) -> np.ndarray:
        """The dual point of the certificate: shape (K, K)."""
        return self._matrix(_abi.LP_DUAL)

    @property
    def groups(self) -> np.ndarray:
        """One entry for each group of equal classes, as a structured array: ``classes``, ``count``, ``loss_weight``, ``classifier_norm2``, ``feature_norm2``,
        ``bias``, ``classifier_cosine``, ``feature_cosine`` (between two classes of the group) with their least and largest, ``collapse_ratio``, ``collapsed``."""
        if self._groups is None:
            self._groups = table(rows(_abi.lp_group, library.lp_solution_get_groups, self._handle))
            self._groups.flags.writeable = False
        return self._groups

    @property
    def norms(self) -> Pair:
        """Norms of the classifiers and of the class means of each group: shape (G,) each."""
        return Pair(np.sqrt(self.groups["classifier_norm2"]), np.sqrt(self.groups["feature_norm2"]))

    @property
    def cosines(self) -> Pair:
        """Cosines between the groups: shape (G, G) each. On the diagonal between two classes of a group, NaN where it has one."""
        return Pair(self._matrix(_abi.LP_CLASSIFIER_COSINES), self._matrix(_abi.LP_FEATURE_COSINES))

    @property
    def collapsed(self) -> np.ndarray:
        """Whether the classes of each group share one classifier: shape (G,)."""
        return self.groups["collapsed"] != 0

    @property
    def status(self) -> Status:
        """How the solve ended; for a solution from a file what the file claims."""
        return status_of(self._info.status)

    @property
    def is_optimal(self) -> bool:
        """Whether the point is a certified global optimum."""
        return self._info.status == _abi.LP_STATUS_OPTIMAL

    @property
    def objective(self) -> float:
        """Average loss at the point, in nats, and what penalties add to it."""
        return self._info.objective

    @property
    def log10_objective(self) -> float:
        """Its logarithm to the base 10, however small it is."""
        return self._info.log10_objective

    @property
    def loss(self) -> float:
        """The average loss alone."""
        return self._info.loss

    @property
    def bound(self) -> float:
        """Lower bound: no point has a smaller objective, for any feature dimension."""
        return self._info.lower_bound

    @property
    def upper_bound(self) -> float:
        """The objective, every rounding allowed for."""
        return self._info.upper_bound

    @property
    def gap(self) -> float:
        """The relative duality gap; for soft targets that of the excess over the entropy floor."""
        return self._info.relative_gap

    @property
    def excess(self) -> float:
        """Soft targets: the loss over the entropy floor; NaN for classes."""
        return self._info.excess

    @property
    def entropy_floor(self) -> float:
        """Soft targets: the average entropy of the targets; NaN for classes."""
        return self._info.entropy_floor

    @property
    def certificate(self) -> Certificate:
        """The bounds of the solve and what they rest on."""
        return filled(Certificate, self._info)

    @property
    def multiplier(self) -> float:
        """lambda of ``|Z|_* <= r``, or that of the penalties."""
        return self._info.multiplier

    @property
    def critical_class_size(self) -> float:
        """n*: classes with at most so many effective examples collapse; NaN for soft targets."""
        return self._info.critical_class_size

    @property
    def classes_below_critical_size(self) -> int:
        """Classes at or below n*."""
        return self._info.classes_below_critical_size

    @property
    def geometry_error(self) -> float:
        """Estimate of the errors of norms (relative) and cosines, for the class that fares worst."""
        return self._info.geometry_error

    @property
    def iterations(self) -> int:
        """Iterations of the method; -1 for a solution from a file."""
        return self._info.iterations

    @property
    def seconds(self) -> float:
        """Time of the solve, with its certificates."""
        return self._info.seconds

    @property
    def method(self) -> str:
        """The method that found the point."""
        return self._info.method.decode("utf-8")

    @property
    def reason(self) -> str:
        """Why this method, and why nothing is proven where nothing is; may be empty."""
        return self._info.reason.decode("utf-8")

    @property
    def shape(self) -> Tuple[int, int, int]:
        """(K, p, K) of W and H; (V, p, m) for soft targets."""
        return self._info.classes, self._info.feature_dimension, self._info.columns

    @property
    def trace(self) -> Sequence[Progress]:
        """Every iteration, where ``trace=True`` asked for it."""
        return [progress_of(report) for report in rows(_abi.lp_progress, library.lp_solution_get_trace, self._handle)]

    def save(self, path: PathLike, *, names: Optional[Sequence[str]] = None, source: Optional[str] = None) -> None:
        """Writes the solution with its matrices: JSON, or NumPy arrays where the path ends in ``.npz``. The file appears whole or not at all.

        Parameters
        ----------
        path : str or path
            Where to.
        names : sequence of str, optional
            Names of the classes; those of the counts, where they were given as a mapping.
        source : str, optional
            Where the counts come from, for people.
        """
        check(library.lp_solution_save(self._handle, encoded(os.fspath(path)), _save_options(names or self.class_names, source, False)))

    def to_json(self, *, names: Optional[Sequence[str]] = None, source: Optional[str] = None, matrices: bool = True) -> str:
        """The same JSON document as text, without the matrices if so wanted."""
        options = _save_options(names or self.class_names, source, not matrices)
        return text_of(created(library.lp_text_free, library.lp_solution_to_json, self._handle, options))

    def __repr__(self) -> str:
        return f"Solution({self.status}, objective={self.objective:.10g}, gap={self.gap:.1e}, W {self.shape[0]}x{self.shape[1]}, {self.method})"

    def _matrix(self, which: int) -> Any:
        if which not in self._matrices:
            self._matrices[which] = matrix(library.lp_solution_get_shape, library.lp_solution_get_matrix, self._handle, which)
        return self._matrices[which]


def _save_options(names: Optional[Sequence[str]], source: Optional[str], without_matrices: bool) -> Any:
    options = sized(_abi.lp_save_options)
    if names is not None:
        kept = (ctypes.c_char_p * len(names))(*[name.encode("utf-8") for name in names])
        options.class_names = ctypes.cast(kept, ctypes.POINTER(ctypes.c_char_p))
        options.class_name_count = len(names)
        options.kept = kept
    options.source = encoded(source)
    options.without_matrices = without_matrices
    return options
