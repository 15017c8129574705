"""A Slack on loopback that the real SDK talks to: Web API, Socket Mode, and their faults.

It is strict where Slack is: tokens, unknown methods, limits, threads that must exist. Whatever
an app posts comes back to it as an event, as Slack does. Deliveries that were not acked are
delivered again on the next connection.
"""

import mimetypes
import secrets
from collections.abc import Iterator

from aiohttp import web

from tests.slack.socket_mode import APP, BOT, BOT_USER, TEAM, Delivery, Json
from tests.slack.web_api import APP_TOKEN, BOT_TOKEN, Fault, WebApi

__all__ = [
    "APP_TOKEN",
    "BOT",
    "BOT_TOKEN",
    "BOT_USER",
    "SIGNING_SECRET",
    "FakeSlack",
    "Fault",
    "Json",
    "find_action",
    "find_actions",
]

SIGNING_SECRET = "fake-secret"


class FakeSlack(WebApi):
    """One workspace with one app in it, and the people there."""

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
        mimetype = mimetypes.guess_type(name)[0] or "text/plain"
        about = {"id": file_id, "name": name, "size": len(content), "mimetype": mimetype}
        self.files[file_id] = (about | {"url_private_download": url}, content)
        said = f"<@{BOT_USER}> {text}" if channel else text
        message = self.say(channel or f"D{user}", said, user)
        message |= {"files": [{"id": file_id}], "subtype": "file_share"}
        kind = self._kind(channel) if channel else "im"
        self.event({**message, "channel_type": kind})
        return str(message["ts"])

    def react(
        self, ts: str, *, name: str = "newspaper", user: str = "U1", channel: str = "C1"
    ) -> None:
        """A person adds a reaction to a message."""
        self.event(
            {
                "type": "reaction_added",
                "user": user,
                "reaction": name,
                "item_user": self.messages[channel, ts]["user"],
                "item": {"type": "message", "channel": channel, "ts": ts},
            }
        )

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

    def _trigger(self) -> str:
        trigger = f"{next(self._ids)}.{secrets.token_hex(4)}"
        self._triggers.add(trigger)
        return trigger


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
