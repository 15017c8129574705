"""Slack's limits for messages and views, as a small validator: it tells what Slack would refuse."""

import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any

from bot.slack.messages import Message

Block = Mapping[str, Any]

MESSAGE_BLOCKS = 50
MESSAGE_TEXT = 4_000
MARKDOWN_TOGETHER = 12_000
ALL_TOGETHER = 13_200

_TEXT_KEYS = {"plain_text": {"type", "text", "emoji"}, "mrkdwn": {"type", "text", "verbatim"}}


def complaints_about_message(message: Message) -> list[str]:
    """Everything Slack would refuse about a message; nothing for a good one."""
    found = list(_text_between(message.text, 1, MESSAGE_TEXT, "text"))
    found += _blocks(message.blocks)
    markdown = sum(len(b["text"]) for b in message.blocks if b["type"] == "markdown")
    if markdown > MARKDOWN_TOGETHER:
        found.append(f"markdown blocks of {markdown} characters together")
    shown = len(message.text) + sum(len(text) for text in strings(list(message.blocks)))
    if shown > ALL_TOGETHER:
        found.append(f"{shown} characters in all")
    return found


def complaints_about_view(view: Mapping[str, Any]) -> list[str]:
    """Everything Slack would refuse about a modal or a Home tab."""
    found = _blocks(view["blocks"])
    if view["type"] == "modal":
        for key in ("title", "close", "submit"):
            if key in view:
                found += _text(view[key], 24, plain=True)
        found += _text_between(view["private_metadata"], 0, 3_000, "private_metadata")
        found += _text_between(view["callback_id"], 1, 255, "callback_id")
    elif view.keys() & {"title", "close", "submit"}:
        found.append("a Home tab has no title and no buttons of its own")
    if any(b["type"] == "input" for b in view["blocks"]) and "submit" not in view:
        found.append("an input needs a submit button")
    if len(json.dumps(view)) > 250_000:
        found.append("a view of more than 250 kB")
    return found


def strings(value: object) -> Iterator[str]:
    """Every text in a payload that a person gets to see."""
    if isinstance(value, Mapping):
        for key, inner in value.items():
            if key == "text" and isinstance(inner, str):
                yield inner
            elif isinstance(inner, Mapping | list | tuple):
                yield from strings(inner)
    elif isinstance(value, list | tuple):
        for inner in value:
            yield from strings(inner)


def _blocks(blocks: Sequence[Block]) -> list[str]:
    found = [] if 1 <= len(blocks) <= MESSAGE_BLOCKS else [f"{len(blocks)} blocks"]
    for block in blocks:
        check = _CHECKS.get(block["type"])
        found += check(block) if check else [f"unknown block {block['type']}"]
    return found


def _section(block: Block) -> list[str]:
    found = _text(block["text"], 3_000)
    return found + (_element(block["accessory"]) if "accessory" in block else [])


def _context(block: Block) -> list[str]:
    found = _count(block["elements"], 10, "context")
    return found + [c for element in block["elements"] for c in _text(element, 3_000)]


def _actions(block: Block) -> list[str]:
    found = _count(block["elements"], 25, "actions")
    ids = [element["action_id"] for element in block["elements"]]
    found += [f"action ids {ids}"] if len(set(ids)) < len(ids) else []
    return found + [c for element in block["elements"] for c in _element(element)]


def _context_actions(block: Block) -> list[str]:
    found = _count(block["elements"], 5, "context_actions")
    for element in block["elements"]:
        if element["type"] not in ("feedback_buttons", "icon_button"):
            found.append(f"{element['type']} in context_actions")
            continue
        for button in (element["positive_button"], element["negative_button"]):
            found += _text(button["text"], 75, plain=True)
            found += _text_between(button["value"], 1, 2_000, "feedback value")
    return found


def _input(block: Block) -> list[str]:
    found = _text(block["label"], 2_000, plain=True)
    if not 1 <= block["element"]["max_length"] <= 3_000:
        found.append("max_length of an input")
    return found


def _rich_text(block: Block) -> list[str]:
    found = _count(block["elements"], 50, "rich_text")
    for part in block["elements"]:
        listed = part["type"] == "rich_text_list"
        for line in part["elements"] if listed else [part]:
            found += _count(line["elements"], 100, line["type"])
            for element in line["elements"]:
                found += _text_between(element["text"], 1, 3_000, "run of rich text")
                if element["type"] != "text":
                    found.append(f"a live {element['type']} in rich text")
    return found


def _element(element: Block) -> list[str]:
    found = _text(element["text"], 75, plain=True)
    found += _text_between(element["value"], 1, 2_000, "button value")
    found += _text_between(element["action_id"], 1, 255, "action_id")
    if "confirm" in element:
        for key, most in {"title": 100, "text": 300, "confirm": 30, "deny": 30}.items():
            found += _text(element["confirm"][key], most, plain=True)
    return found


def _text(text: Block, most: int, *, plain: bool = False) -> list[str]:
    found = list(_text_between(text["text"], 1, most, text["type"]))
    if plain and text["type"] != "plain_text":
        found.append(f"{text['type']} where only plain_text may be")
    if text.keys() - _TEXT_KEYS[text["type"]]:
        found.append(f"{text['type']} with {sorted(text)}")
    return found


def _text_between(text: str, least: int, most: int, what: str) -> Iterator[str]:
    if not least <= len(text) <= most:
        yield f"{what} of {len(text)} characters"


def _count(elements: Sequence[object], most: int, what: str) -> list[str]:
    return [] if 1 <= len(elements) <= most else [f"{len(elements)} elements in {what}"]


_CHECKS: dict[str, Callable[[Block], list[str]]] = {
    "section": _section,
    "header": lambda block: _text(block["text"], 150, plain=True),
    "context": _context,
    "actions": _actions,
    "context_actions": _context_actions,
    "input": _input,
    "rich_text": _rich_text,
    "divider": lambda block: [],
    "markdown": lambda block: list(_text_between(block["text"], 1, MARKDOWN_TOGETHER, "markdown")),
}
