"""How the bot's messages are handed to Slack: what is seen of them, and what is noted unseen."""

from collections.abc import Mapping
from typing import Any

from bot.slack.messages import Message

EVENT_TYPE = "newsdesk_answer"
PENDING = "pending"
"""The kind of a message that only says that a question is worked on."""


def shown(message: Message) -> dict[str, Any]:
    """The arguments of chat.postMessage; chat.update takes those that don't begin with unfurl."""
    return {
        "text": message.text,
        "blocks": list(message.blocks),
        "unfurl_links": False,
        "unfurl_media": False,
    }


def metadata(about: str, part: int, kind: str) -> dict[str, Any]:
    """The note on a message: which question it answers, which part it is, of which kind of work."""
    payload = {"about": about, "part": part, "kind": kind}
    return {"event_type": EVENT_TYPE, "event_payload": payload}


def payload_of(message: Mapping[str, Any]) -> dict[str, Any]:
    """What `metadata` noted on a message of the bot; nothing on others."""
    return dict((message.get("metadata") or {}).get("event_payload") or {})
