"""From sources to a stored archive: what is added, skipped, replaced and removed."""

import subprocess
import sys
import zipfile
from collections.abc import Sequence
from pathlib import Path

import pytest

from ingest.pipeline import Pipeline
from ingest.report import Progress, Report
from tests.archive import WordEmbedder, found, open_library
from tests.ingest.desk import Desk, statuses, write_records
from vectorstore.errors import EmbeddingError, EmbeddingModelChangedError, LedgerBusyError
from vectorstore.models import Vectors
from vectorstore.runs import CUT_OFF


class AwayEmbedder(WordEmbedder):
    """Is away, or goes away after so many calls."""

    def __init__(self, after: int = 0, error: BaseException | None = None) -> None:
        super().__init__()
        self.calls_left = after
        self.error = error or EmbeddingError("The embedder is away.")

    def embed(self, texts: Sequence[str]) -> Vectors:
        if not self.calls_left:
            raise self.error
        self.calls_left -= 1
        return super().embed(texts)


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    return Desk(tmp_path / "home")


def test_unchanged_file_is_neither_read_nor_embedded_again(desk: Desk, tmp_path: Path) -> None:
    file = write_records(tmp_path / "x.jsonl", "Talks were held.", "It rained.")
    assert statuses(desk.ingest(file)) == ["added", "added"]
    embedded = desk.embedder.embedded
    assert statuses(desk.ingest(file)) == ["unchanged", "unchanged"]
    assert desk.embedder.embedded == embedded


def test_only_the_changed_record_of_a_file_is_embedded(desk: Desk, tmp_path: Path) -> None:
    file = write_records(tmp_path / "x.jsonl", "Talks were held.", "It rained.", "It snowed.")
    desk.ingest(file)
    desk.embedder.embedded = 0
    write_records(file, "Talks were held.", "It poured.", "It snowed.")
    assert sorted(statuses(desk.ingest(file))) == ["unchanged", "unchanged", "updated"]
    assert desk.embedder.embedded == 2  # the passage and its one sentence
    assert found(desk.library, "poured")[0] == "r1"


def test_changed_date_alone_makes_a_new_version(desk: Desk, tmp_path: Path) -> None:
    file = write_records(tmp_path / "x.jsonl", "Talks were held.", published_at="2021-12-03")
    desk.ingest(file)
    write_records(file, "Talks were held.", published_at="2021-12-04")
    assert statuses(desk.ingest(file)) == ["updated"]
    assert [a.published_at for a in desk.library.ledger.articles()] == ["2021-12-04"]


def test_file_with_a_bad_line_is_read_again_until_it_is_mended(desk: Desk, tmp_path: Path) -> None:
    file = write_records(tmp_path / "x.jsonl", "Talks were held.")
    good = file.read_text(encoding="utf-8")
    file.write_text(good + "\nnonsense")
    assert statuses(desk.ingest(file)) == ["failed", "added"]
    assert statuses(desk.ingest(file)) == ["unchanged", "failed"]
    file.write_text(good)
    assert statuses(desk.ingest(file)) == ["unchanged"]


def test_article_belongs_to_the_file_that_gave_it_last(desk: Desk, tmp_path: Path) -> None:
    one = write_records(tmp_path / "one.jsonl", "The first telling.")
    two = write_records(tmp_path / "two.jsonl", "The second telling.")
    desk.ingest(one)
    assert statuses(desk.ingest(two)) == ["updated"]
    assert statuses(desk.ingest(one)) == ["updated"]
    assert [a.text for a in desk.library.ledger.articles()] == ["The first telling."]


def test_nothing_is_pruned_where_something_could_not_be_read(desk: Desk, tmp_path: Path) -> None:
    file = write_records(tmp_path / "x.jsonl", "Talks were held.", "It rained.")
    desk.ingest(file)
    file.write_text("nonsense")
    assert statuses(desk.ingest(file, prune=True)) == ["failed"]
    assert desk.library.ledger.counts()["articles"] == 2


def test_pruning_a_folder_removes_the_article_of_a_renamed_file(desk: Desk, tmp_path: Path) -> None:
    folder = tmp_path / "news"
    folder.mkdir()
    old = folder / "old.txt"
    old.write_text("Title\n\nA story was told.\n")
    desk.ingest(folder)
    old.rename(folder / "new.txt")
    report = desk.ingest(folder, prune=True)
    assert statuses(report) == ["added", "removed"]
    assert "which is gone" in str(report.sources[0].reason)


def test_stopped_ingest_keeps_what_it_reported_and_goes_on_later(
    desk: Desk, tmp_path: Path
) -> None:
    file = write_records(tmp_path / "x.jsonl", *(f"Story {i} was told." for i in range(200)))
    asked = iter([False] * 90)
    pipeline = Pipeline(desk.library, max_bytes=1_000_000)
    report = pipeline.run([str(file)], stop=lambda: next(asked, True))
    assert report.stopped
    assert 0 < report.counts["added"] < 200
    assert desk.library.ledger.counts()["articles"] == report.counts["added"]
    again = desk.ingest(file)
    assert again.counts["added"] == 200 - report.counts["added"]
    assert desk.library.problems() == []


