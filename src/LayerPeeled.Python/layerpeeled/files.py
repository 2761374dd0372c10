"""Saved solutions."""
from __future__ import annotations

import os
from dataclasses import dataclass
from typing import Optional, Sequence, Tuple

from . import _abi
from ._library import check, created, encoded, library, rows, sized
from ._records import filled
from .solutions import Certificate, PathLike, Solution

_OUTCOMES = {_abi.LP_CHECK_HOLDS: "Holds", _abi.LP_CHECK_FAILS: "Fails", _abi.LP_CHECK_UNCONFIRMED: "Unconfirmed"}


@dataclass(frozen=True)
class Check:
    """One claim of a file and what became of it: ``Holds``, ``Fails`` or ``Unconfirmed``."""

    name: str
    outcome: str
    detail: str


@dataclass(frozen=True)
class Verification:
    """What a saved solution is worth.

    Attributes
    ----------
    holds : bool
        Whether no claim fails.
    certified : bool
        Whether it is a certified optimum: the gap, recomputed from the matrices, closes at the tolerance of the file.
    certificate : Certificate
        As recomputed.
    checks : tuple of Check
        Each claim.
    """

    holds: bool
    certified: bool
    certificate: Certificate
    checks: Tuple[Check, ...]


def load(path: PathLike) -> Solution:
    """Reads a solution that `Solution.save` or ``layerpeeled solve --out`` wrote. Its numbers are what the file claims until `verify`.

    Parameters
    ----------
    path : str or path
        JSON or ``.npz``.

    Raises
    ------
    FileError
        The file cannot be read.
    FormatError
        It is no saved solution with its matrices.
    """
    return Solution(created(library.lp_solution_free, library.lp_solution_load, encoded(os.fspath(path))))


def save(solution: Solution, path: PathLike, *, names: Optional[Sequence[str]] = None, source: Optional[str] = None) -> None:
    """Writes a solution with its matrices: JSON, or NumPy arrays where the path ends in ``.npz``.

    One of soft targets is written to ``.npz`` alone, as the arrays ``classifier``, V×q, and ``contexts``, m×q.

    Parameters
    ----------
    solution : Solution
        As `solve` gives it.
    path : str or path
        Where to. The file appears whole or not at all.
    names : sequence of str, optional
        Names of the classes; those of the counts, where they were given as a mapping.
    source : str, optional
        Where the counts come from, for people.

    Raises
    ------
    UnsupportedError
        The path ends otherwise, or the solution is from a file: `convert` writes that in another format.
    """
    solution.save(path, names=names, source=source)


def convert(source: PathLike, target: PathLike) -> None:
    """Writes a saved solution in another format; no digit and no field is lost.

    Parameters
    ----------
    source : str or path
        JSON or ``.npz``, as `save` or ``layerpeeled solve --out`` wrote it.
    target : str or path
        Where to; its end, ``.json`` or ``.npz``, decides the format. The file appears whole or not at all.

    Raises
    ------
    UnsupportedError
        The target ends otherwise.
    FileError
        A file cannot be read or written.
    FormatError
        The source is no saved solution with its matrices.
    """
    check(library.lp_convert(encoded(os.fspath(source)), encoded(os.fspath(target))))


def verify(path: PathLike) -> Verification:
    """Recomputes every claim of a saved solution from its matrices and its counts.

    Parameters
    ----------
    path : str or path
        JSON or ``.npz``.

    Raises
    ------
    FileError
        The file cannot be read.
    FormatError
        It is no saved solution with its matrices.
    """
    handle = created(library.lp_verification_free, library.lp_verify, encoded(os.fspath(path)))
    info, certificate = sized(_abi.lp_verification_info), sized(_abi.lp_certificate)
    check(library.lp_verification_get_info(handle, info))
    check(library.lp_verification_get_certificate(handle, certificate))
    checks = rows(_abi.lp_check, library.lp_verification_get_checks, handle)
    return Verification(info.holds != 0, info.certified != 0, filled(Certificate, certificate),
                        tuple(Check(c.name.decode("utf-8"), _OUTCOMES[c.outcome], c.detail.decode("utf-8")) for c in checks))
