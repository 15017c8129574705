"""What the archive keeps beside its articles, how much of it there is, and when it is forgotten."""

import os
import time
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from sqlalchemy import Column, Connection, Table, and_, delete, func, select

from bot.history import answers, feedback
from bot.slack.tables import inbox, watches
from vectorstore.database import Database
from vectorstore.schema import ingest_runs, pages, versions

BATCH = 500
"""Rows deleted in one transaction: other writers wait no longer than for these."""

DAY_SECONDS = 86_400.0

DELIVERIES_DAYS = 30
"""How long what Slack delivered is kept when it is done: Slack delivers nothing again so late."""


@dataclass(frozen=True, slots=True)
class Retention:
    """For how many days things are kept, and how many versions of an article; None: for ever."""

    questions_days: int | None = None
    answers_days: int | None = None
    feedback_days: int | None = None
    uploads_days: int | None = None
    versions: int | None = None


@dataclass(frozen=True, slots=True)
class Forgotten:
    """How much was forgotten of each kind."""

    questions: int = 0
    answers: int = 0
    feedback: int = 0
    uploads: int = 0
    versions: int = 0

    def __bool__(self) -> bool:
        return any(asdict(self).values())

    def __str__(self) -> str:
        return ", ".join(f"{count} {noun}" for noun, count in asdict(self).items() if count)


@dataclass(frozen=True, slots=True)
class Stored:
    """How much an archive holds beside the current versions of its articles."""

    old_versions: int
    answers: int
    feedback: int
    open_questions: int
    deliveries: int
    runs: int
    web_pages: int
    uploads: int
    upload_bytes: int
    ledger_bytes: int
    free_bytes: int
    """Of the ledger's file: nothing is in them, and they can be given back to the disk."""

    index_bytes: int


def forget_old(
    database: Database, *, uploads: Path, retention: Retention, now: float | None = None
) -> Forgotten:
    """Delete what is older than it is to be kept."""
    now = time.time() if now is None else now
    return Forgotten(
        questions=_forget_questions(database, retention.questions_days, now),
        answers=_forget_before(database, answers, answers.c.given_at, retention.answers_days, now),
        feedback=_forget_before(
            database, feedback, feedback.c.given_at, retention.feedback_days, now
        ),
        uploads=_forget_uploads(uploads, retention.uploads_days, now),
        versions=_forget_versions(database, retention.versions),
    )


def forget_answers(
    database: Database, *, answer_id: str = "", before: str = "", person: str = ""
) -> int:
    """Delete the answers that fit all that is given, with their feedback; returns how many.

    `before` is a day or a moment in ISO 8601, in UTC. Of a person, what they asked and what they
    thought of other answers is deleted too.
    """
    fits = [
        *([answers.c.answer_id == answer_id] if answer_id else []),
        *([answers.c.given_at < before] if before else []),
        *([answers.c.person == person] if person else []),
    ]
    count = _delete(database, answers, and_(*fits))
    if person and not answer_id:
        late = before or "9999"
        moment = datetime.fromisoformat(before).replace(tzinfo=UTC) if before else None
        received = inbox.c.received_at < moment.timestamp() if moment else inbox.c.id > 0
        of_them = inbox.c.person == person
        _delete(database, feedback, and_(feedback.c.person == person, feedback.c.given_at < late))
        _delete(database, watches, and_(watches.c.person == person, watches.c.asked_at < late))
        _delete(database, inbox, and_(of_them, inbox.c.state != "waiting", received))
    return count


def measure(database: Database, *, home: Path, uploads: Path) -> Stored:
    """Count what is stored."""
    files = [path.stat().st_size for path in _files(uploads)]
    index = [path.stat().st_size for folder in home.glob("chroma-*") for path in _files(folder)]
    with database.reading() as connection:

        def count(table: Table, *where: Any) -> int:
            return connection.scalar(select(func.count()).select_from(table).where(*where)) or 0

        return Stored(
            old_versions=count(versions, versions.c.state == "retired"),
            answers=count(answers),
            feedback=count(feedback),
            open_questions=count(watches, watches.c.told_at.is_(None)),
            deliveries=count(inbox),
            runs=count(ingest_runs),
            web_pages=count(pages),
            uploads=len(files),
            upload_bytes=sum(files),
            ledger_bytes=_pragma(connection, "page_count") * _pragma(connection, "page_size"),
            free_bytes=_pragma(connection, "freelist_count") * _pragma(connection, "page_size"),
            index_bytes=sum(index),
        )


def _forget_questions(database: Database, days: int | None, now: float) -> int:
    """Open questions, and what Slack delivered, which is never kept for longer than a month."""
    delivered = now - min(days or DELIVERIES_DAYS, DELIVERIES_DAYS) * DAY_SECONDS
    done = and_(inbox.c.state != "waiting", inbox.c.received_at < delivered)
    return _delete(database, inbox, done) + _forget_before(
        database, watches, watches.c.asked_at, days, now
    )


def _forget_before(
    database: Database, table: Table, when: Column[Any], days: int | None, now: float
) -> int:
    return 0 if days is None else _delete(database, table, when < _moment(now, days))


def _moment(now: float, days: int) -> str:
    moment = datetime.fromtimestamp(now, UTC) - timedelta(days=days)
    return moment.isoformat(timespec="seconds")


def _forget_versions(database: Database, keep: int | None) -> int:
    if keep is None:
        return 0
    newer = versions.alias("newer")
    how_many_newer = (
        select(func.count())
        .where(newer.c.article_id == versions.c.article_id, newer.c.number > versions.c.number)
        .scalar_subquery()
    )
    old = and_(versions.c.state == "retired", how_many_newer >= keep)
    return _delete(database, versions, old)


def _forget_uploads(folder: Path, days: int | None, now: float) -> int:
    if days is None:
        return 0
    count = 0
    for path in list(_files(folder)):
        if path.stat().st_mtime < now - days * DAY_SECONDS:
            path.unlink(missing_ok=True)
            count += 1
    for parent, _, _ in os.walk(folder, topdown=False):
        if parent != str(folder) and not any(Path(parent).iterdir()):
            Path(parent).rmdir()
    return count


def _files(folder: Path) -> Iterator[Path]:
    return (path for path in folder.rglob("*") if path.is_file() and not path.is_symlink())


def _delete(database: Database, table: Table, fits: Any) -> int:
    """Delete the rows that fit, in several transactions."""
    keys = list(table.primary_key.columns)
    total = 0
    while True:
        with database.writing() as connection:
            rows = connection.execute(select(*keys).where(fits).limit(BATCH)).all()
            for row in rows:
                same = (key == value for key, value in zip(keys, row, strict=True))
                connection.execute(delete(table).where(*same))
        total += len(rows)
        if len(rows) < BATCH:
            return total


def _pragma(connection: Connection, name: str) -> int:
    return int(connection.exec_driver_sql(f"PRAGMA {name}").scalar() or 0)
