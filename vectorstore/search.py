"""Hybrid search: keyword and vector search, fused into hits. Plain Python, no LangChain."""

import json
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray
from sqlalchemy import Connection, Row, Select, bindparam, case, func, select

from vectorstore.fusion import TITLE_WEIGHT, fuse, search_terms
from vectorstore.keywords import Keywords, visibility
from vectorstore.ledger import Ledger
from vectorstore.models import Embedder, Filters, Hit, Vectors
from vectorstore.packing import sentence_cosines, unpack_vectors
from vectorstore.rows import day_number, passage_from
from vectorstore.schema import passages, versions
from vectorstore.stories import outlets

CANDIDATES = 50
"""How many passages each of the two searches proposes."""

TIE = 0.01
"""Near-copies whose scores differ by less answer equally well: the newest of them is shown."""


@dataclass(frozen=True, slots=True)
class _Scored:
    key: int
    article_id: str
    score: float
    cosine: float
    bm25: float
    sentence_cosines: NDArray[np.float32]
    story: int | None
    published_at: str


class Nearest(Protocol):
    """What knows which passages are nearest: the index, or a scan of the ledger."""

    def nearest(
        self, vector: Vectors, *, limit: int, where: dict[str, Any] | None = None
    ) -> list[int]: ...


class HybridSearch:
    """Asks both searches for candidates and scores each candidate exactly by both."""

    def __init__(self, ledger: Ledger, index: Nearest, embedder: Embedder) -> None:
        self._ledger = ledger
        self._index = index
        self._embedder = embedder
        self._keywords = Keywords(title_weight=TITLE_WEIGHT)
        self._beside = ThreadPoolExecutor(thread_name_prefix="embed")

    def __call__(
        self,
        question: str,
        *,
        limit: int,
        per_article: int,
        filters: Filters,
        index: Nearest | None = None,
    ) -> list[Hit]:
        """The best hits, best first; `index` is asked instead of the usual one."""
        index = index or self._index
        # The keyword search takes a sixth as long as the embedding, which keeps one core busy.
        embedding = self._beside.submit(self._embedder.embed, [question])
        words = search_terms(question)
        with self._ledger.database.reading() as connection:
            if not self._ledger.require_model(self._embedder.fingerprint, connection):
                return []
            best = self._keywords.best(connection, words, limit=CANDIDATES)
            vector = embedding.result()[0]
            nearest = index.nearest(vector, limit=CANDIDATES)
            rows = _visible_rows(connection, [*nearest, *best], filters)
            # The usual filters let nearly everything through, so they are applied afterwards.
            # Where they leave too little of a full list, both searches filter inside, which
            # is far slower: 20 times in the index.
            if _too_few(nearest, rows):
                nearest = index.nearest(vector, limit=CANDIDATES, where=_where(filters))
                rows |= _visible_rows(connection, nearest, filters)
            if _too_few(best, rows):
                best = self._keywords.best_visible(
                    connection, words, limit=CANDIDATES, filters=filters
                )
                rows |= _visible_rows(connection, list(best), filters)
            unmatched = [key for key in rows if key not in best]
            bm25 = best | self._keywords.among(connection, words, unmatched)
            scored = _scored(list(rows.values()), vector, bm25)
            chosen = _chosen(_without_copies(scored), limit, per_article)
            return _hits(connection, chosen, filters)

    def close(self) -> None:
        self._beside.shutdown()


def _too_few(proposed: Sequence[int] | dict[int, float], rows: dict[int, Row[Any]]) -> bool:
    seen = sum(key in rows for key in proposed)
    return len(proposed) == CANDIDATES and seen < CANDIDATES // 2


def _visible_rows(
    connection: Connection, keys: Sequence[int], filters: Filters
) -> dict[int, Row[Any]]:
    rows = connection.execute(_candidates(filters), {"keys": json.dumps(keys)})
    return {row.id: row for row in rows}


@lru_cache(maxsize=64)
def _candidates(filters: Filters) -> Select[Any]:
    """What scoring needs of the passages with these keys that the asker may see."""
    return (
        select(
            passages.c.id,
            passages.c.embedding,
            passages.c.sentence_embeddings,
            versions.c.article_id,
            versions.c.published_at,
            # A passage that mostly stands behind what the copies share is the article's own.
            case(
                (passages.c.start + passages.c.end < 2 * versions.c.story_end, versions.c.story)
            ).label("story"),
        )
        .join(versions, versions.c.version_id == passages.c.version_id)
        .where(_has_key(), *visibility(filters))
    )


