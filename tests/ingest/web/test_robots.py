import tracemalloc

import pytest

from ingest.errors import (
    FetchError,
    ForbiddenError,
    ServerFailedError,
    UnavailableError,
    UnknownHostError,
)
from ingest.web.linked_pages import Robots


def allows(robots_txt: bytes, path: str) -> bool:
    try:
        Robots(lambda _url: robots_txt).require(f"https://news.example{path}")
    except ForbiddenError:
        return False
    return True


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
    assert allows(SITE, path) is allowed


def test_groups_that_name_us_are_joined_and_escapes_are_equal() -> None:
    rules = "User-agent: newsdesk\nDisallow: /a\n\nUser-agent: newsdesk\nDisallow: /été".encode()
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
        ("/a-%2A.html", "/a-*.html"),
        ("/a*-%24$", "/a-b-$"),
    ],
)
def test_characters_are_equal_escaped_or_not(pattern: str, path: str) -> None:
    assert not allows(f"User-agent: *\nDisallow: {pattern}".encode(), path)


def test_escaped_star_is_no_wildcard() -> None:
    assert allows(b"User-agent: *\nDisallow: /a%2Ab", "/a-b")


@pytest.mark.parametrize("agent", ["newsdesk", "Newsdesk/1.0", "NEWSDESK bot (of news.example)"])
def test_group_for_us_may_name_a_version(agent: str) -> None:
    rules = f"User-agent: *\nDisallow: /\n\nUser-agent: {agent}\nAllow: /".encode()
    assert allows(rules, "/a")


@pytest.mark.parametrize("agent", ["newsdesk-images", "othernewsdesk", "", "news"])
def test_group_of_another_is_not_ours(agent: str) -> None:
    assert allows(f"User-agent: {agent}\nDisallow: /".encode(), "/a")


def test_file_of_many_agents_and_rules_takes_little_memory() -> None:
    agents = "".join(f"User-agent: a{number}\n" for number in range(12_000)).encode()
    tracemalloc.start()
    assert allows(agents + b"Disallow: /a\n" * 20_000 + b"User-agent: *\nDisallow: /b", "/a")
    assert tracemalloc.get_traced_memory()[1] < 100_000_000
    tracemalloc.stop()


def test_many_wildcards_are_matched_at_once() -> None:
    rules = b"User-agent: *\nDisallow: /" + b"*a" * 2_000 + b"b$"
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
