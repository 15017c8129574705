"""Rows of the ledger as values."""

import json
from typing import Any

from sqlalchemy import Row, bindparam, func, select

from vectorstore.models import Article, Chunk, Entry, Passage, Revision
from vectorstore.packing import unpack_vectors
from vectorstore.schema import articles, passages, versions
from vectorstore.visibility import index_metadata


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
    metadata = index_metadata(
        row.article_id,
        source=row.source,
        published_at=row.published_at,
        private=row.private,
        audience=audience,
    )
    return Entry(row.id, unpack_vectors([row.embedding])[0], metadata)
