import pytest

from ingest.errors import ReadError
from ingest.sitemaps import Place, read_sitemap

OPEN = (
    b"<urlset xmlns='http://www.sitemaps.org/schemas/sitemap/0.9'"
    b" xmlns:news='http://www.google.com/schemas/sitemap-news/0.9'>"
)


def test_pages_have_the_date_of_their_change_or_publication() -> None:
    sitemap = read_sitemap(
        OPEN
        + b"""<url><loc> https://news.example/a?b=1&amp;c=2 </loc>
        <lastmod>2026-11-02</lastmod></url>
        <url><loc>https://news.example/b</loc><news:news><news:publication_date>2026-11-03
        </news:publication_date></news:news></url><url><loc>javascript:alert(1)</loc></url>
        <url><loc>https://news.example/c</loc></url></urlset>"""
    )
    assert sitemap.pages == (
        Place("https://news.example/a?b=1&c=2", "2026-11-02"),
        Place("https://news.example/b", "2026-11-03"),
        Place("https://news.example/c", ""),
    )


def test_what_stands_before_a_break_is_read() -> None:
    assert len(read_sitemap(OPEN + b"<url><loc>https://news.example/a</loc></url><ur").pages) == 1


@pytest.mark.parametrize(
    "definition", [b"<!ENTITY a 'aaaa'>", b"<!ENTITY a SYSTEM 'file:///etc/passwd'>"]
)
def test_definitions_are_refused(definition: bytes) -> None:
    doctype = b"<!DOCTYPE urlset [" + definition + b"]>"
    with pytest.raises(ReadError, match="document type"):
        read_sitemap(doctype + OPEN + b"<url><loc>https://news.example/&a;</loc></url></urlset>")


@pytest.mark.parametrize("data", [b"no xml", OPEN + b"<a>" * 3_000_000])
def test_what_is_no_sitemap_or_too_much_of_one_is_refused(data: bytes) -> None:
    with pytest.raises(ReadError):
        read_sitemap(data)
