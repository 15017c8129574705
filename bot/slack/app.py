"""The bot put together: what receives, what works, what shows, on one Newsdesk."""

import asyncio
import logging
import re
import signal
from collections.abc import Coroutine
from contextlib import suppress
from typing import Any

import aiohttp
from slack_bolt.adapter.socket_mode.aiohttp import AsyncSocketModeHandler
from slack_bolt.async_app import AsyncApp
from slack_bolt.context.ack.async_ack import AsyncAck
from slack_sdk.errors import SlackApiError
from slack_sdk.socket_mode.request import SocketModeRequest
from slack_sdk.socket_mode.response import SocketModeResponse
from slack_sdk.web.async_slack_response import AsyncSlackResponse

from bot.history import AnswerLog
from bot.newsdesk import Newsdesk
from bot.settings import Settings
from bot.slack.actions import FeedbackButtons, PassagesButton, RetractionHandler, ShareButton
from bot.slack.answer import AnswerService, QuestionHandler, ThreadTurns
from bot.slack.client import Client, Health, Identity, Threads
from bot.slack.commands import ArticlesCommand, AskCommand, IngestCommand
from bot.slack.errors import SlackRefusedError
from bot.slack.events import MALFORMED, EventMiddleware
from bot.slack.home import Archive, HomeTab
from bot.slack.ingest import Permission, SlackFiles, SubmissionHandler, Submissions
from bot.slack.manifest import SCOPES
from bot.slack.open_questions import OpenQuestionHandler, OpenQuestionPoller, OpenQuestions
from bot.slack.queue import Inbox, Receiver
from bot.slack.reply import AtMostOnce, Replies, TypingStatus
from bot.slack.stale import StaleAnswerMarks
from bot.slack.stream import AnswerStreams
from bot.slack.worker import Cleanup, Pace, Worker

log = logging.getLogger(__name__)

TIMEOUT_SECONDS = 30

START_RETRY_SECONDS = 5.0

PING_SECONDS = 10.0


