"""Answers that are shown as they are written: one message in the end, whatever happens."""

import asyncio
from collections.abc import Iterator
from pathlib import Path
from threading import Event

import pytest

from bot.chain import AnswerChain
from bot.chat_model import ChatModel, TokenBudget
from bot.generated import GeneratedAnswerer
from bot.newsdesk import Newsdesk
from bot.slack.queue import Delivered, Inbox
from tests.archive import open_library, revision
from tests.bot.chat_server import ChatServer, Handler, Reply, chat_server, says
from tests.slack.conftest import QUESTION, STORIES, Start, settled
from tests.slack.fake_slack import FakeSlack, Fault, Json, find_actions
from tests.slack.limits import strings

GENEVA = "The envoys met in Geneva on Monday."
HARBOUR = "The harbour of Odessa opened again on Tuesday."
FIRST, SECOND = f"{GENEVA} [1] The harbour of ", "Odessa opened again on Tuesday. [2]"


@pytest.fixture(scope="module")
def model() -> Iterator[ChatServer]:
    with chat_server() as running:
        yield running


@pytest.fixture
def newsdesk(tmp_path: Path, model: ChatServer) -> Newsdesk:
    """An archive of two stories whose answers a chat model writes."""
    library = open_library(tmp_path)
    library.write([revision(name, text, title=name) for name, text in STORIES.items()])
    chat = ChatModel(api_key="k", base_url=model.url, model="m", timeout_seconds=20)
    budget = TokenBudget(library.database, tokens_per_day=1_000_000)
    chain = AnswerChain(library, GeneratedAnswerer(chat, budget))
    return Newsdesk(library, home=tmp_path, max_article_bytes=1_000, chain=chain)


@pytest.fixture
def going_on() -> Iterator[Event]:
    """What a model that stops within its answer waits for."""
    event = Event()
    yield event
    event.set()


def pauses(going_on: Event, *rest: str, whole: bool = True) -> Reply:
    """AnswerStream the first sentence, and when it may, the rest; or else break off."""

    def reply(handler: Handler) -> None:
        handler.begin()
        handler.piece(FIRST)
        going_on.wait(timeout=30)
        for piece in rest:
            handler.piece(piece)
        if whole:
            handler.piece("", "stop")
            handler.wfile.write(b"data: [DONE]\n\n")

    return reply


def streams(slack: FakeSlack, ts: str) -> bool:
    return any(GENEVA in post["text"] for post in slack.posts("C1", ts))


async def noted(newsdesk: Newsdesk, ts: str) -> None:
    """The bot knows which message streams the answer to a question."""
    inbox = Inbox(newsdesk.library.database)
    async with asyncio.timeout(20):
        while not (found := inbox.question(f"T1/C1/{ts}")) or found[1] is None:
            await asyncio.sleep(0.01)


async def shown(slack: FakeSlack, ts: str) -> Json:
    """The one message that stands at the end."""
    await slack.until(lambda: _is_whole(slack, ts))
    await settled(slack)
    [answer] = slack.posts("C1", ts)
    return answer


def _is_whole(slack: FakeSlack, ts: str) -> bool:
    return any("show_passages" in actions_of(post) for post in slack.posts("C1", ts))


def actions_of(message: Json) -> set[str]:
    return {action["action_id"] for action in find_actions(message)}


async def test_answer_is_streamed_and_one_message_in_the_end(
    slack: FakeSlack, start: Start, model: ChatServer, going_on: Event
) -> None:
    model.plays(pauses(going_on, SECOND))
    await start()
    ts = slack.mention(QUESTION)
    await slack.until(lambda: streams(slack, ts))
    [streamed] = slack.posts("C1", ts)
    assert HARBOUR not in streamed["text"]
    going_on.set()
    answer = await shown(slack, ts)
    assert answer["ts"] == streamed["ts"]
    assert answer["text"] == f"{GENEVA} [1] {HARBOUR} [2]"
    assert answer["metadata"]["event_payload"]["about"] == f"T1/C1/{ts}"
    [opened] = slack.called("chat.startStream")
    assert (opened["recipient_team_id"], opened["recipient_user_id"]) == ("T1", "U1")
    statuses = [call["status"] for call in slack.called("assistant.threads.setStatus")]
    assert statuses[0] == "is reading the archive …"
    assert slack.called("chat.postMessage") == []