def test_article_that_is_all_promotion_is_a_failure_with_a_reason(
    desk: Desk, tmp_path: Path
) -> None:
    file = write_records(tmp_path / "x.jsonl", "\u200b\u200b")
    [failed] = desk.ingest(file).sources
    assert failed.status == "failed"
    assert failed.reason


def test_other_model_is_refused_before_anything_is_read(desk: Desk, tmp_path: Path) -> None:
    desk.ingest(write_records(tmp_path / "x.jsonl", "Talks were held."))
    other = open_library(tmp_path / "home", WordEmbedder("other"))
    with pytest.raises(EmbeddingModelChangedError):
        Pipeline(other, max_bytes=1_000).run([str(tmp_path / "x.jsonl")])


def test_long_article_spans_passages_whose_sentences_are_its_own(
    desk: Desk, tmp_path: Path
) -> None:
    text = " ".join(f"Sentence number {i} tells of the talks in Geneva." for i in range(200))
    desk.ingest(write_records(tmp_path / "x.jsonl", text))
    passages = desk.library.ledger.passages("r0")
    article = desk.library.ledger.article("r0")
    assert article is not None
    assert len(passages) > 5
    for passage in passages:
        assert article.text[passage.start : passage.end] == passage.text
        assert all(article.text[start:end].endswith("Geneva.") for start, end in passage.sentences)


@pytest.mark.parametrize(
    ("given", "seen_by"),
    [
        (["", "C1"], ""),
        (["C1", ""], ""),
        (["C1", "C2"], "C1 C2"),
        (["C1 C2", "C1"], "C1 C2"),
        (["C1", "C2", ""], ""),
    ],
)
def test_audience_of_an_article_given_again_only_widens(
    desk: Desk, tmp_path: Path, given: list[str], seen_by: str
) -> None:
    file = tmp_path / "a.txt"
    file.write_text("Talks\n\nTalks were held.\n")
    for audience in given:
        desk.ingest(file, audience=audience)
    assert desk.audiences == [seen_by]
    embedded = desk.embedder.embedded
    for audience in given:
        assert statuses(desk.ingest(file, audience=audience)) == ["unchanged"]
    assert desk.embedder.embedded == embedded


def test_public_article_corrected_from_a_conversation_stays_public(
    desk: Desk, tmp_path: Path
) -> None:
    file = tmp_path / "a.txt"
    file.write_text("Talks\n\nTalks were held in Geneva.\n")
    desk.ingest(file)
    file.write_text("Talks\n\nTalks were held in Vienna.\n")
    assert statuses(desk.ingest(file, audience="C1")) == ["updated"]
    assert desk.audiences == [""]
    assert len(found(desk.library, "Vienna")) == 1


def test_confidential_text_does_not_go_public_under_the_id_of_another_article(
    desk: Desk, tmp_path: Path
) -> None:
    desk.ingest(write_records(tmp_path / "public.jsonl", "Talks were held."))
    private = write_records(tmp_path / "private.jsonl", "The talks have failed.")
    [refused] = desk.ingest(private, audience="C1").sources
    assert refused.status == "failed"
    assert "'r0'" in str(refused.reason)
    assert [a.text for a in desk.library.ledger.articles()] == ["Talks were held."]


def test_what_is_passed_over_inside_a_file_is_told(desk: Desk, tmp_path: Path) -> None:
    with zipfile.ZipFile(tmp_path / "a.zip", "w") as archive:
        archive.writestr("story.txt", "Talks\n\nTalks were held.\n")
        archive.writestr("photo.jpg", "no text")
    report = desk.ingest(tmp_path / "a.zip")
    assert statuses(report) == ["added"]
    assert len(report.skipped) == 1


def test_every_run_is_logged_with_who_started_it_and_what_ended_it(
    desk: Desk, tmp_path: Path
) -> None:
    file = write_records(tmp_path / "x.jsonl", "Talks were held.")
    desk.ingest(file)
    pipeline = Pipeline(desk.library, max_bytes=1_000)
    pipeline.run([str(file)], started_by="watch", stop=lambda: True)
    newest, oldest = desk.library.runs.latest(10)
    assert (oldest.started_by, oldest.sources, oldest.added) == ("ingest", (str(file),), 1)
    assert (newest.started_by, newest.problem) == ("watch", "stopped")


def test_run_that_an_error_ended_is_logged_with_it(desk: Desk, tmp_path: Path) -> None:
    file = write_records(tmp_path / "x.jsonl", "Talks were held.")
    library = open_library(tmp_path / "home", AwayEmbedder())
    with pytest.raises(EmbeddingError):
        Pipeline(library, max_bytes=1_000).run([str(file)])
    [run] = desk.library.runs.latest(10)
    assert run.problem == "The embedder is away."


