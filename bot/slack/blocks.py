"""Slack's blocks as the plain dictionaries that it takes.

Not slack_sdk's models: importing them loads its web client, 0.1 to 0.4 s here, and they check no
more than the lengths that the tests check.
"""

from collections.abc import Sequence
from typing import Any, TypeAlias

Block: TypeAlias = dict[str, Any]


def plain(text: str) -> Block:
    return {"type": "plain_text", "text": text, "emoji": False}


def mrkdwn(text: str) -> Block:
    """`verbatim` keeps Slack from making links of what looks like one."""
    return {"type": "mrkdwn", "text": text, "verbatim": True}


def header(text: str) -> Block:
    return {"type": "header", "text": plain(text)}


def section(text: str, *, accessory: Block | None = None) -> Block:
    block: Block = {"type": "section", "text": mrkdwn(text)}
    return block | {"accessory": accessory} if accessory else block


def markdown(text: str) -> Block:
    return {"type": "markdown", "text": text}


def context(text: str) -> Block:
    return {"type": "context", "elements": [mrkdwn(text)]}


def divider() -> Block:
    return {"type": "divider"}


def actions(*elements: Block) -> Block:
    return {"type": "actions", "elements": list(elements)}


def button(text: str, action_id: str, value: str, **more: Any) -> Block:
    return {
        "type": "button",
        "text": plain(text),
        "action_id": action_id,
        "value": value,
        **more,
    }


def thumbs(action_id: str, *, up: str, down: str) -> Block:
    """Feedback thumbs with the values that a click on either sends."""
    return {
        "type": "context_actions",
        "elements": [
            {
                "type": "feedback_buttons",
                "action_id": action_id,
                "positive_button": {
                    "text": plain("Good answer"),
                    "accessibility_label": "This answer is good",
                    "value": up,
                },
                "negative_button": {
                    "text": plain("Bad answer"),
                    "accessibility_label": "This answer is bad",
                    "value": down,
                },
            }
        ],
    }


def run(text: str, **style: bool) -> Block:
    """A run of rich text; Slack shows it as it is, and reads no markup in it."""
    element: Block = {"type": "text", "text": text}
    return element | {"style": style} if style else element


def paragraph(runs: Sequence[Block]) -> Block:
    return {"type": "rich_text", "elements": [{"type": "rich_text_section", "elements": [*runs]}]}


def bullets(items: Sequence[Sequence[Block]]) -> Block:
    """A list; each item is its runs of rich text."""
    sections = [{"type": "rich_text_section", "elements": [*runs]} for runs in items]
    bulleted = {"type": "rich_text_list", "style": "bullet", "elements": sections}
    return {"type": "rich_text", "elements": [bulleted]}
