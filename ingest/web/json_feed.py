"""Reads a JSON feed (https://www.jsonfeed.org/version/1.1/) as what feedparser makes of others."""

import html
import json
from typing import Any

from ingest.errors import ReadError

VERSION = "jsonfeed.org/version/"


def is_json_feed(start: str) -> bool:
    """Tell whether a text begins as such a feed does."""
    return start.lstrip().startswith("{") and VERSION in start


def read_json_feed(data: bytes) -> tuple[dict[str, Any], list[dict[str, Any]]]:
    """Return what a feed says of itself, and its entries; raises ReadError for what is none."""
    try:
        feed = json.loads(data)
    except (ValueError, RecursionError) as error:
        raise ReadError(f"a feed so broken that it can't be read: {error}") from error
    if not isinstance(feed, dict) or VERSION not in str(feed.get("version")):
        raise ReadError("not a JSON feed")
    items = feed.get("items")
    entries = [_entry(item) for item in items or () if isinstance(item, dict)]
    return {"title": feed.get("title"), "language": feed.get("language")}, entries


def _entry(item: dict[str, Any]) -> dict[str, Any]:
    text = item.get("content_text")
    content = item.get("content_html") or (html.escape(text) if isinstance(text, str) else "")
    names = (author.get("name") for author in _authors(item) if isinstance(author, dict))
    return {
        "id": str(item.get("id") or ""),
        "link": item.get("url") or item.get("external_url"),
        "title": item.get("title"),
        "content": [{"value": content}],
        "summary": item.get("summary"),
        "author": ", ".join(name for name in names if isinstance(name, str)),
        "published": item.get("date_published"),
        "updated": item.get("date_modified"),
    }


def _authors(item: dict[str, Any]) -> list[Any]:
    """Return the authors: one in version 1, a list of them in 1.1."""
    authors = item.get("authors")
    return authors if isinstance(authors, list) else [item.get("author")]