def test_what_was_stored_before_an_error_is_in_the_report_and_in_the_log(
    tmp_path: Path,
) -> None:
    desk = Desk(tmp_path / "home")
    file = write_records(tmp_path / "x.jsonl", *(f"Report {n} was told." for n in range(400)))
    report = Report()
    pipeline = Pipeline(open_library(tmp_path / "home", AwayEmbedder(after=9)), max_bytes=1_000)
    with pytest.raises(EmbeddingError):
        pipeline.run([str(file)], report=report)
    stored = desk.library.ledger.counts()["articles"]
    assert 0 < stored == report.counts["added"] < 400
    [run] = desk.library.runs.latest(10)
    assert run.added == stored


def test_run_that_was_stopped_at_once_is_logged(desk: Desk, tmp_path: Path) -> None:
    file = write_records(tmp_path / "x.jsonl", "Talks were held.")
    library = open_library(tmp_path / "home", AwayEmbedder(error=KeyboardInterrupt()))
    with pytest.raises(KeyboardInterrupt):
        Pipeline(library, max_bytes=1_000).run([str(file)])
    [run] = desk.library.runs.latest(10)
    assert run.problem == "stopped at once"


def test_lock_that_was_waited_for_in_vain_is_not_waited_for_again(
    desk: Desk, tmp_path: Path
) -> None:
    file = write_records(tmp_path / "x.jsonl", "Talks were held.")
    library = open_library(tmp_path / "home", AwayEmbedder(error=LedgerBusyError("locked")))
    with pytest.raises(LedgerBusyError):
        Pipeline(library, max_bytes=1_000).run([str(file)])
    [run] = desk.library.runs.latest(10)
    assert run.problem == CUT_OFF


KILLED = """
import os, signal, sys
from pathlib import Path
from ingest.pipeline import Pipeline
from tests.archive import WordEmbedder, found, open_library
from tests.ingest.desk import Desk, statuses, write_records

class Killing(WordEmbedder):
    def embed(self, texts):
        if self.embedded > 600:
            os.kill(os.getpid(), signal.SIGKILL)
        return super().embed(texts)

library = open_library(Path(sys.argv[1]), Killing())
Pipeline(library, max_bytes=1_000).run([sys.argv[2]])
"""


def test_killed_run_is_logged_as_cut_off_with_what_it_stored(desk: Desk, tmp_path: Path) -> None:
    file = write_records(tmp_path / "x.jsonl", *(f"Report {n} was told." for n in range(400)))
    subprocess.run([sys.executable, "-c", KILLED, tmp_path / "home", file], check=False)
    [run] = desk.library.runs.latest(10)
    assert (run.problem, run.seconds, run.added) == (CUT_OFF, None, 256)


def test_run_under_way_is_not_taken_for_one_that_was_cut_off(desk: Desk) -> None:
    runs = desk.library.runs
    under_way = runs.begin(sources=["news"])
    assert [(run.problem, run.seconds) for run in runs.latest(10)] == [(None, None)]
    under_way.leave()
    assert [run.problem for run in runs.latest(10)] == [CUT_OFF]


def test_progress_is_told_after_each_step_of_embedding(desk: Desk, tmp_path: Path) -> None:
    folder = tmp_path / "news"
    folder.mkdir()
    for number in range(80):
        (folder / f"{number:02}.txt").write_text(f"Report {number} was told.")
    told: list[Progress] = []
    Pipeline(desk.library, max_bytes=1_000).run([str(folder)], on_progress=told.append)
    assert {progress.articles for progress in told} == {0, 32, 64, 80}
    assert {progress.done_bytes for progress in told if not progress.articles} == {0}
    assert told[-1].done_bytes == told[-1].total_bytes


def test_several_jobs_store_and_tell_the_same_as_one(tmp_path: Path) -> None:
    folder = tmp_path / "news"
    folder.mkdir()
    for number in range(40):
        body = f"<p>Report {number} was told on Monday.</p><p>It rained in town {number}.</p>"
        (folder / f"{number:02}.html").write_text(f"<h1>Report {number}</h1>{body}")
        (folder / f"{number:02}.txt").write_text("" if number % 9 == 0 else f"Text {number}.")
    told, stored = [], []
    for jobs in (1, 4):
        desk = Desk(tmp_path / f"home{jobs}")
        told.append(
            [(s.source, s.status, s.reason) for s in desk.ingest(folder, jobs=jobs).sources]
        )
        stored.append([(a.origin, a.text) for a in desk.library.ledger.articles()])
    assert told[0] == told[1]
    assert stored[0] == stored[1]
    assert len(stored[0]) == 75


def test_stopped_ingest_keeps_what_it_told_and_goes_on_where_it_stopped(tmp_path: Path) -> None:
    desk = Desk(tmp_path / "home")
    texts = [f"Report {number} was told." for number in range(1_000)]
    file = write_records(tmp_path / "x.jsonl", *texts)
    asked = iter(range(1_000))
    pipeline = Pipeline(desk.library, max_bytes=1_000_000, jobs=2)
    report = pipeline.run([str(file)], stop=lambda: next(asked) > 400)
    stored = desk.library.ledger.counts()["articles"]
    assert report.stopped
    assert 0 < stored == report.counts["added"] < 1_000
    again = desk.ingest(file)
    assert again.counts["unchanged"] == stored
    assert again.counts["added"] == 1_000 - stored
