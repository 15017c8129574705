import socket
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator

import numpy as np
import pytest

from tests.vectorstore.embedding_server import (
    Answer,
    EmbeddingServer,
    embedding_server,
    good_answer,
    json_answer,
)
from vectorstore.errors import (
    EmbeddingAnswerError,
    EmbeddingQuotaError,
    EmbeddingRefusedError,
    EmbeddingServiceError,
    EmbeddingTimeoutError,
    EmbeddingUnreachableError,
)
from vectorstore.openai_embedder import OpenAIEmbedder

KEY = "sk-secret-0123456789"


@pytest.fixture
def server() -> Iterator[EmbeddingServer]:
    with embedding_server() as server:
        yield server


def _embedder(
    server: EmbeddingServer, *, timeout_seconds: float = 10, max_retries: int = 0
) -> OpenAIEmbedder:
    return OpenAIEmbedder(
        KEY,
        base_url=server.url,
        model="three-dimensions",
        timeout_seconds=timeout_seconds,
        max_retries=max_retries,
    )


def test_vectors_come_in_the_order_of_the_texts_with_length_one(server: EmbeddingServer) -> None:
    vectors = _embedder(server).embed(["a", "bbb", "cc"])

    assert vectors.dtype == np.float32
    assert np.allclose(np.linalg.norm(vectors, axis=1), 1)
    assert np.allclose(vectors[:, 0] / vectors[:, 1], [1, 3, 2])
    assert server.keys == [KEY]


def test_dimensions_of_an_unknown_model_are_asked_once(server: EmbeddingServer) -> None:
    embedder = _embedder(server)

    assert (embedder.dimensions, embedder.dimensions) == (3, 3)
    assert len(server.asked) == 1


def test_dimensions_of_a_model_of_openai_need_no_request() -> None:
    assert OpenAIEmbedder(model="text-embedding-3-large").dimensions == 3072


def test_fingerprint_names_the_model() -> None:
    assert OpenAIEmbedder(model="m").fingerprint != OpenAIEmbedder(model="n").fingerprint


def test_no_texts_need_no_request(server: EmbeddingServer) -> None:
    embedder = OpenAIEmbedder(KEY, base_url=server.url)

    assert embedder.embed([]).shape == (0, 1536)
    assert server.asked == []


def test_a_request_has_at_most_2048_texts(server: EmbeddingServer) -> None:
    vectors = _embedder(server).embed(["x" * (1 + number % 9) for number in range(5000)])

    assert [len(texts) for texts in server.asked] == [2048, 2048, 904]
    assert np.allclose(vectors[:, 0] / vectors[:, 1], [1 + number % 9 for number in range(5000)])


def test_a_request_has_at_most_300_000_tokens_however_short_a_token_is(
    server: EmbeddingServer,
) -> None:
    """No token is shorter than a byte; a Chinese character has three bytes."""
    _embedder(server).embed(["新" * 2000] * 120)

    assert sum(map(len, server.asked)) == 120
    assert all(sum(len(text.encode()) for text in texts) <= 300_000 for texts in server.asked)
    assert len(server.asked) == 3


def test_a_text_has_less_than_8192_tokens(server: EmbeddingServer) -> None:
    _embedder(server).embed(["新" * 100_000])

    assert len(server.asked[0][0].encode()) < 8192
    assert server.asked[0][0] == "新" * 2730


@pytest.mark.parametrize("text", ["", "\ud800", "\0", "😀"])
def test_a_strange_text_is_sent_as_one_that_is_not_refused(
    server: EmbeddingServer, text: str
) -> None:
    assert _embedder(server).embed([text]).shape == (1, 3)
    assert server.asked[0][0]


def test_a_server_of_ones_own_needs_no_key(server: EmbeddingServer) -> None:
    assert OpenAIEmbedder(base_url=server.url, model="own").embed(["a"]).shape == (1, 3)


def test_a_failure_that_passes_is_tried_again(server: EmbeddingServer) -> None:
    answers = iter([json_answer({"error": {"message": "busy"}}, 503)])
    server.answer = lambda texts: next(answers, good_answer(texts))

    assert _embedder(server, max_retries=1).embed(["a"]).shape == (1, 3)
    assert len(server.asked) == 2


STATUSES = [
    (400, "invalid_request", EmbeddingRefusedError, "OPENAI_EMBEDDING_MODEL"),
    (401, "invalid_api_key", EmbeddingRefusedError, "OPENAI_API_KEY"),
    (403, "forbidden", EmbeddingRefusedError, "OPENAI_API_KEY"),
    (404, "model_not_found", EmbeddingRefusedError, "OPENAI_EMBEDDING_MODEL"),
    (413, "too_large", EmbeddingRefusedError, "OPENAI_EMBEDDING_MODEL"),
    (429, "rate_limit_exceeded", EmbeddingQuotaError, "try again later"),
    (429, "insufficient_quota", EmbeddingQuotaError, "billing"),
    (500, "server_error", EmbeddingUnreachableError, "try again later"),
    (503, "overloaded", EmbeddingUnreachableError, "try again later"),
]


