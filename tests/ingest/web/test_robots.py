import pytest

from ingest.errors import (
    FetchError,
    ForbiddenError,
    ServerFailedError,
    UnavailableError,
    UnknownHostError,
)
from ingest.web.robots import Robots, allows, read_rules

SITE = b"""\xef\xbb\xbf# ours
User-agent: otherbot
User-agent: NewsDesk
Disallow: /private   # not this
Allow: /private/open
Disallow: /*?print=
Disallow: /*.pdf$
Disallow:
Sitemap: https://news.example/sitemap.xml

User-agent: *
Disallow: /
"""


@pytest.mark.parametrize(
    ("path", "allowed"),
    [
        ("/", True),
        ("/private", False),
        ("/private/a", False),
        ("/private/open/a", True),
        ("/story?print=1", False),
        ("/story?id=1", True),
        ("/paper.pdf", False),
        ("/paper.pdf.html", True),
    ],
)
def test_longest_rule_that_fits_decides(path: str, allowed: bool) -> None:
    assert allows(read_rules(SITE), path) is allowed


def test_groups_that_name_us_are_joined_and_escapes_are_equal() -> None:
    rules = read_rules(
        b"User-agent: newsdesk\nDisallow: /a\n\nUser-agent: newsdesk\nDisallow: /\xc3\xa9t\xc3\xa9"
    )
    assert not allows(rules, "/a")
    assert not allows(rules, "/%C3%A9t%C3%A9")
    assert allows(rules, "/b")


@pytest.mark.parametrize(
    ("pattern", "path"),
    [
        ("/foo/bar/%62%61%7A", "/foo/bar/baz"),
        ("/private", "/%70rivate/a"),
        ("/~joe", "/%7Ejoe"),
        ("/a%3cd", "/a%3Cd"),
        ("/a?b=http%3A%2F%2Fc.example", "/a?b=http://c.example"),
        ("/a-%2A.html", "/a-*.html"),
        ("/a*-%24$", "/a-b-$"),
    ],
)
def test_characters_are_equal_escaped_or_not(pattern: str, path: str) -> None:
    assert not allows(read_rules(f"User-agent: *\nDisallow: {pattern}".encode()), path)


def test_escaped_star_is_no_wildcard() -> None:
    assert allows(read_rules(b"User-agent: *\nDisallow: /a%2Ab"), "/a-b")


@pytest.mark.parametrize("agent", ["newsdesk", "Newsdesk/1.0", "NEWSDESK bot (of news.example)"])
def test_group_for_us_may_name_a_version(agent: str) -> None:
    rules = read_rules(f"User-agent: *\nDisallow: /\n\nUser-agent: {agent}\nAllow: /".encode())
    assert allows(rules, "/a")


@pytest.mark.parametrize("agent", ["newsdesk-images", "othernewsdesk", "", "news"])
def test_group_of_another_is_not_ours(agent: str) -> None:
    assert allows(read_rules(f"User-agent: {agent}\nDisallow: /".encode()), "/a")


def test_rules_stand_once_however_often_a_group_names_us() -> None:
    named = b"User-agent: *\nUser-agent: newsdesk\nUser-agent: other\n" * 2_000
    assert len(read_rules(named + b"Disallow: /a\n" * 2_000)) == 2_000


def test_many_wildcards_are_matched_at_once() -> None:
    rules = read_rules(b"User-agent: *\nDisallow: /" + b"*a" * 2_000 + b"b$")
    assert allows(rules, "/" + "a" * 4_000)


def test_without_the_file_all_is_allowed_and_without_an_answer_nothing() -> None:
    def missing(_url: str) -> bytes:
        raise UnavailableError("answered 404")

    def failing(_url: str) -> bytes:
        raise ServerFailedError("answered 503")

    def nowhere(_url: str) -> bytes:
        raise UnknownHostError("there is no host news.example")

    Robots(missing).require("https://news.example/a")
    with pytest.raises(FetchError, match=r"robots\.txt can't be had.*answered 503"):
        Robots(failing).require("https://news.example/a")
    with pytest.raises(UnknownHostError, match="there is no host"):
        Robots(nowhere).require("https://news.example/a")


def test_each_site_is_asked_once() -> None:
    asked = []

    def fetch(url: str) -> bytes:
        asked.append(url)
        return b"User-agent: *\nDisallow: /b"

    robots = Robots(fetch)
    robots.require("https://news.example/a")
    with pytest.raises(ForbiddenError, match=r"robots\.txt forbids it"):
        robots.require("https://news.example/b?x=1")
    robots.require("http://news.example/a")
    assert asked == ["https://news.example/robots.txt", "http://news.example/robots.txt"]
