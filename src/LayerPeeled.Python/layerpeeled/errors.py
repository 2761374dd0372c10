"""What goes wrong, as exceptions. The message is that of the library: it names the argument, its value and what is allowed."""
from __future__ import annotations

from typing import Any, Dict, Type

from . import _abi


class LayerPeeledError(Exception):
    """Base of all errors of this package.

    Attributes
    ----------
    kind : str
        Name of the exception inside the library, such as ``ArgumentOutOfRangeException``; empty for errors found before it was called.
    """

    kind: str = ""


class InvalidArgumentError(LayerPeeledError, ValueError):
    """An argument is malformed, or does not fit the others."""


class OutOfRangeError(InvalidArgumentError):
    """A number is outside what is allowed."""


class OutOfMemoryError(LayerPeeledError, MemoryError):
    """There is not enough memory for the problem."""


class CancelledError(LayerPeeledError):
    """The call was cancelled before there was anything to hand out."""


class UnsupportedError(LayerPeeledError, NotImplementedError):
    """Not for this model, this solution or this processor."""


class FileError(LayerPeeledError, OSError):
    """A file cannot be opened, read or written."""


class FormatError(LayerPeeledError, ValueError):
    """A file is not what it should be."""


class NumericalError(LayerPeeledError, ArithmeticError):
    """A decomposition failed."""


class StateError(LayerPeeledError, RuntimeError):
    """Not possible for this object, such as W of a solution that needs more than p dimensions."""


class InternalError(LayerPeeledError, RuntimeError):
    """A defect of the library."""


class Interrupted(KeyboardInterrupt):
    """Ctrl-C during a call. The call was stopped, and what it had reached is here.

    Attributes
    ----------
    result
        What the call would have returned: for `solve` the best point so far with its certificate and the status ``Cancelled``; ``None`` where there is nothing.
    """

    def __init__(self, result: Any) -> None:
        super().__init__("interrupted; the attribute 'result' has what was reached" if result is not None else "interrupted")
        self.result = result


OF_CODE: Dict[int, Type[LayerPeeledError]] = {
    _abi.LP_ERROR_ARGUMENT: InvalidArgumentError,
    _abi.LP_ERROR_RANGE: OutOfRangeError,
    _abi.LP_ERROR_MEMORY: OutOfMemoryError,
    _abi.LP_ERROR_CANCELLED: CancelledError,
    _abi.LP_ERROR_UNSUPPORTED: UnsupportedError,
    _abi.LP_ERROR_IO: FileError,
    _abi.LP_ERROR_FORMAT: FormatError,
    _abi.LP_ERROR_NUMERICAL: NumericalError,
    _abi.LP_ERROR_STATE: StateError,
}
