"""What is told of an ingest under way: never that it is done before it is."""

from pathlib import Path

import pytest

from ingest.files import SourceFile
from ingest.report import Meter, Progress, total_bytes
from ingest.sources import Link, Source


class Clock:
    seconds = 0.0

    def __call__(self) -> float:
        return self.seconds


class Shown:
    """A meter of two files of 100 bytes, and the last that it showed."""

    def __init__(self, name: str = "a.txt") -> None:
        self.clock = Clock()
        self.file = file(name, 100)
        self.meter = Meter(200, self.take, clock=self.clock)

    def take(self, progress: Progress) -> None:
        self.last = progress


def file(name: str, size: int = 100) -> SourceFile:
    return SourceFile(Path(name), size, 1_000)


def test_what_is_read_counts_once_it_is_embedded() -> None:
    shown = Shown()
    shown.meter.begin(shown.file)
    shown.meter.take(1, 40, is_new=True)
    shown.meter.end()
    assert (shown.last.articles, shown.last.done_bytes) == (0, 0)
    shown.meter.embedded()
    assert (shown.last.articles, shown.last.done_bytes) == (1, 100)


def test_what_did_not_change_counts_at_once_and_says_nothing_of_the_pace() -> None:
    shown = Shown()
    shown.meter.begin(shown.file)
    shown.meter.take(1, 40)
    shown.meter.end()
    assert shown.last == Progress(1, 100, 200)


def test_pace_and_time_left_are_those_of_what_was_embedded() -> None:
    shown = Shown()
    shown.meter.begin(shown.file)
    shown.meter.take(50, 50)
    shown.clock.seconds = 10.0
    shown.meter.take(5, 50, is_new=True)
    shown.clock.seconds = 12.0
    shown.meter.embedded()
    assert shown.last == Progress(55, 100, 200, per_second=2.5, seconds_left=4.0)


def test_zip_counts_when_all_of_it_is_done_for_it_holds_more_text_than_bytes() -> None:
    shown = Shown("a.zip")
    shown.meter.begin(shown.file)
    shown.meter.take(1, 90, is_new=True)
    shown.meter.embedded()
    assert (shown.last.articles, shown.last.done_bytes, shown.last.seconds_left) == (1, 0, None)
    shown.meter.end()
    assert shown.last.done_bytes == 100


@pytest.mark.parametrize(
    ("found", "total"),
    [
        ([file("a.txt"), file("b.zip")], 200),
        ([file("a.txt"), Link("https://news.example/")], None),
        ([file("a.txt"), file("feed.xml")], None),
        ([file("-", 0)], None),
        ([], 0),
    ],
)
def test_total_is_told_where_it_is_known(found: list[Source], total: int | None) -> None:
    assert total_bytes(found) == total
