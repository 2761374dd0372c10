"""The Layer-Peeled Model and its relatives, from class counts or from soft targets."""
from __future__ import annotations

from typing import Any, Mapping, Optional, Sequence, Tuple

import numpy as np

from . import _abi
from ._arrays import as_array, integers, numbers, optional_view, view
from ._library import check, created, encoded, library, sized
from .errors import InvalidArgumentError

_FEATURE_NORMS = {None: _abi.LP_FEATURE_NORM_DEFAULT, "per-class": _abi.LP_FEATURE_NORM_PER_CLASS, "per-sample": _abi.LP_FEATURE_NORM_PER_SAMPLE}


class _Modelled:
    """A model of the library and what it says of it."""

    _handle: Any
    _info: Any = None

    @property
    def info(self) -> Any:
        """What the library says of the model (`lp_model_info` of the C interface)."""
        if self._info is None:
            self._info = sized(_abi.lp_model_info)
            check(library.lp_model_get_info(self._handle, self._info))
        return self._info

    def _index(self, length: int) -> np.ndarray:
        found = np.empty(length, np.int64)
        check(library.lp_model_get_index(self._handle, view(found)))
        return found


class Model(_Modelled):
    """K classes with their counts, the loss, and what holds W and H down.

    Parameters
    ----------
    counts : array-like of shape (K,), or a mapping from names to counts
        Examples of each class: finite, not negative, not all zero; at least two classes. They need not be whole.
    ew, eh : float
        Budgets: ``|W|^2 / K <= ew`` and ``|H|^2 / K <= eh``. Either both of them or both penalties are given.
    lambda_w, lambda_h : float
        Penalties in their place: ``(lambda_w / 2) |W|^2 + (lambda_h / 2) |H|^2`` is added to the loss.
    lambda_b : float, optional
        With penalties: a bias with ``(lambda_b / 2) |b|^2``, a free one with 0. Without it there is no bias.
    weights : array-like of shape (K,), optional
        Loss weight of each example of a class; 1 each by default.
    multiplicities : array-like of shape (K,), optional
        Counts are then those of groups, and group g has ``multiplicities[g]`` equal classes.
    loss : str
        ``"cross-entropy"``, ``"squared-error"``, ``"vs:gamma=0.2,tau=1"`` and others: see `losses`.
    feature_norm : {"per-class", "per-sample"}, optional
        Whether |h_k|^2 counts once or n_k times; by default per class with budgets and per sample with penalties.
    dimension : int, optional
        Feature dimension p; K by default.

    Examples
    --------
    >>> layerpeeled.Model([1000] * 5 + [10] * 5, ew=1, eh=5)
    Model(10 classes in 2 groups, 5050 examples, ew=1, eh=5, cross-entropy)
    """

    def __init__(
        self,
        counts: Any,
        *,
        ew: Optional[float] = None,
        eh: Optional[float] = None,
        lambda_w: Optional[float] = None,
        lambda_h: Optional[float] = None,
        lambda_b: Optional[float] = None,
        weights: Any = None,
        multiplicities: Any = None,
        loss: str = "cross-entropy",
        feature_norm: Optional[str] = None,
        dimension: Optional[int] = None,
    ) -> None:
        self.names: Optional[Tuple[str, ...]] = None
        if isinstance(counts, Mapping):
            self.names = tuple(str(name) for name in counts)
            counts = list(counts.values())
        config = sized(_abi.lp_model_config)
        if ew is not None or eh is not None:
            if ew is None or eh is None or lambda_w is not None or lambda_h is not None or lambda_b is not None:
                raise InvalidArgumentError(_GIVEN.format(_listed(ew=ew, eh=eh, lambda_w=lambda_w, lambda_h=lambda_h, lambda_b=lambda_b)))
            config.classifier, config.feature = ew, eh
        elif lambda_w is not None and lambda_h is not None:
            config.regulariser = _abi.LP_PENALTIES
            config.classifier, config.feature = lambda_w, lambda_h
            if lambda_b is not None:
                config.bias = _abi.LP_BIAS_FREE if lambda_b == 0 else _abi.LP_BIAS_PENALISED
                config.bias_penalty = lambda_b
        else:
            raise InvalidArgumentError(_GIVEN.format(_listed(lambda_w=lambda_w, lambda_h=lambda_h, lambda_b=lambda_b)))
        if feature_norm is not None:
            if feature_norm not in _FEATURE_NORMS:
                raise InvalidArgumentError(f"feature_norm is '{feature_norm}'; per-class or per-sample is expected.")
            config.feature_norm = _FEATURE_NORMS[feature_norm]
        if dimension is not None:
            config.feature_dimension = _at_least_one(dimension, "dimension")
        if loss != "cross-entropy":
            config.loss = encoded(loss)
        counts_view = view(numbers(counts, "counts", 1))
        weights_view = optional_view(weights, "weights", 1)
        if multiplicities is None:
            self._handle = created(library.lp_model_free, library.lp_model_from_counts, counts_view, weights_view, config)
        else:
            self._handle = created(
                library.lp_model_free, library.lp_model_from_groups, view(integers(multiplicities, "multiplicities")), counts_view, weights_view, config)

    @property
    def class_count(self) -> int:
        """K."""
        return self.info.classes

    @property
    def group_of_class(self) -> np.ndarray:
        """The group of equal classes of each class, from 0: shape (K,)."""
        return self._index(self.info.classes)

    def __repr__(self) -> str:
        info = self.info
        names = ("ew", "eh") if info.regulariser == _abi.LP_BUDGETS else ("lambda_w", "lambda_h")
        bias = "" if info.bias == _abi.LP_BIAS_NONE else f"lambda_b={info.bias_penalty:g}, "
        return (f"Model({info.classes} classes in {info.groups} groups, {info.examples:.15g} examples, {names[0]}={info.classifier:g}, "
                f"{names[1]}={info.feature:g}, {bias}{info.loss.decode()})")


