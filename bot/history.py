"""The answer log: answers given, what people thought of them, and which have become stale."""

import json
import secrets
from collections.abc import Collection, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import (
    Column,
    Connection,
    ForeignKey,
    Index,
    Integer,
    Row,
    String,
    Table,
    Text,
    delete,
    insert,
    literal_column,
    select,
    update,
)
from sqlalchemy.dialects.sqlite import insert as insert_or_replace

from bot.answers import Answer, Turn
from vectorstore.database import Database
from vectorstore.models import Publication
from vectorstore.schema import articles, metadata, versions
from vectorstore.visibility import publication_of, published, status_columns, withheld_of

TERMINAL = "terminal"
"""The conversation of answers given by `newsdesk ask`."""

WITHHELD_QUOTE = "[withheld]"
"""What stands in a past answer for a sentence whose article is not published any more."""

CHAT = "chat:"
"""How the conversations of `newsdesk chat` begin."""

answers = Table(
    "answers",
    metadata,
    Column("answer_id", String, primary_key=True),
    Column("question", Text, nullable=False),
    Column("answer", Text, nullable=False),
    Column("conversation", String, nullable=False),
    Column("thread", String),
    Column("message_ts", String),
    Column("person", String, nullable=False),
    Column("given_at", String, nullable=False, index=True),
    Column("retrieved", Text, nullable=False, server_default="[]"),
    Column("marked_at", String),
    Index("ix_answers_conversation", "conversation", "thread"),
)
"""`retrieved` is a JSON list of the passages it was chosen from, `marked_at` the time when its
readers learned that an article it cites has changed."""

cited = Table(
    "cited",
    metadata,
    Column("answer_id", ForeignKey("answers.answer_id", ondelete="CASCADE"), primary_key=True),
    Column("number", Integer, primary_key=True),
    Column("article_id", String, nullable=False, index=True),
    Column("version", Integer, nullable=False),
    Column("quote", Text, nullable=False),
)
"""Which version of which article each citation of an answer quotes."""

feedback = Table(
    "feedback",
    metadata,
    Column("answer_id", ForeignKey("answers.answer_id", ondelete="CASCADE"), primary_key=True),
    Column("person", String, primary_key=True),
    Column("verdict", String),
    Column("note", Text),
    Column("given_at", String, nullable=False),
)

_ROWID: Any = literal_column("answers.rowid")
"""Orders answers given within one second."""

_CURRENT = (versions.c.article_id == cited.c.article_id) & (versions.c.state == "current")


@dataclass(frozen=True, slots=True)
class LoggedAnswer:
    """An answer as it was given, and to whom."""

    answer_id: str
    answer: Answer
    conversation: str
    thread: str | None
    message_ts: str | None
    person: str
    given_at: str
    """ISO 8601, in UTC."""


@dataclass(frozen=True, slots=True)
class StaleCitation:
    """A citation whose article has changed since the answer, or is gone."""

    number: int
    article_id: str
    gone: bool
    quote_remains: bool
    """Whether the quote is still in the article."""

    publication: Publication = field(default_factory=Publication)
    """What is in force for the article."""

    def as_json(self) -> dict[str, Any]:
        return {
            "number": self.number,
            "article_id": self.article_id,
            "gone": self.gone,
            "stands": self.quote_remains,
            **self._publication_as_json(),
        }

    def _publication_as_json(self) -> dict[str, Any]:
        if self.publication.status == "published":
            return {}
        reason = self.publication.reason
        return {"publication": self.publication.status, "publication_reason": reason}


