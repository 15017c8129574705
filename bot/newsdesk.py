"""Newsdesk: the whole program as one object, built from Settings."""

import time
from collections.abc import Iterator, Sequence
from contextlib import suppress
from dataclasses import replace
from pathlib import Path
from threading import Thread
from typing import TYPE_CHECKING, Any, Self

from bot.answers import Answer
from bot.checkup import Check, examine
from bot.errors import EmptyArchiveError, NoSuchArticleError, SettingsError
from bot.export import records
from bot.quoted import answer_from_hits
from bot.settings import Settings
from vectorstore.chroma_server import ChromaServer
from vectorstore.database import Database
from vectorstore.embedded_chroma import EmbeddedChroma
from vectorstore.errors import VectorstoreError
from vectorstore.index import Index
from vectorstore.ledger import Ledger
from vectorstore.library import Library
from vectorstore.minilm import MiniLM
from vectorstore.models import Article, Embedder, Filters, Hit, Listing, Passage
from vectorstore.places import Place

if TYPE_CHECKING:
    from ingest.pipeline import Pipeline

HITS_READ = 10
"""How many passages an answer is chosen from, at most this many of one article."""


class Newsdesk:
    """Answers questions from the archive in one data folder, and feeds it.

    Safe to use from several threads, and beside other processes on the same folder.
    """

    def __init__(self, library: Library, *, home: Path, max_article_bytes: int) -> None:
        self.library = library
        self._home = home
        self._max_article_bytes = max_article_bytes

    @classmethod
    def from_settings(cls, settings: Settings) -> "Newsdesk":
        """Open the archive that the settings name, finishing what a stopped writer left."""
        home = settings.newsdesk_home
        _make_folder(home)
        ledger = Ledger(Database(settings.ledger_url))
        embedder = _embedder(settings)
        library = Library(ledger, Index(_place(settings, ledger), ledger), embedder, home=home)
        return cls(library, home=home, max_article_bytes=settings.max_article_bytes)

    def ask(
        self, question: str, *, filters: Filters | None = None, max_sentences: int = 3
    ) -> Answer:
        """Answer from the archive in sentences that stand in it, or say that it has none.

        Raises `EmptyArchiveError` when there is nothing to ask.
        """
        started = time.perf_counter()
        hits = self._hits(question, limit=HITS_READ, per_article=HITS_READ, filters=filters)
        retrieved = time.perf_counter()
        answer = answer_from_hits(question, hits, max_sentences=max_sentences)
        ended = time.perf_counter()
        seconds = {
            "retrieve": round(retrieved - started, 6),
            "answer": round(ended - retrieved, 6),
            "total": round(ended - started, 6),
        }
        covered = None
        if not answer.found:
            covered = self.library.ledger.dates_covered(_seen_by_asker(filters))
        return replace(answer, covered=covered, seconds=seconds)

    def search(
        self,
        question: str,
        *,
        limit: int = 10,
        per_article: int = 3,
        filters: Filters | None = None,
    ) -> list[Hit]:
        """The passages nearest to a question, best first; at most `per_article` of one article.

        Raises `EmptyArchiveError` when there is nothing to search.
        """
        return self._hits(question, limit=limit, per_article=per_article, filters=filters)

    def pipeline(self) -> "Pipeline":
        """What ingests sources into this archive."""
        from ingest.pipeline import Pipeline

        return Pipeline(self.library, max_bytes=self._max_article_bytes)

    def articles(self) -> list[Listing]:
        """All stored articles, newest first."""
        return self.library.ledger.listings()

    def article(self, article_id: str) -> tuple[Article, list[Passage]]:
        """An article with its passages; raises `NoSuchArticleError`."""
        article = self.library.ledger.article(article_id)
        if article is None:
            raise NoSuchArticleError(
                f"No article has the id {article_id!r}. See the ids with: newsdesk articles list"
            )
        return article, self.library.ledger.passages(article_id)

    def remove(self, article_ids: Sequence[str]) -> int:
        """Remove articles; raises `NoSuchArticleError` before any is removed."""
        for article_id in article_ids:
            self.article(article_id)
        return self.library.remove(article_ids)

    def export(self) -> Iterator[dict[str, Any]]:
        """All articles for everyone, as records that an ingest takes back."""
        return records(a for a in self.library.ledger.articles() if not a.audience)

    def examine(self) -> Iterator[Check]:
        """Look at everything; see `bot.checkup`."""
        return examine(self.library, home=self._home)

    def warm(self) -> None:
        """Load the embedding model in the background, while the index opens."""
        embedder = self.library.embedder
        if isinstance(embedder, MiniLM):
            Thread(target=_load_quietly, args=(embedder,), daemon=True).start()

    def close(self) -> None:
        """Close both stores; what is not closed is put right by the next start."""
        self.library.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def _hits(
        self, question: str, *, limit: int, per_article: int, filters: Filters | None
    ) -> list[Hit]:
        hits = self.library.search(question, limit=limit, per_article=per_article, filters=filters)
        if not hits and not self.library.ledger.counts(_seen_by_asker(filters))["articles"]:
            raise EmptyArchiveError(
                "The archive is empty. Give it articles first, for example: "
                "newsdesk ingest samples/"
            )
        return hits


def _seen_by_asker(filters: Filters | None) -> Filters:
    """All that the asker may see, whatever dates and sources the question was narrowed to."""
    return Filters(conversations=filters.conversations) if filters else Filters()


def _load_quietly(model: MiniLM) -> None:
    """Load ahead of time; whoever needs what is loaded meets the error itself."""
    with suppress(VectorstoreError):
        model.load()


def _embedder(settings: Settings) -> Embedder:
    if settings.embeddings == "openai":
        from vectorstore.openai_embedder import OpenAIEmbedder

        return OpenAIEmbedder(
            api_key=settings.openai_api_key.get_secret_value(),
            base_url=settings.openai_base_url or None,
            model=settings.openai_embedding_model,
            timeout_seconds=settings.openai_timeout_seconds,
        )
    from platformdirs import user_cache_path

    return MiniLM(user_cache_path("newsdesk", appauthor=False))


def _place(settings: Settings, ledger: Ledger) -> Place:
    if settings.chroma_url:
        return ChromaServer(
            settings.chroma_url,
            ledger,
            api_key=settings.chroma_api_key.get_secret_value(),
            tenant=settings.chroma_tenant,
            database=settings.chroma_database,
        )
    return EmbeddedChroma(settings.newsdesk_home, ledger)


def _make_folder(home: Path) -> None:
    try:
        home.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise SettingsError(
            f"NEWSDESK_HOME={str(home)!r}: the folder can't be made: {error.strerror}."
        ) from error