@pytest.mark.parametrize(("status", "code", "error", "advice"), STATUSES)
def test_a_refusal_says_what_to_do_and_never_the_key(
    server: EmbeddingServer,
    status: int,
    code: str,
    error: type[EmbeddingServiceError],
    advice: str,
) -> None:
    body = {"error": {"message": f"cannot with {KEY}", "type": "t", "code": code}}
    server.answer = lambda texts: json_answer(body, status)

    with pytest.raises(error) as raised:
        _embedder(server).embed(["a"])

    assert advice in str(raised.value)
    assert str(status) in str(raised.value)
    assert KEY not in str(raised.value)


BAD_ANSWERS: dict[str, Callable[[list[str]], Answer]] = {
    "a web page": lambda texts: (200, "text/html", b"<html>Sign in</html>"),
    "broken json": lambda texts: (200, "application/json", b'{"data": ['),
    "empty": lambda texts: (200, "application/json", b""),
    "null": lambda texts: json_answer(None),
    "a list": lambda texts: json_answer([1]),
    "no data": lambda texts: json_answer({"object": "list"}),
    "no vectors": lambda texts: json_answer({"data": []}),
    "a null vector": lambda texts: json_answer({"data": [{"embedding": None}] * len(texts)}),
    "not base64": lambda texts: json_answer({"data": [{"embedding": "@@"}] * len(texts)}),
    "a vector too few": lambda texts: good_answer(texts[1:]),
    "a vector too many": lambda texts: good_answer([*texts, "more"]),
    "uneven vectors": lambda texts: json_answer(
        {"data": [{"embedding": [1.0] * (1 + place)} for place in range(len(texts))]}
    ),
    "vectors of nothing": lambda texts: json_answer({"data": [{"embedding": []}] * len(texts)}),
    "zeros": lambda texts: json_answer({"data": [{"embedding": [0.0, 0.0]}] * len(texts)}),
    "not a number": lambda texts: (
        200,
        "application/json",
        b'{"data": [{"embedding": [NaN, 1]}, {"embedding": [NaN, 1]}]}',
    ),
}


@pytest.mark.parametrize("answer", BAD_ANSWERS.values(), ids=BAD_ANSWERS)
def test_an_answer_that_is_not_the_vectors_is_refused(
    server: EmbeddingServer, answer: Callable[[list[str]], Answer]
) -> None:
    server.answer = answer

    with pytest.raises(EmbeddingAnswerError, match="check that"):
        _embedder(server).embed(["a", "b"])


def test_vectors_of_another_dimension_than_before_are_refused(server: EmbeddingServer) -> None:
    embedder = _embedder(server)
    embedder.embed(["a"])
    server.answer = lambda texts: json_answer({"data": [{"embedding": [1.0, 2.0]}] * len(texts)})

    with pytest.raises(EmbeddingAnswerError, match=r"\(1, 2\) where \(1, 3\)"):
        embedder.embed(["a"])


def test_a_server_that_does_not_answer_is_given_up(server: EmbeddingServer) -> None:
    done = threading.Event()

    def late(texts: list[str]) -> Answer:
        done.wait(10)
        return good_answer(texts)

    server.answer = late
    try:
        with pytest.raises(EmbeddingTimeoutError, match=r"within 0\.2 s"):
            _embedder(server, timeout_seconds=0.2).embed(["a"])
    finally:
        done.set()


def test_a_refused_connection_names_the_address_but_not_its_password() -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        port = taken.getsockname()[1]
    embedder = OpenAIEmbedder(KEY, base_url=f"http://user:pw@127.0.0.1:{port}/v1", max_retries=0)

    with pytest.raises(EmbeddingUnreachableError) as raised:
        embedder.embed(["a"])

    assert f"127.0.0.1:{port}" in str(raised.value)
    assert "refused" in str(raised.value)
    assert "pw" not in str(raised.value)


@pytest.mark.parametrize("address", ["not an address", "127.0.0.1:1/v1", "http://[::1"])
def test_an_address_that_is_none_is_said(address: str) -> None:
    with pytest.raises(EmbeddingServiceError, match="OPENAI_BASE_URL"):
        OpenAIEmbedder(KEY, base_url=address, max_retries=0).embed(["a"])


@pytest.mark.parametrize(
    ("key", "said"), [(None, "not set"), ("", "not set"), ("sk-\n", "not a key")]
)
def test_openai_needs_a_key(key: str | None, said: str) -> None:
    with pytest.raises(EmbeddingRefusedError, match=f"OPENAI_API_KEY is {said}"):
        OpenAIEmbedder(key).embed(["a"])


def test_creating_imports_no_library() -> None:
    program = """
import sys
from vectorstore.openai_embedder import OpenAIEmbedder
assert OpenAIEmbedder("key").dimensions == 1536
assert not {"openai", "langchain_core", "langchain_openai", "httpx", "httpx2"} & set(sys.modules)
"""
    subprocess.run([sys.executable, "-c", program], check=True)
