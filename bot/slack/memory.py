"""What the bot remembers of its answers: the answers given, what people thought of them."""

import json
import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import select, update
from sqlalchemy.dialects.sqlite import insert

from bot.answers import Answer, Citation, Headline, Sentence
from vectorstore.database import Database
from vectorstore.schema import answers, feedback


@dataclass(frozen=True, slots=True)
class Given:
    """An answer as it was given, and to whom."""

    answer_id: str
    answer: Answer
    conversation: str
    thread: str | None
    message_ts: str | None
    person: str


class Memory:
    """Stores answers and feedback in the ledger's database."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def keep(
        self,
        answer: Answer,
        *,
        conversation: str,
        person: str,
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
        }
        with self._database.writing() as connection:
            connection.execute(
                insert(answers)
                .values(answer_id=answer_id, **values)
                .on_conflict_do_update(index_elements=["answer_id"], set_=values)
            )
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
        if row is None:
            return None
        return Given(
            row.answer_id,
            _answer(json.loads(row.answer)),
            row.conversation,
            row.thread,
            row.message_ts,
            row.person,
        )

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
                insert(feedback)
                .values(answer_id=answer_id, person=person, **told)
                .on_conflict_do_update(index_elements=["answer_id", "person"], set_=told)
            )


def _answer(stored: Mapping[str, Any]) -> Answer:
    covered = stored["covered"]
    return Answer(
        question=stored["question"],
        standalone_question=stored["standalone_question"],
        found=stored["found"],
        mode=stored["mode"],
        sentences=tuple(
            Sentence(sentence["text"], tuple(sentence["citations"]))
            for sentence in stored["sentences"]
        ),
        citations=tuple(Citation(**citation) for citation in stored["citations"]),
        nearest=tuple(Headline(**headline) for headline in stored["nearest"]),
        covered=None if covered is None else (covered[0], covered[1]),
        seconds=stored["seconds"],
    )


def _now() -> str:
    return datetime.now(UTC).isoformat(timespec="seconds")
