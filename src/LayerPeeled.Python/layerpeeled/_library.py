"""The native library: where it is, and calls of it."""
from __future__ import annotations

import ctypes
import os
import pathlib
import platform
from typing import Any, Callable, Optional

try:
    from numpy._core._multiarray_umath import __cpu_features__ as PROCESSOR
except ImportError:
    from numpy.core._multiarray_umath import __cpu_features__ as PROCESSOR  # NumPy 1

from . import _abi
from .errors import OF_CODE, InternalError

VARIABLE = "LAYERPEELED_LIBRARY"
FILE_NAME = "liblayerpeeled.so"


def _find() -> str:
    """Path of the library: what LAYERPEELED_LIBRARY says, or the file next to this one. Nothing else is looked at, least of all the current directory."""
    beside = str(pathlib.Path(__file__).resolve().parent / FILE_NAME)
    given = os.environ.get(VARIABLE)
    if given is None:
        if os.path.isfile(beside):
            return beside
        raise ImportError(f"layerpeeled: the native library is missing: there is no {beside}, and {VARIABLE} is not set.")
    if not os.path.isabs(given):
        raise ImportError(f"layerpeeled: {VARIABLE} is '{given}'; the full path of {FILE_NAME} is expected.")
    if not os.path.isfile(given):
        raise ImportError(f"layerpeeled: the native library is missing: {VARIABLE} is '{given}', and there is no such file.")
    return given


def _runs_here(path: str) -> bool:
    """Whether the library runs on this processor. Unless built portable it needs AVX2, and its first call ends a process without: a copy of this one tries."""
    if platform.machine() != "x86_64" or (PROCESSOR.get("AVX2") and PROCESSOR.get("FMA3")):
        return True
    copy = os.fork()
    if copy == 0:
        os.dup2(os.open(os.devnull, os.O_WRONLY), 2)
        ctypes.CDLL(path).lp_abi_version()
        os._exit(0)
    return os.waitpid(copy, 0)[1] == 0


def _load() -> ctypes.CDLL:
    path = _find()
    if not _runs_here(path):
        raise ImportError(f"layerpeeled: {path} needs a processor with AVX2 and FMA; 'build/native-library.sh portable' makes a library for any x86-64.")
    try:
        library = ctypes.CDLL(path)
        for name, (result, arguments) in _abi.FUNCTIONS.items():
            function = getattr(library, name)
            function.restype, function.argtypes = result, arguments
    except (OSError, AttributeError) as error:
        raise ImportError(f"layerpeeled: {path} is not the native library of this package: {error}") from None
    found = library.lp_abi_version()
    if found < _abi.LP_ABI_VERSION:
        raise ImportError(f"layerpeeled: {path} has version {found} of the interface; {_abi.LP_ABI_VERSION} or later is needed.")
    return library


library = _load()


def check(code: int) -> None:
    """Raises the error that a call has returned."""
    if code != _abi.LP_OK:
        message = library.lp_last_error().decode("utf-8")
        error = OF_CODE.get(code, InternalError)(message)
        error.kind = library.lp_last_error_kind().decode("utf-8")
        raise error


def sized(kind: Any) -> Any:
    """A struct of zeros with its size."""
    return kind(ctypes.sizeof(kind))


def encoded(text: Optional[str]) -> Optional[bytes]:
    return None if text is None else os.fspath(text).encode("utf-8")


class Handle:
    """What the library keeps for an object; freed with it. Calls take it as it is, and so keep it as long as they last."""

    __slots__ = ("_as_parameter_", "_free")

    def __init__(self, value: int, free: Callable[[int], int]) -> None:
        self._as_parameter_ = value
        self._free = free

    def __del__(self) -> None:
        self._free(self._as_parameter_)


def created(free: Callable[[int], int], function: Callable[..., int], *arguments: Any) -> Handle:
    """Calls a function whose last argument is where its handle goes."""
    out = ctypes.c_void_p()
    check(function(*arguments, ctypes.byref(out)))
    return Handle(out.value, free)  # type: ignore[arg-type]


def rows(kind: Any, function: Callable[..., int], *arguments: Any) -> Any:
    """All structs that a function hands out, as an array of ctypes."""
    count = ctypes.c_int64()
    check(function(*arguments, None, 0, ctypes.byref(count)))
    if count.value == 0:
        return []
    found = (kind * count.value)()
    found[0].struct_size = ctypes.sizeof(kind)
    check(function(*arguments, found, count.value, None))
    return found


def names(which: int) -> list[str]:
    """The names of a kind that the library knows."""
    text = created(library.lp_text_free, library.lp_names, which)
    return text_of(text).splitlines()


def text_of(text: Handle) -> str:
    data, length = ctypes.c_char_p(), ctypes.c_int64()
    check(library.lp_text_get(text, ctypes.byref(data), ctypes.byref(length)))
    return ctypes.string_at(data, length.value).decode("utf-8")
