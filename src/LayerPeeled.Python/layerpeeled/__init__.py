"""Certified optima of the Layer-Peeled Model (Fang, He, Long, Su, PNAS 2021): minimise the loss over classifiers W and class means H within budgets.

>>> import layerpeeled
>>> layerpeeled.solve([1000] * 5 + [10] * 5, ew=1, eh=5)
Solution(Optimal, objective=0.09129916408, gap=..., W 10x10, reduced)
"""
from ._arrays import long_tail
from ._control import CancelToken, Progress
from ._library import library as _native
from ._records import Status
from .comparison import ComparedMember, ComparedSide, compare
from .diagnoses import (
    CollapsedClass, Diagnosis, Family, FamilyMember, GroupComparison, Misfit, TargetDiagnosis, diagnose, diagnose_family, diagnose_targets)
from .errors import (
    CancelledError, FileError, FormatError, InternalError, Interrupted, InvalidArgumentError, LayerPeeledError, NumericalError, OutOfMemoryError,
    OutOfRangeError, StateError, UnsupportedError)
from .files import Check, Verification, convert, load, save, verify
from .measurements import ClassMetrics, Frame, GroupMetrics, Measurement, Metrics, Summary, metrics
from .mitigation import Mitigation, MitigationRow, Rule, mitigate
from .models import Model, TargetModel, losses, methods
from .solutions import Certificate, Pair, Solution
from .solving import certify, solve, solve_targets
from .thresholds import Sweep, Threshold, sweep, threshold, threshold_of

__version__: str = _native.lp_version().decode("utf-8")

__all__ = [
    "CancelToken", "CancelledError", "Certificate", "Check", "ClassMetrics", "CollapsedClass", "ComparedMember", "ComparedSide", "Diagnosis", "Family",
    "FamilyMember", "FileError", "FormatError", "Frame", "GroupComparison", "GroupMetrics", "InternalError", "Interrupted", "InvalidArgumentError",
    "LayerPeeledError", "Measurement", "Metrics", "Misfit", "Mitigation", "MitigationRow", "Model", "NumericalError", "OutOfMemoryError",
    "OutOfRangeError", "Pair", "Progress", "Rule", "Solution", "StateError", "Status", "Summary", "Sweep", "TargetDiagnosis", "TargetModel", "Threshold",
    "UnsupportedError", "Verification", "certify", "compare", "convert", "diagnose", "diagnose_family", "diagnose_targets", "load", "long_tail", "losses",
    "methods", "metrics", "mitigate", "save", "solve", "solve_targets", "sweep", "threshold", "threshold_of", "verify",
]
