"""Newsdesk: the whole program as one object, built from Settings."""

import logging
from collections.abc import Callable, Collection, Generator, Iterator, Sequence
from contextlib import suppress
from functools import partial
from pathlib import Path
from threading import Thread
from typing import TYPE_CHECKING, Any, Self

from bot.answers import Answer, Event, Turn, answer_of
from bot.backup import UPLOADS, Manifest, back_up, finish_restore, restore
from bot.chain import AnswerChain, Query
from bot.doctor import Check, examine
from bot.errors import NoSuchArticleError, NotPublishedError
from bot.export import records
from bot.history import AnswerLog
from bot.phrasing import publication_in_words as in_words
from bot.quoted import QuotedAnswerer
from bot.reader import Reader
from bot.settings import Settings, prepare_home, read_settings
from vectorstore.chroma import ChromaServer, EmbeddedChroma
from vectorstore.database import Database, database_path
from vectorstore.errors import VectorstoreError
from vectorstore.index import Chroma, Index
from vectorstore.ledger import Ledger
from vectorstore.library import Library
from vectorstore.minilm import MiniLM
from vectorstore.models import (
    PUBLISHED,
    Article,
    Embedder,
    Filters,
    Hit,
    Listing,
    Passage,
    Publication,
    Status,
)

if TYPE_CHECKING:
    from bot.chat_model import ChatModel
    from bot.retention import Forgotten, Retention, Stored
    from ingest.pipeline import Pipeline
    from ingest.report import Report
    from ingest.web.fetch import Web

log = logging.getLogger(__name__)


