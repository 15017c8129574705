"""Scores the passages that a search proposes."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray
from sqlalchemy import Row

from vectorstore.fusion import fuse
from vectorstore.models import Vectors
from vectorstore.packing import sentence_cosines, unpack_vectors


@dataclass(frozen=True, slots=True)
class Candidate:
    key: int
    article_id: str
    score: float
    cosine: float
    bm25: float
    sentence_cosines: NDArray[np.float32]
    story: int | None
    published_at: str


def scored(rows: Sequence[Row[Any]], vector: Vectors, bm25: Mapping[int, float]) -> list[Candidate]:
    """Return the candidates with their scores, best first."""
    if not rows:
        return []
    cosines = unpack_vectors([row.embedding for row in rows]) @ vector
    sentences, begins = sentence_cosines([row.sentence_embeddings for row in rows], vector)
    keyword = np.array([bm25.get(row.id, 0.0) for row in rows], dtype=np.float32)
    scores = fuse(cosines, keyword, np.maximum.reduceat(sentences, begins))
    of_passage = np.split(sentences, begins[1:])
    return [
        Candidate(
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
