"""Small archives for tests: an embedder whose vectors can be read, and short ways to write."""

import zlib
from collections.abc import Sequence
from pathlib import Path

import numpy as np

from ingest.text.sentences import split_sentences
from vectorstore.chroma import EmbeddedChroma
from vectorstore.database import Database
from vectorstore.index import Index
from vectorstore.ledger import Ledger
from vectorstore.library import Library
from vectorstore.models import Article, Chunk, Embedder, Filters, Revision, Vectors


class WordEmbedder:
    """Counts words into 64 places: texts that share words are near each other."""

    def __init__(self, name: str = "words", dimensions: int = 64) -> None:
        self.fingerprint = f"{name}/{dimensions}"
        self.dimensions = dimensions
        self.embedded = 0

    def embed(self, texts: Sequence[str]) -> Vectors:
        self.embedded += len(texts)
        vectors = np.zeros((len(texts), self.dimensions), dtype=np.float32)
        for row, text in zip(vectors, texts, strict=True):
            row[0] = 0.01
            for word in text.lower().split():
                row[zlib.crc32(word.strip(".,?").encode()) % self.dimensions] += 1
        lengths = np.linalg.norm(vectors, axis=1, keepdims=True)
        return np.asarray(vectors / lengths, dtype=np.float32)


def open_library(home: Path, embedder: Embedder | None = None) -> Library:
    ledger = Ledger(Database(f"sqlite:///{home / 'ledger.db'}"))
    index = Index(EmbeddedChroma(home, ledger), ledger)
    return Library(ledger, index, embedder or WordEmbedder(), home=home)


def revision(
    article_id: str,
    text: str,
    *,
    title: str = "",
    source: str = "wire",
    published_at: str | None = None,
    audience: frozenset[str] = frozenset(),
) -> Revision:
    """A revision of one passage; its text is its digest."""
    article = Article(
        article_id=article_id,
        title=title or article_id,
        text=text,
        origin=f"/news/{article_id}.txt",
        source=source,
        published_at=published_at,
        audience=audience,
    )
    chunk = Chunk(0, len(text), split_sentences(text))
    return Revision(article, (chunk,), container=article.origin, digest=text)


def found(library: Library, question: str, filters: Filters | None = None) -> list[str]:
    """The ids of the articles a question finds, best first."""
    hits = library.search(question, limit=10, per_article=1, filters=filters)
    return [hit.passage.article_id for hit in hits]