class TargetModel(_Modelled):
    """Soft targets, the model of a language model: a distribution over V tokens for each of m contexts, budgets, cross-entropy.

    Parameters
    ----------
    table : array-like of shape (V, m), or a sparse matrix
        Distributions, one a column, or counts, each column of which is divided by its sum. A sparse one is anything with the attributes ``indptr``, ``indices``,
        ``data`` and ``shape`` of ``scipy.sparse`` and ``format`` ``"csr"`` or ``"csc"``, or with a method ``tocsc``.
    ew, eh : float
        Budgets: ``|W|^2 / V <= ew`` and ``|H|^2 / m <= eh``.
    context_weights : array-like of shape (m,), optional
        Divided by their sum; the sums of counts by default, and equal for distributions.
    dimension : int, optional
        Feature dimension p; ``min(V, m)`` by default.

    Examples
    --------
    >>> layerpeeled.TargetModel([[8, 1], [1, 8], [1, 1]], ew=1, eh=5)
    TargetModel(3 tokens, 2 contexts, ew=1, eh=5)
    """

    def __init__(self, table: Any, *, ew: float, eh: float, context_weights: Any = None, dimension: Optional[int] = None) -> None:
        config = sized(_abi.lp_model_config)
        config.classifier, config.feature = ew, eh
        if dimension is not None:
            config.feature_dimension = _at_least_one(dimension, "dimension")
        weights = optional_view(context_weights, "context_weights", 1)
        if not hasattr(table, "indptr") and hasattr(table, "tocsc"):
            table = table.tocsc()
        if hasattr(table, "indptr"):
            layout, starts, indices, data = _compressed(table)
            rows, columns = table.shape
            self._handle = created(library.lp_model_free, library.lp_model_from_sparse_targets, layout, rows, columns, view(integers(starts, "indptr")),
                                   view(integers(indices, "indices")), view(numbers(data, "data", 1)), weights, config)
        else:
            self._handle = created(library.lp_model_free, library.lp_model_from_targets, view(numbers(table, "table", 2)), weights, config)

    @property
    def entropy_floor(self) -> float:
        """The average entropy of the targets in nats, below which no loss can be."""
        return self.info.entropy_floor

    @property
    def contexts(self) -> np.ndarray:
        """The columns of the table that are contexts of the model: those that never occur are left out."""
        return self._index(self.info.columns)

    def __repr__(self) -> str:
        info = self.info
        return f"TargetModel({info.classes} tokens, {info.columns} contexts, ew={info.classifier:g}, eh={info.feature:g})"


def methods() -> Sequence[str]:
    """Names of the methods that `solve` takes."""
    from ._library import names
    return names(_abi.LP_NAMES_METHODS)


def losses() -> Sequence[str]:
    """Names of the losses that models take, with their parameters."""
    from ._library import names
    return names(_abi.LP_NAMES_LOSSES)


_GIVEN = "{} given; either the budgets ew and eh or the penalties lambda_w and lambda_h (and lambda_b for a bias) are expected."


def _listed(**given: Any) -> str:
    found = [f"{name}={value}" for name, value in given.items() if value is not None]
    return f"{', '.join(found) or 'none of them'} {'is' if len(found) < 2 else 'are'}"


def _at_least_one(value: int, name: str) -> int:
    # 0 stands for the default in the C interface.
    if value < 1:
        raise InvalidArgumentError(f"{name} is {value}; a whole number of at least 1 is expected.")
    return value


def _compressed(table: Any) -> Tuple[int, Any, Any, Any]:
    layouts = {"csc": _abi.LP_CSC, "csr": _abi.LP_CSR}
    layout = getattr(table, "format", None)
    if layout not in layouts:
        raise InvalidArgumentError(f"table is sparse with the format '{layout}'; csc or csr is expected.")
    if getattr(table, "has_canonical_format", True) is False:
        table = table.copy()
        table.sum_duplicates()
    return layouts[layout], as_array(table.indptr, "indptr"), as_array(table.indices, "indices"), as_array(table.data, "data")
