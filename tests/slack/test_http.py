"""Slack over HTTP: signatures, health, and the same answers."""

import asyncio
import hashlib
import hmac
import io
import json
import socket
import time
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import aiohttp
import pytest
import uvicorn

from bot.newsdesk import Newsdesk
from bot.slack.app import SlackBot
from bot.slack.client import Health
from bot.slack.http import HttpApp
from tests.slack.conftest import QUESTION, settings_for
from tests.slack.fake_slack import SIGNING_SECRET, FakeSlack

GENEVA = "The envoys met in Geneva on Monday."


class Endpoint:
    """The bot's server, and what Slack sends to it."""

    def __init__(self, bot: SlackBot, url: str, session: aiohttp.ClientSession) -> None:
        self.bot = bot
        self._url = url
        self._session = session

    async def post(self, body: str, **headers: str) -> int:
        """Send a body signed as Slack does, but for the headers given."""
        timestamp = headers.get("timestamp", str(int(time.time())))
        base = f"v0:{timestamp}:{body}".encode()
        signature = "v0=" + hmac.new(SIGNING_SECRET.encode(), base, hashlib.sha256).hexdigest()
        sent = {
            "X-Slack-Request-Timestamp": timestamp,
            "X-Slack-Signature": headers.get("signature", signature),
            "Content-Type": headers.get("type", "application/json"),
        }
        sent = {name: value for name, value in sent.items() if value}
        url = f"{self._url}/slack/events"
        async with self._session.post(url, data=io.BytesIO(body.encode()), headers=sent) as answer:
            self.said = await answer.text()
            return answer.status

    async def stream(self, body: AsyncIterator[bytes], headers: dict[str, str]) -> int | None:
        """Send a body in pieces; None where the server hung up before it was all sent."""
        try:
            async with self._session.post(
                f"{self._url}/slack/events", data=body, headers=headers
            ) as answer:
                return answer.status
        except aiohttp.ClientError:
            return None

    async def get(self, path: str) -> tuple[int, Any]:
        async with self._session.get(self._url + path) as answer:
            return answer.status, await answer.json()


@pytest.fixture
async def endpoint(slack: FakeSlack, newsdesk: Newsdesk, tmp_path: Path) -> AsyncIterator[Endpoint]:
    health = Health()
    bot = SlackBot(newsdesk, settings_for(slack, tmp_path), health)
    await bot.start()
    health.connected = True
    app = HttpApp(bot.app, health, signing_secret=SIGNING_SECRET)
    config = uvicorn.Config(app, log_config=None, lifespan="off")
    server = uvicorn.Server(config)
    with socket.create_server(("127.0.0.1", 0)) as listening:
        url = f"http://127.0.0.1:{listening.getsockname()[1]}"
        serving = asyncio.create_task(server.serve([listening]))
        async with aiohttp.ClientSession() as session:
            while not server.started:
                await asyncio.sleep(0.005)
            yield Endpoint(bot, url, session)
        server.should_exit = True
        await serving
    await bot.stop()


async def test_event_is_acked_and_answered_once(endpoint: Endpoint, slack: FakeSlack) -> None:
    message = slack.say("DU1", QUESTION, "U1") | {"channel_type": "im"}
    body = json.dumps(slack.event_payload(message, event_id="Ev7"))
    assert [await endpoint.post(body) for _ in range(4)] == [200] * 4
    await slack.until(lambda: slack.posts("DU1"))
    await asyncio.sleep(0.2)
    assert len(slack.posts("DU1")) == 1
    assert GENEVA in slack.posts("DU1")[0]["text"]


async def test_command_comes_as_a_form(endpoint: Endpoint, slack: FakeSlack) -> None:
    payload = slack.command("/ask", QUESTION).payload
    body = urlencode(payload)
    assert await endpoint.post(body, type="application/x-www-form-urlencoded") == 200
    await slack.until(lambda: slack.responses)
    assert GENEVA in slack.responses[0]["text"]


async def test_address_is_confirmed(endpoint: Endpoint) -> None:
    assert await endpoint.post('{"type": "url_verification", "challenge": "abc"}') == 200
    assert "abc" in endpoint.said


@pytest.mark.parametrize(
    "headers",
    [
        {"signature": "v0=" + "0" * 64},
        {"signature": ""},
        {"signature": "v0=ü"},
        {"timestamp": ""},
        {"timestamp": "soon"},
        {"timestamp": "²"},
        {"timestamp": "1e9"},
        {"timestamp": "1700000000"},
        {"timestamp": "9" * 5_000},
    ],
)
async def test_what_slack_did_not_sign_now_is_401(
    endpoint: Endpoint, slack: FakeSlack, headers: dict[str, str]
) -> None:
    message = slack.say("DU1", QUESTION, "U1") | {"channel_type": "im"}
    body = json.dumps(slack.event_payload(message))
    assert await endpoint.post(body, **headers) == 401
    assert slack.posts("DU1") == []


@pytest.mark.parametrize("headers", [{}, {"signature": "v0=" + "0" * 64}])
async def test_body_larger_than_slack_sends_is_413_signed_or_not(
    endpoint: Endpoint, headers: dict[str, str]
) -> None:
    assert await endpoint.post('{"pad": "' + "x" * 2_000_000 + '"}', **headers) == 413


async def test_body_without_an_announced_length_is_cut_off_at_the_limit(endpoint: Endpoint) -> None:
    async def endless() -> AsyncIterator[bytes]:
        for _ in range(10_000):
            yield b"x" * 10_000

    headers = {"X-Slack-Request-Timestamp": "1", "X-Slack-Signature": "v0=" + "0" * 64}
    assert await endpoint.stream(endless(), headers) in (413, None)


async def test_unsigned_body_is_not_parsed(endpoint: Endpoint, caplog: Any) -> None:
    deep = "[" * 400_000
    assert await endpoint.post(deep, signature="v0=" + "0" * 64) == 401
    assert "Traceback" not in caplog.text


async def test_body_that_trickles_in_is_given_up(
    endpoint: Endpoint, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("bot.slack.http.BODY_SECONDS", 0.2)

    async def trickle() -> AsyncIterator[bytes]:
        for _ in range(100):
            yield b"x"
            await asyncio.sleep(0.05)

    headers = {"X-Slack-Request-Timestamp": "1", "X-Slack-Signature": "v0=" + "0" * 64}
    assert await endpoint.stream(trickle(), headers) in (408, None)


async def test_health_and_readiness(endpoint: Endpoint) -> None:
    assert await endpoint.get("/health") == (200, {"alive": True})
    assert await endpoint.get("/ready") == (200, {"ready": True, "reason": None})
    endpoint.bot.health.refuse("The token was revoked.")
    assert await endpoint.get("/health") == (200, {"alive": True})
    assert await endpoint.get("/ready") == (
        503,
        {"ready": False, "reason": "The token was revoked."},
    )


async def test_ledger_that_can_not_be_written_is_no_ack(
    endpoint: Endpoint, slack: FakeSlack, newsdesk: Newsdesk
) -> None:
    message = slack.say("DU1", QUESTION, "U1") | {"channel_type": "im"}
    body = json.dumps(slack.event_payload(message))
    with newsdesk.library.database.writing() as connection:
        connection.exec_driver_sql("ALTER TABLE inbox RENAME TO away")
    assert await endpoint.post(body) == 500
    with newsdesk.library.database.writing() as connection:
        connection.exec_driver_sql("ALTER TABLE away RENAME TO inbox")
    assert await endpoint.post(body) == 200
    await slack.until(lambda: slack.posts("DU1"))
