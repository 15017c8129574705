import pytest

from ingest.errors import ReadError
from ingest.web.feeds import SitemapEntry, read_sitemap

OPEN = (
    b"<urlset xmlns='http://www.sitemaps.org/schemas/sitemap/0.9'"
    b" xmlns:image='http://www.google.com/schemas/sitemap-image/1.1'"
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
        SitemapEntry("https://news.example/a?b=1&c=2", "2026-11-02"),
        SitemapEntry("https://news.example/b", "2026-11-03"),
        SitemapEntry("https://news.example/c", ""),
    )


def test_what_stands_before_a_break_is_read() -> None:
    assert len(read_sitemap(OPEN + b"<url><loc>https://news.example/a</loc></url><ur").pages) == 1


@pytest.mark.parametrize(
    "definition", [b"<!ENTITY a 'aaaa'>", b"<!ENTITY a SYSTEM 'file:///etc/passwd'>"]
)
def test_definitions_are_refused(definition: bytes) -> None:
    doctype = b"<!DOCTYPE urlset [" + definition + b"]>"
    with pytest.raises(ReadError, match="entities"):
        read_sitemap(doctype + OPEN + b"<url><loc>https://news.example/&a;</loc></url></urlset>")


@pytest.mark.parametrize("data", [b"no xml", OPEN + b"<a>" * 3_000_000])
def test_what_is_no_sitemap_or_too_much_of_one_is_refused(data: bytes) -> None:
    with pytest.raises(ReadError):
        read_sitemap(data)


def test_pictures_and_videos_of_a_page_are_not_pages() -> None:
    picture = b"<image:image><image:loc>https://news.example/a.jpg</image:loc></image:image>"
    page = b"<url><loc>https://news.example/a</loc>" + picture + b"</url>"
    assert read_sitemap(OPEN + page + b"</urlset>").pages == (
        SitemapEntry("https://news.example/a", ""),
    )


@pytest.mark.parametrize(
    "head", [b"\n\n<?xml version='1.0'?>", b"<?xml version='1.0'?><!DOCTYPE urlset>"]
)
def test_harmless_head_is_no_reason_to_refuse(head: bytes) -> None:
    page = b"<url><loc>https://news.example/a</loc></url></urlset>"
    assert len(read_sitemap(head + OPEN + page).pages) == 1
