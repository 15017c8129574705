import io
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from ingest.drafts import Draft, Reading, SourceFailure
from ingest.errors import ReadError
from ingest.files import SourceFile
from ingest.readers.sandbox import Sandbox
from ingest.sources import find_sources
from tests.ingest.conftest import Read
from tests.ingest.made_files import zipped
from tests.ingest.readers.bombs import BOMBS, crowded_docx, nested_pdf, operators_pdf

REASONS = {
    "flate.pdf": (0.4, "no text in it"),
    "packed.docx": (0.1, "unpacks to"),
    "laughs.docx": (1, "damaged: Maximum entity amplification factor exceeded"),
    "deep.docx": (0.1, "damaged: Excessive depth in document"),
    "laughs.xhtml": (1, "declares entities of its own, which no page needs"),
    "deep.html": (0.2, "elements nested more than 250 deep"),
    "packed.zip": (0.1, "unpacks to"),
    "crowded.eml": (0.11, "holds more than 20000 files"),
    "deep.eml": (0.05, "damaged, or made to be endless"),
}
"""How much of each bomb that is known for what it is, not what it takes; how its reason begins."""


@pytest.mark.parametrize("name", REASONS)
def test_bomb_is_refused_for_what_it_is(read: Read, name: str) -> None:
    much, reason = REASONS[name]
    (failure,) = read(name, BOMBS[name](much))
    assert isinstance(failure, SourceFailure)
    assert failure.reason.startswith(reason)


@pytest.mark.parametrize("name", ["looped.pdf", "pages.pdf"])
def test_page_that_a_pdf_names_again_and_again_is_read_once(read: Read, name: str) -> None:
    (draft,) = read(name, BOMBS[name](0.1))
    assert isinstance(draft, Draft)
    assert draft.text == "a"


@contextmanager
def sandbox(seconds: int, memory_bytes: int) -> Iterator[Sandbox]:
    made = Sandbox(seconds=seconds, memory_bytes=memory_bytes)
    yield made
    made.close()


def read_lazily(sandbox: Sandbox, name: str, content: bytes) -> Iterator[Reading]:
    file = SourceFile(Path("/news") / name, len(content), 5_000_000)
    return sandbox.read(io.BufferedReader(io.BytesIO(content)), file)


def read_in(sandbox: Sandbox, name: str, content: bytes) -> list[Reading]:
    return list(read_lazily(sandbox, name, content))


def test_file_that_takes_too_long_is_given_up_and_the_next_one_read() -> None:
    with sandbox(seconds=1, memory_bytes=3_000_000_000) as hurried:
        with pytest.raises(ReadError, match="takes more than 1 s to read"):
            read_in(hurried, "a.pdf", operators_pdf(0.5))
        (draft,) = read_in(hurried, "b.txt", b"She left.")
    assert isinstance(draft, Draft)


def test_pdf_that_draws_itself_ends_with_the_memory_it_may_take() -> None:
    with (
        sandbox(seconds=60, memory_bytes=200_000_000) as narrow,
        pytest.raises(ReadError, match="takes more than 200 MB of memory"),
    ):
        read_in(narrow, "a.pdf", nested_pdf(1))


def test_part_that_takes_too_much_memory_fails_alone() -> None:
    packed = zipped({"a.txt": "One.", "bomb.docx": crowded_docx(1), "b.txt": "Two."})
    with sandbox(seconds=60, memory_bytes=200_000_000) as narrow:
        first, failure, last = read_in(narrow, "a.zip", packed)
    assert isinstance(first, Draft)
    assert isinstance(last, Draft)
    assert (first.text, last.text) == ("One.", "Two.")
    reason = "takes more than 200 MB of memory to read"
    assert failure == SourceFailure("/news/a.zip#bomb.docx", reason, "/news/a.zip")


def test_parts_that_take_too_long_share_the_time_there_is_for_a_file() -> None:
    slow = operators_pdf(0.5)
    parts: dict[str, bytes | str] = {
        "a.txt": "One.",
        "b.pdf": slow,
        "c.pdf": slow,
        "d.pdf": slow,
        "e.pdf": slow,
    }
    with sandbox(seconds=2, memory_bytes=700_000_000) as hurried:
        readings = []
        with pytest.raises(ReadError, match="given up behind"):
            for reading in read_lazily(hurried, "a.zip", zipped(parts)):
                readings.append(reading)
    first, *failed = readings
    assert isinstance(first, Draft)
    assert 0 < len(failed) < 4
    assert all(isinstance(failure, SourceFailure) for failure in failed)


def test_feed_that_would_take_hours_is_given_up() -> None:
    author = b"<author>" + b"a." * 500_000 + b"</author>"
    feed = b"<rss version='2.0'><channel><item>" + author + b"</item></channel></rss>"
    with (
        sandbox(seconds=2, memory_bytes=700_000_000) as hurried,
        pytest.raises(ReadError, match="takes more than 2 s to read"),
    ):
        hurried.read_feed(feed, "https://news.example/feed")


def test_file_over_the_limit_is_not_even_read(tmp_path: Path) -> None:
    for name in ("a.txt", "a.html", "a.pdf", "a.docx", "a.zip", "a.eml"):
        with (tmp_path / name).open("wb") as file:
            file.truncate(100_000_000)
    found = list(find_sources([str(tmp_path)]))
    assert {f.reason for f in found if isinstance(f, SourceFailure)} == {
        "larger than 20 MB, the limit for one article"
    }
    assert len(found) == 6


def test_text_that_unpacks_to_more_than_the_limit_is_refused(read: Read) -> None:
    text = "".join(f"{n} ministers left. " for n in range(100_000))
    (failure,) = read("a.zip", zipped({"a.txt": text}))
    assert isinstance(failure, SourceFailure)
    assert failure.reason == "larger than 1 MB, the limit for one article"
