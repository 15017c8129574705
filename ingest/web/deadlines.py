"""Does what can't be interrupted, such as looking up a name, without being held up by it."""

import time
from collections.abc import Callable
from concurrent.futures import Future, wait
from threading import Thread
from typing import TypeVar

from ingest.errors import StoppedError

_Result = TypeVar("_Result")

_STEP_SECONDS = 0.1
"""How soon it is noticed that work is to be stopped."""


def done_by(deadline: float, work: Callable[[], _Result], stop: Callable[[], bool]) -> _Result:
    """Return what `work` returns, which is done in a thread of its own.

    Raises TimeoutError at the deadline, by the monotonic clock, and StoppedError when told to
    stop: the thread is left to find its own end, and keeps no program from ending.
    """
    result: Future[_Result] = Future()

    def do() -> None:
        try:
            result.set_result(work())
        except BaseException as error:
            result.set_exception(error)

    if not stop():
        Thread(target=do, daemon=True).start()
    while not stop():
        left = deadline - time.monotonic()
        wait([result], min(left, _STEP_SECONDS))
        if result.done():
            return result.result()
        if left <= 0:
            raise TimeoutError
    raise StoppedError("stopped")
