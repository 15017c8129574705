"""What is kept, for how long, and how its space comes back."""

import os
import sqlite3
import time
from contextlib import closing
from pathlib import Path

import pytest

from bot.history import AnswerLog
from bot.slack.open_questions import OpenQuestions
from bot.slack.queue import Delivered, Inbox
from tests.archive import open_library, revision
from tests.bot.conftest import Run

DAY_SECONDS = 86_400


@pytest.fixture
def home(tmp_path: Path) -> Path:
    home = tmp_path / "home"
    home.mkdir()
    return home


def _execute(home: Path, statement: str) -> None:
    with closing(sqlite3.connect(home / "ledger.db", isolation_level=None)) as connection:
        connection.execute(statement)


def _versions(home: Path) -> list[tuple[str, int]]:
    with closing(sqlite3.connect(home / "ledger.db")) as connection:
        query = "SELECT article_id, number FROM versions ORDER BY article_id, number"
        return connection.execute(query).fetchall()


def _write_versions(home: Path, count: int) -> None:
    library = open_library(home)
    for number in range(count):
        library.write([revision("often", f"Draft {number} of the story. " * 200)])
    library.write([revision("once", "Another story.")])
    library.close()


def _asked(run: Run, sample: Path) -> list[str]:
    """The ids of three answers, the newest first."""
    run("ingest", sample)
    for question in ("who met in Stockholm", "what sanctions were threatened?", "who is Putin?"):
        run("ask", question)
    return [answer["answer_id"] for answer in run("answers", "list", "--json").json]


def test_everything_is_kept_without_settings(run: Run, home: Path, sample: Path) -> None:
    newest, *_ = _asked(run, sample)
    AnswerLog(open_library(home).database).add_feedback(newest, "U1", verdict="good")
    for table in ("answers", "feedback"):
        _execute(home, f"UPDATE {table} SET given_at = '2001-01-01T00:00:00+00:00'")
    assert run("doctor", "--compact").code == 0
    stored = run("doctor", "--json").json["stored"]
    assert (stored["answers"], stored["feedback"]) == (3, 1)


