"""Solving models, and certificates of any point."""
from __future__ import annotations

from typing import Any, Optional, Tuple

from . import _abi
from ._arrays import numbers, optional_view, view
from ._control import CancelToken, ProgressCallback, watched
from ._library import check, created, encoded, library, sized
from ._records import filled
from .errors import InvalidArgumentError
from .models import Model, TargetModel
from .solutions import Certificate, Solution


def solve(
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
    method: str = "auto",
    gap: Optional[float] = None,
    accuracy: Optional[float] = None,
    max_iterations: Optional[int] = None,
    time_limit: Optional[float] = None,
    memory: Optional[int] = None,
    seed: int = 0,
    trace: bool = False,
    progress: Optional[ProgressCallback] = None,
    cancel: Optional[CancelToken] = None,
) -> Solution:
    """Solves the Layer-Peeled Model and certifies the point.

    Parameters
    ----------
    counts : array-like of shape (K,), mapping from names to counts, or Model
        Examples of each class.
    ew, eh, lambda_w, lambda_h, lambda_b, weights, multiplicities, loss, feature_norm, dimension
        The model: see `Model`. Not together with a `Model`.
    method : str
        One of `methods`.
    gap : float, optional
        Relative duality gap at which the point is optimal, above 0 up to 1; 1e-10 by default for most methods.
    accuracy : float, optional
        How accurate norms and cosines are to be, by estimate, once the gap has closed; 1e-8 by default.
    max_iterations : int, optional
        Most iterations; the method's own number by default.
    time_limit : float, optional
        Seconds after which the best point so far is returned, certified.
    memory : int, optional
        Bytes that the solve may hold; half of the machine's by default.
    seed : int
        Of random starts, where the method draws one.
    trace : bool
        Whether to keep a report of every iteration in `Solution.trace`.
    progress : callable, optional
        Called with a `Progress` after each iteration; what it returns stops the solve if it is true.
    cancel : CancelToken, optional
        Stops the solve from another thread.

    Returns
    -------
    Solution
        Its `status` says what is known of it; a solve that was stopped has the status ``Cancelled`` and its best point.

    Raises
    ------
    InvalidArgumentError
        An argument is not allowed; the message names it.
    Interrupted
        Ctrl-C: its attribute ``result`` is the solution with the best point so far.

    Examples
    --------
    >>> solution = layerpeeled.solve([1000] * 5 + [10] * 5, ew=1, eh=5)
    >>> solution.status
    <Status.OPTIMAL: 'Optimal'>
    >>> print(f"{solution.objective:.9f}")
    0.091299164
    >>> solution.collapsed
    array([False,  True])
    """
    model = model_of(counts, ew=ew, eh=eh, lambda_w=lambda_w, lambda_h=lambda_h, lambda_b=lambda_b, weights=weights, multiplicities=multiplicities,
                     loss=None if loss == "cross-entropy" else loss, feature_norm=feature_norm, dimension=dimension)
    options = solve_options(method, gap, accuracy, max_iterations, time_limit, memory, seed, trace)
    return _solved(model, options, progress, cancel, model.names)


def solve_targets(
    table: Any,
    *,
    ew: Optional[float] = None,
    eh: Optional[float] = None,
    context_weights: Any = None,
    dimension: Optional[int] = None,
    method: str = "auto",
    gap: Optional[float] = None,
    accuracy: Optional[float] = None,
    max_iterations: Optional[int] = None,
    time_limit: Optional[float] = None,
    memory: Optional[int] = None,
    seed: int = 0,
    trace: bool = False,
    progress: Optional[ProgressCallback] = None,
    cancel: Optional[CancelToken] = None,
) -> Solution:
    """Solves the model with soft targets: distributions over V tokens for m contexts, as a language model has them.

    Parameters
    ----------
    table : array-like of shape (V, m), sparse matrix, or TargetModel
        Distributions or counts, one context a column: see `TargetModel`.
    ew, eh : float
        Budgets.
    context_weights, dimension
        See `TargetModel`.
    method, gap, accuracy, max_iterations, time_limit, memory, seed, trace, progress, cancel
        As in `solve`.

    Returns
    -------
    Solution
        W has a row a token and H a column a context; `excess` is the loss over `entropy_floor`.

    Examples
    --------
    >>> solution = layerpeeled.solve_targets([[8, 1], [1, 8], [1, 1]], ew=1, eh=1)
    >>> solution.is_optimal, solution.W.shape, solution.H.shape
    (True, (3, 2), (2, 2))
    """
    if isinstance(table, TargetModel):
        if any(value is not None for value in (ew, eh, context_weights, dimension)):
            raise InvalidArgumentError("ew, eh, context_weights and dimension are those of the model, and not given beside it.")
        model = table
    elif ew is None or eh is None:
        raise InvalidArgumentError("the budgets ew and eh are needed.")
    else:
        model = TargetModel(table, ew=ew, eh=eh, context_weights=context_weights, dimension=dimension)
    return _solved(model, solve_options(method, gap, accuracy, max_iterations, time_limit, memory, seed, trace), progress, cancel, None)


