"""Reads a plain text, or Markdown as the reader of its page would see it."""

import hashlib
import html
import io
import re
import tomllib
from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from itertools import islice
from typing import TYPE_CHECKING, Literal

from ingest.drafts import Draft
from ingest.errors import ReadError
from ingest.files import STDIN, SourceFile, read_whole
from ingest.readers.html import without_html
from ingest.readers.records import STATED, as_string, find_fields, stated_of
from ingest.web.urls import canonical_url, host_of

if TYPE_CHECKING:
    from yaml import Node

_COMMENT = re.compile(r"<!--.*?(?:-->|\Z)", re.DOTALL)
_FENCE = ("```", "~~~")
_RULE = re.compile(r"(?:\* ?){3,}|(?:- ?){3,}|(?:_ ?){3,}|=+|\|?(?: ?:?-+:? ?\|)+(?: ?:?-+:?)?")
_QUOTE = re.compile(r"(?:> ?)+")
_HEADING = re.compile(r"#{1,6} ")
_ITEM = re.compile(r"(?:[-*+]|\d{1,3}[.)]) (?:\[[ xX]\] )?")
_DEFINITION = re.compile(r"\[[^\]^][^\]]{0,200}\]: ?\S+(?: [\"'(].*)?")

# Nothing between two marks may hold the mark, nor be long: a mark without its other half is then
# soon given up. Emphasis is taken off twice, for that which stands within other emphasis.
_TARGET = r"(?:\([^()]{0,2000}(?:\([^()]{0,200}\)[^()]{0,200})?\)|\[[^\]]{0,200}\])"
_TAGS = "a|abbr|b|cite|div|em|i|mark|p|q|s|small|span|strong|sub|sup|u"
_INLINE = (
    (re.compile(rf"!\[[^\[\]]{{0,500}}\]{_TARGET}"), ""),
    (re.compile(r"\[\^[^\]\s]{1,50}\]:?"), ""),
    (re.compile(rf"\[([^\[\]]{{0,500}})\]{_TARGET}"), r"\1"),
    (re.compile(r"<(https?://[^<>\s]{1,2000})>"), r"\1"),
    (re.compile(r"\s?<br\s?/?>\s?", re.IGNORECASE), " "),
    (re.compile(rf"</?(?:{_TAGS})(?:\s[^<>]{{0,500}}|\s?/)?>", re.IGNORECASE), ""),
    (re.compile(r"(?<!`)(`{1,3})([^`]{1,500})\1(?!`)"), r"\2"),
    *(2 * ((re.compile(r"(?<![\\*])(\*{1,3})(?! )([^*]{1,500})(?<![ \\])\1(?!\*)"), r"\2"),)),
    *(2 * ((re.compile(r"(?<![\w\\])(_{1,3})(?! )([^_]{1,500})(?<![ \\])\1(?!\w)"), r"\2"),)),
    (re.compile(r"~~(?! )([^~]{1,500})(?<! )~~"), r"\1"),
    (re.compile(r"\\([\\`*_{}\[\]()#+.!<>~|-])"), r"\1"),
)
_MARK = re.compile(r"[\[<`*_~\\&]")
"""Without one of these there is nothing to take off a line."""

_LONGEST_CHARS = 32_768
"""PyYAML takes some seconds for a megabyte."""

# Below a rule, which looks like the first of these lines, there is a blank line.
_BETWEEN_LINES = re.compile(
    r"\s*(?P<mark>---|\+\+\+)[ \t]*\r?\n(?![ \t]*\r?\n)(?P<block>.*?)"
    r"(?:^|\r?\n)(?:(?P=mark)|\.\.\.)[ \t]*(?:\r?\n|\Z)",
    re.DOTALL,
)
_LINE = re.compile(r"[\"']?([A-Za-z][\w -]{0,40})[\"']?[ \t]*:[ \t]*(.*)")
_NOTHING = frozenset(("", "~", "null", "none"))
_OTHER_FIELDS = frozenset("layout tags categories category description summary".split())
_MOST_VALUES = 100
_DEEPEST = 3


def read_markdown(stream: io.BufferedReader, file: SourceFile) -> Iterator[Draft]:
    """Yield the article, with the fields of its front matter; the first heading is its title."""
    for draft in read_text(stream, file):
        fields, body = split_front_matter(draft.text)
        title, text = to_plain(body)
        url = draft.url or canonical_url(fields.get("url", ""))
        if not text:
            raise ReadError("holds no text besides its heading")
        yield replace(
            draft,
            text=text,
            title=fields.get("title") or title,
            url=url,
            origin=url or draft.origin,
            own_origin=draft.origin,
            source=fields.get("source") or (host_of(url) if url else draft.source),
            published_at=fields.get("published_at"),
            updated_at=fields.get("updated_at"),
            author=fields.get("author"),
            language=fields.get("language"),
            stated={field: value for field, value in fields.items() if field in STATED},
        )


