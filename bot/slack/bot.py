"""The bot put together: what receives, what works, what shows, on one Newsdesk."""

import asyncio
import logging
import re
from collections.abc import Coroutine
from typing import Any

import aiohttp
from slack_bolt.async_app import AsyncApp
from slack_bolt.context.ack.async_ack import AsyncAck
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_slack_response import AsyncSlackResponse

from bot.memory import Memory
from bot.newsdesk import Newsdesk
from bot.settings import Settings
from bot.slack.answering import Answering
from bot.slack.archive import Archive
from bot.slack.client import Client
from bot.slack.errors import SlackRefusedError
from bot.slack.events import Identity
from bot.slack.files import Files
from bot.slack.health import Health
from bot.slack.inbox import Inbox
from bot.slack.intake import Intake
from bot.slack.listeners.articles_command import ArticlesCommand
from bot.slack.listeners.ask_command import AskCommand
from bot.slack.listeners.asked import Asked
from bot.slack.listeners.events import Events
from bot.slack.listeners.feedback import Feedback
from bot.slack.listeners.giving import Giving
from bot.slack.listeners.home import Home
from bot.slack.listeners.ingest_command import IngestCommand
from bot.slack.listeners.passages import Passages
from bot.slack.listeners.sharing import Sharing
from bot.slack.listeners.taken_back import TakenBack
from bot.slack.listeners.telling import Telling
from bot.slack.manifest import SCOPES
from bot.slack.marking import Marks
from bot.slack.once import Once
from bot.slack.permission import Permission
from bot.slack.purging import Purging
from bot.slack.receiving import Receiver
from bot.slack.replies import Replies
from bot.slack.signs import Signs
from bot.slack.streaming import Streaming
from bot.slack.threads import Threads
from bot.slack.turns import ThreadTurns
from bot.slack.watches import Watches
from bot.slack.watching import Watching
from bot.slack.worker import Pace, Worker

log = logging.getLogger(__name__)

TIMEOUT_SECONDS = 30
START_RETRY_SECONDS = 5.0


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
        told = next((v for k, v in who.headers.items() if k.lower() == "x-oauth-scopes"), "")
        granted = {scope.strip() for scope in told.split(",")} - {""}
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
        settings, database = self._settings, self._newsdesk.library.ledger.database
        inbox, memory, watches = Inbox(database), Memory(database), Watches(database)
        archive = Archive(self._newsdesk)
        permission = Permission(settings.slack_ingest_users, self.client)
        signs = Signs(self.client, inbox, self._bookkeeping)
        replies = Replies(self.client, inbox, signs, bot, self._bookkeeping)
        answering = Answering(
            self._newsdesk,
            memory,
            inbox,
            ThreadTurns(self.client, memory, bot, self._bookkeeping),
            self._answering,
            per_person=settings.slack_questions_per_person,
            per_channel=settings.slack_questions_per_channel,
        )
        receiver = Receiver(inbox, self._receiving)
        self._purging = Purging(inbox, self._bookkeeping)
        handlers: dict[str, Any] = {}
        self._worker = worker = Worker(
            inbox,
            handlers,
            self._bookkeeping,
            self.health,
            at_once=settings.slack_workers,
            pace=self._pace,
        )
        self._watching = Watching(
            watches, answering, worker, self._answering, poll_seconds=self._pace.watch
        )
        self._marks = Marks(
            self._newsdesk.marking,
            inbox,
            replies,
            self._bookkeeping,
            poll_seconds=self._pace.watch,
        )
        asked = Asked(answering, replies, Streaming(self.client, replies, signs))
        books = self._bookkeeping
        once = Once(inbox, books)
        ask_command = AskCommand(answering, once, receiver, worker)
        home = Home(self.client, archive, permission, books)
        intake = Intake(
            Files(
                self.client,
                settings.newsdesk_home / "slack",
                max_bytes=settings.max_article_bytes,
            ),
            self._newsdesk.pipeline(),
            permission,
            self._answering,
        )
        ingest_command = IngestCommand(intake, receiver, worker)
        taken_back = TakenBack(inbox, replies, books)
        telling = Telling(watches, self._watching, memory, answering, replies, asked, once, books)
        handlers |= {
            "question": asked,
            "given": Giving(self.client, intake, replies),
            "edited": asked,
            "deleted": taken_back,
            "stopped": taken_back,
            "home": home,
            "command": ask_command,
            "ingest": ingest_command,
            "watch": telling,
        }
        events = Events(bot, receiver, signs, worker)
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
            Passages(self.client, memory, archive, books),
            Feedback(self.client, memory, books),
            Sharing(replies, memory, books),
            telling,
            home,
        ):
            listener.register(self.app)
        # Whatever else is clicked, such as a link, wants to be acknowledged and no more.
        self.app.action(re.compile(""))(_acknowledge)

    def _run(self, work: Coroutine[Any, Any, None]) -> None:
        self._tasks.append(asyncio.create_task(work))


async def _acknowledge(ack: AsyncAck) -> None:
    await ack()
