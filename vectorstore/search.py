"""Hybrid search: keyword and vector search, fused into hits. Plain Python, no LangChain."""

import json
from collections.abc import Collection, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import lru_cache, partial
from typing import Any, Protocol, TypeAlias

import numpy as np
from numpy.typing import NDArray
from sqlalchemy import Connection, Row, Select, select

from vectorstore.duplicates import outlets_by_story, sentences_by_version, sentences_of
from vectorstore.keywords import Keywords, search_terms
from vectorstore.ledger import Ledger
from vectorstore.models import Embedder, Filters, Hit, Vectors
from vectorstore.rows import has_key, passage_from, sentence_cosines, unpack_vectors
from vectorstore.schema import passages, versions
from vectorstore.visibility import index_filter, visible

VECTOR_WEIGHT = 0.65
"""The vector's share of a fused score, keywords have the rest. Recall@1 on SQuAD paragraphs and
nDCG@10 on TIME are both flat from 0.6 to 0.7; 0.5 costs a point of recall, 0.8 as much."""

SENTENCE_SHARE = 0.5
"""How much of a passage's nearness is that of its nearest sentence, where it is known: a passage
has many sentences, a question asks one. Recall@1 on SQuAD paragraphs rose from 0.801 to 0.822,
nDCG@10 on TIME from 0.791 to 0.804."""

COSINE_SPREAD = 0.01
BM25_SPREAD = 0.5
"""Added to the standard deviations, so that chance differences among few or like candidates do
not count as much as real ones."""

CANDIDATES = 50
"""How many passages each of the two searches proposes."""

MORE_CANDIDATES = 500
"""... where the first are mostly copies of a few stories."""

TIE = 0.01
"""Near-copies whose scores differ by less answer equally well: the newest of them is shown."""

AS_NEAR = 0.75
"""A copy is shown, too, where a sentence of its own is about as near to the question as its
nearest. A closing word such as "Share this" is not; what contradicts the story mostly is."""

MOST_READ = 20
"""Copies of a story that are searched for what they add, those that answer best."""

_Rows: TypeAlias = dict[int, Row[Any]]


class Nearest(Protocol):
    """What knows which passages are nearest: the index, or a scan of the ledger."""

    def nearest(
        self, vector: Vectors, *, limit: int, where: dict[str, Any] | None = None
    ) -> list[int]: ...


@dataclass(frozen=True, slots=True)
class Candidate:
    """A passage that one of the searches proposes, with its scores."""

    key: int
    article_id: str
    version_id: int
    score: float
    cosine: float
    bm25: float
    sentence_cosines: NDArray[np.float32]
    story: int | None
    published_at: str


class HybridSearch:
    """Asks both searches for candidates and scores each candidate exactly by both."""

    def __init__(self, ledger: Ledger, index: Nearest, embedder: Embedder) -> None:
        self._ledger = ledger
        self._index = index
        self._embedder = embedder
        self._keywords = Keywords()
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
            candidates = _scored(list(rows.values()), vector, bm25)
            kept = _without_copies(connection, candidates)
            if len(kept) < len(candidates):
                candidates = _scored([rows[c.key] for c in kept], vector, bm25)
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
    where = index_filter(filters) if _too_few(found, rows) else None
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
            versions.c.version_id,
            versions.c.published_at,
            versions.c.story,
        )
        .join(versions, versions.c.version_id == passages.c.version_id)
        .where(has_key(), *visible(filters))
    )


@lru_cache(maxsize=1)
def _details() -> Select[Any]:
    """What a hit shows besides."""
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
            versions.c.corrected_at,
        )
        .join(versions, versions.c.version_id == passages.c.version_id)
        .where(has_key())
    )


def _scored(
    rows: Sequence[Row[Any]], vector: Vectors, bm25: Mapping[int, float]
) -> list[Candidate]:
    """The candidates with their scores, best first."""
    if not rows:
        return []
    cosines = unpack_vectors([row.embedding for row in rows]) @ vector
    sentences, begins = sentence_cosines([row.sentence_embeddings for row in rows], vector)
    keyword = np.array([bm25.get(row.id, 0.0) for row in rows], dtype=np.float32)
    scores = fuse(cosines, keyword, np.maximum.reduceat(sentences, begins))
    of_passage = np.split(sentences, begins[1:])
    return [
        Candidate(
            key=rows[i].id,
            article_id=rows[i].article_id,
            version_id=rows[i].version_id,
            score=float(scores[i]),
            cosine=float(cosines[i]),
            bm25=float(keyword[i]),
            sentence_cosines=of_passage[i],
            story=rows[i].story,
            published_at=rows[i].published_at or "",
        )
        for i in np.argsort(-scores, kind="stable")
    ]


