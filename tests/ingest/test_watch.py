"""Keeping up with folders, files and links: real files, and a website that fails."""

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from queue import Queue

import pytest

from ingest.pipeline import Pipeline
from ingest.report import Report, SourceReport
from ingest.watch import Round, Watcher
from tests.archive import open_library
from tests.ingest.website import page, status, website
from vectorstore.errors import LedgerBusyError
from vectorstore.library import Library

PATIENCE_SECONDS = 30.0


@pytest.fixture
def library(tmp_path: Path) -> Library:
    (tmp_path / "home").mkdir()
    return open_library(tmp_path / "home")


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    folder = tmp_path / "wire"
    folder.mkdir()
    return folder


def write(file: Path, text: str = "Talks were held.") -> Path:
    file.write_text(f"{file.stem.title()}\n\n{text}\n", encoding="utf-8")
    return file


@contextmanager
def watching(
    ingest: Callable[[str, Report], object], *sources: str | Path, every_seconds: float = 3600
) -> Iterator[Queue[Round]]:
    """Watch in a thread; the queue gets its rounds."""
    rounds: Queue[Round] = Queue()
    stop = threading.Event()
    watch = Watcher(ingest, rounds.put, every_seconds=every_seconds, first_retry_seconds=0.01)
    thread = threading.Thread(target=watch.run, args=([str(source) for source in sources], stop))
    thread.start()
    try:
        yield rounds
    finally:
        stop.set()
        thread.join(PATIENCE_SECONDS)
        assert not thread.is_alive()


def news(rounds: Queue[Round]) -> list[tuple[str, str]]:
    """What the next round with news says: each status, and the name of its file."""
    while not (told := rounds.get(timeout=PATIENCE_SECONDS)).news:
        pass
    return [(source.status, Path(source.source).name) for source in told.news]


def test_files_are_taken_in_as_they_come_change_and_go(library: Library, folder: Path) -> None:
    def ingest(source: str, report: Report) -> Report:
        return Pipeline(library, max_bytes=1_000).run([source], prune=True, report=report)

    write(folder / "a.txt")
    with watching(ingest, folder) as rounds:
        assert news(rounds) == [("added", "a.txt")]
        write(folder / "b.txt", "It rained.")
        assert news(rounds) == [("added", "b.txt")]
        write(folder / "b.txt", "It snowed.")
        assert news(rounds) == [("updated", "b.txt")]
        (folder / "a.txt").unlink()
        assert news(rounds) == [("removed", "a.txt")]


def test_folder_that_is_replaced_is_watched_on(library: Library, folder: Path) -> None:
    def ingest(source: str, report: Report) -> Report:
        return Pipeline(library, max_bytes=1_000).run([source], report=report)

    write(folder / "a.txt")
    with watching(ingest, folder) as rounds:
        assert news(rounds) == [("added", "a.txt")]
        folder.rename(folder.with_name("old"))
        assert news(rounds) == [("failed", "wire")]
        folder.mkdir()
        write(folder / "b.txt", "It rained.")
        assert news(rounds) == [("added", "b.txt")]
        write(folder / "c.txt", "It snowed.")
        assert news(rounds) == [("added", "c.txt")]


def test_folder_with_a_dot_in_its_name_is_noticed_when_it_is_moved(
    library: Library, folder: Path, tmp_path: Path
) -> None:
    def ingest(source: str, report: Report) -> Report:
        return Pipeline(library, max_bytes=1_000).run([source], prune=True, report=report)

    write(folder / "a.txt")
    (tmp_path / "2026.11").mkdir()
    write(tmp_path / "2026.11" / "b.txt", "It rained.")
    with watching(ingest, folder) as rounds:
        assert news(rounds) == [("added", "a.txt")]
        (tmp_path / "2026.11").rename(folder / "2026.11")
        assert news(rounds) == [("added", "b.txt")]
        (folder / "2026.11").rename(folder / "wire.reuters")
        assert sorted(news(rounds)) == [("added", "b.txt"), ("removed", "b.txt")]


