"""The chat model through the real client: whatever its server does has a name, and an end."""

import time
from collections.abc import Iterator
from contextlib import closing

import pytest
from langchain_core.prompts import ChatPromptTemplate

from bot.answers import Usage
from bot.chat_model import ChatModel
from bot.errors import (
    ModelAnswerError,
    ModelError,
    ModelQuotaError,
    ModelRefusedError,
    ModelTimeoutError,
    ModelUnreachableError,
)
from tests.bot.chat_server import (
    ChatServer,
    Reply,
    breaks_off,
    chat_server,
    fails,
    hangs,
    says,
    sends,
)

PROMPT = ChatPromptTemplate.from_messages([("human", "{question}")])


@pytest.fixture(scope="module")
def server() -> Iterator[ChatServer]:
    with chat_server() as running:
        yield running


@pytest.fixture(scope="module")
def model(server: ChatServer) -> Iterator[ChatModel]:
    model = ChatModel(api_key="sk-secret", base_url=server.url, model="m", timeout_seconds=5)
    yield model
    model.close()


def asked(model: ChatModel, *, seconds: float = 20.0) -> list[str | Usage]:
    until = time.monotonic() + seconds
    return list(model.stream(PROMPT, {"question": "Why {so}?"}, deadline=until))


def test_pieces_come_as_the_server_sends_them_and_then_the_usage(
    server: ChatServer, model: ChatModel
) -> None:
    server.plays(says("Because ", "it rained.", usage=(7, 3)))
    assert asked(model) == ["Because ", "it rained.", Usage(7, 3)]
    assert server.prompt() == "Why {so}?"


def test_server_that_tells_no_usage_is_fine(server: ChatServer, model: ChatModel) -> None:
    server.plays(says("Yes.", usage=None))
    assert asked(model) == ["Yes.", Usage()]


@pytest.mark.parametrize(
    ("reply", "error"),
    [
        (fails(429, "insufficient_quota"), ModelQuotaError),
        (fails(401), ModelRefusedError),
        (fails(404), ModelRefusedError),
        (fails(400), ModelRefusedError),
        (fails(500, retry_after="0"), ModelUnreachableError),
        (fails(429, retry_after="0"), ModelQuotaError),
        (breaks_off("Because "), ModelUnreachableError),
        (says("Because it", finish=None), ModelAnswerError),
        (says("Because it", finish="length"), ModelAnswerError),
        (says("", finish="content_filter"), ModelAnswerError),
        (sends(b"<html>Sign in</html>", "text/html"), ModelAnswerError),
        (sends(b"data: {broken\n\n"), ModelAnswerError),
        (sends(b'data: {"id":"1","choices":[]}\n\ndata: [DONE]\n\n'), ModelAnswerError),
        (sends(b"data: [DONE]\n\n"), ModelAnswerError),
        (
            sends(b'data: {"error":{"message":"x","code":"insufficient_quota"}}\n\n'),
            ModelQuotaError,
        ),
    ],
)
def test_every_failure_has_a_name_and_tells_no_key(
    server: ChatServer, model: ChatModel, reply: Reply, error: type[ModelError]
) -> None:
    server.plays(reply)
    with pytest.raises(error) as raised:
        asked(model)
    assert "sk-secret" not in str(raised.value)
    assert type(raised.value) is error


def test_used_up_quota_is_not_asked_again(server: ChatServer, model: ChatModel) -> None:
    server.plays(fails(429, "insufficient_quota"))
    with pytest.raises(ModelQuotaError):
        asked(model)
    assert len(server.asked) == 1


def test_client_waits_as_told_and_asks_again(server: ChatServer, model: ChatModel) -> None:
    server.plays(fails(429, retry_after="0.1"), says("Yes."))
    assert asked(model)[0] == "Yes."


@pytest.mark.parametrize(
    "reply", [hangs(), says(*"Because" * 100, pause=0.1), fails(429, retry_after="60")]
)
def test_deadline_ends_whatever_is_slow(server: ChatServer, model: ChatModel, reply: Reply) -> None:
    server.plays(reply)
    with pytest.raises(ModelTimeoutError):
        asked(model, seconds=0.3)


def test_closing_stops_the_reading(server: ChatServer, model: ChatModel) -> None:
    server.plays(says(*"Because" * 100, pause=0.01))
    pieces = model.stream(PROMPT, {"question": "Why?"}, deadline=time.monotonic() + 20)
    with closing(pieces):
        assert next(pieces) == "B"
    assert next(pieces, None) is None


def test_check_names_the_model_or_what_the_server_has_instead(server: ChatServer) -> None:
    there = ChatModel(api_key="k", base_url=server.url, model="m", timeout_seconds=5)
    assert there.check().startswith("m at http://127.0.0.1")
    gone = ChatModel(api_key="k", base_url=server.url, model="other", timeout_seconds=5)
    with pytest.raises(ModelRefusedError, match="it has m"):
        gone.check()


def test_address_of_nothing_is_named() -> None:
    model = ChatModel(
        api_key="", base_url="http://user:pw@127.0.0.1:9/v1", model="m", timeout_seconds=5
    )
    with pytest.raises(ModelUnreachableError, match=r"127\.0\.0\.1:9") as raised:
        asked(model)
    assert "pw" not in str(raised.value)
