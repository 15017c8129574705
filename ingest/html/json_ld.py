"""Reads the JSON-LD in a page, also where it is not quite JSON."""

import html
import json
import re
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from lxml.html import HtmlElement

_TYPE = "application/ld+json"
_MOST_CHARS = 1_000_000
_DECODER = json.JSONDecoder(strict=False)
_BEGIN = re.compile(r"[\[{]")
_MENDED = re.compile(
    r'"(?>[^"\\]|\\.?)*+"?'
    r"|(?:(?://|/\*)\s{0,9})?(?:<!\[CDATA\[|<!--)(?:\s{0,9}\*/)?"
    r"|(?:\]\]>|-->)"
    r"|//[^\n]*|/\*[^*]{0,500}\*/"
    r"|,(?=\s{0,99}[}\]])",
    re.DOTALL,
)
"""Strings, and outside of them what scripts may have and JSON may not."""


def read_json_ld(page: "HtmlElement") -> list[Any]:
    """Return what each script of JSON-LD holds; of a broken one, what stands before the break."""
    values: list[Any] = []
    left = _MOST_CHARS
    for script in page.iter("script"):
        if script.get("type", "").partition(";")[0].strip().lower() == _TYPE:
            text = script.text or ""
            values += _values(text) if len(text) <= left else ()
            left -= len(text)
    return values


def _values(script: str) -> Iterator[Any]:
    try:
        yield _DECODER.decode(script)
    except ValueError:
        yield from _mended_values(script)
    except RecursionError:
        return


def _mended_values(script: str) -> Iterator[Any]:
    """Yield the values one behind the other, with nothing of worth between."""
    if '"' not in script:
        script = html.unescape(script)
    script = _MENDED.sub(_mend, script)
    at = 0
    while begin := _BEGIN.search(script, at):
        try:
            value, at = _DECODER.raw_decode(script, begin.start())
        except (ValueError, RecursionError):
            return
        yield value


def _mend(match: re.Match[str]) -> str:
    return match[0].replace("\\'", "'") if match[0][0] == '"' else " "
