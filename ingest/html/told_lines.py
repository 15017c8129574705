"""Cleans the lines in which a page's head tells of it: no markup, no entities, no line breaks."""

import html
import re

_ENTITY = re.compile(r"&#?\w{1,31};")
_TAG = re.compile(r"</?[A-Za-z][^<>]{0,300}>")
_LONGEST_CHARS = 500


def told_line(value: object) -> str | None:
    """Return a text as one line; None if it is none, or empty."""
    if not isinstance(value, str):
        return None
    text = _ENTITY.sub(lambda entity: html.unescape(entity[0]), value)
    return " ".join(_TAG.sub("", text).split())[:_LONGEST_CHARS] or None