def test_compact_forgets_what_is_older_than_the_settings_keep_it(
    run: Run, home: Path, sample: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    newest, middle, oldest = _asked(run, sample)
    database = open_library(home).database
    for answer_id in (newest, middle):
        AnswerLog(database).add_feedback(answer_id, "U1", verdict="good")
    for thread in ("1", "2"):
        OpenQuestions(database).add("Who?", conversation="C", thread=thread, person="U1")
    uploads = [home / "slack" / "C1" / name / "memo.txt" for name in ("F1", "F2")]
    for upload in uploads:
        upload.parent.mkdir(parents=True)
        upload.write_text("A memo.")
    long_ago = time.time() - 20 * DAY_SECONDS
    os.utime(uploads[0], (long_ago, long_ago))
    old = "2001-01-01T00:00:00+00:00"
    _execute(home, f"UPDATE answers SET given_at = '{old}' WHERE answer_id = '{oldest}'")
    _execute(home, f"UPDATE feedback SET given_at = '{old}' WHERE answer_id = '{middle}'")
    _execute(home, f"UPDATE watches SET asked_at = '{old}' WHERE thread = '1'")
    for name in ("QUESTIONS", "ANSWERS", "FEEDBACK", "UPLOADS"):
        monkeypatch.setenv(f"KEEP_{name}_DAYS", "10")
    ran = run("doctor", "--compact")
    assert "1 questions, 1 answers, 1 feedback, 1 uploads" in ran.err
    assert [a["answer_id"] for a in run("answers", "list", "--json").json] == [newest, middle]
    stored = run("doctor", "--json").json["stored"]
    assert [stored[name] for name in ("answers", "feedback", "open_questions", "uploads")] == [
        *(2, 1),
        *(1, 1),
    ]
    assert not uploads[0].parent.exists()
    assert uploads[1].exists()


def test_old_versions_are_kept_as_many_as_the_setting_has_it(
    run: Run, home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    _write_versions(home, 5)
    assert len(_versions(home)) == 6
    monkeypatch.setenv("KEEP_VERSIONS", "2")
    run("doctor", "--compact")
    assert _versions(home) == [("often", 4), ("often", 5), ("once", 1)]
    _write_versions(home, 1)
    assert ("often", 6) in _versions(home)


def test_compact_gives_the_space_of_what_was_removed_back_to_the_disk(run: Run, home: Path) -> None:
    library = open_library(home)
    library.write([revision(f"{n}", f"Story {n}. " * 3000) for n in range(100)])
    library.remove([f"{n}" for n in range(1, 100)])
    library.close()
    size = (home / "ledger.db").stat().st_size
    ran = run("doctor")
    assert "unused" in ran.out
    assert run("doctor", "--compact").code in (0, 1)
    assert (home / "ledger.db").stat().st_size < size / 4
    assert run("doctor", "--json").json["stored"]["free_bytes"] == 0
    assert open_library(home).problems() == []
    assert [article["article_id"] for article in run("articles", "list", "--json").json] == ["0"]


def test_answer_is_forgotten_by_its_id(run: Run, sample: Path) -> None:
    newest, middle, oldest = _asked(run, sample)
    ran = run("answers", "forget", middle, "--yes")
    assert (ran.code, ran.out) == (0, "1 answer forgotten\n")
    assert [a["answer_id"] for a in run("answers", "list", "--json").json] == [newest, oldest]
    ran = run("answers", "forget", middle, "--yes")
    assert ran.code == 1
    assert "no answer" in ran.err


def test_answers_are_forgotten_before_a_day(run: Run, home: Path, sample: Path) -> None:
    newest, middle, oldest = _asked(run, sample)
    _execute(
        home,
        f"UPDATE answers SET given_at = '2026-01-31T23:59:59+00:00' WHERE answer_id = '{oldest}'",
    )
    ran = run("answers", "forget", "--before", "2026-02-01", "--yes", "--json")
    assert ran.json == {"forgotten": 1}
    assert [a["answer_id"] for a in run("answers", "list", "--json").json] == [newest, middle]
    assert run("answers", "forget", "--before", "2026", "--yes").code == 2


def test_all_that_a_person_asked_and_thought_is_forgotten(
    run: Run, home: Path, sample: Path
) -> None:
    newest, middle, oldest = _asked(run, sample)
    database = open_library(home).database
    for answer_id, person in ((newest, "U1"), (middle, "U2"), (oldest, "U1")):
        _execute(home, f"UPDATE answers SET person = '{person}' WHERE answer_id = '{answer_id}'")
    inbox = Inbox(database)
    for person in ("U1", "U2"):
        AnswerLog(database).add_feedback(middle, person, note="A note.")
        OpenQuestions(database).add("Who?", conversation=person, thread="1", person=person)
        inbox.receive([Delivered(person, "question", person, person, person)], now=0.0)
        if work := inbox.claim("one", now=0.0, lease_seconds=10):
            inbox.finish(work)
    assert run("answers", "forget", "--person", "U1", "--yes").out == "2 answers forgotten\n"
    stored = run("doctor", "--json").json["stored"]
    names = ("answers", "feedback", "open_questions", "deliveries")
    assert [stored[name] for name in names] == [1, 1, 1, 1]


@pytest.mark.parametrize("arguments", [[], ["abc", "--before", "2026-01-01"]])
def test_answers_to_forget_must_be_named_one_way(run: Run, arguments: list[str]) -> None:
    assert run("answers", "forget", *arguments, "--yes").code == 2


def test_nothing_is_forgotten_without_a_yes(run: Run, sample: Path) -> None:
    newest, *_ = _asked(run, sample)
    assert run("answers", "forget", newest).code == 1
    assert len(run("answers", "list", "--json").json) == 3


@pytest.mark.parametrize("name", ["KEEP_ANSWERS_DAYS", "KEEP_VERSIONS"])
def test_nothing_can_be_kept_for_no_time(
    run: Run, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    monkeypatch.setenv(name, "0")
    ran = run("doctor")
    assert ran.code == 1
    assert name in ran.err
