"""The vector index: which passages are nearest to a question, derived from the ledger."""

import heapq
import operator
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager
from typing import TYPE_CHECKING, Any, Protocol, TypeVar

import numpy as np

from vectorstore.ledger import Ledger
from vectorstore.models import Entry, Vectors

if TYPE_CHECKING:
    from chromadb.api.models.Collection import Collection

_T = TypeVar("_T")

BATCH = 250
"""Entries written at once: 0.1 to 0.2 s under the lock, measured at 8,000 passages."""

_COMPARISONS: dict[str, Callable[[Any, Any], bool]] = {
    "$eq": operator.eq,
    "$gt": operator.gt,
    "$gte": operator.ge,
    "$lte": operator.le,
    "$in": lambda held, wanted: held in wanted,
}


class Chroma(Protocol):
    """Lends the collection of passages for one piece of work: a folder or a server."""

    def reading(self) -> AbstractContextManager["Collection"]: ...

    def writing(self) -> AbstractContextManager["Collection"]: ...

    def making(self, name: str) -> AbstractContextManager["Collection"]:
        """A new and empty collection that replaces the old one at the end."""
        ...

    def check(self) -> str | None:
        """What is wrong, at a glance; None when nothing is."""
        ...

    def close(self) -> None: ...


class Index:
    """Keeps a vector for every passage; can be thrown away and made again."""

    def __init__(self, chroma: Chroma, ledger: Ledger) -> None:
        self.chroma = chroma
        self._ledger = ledger

    def nearest(
        self, vector: Vectors, *, limit: int, where: dict[str, Any] | None = None
    ) -> list[int]:
        """The keys of the nearest passages, nearest first.

        Raises `IndexDamagedError` when the index has to be made again.
        """
        with self.chroma.reading() as collection:
            found = collection.query(
                query_embeddings=vector.reshape(1, -1),
                n_results=limit,
                where=where,
                include=[],
            )
        return [int(key) for key in found["ids"][0]]

    def add(self, entries: Sequence[Entry]) -> None:
        for batch in _batches(entries):
            with self.chroma.writing() as collection:
                _upsert(collection, batch)

    def drop(self, keys: Sequence[int]) -> None:
        for batch in _batches(keys):
            with self.chroma.writing() as collection:
                collection.delete(ids=[str(key) for key in batch])

    def rebuild(self) -> int:
        """Make the index again from the ledger, beside the old one; returns how many entries."""
        generation = self._ledger.index_state().generation
        count = 0
        with self.chroma.making(f"chroma-{generation + 1}") as collection:
            for entries in self._ledger.entries("current"):
                for batch in _batches(entries):
                    _upsert(collection, batch)
                    count += len(batch)
        return count

    def check(self) -> str | None:
        """What is wrong with the index, in words that follow "the index:"; None when nothing is."""
        return self.chroma.check()

    def keys(self) -> set[int]:
        with self.chroma.reading() as collection:
            return {int(key) for key in collection.get(include=[])["ids"]}

    def close(self) -> None:
        self.chroma.close()


def _upsert(collection: "Collection", entries: Sequence[Entry]) -> None:
    collection.upsert(
        ids=[str(entry.key) for entry in entries],
        embeddings=np.stack([entry.vector for entry in entries]),
        metadatas=[dict(entry.metadata) for entry in entries],
    )


def _batches(items: Sequence[_T]) -> Iterator[Sequence[_T]]:
    for start in range(0, len(items), BATCH):
        yield items[start : start + BATCH]


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
    if comparison == "$ne":
        return name not in metadata or metadata[name] != value
    return name in metadata and _COMPARISONS[comparison](metadata[name], value)
