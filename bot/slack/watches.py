"""Questions that nothing answered yet, kept open until a later ingest answers them."""

import time
from dataclasses import dataclass
from datetime import UTC, datetime

from sqlalchemy import func, select, update
from sqlalchemy.dialects.sqlite import insert

from bot.slack.events import Delivered
from bot.slack.inbox import add
from bot.slack.tables import watches
from vectorstore.database import Database
from vectorstore.schema import ingest_runs


@dataclass(frozen=True, slots=True)
class Watch:
    """An open question; `thread` is empty where the asker is to be told in a direct message."""

    watch_id: int
    question: str
    conversation: str
    thread: str
    person: str


class Watches:
    """Stores open questions in the ledger's database."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def add(self, question: str, *, conversation: str, thread: str, person: str) -> None:
        """Keep a question open; once for a thread, however often it is asked."""
        values = {
            "question": question,
            "conversation": conversation,
            "thread": thread,
            "person": person,
            "asked_at": _now(),
        }
        with self._database.writing() as connection:
            connection.execute(insert(watches).values(values).on_conflict_do_nothing())

    def open(self) -> list[Watch]:
        with self._database.reading() as connection:
            rows = connection.execute(select(watches).where(watches.c.told_at.is_(None)))
            return [
                Watch(row.watch_id, row.question, row.conversation, row.thread, row.person)
                for row in rows
            ]

    def tell(self, watch: Watch) -> None:
        """Close a question and put it into the inbox, to be answered once."""
        about = f"watch/{watch.watch_id}"
        work = Delivered(
            about,
            "watch",
            about=about,
            conversation=watch.conversation,
            person=watch.person,
            thread=watch.thread or None,
            body={"text": watch.question},
        )
        with self._database.writing() as connection:
            connection.execute(
                update(watches).where(watches.c.watch_id == watch.watch_id).values(told_at=_now())
            )
            add(connection, work, time.time())

    def last_ingest(self) -> int:
        """A number that grows with all that is ingested, by whatever process."""
        news = func.sum(ingest_runs.c.added + ingest_runs.c.updated)
        with self._database.reading() as connection:
            return connection.scalar(select(news)) or 0


def _now() -> str:
    return datetime.now(UTC).isoformat(timespec="seconds")
