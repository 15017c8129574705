"""What Slack refuses, loses or repeats: one answer, or a plain sentence, all the same."""

import asyncio
import logging

import pytest

from bot.newsdesk import Newsdesk
from bot.slack.queue import Delivered, Inbox
from tests.slack.conftest import QUESTION, Start, settled
from tests.slack.fake_slack import FakeSlack, Fault
from tests.slack.gated import GatedEmbedder

GENEVA = "The envoys met in Geneva on Monday."


async def until_asked(embedder: GatedEmbedder) -> None:
    await asyncio.to_thread(embedder.asked.acquire, timeout=20)


async def test_without_status_a_placeholder_becomes_the_answer(
    slack: FakeSlack, start: Start, embedder: GatedEmbedder
) -> None:
    slack.fail("assistant.threads.setStatus", Fault(error="missing_scope"))
    embedder.gate.clear()
    bot = await start()
    ts = slack.mention(QUESTION)
    await slack.until(lambda: slack.posts("C1", ts))
    placeholder = slack.posts("C1", ts)[0]["ts"]
    assert "Reading" in slack.posts("C1", ts)[0]["text"]
    embedder.gate.set()
    await slack.until(lambda: GENEVA in slack.posts("C1", ts)[0]["text"])
    await settled(slack)
    assert [post["ts"] for post in slack.posts("C1", ts)] == [placeholder]
    assert bot.health.ready


async def test_told_to_wait_it_waits_and_answers_once(slack: FakeSlack, start: Start) -> None:
    busy = Fault(times=2, status=429, headers={"Retry-After": "0"})
    slack.fail("chat.postMessage", busy, Fault(times=1, status=503, error="unavailable"))
    await start()
    ts = slack.mention(QUESTION)
    await slack.until(lambda: slack.posts("C1", ts))
    await settled(slack)
    assert len(slack.posts("C1", ts)) == 1
    assert len(slack.called("chat.postMessage")) == 4


async def test_event_delivered_four_times_is_answered_once(slack: FakeSlack, start: Start) -> None:
    await start()
    ts = slack.mention(QUESTION)
    for delivery in list(slack.deliveries) * 3:
        slack.deliver_again(delivery)
    await slack.until(lambda: slack.posts("C1", ts))
    await settled(slack)
    assert len(slack.posts("C1", ts)) == 1


@pytest.mark.parametrize("how", ["disconnect", "hang_up", "abort"])
async def test_connection_lost_while_answering_is_made_again(
    slack: FakeSlack, start: Start, embedder: GatedEmbedder, how: str
) -> None:
    embedder.gate.clear()
    await start()
    ts = slack.mention(QUESTION)
    await until_asked(embedder)
    if how == "abort":
        slack.abort()
    else:
        await getattr(slack, how)()
    later = slack.mention("Which harbour opened again on Tuesday?")
    embedder.gate.set()
    await slack.until(lambda: slack.connections == 2)
    await slack.until(lambda: slack.posts("C1", ts) and slack.posts("C1", later))
    await settled(slack)
    assert len(slack.posts("C1", ts)) == len(slack.posts("C1", later)) == 1


async def test_question_deleted_while_it_is_worked_on_is_not_answered(
    slack: FakeSlack, start: Start, embedder: GatedEmbedder
) -> None:
    slack.fail("assistant.threads.setStatus", Fault(error="missing_scope"))
    embedder.gate.clear()
    await start()
    ts = slack.mention(QUESTION)
    await slack.until(lambda: slack.posts("C1", ts))
    await until_asked(embedder)
    slack.delete("C1", ts)
    await slack.until(lambda: slack.called("chat.delete"))
    embedder.gate.set()
    await settled(slack)
    assert slack.posts("C1", ts) == []


async def test_stopped_question_is_not_answered(
    slack: FakeSlack, start: Start, embedder: GatedEmbedder
) -> None:
    embedder.gate.clear()
    await start()
    ts = slack.direct(QUESTION)
    await until_asked(embedder)
    stop = {"type": "agent_session_stopped", "channel": "DU1", "user": "U1", "thread_ts": ts}
    await slack.event(stop).acked
    embedder.gate.set()
    await settled(slack)
    assert slack.posts("DU1", ts) == []
    assert slack.called("assistant.threads.setStatus")[-1]["status"] == ""


async def test_error_while_answering_is_a_friendly_sentence_and_logged_without_secrets(
    slack: FakeSlack,
    start: Start,
    newsdesk: Newsdesk,
    embedder: GatedEmbedder,
    caplog: pytest.LogCaptureFixture,
) -> None:
    await start()

    def broken(_: object) -> None:
        raise RuntimeError("refused with sk-abcdef123456 for xoxb-1-2-3")

    embedder.embed = broken  # type: ignore[assignment, method-assign]
    ts = slack.mention(QUESTION)
    await slack.until(lambda: slack.posts("C1", ts))
    [said] = slack.posts("C1", ts)
    assert "Please ask me again" in said["text"]
    assert "RuntimeError" not in str(said)
    [record] = [r for r in caplog.records if r.name == "bot.slack.answer"]
    assert record.levelno == logging.ERROR


