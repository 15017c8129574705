"""Reads sitemaps: which pages a site says that it has (sitemaps.org/protocol.html)."""

from dataclasses import dataclass, field
from xml.parsers import expat

from ingest.errors import ReadError
from ingest.urls import canonical_url

MAX_BYTES = 50_000_000
MOST_ENTRIES = 50_000
"""Both as the protocol has them."""

_MOST_TAGS = 3_000_000
"""What is read in a few seconds; a full sitemap with pictures and languages has half of that."""

_STEP_BYTES = 65_536
_LONGEST = 2_048
"""Characters of a url or date."""

_PAGE, _SITEMAP = "url", "sitemap"
_TOLD = {"loc", "lastmod", "publication_date"}


@dataclass(frozen=True, slots=True)
class Place:
    """A page, or a further sitemap."""

    url: str
    changed_at: str
    """As written, which in ISO 8601 sorts by time; "" if not told."""


@dataclass(frozen=True, slots=True)
class Sitemap:
    """What a sitemap names: pages, or as an index the sitemaps that name pages."""

    pages: tuple[Place, ...]
    sitemaps: tuple[Place, ...]


def read_sitemap(data: bytes) -> Sitemap:
    """Read a sitemap or an index of them; raises ReadError for what is none.

    Of one that is cut off or broken, what stands before the break is read.
    """
    if data.count(b"<") > _MOST_TAGS:
        raise ReadError(f"a sitemap of more than {_MOST_TAGS:,} tags")
    places = _Places()
    try:
        for start in range(0, len(data), _STEP_BYTES):
            places.feed(data[start : start + _STEP_BYTES])
            if places.count >= MOST_ENTRIES:
                break
    except expat.ExpatError as error:
        if not places.count:
            raise ReadError(f"not a sitemap that can be read: {error}") from error
    return Sitemap(tuple(places.found[_PAGE].values()), tuple(places.found[_SITEMAP].values()))


@dataclass(slots=True)
class _Places:
    """Takes down what a parser tells: lxml would hold all elements, 1.3 GB of 40 MB of them."""

    found: dict[str, dict[str, Place]] = field(default_factory=lambda: {_PAGE: {}, _SITEMAP: {}})
    _told: dict[str, str] = field(default_factory=dict)
    _inside: str = ""
    _parser: expat.XMLParserType = field(default_factory=expat.ParserCreate)

    def __post_init__(self) -> None:
        self._parser.buffer_text = True
        self._parser.StartDoctypeDeclHandler = _refuse_definitions
        self._parser.StartElementHandler = self._begin
        self._parser.EndElementHandler = self._end
        self._parser.CharacterDataHandler = self._text

    @property
    def count(self) -> int:
        return sum(map(len, self.found.values()))

    def feed(self, data: bytes) -> None:
        self._parser.Parse(data, False)

    def _begin(self, name: str, _attributes: object) -> None:
        self._inside = name.rpartition(":")[2]
        if self._inside in self.found:
            self._told = {}

    def _text(self, text: str) -> None:
        if self._inside in _TOLD:
            so_far = self._told.get(self._inside, "")
            self._told[self._inside] = (so_far + text)[:_LONGEST]

    def _end(self, name: str) -> None:
        self._inside = ""
        kind = name.rpartition(":")[2]
        if kind not in self.found:
            return
        # A news sitemap tells when a story was published, which is as good.
        changed_at = self._told.get("lastmod") or self._told.get("publication_date", "")
        if url := canonical_url(self._told.get("loc", "")):
            self.found[kind][url] = Place(url, changed_at.strip())
        self._told = {}


def _refuse_definitions(*_: object) -> None:
    raise ReadError("a sitemap with a document type of its own: not read")