def to_plain(body: str) -> tuple[str | None, str]:
    """Return the title, if the body opens with a heading, and the text in plain paragraphs."""
    paragraphs: list[list[str]] = [[]]
    title = None
    for line in without_html(_COMMENT.sub("", body)).splitlines():
        kind, content = _read_line(line)
        if kind == "heading" and title is None and not any(paragraphs):
            title = _plain_line(content)
        elif kind == "text":
            paragraphs[-1].append(content)
        elif content:
            # A list item begins a paragraph, which the lines below it may go on with.
            paragraphs.extend([[content], []] if kind == "heading" else [[content]])
        elif paragraphs[-1]:
            paragraphs.append([])
    plain = (_plain_line(" ".join(lines)) for lines in paragraphs if lines)
    return title, "\n\n".join(paragraph for paragraph in plain if paragraph)


def _read_line(line: str) -> tuple[Literal["heading", "item", "text", "break"], str]:
    """Return what a line is, and its content without the marks that show it."""
    line = " ".join(line.split())
    if quote := _QUOTE.match(line):
        line = line[quote.end() :]
    if heading := _HEADING.match(line):
        return "heading", line[heading.end() :].rstrip("#").rstrip()
    if not line or line.startswith(_FENCE) or _RULE.fullmatch(line) or _DEFINITION.fullmatch(line):
        return "break", ""
    if item := _ITEM.match(line):
        return "item", line[item.end() :]
    return "text", line


def _plain_line(line: str) -> str:
    if not _MARK.search(line):
        return line.strip(" |")
    for pattern, replacement in _INLINE:
        line = pattern.sub(replacement, line)
    return html.unescape(line).strip(" |")


def read_text(stream: io.BufferedReader, file: SourceFile) -> Iterator[Draft]:
    """Yield the article; a text on standard input is known by its content, having no path."""
    decoded = read_whole(stream, file)
    origin = file.origin
    if file.path == STDIN and not file.part:
        digest = hashlib.sha256(decoded.text.encode(errors="replace")).hexdigest()
        origin = f"{origin}#{digest[:12]}"
    yield Draft(
        text=decoded.text,
        origin=origin,
        container=file.container,
        source=file.source,
        url=file.url,
        modified_at=file.modified_at,
        notes=decoded.notes,
    )


def split_front_matter(text: str) -> tuple[dict[str, str], str]:
    """Return the fields above a text, as `ingest.readers.records` calls them, and the text.

    What is no table of fields, though it looks so at first sight, is text: nothing of it is lost.
    """
    head = text[:_LONGEST_CHARS].removeprefix("\ufeff")
    start = len(text[:_LONGEST_CHARS]) - len(head)
    if (match := _BETWEEN_LINES.match(head)) and (values := _values(match)):
        fields = _fields(values)
        if fields or not _OTHER_FIELDS.isdisjoint(values):
            return fields, text[start + match.end() :]
    return {}, text


def _fields(values: Mapping[str, object]) -> dict[str, str]:
    found = {}
    listed = list(values.values())
    for field, places in find_fields(values).items():
        strings = (as_string(field, listed[place]) for place in places)
        usable = canonical_url if field == "url" else str.strip
        if string := next((string for string in strings if string and usable(string)), None):
            found[field] = " ".join(string.split())
    return found | stated_of(values)


def _values(match: re.Match[str]) -> Mapping[str, object] | None:
    """Return what stands between the lines, by name; None where that is no table."""
    read: Callable[[str], object] = _yaml if match["mark"] == "---" else _toml
    values = read(match["block"]) or _read_lines(match["block"])
    return values if isinstance(values, dict) else None


def _read_lines(block: str) -> dict[str, str] | None:
    """Read what is meant as YAML, but is none: "title: City: no bridge" stands in many files."""
    values = {}
    for line in block.splitlines():
        if not line.strip() or line.startswith((" ", "\t", "-", "#")):
            continue
        match = _LINE.fullmatch(line.rstrip())
        if not match:
            return None
        if match[2].lower() not in _NOTHING:
            values[match[1]] = _without_quotes(match[2])
    return values


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
    """Return what a node holds, as far as it is looked at: aliases can make it endless."""
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
