"""Shows a story once: of its copies the one that answers best, and what others add to it."""

import json
from collections.abc import Mapping, Sequence
from functools import lru_cache
from typing import Any

from sqlalchemy import Connection, Select, select

from vectorstore.candidates import Candidate
from vectorstore.near_copies import Wording
from vectorstore.rows import is_given
from vectorstore.schema import passages, versions
from vectorstore.told import Told

TIE = 0.01
"""Near-copies whose scores differ by less answer equally well: the newest of them is shown."""

AS_NEAR = 0.75
"""A copy is shown, too, where a sentence of its own is about as near to the question as its
nearest. A closing word such as "Share this" is not; what contradicts the story mostly is."""

MOST_READ = 20
"""Copies of a story that are read for what they add, those that answer best."""


def without_copies(connection: Connection, candidates: Sequence[Candidate]) -> list[Candidate]:
    """Return the candidates, of each story those of the article that answers best.

    A candidate of another article stays if it answers with a sentence that none shown so far has.
    """
    best = _tellers(candidates)
    copies = [c for c in candidates if c.story is not None and best[c.story] != c.article_id]
    if not copies:
        return list(candidates)
    kept = _adding(connection, [c for c in candidates if c.story is not None], best)
    return [
        c for c in candidates if c.story is None or best[c.story] == c.article_id or c.key in kept
    ]


def _adding(
    connection: Connection, candidates: Sequence[Candidate], best: Mapping[int, str]
) -> set[int]:
    """The keys of the candidates that add something to the article shown of their story."""
    keys = json.dumps([candidate.key for candidate in candidates])
    rows = {row.id: row for row in connection.execute(_texts(), {"keys": keys})}
    texts = {c.article_id: Wording(rows[c.key].text) for c in candidates}
    shown = {story: {article_id} for story, article_id in best.items()}
    read: dict[int, set[str]] = {story: set() for story in best}
    kept = set()
    for candidate in candidates:
        story, article_id = candidate.story or 0, candidate.article_id
        read[story].add(article_id)
        if article_id == best[story] or len(read[story]) > MOST_READ:
            continue
        others = [texts[other] for other in shown[story] - {article_id}]
        if _adds(candidate, rows[candidate.key].sentences, texts[article_id], others):
            shown[story].add(article_id)
            kept.add(candidate.key)
    return kept


def having(sentence: Told, told: Mapping[str, Sequence[Wording]]) -> tuple[str, ...]:
    """Return those of the sources that have a sentence."""
    return tuple(source for source, texts in told.items() if any(t.tells(sentence) for t in texts))


def _tellers(candidates: Sequence[Candidate]) -> dict[int, str]:
    """The article of each story that is shown."""
    tellers: dict[int, Candidate] = {}
    best: dict[int, float] = {}
    for candidate in candidates:
        if candidate.story is None:
            continue
        teller = tellers.setdefault(candidate.story, candidate)
        ties = candidate.score > best.setdefault(candidate.story, candidate.score) - TIE
        if ties and candidate.published_at > teller.published_at:
            tellers[candidate.story] = candidate
    return {story: teller.article_id for story, teller in tellers.items()}


def _adds(candidate: Candidate, sentences: str, text: Wording, others: Sequence[Wording]) -> bool:
    cosines = candidate.sentence_cosines.tolist()
    enough = AS_NEAR * max(cosines)
    return any(
        told.is_statement and not any(other.tells(told) for other in others)
        for (start, end), cosine in zip(json.loads(sentences), cosines, strict=True)
        if cosine >= enough
        for told in text.within(start, end)
    )


@lru_cache(maxsize=1)
def _texts() -> Select[Any]:
    """The sentences of these passages, and the texts that they stand in."""
    return (
        select(passages.c.id, passages.c.sentences, versions.c.text)
        .join(versions, versions.c.version_id == passages.c.version_id)
        .where(is_given())
    )