def certify(
    counts: Any,
    W: Any,
    H: Any,
    b: Any = None,
    *,
    ew: Optional[float] = None,
    eh: Optional[float] = None,
    lambda_w: Optional[float] = None,
    lambda_h: Optional[float] = None,
    lambda_b: Optional[float] = None,
    weights: Any = None,
    loss: str = "cross-entropy",
    feature_norm: Optional[str] = None,
) -> Certificate:
    """The duality gap of any point of a model.

    Parameters
    ----------
    counts : array-like of shape (K,), mapping, or Model
        Examples of each class.
    W : array-like of shape (K, p)
        Classifiers.
    H : array-like of shape (p, K)
        Class means.
    b : array-like of shape (K,), optional
        Bias.
    ew, eh, lambda_w, lambda_h, lambda_b, weights, loss, feature_norm
        The model: see `Model`.

    Returns
    -------
    Certificate

    Examples
    --------
    >>> solution = layerpeeled.solve([100, 100, 10], ew=1, eh=5)
    >>> certificate = layerpeeled.certify([100, 100, 10], solution.W, solution.H, ew=1, eh=5)
    >>> certificate.relative_gap < 1e-10
    True
    """
    model = model_of(counts, ew=ew, eh=eh, lambda_w=lambda_w, lambda_h=lambda_h, lambda_b=lambda_b, weights=weights,
                     loss=None if loss == "cross-entropy" else loss, feature_norm=feature_norm)
    found = sized(_abi.lp_certificate)
    check(library.lp_certify(model._handle, view(numbers(W, "W", 2)), view(numbers(H, "H", 2)), optional_view(b, "b", 1), found))
    return filled(Certificate, found)


def model_of(counts: Any, **given: Any) -> Model:
    """A model as it is, or one from counts."""
    given = {name: value for name, value in given.items() if value is not None}
    if not isinstance(counts, Model):
        return Model(counts, **given)
    if given:
        raise InvalidArgumentError(f"{', '.join(given)}: the model has its own, and takes none beside it.")
    return counts


def solve_options(
    method: str, gap: Optional[float], accuracy: Optional[float], max_iterations: Optional[int], time_limit: Optional[float], memory: Optional[int], seed: int, trace: bool
) -> Any:
    """The options of a solve; what is not given is 0 there, so 0 itself cannot be given."""
    options = sized(_abi.lp_solve_options)
    if method != "auto":
        options.method = encoded(method)
    for name, field, value in (("gap", "gap_tolerance", gap), ("accuracy", "geometry_tolerance", accuracy), ("max_iterations", "max_iterations", max_iterations),
                               ("time_limit", "time_limit", time_limit), ("memory", "memory", memory)):
        if value is not None:
            if value == 0:
                raise InvalidArgumentError(f"{name} is 0; a positive number is expected.")
            setattr(options, field, value)
    options.seed = seed
    options.record_trace = trace
    return options


def _solved(model: Any, options: Any, progress: Optional[ProgressCallback], cancel: Optional[CancelToken], names: Optional[Tuple[str, ...]]) -> Solution:
    return watched(progress, cancel, lambda control: Solution(
        created(library.lp_solution_free, library.lp_solve, model._handle, options, control), names))
