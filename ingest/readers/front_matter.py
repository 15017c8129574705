"""Reads what stands above the text of a Markdown file: in YAML, TOML, JSON, or lines of fields."""

import json
import re
import tomllib
from collections.abc import Callable, Mapping
from itertools import islice
from typing import TYPE_CHECKING

from ingest.readers.names import find_fields
from ingest.readers.values import as_string
from ingest.web.urls import canonical_url

if TYPE_CHECKING:
    from yaml import Node

_LONGEST_CHARS = 32_768
"""PyYAML takes some seconds for a megabyte."""

# Below a rule, which looks like the first of these lines, there is a blank line.
_BETWEEN_LINES = re.compile(
    r"\s*(?P<mark>---|\+\+\+)[ \t]*\r?\n(?![ \t]*\r?\n)(?P<block>.*?)"
    r"(?:^|\r?\n)(?:(?P=mark)|\.\.\.)[ \t]*(?:\r?\n|\Z)",
    re.DOTALL,
)
_PANDOC = re.compile(r"(?:%[ \t][^\r\n]*\r?\n){1,3}")
_LINES = re.compile(r"(?:[^\r\n]{1,1000}\r?\n){1,50}?(?=\r?\n)")
_LINE = re.compile(r"[\"']?([A-Za-z][\w -]{0,40})[\"']?[ \t]*:[ \t]*(.*)")
_NOTHING = frozenset(("", "~", "null", "none"))
_ALSO_TOLD = frozenset("layout tags categories category draft slug description summary".split())
_MOST_VALUES = 100
_DEEPEST = 3
_FEWEST_LINES = 2
"""Of fields: one alone, such as "London: ...", may well be the first of a story."""


def split_front_matter(text: str) -> tuple[dict[str, str], str]:
    """Return the fields above a text, as `ingest.readers.names` calls them, and the text.

    What is no table of fields, though it looks so at first sight, is text: nothing of it is lost.
    """
    head = text[:_LONGEST_CHARS].removeprefix("\ufeff")
    start = len(text[:_LONGEST_CHARS]) - len(head)
    for split in (_between_lines, _json, _pandoc, _lines):
        if found := split(head):
            told, end = found
            fields = _fields(told)
            if fields or not _ALSO_TOLD.isdisjoint(told):
                return fields, text[start + end :]
    return {}, text


def _fields(told: Mapping[str, object]) -> dict[str, str]:
    values = list(told.values())
    found = {}
    for field, places in find_fields(told).items():
        strings = (as_string(field, values[place]) for place in places)
        usable = canonical_url if field == "url" else str.strip
        if string := next((string for string in strings if string and usable(string)), None):
            found[field] = " ".join(string.split())
    return found


_Split = tuple[Mapping[str, object], int] | None
"""Names and values, and where the text below them begins."""


def _between_lines(head: str) -> _Split:
    match = _BETWEEN_LINES.match(head)
    if not match:
        return None
    read: Callable[[str], object] = _yaml if match["mark"] == "---" else _toml
    told = read(match["block"]) or _read_lines(match["block"])
    return (told, match.end()) if isinstance(told, dict) else None


def _json(head: str) -> _Split:
    if not head.lstrip().startswith("{"):
        return None
    indent = len(head) - len(head.lstrip())
    try:
        told, end = json.JSONDecoder().raw_decode(head, indent)
    except (ValueError, RecursionError):
        return None
    return (told, end) if isinstance(told, dict) else None


def _pandoc(head: str) -> _Split:
    """Pandoc's title block: a line each for the title, the authors and the date."""
    match = _PANDOC.match(head)
    if not match:
        return None
    lines = [line.lstrip("% ") for line in match[0].splitlines()]
    told = dict(zip(("title", "author", "date"), lines, strict=False))
    return told, match.end()


def _lines(head: str) -> _Split:
    """MultiMarkdown's: lines of a name and a value, up to a blank line."""
    match = _LINES.match(head)
    told = _read_lines(match[0]) if match else None
    known = find_fields(told or ())
    return (told, match.end()) if match and told and len(known) >= _FEWEST_LINES else None


def _read_lines(block: str) -> dict[str, str] | None:
    """Read what is meant as YAML, but is none: "title: City: no bridge" stands in many files."""
    told = {}
    for line in block.splitlines():
        if not line.strip() or line.startswith((" ", "\t", "-", "#")):
            continue
        match = _LINE.fullmatch(line.rstrip())
        if not match:
            return None
        if match[2].lower() not in _NOTHING:
            told[match[1]] = _without_quotes(match[2])
    return told


def _without_quotes(value: str) -> str:
    quoted = len(value) > 1 and value[0] == value[-1] and value[0] in "\"'"
    return value[1:-1] if quoted else value


def _toml(block: str) -> object:
    try:
        return tomllib.loads(block.replace("\r\n", "\n"))
    except (ValueError, RecursionError):
        return None


def _yaml(block: str) -> object:
    """Read YAML to strings, as they are written: a loader makes 45000 of "12:30:00", False of "No".

    Nodes are not built into objects, so that aliases and merges cost what is read of them.
    """
    import yaml

    try:
        node = yaml.compose(block, Loader=yaml.SafeLoader)
        return _written(node, depth=1)
    except (yaml.YAMLError, ValueError, RecursionError):
        return None


def _written(node: "Node | None", *, depth: int) -> object:
    """Return what a node says, as far as it is looked at: aliases can make it endless."""
    import yaml

    if isinstance(node, yaml.ScalarNode):
        return None if node.tag.endswith(":null") else node.value
    if depth > _DEEPEST or node is None:
        return None
    values = islice(node.value, _MOST_VALUES)
    if isinstance(node, yaml.SequenceNode):
        return [_written(value, depth=depth + 1) for value in values]
    pairs = ((name, value) for name, value in values if isinstance(name, yaml.ScalarNode))
    return {name.value: _written(value, depth=depth + 1) for name, value in pairs}
