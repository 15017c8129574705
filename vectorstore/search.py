"""Hybrid search: keyword and vector search, fused into hits. Plain Python, no LangChain."""

import json
from collections.abc import Collection, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from functools import lru_cache, partial
from typing import Any, Protocol, TypeAlias

from sqlalchemy import Connection, Row, Select, case, select

from vectorstore.candidates import Candidate, scored
from vectorstore.collapsing import having, without_copies
from vectorstore.fusion import TITLE_WEIGHT, search_terms
from vectorstore.keywords import Keywords, visibility
from vectorstore.ledger import Ledger
from vectorstore.models import Embedder, Filters, Hit, Vectors
from vectorstore.near_copies import Wording
from vectorstore.rows import day_number, is_given, passage_from
from vectorstore.schema import passages, versions
from vectorstore.stories import tellers

CANDIDATES = 50
"""How many passages each of the two searches proposes."""

MORE_CANDIDATES = 500
"""... where copies of few stories are all that the first are."""

_Rows: TypeAlias = dict[int, Row[Any]]


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
            # Where they leave too little of a full list, both searches filter inside, which is
            # far slower: 20 times in the index. Where copies fill the list, they go further.
            for more in _further_nearest(index, vector, nearest, rows, filters):
                rows |= _visible_rows(connection, more, filters)
            for further in self._further_best(connection, words, best, rows, filters):
                rows |= _visible_rows(connection, list(further), filters)
                best = further
            unmatched = [key for key in rows if key not in best]
            bm25 = best | self._keywords.among(connection, words, unmatched)
            candidates = scored(list(rows.values()), vector, bm25)
            kept = without_copies(connection, candidates)
            if len(kept) < len(candidates):
                candidates = scored([rows[c.key] for c in kept], vector, bm25)
            return _hits(connection, _chosen(candidates, limit, per_article), filters)

    def close(self) -> None:
        self._beside.shutdown()

    def _further_best(
        self,
        connection: Connection,
        words: Sequence[str],
        found: dict[int, float],
        rows: _Rows,
        filters: Filters,
    ) -> Iterator[dict[int, float]]:
        search = self._keywords.best
        if _too_few(found, rows):
            search = partial(self._keywords.best_visible, filters=filters)
            found = search(connection, words, limit=CANDIDATES)
            yield found
        if _is_crowded(found, rows):
            yield search(connection, words, limit=MORE_CANDIDATES)


def _further_nearest(
    index: Nearest, vector: Vectors, found: Sequence[int], rows: _Rows, filters: Filters
) -> Iterator[Sequence[int]]:
    where = _where(filters) if _too_few(found, rows) else None
    if where:
        found = index.nearest(vector, limit=CANDIDATES, where=where)
        yield found
    if _is_crowded(found, rows):
        yield index.nearest(vector, limit=MORE_CANDIDATES, where=where)


def _too_few(proposed: Collection[int], rows: _Rows) -> bool:
    seen = sum(key in rows for key in proposed)
    return len(proposed) == CANDIDATES and seen < CANDIDATES // 2


def _is_crowded(proposed: Collection[int], rows: _Rows) -> bool:
    copies = [rows[key].story for key in proposed if key in rows and rows[key].story is not None]
    return len(proposed) == CANDIDATES and len(copies) - len(set(copies)) > CANDIDATES // 2


def _visible_rows(connection: Connection, keys: Sequence[int], filters: Filters) -> _Rows:
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
            versions.c.story,
        )
        .join(versions, versions.c.version_id == passages.c.version_id)
        .where(is_given(), *visibility(filters))
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
            case((versions.c.story.is_not(None), versions.c.text)).label("story_text"),
        )
        .join(versions, versions.c.version_id == passages.c.version_id)
        .where(is_given())
    )


def _chosen(scored: Sequence[Candidate], limit: int, per_article: int) -> list[Candidate]:
    """The first `limit`, with at most `per_article` of one article."""
    chosen: list[Candidate] = []
    of_article: dict[str, int] = {}
    for candidate in scored:
        if len(chosen) == limit:
            break
        count = of_article.get(candidate.article_id, 0)
        if count < per_article:
            of_article[candidate.article_id] = count + 1
            chosen.append(candidate)
    return chosen


def _hits(connection: Connection, chosen: Sequence[Candidate], filters: Filters) -> list[Hit]:
    told = tellers(connection, (c.story for c in chosen if c.story is not None), filters)
    keys = json.dumps([candidate.key for candidate in chosen])
    rows = {row.id: row for row in connection.execute(_details(), {"keys": keys})}
    return [_hit(c, rows[c.key], told.get(c.story or 0, {})) for c in chosen]


def _hit(candidate: Candidate, row: Row[Any], told: Mapping[str, Sequence[Wording]]) -> Hit:
    others = {source: wordings for source, wordings in told.items() if source != row.source}
    sentences = Wording(row.story_text).within(row.start, row.end) if others else []
    shared = [(sentence, having(sentence, others)) for sentence in sentences]
    stated = [set(sources) for sentence, sources in shared if sentence.is_statement]
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
        also_in=tuple(o for o in others if stated and all(o in sources for sources in stated)),
        shared=tuple(((s.start, s.end), sources) for s, sources in shared),
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
