"""Finds the stories that a page describes in the words of schema.org."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import islice
from typing import Any

from ingest.html.told_lines import told_line

_STORY_TYPE = re.compile(r"(?:Article|BlogPosting|Report)$")
_HOLDERS = ("@graph", "mainEntity", "mainEntityOfPage", "hasPart")
_DEEPEST = 6
_MOST = 100
_LONGEST_TEXT_CHARS = 2_000

Node = dict[str, Any]


@dataclass(frozen=True, slots=True)
class ToldStory:
    """What is told of one story (https://schema.org/Article), as written."""

    headline: str | None = None
    authors: tuple[str, ...] = ()
    publisher: str | None = None
    published: tuple[str, ...] = ()
    updated: tuple[str, ...] = ()
    urls: tuple[str, ...] = ()
    languages: tuple[str, ...] = ()


def find_stories(values: Iterable[Any]) -> list[ToldStory]:
    """Return the stories in the JSON-LD of a page, in its order."""
    values = list(values)
    named = {str(node.get("@id")): node for node in _nodes(values, 0) if "name" in node}
    stories = filter(_is_story, _nodes(values, 0))
    return [_story(node, named) for node in islice(stories, _MOST)]


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


def _is_story(node: Node) -> bool:
    return any(_STORY_TYPE.search(str(kind)) for kind in _listed(node.get("@type")))


def _story(node: Node, named: dict[str, Node]) -> ToldStory:
    authors = _names(node.get("author"), named) or _names(node.get("creator"), named)
    places = (node.get("url"), node.get("mainEntityOfPage"), node.get("@id"))
    return ToldStory(
        headline=told_line(next(iter(_listed(node.get("headline") or node.get("name"))), None)),
        authors=tuple(authors),
        publisher=next(iter(_names(node.get("publisher"), named)), None),
        published=_texts(node.get("datePublished")) + _texts(node.get("dateCreated")),
        updated=_texts(node.get("dateModified")),
        urls=tuple(url for place in places for url in _texts(place, "@id", "url") if "://" in url),
        languages=_texts(node.get("inLanguage"), "alternateName", "name"),
    )


def _names(value: Any, named: dict[str, Node]) -> list[str]:
    """Return the names of persons or organisations, however they are given."""
    found: list[str | None] = []
    for item in _listed(value):
        if isinstance(item, dict) and "name" not in item:
            item = named.get(str(item.get("@id")), item)
        if isinstance(item, dict):
            parts = (item.get("givenName"), item.get("familyName"))
            name = item.get("name") or " ".join(part for part in parts if isinstance(part, str))
            found += map(told_line, _listed(name))
        else:
            found.append(told_line(item))
    return [name for name in found if name]


def _texts(value: Any, *inside: str) -> tuple[str, ...]:
    """Return a value, or each of a list, as text; of an object what it has by these names."""
    items = _listed(value)
    held = [
        item.get(name) for item in items if isinstance(item, dict) for name in (*inside, "@value")
    ]
    told = (item for item in items + held if isinstance(item, (str, int, float)))
    texts = (str(item).strip() for item in told if not isinstance(item, bool))
    return tuple(text for text in texts if 0 < len(text) <= _LONGEST_TEXT_CHARS)


def _listed(value: Any) -> list[Any]:
    return value if isinstance(value, list) else [value]
