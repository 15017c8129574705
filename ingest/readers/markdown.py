"""Reads a Markdown file: one article, as the plain text that a reader of the page would see."""

import html
import io
import re
from collections.abc import Iterator
from dataclasses import replace
from typing import Literal

from ingest.drafts import Draft
from ingest.errors import ReadError
from ingest.files import SourceFile
from ingest.readers.front_matter import split_front_matter
from ingest.readers.html_in_markdown import without_html
from ingest.readers.text import read_text
from ingest.web.urls import canonical_url, host_of

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


def read_markdown(stream: io.BufferedReader, file: SourceFile) -> Iterator[Draft]:
    """Yield the article, with what its front matter says of it; the first heading is its title."""
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
    """Return what a line is, and its content without the marks that say so."""
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
