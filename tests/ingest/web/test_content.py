import gzip
import zlib

import pytest

from ingest.errors import FetchError
from ingest.web.content import gunzip, kind_of, read_body, require_readable


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
        (b'{"version": "https://jsonfeed.org/version/1.1"}', "application/json", "feed"),
        (b"\n" * 5_000 + b"A text after blank lines.", "text/plain", ".txt"),
        (b"<?a?><!--a-->\n" * 1_000 + b"<rss>", "", "feed"),
        (b"\n<!--" + b"a licence " * 1_000 + b"--><rss>", "application/xml", "feed"),
        (b"<!DOCTYPE rdf:RDF [\n<!ENTITY % a PUBLIC 'b' 'c'>\n]>\n<rdf:RDF>", "", "feed"),
        (b"<!DOCTYPE rss PUBLIC 'a' 'b'><rss>", "text/html", "feed"),
        (b"<!doctype HTML [ ]><p>Talks", "text/plain", ".html"),
        (b"<HTML lang=en>", "text/plain", ".html"),
        (b"<p>Talks</p>", "text/plain", ".txt"),
        ("\ufeff<?xml version='1.0' encoding='utf-16'?><rss>".encode("utf-16-le"), "", "feed"),
        ("<?xml version='1.0' encoding='utf-16'?>\n<feed>".encode("utf-16-be"), "", "feed"),
    ],
)
def test_first_bytes_tell_what_the_type_leaves_open(
    data: bytes, media_type: str, kind: str
) -> None:
    assert kind_of(data, media_type) == kind


@pytest.mark.parametrize(
    "data", [b"", b"\x00\x01", b"<svg>", b"<" * 5_000, b"<!--" * 5_000, b"<![" * 5_000]
)
def test_what_nobody_names_is_refused(data: bytes) -> None:
    with pytest.raises(FetchError, match="which is no article"):
        kind_of(data, "application/octet-stream")


@pytest.mark.parametrize("media_type", ["application/x-rss+xml", "text/rss+xml", "application/rss"])
def test_feed_may_have_any_type_that_tells_of_one(media_type: str) -> None:
    require_readable(media_type)
    assert kind_of(b"<rss>", media_type) == "feed"


def test_json_is_taken_as_it_may_be_a_feed_and_refused_if_it_is_none() -> None:
    require_readable("application/json")
    with pytest.raises(FetchError, match="sends application/json, which is no article"):
        kind_of(b'{"title": "Talks"}', "application/json")


@pytest.mark.parametrize("length", [65_535, 65_536, 65_793, 66_050])
def test_step_that_ends_before_the_last_letters_loses_none(length: int) -> None:
    bare = zlib.compress(b"a" * length)[2:-4]
    assert len(read_body([bare], "deflate", max_bytes=100_000)) == length


@pytest.mark.parametrize("size", [1, 7, 16_384, 100_000])
def test_several_gzips_are_one_file_wherever_they_are_cut(size: int) -> None:
    sent = gzip.compress(b"story" * 5_000, mtime=0) + gzip.compress(b"x", mtime=0) * 3
    chunks = [sent[start : start + size] for start in range(0, len(sent), size)]
    assert read_body(chunks, "gzip", max_bytes=100_000) == b"story" * 5_000 + b"xxx"


def test_a_million_empty_gzips_are_nothing() -> None:
    assert gunzip(gzip.compress(b"", mtime=0) * 1_000_000, max_bytes=1_000) == b""