class Newsdesk:
    """Answers questions from the archive in one data folder, and feeds it.

    Safe to use from several threads, and beside other processes on the same folder.
    """

    def __init__(
        self,
        library: Library,
        *,
        home: Path,
        max_article_bytes: int,
        jobs: int = 1,
        chain: AnswerChain | None = None,
        open_web: "Callable[[], Web] | None" = None,
        chat_model: "ChatModel | None" = None,
        retention: "Retention | None" = None,
        zone: str = "",
    ) -> None:
        self.library = library
        self.answer_log = AnswerLog(library.database)
        self.chain = chain or AnswerChain(library, QuotedAnswerer())
        self.home = home
        self._chat_model = chat_model
        self._max_article_bytes = max_article_bytes
        self._jobs = jobs
        self._open_web = open_web
        self.retention = retention
        self._zone = zone

    @classmethod
    def open(cls, home: Path | str | None = None, **settings: Any) -> "Newsdesk":
        """Open the archive in a folder, or that of the environment and `.env`.

        `settings` go before the environment: `Newsdesk.open("data", answers="quoted")`.
        """
        if home is not None:
            settings["newsdesk_home"] = home
        return cls.from_settings(read_settings(**settings))

    @classmethod
    def from_settings(cls, settings: Settings) -> "Newsdesk":
        """Open the archive that the settings name, finishing what a stopped writer left."""
        home = settings.newsdesk_home
        prepare_home(home)
        finish_restore(home)
        ledger = Ledger(Database(settings.ledger_url))
        embedder = _embedder(settings)
        library = Library(ledger, Index(_chroma(settings, ledger), ledger), embedder, home=home)
        chat_model = _chat_model(settings)
        return cls(
            library,
            home=home,
            max_article_bytes=settings.max_article_bytes,
            jobs=settings.jobs,
            chain=_chain(settings, library, chat_model),
            chat_model=chat_model,
            open_web=partial(_open_web, settings),
            retention=_retention(settings),
            zone=settings.newsdesk_zone,
        )

    def ask(
        self,
        question: str,
        *,
        history: Sequence[Turn] = (),
        filters: Filters | None = None,
        max_sentences: int | None = None,
        use_dates: bool = True,
    ) -> Answer:
        """Answer from the archive in quoted or cited sentences, or with `found = False`.

        `history` is the conversation, the oldest turn first; with `use_dates`, dates in the
        question narrow the search. Raises `EmptyArchiveError` when there is nothing to ask.
        """
        return answer_of(
            self.stream(
                question,
                history=history,
                filters=filters,
                max_sentences=max_sentences,
                use_dates=use_dates,
            )
        )

    def stream(
        self,
        question: str,
        *,
        history: Sequence[Turn] = (),
        filters: Filters | None = None,
        max_sentences: int | None = None,
        use_dates: bool = True,
    ) -> Generator[Event, None, None]:
        """Yield the events of answering, as they happen; closing the iterator stops it."""
        query = Query(question, tuple(history), filters or Filters(), max_sentences, use_dates)
        return self.chain.events(query)

    def search(
        self,
        question: str,
        *,
        history: Sequence[Turn] = (),
        limit: int = 10,
        per_article: int = 3,
        filters: Filters | None = None,
    ) -> list[Hit]:
        """The passages nearest to a question, best first; at most `per_article` of one article.

        Raises `EmptyArchiveError` when there is nothing to search.
        """
        return self.chain.search(
            self.chain.standalone(question, history),
            limit=limit,
            per_article=per_article,
            filters=filters or Filters(),
        )

    def remember(self, answer: Answer, *, conversation: str) -> str | None:
        """Store a given answer; returns its id, or None where it could not be stored."""
        try:
            return self.answer_log.add(answer, conversation=conversation)
        except VectorstoreError as error:
            log.warning("The answer was not stored: %s", error)
            return None

    def ingest(self, *sources: Path | str) -> "Report":
        """Ingest files, folders, globs and links; skips what is unchanged."""
        return self.pipeline().run([str(source) for source in sources])

    def pipeline(self) -> "Pipeline":
        """What ingests sources into this archive."""
        from ingest.dates.moments import area_zone
        from ingest.pipeline import Pipeline

        return Pipeline(
            self.library,
            max_bytes=self._max_article_bytes,
            open_web=self._open_web,
            jobs=self._jobs,
            zone=area_zone(self._zone) if self._zone else None,
        )

    def articles(self, *, statuses: Collection[Status] = PUBLISHED) -> list[Listing]:
        """The stored articles with these statuses, newest first."""
        return self.library.ledger.listings(statuses=statuses)

    def article(
        self, article_id: str, *, unpublished: bool = False
    ) -> tuple[Article, list[Passage]]:
        """A published article with its passages, or with `unpublished` one of any status.

        Raises `NoSuchArticleError`, and `NotPublishedError`.
        """
        publication = self.publication(article_id)
        ledger = self.library.ledger
        article = ledger.article(article_id, unpublished=unpublished)
        if article is None:
            raise NotPublishedError(
                f"The article {article_id!r} is not published: {in_words(publication)}. "
                f"See it with: newsdesk articles show {article_id} --held"
            )
        return article, ledger.passages(article_id, unpublished=unpublished)

    def publication(self, article_id: str) -> Publication:
        """The publication status of an article; raises `NoSuchArticleError`."""
        publication = self.library.ledger.publication(article_id)
        if publication is None:
            raise NoSuchArticleError(
                f"No article has the id {article_id!r}. See the ids with: newsdesk articles list"
            )
        return publication

    def hold(self, article_id: str, *, reason: str = "") -> Publication:
        """Keep an article from being found, quoted or shown until it is released."""
        return self._set_status(article_id, "held", reason)

    def kill(self, article_id: str, *, reason: str = "") -> Publication:
        """Withdraw an article for good, and mark the answers that were given from it."""
        return self._set_status(article_id, "killed", reason)

    def supersede(self, article_id: str, by: str, *, reason: str = "") -> Publication:
        """Let another article be read instead of one."""
        self.publication(by)
        if article_id == by:
            raise NoSuchArticleError(f"The article {by!r} can't supersede itself: name two ids.")
        return self._set_status(article_id, "superseded", reason, superseded_by=by)

    def release(self, article_id: str, *, reason: str = "") -> Publication:
        """Lift what hides an article: what a person or a notice set, or else its copy's status."""
        if self.publication(article_id).status != "published":
            self.library.release(article_id, reason=reason or None)
        return self.publication(article_id)

    def _set_status(
        self, article_id: str, status: Status, reason: str, *, superseded_by: str | None = None
    ) -> Publication:
        self.publication(article_id)
        self.library.set_status(
            article_id, status, reason=reason or None, superseded_by=superseded_by
        )
        return self.publication(article_id)

    def remove(self, article_ids: Sequence[str]) -> int:
        """Remove articles; raises `NoSuchArticleError` before any is removed."""
        for article_id in article_ids:
            self.publication(article_id)
        return self.library.remove(article_ids)

    def export(self, *, held: bool = False) -> Iterator[dict[str, Any]]:
        """All published articles for everyone, as records that an ingest takes back.

        With `held`, also those that are not published, each with its status.
        """
        ledger = self.library.ledger
        every = (a for a in ledger.articles(unpublished=held) if not a.audience)
        return records(every, ledger.publications() if held else {})

    def count_private(self) -> int:
        """How many published articles are not for everyone, and so are left out of an export."""
        ledger = self.library.ledger
        return ledger.counts()["articles"] - ledger.counts(Filters())["articles"]

    def back_up(self, file: Path) -> Manifest:
        """Write the archive to one file, also while it is in use; raises `BackupError`."""
        return back_up(self.library.database, home=self.home, file=file)

    def forget_old(self) -> "Forgotten":
        """Delete what is older than the settings keep it."""
        from bot.retention import Retention, forget_old

        return forget_old(
            self.library.database,
            uploads=self.home / UPLOADS,
            retention=self.retention or Retention(),
        )

    def measure(self) -> "Stored":
        """Count what is stored, and the bytes it takes."""
        from bot.retention import measure

        return measure(self.library.database, home=self.home, uploads=self.home / UPLOADS)

    def count_unpublished(self) -> int:
        """How many articles of all audiences are not published."""
        return sum(sum(reasons.values()) for reasons in self.library.ledger.unpublished().values())

    def examine(self) -> Iterator[Check]:
        """Look at everything; see `bot.doctor`."""
        return examine(self.library, home=self.home, chat_model=self._chat_model)

    def warm(self) -> None:
        """Load the models in the background, while the index opens."""
        embedder = self.library.embedder
        if isinstance(embedder, MiniLM):
            Thread(target=_load_quietly, args=(embedder,), daemon=True).start()
        self.chain.warm()

    def close(self) -> None:
        """Close both stores; what is not closed is put right by the next start."""
        if self._chat_model:
            self._chat_model.close()
        self.library.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()


