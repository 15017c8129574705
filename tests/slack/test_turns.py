"""What was said in a thread before a question: from the ledger, or else from Slack."""

from collections.abc import Iterator
from typing import Any

import pytest

from bot.answers import NOT_FOUND, Event, Turn
from bot.newsdesk import Newsdesk
from bot.slack.answer import turns_from
from bot.slack.client import Identity
from tests.slack.conftest import QUESTION, Start, settled
from tests.slack.fake_slack import BOT, BOT_USER, FakeSlack, Fault

ME = Identity(BOT_USER, BOT, "T1")
GENEVA = "The envoys met in Geneva on Monday."
HARBOUR = "Which harbour opened again on Tuesday?"

Told = dict[str, list[tuple[Turn, ...]]]


@pytest.fixture
def told(newsdesk: Newsdesk, monkeypatch: pytest.MonkeyPatch) -> Iterator[Told]:
    """With which turns before it each question was asked."""
    heard: Told = {}
    stream = newsdesk.stream

    def listen(question: str, *, history: tuple[Turn, ...] = (), **more: Any) -> Iterator[Event]:
        heard.setdefault(question, []).append(history)
        return stream(question, history=history, **more)

    monkeypatch.setattr(newsdesk, "stream", listen)
    yield heard


async def test_follow_up_knows_the_turns_before_it_and_their_answers(
    slack: FakeSlack, start: Start, told: Told
) -> None:
    await start()
    ts = slack.mention(QUESTION)
    slack.mention(HARBOUR, thread=ts, user="U2")
    slack.reply("Where exactly?", ts)
    await slack.until(lambda: len(slack.posts("C1", ts)) == 3)
    assert told[QUESTION] == [()]
    [(first,)] = told[HARBOUR]
    assert (first.question, first.answer) == (QUESTION, GENEVA)
    assert [turn.question for turn in told["Where exactly?"][0]] == [QUESTION, HARBOUR]
    assert "conversations.replies" not in {method for method, _ in slack.calls}


async def test_direct_messages_begin_threads_of_their_own_and_commands_remember_nothing(
    slack: FakeSlack, start: Start, told: Told
) -> None:
    await start()
    ts = slack.direct(QUESTION)
    await slack.until(lambda: slack.posts("DU1", ts))
    other = slack.direct(HARBOUR)
    await slack.until(lambda: slack.posts("DU1", other))
    await slack.command("/ask", "Who met?", channel="DU1").acked
    await slack.until(lambda: slack.responses)
    assert told[HARBOUR] == told["Who met?"] == [()]


async def test_edited_question_does_not_follow_itself_nor_what_came_after(
    slack: FakeSlack, start: Start, told: Told
) -> None:
    await start()
    ts = slack.mention(QUESTION)
    await slack.until(lambda: slack.posts("C1", ts))
    slack.edit("C1", ts, f"<@{BOT_USER}> {HARBOUR}")
    await slack.until(lambda: "Odessa" in slack.posts("C1", ts)[0]["text"])
    assert told[HARBOUR] == [()]


async def test_thread_that_began_without_the_bot_is_read_from_slack_page_by_page(
    slack: FakeSlack, start: Start, told: Told
) -> None:
    await start()
    root = slack.say("C1", "<@U7|Ann> says that the envoys met &amp; left?", "U1")["ts"]
    for number in range(210):
        slack.say("C1", f"word {number}", "U2", root)
    slack.say("C1", "Deploy finished", "UOTHER", root)["bot_id"] = "B2"
    slack.say("C1", "In Geneva?", "U2", root)
    slack.mention("When was that?", thread=root)
    await slack.until(lambda: slack.posts("C1", root))
    [history] = told["When was that?"]
    assert len(history) == 20
    assert [turn.question for turn in history[-2:]] == ["word 209", "In Geneva?"]
    assert "says that the envoys met & left?" not in [turn.question for turn in history]
    assert len(slack.called("conversations.replies")) == 2


async def test_thread_that_slack_does_not_show_is_answered_all_the_same(
    slack: FakeSlack, start: Start, told: Told
) -> None:
    bot = await start()
    root = slack.say("C1", "The envoys met?", "U1")["ts"]
    slack.fail("conversations.replies", Fault(times=9, error="missing_scope"))
    slack.mention(QUESTION, thread=root)
    await slack.until(lambda: slack.posts("C1", root))
    await settled(slack)
    assert told[QUESTION] == [()]
    assert bot.health.ready


def own(ts: str, text: str, about: str = "", part: int = 0, kind: str = "question") -> Any:
    payload = {"about": f"T1/C1/{about}", "part": part, "kind": kind}
    return {
        "ts": ts, "user": BOT_USER, "bot_id": BOT, "text": text,
        "metadata": {"event_payload": payload} if about else None,
    }  # fmt: skip


def test_own_answers_are_taken_whole_and_nothing_else_of_the_bot() -> None:
    messages = [
        {"ts": "1.0", "user": "U1", "text": "<@UBOT> Who met <@U7>?"},
        {"ts": "1.1", "user": "U2", "text": "And where?"},
        own("1.2", "Ann &amp; Bob met. [1][2]", "1.0"),
        own("1.3", "In Geneva. [1]", "1.1"),
        own("1.4", "They left. [3]", "1.0", part=1),
        {"ts": "1.5", "user": "U3", "text": "Wrong", "bot_id": "B2"},
        {"ts": "1.6", "user": "U1", "text": "<https://a.example|link>", "subtype": "file_share"},
        own("1.7", "Added: a.txt", "1.6", kind="given"),
        {"ts": "1.8", "user": "U1", "text": "Ann joined", "subtype": "channel_join"},
        {"ts": "1.9", "user": "U1", "text": "Who left?"},
        own("2.0", NOT_FOUND, "1.9"),
        {"ts": "2.1", "user": "U1", "text": "And then?"},
        own("2.2", "Said by an older version. [1]"),
        own("2.3", "Reading the archive …", "2.1", kind="pending"),
    ]
    assert turns_from(messages, ME) == (
        Turn("Who met ?", answer="Ann & Bob met. They left."),
        Turn("And where?", answer="In Geneva."),
        Turn("link"),
        Turn("Who left?"),
        Turn("And then?", answer="Said by an older version."),
    )
