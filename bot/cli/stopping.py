"""Signals that ask a command to stop, as an event it looks at where it may be left."""

import signal
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from bot.cli.terminal import note


@contextmanager
def stopped_by(
    *signals: signal.Signals, saying: str, note: Callable[[str], None] = note
) -> Iterator[threading.Event]:
    """Set an event at the first of these signals, and end at once at the second."""
    stop = threading.Event()

    def ask_to_stop(_signal: int, _frame: object) -> None:
        if stop.is_set():
            raise KeyboardInterrupt
        stop.set()
        note(saying)

    before = {number: signal.signal(number, ask_to_stop) for number in signals}
    try:
        yield stop
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
