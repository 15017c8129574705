"""Embeddings from OpenAI, or from a server that speaks its protocol."""

import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import TYPE_CHECKING

import numpy as np

from vectorstore.errors import (
    EmbeddingAnswerError,
    EmbeddingQuotaError,
    EmbeddingRefusedError,
    EmbeddingServiceError,
    EmbeddingTimeoutError,
    EmbeddingUnreachableError,
)
from vectorstore.models import Vectors

if TYPE_CHECKING:
    from langchain_openai import OpenAIEmbeddings
    from openai import APIStatusError

OPENAI_URL = "https://api.openai.com/v1"

# OpenAI takes 2,048 texts and 300,000 tokens a request, and 8,192 tokens a text. No token is less
# than a byte, so limits in bytes hold for every text and need no tokenizer, whose table would have
# to be downloaded. The longest passage has a quarter of _TEXT_BYTES.
_REQUEST_TEXTS, _REQUEST_BYTES, _TEXT_BYTES = 2048, 300_000, 8191

_DIMENSIONS = {
    "text-embedding-3-small": 1536,
    "text-embedding-3-large": 3072,
    "text-embedding-ada-002": 1536,
}


class OpenAIEmbedder:
    """An Embedder that asks a server; safe to share between threads.

    Embedding raises EmbeddingServiceError, by its child, after `max_retries` where they may help.
    """

    def __init__(
        self,
        api_key: str | None = None,
        *,
        base_url: str | None = None,
        model: str = "text-embedding-3-small",
        timeout_seconds: float = 30.0,
        max_retries: int = 2,
    ) -> None:
        self._api_key = api_key or ""
        self._base_url = base_url or OPENAI_URL
        self._model = model
        self._timeout_seconds = timeout_seconds
        self._max_retries = max_retries
        self._dimensions = _DIMENSIONS.get(model)
        self._starting = threading.Lock()
        self._client: OpenAIEmbeddings | None = None

    @property
    def fingerprint(self) -> str:
        return f"openai/{self._model}"

    @property
    def dimensions(self) -> int:
        """Known of OpenAI's own models; for any other the server is asked once."""
        return self._dimensions or int(self.embed(["How long is a vector?"]).shape[1])

    def embed(self, texts: Sequence[str]) -> Vectors:
        batches = [self._request(batch) for batch in _batches(texts)]
        return np.concatenate(batches) if batches else np.zeros((0, self.dimensions), np.float32)

    def _request(self, texts: list[str]) -> Vectors:
        client = self._started()
        with self._errors_mapped():
            vectors = np.array(client.embed_documents(texts), dtype=np.float32)
            lengths = np.linalg.norm(vectors, axis=1, keepdims=True)
        expected = (len(texts), self._dimensions or vectors.shape[1])
        if vectors.shape != expected or not np.all(np.isfinite(lengths) & (lengths > 0)):
            raise EmbeddingAnswerError(
                f"{self._server} answered with vectors of shape {vectors.shape} where {expected} "
                f"was to come, or with empty ones: check that {self._model} "
                "(OPENAI_EMBEDDING_MODEL) is an embedding model of that server"
            )
        self._dimensions = expected[1]
        return np.asarray(vectors / lengths, dtype=np.float32)

    def _started(self) -> "OpenAIEmbeddings":
        key = self._api_key or ("none" if self._base_url != OPENAI_URL else "")
        if not (key and key.isascii() and key.isprintable()):
            raise EmbeddingRefusedError(
                f"OPENAI_API_KEY is {'not a key' if key else 'not set'}, and EMBEDDINGS=openai "
                "needs one: set it, or use EMBEDDINGS=local"
            )
        with self._starting:
            if self._client is None:
                self._client = self._start(key)
            return self._client

    def _start(self, key: str) -> "OpenAIEmbeddings":
        from langchain_openai import OpenAIEmbeddings
        from pydantic import SecretStr

        try:
            return OpenAIEmbeddings(
                model=self._model,
                api_key=SecretStr(key),
                base_url=self._base_url,
                timeout=self._timeout_seconds,
                max_retries=self._max_retries,
                # Otherwise a tokenizer's table is downloaded, and token numbers are sent, which
                # only OpenAI's own server understands.
                check_embedding_ctx_length=False,
                chunk_size=_REQUEST_TEXTS,
            )
        # A wrong address raises InvalidURL of httpx or httpx2, whichever the openai package has.
        except Exception as error:
            raise EmbeddingRefusedError(
                f"{self._server} is no address for embeddings ({error}): check OPENAI_BASE_URL"
            ) from error

    @property
    def _server(self) -> str:
        """The address, without what may be secret in it."""
        return self._base_url.partition("?")[0].rpartition("@")[2]

    @contextmanager
    def _errors_mapped(self) -> Iterator[None]:
        from openai import APIConnectionError, APIStatusError, APITimeoutError, OpenAIError

        try:
            yield
        except APITimeoutError as error:
            raise EmbeddingTimeoutError(
                f"{self._server} gave no embeddings within {self._timeout_seconds:g} s: try again "
                "later, or use EMBEDDINGS=local"
            ) from error
        except APIConnectionError as error:
            raise EmbeddingUnreachableError(
                f"{self._server} cannot be reached for embeddings ({error.__cause__ or error}): "
                "check OPENAI_BASE_URL and the network, or use EMBEDDINGS=local"
            ) from error
        except APIStatusError as error:
            raise self._status_error(error) from error
        except OpenAIError as error:
            raise EmbeddingServiceError(
                f"{self._server} gave no embeddings ({self._without_key(str(error))})"
            ) from error
        # A 200 that is no list of vectors comes as any of these, from four libraries.
        except (AttributeError, IndexError, KeyError, TypeError, ValueError) as error:
            raise EmbeddingAnswerError(
                f"{self._server} answered with something other than embeddings: check that "
                "OPENAI_BASE_URL is the address of an OpenAI-compatible API, often ending in /v1"
            ) from error

    def _status_error(self, error: "APIStatusError") -> EmbeddingServiceError:
        status = error.status_code
        reply = f"{status}, {self._without_key(error.message)}"
        if status in (401, 403):
            # The reply is left out: it repeats a part of the key.
            return EmbeddingRefusedError(
                f"{self._server} refused the key ({status}): check OPENAI_API_KEY"
            )
        if status == 429 and error.code == "insufficient_quota":
            return EmbeddingQuotaError(
                f"{self._server} has no quota left for this key ({status}): check its billing, "
                "or use EMBEDDINGS=local"
            )
        if status == 429:
            return EmbeddingQuotaError(
                f"{self._server} was asked for embeddings too often ({reply}): try again later"
            )
        if status >= 500 or status in (408, 409):
            return EmbeddingUnreachableError(f"{self._server} failed ({reply}): try again later")
        return EmbeddingRefusedError(
            f"{self._server} refused to embed with {self._model} ({reply}): "
            "check OPENAI_EMBEDDING_MODEL and OPENAI_BASE_URL"
        )

    def _without_key(self, message: str) -> str:
        hidden = message.replace(self._api_key, "...") if self._api_key else message
        return " ".join(hidden.split())[:200]


def _batches(texts: Sequence[str]) -> Iterator[list[str]]:
    """Divides by bytes; LangChain's `chunk_size` divides by the number of texts."""
    batch: list[str] = []
    filled = 0
    for text in texts:
        data = text.encode("utf-8", "replace")[:_TEXT_BYTES]
        if batch and filled + len(data) > _REQUEST_BYTES:
            yield batch
            batch, filled = [], 0
        # An empty text is refused; a blank one is not.
        batch.append(data.decode("utf-8", "ignore") or " ")
        filled += len(data)
    if batch:
        yield batch