class AnswerLog:
    """Stores answers and feedback in the ledger's database.

    Nothing is noted here when an article changes: what an answer cites is compared with the
    articles as they are now, so no ingest can forget it and no crash lose it.
    """

    def __init__(self, database: Database) -> None:
        self._database = database

    def add(
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

    def claim_sharing(self, answer_id: str) -> bool:
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

    def get(self, answer_id: str) -> LoggedAnswer | None:
        with self._database.reading() as connection:
            row = connection.execute(
                select(answers).where(answers.c.answer_id == answer_id)
            ).first()
            return None if row is None else _logged_answers(connection, [row])[0]

    def newest(
        self, *, limit: int, conversation: str | None = None, thread: str | None = None
    ) -> list[LoggedAnswer]:
        """The last answers, the newest first: of all, of a conversation, or of a thread in it."""
        query = select(answers).order_by(answers.c.given_at.desc(), _ROWID.desc()).limit(limit)
        if conversation is not None:
            query = query.where(answers.c.conversation == conversation)
        if thread is not None:
            query = query.where(answers.c.thread == thread)
        with self._database.reading() as connection:
            return _logged_answers(connection, connection.execute(query).all())

    def turns(self, conversation: str, *, limit: int = 20) -> list[Turn]:
        """The last turns of a conversation, the oldest first."""
        given = self.newest(limit=limit, conversation=conversation)
        return [Turn.of(one.answer) for one in reversed(given)]

    def last_chat(self) -> str | None:
        """The conversation of the newest answer that a chat gave."""
        query = (
            select(answers.c.conversation)
            .where(answers.c.conversation.startswith(CHAT))
            .order_by(answers.c.given_at.desc(), _ROWID.desc())
        )
        with self._database.reading() as connection:
            return connection.execute(query).scalar()

    def add_feedback(
        self, answer_id: str, person: str, *, verdict: str | None = None, note: str | None = None
    ) -> None:
        """Store what a person thinks of an answer; the last word counts."""
        values = {"given_at": _now()}
        if verdict is not None:
            values["verdict"] = verdict
        if note is not None:
            values["note"] = note
        with self._database.writing() as connection:
            connection.execute(
                insert_or_replace(feedback)
                .values(answer_id=answer_id, person=person, **values)
                .on_conflict_do_update(index_elements=["answer_id", "person"], set_=values)
            )

    def stale_citations(self, answer_ids: Sequence[str]) -> dict[str, list[StaleCitation]]:
        """Of each of these answers, the citations whose article has changed or gone."""
        query = (
            select(cited, versions.c.number.label("now"), versions.c.text, *status_columns())
            .join(versions, _CURRENT, isouter=True)
            .join(articles, articles.c.article_id == versions.c.article_id, isouter=True)
            .where(cited.c.answer_id.in_(answer_ids))
            .order_by(cited.c.answer_id, cited.c.number)
        )
        stale: dict[str, list[StaleCitation]] = {}
        with self._database.reading() as connection:
            for row in connection.execute(query):
                if one := _stale_citation(row):
                    stale.setdefault(row.answer_id, []).append(one)
        return stale

    def unmarked_stale(self, *, limit: int = 100) -> list[tuple[LoggedAnswer, list[StaleCitation]]]:
        """Answers shown in a message that cite what has changed, and whose readers don't know."""
        query = (
            select(answers)
            .join(cited, cited.c.answer_id == answers.c.answer_id)
            .join(versions, _CURRENT, isouter=True)
            .where(
                answers.c.marked_at.is_(None),
                answers.c.message_ts != "",
                versions.c.number.is_distinct_from(cited.c.version)
                | versions.c.version_id.not_in(select(versions.c.version_id).where(*published())),
            )
            .distinct()
            .limit(limit)
        )
        with self._database.reading() as connection:
            given = _logged_answers(connection, connection.execute(query).all())
        stale = self.stale_citations([one.answer_id for one in given])
        return [(one, stale[one.answer_id]) for one in given if one.answer_id in stale]

    def mark_stale(self, answer_id: str) -> None:
        """Note that the readers of an answer know that it is stale."""
        with self._database.writing() as connection:
            connection.execute(
                update(answers).where(answers.c.answer_id == answer_id).values(marked_at=_now())
            )


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


def _logged_answers(connection: Connection, rows: Sequence[Row[Any]]) -> list[LoggedAnswer]:
    """Answers as they were given, without what has been withdrawn from publication since."""
    logged = [_logged_answer(row) for row in rows]
    ids = {citation.article_id for one in logged for citation in one.answer.citations}
    ids |= {headline.article_id for one in logged for headline in one.answer.nearest}
    withheld = withheld_of(connection, ids)
    return [replace(one, answer=_without(one.answer, withheld)) for one in logged]


def _without(answer: Answer, withheld: Collection[str]) -> Answer:
    """An answer without the words of these articles; the numbers of its citations stay."""
    numbers = {c.number for c in answer.citations if c.article_id in withheld}
    if not numbers and not any(h.article_id in withheld for h in answer.nearest):
        return answer
    return replace(
        answer,
        sentences=tuple(
            replace(sentence, text=WITHHELD_QUOTE) if numbers & {*sentence.citations} else sentence
            for sentence in answer.sentences
        ),
        citations=tuple(
            replace(c, quote=WITHHELD_QUOTE, title=WITHHELD_QUOTE, url=None)
            if c.number in numbers
            else c
            for c in answer.citations
        ),
        nearest=tuple(h for h in answer.nearest if h.article_id not in withheld),
    )


def _logged_answer(row: Row[Any]) -> LoggedAnswer:
    return LoggedAnswer(
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


def _stale_citation(row: Row[Any]) -> StaleCitation | None:
    gone = row.now is None
    remains = not gone and row.quote in row.text
    publication = Publication() if gone else publication_of(row)
    if row.now == row.version and remains and publication.status == "published":
        return None
    return StaleCitation(
        row.number,
        row.article_id,
        gone=gone,
        quote_remains=remains,
        publication=publication,
    )
