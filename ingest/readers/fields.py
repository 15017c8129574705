"""The fields of an article, as exports, front matters and documents name and write them."""

import math
import re
from collections.abc import Iterable, Mapping
from datetime import date, datetime
from itertools import islice
from types import MappingProxyType

NAMES: Mapping[str, str] = MappingProxyType(
    {
        "text": "text body content full_text article_text article_body articlebody story article"
        " body_text content_text plain_text clean_text body_html content_html html",
        "title": "title headline heading",
        "url": "url link canonical_url article_url canonical permalink",
        "published_at": "published_at published date pubdate publish_date published_date"
        " publication_date datetime published_on pub_date publishdate date_time",
        "updated_at": "updated_at updated modified_at modified last_modified last_modified_at"
        " lastmod updated_date modified_date",
        "source": "source outlet publisher publication site source_name site_name",
        "author": "author byline authors author_name author_names",
        "language": "language lang",
        "id": "article_id id guid",
    }
)
"""By field, the surest name first; in which order the words of a name stand means nothing."""

_WORD = re.compile(r"[^\W_]+")
_CAPITAL_INSIDE = re.compile(r"(?<=[a-z])(?=[A-Z])")
_IN_BRACKETS = re.compile(r"\([^()]{0,100}\)|\[[^\[\]]{0,100}\]")
_SAYS_NOTHING = frozenset(
    "article articles post posts page web news main full item entry utc gmt local s".split()
)
_LONGEST_NAME_CHARS = 100
_INSIDE = "name $date $numberLong $oid @value value rendered url href".split()
"""Where an object keeps what it is called or stands for: JSON-LD, MongoDB, WordPress."""

_MOST_VALUES = 20
_DEEPEST = 3
_PROGRAM_TITLE = re.compile(
    r"\(?(?:untitled|unnamed|unspecified|anonymous|no title)\)?"
    r"|(?:document|dokument|presentation|slide) ?\d{0,4}|powerpoint presentation"
    r"|microsoft (?:word|powerpoint|excel|publisher)\b.*"
    r"|.*\.(?:docx?|docm|indd|qxp|pdf|pages|odt|rtf|txt|pptx?)"
    r"|(?:press|news|media) release|pressemitteilung",
    re.IGNORECASE,
)
"""Also what templates are called."""

_PROGRAM_AUTHOR = re.compile(
    r"\(?(?:anonymous|unknown|unspecified|author|none)\)?"
    r"|(?:microsoft|windows|office|home|default)?[ -]*(?:office )?user|microsoft(?: corporation)?"
    r"|admin|administrator|root|owner|python-docx|apache poi|un-named",
    re.IGNORECASE,
)


def find_fields(names: Iterable[str]) -> dict[str, list[int]]:
    """Return where each field stands among the names of an export, the surest place first."""
    found: dict[str, list[tuple[int, int, int]]] = {}
    for place, name in enumerate(names):
        for doubt, words in enumerate((_name_words(name), _essence(name))):
            if words in _FIELDS:
                field, rank = _FIELDS[words]
                found.setdefault(field, []).append((doubt, rank, place))
                break
    return {field: [place for *_, place in sorted(ranked)] for field, ranked in found.items()}


def _name_words(name: str) -> frozenset[str]:
    spaced = _CAPITAL_INSIDE.sub(" ", name[:_LONGEST_NAME_CHARS])
    return frozenset(word.lower() for word in _WORD.findall(spaced))


def _essence(name: str) -> frozenset[str]:
    """Return the words without those that mean nothing here, as in "post_date (UTC)"."""
    return _name_words(_IN_BRACKETS.sub(" ", name[:_LONGEST_NAME_CHARS])) - _SAYS_NOTHING


_FIELDS: Mapping[frozenset[str], tuple[str, int]] = MappingProxyType(
    {
        _name_words(name): (field, rank)
        for field, names in NAMES.items()
        for rank, name in enumerate(names.split())
    }
)


def as_string(field: str, value: object, *, depth: int = 1) -> str | None:
    """Return the value of a field; None where it is none that can be written down.

    Of many, the authors are all named, else the first is taken.
    """
    match value:
        case str():
            return value
        case bool():
            return None
        case int() | float():
            return _number(field, value)
        case datetime() | date():
            return value.isoformat()
    if depth == _DEEPEST:
        return None
    if isinstance(value, Mapping):
        inside: Iterable[object] = [value[name] for name in _INSIDE if name in value]
    elif isinstance(value, list):
        inside = value
    else:
        return None
    strings = (as_string(field, item, depth=depth + 1) for item in islice(inside, _MOST_VALUES))
    found = [string for string in strings if string and string.strip()]
    if field == "author" and isinstance(value, list):
        return ", ".join(found) or None
    return found[0] if found else None


def _number(field: str, value: int | float) -> str | None:
    if not math.isfinite(value):
        return None
    # A time in seconds may have a fraction, which no date needs.
    return str(int(value) if field.endswith("_at") else value)


def written_title(title: object) -> str | None:
    """Return a title, unless it is empty or the work of a program."""
    return _written(title, _PROGRAM_TITLE)


def written_author(author: object) -> str | None:
    """Return an author, unless that is nobody, or a program."""
    return _written(author, _PROGRAM_AUTHOR)


def _written(value: object, by_programs: re.Pattern[str]) -> str | None:
    text = " ".join(str(value or "").split())
    return text if text and not by_programs.fullmatch(text) else None
