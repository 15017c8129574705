"""A chat model behind an OpenAI-compatible API, with a time limit and a token budget."""

import json
import threading
import time
from collections.abc import Callable, Generator, Iterator, Mapping
from contextlib import closing
from contextvars import copy_context
from datetime import UTC, datetime
from functools import partial
from itertools import takewhile
from queue import Empty, SimpleQueue
from typing import TYPE_CHECKING, Any, TypeAlias

from sqlalchemy import Column, Integer, String, Table, select
from sqlalchemy.dialects.sqlite import insert

from bot.answers import Usage
from bot.errors import (
    ModelAnswerError,
    ModelError,
    ModelQuotaError,
    ModelRefusedError,
    ModelTimeoutError,
    ModelUnreachableError,
)
from vectorstore.database import Database
from vectorstore.schema import metadata

if TYPE_CHECKING:
    from langchain_core.language_models import BaseChatModel
    from langchain_core.messages import AIMessage
    from langchain_core.prompts import ChatPromptTemplate
    from openai import APIStatusError

OPENAI_URL = "https://api.openai.com/v1"

MOST_RETRIES = 2
"""Of the openai client, which waits as long as the server asks for, two minutes at most."""

spent = Table(
    "spent",
    metadata,
    Column("day", String, primary_key=True),
    Column("tokens_in", Integer, nullable=False),
    Column("tokens_out", Integer, nullable=False),
)
"""What chat models used, by day (UTC)."""

Parser: TypeAlias = Callable[[Iterator[str | Usage]], Iterator[str | Usage]]
"""Turns text as it comes into what a caller wants, and passes the usage on."""

_END = object()


class ChatModel:
    """Streams a model's text; safe to use from several threads.

    `timeout_seconds` is the longest silence of the server that a request survives; each request
    has a deadline of its own.
    """

    def __init__(self, *, api_key: str, base_url: str, model: str, timeout_seconds: float) -> None:
        self.name = model
        self._api_key = api_key
        self._base_url = base_url or OPENAI_URL
        self._timeout_seconds = timeout_seconds
        self._starting = threading.Lock()
        self._started: BaseChatModel | None = None
        self._client: Any = None

    def stream(
        self,
        prompt: "ChatPromptTemplate",
        values: Mapping[str, Any],
        *,
        deadline: float,
        parser: Parser = iter,
    ) -> Generator[str | Usage, None, None]:
        """Yield what `prompt | model | parser` gives as it comes, with the token usage.

        Raises `ModelError` when it is not whole at `deadline` (`time.monotonic()`), or for any
        other reason. The model is read in a thread of its own, because a server that sends a
        byte now and then is never late for a socket; the thread keeps the caller's LangChain
        callbacks.
        """
        pieces: SimpleQueue[object] = SimpleQueue()
        given_up = threading.Event()
        read = partial(copy_context().run, self._read, prompt, values, parser, pieces, given_up)
        threading.Thread(target=read, daemon=True).start()
        try:
            while (piece := self._next(pieces, deadline)) is not _END:
                if isinstance(piece, BaseException):
                    raise self._mapped(piece) from piece
                if isinstance(piece, str | Usage):
                    yield piece
        finally:
            given_up.set()

    def load(self) -> None:
        """Import and build what a first question would wait for."""
        self._model()

    def close(self) -> None:
        """Close the connections; what is still being read ends with an error nobody waits for."""
        with self._starting:
            if self._client is not None:
                self._client.close()

    def check(self) -> str:
        """Return model and server, if the server is there, takes the key and has the model.

        Costs no tokens. Raises `ModelError`.
        """
        from openai import OpenAI

        try:
            with OpenAI(
                api_key=self._api_key or "none",
                base_url=self._base_url,
                timeout=self._timeout_seconds,
                max_retries=0,
            ) as client:
                known = {model.id for model in client.models.list()}
        except Exception as error:
            raise self._mapped(error) from error
        # Ollama adds a tag to the names that it lists.
        if not {self.name, f"{self.name}:latest"} & known:
            raise ModelRefusedError(
                f"{self._server} has no chat model {self.name}: it has "
                f"{', '.join(sorted(known)[:5]) or 'none'} (OPENAI_CHAT_MODEL)"
            )
        return f"{self.name} at {self._server}"

    def _next(self, pieces: "SimpleQueue[object]", deadline: float) -> object:
        try:
            return pieces.get(timeout=max(deadline - time.monotonic(), 0.0))
        except Empty:
            raise ModelTimeoutError(f"The chat model {self.name} took too long") from None

    def _read(
        self,
        prompt: "ChatPromptTemplate",
        values: Mapping[str, Any],
        parser: Parser,
        pieces: "SimpleQueue[object]",
        given_up: threading.Event,
    ) -> None:
        from langchain_core.runnables import Runnable, RunnableGenerator

        def parse(chunks: "Iterator[AIMessage]") -> Iterator[str | Usage]:
            until_given_up = takewhile(lambda _: not given_up.is_set(), chunks)
            yield from parser(self._text_and_usage(until_given_up))

        try:
            steps: Runnable[Any, str | Usage] = prompt | self._model() | RunnableGenerator(parse)
            with closing(steps.stream(dict(values))) as parsed:  # type: ignore[type-var]
                for piece in parsed:
                    pieces.put(piece)
            pieces.put(_END)
        # The thread that waits for the pieces raises it, as a `ModelError`.
        except BaseException as error:
            pieces.put(error)

    def _text_and_usage(self, chunks: "Iterator[AIMessage]") -> Iterator[str | Usage]:
        usage, ended = Usage(), ""
        for chunk in chunks:
            if text := chunk.text:
                yield str(text)
            ended = chunk.response_metadata.get("finish_reason") or ended
            if counted := chunk.usage_metadata:
                usage = Usage(counted["input_tokens"], counted["output_tokens"])
        yield usage
        if ended != "stop":
            raise ModelAnswerError(self._cut_off(ended))

    def _cut_off(self, ended: str) -> str:
        """LangChain takes a stream that just ends for a whole one; only "stop" is."""
        if ended == "length":
            return f"The answer of the chat model {self.name} was cut off at its longest"
        if ended == "content_filter":
            return f"The filter of the chat model {self.name} stopped its answer"
        return f"The answer of the chat model {self.name} broke off"

    def _model(self) -> "BaseChatModel":
        with self._starting:
            if self._started is None:
                self._started = self._start()
            return self._started

    def _start(self) -> "BaseChatModel":
        from langchain.chat_models import init_chat_model
        from openai import DefaultHttpxClient

        self._client = DefaultHttpxClient(event_hooks={"response": [_no_retry_without_quota]})
        return init_chat_model(
            self.name,
            model_provider="openai",
            base_url=self._base_url,
            # Servers without keys want the header all the same.
            api_key=self._api_key or "none",
            timeout=self._timeout_seconds,
            max_retries=MOST_RETRIES,
            stream_usage=True,
            use_responses_api=False,
            http_client=self._client,
        )

    def _mapped(self, error: BaseException) -> ModelError:
        from openai import APIConnectionError, APIError, APIStatusError, APITimeoutError

        if isinstance(error, ModelError):
            return error
        if isinstance(error, APITimeoutError):
            return ModelTimeoutError(f"The chat model {self.name} took too long")
        if isinstance(error, APIStatusError):
            return self._status_error(error)
        if _broke_off(error):
            return ModelUnreachableError(f"The chat model {self.name} broke the connection off")
        if isinstance(error, APIConnectionError):
            return ModelUnreachableError(
                f"The server of the chat model ({self._server}) can't be reached"
            )
        if isinstance(error, APIError):
            return _no_quota(self.name) if error.code == "insufficient_quota" else self._failed()
        return ModelAnswerError(f"The chat model {self.name} answered with something unreadable")

    def _status_error(self, error: "APIStatusError") -> ModelError:
        status = error.status_code
        if status == 429 and error.code == "insufficient_quota":
            return _no_quota(self.name)
        if status == 429:
            return ModelQuotaError(f"The chat model {self.name} was asked too often")
        if status in (401, 403):
            return ModelRefusedError(f"{self._server} refused the key (OPENAI_API_KEY)")
        if status == 404:
            return ModelRefusedError(
                f"{self._server} has no chat model {self.name} (OPENAI_CHAT_MODEL, OPENAI_BASE_URL)"
            )
        if status >= 500 or status in (408, 409):
            return self._failed()
        return ModelRefusedError(f"The chat model {self.name} refused the question ({status})")

    def _failed(self) -> ModelError:
        return ModelUnreachableError(f"The server of the chat model {self.name} failed")

    @property
    def _server(self) -> str:
        """The address, without what may be secret in it."""
        return self._base_url.partition("?")[0].rpartition("@")[2]


