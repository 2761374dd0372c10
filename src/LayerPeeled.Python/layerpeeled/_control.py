"""Watching and stopping calls: progress, cancel tokens, Ctrl-C."""
from __future__ import annotations

import ctypes
import threading
from dataclasses import dataclass
from typing import Any, Callable, Optional

try:
    # The functions themselves: those of the module signal look for names of numbers first, which takes longer than all else here.
    from _signal import SIGINT, default_int_handler, getsignal, signal
except ImportError:
    from signal import SIGINT, default_int_handler, getsignal, signal

from . import _abi
from ._library import check, created, library, sized
from .errors import Interrupted


@dataclass(frozen=True)
class Progress:
    """Where a solve stands after an iteration.

    Attributes
    ----------
    method : str
        The method that is at work.
    iteration : int
        Iterations done.
    objective : float
        Average loss at the current point, in nats; 0 where it is too small for a float.
    log10_objective : float
        Its logarithm to the base 10.
    stationarity : float
        The method's own relative measure, 0 at an optimum.
    relative_gap : float
        Of the latest certificate; NaN before the first.
    seconds : float
        Since the solve began.
    """

    method: str
    iteration: int
    objective: float
    log10_objective: float
    stationarity: float
    relative_gap: float
    seconds: float


def progress_of(report: Any) -> Progress:
    return Progress(report.method.decode("utf-8"), report.iteration, report.objective, report.log10_objective, report.stationarity,
                    report.relative_gap, report.seconds)


class CancelToken:
    """Stops calls from another thread. A token serves any number of calls and stays cancelled.

    Examples
    --------
    >>> token = layerpeeled.CancelToken()
    >>> token.cancel()
    >>> layerpeeled.solve([100, 100, 10], ew=1, eh=5, cancel=token).status
    <Status.CANCELLED: 'Cancelled'>
    """

    def __init__(self) -> None:
        self._handle = created(library.lp_token_free, library.lp_token_create)

    def cancel(self) -> None:
        """Cancels every call that has this token."""
        check(library.lp_token_cancel(self._handle))

    @property
    def is_cancelled(self) -> bool:
        """Whether `cancel` was called."""
        found = ctypes.c_int32()
        check(library.lp_token_is_cancelled(self._handle, ctypes.byref(found)))
        return found.value != 0

    def __repr__(self) -> str:
        return f"CancelToken(is_cancelled={self.is_cancelled})"


ProgressCallback = Callable[[Progress], Any]


class _Watch:
    """One call on this thread that comes back here after each iteration, where Python sees to its signals."""

    def __init__(self, progress: Optional[ProgressCallback]) -> None:
        self.progress = progress
        self.interrupted = False
        self.error: Optional[BaseException] = None

    def interrupt(self, number: int, frame: Any) -> None:
        self.interrupted = True

    def report(self, report: Any, user: Any) -> int:
        if self.interrupted or self.error is not None:
            return 1
        if self.progress is None:
            return 0
        try:
            return 1 if self.progress(progress_of(report.contents)) else 0
        except BaseException as error:
            self.error = error
            return 1


def watched(progress: Optional[ProgressCallback], cancel: Optional[CancelToken], call: Callable[[Any], Any]) -> Any:
    """Runs ``call(control)`` on this thread. Ctrl-C stops it after the iteration, and raises with what it has reached."""
    catches = _catches_interrupts()
    if not catches and progress is None:
        return call(_control(None, cancel))
    watch = _Watch(progress)
    control = _control(_abi.lp_progress_callback(watch.report), cancel)
    result = _with_handler(watch.interrupt, lambda: call(control)) if catches else call(control)
    if watch.error is not None:
        raise watch.error
    if watch.interrupted:
        raise Interrupted(result)
    return result


def in_background(cancel: Optional[CancelToken], call: Callable[[Any], Any]) -> Any:
    """Runs ``call(control)``, for calls that do not come back before their end, on a thread of its own, so that Ctrl-C is seen to here. It cancels."""
    if not _catches_interrupts():
        return call(_control(None, cancel))
    token = cancel or CancelToken()
    result: Any = None
    error: Optional[BaseException] = None
    interrupted = False

    def work() -> None:
        nonlocal result, error
        try:
            result = call(_control(None, token))
        except BaseException as caught:
            error = caught

    def interrupt(number: int, frame: Any) -> None:
        nonlocal interrupted
        interrupted = True
        token.cancel()

    def wait() -> None:
        thread = threading.Thread(target=work, name="layerpeeled")
        thread.start()
        thread.join()

    _with_handler(interrupt, wait)
    if interrupted:
        raise Interrupted(result) from error
    if error is not None:
        raise error
    return result


def _catches_interrupts() -> bool:
    """Whether Ctrl-C is Python's own affair, and seen to on this thread."""
    return threading.get_ident() == threading.main_thread().ident and getsignal(SIGINT) is default_int_handler


def _with_handler(handler: Callable[[int, Any], None], call: Callable[[], Any]) -> Any:
    # One that does not raise: an error at the first instruction of a callback would be lost.
    before = signal(SIGINT, handler)
    try:
        return call()
    finally:
        signal(SIGINT, before)


def _control(callback: Optional[Any], cancel: Optional[CancelToken]) -> Any:
    control = sized(_abi.lp_control)
    if callback is not None:
        control.progress = callback
    if cancel is not None:
        control.token = cancel._handle._as_parameter_
    control.kept = (callback, cancel)
    return control
