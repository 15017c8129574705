"""Shows a story once: of its copies the one that answers best, and what others add to it."""

import json
from collections.abc import Mapping, Sequence
from functools import lru_cache
from typing import Any

from sqlalchemy import Connection, Row, Select, bindparam, func, select

from vectorstore.candidates import Candidate
from vectorstore.near_copies import Wording
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
    keys = {c.article_id: c.key for c in candidates if c.story is not None}
    keys_read = [keys[article_id] for article_id in best.values()] + [c.key for c in copies]
    rows = {row.id: row for row in connection.execute(_texts(), {"keys": json.dumps(keys_read)})}
    shown = {
        story: {article_id: Wording(rows[keys[article_id]].text)}
        for story, article_id in best.items()
    }
    read: dict[int, set[str]] = {}
    kept = set()
    for copy in copies:
        others = shown[copy.story or 0]
        seen = read.setdefault(copy.story or 0, set())
        if copy.article_id not in seen and len(seen) == MOST_READ:
            continue
        seen.add(copy.article_id)
        wording = Wording(rows[copy.key].text)
        if _adds(copy, rows[copy.key], wording, others):
            others[copy.article_id] = wording
            kept.add(copy.key)
    return [
        c for c in candidates if c.story is None or best[c.story] == c.article_id or c.key in kept
    ]


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


def _adds(copy: Candidate, row: Row[Any], wording: Wording, shown: Mapping[str, Wording]) -> bool:
    enough = AS_NEAR * float(copy.sentence_cosines.max())
    others = [told for article_id, told in shown.items() if article_id != copy.article_id]
    return any(
        cosine >= enough
        and any(
            told.is_statement and not any(other.tells(told) for other in others)
            for told in wording.within(start, end)
        )
        for (start, end), cosine in zip(
            json.loads(row.sentences), copy.sentence_cosines.tolist(), strict=True
        )
    )


@lru_cache(maxsize=1)
def _texts() -> Select[Any]:
    """The sentences of these passages, and the texts that they stand in."""
    keys = func.json_each(bindparam("keys")).table_valued("value")
    return (
        select(passages.c.id, passages.c.sentences, versions.c.text)
        .join(versions, versions.c.version_id == passages.c.version_id)
        .where(passages.c.id.in_(select(keys.c.value)))
    )
