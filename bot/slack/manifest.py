"""The app's manifest, from which Slack makes the app; and why it asks for what it asks."""

import json
from collections.abc import Mapping
from importlib.resources import files
from types import MappingProxyType
from typing import Any

SCOPES: Mapping[str, str] = MappingProxyType(
    {
        "app_mentions:read": "to hear a mention in a channel",
        "assistant:write": "to show that an answer is under way, and to suggest questions",
        "channels:history": "to follow a thread in a public channel",
        "channels:read": "to know a public channel from a private one",
        "chat:write": "to answer",
        "commands": "to take /ask, /ingest and /articles",
        "files:read": "to read a file that is given",
        "groups:history": "to follow a thread in a private channel",
        "groups:read": "to know a private channel",
        "im:history": "to hear a direct message",
        "im:read": "to know a direct message",
        "im:write": "to open a direct message",
        "reactions:read": "to see the newspaper reaction on a message",
        "usergroups:read": "to know who is in a user group that may add articles",
        "users:read": "to know a guest or another bot",
    }
)
"""Each scope of the bot with what it is for, for the message when one is missing."""

APP_TOKEN_SCOPE = "connections:write"  # noqa: S105 - a scope's name, not a token
"""Of the app-level token for Socket Mode; a manifest can't ask for it."""

EVENTS_PATH = "/slack/events"


def manifest(*, base_url: str = "") -> dict[str, Any]:
    """The manifest for Socket Mode, or for Slack calling the server at `base_url`."""
    loaded: dict[str, Any] = json.loads(
        files(__package__).joinpath("manifest.json").read_text(encoding="utf-8")
    )
    return _over_http(loaded, base_url.rstrip("/") + EVENTS_PATH) if base_url else loaded


def bot_scopes() -> frozenset[str]:
    """The scopes that the bot token must have."""
    return frozenset(manifest()["oauth_config"]["scopes"]["bot"])


def bot_events() -> frozenset[str]:
    """The events that Slack must send."""
    return frozenset(manifest()["settings"]["event_subscriptions"]["bot_events"])


def _over_http(socket: dict[str, Any], url: str) -> dict[str, Any]:
    settings, features = socket["settings"], socket["features"]
    return socket | {
        "features": features
        | {"slash_commands": [command | {"url": url} for command in features["slash_commands"]]},
        "settings": settings
        | {
            "event_subscriptions": settings["event_subscriptions"] | {"request_url": url},
            "interactivity": settings["interactivity"] | {"request_url": url},
            "socket_mode_enabled": False,
        },
    }