@lru_cache(maxsize=1)
def _details() -> Select[Any]:
    """What a hit tells besides."""
    return (
        select(
            passages.c.id,
            passages.c.passage_id,
            passages.c.position,
            passages.c.start,
            passages.c.end,
            passages.c.title,
            passages.c.text,
            passages.c.sentences,
            versions.c.article_id,
            versions.c.source,
            versions.c.url,
            versions.c.published_at,
            versions.c.story_end,
        )
        .join(versions, versions.c.version_id == passages.c.version_id)
        .where(_has_key())
    )


def _has_key() -> Any:
    # One parameter, however many keys: the statement is compiled once.
    keys = func.json_each(bindparam("keys")).table_valued("value")
    return passages.c.id.in_(select(keys.c.value))


def _scored(rows: Sequence[Row[Any]], vector: Vectors, bm25: dict[int, float]) -> list[_Scored]:
    """The candidates with their scores, best first."""
    if not rows:
        return []
    cosines = unpack_vectors([row.embedding for row in rows]) @ vector
    sentences, begins = sentence_cosines([row.sentence_embeddings for row in rows], vector)
    keyword = np.array([bm25.get(row.id, 0.0) for row in rows], dtype=np.float32)
    scores = fuse(cosines, keyword, np.maximum.reduceat(sentences, begins))
    of_passage = np.split(sentences, begins[1:])
    return [
        _Scored(
            rows[i].id,
            rows[i].article_id,
            float(scores[i]),
            float(cosines[i]),
            float(keyword[i]),
            of_passage[i],
            rows[i].story,
            rows[i].published_at or "",
        )
        for i in np.argsort(-scores, kind="stable")
    ]


def _without_copies(scored: Sequence[_Scored]) -> list[_Scored]:
    """The candidates, of each story only those of the article that answers best."""
    tellers: dict[int, _Scored] = {}
    best: dict[int, float] = {}
    for candidate in scored:
        if candidate.story is None:
            continue
        teller = tellers.setdefault(candidate.story, candidate)
        ties = candidate.score > best.setdefault(candidate.story, candidate.score) - TIE
        if ties and candidate.published_at > teller.published_at:
            tellers[candidate.story] = candidate
    return [
        candidate
        for candidate in scored
        if candidate.story is None or tellers[candidate.story].article_id == candidate.article_id
    ]


def _chosen(scored: Sequence[_Scored], limit: int, per_article: int) -> list[_Scored]:
    """The first `limit`, with at most `per_article` of one article."""
    chosen: list[_Scored] = []
    of_article: dict[str, int] = {}
    for candidate in scored:
        if len(chosen) == limit:
            break
        count = of_article.get(candidate.article_id, 0)
        if count < per_article:
            of_article[candidate.article_id] = count + 1
            chosen.append(candidate)
    return chosen


def _hits(connection: Connection, chosen: Sequence[_Scored], filters: Filters) -> list[Hit]:
    told_in = outlets(connection, (c.story for c in chosen if c.story is not None), filters)
    keys = json.dumps([candidate.key for candidate in chosen])
    rows = {row.id: row for row in connection.execute(_details(), {"keys": keys})}
    return [_hit(c, rows[c.key], told_in.get(c.story or 0, ())) for c in chosen]


def _hit(candidate: _Scored, row: Row[Any], told_in: Sequence[str]) -> Hit:
    return Hit(
        passage=passage_from(row),
        score=candidate.score,
        cosine=candidate.cosine,
        bm25=candidate.bm25,
        title=row.title,
        source=row.source,
        url=row.url,
        published_at=row.published_at,
        sentence_cosines=tuple(candidate.sentence_cosines.tolist()),
        also_in=tuple(source for source in told_in if source != row.source),
        story_end=row.story_end or 0,
    )


def _where(filters: Filters) -> dict[str, Any]:
    """The filters as Chroma takes them."""
    everyone: dict[str, Any] = {"private": {"$eq": False}}
    given = [{f"audience:{c}": {"$eq": True}} for c in sorted(filters.conversations)]
    conditions: list[dict[str, Any]] = [{"$or": [everyone, *given]} if given else everyone]
    if filters.since:
        conditions.append({"day": {"$gte": day_number(filters.since)}})
    if filters.until:
        conditions.append({"day": {"$lte": day_number(filters.until, last=True)}})
        conditions.append({"day": {"$gt": 0}})
    if filters.sources:
        conditions.append({"source": {"$in": [s.casefold() for s in filters.sources]}})
    return {"$and": conditions} if len(conditions) > 1 else conditions[0]
