"""Groups the versions of articles that tell one story in nearly the same words.

A story is the id of the version that it was first told in. Versions keep it when that one is
changed or removed; a changed article is looked up anew.
"""

import json
from collections.abc import Iterable, Sequence
from functools import lru_cache
from typing import Any

from sqlalchemy import (
    Connection,
    Insert,
    Integer,
    Row,
    Select,
    TableValuedAlias,
    bindparam,
    cast,
    delete,
    func,
    insert,
    select,
    update,
)

from vectorstore.keywords import visibility
from vectorstore.models import Filters
from vectorstore.near_copies import Likeness, Wording, compare
from vectorstore.schema import signatures, versions
from vectorstore.signatures import bands

MOST_COMPARED = 20
"""Texts are compared with at most so many others, those nearest by signature first, and of those
in one band the newest, so that a flood of copies costs no more than a few."""

MOST_TELLERS = 50
"""Articles of one story that are asked for what they tell, those published first."""


def join_story(connection: Connection, version_id: int, article_id: str, text: str) -> None:
    """Find the story that a new version tells, and leave its signature for those to come."""
    told = Wording(text)
    if not told.is_comparable:
        return
    found = {"bands": json.dumps(bands(told.folded))}
    alike = connection.execute(_alike_query(), found | {"article_id": article_id}).all()
    connection.execute(_leave_signature(), found | {"version_id": version_id})
    if not alike:
        return
    for story, rows in _stories(alike).items():
        likeness = [compare(told, Wording(row.text)) for row in rows]
        # A copy of one text that changes what another tells is a corrected version, cut.
        if Likeness.COPY in likeness and Likeness.CHANGED not in likeness:
            copies = [
                row for row, is_like in zip(rows, likeness, strict=True) if is_like is Likeness.COPY
            ]
            _set_story(connection, [version_id, *(row.version_id for row in copies)], story)
            return


def forget_signature(connection: Connection, version_id: int) -> None:
    connection.execute(delete(signatures).where(signatures.c.version_id == version_id))


def tellers(
    connection: Connection, stories: Iterable[int], filters: Filters
) -> dict[int, dict[str, list[Wording]]]:
    """What each source tells of each story, as far as the asker may see it, in the order they
    published it.
    """
    wanted = sorted(set(stories))
    found: dict[int, dict[str, list[Wording]]] = {}
    if not wanted:
        return found
    published = (versions.c.published_at.nulls_last(), versions.c.version_id)
    place = func.row_number().over(partition_by=versions.c.story, order_by=published)
    numbered = (
        select(versions.c.story, versions.c.source, versions.c.text, place.label("place"))
        .where(
            versions.c.story.in_(wanted),
            versions.c.source != "",
            *visibility(Filters(conversations=filters.conversations)),
        )
        .subquery()
    )
    query = select(numbered).where(numbered.c.place <= MOST_TELLERS).order_by(numbered.c.place)
    for row in connection.execute(query):
        found.setdefault(row.story, {}).setdefault(row.source, []).append(Wording(row.text))
    return found


@lru_cache(maxsize=1)
def _alike_query() -> Select[Any]:
    """The versions of other articles that share bands, those that share most first."""
    wanted = _given_bands()
    newer = signatures.alias()
    oldest = (
        select(newer.c.version_id)
        .where(newer.c.band == wanted.c.value)
        .order_by(newer.c.version_id.desc())
        .limit(1)
        .offset(MOST_COMPARED)
        .scalar_subquery()
    )
    shared = (
        select(signatures.c.version_id, func.count().label("bands"))
        .select_from(wanted.join(signatures, signatures.c.band == wanted.c.value))
        .where(signatures.c.version_id > func.coalesce(oldest, 0))
        .group_by(signatures.c.version_id)
        .subquery()
    )
    return (
        select(versions.c.version_id, versions.c.story, versions.c.text)
        .join(shared, shared.c.version_id == versions.c.version_id)
        .where(versions.c.article_id != bindparam("article_id"))
        .order_by(shared.c.bands.desc(), versions.c.version_id)
        .limit(MOST_COMPARED)
    )


@lru_cache(maxsize=1)
def _leave_signature() -> Insert:
    version = cast(bindparam("version_id"), Integer)
    return insert(signatures).from_select(
        ["band", "version_id"], select(_given_bands().c.value, version)
    )


def _given_bands() -> TableValuedAlias:
    """The bands in a JSON list, as a table: one statement for all of them."""
    return func.json_each(bindparam("bands")).table_valued("value")


def _stories(alike: Iterable[Row[Any]]) -> dict[int, list[Row[Any]]]:
    """The versions by the story they tell; one that has no copies yet tells its own."""
    found: dict[int, list[Row[Any]]] = {}
    for row in alike:
        found.setdefault(row.story or row.version_id, []).append(row)
    return found


def _set_story(connection: Connection, version_ids: Sequence[int], story: int) -> None:
    connection.execute(
        update(versions).where(versions.c.version_id.in_(version_ids)).values(story=story)
    )
