"""A Slack on loopback that the real SDK talks to: Web API, Socket Mode, and their faults.

It is strict where Slack is: tokens, unknown methods, limits, threads that must exist. Whatever
an app posts comes back to it as an event, as Slack does. Deliveries that were not acked are
delivered again on the next connection.
"""

import asyncio
import itertools
import json
import secrets
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any

from aiohttp import WSMsgType, web

from tests.slack.strictness import wrong_with_message, wrong_with_view

BOT_TOKEN = "xoxb-fake-1"
APP_TOKEN = "xapp-fake-1"
SIGNING_SECRET = "fake-secret"
TEAM, BOT_USER, BOT, APP = "T1", "UBOT", "B1", "A1"
SCOPES = (
    "app_mentions:read,assistant:write,chat:write,commands,im:history,im:read,im:write,"
    "channels:history,channels:read,groups:history,groups:read,reactions:read,files:read,users:read"
)

Json = dict[str, Any]


@dataclass
class Fault:
    """What a method answers instead, so many times."""

    times: int = 1
    status: int = 200
    error: str = ""
    headers: dict[str, str] = field(default_factory=dict)
    extra: Json = field(default_factory=dict)


@dataclass
class Delivery:
    """An envelope that was, or will be, sent to the app."""

    type: str
    payload: Json
    envelope_id: str = ""
    acked: asyncio.Future[Any] = field(default_factory=lambda: asyncio.Future())
    sent_at: float = 0.0
    ack_seconds: float = 0.0


