"""Shows the progress of an ingest as one line of the terminal."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from rich.console import Console
from rich.constrain import Constrain
from rich.progress import (
    BarColumn,
    ProgressColumn,
    SpinnerColumn,
    Task,
    TaskProgressColumn,
    TextColumn,
)
from rich.progress import Progress as Bar
from rich.table import Column
from rich.text import Text

from bot.cli.terminal import counted, errors_console, note, printable_line
from ingest.report import Progress, ShowProgress, show_nothing

ROOM = 6
"""Columns kept free at the end: a terminal writes ^C where the line ends, and one that is full
would be torn in two."""


@dataclass(frozen=True, slots=True)
class ProgressLine:
    """Shows progress, and prints notes above it."""

    show: ShowProgress
    note: Callable[[str], None]


@contextmanager
def progress_line() -> Iterator[ProgressLine]:
    """A line on a terminal; nothing elsewhere."""
    terminal = errors_console()
    if not terminal.is_terminal:
        yield ProgressLine(show_nothing, note)
        return
    bar = _Line(terminal)
    task = bar.add_task("", total=None, pace="", done_at=None)

    def show(progress: Progress) -> None:
        left = progress.seconds_left
        bar.update(
            task,
            completed=progress.done_bytes,
            total=progress.total_bytes,
            pace=_pace(progress),
            done_at=None if left is None else bar.get_time() + left,
            description=printable_line(progress.reading),
        )

    with bar:
        # Printed on the console of the line, which makes room for it.
        yield ProgressLine(show, lambda message: note(message, on=terminal))


class _Line(Bar):
    """A bar with its columns, which leaves room at the end of the line."""

    def __init__(self, terminal: Console) -> None:
        self._terminal = terminal
        remaining = Column(no_wrap=True, ratio=1)
        super().__init__(
            SpinnerColumn(),
            TextColumn("{task.fields[pace]}", table_column=Column(no_wrap=True)),
            BarColumn(bar_width=20),
            TaskProgressColumn(),
            _TimeLeft(table_column=Column(no_wrap=True)),
            TextColumn("{task.description}", markup=False, table_column=remaining),
            console=terminal,
            transient=True,
            expand=True,
        )

    def get_renderable(self) -> Constrain:
        return Constrain(super().get_renderable(), self._terminal.width - ROOM)


class _TimeLeft(ProgressColumn):
    """The time left, which runs down between two looks at the pace."""

    def render(self, task: Task) -> Text:
        done_at = task.fields["done_at"]
        seconds = 0 if done_at is None else round(done_at - task.get_time())
        if seconds <= 0:
            return Text("")
        hours, rest = divmod(seconds, 3_600)
        return Text(f"{hours}:{rest // 60:02}:{rest % 60:02} left", style="progress.remaining")


def _pace(progress: Progress) -> str:
    articles = counted(progress.articles, "article")
    if progress.per_second is None:
        return articles
    digits = 1 if progress.per_second < 10 else 0
    return f"{articles}, {progress.per_second:.{digits}f} a second"