async def test_reading_is_told_while_nothing_is_written_yet(
    slack: FakeSlack, start: Start, model: ChatServer, going_on: Event
) -> None:
    def thinks(handler: Handler) -> None:
        going_on.wait(timeout=30)
        says(f"{GENEVA} [1]")(handler)

    model.plays(thinks)
    await start()
    ts = slack.mention(QUESTION)
    statuses = slack.called
    await slack.until(lambda: len(statuses("assistant.threads.setStatus")) == 2)
    assert statuses("assistant.threads.setStatus")[1]["status"] == "is reading 2 articles …"
    going_on.set()
    assert GENEVA in (await shown(slack, ts))["text"]
    assert slack.called("chat.startStream") == []


async def test_stream_that_died_is_replaced_by_the_whole_answer(
    slack: FakeSlack, start: Start, model: ChatServer, going_on: Event
) -> None:
    model.plays(pauses(going_on, SECOND))
    await start()
    ts = slack.mention(QUESTION)
    await slack.until(lambda: streams(slack, ts))
    slack.kill_streams()
    going_on.set()
    assert HARBOUR in (await shown(slack, ts))["text"]


@pytest.mark.parametrize("error", ["missing_scope", "not_allowed"])
async def test_where_streams_are_refused_the_answer_is_posted(
    slack: FakeSlack, start: Start, model: ChatServer, going_on: Event, error: str
) -> None:
    slack.fail("chat.startStream", Fault(error=error, extra={"needed": "x"}))
    model.plays(pauses(going_on, SECOND))
    bot = await start()
    ts = slack.mention(QUESTION)
    await slack.until(lambda: slack.called("chat.startStream"))
    going_on.set()
    assert HARBOUR in (await shown(slack, ts))["text"]
    assert bot.health.ready


async def test_model_that_dies_mid_stream_leaves_one_quoted_answer_that_says_so(
    slack: FakeSlack, start: Start, model: ChatServer, going_on: Event
) -> None:
    model.plays(pauses(going_on, whole=False))
    await start()
    ts = slack.mention(QUESTION)
    await slack.until(lambda: streams(slack, ts))
    going_on.set()
    answer = await shown(slack, ts)
    assert any("quoted from the articles instead" in text for text in strings(answer["blocks"]))
    assert len(slack.called("chat.startStream")) == 1


async def test_stop_click_ends_the_stream_and_keeps_what_was_read(
    slack: FakeSlack, start: Start, model: ChatServer, going_on: Event, newsdesk: Newsdesk
) -> None:
    model.plays(pauses(going_on, SECOND))
    await start()
    ts = slack.mention(QUESTION)
    await slack.until(lambda: streams(slack, ts))
    await noted(newsdesk, ts)
    [streamed] = slack.posts("C1", ts)
    click = {"type": "agent_session_stopped", "channel": "C1", "user": "U1", "thread_ts": ts}
    slack.event(click | {"streaming_message_ts": [streamed["ts"]]})
    await slack.until(lambda: slack.called("chat.stopStream"))
    going_on.set()
    await settled(slack)
    [left] = slack.posts("C1", ts)
    assert left["text"] == f"{GENEVA} [1]"
    assert "Stopped" in str(left["blocks"])
    assert slack.called("chat.update") == []


async def test_question_deleted_mid_stream_takes_the_stream_with_it(
    slack: FakeSlack, start: Start, model: ChatServer, going_on: Event, newsdesk: Newsdesk
) -> None:
    model.plays(pauses(going_on, SECOND))
    await start()
    ts = slack.mention(QUESTION)
    await slack.until(lambda: streams(slack, ts))
    await noted(newsdesk, ts)
    slack.delete("C1", ts)
    await slack.until(lambda: slack.called("chat.delete"))
    going_on.set()
    await settled(slack)
    assert slack.posts("C1", ts) == []


async def test_stream_of_a_worker_that_died_becomes_the_answer(
    slack: FakeSlack, start: Start, model: ChatServer, newsdesk: Newsdesk
) -> None:
    model.plays(says(f"{GENEVA} [1]"))
    ts = slack.say("C1", QUESTION, "U1")["ts"]
    place = f"T1/C1/{ts}"
    asked = Delivered("Ev0", "question", place, "C1", "U1", place, ts, body={"text": QUESTION})
    inbox = Inbox(newsdesk.library.database)
    inbox.receive([asked], now=0.0)
    assert inbox.claim("dead", now=0.0, lease_seconds=1) is not None
    stream = {"channel": "C1", "thread_ts": ts, "markdown_text": "The envoys"}
    left = slack._do_chat_startStream(stream | {"recipient_user_id": "U1"})
    await start()
    assert (await shown(slack, ts))["ts"] == left["ts"]
