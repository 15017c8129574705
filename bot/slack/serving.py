"""Runs the bot until it is told to stop: over Socket Mode, or over HTTP."""

import asyncio
import logging
import signal
from contextlib import suppress
from typing import Any

from slack_bolt.adapter.socket_mode.aiohttp import AsyncSocketModeHandler

from bot.newsdesk import Newsdesk
from bot.settings import Settings
from bot.slack.bot import SlackBot
from bot.slack.errors import SlackRefusedError
from bot.slack.health import Health
from bot.slack.worker import Pace

log = logging.getLogger(__name__)

PING_SECONDS = 10.0


def serve_socket(newsdesk: Newsdesk, settings: Settings, pace: Pace | None = None) -> None:
    """Serve Slack over Socket Mode; raises `SlackRefusedError` when Slack won't have the bot."""
    asyncio.run(_serve_socket(newsdesk, settings, pace))


def serve_http(newsdesk: Newsdesk, settings: Settings, *, host: str, port: int) -> None:
    """Serve Slack over HTTP, with /health and /ready for whoever watches over the bot."""
    asyncio.run(_serve_http(newsdesk, settings, host, port))


async def _serve_socket(newsdesk: Newsdesk, settings: Settings, pace: Pace | None) -> None:
    health = _stopped_by_signals(Health())
    bot = SlackBot(newsdesk, settings, health, pace)
    try:
        await bot.start()
        await socket_until_stopped(bot, settings.slack_app_token.get_secret_value())
    finally:
        await bot.stop()
    _explain(health)


async def socket_until_stopped(
    bot: SlackBot, app_token: str, *, ping_seconds: float = PING_SECONDS
) -> None:
    """Hold the connection to Slack, and make it anew when it breaks, until health says stop."""
    logger = logging.getLogger("bot.slack.socket")
    # The SDK tries a refused token again and again, and complains each time.
    quiet = _QuietOnceRefused(bot.health)
    logger.addFilter(quiet)
    handler = AsyncSocketModeHandler(
        bot.app, app_token, logger=logger, web_client=bot.client, ping_interval=ping_seconds
    )
    # The SDK's class is not annotated.
    client: Any = handler.client
    connecting = asyncio.create_task(client.connect())
    stopping = asyncio.create_task(bot.health.stopping.wait())
    try:
        await asyncio.wait((connecting, stopping), return_when=asyncio.FIRST_COMPLETED)
        if connecting.done():
            bot.health.connected = True
            log.info("Newsdesk is connected to Slack.")
        await stopping
    finally:
        connecting.cancel()
        stopping.cancel()
        await asyncio.gather(connecting, stopping, return_exceptions=True)
        await client.close()
        logger.removeFilter(quiet)


async def _serve_http(newsdesk: Newsdesk, settings: Settings, host: str, port: int) -> None:
    import uvicorn

    from bot.slack.http import HttpApp

    health = _stopped_by_signals(Health())
    bot = SlackBot(newsdesk, settings, health)
    try:
        await bot.start()
        health.connected = True
        config = uvicorn.Config(
            HttpApp(bot.app, health), host=host, port=port, log_config=None, lifespan="off"
        )
        server = uvicorn.Server(config)
        serving = asyncio.create_task(server.serve())
        stopping = asyncio.create_task(health.stopping.wait())
        await asyncio.wait((serving, stopping), return_when=asyncio.FIRST_COMPLETED)
        server.should_exit = True
        stopping.cancel()
        await serving
    finally:
        await bot.stop()
    _explain(health)


class _QuietOnceRefused(logging.Filter):
    def __init__(self, health: Health) -> None:
        super().__init__()
        self._health = health

    def filter(self, record: logging.LogRecord) -> bool:
        return self._health.refusal is None


def _stopped_by_signals(health: Health) -> Health:
    loop = asyncio.get_running_loop()
    for number in (signal.SIGTERM, signal.SIGINT):
        # Windows has no signal handlers in the loop; Ctrl-C ends the program there all the same.
        with suppress(NotImplementedError):
            loop.add_signal_handler(number, health.stop)
    return health


def _explain(health: Health) -> None:
    if health.refusal is not None:
        raise SlackRefusedError(health.refusal)