def test_what_is_no_article_leads_to_no_round(library: Library, folder: Path) -> None:
    def ingest(source: str, report: Report) -> Report:
        (folder / "ledger.db-wal").write_text(source)
        return Pipeline(library, max_bytes=1_000).run([source], report=report)

    with watching(ingest, folder) as rounds:
        assert news(rounds) == [("failed", "wire")]
        for name in (".draft.txt", "photo.jpg"):
            write(folder / name)
        write(folder / "a.txt")
        assert news(rounds) == [("added", "a.txt")]
        assert rounds.empty()


def test_feed_is_asked_again_and_less_and_less_while_it_fails(library: Library) -> None:
    def ingest(source: str, report: Report) -> Report:
        return Pipeline(library, max_bytes=10_000, open_web=site.web).run([source], report=report)

    with website() as site:
        url = f"{site.url}/news.txt"
        site.pages["/news.txt"] = page("News\n\nTalks were held.\n", "text/plain")
        with watching(ingest, url, every_seconds=0.02) as rounds:
            assert news(rounds) == [("added", "news.txt")]
            site.pages["/news.txt"] = page("News\n\nTalks have failed.\n", "text/plain")
            assert news(rounds) == [("updated", "news.txt")]
            site.pages["/news.txt"] = status(404)
            assert news(rounds) == [("failed", "news.txt")]
            waits = [rounds.get(timeout=PATIENCE_SECONDS).retry_seconds for _ in range(4)]
            assert waits == [0.02, 0.04, 0.08, 0.16]
            site.pages["/news.txt"] = page("News\n\nTalks go on.\n", "text/plain")
            assert news(rounds) == [("updated", "news.txt")]


def test_server_that_asks_to_be_left_alone_is_for_a_day_at_most(library: Library) -> None:
    def ingest(source: str, report: Report) -> Report:
        return Pipeline(library, max_bytes=10_000, open_web=site.web).run([source], report=report)

    with website() as site:
        site.pages["/feed"] = status(429, Retry_After="3600")
        with watching(ingest, f"{site.url}/feed", every_seconds=60) as rounds:
            assert rounds.get(timeout=PATIENCE_SECONDS).retry_seconds == 3600
        site.pages["/feed"] = status(503, Retry_After="9" * 400)
        with watching(ingest, f"{site.url}/feed", every_seconds=60) as rounds:
            assert rounds.get(timeout=PATIENCE_SECONDS).retry_seconds == 86_400


def test_error_is_told_and_tried_again(library: Library, folder: Path) -> None:
    errors = iter([LedgerBusyError("The ledger is locked."), OverflowError("nobody foresaw it")])

    def ingest(source: str, report: Report) -> Report:
        for error in errors:
            report.sources.append(SourceReport(f"{source}/first.txt", "added"))
            raise error
        return Pipeline(library, max_bytes=1_000).run([source], report=report)

    write(folder / "a.txt")
    with watching(ingest, folder) as rounds:
        first = rounds.get(timeout=PATIENCE_SECONDS)
        assert str(first.problem) == "The ledger is locked."
        assert first.retry_seconds
        assert [told.status for told in first.news] == ["added"]
        assert isinstance(rounds.get(timeout=PATIENCE_SECONDS).problem, OverflowError)
        assert news(rounds) == [("added", "a.txt")]


def test_failure_is_news_once(library: Library, folder: Path) -> None:
    def ingest(source: str, report: Report) -> Report:
        return Pipeline(library, max_bytes=1_000).run([source], report=report)

    rounds: list[Round] = []
    (folder / "a.txt").touch()
    stop = threading.Event()

    def count(told: Round) -> None:
        rounds.append(told)
        if len(rounds) == 2:
            stop.set()

    watch = Watcher(ingest, count, every_seconds=0.01, first_retry_seconds=0.01)
    watch.run([str(folder)], stop)
    assert [len(told.news) for told in rounds] == [1, 0]