async def test_message_that_slack_rejects_is_sent_as_text(slack: FakeSlack, start: Start) -> None:
    slack.fail("chat.postMessage", Fault(error="invalid_blocks"))
    await start()
    ts = slack.mention(QUESTION)
    await slack.until(lambda: slack.posts("C1", ts))
    assert GENEVA in slack.posts("C1", ts)[0]["text"]


async def test_closed_channel_is_given_up(slack: FakeSlack, start: Start) -> None:
    slack.fail("chat.postMessage", Fault(error="is_archived"))
    await start()
    ts = slack.mention(QUESTION)
    await slack.until(lambda: slack.called("chat.postMessage"))
    await settled(slack)
    assert slack.posts("C1", ts) == []
    assert len(slack.called("chat.postMessage")) == 1


async def test_missing_scope_is_named_once_and_the_question_kept(
    slack: FakeSlack, start: Start, newsdesk: Newsdesk, caplog: pytest.LogCaptureFixture
) -> None:
    missing = Fault(times=9, error="missing_scope", extra={"needed": "chat:write"})
    slack.fail("chat.postMessage", missing)
    bot = await start()
    ts = slack.mention(QUESTION)
    async with asyncio.timeout(20):
        await bot.health.stopping.wait()
    await settled(slack)
    assert not bot.health.ready
    [line] = [r.getMessage() for r in caplog.records if r.levelno == logging.CRITICAL]
    assert "chat:write" in line
    slack.heal()
    await bot.stop()
    await start()
    await slack.until(lambda: slack.posts("C1", ts))


async def test_revoked_token_stops_the_bot_without_a_hot_loop(
    slack: FakeSlack, start: Start, caplog: pytest.LogCaptureFixture
) -> None:
    bot = await start()
    slack.revoke()
    slack.mention(QUESTION)
    async with asyncio.timeout(20):
        await bot.health.stopping.wait()
    await asyncio.sleep(0.5)
    calls = len(slack.calls)
    await asyncio.sleep(0.5)
    assert len(slack.calls) == calls
    assert len([r for r in caplog.records if r.levelno == logging.CRITICAL]) == 1


async def test_person_who_asks_too_much_is_told(slack: FakeSlack, start: Start) -> None:
    await start(slack_questions_per_person=2)
    asked = [slack.mention(QUESTION) for _ in range(3)]
    await slack.until(lambda: all(slack.posts("C1", ts) for ts in asked))
    said = [slack.posts("C1", ts)[0]["text"] for ts in asked]
    assert [GENEVA in text for text in said] == [True, True, False]
    assert "2 for one person" in said[2]
    other = slack.mention(QUESTION, user="U2")
    await slack.until(lambda: slack.posts("C1", other))
    assert GENEVA in slack.posts("C1", other)[0]["text"]


async def test_two_bots_on_one_archive_answer_each_question_once(
    slack: FakeSlack, start: Start
) -> None:
    await start()
    await start()
    asked = [slack.mention(QUESTION, user=f"U{n}") for n in range(20)]
    await slack.until(lambda: all(slack.posts("C1", ts) for ts in asked))
    await settled(slack)
    assert [len(slack.posts("C1", ts)) for ts in asked] == [1] * 20


async def test_status_that_has_to_wait_does_not_hold_up_the_answer(
    slack: FakeSlack, start: Start
) -> None:
    busy = Fault(times=9, status=429, headers={"Retry-After": "60"})
    slack.fail("assistant.threads.setStatus", busy)
    await start()
    ts = slack.mention(QUESTION)
    await slack.until(lambda: slack.posts("C1", ts), seconds=15)
    await settled(slack)
    assert len(slack.posts("C1", ts)) == 1


async def test_answer_posted_by_a_worker_that_died_is_found_and_not_posted_again(
    slack: FakeSlack, start: Start, newsdesk: Newsdesk
) -> None:
    message = slack.say("DU1", QUESTION, "U1")
    place = f"T1/DU1/{message['ts']}"
    asked = Delivered(
        "Ev0", "question", place, "DU1", "U1", place, message["ts"], body={"text": QUESTION}
    )
    inbox = Inbox(newsdesk.library.database)
    inbox.receive([asked], now=0.0)
    assert inbox.claim("dead", now=0.0, lease_seconds=1) is not None
    metadata = {"event_type": "newsdesk_answer", "event_payload": {"about": place, "part": 0}}
    for number in range(250):
        slack.say("DU1", f"word {number}", "U2", message["ts"])
    post = {"channel": "DU1", "thread_ts": message["ts"], "text": "Half", "metadata": metadata}
    slack._do_chat_postMessage(post)
    await start()
    await slack.until(lambda: GENEVA in slack.posts("DU1")[0]["text"])
    await settled(slack)
    assert len(slack.posts("DU1", message["ts"])) == 1


async def test_outage_of_slack_delays_the_answer_and_does_not_lose_it(
    slack: FakeSlack, start: Start
) -> None:
    slack.fail("chat.postMessage", Fault(times=60, error="internal_error"))
    await start()
    ts = slack.mention(QUESTION)
    await slack.until(lambda: len(slack.called("chat.postMessage")) > 6)
    slack.heal()
    await slack.until(lambda: slack.posts("C1", ts))
    await settled(slack)
    assert len(slack.posts("C1", ts)) == 1
