"""Socket Mode of the fake Slack: connections, envelopes and acknowledgements."""

import asyncio
import itertools
import json
import secrets
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from aiohttp import WSMsgType, web

TEAM, BOT_USER, BOT, APP = "T1", "UBOT", "B1", "A1"

Json = dict[str, Any]


@dataclass
class Delivery:
    """An envelope that was, or will be, sent to the app."""

    type: str
    payload: Json
    envelope_id: str = ""
    acked: asyncio.Future[Any] = field(default_factory=lambda: asyncio.Future())
    sent_at: float = 0.0
    ack_seconds: float = 0.0


class Deliveries:
    """Delivers to any of the connections; what was not acked comes again on the next one."""

    def __init__(self) -> None:
        self.connections = 0
        self.deliveries: list[Delivery] = []
        self._ids = itertools.count(1)
        self._sockets: list[web.WebSocketResponse] = []
        self._unacked: dict[str, Delivery] = {}
        self._changed = asyncio.Event()
        self._tasks: set[asyncio.Task[None]] = set()

    async def until(self, holds: Callable[[], Any], seconds: float = 20.0) -> None:
        """Wait until something about this Slack holds."""
        async with asyncio.timeout(seconds):
            while not holds():
                self._changed.clear()
                await self._changed.wait()

    def deliver(self, type: str, payload: Json) -> Delivery:  # noqa: A002 - its name at Slack
        delivery = Delivery(type, payload)
        self.deliveries.append(delivery)
        self._unacked[self._envelope(delivery)] = delivery
        self._spawn(self._send(delivery))
        return delivery

    def deliver_again(self, delivery: Delivery) -> Delivery:
        """The same event in another envelope, as if the ack had been lost."""
        return self.deliver(delivery.type, delivery.payload)

    def event(self, event: Json, *, event_id: str = "") -> Delivery:
        return self.deliver("events_api", self.event_payload(event, event_id=event_id))

    def event_payload(self, event: Json, *, event_id: str = "") -> Json:
        return {
            "type": "event_callback",
            "team_id": TEAM,
            "api_app_id": APP,
            "event_id": event_id or f"Ev{next(self._ids)}",
            "event_time": int(time.time()),
            "authorizations": [{"team_id": TEAM, "user_id": BOT_USER, "is_bot": True}],
            "event": event | {"event_ts": event.get("event_ts") or event.get("ts", "1.0")},
        }

    async def disconnect(self) -> None:
        """Ask every connection to come back, as Slack does every few hours."""
        for socket in self._open_sockets():
            await socket.send_json({"type": "disconnect", "reason": "refresh_requested"})

    async def hang_up(self) -> None:
        """Close the connections without a word before."""
        for socket in self._open_sockets():
            await socket.close()

    def abort(self) -> None:
        """Cut the connections, as a network does."""
        for socket in self._open_sockets():
            transport = socket._req.transport if socket._req else None
            if transport is not None:
                transport.abort()

    async def _socket(self, request: web.Request) -> web.WebSocketResponse:
        socket = web.WebSocketResponse()
        await socket.prepare(request)
        hello = {"type": "hello", "num_connections": 1, "connection_info": {"app_id": APP}}
        await socket.send_json(hello)
        self.connections += 1
        self._sockets.append(socket)
        self._changed.set()
        for envelope_id in list(self._unacked):
            again = self._unacked.pop(envelope_id)
            self._unacked[self._envelope(again)] = again
            await self._send(again)
        async for message in socket:
            if message.type == WSMsgType.TEXT:
                self._acked(json.loads(message.data))
        self._sockets.remove(socket)
        self._changed.set()
        return socket

    def _acked(self, answer: Json) -> None:
        delivery = self._unacked.pop(answer["envelope_id"], None)
        if delivery is not None and not delivery.acked.done():
            delivery.ack_seconds = time.perf_counter() - delivery.sent_at
            delivery.acked.set_result(answer.get("payload"))
        self._changed.set()

    async def _send(self, delivery: Delivery) -> None:
        envelope = {
            "envelope_id": delivery.envelope_id,
            "type": delivery.type,
            "accepts_response_payload": delivery.type != "events_api",
            "payload": delivery.payload,
        }
        if delivery.type == "events_api":
            envelope |= {"retry_attempt": 0, "retry_reason": ""}
        delivery.sent_at = delivery.sent_at or time.perf_counter()
        if sockets := self._open_sockets():
            # Each event goes to one of the connections, any of them.
            await sockets[next(self._ids) % len(sockets)].send_json(envelope)

    def _open_sockets(self) -> list[web.WebSocketResponse]:
        return [socket for socket in self._sockets if not socket.closed]

    def _envelope(self, delivery: Delivery) -> str:
        delivery.envelope_id = secrets.token_hex(8)
        return delivery.envelope_id

    def _spawn(self, sending: Any) -> None:
        task = asyncio.ensure_future(sending)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)
