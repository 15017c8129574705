import pytest

from ingest.errors import FetchError
from ingest.kinds import kind_of


@pytest.mark.parametrize(
    ("data", "media_type", "kind"),
    [
        (b"<p>Talks</p>", "text/html", ".html"),
        (b"<!DOCTYPE html>\n<!-- a --><html>", "", ".html"),
        (b"\xef\xbb\xbf<?xml version='1.0'?>\n<rss>", "text/html", "feed"),
        (b"<?xml-stylesheet href='a'?><feed xmlns='x'>", "text/plain", "feed"),
        (b"<rdf:RDF xmlns:rdf='x'>", "application/xml", "feed"),
        (b"<urlset>", "text/xml", "sitemap"),
        (b"<sitemapindex>", "", "sitemap"),
        (b"%PDF-1.7", "application/octet-stream", ".pdf"),
        (b"\x1f\x8b\x08", "application/x-gzip", ".gz"),
        (b"A text on <rss>.", "text/plain", ".txt"),
    ],
)
def test_first_bytes_tell_what_the_type_leaves_open(
    data: bytes, media_type: str, kind: str
) -> None:
    assert kind_of(data, media_type) == kind


@pytest.mark.parametrize("data", [b"", b"\x00\x01", b"<svg>", b"<" * 5_000, b"<!--" * 5_000])
def test_what_nobody_names_is_refused(data: bytes) -> None:
    with pytest.raises(FetchError, match="which is no article"):
        kind_of(data, "application/octet-stream")
