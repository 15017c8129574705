"""Who may see an article: the filter on audience, dates and sources of every query.

An audience is a set of conversations; an empty one is everyone.
"""

from collections.abc import Iterable
from typing import Any

from sqlalchemy import ColumnElement, Connection, func, or_, select

from vectorstore.models import Filters
from vectorstore.schema import audiences, versions


def widened(stored: frozenset[str], added: frozenset[str]) -> frozenset[str]:
    """The audience of an article that arrives for another one: nobody loses sight of it."""
    return stored | added if stored and added else frozenset()


def covers(stored: frozenset[str], added: frozenset[str]) -> bool:
    """Whether everyone of the second audience sees the article already."""
    return widened(stored, added) == stored


def visible(filters: Filters) -> list[ColumnElement[bool]]:
    """The conditions on `versions` for what the asker may see and asks for."""
    shared = select(audiences.c.version_id).where(
        audiences.c.conversation.in_(sorted(filters.conversations))
    )
    public = versions.c.private.is_(False)
    conditions: list[ColumnElement[bool]] = [
        versions.c.state == "current",
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
    if filters.since:
        conditions.append({"day": {"$gte": day_number(filters.since)}})
    if filters.until:
        conditions.append({"day": {"$lte": day_number(filters.until, last=True)}})
        conditions.append({"day": {"$gt": 0}})
    if filters.sources:
        conditions.append({"source": {"$in": [s.casefold() for s in filters.sources]}})
    return {"$and": conditions} if len(conditions) > 1 else conditions[0]


def index_metadata(
    article_id: str,
    *,
    source: str,
    published_at: str | None,
    private: bool,
    audience: Iterable[str],
) -> dict[str, str | int | bool]:
    """What the index keeps of a passage for `index_filter`."""
    metadata: dict[str, str | int | bool] = {
        "article_id": article_id,
        "source": source.casefold(),
        "day": day_number(published_at),
        "private": private,
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
