"""The line that shows how far an ingest is, on a terminal of 80 columns."""

import io
import re
from collections.abc import Iterator
from contextlib import contextmanager, redirect_stderr

import pytest

from bot.cli.progress_bar import ProgressLine, progress_line
from ingest.report import Progress

CONTROL_SEQUENCE = re.compile(r"\x1b\[[0-9;?]*[A-Za-z]|\r")


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True

    @property
    def lines(self) -> list[str]:
        return CONTROL_SEQUENCE.sub("\n", self.getvalue()).split("\n")


@contextmanager
def shown_on(terminal: Terminal, monkeypatch: pytest.MonkeyPatch) -> Iterator[ProgressLine]:
    monkeypatch.setenv("TERM", "xterm")
    monkeypatch.setenv("COLUMNS", "80")
    monkeypatch.setenv("NO_COLOR", "1")
    with redirect_stderr(terminal), progress_line() as line:
        yield line


def test_line_leaves_room_for_a_ctrl_c(monkeypatch: pytest.MonkeyPatch) -> None:
    terminal = Terminal()
    reading = "https://news.example/" + "very-long-name/" * 10
    with shown_on(terminal, monkeypatch) as line:
        line.show(Progress(10_000, 10, 100, per_second=12.3, seconds_left=7_384, reading=reading))
    longest = max(terminal.lines, key=lambda line: len(line.strip()))
    assert "10000 articles, 12 a second" in longest
    assert "2:03:0" in longest
    assert "http…" in longest
    assert max(map(len, terminal.lines)) < 77


def test_what_is_said_meanwhile_stands_on_a_line_of_its_own(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    terminal = Terminal()
    with shown_on(terminal, monkeypatch) as line:
        line.show(Progress(1, 10, 100))
        line.note("Stopping.")
    assert "Stopping." in terminal.lines


def test_nothing_is_shown_where_there_is_no_terminal() -> None:
    out = io.StringIO()
    with redirect_stderr(out), progress_line() as line:
        line.show(Progress(1, 10, 100))
    assert out.getvalue() == ""