class FakeSlack:
    """One workspace with one app in it."""

    def __init__(self) -> None:
        self.calls: list[tuple[str, Json]] = []
        self.messages: dict[tuple[str, str], Json] = {}
        self.responses: list[Json] = []
        """What was sent to response_urls."""
        self.views: list[Json] = []
        self.homes: dict[str, Json] = {}
        self.on_call: Callable[[str, Json], object] = lambda method, arguments: None
        self.scopes = SCOPES
        self.revoked = False
        self.signed_out = False
        """Files show the page to sign in, as without the scope files:read."""
        self.connections = 0
        self.deliveries: list[Delivery] = []
        self.channels: dict[str, Json] = {"C1": {"is_private": False}}
        self.files: dict[str, tuple[Json, bytes]] = {}
        self._faults: dict[str, list[Fault]] = {}
        self._clock = itertools.count(1)
        self._ids = itertools.count(1)
        self._sockets: list[web.WebSocketResponse] = []
        self._unacked: dict[str, Delivery] = {}
        self._streams: set[tuple[str, str]] = set()
        self._triggers: set[str] = set()
        self._changed = asyncio.Event()
        self._tasks: set[asyncio.Task[None]] = set()

    # Life

    async def start(self) -> None:
        routes = web.Application(client_max_size=10_000_000)
        routes.router.add_route("*", "/api/{method}", self._api)
        routes.router.add_post("/response/{id}", self._response_url)
        routes.router.add_get("/files/{id}", self._download)
        routes.router.add_get("/link/", self._socket)
        self._runner = web.AppRunner(routes, shutdown_timeout=0.1)
        await self._runner.setup()
        site = web.TCPSite(self._runner, "127.0.0.1", 0)
        await site.start()
        self.port = self._runner.addresses[0][1]
        self.root = f"http://127.0.0.1:{self.port}"
        self.url = f"{self.root}/api/"

    async def stop(self) -> None:
        for task in self._tasks:
            task.cancel()
        for socket in self._sockets:
            await socket.close()
        await self._runner.cleanup()

    async def until(self, holds: Callable[[], Any], seconds: float = 20.0) -> None:
        """Wait until something about this Slack holds."""
        async with asyncio.timeout(seconds):
            while not holds():
                self._changed.clear()
                await self._changed.wait()

    # What people do

    def next_ts(self) -> str:
        return f"{int(time.time())}.{next(self._clock):06d}"

    def say(self, channel: str, text: str, user: str, thread: str | None = None) -> Json:
        """A person's message stands in a channel; nothing is delivered yet."""
        message = {"type": "message", "user": user, "text": text, "ts": self.next_ts()}
        message |= {"channel": channel, "thread_ts": thread} if thread else {"channel": channel}
        self.messages[channel, message["ts"]] = message
        return message

    def mention(
        self, text: str, *, user: str = "U1", channel: str = "C1", thread: str | None = None
    ) -> str:
        """A person names the bot in a channel: delivered twice, as Slack does; returns the ts."""
        message = self.say(channel, f"<@{BOT_USER}> {text}", user, thread)
        self.event({**message, "type": "app_mention"})
        self.event({**message, "channel_type": self._kind(channel)})
        return str(message["ts"])

    def reply(self, text: str, thread: str, *, user: str = "U1", channel: str = "C1") -> str:
        """A person writes in a thread without naming the bot."""
        message = self.say(channel, text, user, thread)
        self.event({**message, "channel_type": self._kind(channel)})
        return str(message["ts"])

    def direct(self, text: str, *, user: str = "U1", thread: str | None = None) -> str:
        """A person writes to the bot."""
        message = self.say(f"D{user}", text, user, thread)
        self.event({**message, "channel_type": "im"})
        return str(message["ts"])

    def give(
        self, name: str, content: bytes, *, user: str = "U1", channel: str = "", text: str = ""
    ) -> str:
        """A person sends a file, to the bot or into a channel with a mention; returns the ts."""
        file_id = f"F{next(self._ids)}"
        url = f"{self.root}/files/{file_id}"
        about = {"id": file_id, "name": name, "size": len(content), "mimetype": "text/plain"}
        self.files[file_id] = (about | {"url_private_download": url}, content)
        said = f"<@{BOT_USER}> {text}" if channel else text
        message = self.say(channel or f"D{user}", said, user)
        message |= {"files": [{"id": file_id}], "subtype": "file_share"}
        kind = self._kind(channel) if channel else "im"
        self.event({**message, "channel_type": kind})
        return str(message["ts"])

    def edit(self, channel: str, ts: str, text: str) -> None:
        previous = dict(self.messages[channel, ts])
        self.messages[channel, ts]["text"] = text
        self._tell_changed(channel, self.messages[channel, ts], previous)

    def delete(self, channel: str, ts: str) -> None:
        """A person deletes a message; with replies, it stays as a tombstone."""
        previous = self.messages[channel, ts]
        if any(m.get("thread_ts") == ts for m in self.messages.values()):
            tombstone = {"type": "message", "subtype": "tombstone", "user": "USLACKBOT", "ts": ts}
            self.messages[channel, ts] = tombstone | {"text": "This message was deleted."}
            self._tell_changed(channel, self.messages[channel, ts], previous)
            return
        del self.messages[channel, ts]
        self.event(
            {
                "type": "message",
                "subtype": "message_deleted",
                "channel": channel,
                "channel_type": self._kind(channel),
                "ts": self.next_ts(),
                "deleted_ts": ts,
                "previous_message": previous,
            }
        )

    def command(self, name: str, text: str, *, user: str = "U1", channel: str = "C1") -> Delivery:
        return self.deliver(
            "slash_commands",
            {
                "command": name,
                "text": text,
                "user_id": user,
                "channel_id": channel,
                "team_id": TEAM,
                "api_app_id": APP,
                "trigger_id": self._trigger(),
                "response_url": f"{self.root}/response/{next(self._ids)}",
            },
        )

    def click(
        self,
        action: Json,
        *,
        user: str = "U1",
        channel: str = "C1",
        message: Json | None = None,
        view: Json | None = None,
    ) -> Delivery:
        """A person uses a button of a message or a view: one found by `find_action`."""
        where = (
            {"container": {"type": "view"}, "view": view}
            if view
            else {
                "channel": {"id": channel},
                "container": {"type": "message", "channel_id": channel},
                "message": message,
                "response_url": f"{self.root}/response/{next(self._ids)}",
            }
        )
        return self.deliver(
            "interactive",
            {
                "type": "block_actions",
                "user": {"id": user},
                "team": {"id": TEAM},
                "api_app_id": APP,
                "trigger_id": self._trigger(),
                "actions": [action | {"action_ts": self.next_ts(), "block_id": "b"}],
                **where,
            },
        )

    def submit(self, view: Json, values: Json, *, user: str = "U1") -> Delivery:
        """A person sends a modal; `values` are the state of its inputs."""
        return self.deliver(
            "interactive",
            {
                "type": "view_submission",
                "user": {"id": user},
                "team": {"id": TEAM},
                "api_app_id": APP,
                "trigger_id": self._trigger(),
                "view": view | {"id": "V1", "state": {"values": values}},
            },
        )

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

    def deliver(self, type: str, payload: Json) -> Delivery:  # noqa: A002 - its name at Slack
        delivery = Delivery(type, payload)
        self.deliveries.append(delivery)
        self._unacked[self._envelope(delivery)] = delivery
        self._spawn(self._send(delivery))
        return delivery

    def deliver_again(self, delivery: Delivery) -> Delivery:
        """The same event in another envelope, as if the ack had been lost."""
        return self.deliver(delivery.type, delivery.payload)

    # What is seen

    def posts(self, channel: str = "C1", thread: str | None = None) -> list[Json]:
        """The bot's messages in a channel, or in one thread of it, oldest first."""
        return [
            message
            for (where, _), message in self.messages.items()
            if where == channel
            and message.get("bot_id") == BOT
            and (thread is None or message.get("thread_ts") == thread)
        ]

    def called(self, method: str) -> list[Json]:
        return [arguments for name, arguments in self.calls if name == method]

    # Faults

    def fail(self, method: str, *faults: Fault) -> None:
        self._faults.setdefault(method, []).extend(faults)

    def heal(self) -> None:
        self._faults.clear()

    def revoke(self) -> None:
        self.revoked = True

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

    def kill_streams(self) -> None:
        """Let every running stream expire."""
        self._streams.clear()

    # The Web API

    async def _api(self, request: web.Request) -> web.Response:
        method = request.match_info["method"]
        arguments = await _arguments(request)
        self.calls.append((method, arguments))
        self.on_call(method, arguments)
        answer, status, headers = self._answer(request, method, arguments)
        self._changed.set()
        return web.json_response(answer, status=status, headers=headers)

    def _answer(
        self, request: web.Request, method: str, arguments: Json
    ) -> tuple[Json, int, dict[str, str]]:
        headers = {"x-oauth-scopes": self.scopes}
        if faults := self._faults.get(method):
            fault = faults[0]
            fault.times -= 1
            if fault.times <= 0:
                faults.pop(0)
            answer = {"ok": False, "error": fault.error or "ratelimited", **fault.extra}
            return answer, fault.status, headers | fault.headers
        wanted = APP_TOKEN if method == "apps.connections.open" else BOT_TOKEN
        if self.revoked:
            return {"ok": False, "error": "token_revoked"}, 200, headers
        if request.headers.get("Authorization") != f"Bearer {wanted}":
            return {"ok": False, "error": "invalid_auth"}, 200, headers
        handle = getattr(self, "_do_" + method.replace(".", "_"), None)
        if handle is None:
            return {"ok": False, "error": "unknown_method"}, 200, headers
        try:
            return {"ok": True, **handle(arguments)}, 200, headers
        except _RefusedError as refused:
            return {"ok": False, "error": str(refused)}, 200, headers

    def _do_auth_test(self, _: Json) -> Json:
        return {
            "url": f"{self.root}/",
            "team": "Fake",
            "user": "newsdesk",
            "team_id": TEAM,
            "user_id": BOT_USER,
            "bot_id": BOT,
        }

    def _do_apps_connections_open(self, _: Json) -> Json:
        return {"url": f"ws://127.0.0.1:{self.port}/link/?ticket=x&app_id={APP}"}

    def _do_chat_postMessage(self, arguments: Json) -> Json:  # noqa: N802 - Slack's name
        channel = str(arguments.get("channel", ""))
        # Posting to a person opens the direct messages with them.
        channel = f"D{channel}" if channel[:1] == "U" else channel
        _refuse(None if channel[:1] in "CDG" and channel else "channel_not_found")
        _refuse(wrong_with_message(arguments))
        thread = arguments.get("thread_ts")
        if thread and (channel, thread) not in self.messages:
            raise _RefusedError("thread_not_found")
        message = self._own_message(channel, thread, arguments)
        self.event({**message, "channel_type": self._kind(channel)})
        return {"channel": channel, "ts": message["ts"], "message": message}

    def _do_chat_postEphemeral(self, arguments: Json) -> Json:  # noqa: N802 - Slack's name
        _refuse(None if arguments.get("user") else "user_not_in_channel")
        _refuse(wrong_with_message(arguments))
        return {"message_ts": self.next_ts()}

    def _do_chat_update(self, arguments: Json) -> Json:
        message = self._own(arguments)
        _refuse(wrong_with_message(arguments))
        previous = dict(message)
        changes = ("text", "blocks", "markdown_text", "metadata")
        message.update({key: arguments[key] for key in changes if key in arguments})
        self._tell_changed(message["channel"], message, previous)
        return {"channel": message["channel"], "ts": message["ts"], "message": message}

    def _do_chat_delete(self, arguments: Json) -> Json:
        message = self._own(arguments)
        del self.messages[message["channel"], message["ts"]]
        return {"channel": message["channel"], "ts": message["ts"]}

    def _do_chat_startStream(self, arguments: Json) -> Json:  # noqa: N802 - Slack's name
        channel, thread = arguments["channel"], arguments.get("thread_ts")
        _refuse(None if (channel, thread) in self.messages else "thread_not_found")
        if channel.startswith("C") and not arguments.get("recipient_user_id"):
            raise _RefusedError("missing_recipient_user_id")
        message = self._own_message(channel, thread, {"text": _streamed(arguments)})
        self._streams.add((channel, message["ts"]))
        return {"channel": channel, "ts": message["ts"]}

    def _do_chat_appendStream(self, arguments: Json) -> Json:  # noqa: N802 - Slack's name
        message = self._streaming(arguments)
        message["text"] += _streamed(arguments)
        return {"channel": message["channel"], "ts": message["ts"]}

    def _do_chat_stopStream(self, arguments: Json) -> Json:  # noqa: N802 - Slack's name
        message = self._streaming(arguments)
        message["text"] += _streamed(arguments)
        message["blocks"] = arguments.get("blocks", [])
        message["metadata"] = arguments.get("metadata")
        self._streams.discard((message["channel"], message["ts"]))
        return {"channel": message["channel"], "ts": message["ts"], "message": message}

    def _do_conversations_replies(self, arguments: Json) -> Json:
        channel, thread = arguments["channel"], arguments["ts"]
        _refuse(None if (channel, thread) in self.messages else "thread_not_found")
        found = [
            {k: v for k, v in message.items() if k != "metadata" or _with_metadata(arguments)}
            for (where, ts), message in self.messages.items()
            if where == channel and thread in (ts, message.get("thread_ts"))
        ]
        start, size = int(arguments.get("cursor") or 0), int(arguments.get("limit") or 100)
        rest = str(start + size) if start + size < len(found) else ""
        return {
            "messages": found[start : start + size],
            "has_more": bool(rest),
            "response_metadata": {"next_cursor": rest},
        }

    def _do_conversations_info(self, arguments: Json) -> Json:
        channel = arguments["channel"]
        known = self.channels.get(channel, {"is_private": not channel.startswith("C")})
        return {"channel": {"id": channel, "is_im": channel.startswith("D"), **known}}

    def _do_users_info(self, arguments: Json) -> Json:
        return {"user": {"id": arguments["user"], "is_bot": False, "is_restricted": False}}

    def _do_files_info(self, arguments: Json) -> Json:
        _refuse(None if arguments["file"] in self.files else "file_not_found")
        return {"file": self.files[arguments["file"]][0]}

    def _do_views_open(self, arguments: Json) -> Json:
        return self._show_view(arguments)

    def _do_views_push(self, arguments: Json) -> Json:
        return self._show_view(arguments)

    def _do_views_update(self, arguments: Json) -> Json:
        return self._keep_view(arguments, arguments["view_id"])

    def _do_views_publish(self, arguments: Json) -> Json:
        _refuse(wrong_with_view(arguments.get("view")))
        self.homes[arguments["user_id"]] = _view(arguments)
        return {"view": _view(arguments)}

    def _do_reactions_add(self, arguments: Json) -> Json:
        _refuse(None if (arguments["channel"], arguments["timestamp"]) in self.messages else "no")
        return {}

    def _do_assistant_threads_setStatus(self, arguments: Json) -> Json:  # noqa: N802
        where = arguments.get("channel_id"), arguments.get("thread_ts")
        _refuse(None if where in self.messages else "invalid_thread_ts")
        return {}

    def _do_assistant_threads_setSuggestedPrompts(self, arguments: Json) -> Json:  # noqa: N802
        prompts = arguments.get("prompts", [])
        _refuse(None if 0 < len(prompts) <= 4 else "invalid_arguments")
        _refuse(None if all(p.get("title") and p.get("message") for p in prompts) else "no_prompt")
        return {}

    def _own_message(self, channel: str, thread: str | None, arguments: Json) -> Json:
        message = {
            "type": "message",
            "channel": channel,
            "user": BOT_USER,
            "bot_id": BOT,
            "ts": self.next_ts(),
            "text": "",
            **({"thread_ts": thread} if thread else {}),
            **{k: v for k, v in arguments.items() if k not in ("channel", "thread_ts", "ts")},
        }
        self.messages[channel, message["ts"]] = message
        return message

    def _own(self, arguments: Json) -> Json:
        message = self.messages.get((arguments.get("channel", ""), arguments.get("ts", "")))
        if message is None:
            raise _RefusedError("message_not_found")
        if message.get("bot_id") != BOT:
            raise _RefusedError("cant_update_message")
        return message

    def _streaming(self, arguments: Json) -> Json:
        if (arguments["channel"], arguments["ts"]) not in self._streams:
            raise _RefusedError("message_not_in_streaming_state")
        return self._own(arguments)

    def _show_view(self, arguments: Json) -> Json:
        if arguments.get("trigger_id") not in self._triggers:
            raise _RefusedError("expired_trigger_id")
        self._triggers.discard(arguments["trigger_id"])
        return self._keep_view(arguments, f"V{next(self._ids)}")

    def _keep_view(self, arguments: Json, view_id: str) -> Json:
        _refuse(wrong_with_view(arguments.get("view")))
        view = _view(arguments) | {"id": view_id, "hash": secrets.token_hex(4)}
        self.views.append(view)
        return {"view": view}

    async def _response_url(self, request: web.Request) -> web.Response:
        message = await request.json()
        deletes = message.get("delete_original")
        if not deletes and (wrong := wrong_with_message(message)):
            return web.Response(status=400, text=wrong)
        self.responses.append(message)
        self._changed.set()
        return web.Response(text="ok")

    async def _download(self, request: web.Request) -> web.Response:
        authorized = request.headers.get("Authorization") == f"Bearer {BOT_TOKEN}"
        if self.signed_out or not authorized:
            return web.Response(text="<html>Sign in</html>", content_type="text/html")
        about, content = self.files[request.match_info["id"]]
        return web.Response(body=content, content_type=about["mimetype"])

    # Socket Mode

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

    def _tell_changed(self, channel: str, message: Json, previous: Json) -> None:
        self.event(
            {
                "type": "message",
                "subtype": "message_changed",
                "channel": channel,
                "channel_type": self._kind(channel),
                "ts": self.next_ts(),
                "message": dict(message),
                "previous_message": previous,
            }
        )

    def _kind(self, channel: str) -> str:
        return {"D": "im", "G": "group"}.get(channel[0], "channel")

    def _trigger(self) -> str:
        trigger = f"{next(self._ids)}.{secrets.token_hex(4)}"
        self._triggers.add(trigger)
        return trigger

    def _spawn(self, sending: Any) -> None:
        task = asyncio.ensure_future(sending)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)


