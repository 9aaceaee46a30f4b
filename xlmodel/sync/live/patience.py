"""Waiting for an Excel that is busy: it is calculating, shows a question, or somebody types in a cell."""

from __future__ import annotations

import contextlib
import importlib
import time
from collections.abc import Callable, Iterator
from typing import Any, TypeVar

from xlmodel.errors import BookInUseError

__all__ = ["Patience", "is_busy", "without_endless_retries"]

T = TypeVar("T")

#: RPC_E_CALL_REJECTED, RPC_E_SERVERCALL_RETRYLATER and VBA_E_IGNORE: the call was not carried out, only put off
_PUT_OFF = frozenset((-2147418111, -2147417846, -2146777998))
#: Apple events: a parameter error, which a busy Excel for Mac gives too, and no answer in time
_MAC_BUSY = frozenset((-50, -1712))


def is_busy(error: BaseException) -> bool:
    """Tell whether an error of Excel's automation only means that it has no time now."""
    if type(error).__name__ == "ExcelBusyError":
        return True
    if getattr(error, "errornumber", None) in _MAC_BUSY:
        return True
    details = getattr(error, "excepinfo", None) or ()
    codes = {getattr(error, "hresult", None), *(details[5:6] if isinstance(details, tuple) else ())}
    return not _PUT_OFF.isdisjoint(codes)


class Patience:
    """Repeats a call until Excel has time for it, for so many seconds in all a call."""

    def __init__(
        self,
        seconds: float,
        *,
        sleep: Callable[[float], None] = time.sleep,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._seconds = seconds
        self._sleep = sleep
        self._clock = clock

    def __call__(self, call: Callable[[], T]) -> T:
        """Return what a call gives.

        Raises
        ------
        BookInUseError
            Excel had no time until the end.
        """
        until, pause = self._clock() + self._seconds, 0.1
        while True:
            try:
                return call()
            except Exception as error:
                if not is_busy(error):
                    raise
                if self._clock() + pause > until:
                    raise BookInUseError(
                        f"Excel was busy for {self._seconds:.0f} s: finish the cell that is being typed in, or answer "
                        "the question that Excel shows, and try again"
                    ) from error
            self._sleep(pause)
            pause = min(2 * pause, 2.0)


@contextlib.contextmanager
def without_endless_retries() -> Iterator[None]:
    """Have xlwings report a busy Excel at once; left to itself it asks again for ever, without a pause."""
    try:
        windows: Any = importlib.import_module("xlwings._xlwindows")
    except ImportError:  # a Mac has none
        yield
        return
    before = windows.N_COM_ATTEMPTS
    windows.N_COM_ATTEMPTS = 1
    try:
        yield
    finally:
        windows.N_COM_ATTEMPTS = before
