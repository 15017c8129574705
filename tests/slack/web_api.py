"""The Web API of the fake Slack: methods, their arguments checked, and the faults they play."""

import itertools
import json
import secrets
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from aiohttp import web

from tests.slack.socket_mode import APP, BOT, BOT_USER, TEAM, Deliveries, Json
from tests.slack.strictness import wrong_with_message, wrong_with_view

BOT_TOKEN = "xoxb-fake-1"
APP_TOKEN = "xapp-fake-1"
SCOPES = (
    "app_mentions:read,assistant:write,chat:write,commands,im:history,im:read,im:write,"
    "channels:history,channels:read,groups:history,groups:read,reactions:read,files:read,"
    "usergroups:read,users:read"
)


@dataclass
class Fault:
    """What a method answers instead, so many times."""

    times: int = 1
    status: int = 200
    error: str = ""
    headers: dict[str, str] = field(default_factory=dict)
    extra: Json = field(default_factory=dict)


class WebApi(Deliveries):
    """What stands in the workspace, and the methods that read and change it."""

    port = 0
    root = ""

    def __init__(self) -> None:
        super().__init__()
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
        """SlackFiles show the page to sign in, as without the scope files:read."""
        self.channels: dict[str, Json] = {"C1": {"is_private": False}}
        self.files: dict[str, tuple[Json, bytes]] = {}
        self.groups: dict[str, list[str]] = {}
        self.guests: set[str] = set()
        self._faults: dict[str, list[Fault]] = {}
        self._clock = itertools.count(1)
        self._streams: set[tuple[str, str]] = set()
        self._triggers: set[str] = set()

    def next_ts(self) -> str:
        return f"{int(time.time())}.{next(self._clock):06d}"

    def fail(self, method: str, *faults: Fault) -> None:
        self._faults.setdefault(method, []).extend(faults)

    def heal(self) -> None:
        self._faults.clear()

    def revoke(self) -> None:
        self.revoked = True

    def kill_streams(self) -> None:
        """Let every running stream expire."""
        self._streams.clear()

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
        if (message["channel"], message["ts"]) in self._streams:
            raise _RefusedError("streaming_state_conflict")
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
        user = arguments["user"]
        return {"user": {"id": user, "is_bot": False, "is_restricted": user in self.guests}}

    def _do_usergroups_users_list(self, arguments: Json) -> Json:
        _refuse(None if arguments["usergroup"] in self.groups else "no_such_subteam")
        return {"users": self.groups[arguments["usergroup"]]}

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

    def _do_reactions_get(self, arguments: Json) -> Json:
        where = arguments["channel"], arguments["timestamp"]
        _refuse(None if where in self.messages else "message_not_found")
        return {"type": "message", "channel": where[0], "message": dict(self.messages[where])}

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


class _RefusedError(Exception):
    """A method answers with this error."""


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
