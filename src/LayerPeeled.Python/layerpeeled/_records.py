"""Structs of the library as objects of Python."""
from __future__ import annotations

import enum
from typing import Any, Callable, Dict, Tuple, Type, TypeVar

import numpy as np

from .errors import InvalidArgumentError

T = TypeVar("T")


class Status(str, enum.Enum):
    """How a solve ended. Only ``OPTIMAL`` is a proof: a duality gap, recomputed from the raw data, within the tolerance."""

    OPTIMAL = "Optimal"
    STATIONARY = "Stationary"
    ITERATION_LIMIT = "IterationLimit"
    TIME_LIMIT = "TimeLimit"
    MEMORY_LIMIT = "MemoryLimit"
    STALLED = "Stalled"
    CANCELLED = "Cancelled"
    NUMERICAL_ERROR = "NumericalError"
    NOT_SOLVED = "NotSolved"

    def __str__(self) -> str:
        return self.value

    def __format__(self, spec: str) -> str:
        return format(self.value, spec)


_STATUSES = [*list(Status)[:8]]


def status_of(code: int) -> Status:
    return Status.NOT_SOLVED if code < 0 else _STATUSES[code]


def lines(text: bytes) -> Tuple[str, ...]:
    return tuple(text.decode("utf-8").splitlines())


# By the annotation of a field.
_CONVERTERS: Dict[str, Callable[[Any], Any]] = {
    "int": int,
    "float": float,
    "bool": bool,
    "str": lambda value: value.decode("utf-8"),
    "Status": status_of,
    "Tuple[str, ...]": lines,
}


def record(kind: Type[T]) -> Type[T]:
    """Makes a dataclass one that other records may hold."""
    _CONVERTERS[kind.__name__] = lambda value: filled(kind, value)
    return kind


def filled(kind: Type[T], struct: Any, /, **others: Any) -> T:
    """A dataclass whose fields are those of a struct with the same names, but for others."""
    fields = {name: _CONVERTERS[field.type](getattr(struct, name)) for name, field in kind.__dataclass_fields__.items() if name not in others}
    return kind(**fields, **others)


def choice(value: str, choices: Dict[str, int], name: str) -> int:
    """The number of a choice by its name."""
    if value not in choices:
        raise InvalidArgumentError(f"{name} is '{value}'; one of {', '.join(choices)} is expected.")
    return choices[value]


def table(structs: Any, skipped: Tuple[str, ...] = ("struct_size", "reserved")) -> np.ndarray:
    """Structs of numbers as a structured array; structs inside are fields of their own."""
    if len(structs) == 0:
        return np.empty(0)
    whole = np.ctypeslib.as_array(structs)
    kept = [name for name in whole.dtype.names if name not in skipped]
    result = np.empty(len(whole), np.dtype([(name, whole.dtype[name]) for name in kept]))
    for name in kept:
        result[name] = whole[name]
    return result
