"""What exports and front matters call the things that are known of an article."""

import re
from collections.abc import Iterable, Mapping
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


def find_fields(names: Iterable[str]) -> dict[str, list[int]]:
    """Return where each field stands among the names of an export, the surest place first."""
    found: dict[str, list[tuple[int, int, int]]] = {}
    for place, name in enumerate(names):
        for doubt, words in enumerate((_words(name), _essence(name))):
            if words in _FIELDS:
                field, rank = _FIELDS[words]
                found.setdefault(field, []).append((doubt, rank, place))
                break
    return {field: [place for *_, place in sorted(ranked)] for field, ranked in found.items()}


def _words(name: str) -> frozenset[str]:
    spaced = _CAPITAL_INSIDE.sub(" ", name[:_LONGEST_NAME_CHARS])
    return frozenset(word.lower() for word in _WORD.findall(spaced))


def _essence(name: str) -> frozenset[str]:
    """Return the words without those that mean nothing here, as in "post_date (UTC)"."""
    return _words(_IN_BRACKETS.sub(" ", name[:_LONGEST_NAME_CHARS])) - _SAYS_NOTHING


_FIELDS: Mapping[frozenset[str], tuple[str, int]] = MappingProxyType(
    {
        _words(name): (field, rank)
        for field, names in NAMES.items()
        for rank, name in enumerate(names.split())
    }
)
