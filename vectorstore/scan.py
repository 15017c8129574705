"""Finds the nearest passages in the ledger itself, for when there is no room for an index."""

import heapq
import operator
from collections.abc import Callable, Iterator, Mapping
from typing import Any

import numpy as np

from vectorstore.ledger import Ledger
from vectorstore.models import Vectors

_COMPARISONS: dict[str, Callable[[Any, Any], bool]] = {
    "$eq": operator.eq,
    "$gt": operator.gt,
    "$gte": operator.ge,
    "$lte": operator.le,
    "$in": lambda held, wanted: held in wanted,
}


class Scan:
    """Answers as the index does, by looking at every passage: exact, and slow."""

    def __init__(self, ledger: Ledger) -> None:
        self._ledger = ledger

    def nearest(
        self, vector: Vectors, *, limit: int, where: dict[str, Any] | None = None
    ) -> list[int]:
        """The keys of the nearest passages, nearest first."""
        scored = self._scored(vector, where)
        return [key for _, key in heapq.nlargest(limit, scored)]

    def _scored(
        self, vector: Vectors, where: Mapping[str, Any] | None
    ) -> Iterator[tuple[float, int]]:
        for entries in self._ledger.entries("current"):
            cosines = np.stack([entry.vector for entry in entries]) @ vector
            for entry, cosine in zip(entries, cosines.tolist(), strict=True):
                if where is None or _fits(entry.metadata, where):
                    yield cosine, entry.key


def _fits(metadata: Mapping[str, Any], where: Mapping[str, Any]) -> bool:
    """Whether an entry fits a condition, which is written as Chroma takes it."""
    [(name, wanted)] = where.items()
    if name == "$and":
        return all(_fits(metadata, condition) for condition in wanted)
    if name == "$or":
        return any(_fits(metadata, condition) for condition in wanted)
    [(comparison, value)] = wanted.items()
    return name in metadata and _COMPARISONS[comparison](metadata[name], value)
