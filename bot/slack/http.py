"""Slack over HTTP: an ASGI app with the signature check, and two paths for its health."""

import json
import re
from collections.abc import Awaitable, Callable
from typing import Any

from slack_bolt.adapter.asgi.async_handler import AsyncSlackRequestHandler
from slack_bolt.async_app import AsyncApp

from bot.slack.client import Health

Scope = dict[str, Any]
Receive = Callable[[], Awaitable[Scope]]
Send = Callable[[Scope], Awaitable[None]]

SLACK_PATH = "/slack/events"
_TIMESTAMP = re.compile(rb"[0-9]{1,12}")
_SIGNATURE = re.compile(rb"v0=[0-9a-f]{64}")


class HttpApp:
    """Hands to Bolt what looks signed; Bolt checks the signature and its age."""

    def __init__(self, app: AsyncApp, health: Health) -> None:
        self._slack = AsyncSlackRequestHandler(app, path=SLACK_PATH)
        self._health = health

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        match scope["type"], scope.get("method"), scope.get("path"):
            case "http", "GET", "/health":
                await _answer(send, 200, {"alive": True})
            case "http", "GET", "/ready":
                ready = self._health.ready
                status = {"ready": ready, "reason": self._health.refusal}
                await _answer(send, 200 if ready else 503, status)
            # Bolt's check raises on what is no number, and would answer 500.
            case "http", "POST", "/slack/events" if not _looks_signed(scope):
                await _answer(send, 401, {"error": "invalid request"})
            case _:
                await self._slack(scope, receive, send)


def _looks_signed(scope: Scope) -> bool:
    headers = dict(scope["headers"])
    return bool(
        _TIMESTAMP.fullmatch(headers.get(b"x-slack-request-timestamp", b""))
        and _SIGNATURE.fullmatch(headers.get(b"x-slack-signature", b""))
    )


async def _answer(send: Send, status: int, document: dict[str, Any]) -> None:
    headers = [(b"content-type", b"application/json")]
    await send({"type": "http.response.start", "status": status, "headers": headers})
    await send({"type": "http.response.body", "body": json.dumps(document).encode()})
