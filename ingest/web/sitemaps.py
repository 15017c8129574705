"""Reads sitemaps: the pages of a site (sitemaps.org/protocol.html)."""

from dataclasses import dataclass, field
from xml.parsers import expat

from ingest.errors import ReadError
from ingest.web.urls import canonical_url

MAX_BYTES = 50_000_000
MOST_ENTRIES = 50_000
"""Both as the protocol has them."""

_MOST_TAGS = 3_000_000
"""What is read in a few seconds; a full sitemap with pictures and languages has half of that."""

_STEP_BYTES = 65_536
_LONGEST = 2_048
"""Characters of a url or date."""

_PAGE, _SITEMAP = "url", "sitemap"
_OF_PAGE = {"loc", "lastmod"}
_PUBLISHED = "publication_date"


@dataclass(frozen=True, slots=True)
class SitemapEntry:
    """A page, or a further sitemap."""

    url: str
    changed_at: str
    """As written, which in ISO 8601 sorts by time; "" if unknown."""


@dataclass(frozen=True, slots=True)
class Sitemap:
    """The pages of a sitemap, or as an index its sitemaps."""

    pages: tuple[SitemapEntry, ...]
    sitemaps: tuple[SitemapEntry, ...]


def read_sitemap(data: bytes) -> Sitemap:
    """Read a sitemap or an index of them; raises ReadError for what is none.

    Of one that is cut off or broken, what stands before the break is read.
    """
    if data.count(b"<") > _MOST_TAGS:
        raise ReadError(f"a sitemap of more than {_MOST_TAGS:,} tags")
    entries = _Entries()
    # Before an XML declaration nothing may stand, and often a blank line does.
    data = data.lstrip()
    try:
        for start in range(0, len(data), _STEP_BYTES):
            entries.feed(data[start : start + _STEP_BYTES])
            if entries.count >= MOST_ENTRIES:
                break
    except expat.ExpatError as error:
        if not entries.count:
            raise ReadError(f"not a sitemap that can be read: {error}") from error
    return Sitemap(tuple(entries.found[_PAGE].values()), tuple(entries.found[_SITEMAP].values()))


@dataclass(slots=True)
class _Entries:
    """Collects entries while parsing: lxml would hold all elements, 1.3 GB of a file of 40 MB."""

    found: dict[str, dict[str, SitemapEntry]] = field(
        default_factory=lambda: {_PAGE: {}, _SITEMAP: {}}
    )
    _values: dict[str, str] = field(default_factory=dict)
    _path: list[str] = field(default_factory=list)
    """The names of the elements that are open, as written."""

    _parser: expat.XMLParserType = field(default_factory=expat.ParserCreate)

    def __post_init__(self) -> None:
        self._parser.buffer_text = True
        self._parser.EntityDeclHandler = _refuse_definitions
        self._parser.StartElementHandler = self._begin
        self._parser.EndElementHandler = self._end
        self._parser.CharacterDataHandler = self._text

    @property
    def count(self) -> int:
        return sum(map(len, self.found.values()))

    def feed(self, data: bytes) -> None:
        self._parser.Parse(data, False)

    def _begin(self, name: str, _attributes: object) -> None:
        self._path.append(name)
        if _bare(name) in self.found:
            self._values = {}

    def _text(self, text: str) -> None:
        if name := self._property():
            self._values[name] = (self._values.get(name, "") + text)[:_LONGEST]

    def _property(self) -> str | None:
        """Return which property of a page the open element holds: not, say, a picture's."""
        if len(self._path) < 2:
            return None
        *_, above, name = self._path
        if _bare(above) in self.found and _bare(name) in _OF_PAGE:
            return _bare(name)
        return _PUBLISHED if name.endswith(f":{_PUBLISHED}") else None

    def _end(self, name: str) -> None:
        self._path.pop()
        kind = _bare(name)
        if kind not in self.found:
            return
        # A news sitemap has when a story was published, which is as good.
        changed_at = self._values.get("lastmod") or self._values.get(_PUBLISHED, "")
        if url := canonical_url(self._values.get("loc", "")):
            self.found[kind][url] = SitemapEntry(url, changed_at.strip())
        self._values = {}


def _bare(name: str) -> str:
    return name.rpartition(":")[2]


def _refuse_definitions(*_: object) -> None:
    raise ReadError("a sitemap that defines entities of its own: not read")
