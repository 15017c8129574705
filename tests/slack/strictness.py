"""The checks Slack makes of what an app sends: the error it would answer with, or None."""

import json
from collections.abc import Mapping, Sequence
from typing import Any

Arguments = Mapping[str, Any]

TEXT = 40_000
SECTION = 3_000
MARKDOWN = 12_000
MESSAGE_BLOCKS = 50
VIEW_BLOCKS = 100
BUTTON_VALUE = 2_000
BUTTON_TEXT = 75
ACTION_ID = 255

_BLOCKS = {
    "actions",
    "context",
    "context_actions",
    "divider",
    "header",
    "image",
    "input",
    "markdown",
    "rich_text",
    "section",
    "table",
    "task_card",
}


def wrong_with_message(arguments: Arguments) -> str | None:
    """Why chat.postMessage, chat.update or a response_url refuses a message."""
    text, blocks = arguments.get("text") or "", _list(arguments.get("blocks"))
    if blocks is None:
        return "invalid_blocks_format"
    if not text and not blocks and not arguments.get("markdown_text"):
        return "no_text"
    if len(text) > TEXT:
        return "msg_too_long"
    markdown = len(arguments.get("markdown_text") or "")
    markdown += sum(len(block.get("text", "")) for block in blocks if block["type"] == "markdown")
    if markdown > MARKDOWN:
        return "msg_blocks_too_long"
    if len(blocks) > MESSAGE_BLOCKS or any(map(_wrong_with_block, blocks)):
        return "invalid_blocks"
    return None


def wrong_with_view(view: Any) -> str | None:
    """Why views.open, views.update or views.publish refuses a view."""
    view = json.loads(view) if isinstance(view, str) else view
    if not isinstance(view, dict) or view.get("type") not in ("modal", "home"):
        return "invalid_arguments"
    blocks = view.get("blocks", [])
    if view["type"] == "modal" and not 0 < len(view.get("title", {}).get("text", "")) <= 24:
        return "invalid_arguments"
    if len(view.get("private_metadata", "")) > SECTION or len(view.get("callback_id", "")) > 255:
        return "invalid_arguments"
    if not blocks or len(blocks) > VIEW_BLOCKS or any(map(_wrong_with_block, blocks)):
        return "invalid_arguments"
    if any(block["type"] == "input" for block in blocks) and not view.get("submit"):
        return "invalid_arguments"
    return None


def _wrong_with_block(block: Mapping[str, Any]) -> bool:
    match block:
        case {"type": "section"}:
            texts = [*([block["text"]] if "text" in block else []), *block.get("fields", [])]
            return not texts or any(not 0 < len(text["text"]) <= SECTION for text in texts)
        case {"type": "header", "text": {"type": "plain_text", "text": str(text)}}:
            return not 0 < len(text) <= 150
        case {"type": "header"}:
            return True
        case {"type": "context", "elements": elements}:
            return not 0 < len(elements) <= 10 or any(_empty(element) for element in elements)
        case {"type": "actions", "elements": elements}:
            return not 0 < len(elements) <= 25 or _wrong_with_elements(elements)
        case {"type": "context_actions", "elements": elements}:
            return not 0 < len(elements) <= 5 or _wrong_with_elements(elements)
    return block.get("type") not in _BLOCKS


def _wrong_with_elements(elements: Sequence[Mapping[str, Any]]) -> bool:
    ids = [element.get("action_id") for element in elements]
    return len(set(ids)) < len(ids) or any(map(_wrong_with_element, elements))


def _wrong_with_element(element: Mapping[str, Any]) -> bool:
    if len(element.get("action_id") or "") > ACTION_ID:
        return True
    if element["type"] == "button":
        text = element.get("text", {}).get("text", "")
        return not 0 < len(text) <= BUTTON_TEXT or len(element.get("value", "x")) > BUTTON_VALUE
    return False


def _empty(element: Mapping[str, Any]) -> bool:
    return element["type"] in ("mrkdwn", "plain_text") and not element.get("text")


def _list(blocks: Any) -> list[dict[str, Any]] | None:
    try:
        found = json.loads(blocks) if isinstance(blocks, str) else blocks or []
    except ValueError:
        return None
    return found if isinstance(found, list) else None
