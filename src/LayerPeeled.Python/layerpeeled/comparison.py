"""Members of the family side by side."""
from __future__ import annotations

import ctypes
from dataclasses import dataclass
from typing import Any, List, Optional, Sequence

from . import _abi
from ._control import CancelToken, in_background
from ._library import created, library, rows
from ._records import Status, choice, filled, record
from .solving import model_of, solve_options

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
