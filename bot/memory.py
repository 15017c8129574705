"""What Newsdesk remembers of its answers: what was given, what people thought, what it stood on."""

import json
import secrets
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import Connection, Row, delete, insert, literal_column, select, update
from sqlalchemy.dialects.sqlite import insert as insert_or_replace

from bot.answers import Answer, Turn
from bot.tables import answers, cited, feedback
from vectorstore.database import Database

TERMINAL = "terminal"
"""The conversation of answers given by `newsdesk ask`."""

CHAT = "chat:"
"""How the conversations of `newsdesk chat` begin."""

_STORED: Any = literal_column("answers.rowid")
"""Tells apart answers given within one second."""


@dataclass(frozen=True, slots=True)
class Given:
    """An answer as it was given, and to whom."""

    answer_id: str
    answer: Answer
    conversation: str
    thread: str | None
    message_ts: str | None
    person: str
    given_at: str
    """ISO 8601, in UTC."""


class Memory:
    """Stores answers and feedback in the ledger's database."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def keep(
        self,
        answer: Answer,
        *,
        conversation: str,
        person: str = "",
        thread: str | None = None,
        answer_id: str = "",
    ) -> str:
        """Store an answer before it is given, under a new id or in place of an earlier one."""
        answer_id = answer_id or secrets.token_hex(8)
        values = {
            "question": answer.question,
            "answer": json.dumps(answer.as_json()),
            "conversation": conversation,
            "thread": thread,
            "person": person,
            "given_at": _now(),
            "retrieved": json.dumps(answer.retrieved),
            "marked_at": None,
        }
        with self._database.writing() as connection:
            connection.execute(
                insert_or_replace(answers)
                .values(answer_id=answer_id, **values)
                .on_conflict_do_update(index_elements=["answer_id"], set_=values)
            )
            _cite(connection, answer_id, answer)
        return answer_id

    def take_to_share(self, answer_id: str) -> bool:
        """Whether an answer that no message shows is to be shown now: True once."""
        with self._database.writing() as connection:
            changed = connection.execute(
                update(answers)
                .where(answers.c.answer_id == answer_id, answers.c.message_ts.is_(None))
                .values(message_ts="")
            )
            return changed.rowcount == 1

    def note_message(self, answer_id: str, message_ts: str | None) -> None:
        """Note which message shows an answer."""
        with self._database.writing() as connection:
            connection.execute(
                update(answers)
                .where(answers.c.answer_id == answer_id)
                .values(message_ts=message_ts)
            )

    def given(self, answer_id: str) -> Given | None:
        with self._database.reading() as connection:
            row = connection.execute(
                select(answers).where(answers.c.answer_id == answer_id)
            ).first()
        return None if row is None else given_from(row)

    def newest(
        self, *, limit: int, conversation: str | None = None, thread: str | None = None
    ) -> list[Given]:
        """The last answers, the newest first: of all, of a conversation, or of a thread in it."""
        query = select(answers).order_by(answers.c.given_at.desc(), _STORED.desc()).limit(limit)
        if conversation is not None:
            query = query.where(answers.c.conversation == conversation)
        if thread is not None:
            query = query.where(answers.c.thread == thread)
        with self._database.reading() as connection:
            return [given_from(row) for row in connection.execute(query)]

    def turns(self, conversation: str, *, limit: int = 20) -> list[Turn]:
        """The last turns of a conversation, the oldest first."""
        given = self.newest(limit=limit, conversation=conversation)
        return [turn_of(one.answer) for one in reversed(given)]

    def last_chat(self) -> str | None:
        """The conversation of the newest answer that a chat gave."""
        query = (
            select(answers.c.conversation)
            .where(answers.c.conversation.startswith(CHAT))
            .order_by(answers.c.given_at.desc(), _STORED.desc())
        )
        with self._database.reading() as connection:
            return connection.execute(query).scalar()

    def judge(
        self, answer_id: str, person: str, *, verdict: str | None = None, note: str | None = None
    ) -> None:
        """Store what a person thinks of an answer; the last word counts."""
        told = {"given_at": _now()}
        if verdict is not None:
            told["verdict"] = verdict
        if note is not None:
            told["note"] = note
        with self._database.writing() as connection:
            connection.execute(
                insert_or_replace(feedback)
                .values(answer_id=answer_id, person=person, **told)
                .on_conflict_do_update(index_elements=["answer_id", "person"], set_=told)
            )


def turn_of(answer: Answer) -> Turn:
    """An answer as a turn of the conversation that it was given in."""
    return Turn(answer.question, answer.standalone_question, answer.text if answer.found else "")


def _cite(connection: Connection, answer_id: str, answer: Answer) -> None:
    connection.execute(delete(cited).where(cited.c.answer_id == answer_id))
    rows = [
        {
            "answer_id": answer_id,
            "number": citation.number,
            "article_id": citation.article_id,
            # A passage is named "article:version:position".
            "version": int(citation.passage_id.split(":")[-2]),
            "quote": citation.quote,
        }
        for citation in answer.citations
    ]
    if rows:
        connection.execute(insert(cited), rows)


def given_from(row: Row[Any]) -> Given:
    return Given(
        row.answer_id,
        replace(
            Answer.from_json(json.loads(row.answer)), retrieved=tuple(json.loads(row.retrieved))
        ),
        row.conversation,
        row.thread,
        row.message_ts,
        row.person,
        row.given_at,
    )


def _now() -> str:
    return datetime.now(UTC).isoformat(timespec="seconds")