def restore_archive(settings: Settings, file: Path, *, replace: bool) -> Manifest:
    """Put the archive of a backup where the settings name one; raises `BackupError`."""
    prepare_home(settings.newsdesk_home)
    return restore(
        file,
        home=settings.newsdesk_home,
        ledger=database_path(settings.ledger_url),
        replace=replace,
    )


def _load_quietly(model: MiniLM) -> None:
    """Load ahead of time; whoever needs what is loaded meets the error itself."""
    with suppress(VectorstoreError):
        model.load()


def _chat_model(settings: Settings) -> "ChatModel | None":
    if not settings.writes_answers:
        return None
    from bot.chat_model import ChatModel

    return ChatModel(
        api_key=settings.openai_api_key.get_secret_value(),
        base_url=settings.openai_base_url,
        model=settings.openai_chat_model,
        timeout_seconds=settings.answer_timeout_seconds,
    )


def _chain(settings: Settings, library: Library, model: "ChatModel | None") -> AnswerChain:
    """Answers are written where there is a chat model, and quoted where there is none."""
    reader = Reader(threads=settings.jobs)
    if model is None:
        return AnswerChain(library, QuotedAnswerer(reader))
    from bot.chat_model import TokenBudget
    from bot.generated import GeneratedAnswerer
    from bot.rewriting import QuestionRewriter

    budget = TokenBudget(library.database, tokens_per_day=settings.openai_tokens_per_day)
    return AnswerChain(
        library,
        GeneratedAnswerer(model, budget, reader=reader),
        rewriter=QuestionRewriter(model, budget),
        seconds=settings.answer_timeout_seconds,
    )


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

    cache = user_cache_path("newsdesk", appauthor=False)
    return MiniLM(cache, threads=settings.jobs)


def _retention(settings: Settings) -> "Retention":
    from bot.retention import Retention

    return Retention(
        questions_days=settings.keep_questions_days,
        answers_days=settings.keep_answers_days,
        feedback_days=settings.keep_feedback_days,
        uploads_days=settings.keep_uploads_days,
        versions=settings.keep_versions,
    )


def _open_web(settings: Settings) -> "Web":
    from ingest.web.fetch import Web
    from ingest.web.guard import AddressGuard

    return Web(
        guard=AddressGuard(settings.internal_hosts),
        max_bytes=settings.max_article_bytes,
        timeout_seconds=settings.web_timeout_seconds,
        use_proxy=settings.web_use_proxy,
    )


def _chroma(settings: Settings, ledger: Ledger) -> Chroma:
    if settings.chroma_url:
        return ChromaServer(
            settings.chroma_url,
            ledger,
            api_key=settings.chroma_api_key.get_secret_value(),
            tenant=settings.chroma_tenant,
            database=settings.chroma_database,
        )
    return EmbeddedChroma(settings.newsdesk_home, ledger)