class _RefusedError(Exception):
    """A method answers with this error."""


def find_actions(content: Json) -> Iterator[Json]:
    """The buttons of a message or view, as they come back when they are clicked."""
    for block in content.get("blocks", []):
        for element in [*block.get("elements", []), block.get("accessory", {})]:
            if "action_id" not in element:
                continue
            for key in ("positive_button", "negative_button"):
                if key in element:
                    shared = {"type": element["type"], "action_id": element["action_id"]}
                    yield shared | {"value": element[key]["value"]}
            if "positive_button" not in element:
                yield element


def find_action(content: Json, action_id: str) -> Json:
    return next(action for action in find_actions(content) if action["action_id"] == action_id)


def _refuse(error: str | None) -> None:
    if error:
        raise _RefusedError(error)


def _streamed(arguments: Json) -> str:
    chunks = arguments.get("chunks") or []
    chunks = json.loads(chunks) if isinstance(chunks, str) else chunks
    return (arguments.get("markdown_text") or "") + "".join(c.get("text", "") for c in chunks)


def _with_metadata(arguments: Json) -> bool:
    return str(arguments.get("include_all_metadata", "")).lower() in ("1", "true")


def _view(arguments: Json) -> Json:
    view = arguments["view"]
    return dict(json.loads(view) if isinstance(view, str) else view)


async def _arguments(request: web.Request) -> Json:
    if request.content_type == "application/json":
        body = await request.text()
        return dict(json.loads(body)) if body else {}
    found = dict(await request.post()) | dict(request.query)
    return {key: _decoded(str(value)) for key, value in found.items()}


def _decoded(value: str) -> Any:
    if value[:1] in "[{":
        try:
            return json.loads(value)
        except ValueError:
            return value
    return value
