"""Slack over HTTP: an ASGI app that checks size and signature, and two paths for its health."""

import asyncio
import json
import logging
import re
from collections.abc import Awaitable, Callable
from typing import Any

from slack_bolt.adapter.asgi.async_handler import AsyncSlackRequestHandler
from slack_bolt.async_app import AsyncApp
from slack_sdk.signature import SignatureVerifier

from bot.slack.client import Health
from bot.slack.events import MALFORMED

log = logging.getLogger(__name__)

Scope = dict[str, Any]
Headers = dict[bytes, bytes]
Receive = Callable[[], Awaitable[Scope]]
Send = Callable[[Scope], Awaitable[None]]

SLACK_PATH = "/slack/events"
MAX_BODY_BYTES = 1_000_000
"""The largest that Slack sends, the state of a modal, has under 250 kB."""

BODY_SECONDS = 10.0
"""Within this the whole body must have come; Slack itself gives up after 3 seconds."""

SIGNED_HEADERS = (b"x-slack-request-timestamp", b"x-slack-signature")
_TIMESTAMP = re.compile(rb"[0-9]{1,12}")
_SIGNATURE = re.compile(rb"v0=[0-9a-f]{64}")


class HttpApp:
    """Hands to Bolt what Slack signed: the raw bytes are checked before anything is parsed."""

    def __init__(self, app: AsyncApp, health: Health, *, signing_secret: str) -> None:
        self._slack = AsyncSlackRequestHandler(app, path=SLACK_PATH)
        self._verifier = SignatureVerifier(signing_secret)
        self._health = health

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        match scope["type"], scope.get("method"), scope.get("path"):
            case "http", "GET", "/health":
                await _answer(send, 200, {"alive": True})
            case "http", "GET", "/ready":
                ready = self._health.ready
                status = {"ready": ready, "reason": self._health.refusal}
                await _answer(send, 200 if ready else 503, status)
            case "http", "POST", "/slack/events":
                await self._deliver(scope, receive, send)
            case "http", _, _:
                await _answer(send, 404, {"error": "not found"})

    async def _deliver(self, scope: Scope, receive: Receive, send: Send) -> None:
        headers = dict(scope["headers"])
        if not _looks_signed(headers):
            await _answer(send, 401, {"error": "invalid request"})
            return
        try:
            body = await asyncio.wait_for(_read_body(headers, receive), BODY_SECONDS)
        except TimeoutError:
            await _answer(send, 408, {"error": "the body came too slowly"})
            return
        if body is None:
            await _answer(send, 413, {"error": f"more than {MAX_BODY_BYTES:,} bytes"})
        elif not self._is_signed(headers, body):
            await _answer(send, 401, {"error": "invalid request"})
        else:
            await self._hand_on(scope, _replay(body, receive), send)

    async def _hand_on(self, scope: Scope, receive: Receive, send: Send) -> None:
        try:
            await self._slack(scope, receive, send)
        except MALFORMED as error:
            log.error("Skipped a request that Bolt can't read: %r", error)
            await _answer(send, 200, {})

    def _is_signed(self, headers: Headers, body: bytes) -> bool:
        timestamp, signature = (headers[name].decode("ascii") for name in SIGNED_HEADERS)
        try:
            return self._verifier.is_valid(body, timestamp, signature)
        except UnicodeDecodeError:
            return False


def _looks_signed(headers: Headers) -> bool:
    """Whether both headers have their form: the SDK raises on a timestamp that is no number."""
    timestamp, signature = (headers.get(name, b"") for name in SIGNED_HEADERS)
    return bool(_TIMESTAMP.fullmatch(timestamp) and _SIGNATURE.fullmatch(signature))


async def _read_body(headers: Headers, receive: Receive) -> bytes | None:
    """The raw body; None where it is larger than what Slack sends, or its sender hung up."""
    announced = headers.get(b"content-length", b"0")
    if not announced.isdigit() or int(announced[:20]) > MAX_BODY_BYTES:
        return None
    body = bytearray()
    while len(body) <= MAX_BODY_BYTES:
        message = await receive()
        if message["type"] == "http.disconnect":
            return None
        body += message.get("body", b"")
        if not message.get("more_body"):
            return bytes(body) if len(body) <= MAX_BODY_BYTES else None
    return None


def _replay(body: bytes, receive: Receive) -> Receive:
    """`receive` for the app behind this one: the body that was read, then whatever follows."""
    messages: list[Scope] = [{"type": "http.request", "body": body, "more_body": False}]

    async def replayed() -> Scope:
        return messages.pop() if messages else await receive()

    return replayed


async def _answer(send: Send, status: int, document: dict[str, Any]) -> None:
    headers = [(b"content-type", b"application/json")]
    await send({"type": "http.response.start", "status": status, "headers": headers})
    await send({"type": "http.response.body", "body": json.dumps(document).encode()})
