"""Figures with matplotlib, where it is installed: ``import layerpeeled.plot``."""
from __future__ import annotations

from typing import Any, Optional

import numpy as np

from .diagnoses import Diagnosis
from .solutions import Solution
from .thresholds import Sweep

try:
    import matplotlib.pyplot as plt
except ImportError as error:
    raise ImportError("layerpeeled.plot needs matplotlib, which is not installed.") from error


def cosines(solution: Solution, *, of: str = "classifier", ax: Optional[Any] = None) -> Any:
    """Cosines between the groups of a solution as a heat map.

    Parameters
    ----------
    solution : Solution
        With at most some hundred groups.
    of : {"classifier", "feature"}
        Which vectors.
    ax : matplotlib Axes, optional
        Where to draw; a new figure by default.

    Returns
    -------
    matplotlib Axes
    """
    axes = _axes(ax)
    values = np.ma.masked_invalid(getattr(solution.cosines, of))
    image = axes.imshow(values, vmin=-1, vmax=1, cmap="RdBu_r")
    labels = [f"{g['classes']}×{g['count']:g}" for g in solution.groups]
    axes.set_xticks(range(len(labels)), labels, rotation=90 if len(labels) > 4 else 0)
    axes.set_yticks(range(len(labels)), labels)
    axes.set_title("cosines between " + ("classifiers" if of == "classifier" else "class means"))
    axes.figure.colorbar(image, ax=axes)
    return axes


def sweep(curve: Sweep, *, threshold: Optional[float] = None, ax: Optional[Any] = None) -> Any:
    """Cosines between classifiers along the imbalance ratio; rows that are not certified are left out.

    Parameters
    ----------
    curve : Sweep
        The sweep.
    threshold : float, optional
        R_0, drawn as a vertical line.
    ax : matplotlib Axes, optional
        Where to draw; a new figure by default.

    Returns
    -------
    matplotlib Axes
    """
    axes = _axes(ax)
    rows = curve.rows[curve.rows["status"] == 0]
    for name, label in (("majority_cosine", "majority"), ("minority_cosine", "minority"), ("cross_cosine", "across")):
        axes.plot(rows["ratio"], rows["classifier"][name], label=label)
    if threshold is not None:
        axes.axvline(threshold, color="grey", linestyle="--", label="$R_0$")
    axes.set(xscale="log", xlabel="imbalance ratio R", ylabel="cosine between classifiers")
    axes.legend()
    return axes


def diagnosis(found: Diagnosis, *, ax: Optional[Any] = None) -> Any:
    """Mean cosines within each group of classifiers, in the network and in the optimum, over the counts of the groups.

    Parameters
    ----------
    found : Diagnosis
        The diagnosis.
    ax : matplotlib Axes, optional
        Where to draw; a new figure by default.

    Returns
    -------
    matplotlib Axes
    """
    axes = _axes(ax)
    sizes = [np.sqrt(max(1, g.smallest_count) * max(1, g.largest_count)) for g in found.groups]
    for name, label, style in (("measured", "network", "o"), ("predicted", "optimum", "_")):
        axes.plot(sizes, [getattr(g, name + "_classifier_cosines").mean for g in found.groups], style, markersize=9, label=label)
    axes.set(xscale="log", xlabel="examples of a class", ylabel="mean cosine of the classifiers of a group")
    if min(sizes) / 10 < found.critical_class_size < max(sizes) * 10:
        axes.axvline(found.critical_class_size, color="grey", linestyle="--", label="$n^*$")
    axes.legend()
    return axes


def _axes(ax: Optional[Any]) -> Any:
    return plt.subplots(layout="constrained")[1] if ax is None else ax
