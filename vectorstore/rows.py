"""Rows of the ledger as values, and vectors as the bytes in them."""

import json
from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray
from sqlalchemy import Row, bindparam, func, select

from vectorstore.models import (
    Article,
    Chunk,
    Entry,
    Notice,
    Passage,
    Publication,
    Revision,
    Vectors,
)
from vectorstore.schema import articles, passages, versions
from vectorstore.visibility import WITHHELD, index_metadata, published

_INT8_ONE = 127
"""Sentences are kept in 8 bits a number, a quarter of the room: cosines differ by 0.003 at most."""


def has_key() -> Any:
    """The condition that a passage is one of those in the JSON list `keys`.

    One parameter, however many keys: the statement is compiled once.
    """
    keys = func.json_each(bindparam("keys")).table_valued("value")
    return passages.c.id.in_(select(keys.c.value))


def current_articles(*, unpublished: bool) -> Any:
    return (
        select(versions, articles.c.origin)
        .join(articles, articles.c.article_id == versions.c.article_id)
        .where(*([versions.c.state == "current"] if unpublished else published()))
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
        slug=row.slug,
        publication=Publication(
            row.status, row.status_reason, row.embargo_until, row.expires_at, row.superseded_by
        ),
        notice=Notice(row.notice, row.concerns or "") if row.notice else None,
        corrected_at=row.corrected_at,
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
        withheld=(row.mark or row.status) in WITHHELD,
    )
    return Entry(row.id, unpack_vectors([row.embedding])[0], metadata)


def pack_vector(vector: Vectors) -> bytes:
    """Pack one vector, exactly."""
    return np.asarray(vector, dtype="<f4").tobytes()


def unpack_vectors(packed: Sequence[bytes]) -> Vectors:
    """Return packed vectors as rows."""
    return np.frombuffer(b"".join(packed), dtype="<f4").reshape(len(packed), -1)


def pack_sentences(vectors: Vectors) -> bytes:
    """Pack the vectors of one passage's sentences, rounded to 8 bits a number."""
    return np.round(vectors * _INT8_ONE).astype(np.int8).tobytes()


def sentence_cosines(
    packed: Sequence[bytes], vector: Vectors
) -> tuple[NDArray[np.float32], NDArray[np.intp]]:
    """Return the cosines of all sentences with a vector, and where each passage's begin."""
    rows = np.frombuffer(b"".join(packed), dtype=np.int8).reshape(-1, len(vector))
    cosines = rows.astype(np.float32) @ (vector / np.float32(_INT8_ONE))
    counts = [len(sentences) // len(vector) for sentences in packed]
    return cosines, np.cumsum([0, *counts[:-1]])