def fuse(
    cosines: NDArray[np.float32],
    bm25: NDArray[np.float32],
    nearest_sentences: NDArray[np.float32] | None = None,
) -> NDArray[np.float32]:
    """Return one score for each candidate; the higher, the better.

    Each array holds exact values of the same candidates: all that either search proposed.
    `nearest_sentences` is the highest cosine among the sentences of each passage.

    Normalised scores are added: z-scores beat reciprocal ranks by 8 points of recall@1.
    """
    if len(cosines) == 0:
        return np.zeros(0, dtype=np.float32)
    nearness = cosines
    if nearest_sentences is not None:
        nearness = (1 - SENTENCE_SHARE) * cosines + SENTENCE_SHARE * nearest_sentences
    vector = (nearness - nearness.mean()) / (nearness.std() + COSINE_SPREAD)
    keyword = (bm25 - bm25.mean()) / (bm25.std() + BM25_SPREAD)
    scores = VECTOR_WEIGHT * vector + (1 - VECTOR_WEIGHT) * keyword
    return np.asarray(scores, dtype=np.float32)


def _without_copies(connection: Connection, candidates: Sequence[Candidate]) -> list[Candidate]:
    """The candidates, of each story those of the article that answers best.

    A candidate of another article stays if it answers with a sentence that none shown so far has.
    """
    best = _best_articles(candidates)
    copies = [c for c in candidates if c.story is not None and best[c.story] != c.article_id]
    if not copies:
        return list(candidates)
    kept = _adding(connection, [c for c in candidates if c.story is not None], best)
    return [
        c for c in candidates if c.story is None or best[c.story] == c.article_id or c.key in kept
    ]


def _best_articles(candidates: Sequence[Candidate]) -> dict[int, str]:
    """The article of each story that is shown."""
    shown: dict[int, Candidate] = {}
    best: dict[int, float] = {}
    for candidate in candidates:
        if candidate.story is None:
            continue
        before = shown.setdefault(candidate.story, candidate)
        ties = candidate.score > best.setdefault(candidate.story, candidate.score) - TIE
        if ties and candidate.published_at > before.published_at:
            shown[candidate.story] = candidate
    return {story: candidate.article_id for story, candidate in shown.items()}


def _adding(
    connection: Connection, candidates: Sequence[Candidate], best: Mapping[int, str]
) -> set[int]:
    """The keys of the candidates that add something to the article shown of their story."""
    sentences = sentences_by_version(connection, (c.version_id for c in candidates))
    details = _details_of(connection, candidates)
    shown = {story: {article_id} for story, article_id in best.items()}
    read: dict[int, set[str]] = {story: set() for story in best}
    keys = {c.article_id: {s.key for s in sentences[c.version_id]} for c in candidates}
    kept = set()
    for candidate in candidates:
        story, article_id = candidate.story or 0, candidate.article_id
        read[story].add(article_id)
        if article_id == best[story] or len(read[story]) > MOST_READ:
            continue
        others = set().union(*(keys[other] for other in shown[story] - {article_id}))
        if _adds(candidate, details[candidate.key], others):
            shown[story].add(article_id)
            kept.add(candidate.key)
    return kept


def _adds(candidate: Candidate, row: Row[Any], others: Collection[str]) -> bool:
    cosines = candidate.sentence_cosines.tolist()
    enough = AS_NEAR * max(cosines)
    return any(
        sentence.is_statement and sentence.key not in others
        for sentence, cosine in zip(
            sentences_of(row.text, row.sentences, row.start), cosines, strict=True
        )
        if cosine >= enough
    )


def _chosen(candidates: Sequence[Candidate], limit: int, per_article: int) -> list[Candidate]:
    """The first `limit`, with at most `per_article` of one article."""
    chosen: list[Candidate] = []
    of_article: dict[str, int] = {}
    for candidate in candidates:
        if len(chosen) == limit:
            break
        count = of_article.get(candidate.article_id, 0)
        if count < per_article:
            of_article[candidate.article_id] = count + 1
            chosen.append(candidate)
    return chosen


def _hits(connection: Connection, chosen: Sequence[Candidate], filters: Filters) -> list[Hit]:
    outlets = outlets_by_story(
        connection, (c.story for c in chosen if c.story is not None), filters
    )
    rows = _details_of(connection, chosen)
    return [_hit(c, rows[c.key], outlets.get(c.story or 0, {})) for c in chosen]


def _details_of(connection: Connection, candidates: Sequence[Candidate]) -> _Rows:
    keys = json.dumps([candidate.key for candidate in candidates])
    return {row.id: row for row in connection.execute(_details(), {"keys": keys})}


def _hit(candidate: Candidate, row: Row[Any], outlets: Mapping[str, Sequence[set[str]]]) -> Hit:
    others = {source: articles for source, articles in outlets.items() if source != row.source}
    sentences = sentences_of(row.text, row.sentences, row.start) if others else ()
    shared = [
        (s, tuple(o for o, articles in others.items() if any(s.key in keys for keys in articles)))
        for s in sentences
    ]
    stated = [sources for sentence, sources in shared if sentence.is_statement]
    return Hit(
        passage=passage_from(row),
        score=candidate.score,
        cosine=candidate.cosine,
        bm25=candidate.bm25,
        title=row.title,
        source=row.source,
        url=row.url,
        published_at=row.published_at,
        corrected_at=row.corrected_at,
        sentence_cosines=tuple(candidate.sentence_cosines.tolist()),
        also_in=tuple(o for o in others if stated and all(o in sources for sources in stated)),
        shared=tuple(((s.start, s.end), sources) for s, sources in shared),
    )
