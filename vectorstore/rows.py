"""Rows of the ledger as values."""

import json
from collections.abc import Mapping
from typing import Any

from sqlalchemy import Connection, Row, bindparam, func, select

from vectorstore.models import Article, Chunk, Entry, Passage, Revision
from vectorstore.packing import unpack_vectors
from vectorstore.schema import articles, audiences, passages, versions


def audiences_of(
    connection: Connection, version_ids: set[int] | None
) -> Mapping[int, frozenset[str]]:
    """The conversations that versions were given to; None asks for all versions."""
    query = select(audiences)
    if version_ids is not None:
        query = query.where(audiences.c.version_id.in_(version_ids))
    found: dict[int, frozenset[str]] = {}
    for row in connection.execute(query):
        found[row.version_id] = found.get(row.version_id, frozenset()) | {row.conversation}
    return found


def is_given() -> Any:
    """The condition that a passage is one of those whose keys are given as a JSON list, `keys`.

    One parameter, however many keys: the statement is compiled once.
    """
    keys = func.json_each(bindparam("keys")).table_valued("value")
    return passages.c.id.in_(select(keys.c.value))


def current_articles() -> Any:
    return (
        select(versions, articles.c.origin)
        .join(articles, articles.c.article_id == versions.c.article_id)
        .where(versions.c.state == "current")
    )


def article_from(row: Row[Any], audience: frozenset[str] | None) -> Article:
    return Article(
        article_id=row.article_id,
        title=row.title,
        text=row.text,
        origin=row.origin,
        source=row.source,
        url=row.url,
        published_at=row.published_at,
        audience=audience or frozenset(),
        dated_by=row.dated_by,
        author=row.author,
        updated_at=row.updated_at,
        language=row.language,
    )


def passage_from(row: Row[Any]) -> Passage:
    """The passage in a row that has the columns of `passages`, and `article_id`."""
    return Passage(
        passage_id=row.passage_id,
        article_id=row.article_id,
        position=row.position,
        start=row.start,
        end=row.end,
        text=row.text,
        sentences=tuple((start, end) for start, end in json.loads(row.sentences)),
    )


def one_passage_from(row: Row[Any]) -> Revision:
    """A stored passage as if it were a whole article, to be embedded anew."""
    sentences = tuple(
        (start - row.start, end - row.start) for start, end in json.loads(row.sentences)
    )
    article = Article(article_id="", title=row.title, text=row.text, origin="")
    return Revision(article, (Chunk(0, len(row.text), sentences),), container="", digest="")


def entry_from(row: Any, audience: frozenset[str]) -> Entry:
    metadata: dict[str, str | int | bool] = {
        "article_id": row.article_id,
        "source": row.source.casefold(),
        "day": day_number(row.published_at),
        "private": row.private,
    }
    metadata |= {f"audience:{conversation}": True for conversation in audience}
    return Entry(row.id, unpack_vectors([row.embedding])[0], metadata)


def day_number(published_at: str | None, *, last: bool = False) -> int:
    """A date as a number that sorts like it (2021-12-03 is 20211203); 0 for undated.

    A year or a month alone is its first day, or with `last` a number no day of it exceeds.
    """
    if not published_at:
        return 0
    digits = published_at[:10].replace("-", "")
    return int(digits.ljust(8, "9" if last else "0"))
