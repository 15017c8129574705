"""Prints results to stdout, everything else to stderr, errors in one line; handles signals."""

import json
import os
import re
import signal
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from bot.redaction import redacted

if TYPE_CHECKING:
    from rich.console import Console

    from bot.newsdesk import Newsdesk

FAILED = 1
UNWRAPPED = 100_000  # columns: what is piped on is for programs that read lines
STOPPED = 130  # what shells give a program that Ctrl-C ended: 128 + SIGINT

_CONTROLS = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f]")
_BREAKS = re.compile(r"[\t\n\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069]")
"""What ends a line, or turns the direction of what is written in it."""


def run_or_explain(app: Callable[[], Any]) -> int:
    """Run the command; an error meant for people becomes one line on stderr."""
    try:
        app()
    except KeyboardInterrupt:
        complain("Stopped.")
        return STOPPED
    except BrokenPipeError:
        # The reader of our output has gone (`newsdesk articles list | head`): not an error.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return FAILED
    except SystemExit as ended:
        return ended.code if isinstance(ended.code, int) else FAILED
    except Exception as error:
        complain(explained(error))
        return FAILED
    return 0


def complain(message: str) -> None:
    """Print on stderr what went wrong."""
    errors_console().print(printable(redacted(message)), style="red", markup=False, highlight=False)


def note(message: str, *, on: "Console | None" = None) -> None:
    """Print on stderr what a person should know beside the result."""
    shown = printable(redacted(message))
    (on or errors_console()).print(shown, style="dim", markup=False, highlight=False)


def console() -> "Console":
    """Where results go; colours only on a terminal, and not with NO_COLOR."""
    from rich.console import Console

    width = None if sys.stdout.isatty() else UNWRAPPED
    return Console(highlight=False, markup=False, emoji=False, width=width)


def errors_console() -> "Console":
    from rich.console import Console

    return Console(stderr=True, highlight=False, markup=False, emoji=False, soft_wrap=True)


def print_json(document: object, *, one_line: bool = False) -> None:
    """Print a document as JSON, in UTF-8 whatever the terminal's encoding."""
    text = json.dumps(document, ensure_ascii=False, indent=None if one_line else 2)
    sys.stdout.buffer.write(text.encode("utf-8", "backslashreplace") + b"\n")
    sys.stdout.buffer.flush()


def printable(text: str) -> str:
    """The text with control characters shown instead of obeyed: a title is not to be trusted."""
    return _CONTROLS.sub(lambda match: f"\\x{ord(match[0]):02x}", text)


def printable_line(text: str) -> str:
    """The text as `printable`, on one line: the name of a file may be made to look like more."""
    shown = _BREAKS.sub(lambda match: match[0].encode("unicode_escape").decode(), text)
    return printable(shown)


def counted(count: int, noun: str) -> str:
    """As "1 article" or "4 articles"."""
    return f"{count} {noun}" if count == 1 else f"{count} {noun}s"


def open_newsdesk(*, jobs: int | None = None) -> "Newsdesk":
    """Open the archive of the settings; `jobs` overrides theirs."""
    from bot.newsdesk import Newsdesk
    from bot.settings import read_settings

    overrides = {"ingest_jobs": jobs} if jobs else {}
    return Newsdesk.from_settings(read_settings(**overrides))


@contextmanager
def stopped_by(
    *signals: signal.Signals, message: str, note: Callable[[str], None] = note
) -> Iterator[threading.Event]:
    """Set an event and print a message at the first of these signals; stop at the second."""
    stop = threading.Event()

    def handle(_signal: int, _frame: object) -> None:
        if stop.is_set():
            raise KeyboardInterrupt
        stop.set()
        note(message)

    before = {number: signal.signal(number, handle) for number in signals}
    try:
        yield stop
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


def explained(error: Exception) -> str:
    """The message for an error, which a person can act on or report."""
    return str(error) if is_ours(error) else _unexpected(error)


def _unexpected(error: Exception) -> str:
    """The message for an error nobody foresaw; its traceback goes to a file."""
    import tempfile
    import traceback

    with tempfile.NamedTemporaryFile(
        "w", prefix="newsdesk-", suffix=".log", delete=False, encoding="utf-8"
    ) as log:
        log.write(redacted("".join(traceback.format_exception(error))))
    return (
        f"Something unexpected went wrong ({type(error).__name__}); the archive is as it was "
        f"before. The details are in {log.name}: please report them."
    )


def is_ours(error: Exception) -> bool:
    """Whether an error's message is meant for people."""
    from bot.errors import BotError
    from ingest.errors import IngestError
    from vectorstore.errors import VectorstoreError

    return isinstance(error, BotError | IngestError | VectorstoreError)
