"""Events that are not shaped as Slack's are: acknowledged, logged, and no harm to others."""

import asyncio
import logging
from typing import Any

import pytest

from bot.newsdesk import Newsdesk
from bot.slack import commands
from tests.slack.conftest import QUESTION, Start, settled
from tests.slack.fake_slack import FakeSlack

GENEVA = "The envoys met in Geneva on Monday."
MESSAGE = {"type": "message", "channel": "DU1", "channel_type": "im", "user": "U1", "text": "hi?"}
STOPPED = {"type": "agent_session_stopped", "channel": "C1", "user": "U1"}


@pytest.mark.parametrize(
    "event",
    [
        {**MESSAGE, "ts": ["1.0"]},
        {**MESSAGE, "ts": "1.0", "thread_ts": {"a": 1}},
        {**MESSAGE, "ts": "1.0", "user": ["U1"]},
        {**MESSAGE, "ts": "1.0", "user": "U\ud800"},
        {**MESSAGE, "ts": "1.0", "text": 7},
        {**MESSAGE, "channel": None, "ts": "1.0"},
        {"type": "message", "subtype": "message_changed", "channel": "C1", "message": []},
        {"type": "app_home_opened", "user": 5},
        {"type": "reaction_added", "reaction": "newspaper", "user": "U1", "item": "x"},
        {**STOPPED, "streaming_message_ts": [["1.0"], None, 7]},
        {**STOPPED, "streaming_message_ts": {"a": 1}, "thread_ts": []},
        {"type": []},
    ],
)
async def test_malformed_event_beside_a_question_is_acked_and_the_question_answered(
    slack: FakeSlack, start: Start, event: dict[str, Any]
) -> None:
    await start()
    slack.event(event)
    ts = slack.mention(QUESTION)
    slack.event(event)
    await slack.until(lambda: slack.posts("C1", ts))
    await settled(slack)
    [answer] = slack.posts("C1", ts)
    assert GENEVA in answer["text"]
    assert all(delivery.acked.done() for delivery in slack.deliveries)


@pytest.mark.parametrize("streaming", [[], None, "1.0", ["1.0", "2.0"]])
async def test_stop_click_is_acked_whatever_it_names(
    slack: FakeSlack, start: Start, streaming: object
) -> None:
    await start()
    slack.event({**STOPPED, "streaming_message_ts": streaming})
    await settled(slack)


async def test_command_is_acked_in_time_while_the_ledger_is_locked_and_answered_later(
    slack: FakeSlack, start: Start, newsdesk: Newsdesk, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(commands, "KEEP_SECONDS", 0.2)
    await start()
    with newsdesk.library.ledger.database.writing():
        asked = slack.command("/ask", QUESTION)
        acked = await asyncio.wait_for(asked.acked, 3)
        assert acked["text"] == commands.BUSY
    await slack.until(lambda: slack.responses)
    assert GENEVA in slack.responses[0]["text"]


async def test_command_that_can_not_be_kept_is_acked_and_the_asker_knows(
    slack: FakeSlack, start: Start, newsdesk: Newsdesk, caplog: pytest.LogCaptureFixture
) -> None:
    await start()
    with newsdesk.library.ledger.database.writing() as connection:
        connection.exec_driver_sql("ALTER TABLE inbox RENAME TO away")
    asked = slack.command("/ask", QUESTION)
    acked = await asyncio.wait_for(asked.acked, 3)
    assert acked["text"] == commands.NOT_KEPT
    assert any(record.levelno == logging.ERROR for record in caplog.records)
