"""Which answers stand on articles that have changed since, or are gone."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import Row, select, update

from bot.memory import Given, given_from
from bot.tables import answers, cited
from vectorstore.database import Database
from vectorstore.schema import versions


@dataclass(frozen=True, slots=True)
class Outdated:
    """A citation whose article has changed since, or is gone."""

    number: int
    article_id: str
    gone: bool
    stands: bool
    """Whether the quote is still in the article."""


def written_mark(mark: Outdated) -> str:
    """What has become of the article that a citation stands in, the same words everywhere."""
    if mark.gone:
        return f"[{mark.number}] The article has been removed since."
    if mark.stands:
        return f"[{mark.number}] The article has changed since; the quote is still in it."
    return f"[{mark.number}] The article has changed since; the quote is no longer in it."


_CURRENT = (versions.c.article_id == cited.c.article_id) & (versions.c.state == "current")


class Marking:
    """Compares what answers cite with the articles as they are now.

    Nothing is noted when an article changes: an ingest can't forget it, nor a crash lose it.
    """

    def __init__(self, database: Database) -> None:
        self._database = database

    def outdated(self, answer_ids: Sequence[str]) -> dict[str, list[Outdated]]:
        """Of each of these answers, the citations whose article has changed or gone."""
        query = (
            select(cited, versions.c.number.label("now"), versions.c.text)
            .join(versions, _CURRENT, isouter=True)
            .where(cited.c.answer_id.in_(answer_ids))
            .order_by(cited.c.answer_id, cited.c.number)
        )
        found: dict[str, list[Outdated]] = {}
        with self._database.reading() as connection:
            for row in connection.execute(query):
                if one := _outdated(row):
                    found.setdefault(row.answer_id, []).append(one)
        return found

    def unmarked(self, *, limit: int = 100) -> list[tuple[Given, list[Outdated]]]:
        """Answers shown in a message that cite what has changed, and whose readers don't know."""
        query = (
            select(answers)
            .join(cited, cited.c.answer_id == answers.c.answer_id)
            .join(versions, _CURRENT, isouter=True)
            .where(
                answers.c.marked_at.is_(None),
                answers.c.message_ts != "",
                versions.c.number.is_distinct_from(cited.c.version),
            )
            .distinct()
            .limit(limit)
        )
        with self._database.reading() as connection:
            given = [given_from(row) for row in connection.execute(query)]
        outdated = self.outdated([one.answer_id for one in given])
        return [(one, outdated[one.answer_id]) for one in given if one.answer_id in outdated]

    def mark(self, answer_id: str) -> None:
        """Note that the readers of an answer were told that it is outdated."""
        now = datetime.now(UTC).isoformat(timespec="seconds")
        with self._database.writing() as connection:
            connection.execute(
                update(answers).where(answers.c.answer_id == answer_id).values(marked_at=now)
            )


def _outdated(row: Row[Any]) -> Outdated | None:
    gone = row.now is None
    stands = not gone and row.quote in row.text
    if row.now == row.version and stands:
        return None
    return Outdated(row.number, row.article_id, gone=gone, stands=stands)
