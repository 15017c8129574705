"""The checks of `newsdesk doctor`: what each found, and what to do."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from bot.errors import ModelError, ReaderDamagedError
from bot.phrasing import counted, unpublished_in_words
from vectorstore.errors import VectorstoreError
from vectorstore.library import Library
from vectorstore.minilm import MiniLM
from vectorstore.models import Embedder

if TYPE_CHECKING:
    from bot.chat_model import ChatModel


@dataclass(frozen=True, slots=True)
class Check:
    """The result of one check; `advice` is empty when it is fine."""

    name: str
    result: str
    advice: str = ""

    @property
    def fine(self) -> bool:
        return not self.advice


def examine(
    library: Library, *, home: Path, chat_model: "ChatModel | None" = None
) -> Iterator[Check]:
    """Check the data folder, the ledger, the models and the index."""
    yield Check("data folder", str(home))
    counts = library.ledger.counts()
    yield Check(
        "archive",
        f"{counted(counts['articles'], 'article')} in {counted(counts['passages'], 'passage')}",
    )
    yield from _unpublished(library)
    yield from _ledger(library)
    yield _trial("embedding model", partial(_embeds, library.embedder))
    yield _trial("archive's model", partial(_same_model, library))
    yield from _index(library)
    yield _reader()
    if chat_model is None:
        yield Check("answers", "quoted, without a chat model")
    else:
        yield _trial("chat model", chat_model.check)


def _unpublished(library: Library) -> Iterator[Check]:
    """How many articles are not published, and why."""
    lines = unpublished_in_words(library.ledger.unpublished()) or ["none"]
    yield from (Check("not published", line) for line in lines)


def _reader() -> Check:
    from bot.reader import Reader

    try:
        Reader().check()
    except ReaderDamagedError as error:
        return Check("reader", "damaged: answers are chosen without it", f"{error}.")
    return Check("reader", "whole")


def _ledger(library: Library) -> Iterator[Check]:
    problems = library.database.check()
    for problem in problems:
        yield Check("ledger", problem, "Restore it from a backup, or ingest the articles again.")
    if not problems:
        yield Check("ledger", "whole")


def _index(library: Library) -> Iterator[Check]:
    problems = library.problems()
    for problem in problems:
        yield Check("index", problem, "Make it again with: newsdesk doctor --rebuild")
    if not problems:
        yield Check("index", "agrees with the ledger")


def _embeds(embedder: Embedder) -> str:
    if isinstance(embedder, MiniLM):
        embedder.check()
    dimensions = embedder.embed(["test"]).shape[1]
    return f"{embedder.fingerprint}, {dimensions} dimensions"


def _same_model(library: Library) -> str:
    library.require_same_model()
    return "same as in the settings"


def _trial(name: str, find: Callable[[], str]) -> Check:
    try:
        return Check(name, find())
    except (VectorstoreError, ModelError) as error:
        return Check(name, "failed", str(error))
