import json
from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ingest.errors import ReadError
from ingest.web.feeds import read_feed

BOMB = b"".join(b'<!ENTITY %c "%s">' % (98 + n, b"&%c;" % (97 + n) * 10) for n in range(9))
ITEM = b"<item><title>Talks &j;</title><link>https://news.example/a</link></item>"


def test_rss_item_is_told_with_its_outlet_and_its_date_in_utc() -> None:
    feed = read_feed(
        b"""<rss version="2.0" xmlns:content="http://purl.org/rss/1.0/modules/content/"
        xmlns:dc="http://purl.org/dc/elements/1.1/"><channel><title>Wire</title>
        <language>en-GB</language><item><title>Talks &amp; more</title><link>/a?utm_source=x</link>
        <description>Short.</description><content:encoded>&lt;p&gt;The whole story.&lt;/p&gt;
        </content:encoded><pubDate>Mon, 02 Nov 2026 10:00:00 EST</pubDate>
        <dc:creator>Ann Lee</dc:creator><source url="x">The Example</source></item><item/>
        </channel></rss>""",
        "https://news.example/feed",
    )
    [item] = feed.items
    assert (feed.title, feed.language) == ("Wire", "en-GB")
    assert (item.url, item.title) == ("https://news.example/a", "Talks & more")
    assert (item.html, item.source) == ("<p>The whole story.</p>", "The Example")
    assert (item.author, item.published_at) == ("Ann Lee", "2026-11-02T15:00:00Z")
    assert item.updated_at is None


def test_atom_entry_has_no_published_date_but_its_own() -> None:
    [item] = read_feed(
        b"""<feed xmlns="http://www.w3.org/2005/Atom"><entry><title>Talks</title>
        <link rel="enclosure" href="https://news.example/a.mp3"/>
        <link href="https://news.example/a"/><updated>2026-11-02T10:00:00Z</updated></entry></feed>"""
    ).items
    assert item.url == "https://news.example/a"
    assert (item.published_at, item.updated_at) == (None, "2026-11-02T10:00:00Z")


@pytest.mark.parametrize(
    ("written", "read"),
    [
        ("<![CDATA[Trump&#8217;s plan &amp; more]]>", "Trump’s plan & more"),
        ("&lt;b&gt;Bold&lt;/b&gt; news", "Bold news"),
        ("Is a &lt; b?", "Is a < b?"),
    ],
)
def test_title_is_plain_text(written: str, read: str) -> None:
    item = f"<item><title>{written}</title><link>https://news.example/a</link></item>"
    feed = f"<rss version='2.0'><channel>{item}</channel></rss>"
    assert read_feed(feed.encode()).items[0].title == read


def test_notices_that_stand_on_one_page_are_articles_of_their_own() -> None:
    entries = "".join(
        f"<item><title>Notice {n}</title><link>https://news.example/live#{n}</link>"
        f"<guid>{n}</guid><description>It was said {n} times.</description></item>"
        for n in (1, 2)
    )
    feed = read_feed(f"<rss version='2.0'><channel>{entries}</channel></rss>".encode())
    assert [(item.url, item.title) for item in feed.items] == [
        (None, "Notice 1"),
        (None, "Notice 2"),
    ]
    assert len({item.key for item in feed.items}) == 2


def test_broken_feed_is_read_as_far_as_it_makes_sense() -> None:
    [item] = read_feed(b"<rss version='2.0'><channel>" + ITEM + b"<item><title>Cut").items[:1]
    assert item.url == "https://news.example/a"


def test_entities_are_not_expanded() -> None:
    doctype = b"<!DOCTYPE rss [<!ENTITY a 'aaaaaaaaaa'>" + BOMB
    doctype += b"<!ENTITY f SYSTEM 'file:///etc/passwd'>]>"
    feed = read_feed(
        b"<?xml version='1.0'?>"
        + doctype
        + b"<rss version='2.0'><channel><title>&f;</title>"
        + ITEM
        + b"</channel></rss>"
    )
    assert len(repr(feed)) < 1_000
    assert "root:" not in repr(feed)


@pytest.mark.parametrize(
    "data",
    [b"", b"<html><body>Not found</body></html>", b"<rss version='2.0'>" + b"<a>" * 100_001],
)
def test_what_is_no_feed_or_too_much_of_one_is_refused(data: bytes) -> None:
    with pytest.raises(ReadError):
        read_feed(data)


@given(st.binary(max_size=60), st.integers(min_value=0))
def test_damaged_feed_gives_items_or_a_reason(damage: bytes, place: int) -> None:
    whole = b"<rss version='2.0'><channel>" + ITEM + b"</channel></rss>"
    place %= len(whole)
    with suppress(ReadError):
        read_feed(whole[:place] + damage + whole[place:], "https://news.example/feed")


@pytest.mark.parametrize("broken", [b"&#xFFFFFFFFF;", b"<link>http://[1</link>"])
def test_what_trips_the_parser_is_no_crash(broken: bytes) -> None:
    with suppress(ReadError):
        read_feed(b"<rss version='2.0'><channel><item>" + broken + b"</item></channel></rss>")


def test_name_of_a_file_is_not_opened() -> None:
    with pytest.raises(ReadError):
        read_feed(b"/etc/passwd")


def test_json_feed_is_told_like_any_other() -> None:
    told = {
        "version": "https://jsonfeed.org/version/1.1",
        "title": "Wire",
        "language": "en",
        "items": [
            {
                "id": 1,
                "url": "/a?utm_source=x",
                "title": "Talks &amp; more",
                "content_html": "<p>The whole story.</p>",
                "summary": "Short.",
                "date_published": "2026-11-02T10:00:00-05:00",
                "authors": [{"name": "Ann Lee"}, {"name": "Bo Ray"}],
            },
            {"id": "2", "content_text": "a < b", "author": {"name": "Ann Lee"}},
            "nonsense",
        ],
    }
    feed = read_feed(json.dumps(told).encode(), "https://news.example/feed.json")
    first, second = feed.items
    assert (feed.title, feed.language) == ("Wire", "en")
    assert (first.url, first.title) == ("https://news.example/a", "Talks & more")
    assert (first.html, first.author) == ("<p>The whole story.</p>", "Ann Lee, Bo Ray")
    assert first.published_at == "2026-11-02T10:00:00-05:00"
    assert (second.url, second.html, second.author) == (None, "a &lt; b", "Ann Lee")


@pytest.mark.parametrize("data", [b'{"version": "1"}', b"{", b"[" * 100_000])
def test_other_json_is_no_feed(data: bytes) -> None:
    with pytest.raises(ReadError):
        read_feed(data)