class SlackBot:
    """Starts and stops all that runs; `app` is what Slack's deliveries are handed to.

    Deliveries are written down on one thread, other bookkeeping is done on another, and
    answers are made on `slack_workers` more: none of them waits for the others.
    """

    app: AsyncApp

    def __init__(
        self, newsdesk: Newsdesk, settings: Settings, health: Health, pace: Pace | None = None
    ) -> None:
        self._pace = pace or Pace()
        self._newsdesk = newsdesk
        self._settings = settings
        self.health = health
        self._receiving = Threads(1, "receive")
        self._bookkeeping = Threads(1, "bookkeeping")
        self._answering = Threads(settings.slack_workers, "answer")
        self._tasks: list[asyncio.Task[None]] = []
        self.client = Client(
            token=settings.slack_bot_token.get_secret_value(),
            base_url=settings.slack_api_url,
            health=health,
        )

    async def start(self) -> None:
        """Find out who the bot is, and begin to work on what is waiting.

        Raises `SlackRefusedError`; waits for as long as Slack can't be reached.
        """
        self.client.session = aiohttp.ClientSession(
            timeout=aiohttp.ClientTimeout(total=TIMEOUT_SECONDS)
        )
        who = await self._identify()
        self._build(Identity(who["user_id"], who["bot_id"], who["team_id"]))
        self._run(self._worker.run())
        self._run(self._watching.run())
        self._run(self._purging.run())
        self._run(self._marks.run())

    async def stop(self) -> None:
        """Let running answers end within the grace time; the rest is kept for the next start."""
        self.health.stop()
        if self._tasks:
            late = await self._worker.finish(grace_seconds=self._settings.slack_grace_seconds)
            if late:
                log.warning("%d answers did not end in time; they are given after a restart", late)
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        for threads in (self._receiving, self._answering, self._bookkeeping):
            await asyncio.to_thread(threads.close)
        if self.client.session is not None:
            await self.client.session.close()

    async def _identify(self) -> AsyncSlackResponse:
        while not self.health.stopping.is_set():
            try:
                who = await self.client.auth_test()
            except (SlackApiError, aiohttp.ClientError, TimeoutError, OSError) as error:
                if self.health.refusal is None:
                    log.error("Slack can't be reached (%s), trying again", type(error).__name__)
                    await asyncio.sleep(START_RETRY_SECONDS)
                continue
            self._check_scopes(who)
            return who
        raise SlackRefusedError(self.health.refusal or "Stopped before Slack was reached.")

    def _check_scopes(self, who: AsyncSlackResponse) -> None:
        header = next((v for k, v in who.headers.items() if k.lower() == "x-oauth-scopes"), "")
        granted = {scope.strip() for scope in header.split(",")} - {""}
        if not granted:
            return
        if "chat:write" not in granted:
            self.health.refuse(
                "Slack did not grant the scope chat:write, without which I can't answer. Add it "
                "under OAuth & Permissions and install the app again."
            )
            raise SlackRefusedError(self.health.refusal)
        for scope in sorted(SCOPES.keys() - granted):
            log.warning("Slack did not grant the scope %s, needed %s.", scope, SCOPES[scope])

    def _build(self, bot: Identity) -> None:
        settings, database = self._settings, self._newsdesk.library.database
        inbox, memory, watches = Inbox(database), AnswerLog(database), OpenQuestions(database)
        archive = Archive(self._newsdesk)
        permission = Permission(settings.slack_ingest_users, self.client)
        typing_status = TypingStatus(self.client, inbox, self._bookkeeping)
        replies = Replies(self.client, inbox, typing_status, bot, self._bookkeeping)
        answering = AnswerService(
            self._newsdesk,
            memory,
            inbox,
            ThreadTurns(self.client, memory, bot, self._bookkeeping),
            self._answering,
            per_person=settings.slack_questions_per_person,
            per_channel=settings.slack_questions_per_channel,
        )
        receiver = Receiver(inbox, self._receiving)
        self._purging = Cleanup(self._newsdesk.forget_old, self._bookkeeping)
        handlers: dict[str, Any] = {}
        self._worker = worker = Worker(
            inbox,
            handlers,
            self._bookkeeping,
            self.health,
            at_once=settings.slack_workers,
            pace=self._pace,
        )
        self._watching = OpenQuestionPoller(
            watches, answering, worker, self._answering, poll_seconds=self._pace.watch
        )
        self._marks = StaleAnswerMarks(
            self._newsdesk.answer_log,
            inbox,
            replies,
            self._bookkeeping,
            poll_seconds=self._pace.watch,
        )
        asked = QuestionHandler(
            answering, replies, AnswerStreams(self.client, replies, typing_status)
        )
        books = self._bookkeeping
        at_most_once = AtMostOnce(inbox, books)
        ask_command = AskCommand(answering, at_most_once, receiver, worker)
        home = HomeTab(self.client, archive, permission, books)
        submissions = Submissions(
            SlackFiles(
                self.client,
                settings.newsdesk_home / "slack",
                max_bytes=settings.max_article_bytes,
            ),
            self._newsdesk.pipeline(),
            permission,
            self._answering,
        )
        ingest_command = IngestCommand(submissions, receiver, worker)
        taken_back = RetractionHandler(inbox, replies, books)
        open_question = OpenQuestionHandler(
            watches, self._watching, memory, answering, replies, asked, at_most_once, books
        )
        handlers |= {
            "question": asked,
            "given": SubmissionHandler(self.client, submissions, replies),
            "edited": asked,
            "deleted": taken_back,
            "stopped": taken_back,
            "home": home,
            "command": ask_command,
            "ingest": ingest_command,
            "watch": open_question,
        }
        events = EventMiddleware(bot, receiver, typing_status, worker)
        self.app = AsyncApp(
            name="newsdesk",
            client=self.client,
            signing_secret=settings.slack_signing_secret.get_secret_value(),
            before_authorize=events.middleware,
            logger=logging.getLogger("bot.slack.bolt"),
        )
        for listener in (
            ask_command,
            ArticlesCommand(archive, books),
            ingest_command,
            PassagesButton(self.client, memory, archive, books),
            FeedbackButtons(self.client, memory, books),
            ShareButton(replies, memory, books),
            open_question,
            home,
        ):
            listener.register(self.app)
        # Whatever else is clicked, such as a link, wants to be acknowledged and no more.
        self.app.action(re.compile(""))(_acknowledge)

    def _run(self, work: Coroutine[Any, Any, None]) -> None:
        self._tasks.append(asyncio.create_task(work))


async def _acknowledge(ack: AsyncAck) -> None:
    await ack()


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
    """Hold the connection to Slack, and make it anew when it breaks, until `health` is stopped."""
    logger = logging.getLogger("bot.slack.socket")
    # The SDK tries a refused token again and again, and complains each time.
    quiet = _QuietOnceRefused(bot.health)
    logger.addFilter(quiet)
    handler = _SocketHandler(
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
        secret = settings.slack_signing_secret.get_secret_value()
        config = uvicorn.Config(
            HttpApp(bot.app, health, signing_secret=secret),
            host=host,
            port=port,
            log_config=None,
            lifespan="off",
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


class _SocketHandler(AsyncSocketModeHandler):
    """Acknowledges also what Bolt can't read: it raises before any middleware runs."""

    async def handle(self, client: Any, req: SocketModeRequest) -> None:
        try:
            await super().handle(client, req)
        except MALFORMED as error:
            log.error("Skipped a delivery that Bolt can't read: %r", error)
            await client.send_socket_mode_response(SocketModeResponse(req.envelope_id))


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
