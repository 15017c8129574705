"""A bot and the Slack it works in, both in this process, talking over loopback."""

import asyncio
import logging
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from contextlib import AsyncExitStack, asynccontextmanager
from pathlib import Path
from typing import Any

import pytest

from bot.newsdesk import Newsdesk
from bot.settings import Settings
from bot.slack.app import SlackBot, socket_until_stopped
from bot.slack.client import Health
from bot.slack.worker import Pace
from tests.archive import open_library, revision
from tests.slack.fake_slack import APP_TOKEN, BOT_TOKEN, SIGNING_SECRET, FakeSlack
from tests.slack.gated import GatedEmbedder

STORIES = {
    "geneva": "The envoys met in Geneva on Monday.",
    "harbour": "The harbour of Odessa opened again on Tuesday.",
}
QUESTION = "Where did the envoys meet on Monday?"

Start = Callable[..., Awaitable[SlackBot]]


async def settled(slack: FakeSlack) -> None:
    """All that was delivered is acknowledged, and nothing more comes for a while."""
    before = -1
    while before != len(slack.calls):
        before = len(slack.calls)
        await asyncio.gather(*(delivery.acked for delivery in slack.deliveries))
        await asyncio.sleep(0.15)


@pytest.fixture(autouse=True)
def no_proxy_and_no_settings(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("HTTP_PROXY", "HTTPS_PROXY", "http_proxy", "https_proxy", "SLACK_BOT_TOKEN"):
        monkeypatch.delenv(name, raising=False)


@pytest.fixture
async def slack() -> AsyncIterator[FakeSlack]:
    fake = FakeSlack()
    await fake.start()
    yield fake
    await fake.stop()


@pytest.fixture
def embedder() -> Iterator[GatedEmbedder]:
    gated = GatedEmbedder()
    yield gated
    gated.gate.set()


@pytest.fixture
def newsdesk(tmp_path: Path, embedder: GatedEmbedder) -> Newsdesk:
    """An archive of two short stories, searched by their words."""
    library = open_library(tmp_path, embedder)
    library.write([revision(name, text, title=name) for name, text in STORIES.items()])
    return Newsdesk(library, home=tmp_path, max_article_bytes=1_000_000)


def settings_for(slack: FakeSlack, home: Path, **changes: Any) -> Settings:
    values: dict[str, Any] = {
        "newsdesk_home": home,
        "slack_bot_token": BOT_TOKEN,
        "slack_app_token": APP_TOKEN,
        "slack_signing_secret": SIGNING_SECRET,
        "slack_api_url": slack.url,
        "slack_grace_seconds": 5.0,
    }
    return Settings(_env_file=None, **(values | changes))  # type: ignore[call-arg]


@asynccontextmanager
async def running(newsdesk: Newsdesk, settings: Settings) -> AsyncIterator[SlackBot]:
    """A bot that is connected to its Slack, as `newsdesk slack` runs it."""
    bot = SlackBot(newsdesk, settings, Health(), Pace(watch=0.1, poll=0.1, retry=0.02))
    try:
        await bot.start()
        connection = asyncio.create_task(
            socket_until_stopped(bot, settings.slack_app_token.get_secret_value(), ping_seconds=0.5)
        )
        while not bot.health.connected and not bot.health.stopping.is_set():
            await asyncio.sleep(0.005)
        yield bot
    finally:
        bot.health.stop()
        await connection
        await bot.stop()


@pytest.fixture
async def start(slack: FakeSlack, newsdesk: Newsdesk, tmp_path: Path) -> AsyncIterator[Start]:
    """Start a bot, with settings changed; another one each time it is called."""
    async with AsyncExitStack() as stack:

        async def start_bot(**changes: Any) -> SlackBot:
            settings = settings_for(slack, tmp_path, **changes)
            return await stack.enter_async_context(running(newsdesk, settings))

        yield start_bot


@pytest.fixture(autouse=True)
def quiet_log(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.INFO, logger="bot.slack")
