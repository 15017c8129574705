"""Reads the articles that a page describes in JSON-LD with the words of schema.org."""

import html
import json
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import islice
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from lxml.html import HtmlElement

_SCRIPT_TYPE = "application/ld+json"
_MOST_CHARS = 1_000_000
_DECODER = json.JSONDecoder(strict=False)
_BEGIN = re.compile(r"[\[{]")
_NOT_JSON = re.compile(
    r'"(?>[^"\\]|\\.?)*+"?'
    r"|(?:(?://|/\*)\s{0,9})?(?:<!\[CDATA\[|<!--)(?:\s{0,9}\*/)?"
    r"|(?:\]\]>|-->)"
    r"|//[^\n]*|/\*[^*]{0,500}\*/"
    r"|,(?=\s{0,99}[}\]])",
    re.DOTALL,
)
"""Strings, and outside of them what scripts may have and JSON may not."""

_ARTICLE_TYPE = re.compile(r"(?:Article|BlogPosting|Report)$")
_HOLDERS = ("@graph", "mainEntity", "mainEntityOfPage", "hasPart")
_DEEPEST = 6
_MOST_ARTICLES = 100
_LONGEST_VALUE_CHARS = 2_000
_LONGEST_BODY_CHARS = 200_000

_ENTITY = re.compile(r"&#?\w{1,31};")
_TAG = re.compile(r"</?[A-Za-z][^<>]{0,300}>")
_LONGEST_LINE_CHARS = 500

Node = dict[str, Any]


@dataclass(frozen=True, slots=True)
class SchemaArticle:
    """What JSON-LD has of one article (https://schema.org/Article), as written."""

    headline: str | None = None
    authors: tuple[str, ...] = ()
    publisher: str | None = None
    published: tuple[str, ...] = ()
    updated: tuple[str, ...] = ()
    urls: tuple[str, ...] = ()
    languages: tuple[str, ...] = ()
    body: str = ""
    """Its text, of a live blog that of all its posts; may be cut or hold markup."""


def read_articles(page: "HtmlElement") -> list[SchemaArticle]:
    """Return the articles that the scripts of a page describe, in its order."""
    return find_articles(read_json_ld(page))


def read_json_ld(page: "HtmlElement") -> list[Any]:
    """Return what each script of JSON-LD holds; of a broken one, what stands before the break."""
    values: list[Any] = []
    left = _MOST_CHARS
    for script in page.iter("script"):
        if script.get("type", "").partition(";")[0].strip().lower() == _SCRIPT_TYPE:
            text = script.text or ""
            values += _values(text) if len(text) <= left else ()
            left -= len(text)
    return values


def find_articles(values: Iterable[Any]) -> list[SchemaArticle]:
    """Return the articles in values of JSON-LD, in their order."""
    values = list(values)
    named = {str(node.get("@id")): node for node in _nodes(values, 0) if "name" in node}
    articles = filter(_is_article, _nodes(values, 0))
    return [_article(node, named) for node in islice(articles, _MOST_ARTICLES)]


def plain_line(value: object) -> str | None:
    """Return a text without markup, entities and line breaks; None if it is none, or empty."""
    if not isinstance(value, str):
        return None
    text = _ENTITY.sub(lambda entity: html.unescape(entity[0]), value)
    return " ".join(_TAG.sub("", text).split())[:_LONGEST_LINE_CHARS] or None


def _values(script: str) -> Iterator[Any]:
    try:
        yield _DECODER.decode(script)
    except ValueError:
        yield from _repaired_values(script)
    except RecursionError:
        return


def _repaired_values(script: str) -> Iterator[Any]:
    """Yield the values one behind the other, with nothing of worth between."""
    if '"' not in script:
        script = html.unescape(script)
    script = _NOT_JSON.sub(_repair, script)
    at = 0
    while begin := _BEGIN.search(script, at):
        try:
            value, at = _DECODER.raw_decode(script, begin.start())
        except (ValueError, RecursionError):
            return
        yield value


def _repair(match: re.Match[str]) -> str:
    return match[0].replace("\\'", "'") if match[0][0] == '"' else " "


def _nodes(value: Any, depth: int) -> Iterator[Node]:
    """Yield the objects that a page is described by, one inside the other."""
    if depth > _DEEPEST:
        return
    if isinstance(value, list):
        for item in value:
            yield from _nodes(item, depth + 1)
    elif isinstance(value, dict):
        yield value
        for holder in _HOLDERS:
            yield from _nodes(value.get(holder), depth + 1)


def _is_article(node: Node) -> bool:
    return any(_ARTICLE_TYPE.search(str(kind)) for kind in _listed(node.get("@type")))


def _article(node: Node, named: dict[str, Node]) -> SchemaArticle:
    authors = _names(node.get("author"), named) or _names(node.get("creator"), named)
    links = (node.get("url"), node.get("mainEntityOfPage"), node.get("@id"))
    return SchemaArticle(
        headline=plain_line(next(iter(_listed(node.get("headline") or node.get("name"))), None)),
        authors=tuple(authors),
        publisher=next(iter(_names(node.get("publisher"), named)), None),
        published=_texts(node.get("datePublished")) + _texts(node.get("dateCreated")),
        updated=_texts(node.get("dateModified")),
        urls=tuple(url for link in links for url in _texts(link, "@id", "url") if "://" in url),
        languages=_texts(node.get("inLanguage"), "alternateName", "name"),
        body=_body(node),
    )


def _body(node: Node) -> str:
    posts = [post for post in _listed(node.get("liveBlogUpdate")) if isinstance(post, dict)]
    bodies = [part.get("articleBody") for part in (node, *posts)]
    text = " ".join(body for body in bodies if isinstance(body, str))[:_LONGEST_BODY_CHARS]
    return html.unescape(_TAG.sub(" ", text))


def _names(value: Any, named: dict[str, Node]) -> list[str]:
    """Return the names of persons or organisations, however they are given."""
    found: list[str | None] = []
    for item in _listed(value):
        if isinstance(item, dict) and "name" not in item:
            item = named.get(str(item.get("@id")), item)
        if isinstance(item, dict):
            parts = (item.get("givenName"), item.get("familyName"))
            name = item.get("name") or " ".join(part for part in parts if isinstance(part, str))
            found += map(plain_line, _listed(name))
        else:
            found.append(plain_line(item))
    return [name for name in found if name]


def _texts(value: Any, *inside: str) -> tuple[str, ...]:
    """Return a value, or each of a list, as text; of an object what it has by these names."""
    items = _listed(value)
    held = [
        item.get(name) for item in items if isinstance(item, dict) for name in (*inside, "@value")
    ]
    plain = (item for item in items + held if isinstance(item, (str, int, float)))
    texts = (str(item).strip() for item in plain if not isinstance(item, bool))
    return tuple(text for text in texts if 0 < len(text) <= _LONGEST_VALUE_CHARS)


def _listed(value: Any) -> list[Any]:
    return value if isinstance(value, list) else [value]
