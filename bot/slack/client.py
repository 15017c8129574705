"""The client for Slack's Web API: waits as long as Slack asks, and notices a final refusal."""

import asyncio
import logging
from collections.abc import AsyncIterator, Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import partial
from typing import Any, ParamSpec, TypeVar

import aiohttp
from slack_sdk.errors import SlackApiError, SlackClientError
from slack_sdk.http_retry.builtin_async_handlers import (
    AsyncConnectionErrorRetryHandler,
    AsyncRateLimitErrorRetryHandler,
    AsyncServerErrorRetryHandler,
)
from slack_sdk.web.async_client import AsyncWebClient
from slack_sdk.web.async_slack_response import AsyncSlackResponse

log = logging.getLogger(__name__)

TOKEN_ERRORS = frozenset(
    (
        "account_inactive",
        "invalid_auth",
        "not_allowed_token_type",
        "not_authed",
        "token_expired",
        "token_revoked",
    )
)

BEST_EFFORT = frozenset(
    (
        "assistant.threads.setStatus",
        "assistant.threads.setSuggestedPrompts",
        "chat.appendStream",
        "chat.startStream",
        "chat.stopStream",
        "conversations.replies",
        "files.info",
        "reactions.add",
        "reactions.get",
        "usergroups.users.list",
        "users.info",
    )
)
"""Methods without whose scope the bot still answers."""


OUTAGES = (SlackClientError, aiohttp.ClientError, TimeoutError, OSError)
"""What a call raises where Slack can't be reached, or refuses."""


RETRIES = 3

REPLIES_A_PAGE = 200

MOST_PAGES = 10

P = ParamSpec("P")

R = TypeVar("R")


class Health:
    """Set to ready when Slack is reached; refused for good when Slack refuses.

    `stopping` is set by either end: a refusal, or a request to stop.
    """

    def __init__(self) -> None:
        self.connected = False
        self.refusal: str | None = None
        self.stopping = asyncio.Event()

    @property
    def ready(self) -> bool:
        return self.connected and self.refusal is None and not self.stopping.is_set()

    def refuse(self, reason: str) -> None:
        """Log once and loudly why nothing more will work, and stop."""
        if self.refusal is None:
            self.refusal = reason
            log.critical("Newsdesk stops: %s", reason)
        self.stopping.set()

    def stop(self) -> None:
        self.stopping.set()


@dataclass(frozen=True, slots=True)
class Identity:
    """Who the bot is in Slack."""

    user_id: str
    bot_id: str
    team_id: str


class Threads:
    """A bounded number of threads for one purpose."""

    def __init__(self, count: int, name: str) -> None:
        self._pool = ThreadPoolExecutor(count, thread_name_prefix=name)

    async def run(self, work: Callable[P, R], *args: P.args, **kwargs: P.kwargs) -> R:
        loop = asyncio.get_running_loop()
        return await loop.run_in_executor(self._pool, partial(work, *args, **kwargs))

    def close(self) -> None:
        self._pool.shutdown(wait=True, cancel_futures=True)


class Client(AsyncWebClient):
    """Slack's own client, which also reports to `health` the refusals that no retry mends."""

    def __init__(self, *, token: str, base_url: str, health: Health) -> None:
        super().__init__(
            token=token,
            base_url=base_url if base_url.endswith("/") else f"{base_url}/",
            retry_handlers=[
                AsyncConnectionErrorRetryHandler(max_retry_count=RETRIES),
                AsyncRateLimitErrorRetryHandler(max_retry_count=RETRIES),
                AsyncServerErrorRetryHandler(max_retry_count=RETRIES),
            ],
        )
        self._health = health

    async def api_call(self, api_method: str, **arguments: Any) -> AsyncSlackResponse:
        try:
            return await super().api_call(api_method, **arguments)
        except SlackApiError as error:
            if reason := refusal(api_method, error):
                self._health.refuse(reason)
            raise

    async def thread_messages(
        self, conversation: str, thread: str, **narrowed: Any
    ) -> AsyncIterator[dict[str, Any]]:
        """The messages of a thread, the oldest first, with their metadata; of a very long one, the
        first `MOST_PAGES` pages."""
        cursor: str | None = None
        for _ in range(MOST_PAGES):
            page = await self.conversations_replies(
                channel=conversation,
                ts=thread,
                include_all_metadata=True,
                limit=REPLIES_A_PAGE,
                cursor=cursor,
                **narrowed,
            )
            for message in page.get("messages") or []:
                yield message
            cursor = (page.get("response_metadata") or {}).get("next_cursor")
            if not cursor:
                return


def refusal(method: str, error: SlackApiError) -> str | None:
    """Why Slack will go on refusing, in one line; None if it may not."""
    code = error_code(error)
    if code in TOKEN_ERRORS:
        which = "SLACK_APP_TOKEN" if method == "apps.connections.open" else "SLACK_BOT_TOKEN"
        return (
            f"Slack refuses {which} ({code}). Install the app again, put its token into the "
            "settings, and start anew; questions that were not answered yet are kept."
        )
    if code == "missing_scope" and method not in BEST_EFFORT:
        needed = error.response.data.get("needed", "it does not name")
        return (
            f"Slack misses the scope {needed} for {method}. Add it under OAuth & Permissions, "
            "install the app again, and start anew; questions that were not answered are kept."
        )
    return None


def error_code(error: SlackApiError) -> str:
    """Slack's word for what went wrong; empty where something else than Slack answered."""
    data = error.response.data
    return str(data.get("error", "")) if isinstance(data, dict) else ""
