"""Prefetching: in order, several at once, bounded, and no further than it is wanted."""

import threading
from collections.abc import Iterator

import pytest

from ingest.run import ITEMS_A_SOURCE, SOURCES_A_JOB, prefetch


def letters(word: str) -> Iterator[str]:
    yield from word


def test_items_come_in_the_order_of_their_sources() -> None:
    words = [f"word{number}" for number in range(50)]
    came = [(word, "".join(items)) for word, items in prefetch(words, letters, jobs=3)]
    assert came == [(word, word) for word in words]


def test_as_many_are_read_at_once_as_there_are_jobs() -> None:
    together = threading.Barrier(2)

    def read(word: str) -> Iterator[str]:
        together.wait(timeout=30)
        yield word

    assert [list(items) for _, items in prefetch(["a", "b"], read, jobs=2)] == [["a"], ["b"]]


def test_reading_goes_on_while_what_was_read_is_worked_on() -> None:
    second_was_read = threading.Event()

    def read(word: str) -> Iterator[str]:
        yield word
        if word == "second":
            second_was_read.set()

    for word, items in prefetch(["first", "second"], read, jobs=1):
        assert list(items) == [word]
        assert second_was_read.wait(timeout=30)


def test_reader_waits_for_whoever_takes() -> None:
    read = 0

    def count(_source: str) -> Iterator[int]:
        nonlocal read
        for number in range(10_000):
            read = number
            yield number

    for _, items in prefetch(["endless"], count, jobs=1):
        taken = next(items)
    assert taken == 0
    assert read <= ITEMS_A_SOURCE + 1


def test_no_more_sources_are_begun_than_are_held() -> None:
    begun: list[int] = []

    def read(number: int) -> Iterator[int]:
        begun.append(number)
        yield number

    coming = prefetch(range(1_000), read, jobs=2)
    next(coming)
    coming.close()
    assert len(begun) <= 2 * SOURCES_A_JOB


def test_what_a_reader_raises_is_raised_where_its_items_are_taken() -> None:
    def read(word: str) -> Iterator[str]:
        yield word
        raise ValueError(word)

    taken = []
    with pytest.raises(ValueError, match="a"):
        for _, items in prefetch(["a", "b"], read, jobs=2):
            for item in items:
                taken.append(item)
    assert taken == ["a"]
