"""Who may see an article: the filter on publication, audience, dates and sources of every query.

An audience is a set of conversations; an empty one is everyone. What is not published is for
nobody.
"""

from collections.abc import Iterable
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import ColumnElement, Connection, Row, and_, bindparam, func, or_, select

from vectorstore.models import Filters, Publication
from vectorstore.schema import articles, audiences, versions

WITHHELD = ("held", "killed", "superseded")
"""What is not published until somebody does something about it; an embargo ends by itself."""

_marked = articles.alias("marked")
"""The articles by the status that a person or a notice set."""


def widened(stored: frozenset[str], added: frozenset[str]) -> frozenset[str]:
    """The audience of an article that arrives for another one: nobody loses sight of it."""
    return stored | added if stored and added else frozenset()


def covers(stored: frozenset[str], added: frozenset[str]) -> bool:
    """Whether everyone of the second audience sees the article already."""
    return widened(stored, added) == stored


def now() -> str:
    """This moment as it is compared with those that an embargo and a publication end at."""
    return datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def published() -> list[ColumnElement[bool]]:
    """The conditions on `versions` for what is current, and published when the query is run.

    An embargo and a publication end while programs run: so the moment is that of the query.
    """
    moment: Any = bindparam("now", callable_=now, unique=True)
    withheld = select(_marked.c.article_id).where(_marked.c.status.in_(WITHHELD))
    released = (
        select(_marked.c.article_id)
        .where(
            _marked.c.article_id == versions.c.article_id,
            _marked.c.status == "published",
            versions.c.expires_at.is_(None)
            | (versions.c.expires_at > moment)
            | (versions.c.expires_at <= _marked.c.status_at),
        )
        .exists()
    )
    begun = (versions.c.status == "published") | and_(
        versions.c.status == "embargoed", versions.c.embargo_until <= moment
    )
    ended = versions.c.expires_at <= moment
    return [
        versions.c.state == "current",
        versions.c.article_id.not_in(withheld),
        or_(and_(begun, func.coalesce(ended, False).is_(False)), released),
    ]


def publication_of(row: Row[Any]) -> Publication:
    """What is in force of a row that has the `status_columns`."""
    moment = now()
    if row.mark in WITHHELD:
        return Publication(row.mark, row.mark_reason, superseded_by=row.mark_superseded_by)
    released = row.mark == "published"
    if (
        row.expires_at
        and row.expires_at <= moment
        and not (released and row.expires_at <= row.mark_at)
    ):
        return Publication(
            "held", f"its publication ended at {row.expires_at}", expires=row.expires_at
        )
    if released:
        return Publication("published", row.mark_reason, expires=row.expires_at)
    if row.status == "embargoed" and row.embargo_until <= moment:
        return Publication("published", until=row.embargo_until, expires=row.expires_at)
    return Publication(
        row.status, row.status_reason, row.embargo_until, row.expires_at, row.superseded_by
    )


def status_columns() -> list[ColumnElement[Any]]:
    """What `publication_of` needs of `versions`, and of `articles`, which is to be joined."""
    return [
        versions.c.status,
        versions.c.status_reason,
        versions.c.embargo_until,
        versions.c.expires_at,
        versions.c.superseded_by,
        articles.c.status.label("mark"),
        articles.c.status_reason.label("mark_reason"),
        articles.c.status_at.label("mark_at"),
        articles.c.superseded_by.label("mark_superseded_by"),
    ]


def withheld_of(connection: Connection, article_ids: Iterable[str]) -> set[str]:
    """Those of these articles that are stored, and not published."""
    wanted = sorted(article_ids)
    if not wanted:
        return set()
    query = select(versions.c.article_id).where(
        versions.c.state == "current",
        versions.c.article_id.in_(wanted),
        versions.c.version_id.not_in(select(versions.c.version_id).where(*published())),
    )
    return set(connection.execute(query).scalars())


def visible(filters: Filters) -> list[ColumnElement[bool]]:
    """The conditions on `versions` for what the asker may see and asks for."""
    shared = select(audiences.c.version_id).where(
        audiences.c.conversation.in_(sorted(filters.conversations))
    )
    public = versions.c.private.is_(False)
    conditions: list[ColumnElement[bool]] = [
        *published(),
        or_(public, versions.c.version_id.in_(shared)) if filters.conversations else public,
    ]
    if filters.since:
        conditions.append(versions.c.published_at >= filters.since)
    if filters.until:
        # "Until 2021-12-03" takes in all of that day, whatever time stands behind the date.
        prefix = func.substr(versions.c.published_at, 1, len(filters.until))
        conditions.append(prefix <= filters.until)
    if filters.sources:
        wanted = [source.casefold() for source in filters.sources]
        conditions.append(versions.c.source_folded.in_(wanted))
    return conditions


def index_filter(filters: Filters) -> dict[str, Any]:
    """The same as Chroma takes it, on the metadata of entries."""
    public: dict[str, Any] = {"private": {"$eq": False}}
    shared = [{f"audience:{c}": {"$eq": True}} for c in sorted(filters.conversations)]
    conditions: list[dict[str, Any]] = [{"$or": [public, *shared]} if shared else public]
    # True of what has no such key too: what was indexed before there was one.
    conditions.append({"withheld": {"$ne": True}})
    if filters.since:
        conditions.append({"day": {"$gte": day_number(filters.since)}})
    if filters.until:
        conditions.append({"day": {"$lte": day_number(filters.until, last=True)}})
        conditions.append({"day": {"$gt": 0}})
    if filters.sources:
        conditions.append({"source": {"$in": [s.casefold() for s in filters.sources]}})
    return {"$and": conditions}


def index_metadata(
    article_id: str,
    *,
    source: str,
    published_at: str | None,
    private: bool,
    audience: Iterable[str],
    withheld: bool = False,
) -> dict[str, str | int | bool]:
    """What the index keeps of a passage for `index_filter`."""
    metadata: dict[str, str | int | bool] = {
        "article_id": article_id,
        "source": source.casefold(),
        "day": day_number(published_at),
        "private": private,
        "withheld": withheld,
    }
    return metadata | {f"audience:{conversation}": True for conversation in audience}


def day_number(published_at: str | None, *, last: bool = False) -> int:
    """A date as a number that sorts like it (2021-12-03 is 20211203); 0 for undated.

    A year or a month alone is its first day, or with `last` a number no day of it exceeds.
    """
    if not published_at:
        return 0
    digits = published_at[:10].replace("-", "")
    return int(digits.ljust(8, "9" if last else "0"))


def audiences_of(connection: Connection, version_ids: set[int] | None) -> dict[int, frozenset[str]]:
    """The audiences of private versions; None asks for all versions."""
    query = select(audiences)
    if version_ids is not None:
        query = query.where(audiences.c.version_id.in_(version_ids))
    found: dict[int, frozenset[str]] = {}
    for row in connection.execute(query):
        found[row.version_id] = found.get(row.version_id, frozenset()) | {row.conversation}
    return found