class TokenBudget:
    """A day's tokens, shared by all processes of an archive; days are counted in UTC."""

    def __init__(self, database: Database, *, tokens_per_day: int) -> None:
        self._database = database
        self._tokens_per_day = tokens_per_day

    def add(self, usage: Usage) -> None:
        if usage == Usage():
            return
        values = {"tokens_in": usage.tokens_in, "tokens_out": usage.tokens_out}
        more = {name: spent.c[name] + count for name, count in values.items()}
        with self._database.writing() as connection:
            connection.execute(
                insert(spent)
                .values(day=_today(), **values)
                .on_conflict_do_update(index_elements=["day"], set_=more)
            )

    def today(self) -> Usage:
        with self._database.reading() as connection:
            row = connection.execute(select(spent).where(spent.c.day == _today())).first()
        return Usage(row.tokens_in, row.tokens_out) if row else Usage()

    def is_used_up(self) -> bool:
        """Whether the day's limit is reached; 0 means that there is none."""
        if not self._tokens_per_day:
            return False
        today = self.today()
        return today.tokens_in + today.tokens_out >= self._tokens_per_day


def _broke_off(error: BaseException | None) -> bool:
    """Whether the HTTP library, httpx or its successor, saw the connection end too early."""
    while error is not None:
        if type(error).__name__ in ("ReadError", "RemoteProtocolError"):
            return True
        error = error.__cause__
    return False


def _no_quota(name: str) -> ModelQuotaError:
    return ModelQuotaError(f"The quota for the chat model {name} is used up")


def _no_retry_without_quota(response: Any) -> None:
    """Keep the client from asking again where no waiting helps: it retries every 429."""
    if response.status_code != 429:
        return
    response.read()
    try:
        code = json.loads(response.content)["error"]["code"]
    except (ValueError, KeyError, TypeError):
        return
    if code == "insufficient_quota":
        response.headers["x-should-retry"] = "false"


def _today() -> str:
    return datetime.now(UTC).date().isoformat()
