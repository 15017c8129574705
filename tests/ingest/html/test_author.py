import pytest
from lxml.html import HtmlElement, document_fromstring

from ingest.html.author import find_author
from ingest.html.outlets import Outlet


def page(byline: str) -> HtmlElement:
    return document_fromstring(
        f"<body><article><h1>Minister resigns</h1>{byline}<p>She left.</p></article></body>"
    )


def author_of(byline: str, *told: list[str]) -> str | None:
    found = page(byline)
    return find_author(found, told, found.find(".//h1"), Outlet(["Example Times"], None))


@pytest.mark.parametrize(
    "byline",
    [
        "<p class='byline'>By Jane Doe</p>",
        "<p class='ArticleByline'>By Jane Doe</p>",
        "<p id=byline>By Jane Doe</p>",
        "<p data-testid=byline>By Jane Doe, Example Times</p>",
        "<a rel='author nofollow'>Jane Doe</a>",
        "<div class=author><a rel=author>Jane Doe</a><span>Senior reporter</span></div>",
        "<span itemprop=author><span>About</span><b itemprop=name>Jane Doe</b>Since 2010</span>",
        "<a rel=author><img></a><a rel=author>Jane Doe</a><a rel=author>More by Jane Doe</a>",
        "<address>By <a>Jane Doe</a></address>",
        "<p><strong>By Jane Doe, Staff Writer</strong></p>",
    ],
)
def test_author_is_read_off_the_byline(byline: str) -> None:
    assert author_of(byline) == "Jane Doe"


@pytest.mark.parametrize(
    "elsewhere",
    [
        "<aside><p class=author>By Zed Zebra</p></aside>",
        "<aside><p>By Zed Zebra</p></aside>",
        "<section class=comments><p class=author>Zed Zebra</p></section>",
        "<p class=comment-author>Zed Zebra</p>",
        "<div class='related-stories'><p class=author>Zed Zebra</p></div>",
        "<article><h2>Wolves</h2><p class=author>Zed Zebra</p></article>",
        "<div class=author>By Zed Zebra. " + "He writes. " * 100 + "</div>",
        "<p>By Monday, the minister had left.</p>",
    ],
)
def test_author_of_something_else_is_not_the_storys(elsewhere: str) -> None:
    assert author_of(elsewhere) is None


def test_authors_who_are_linked_one_by_one_are_all_named() -> None:
    byline = "<address><a rel=author>Jane Doe</a> and <a rel=author>Max Roe</a></address>"
    assert author_of(byline) == "Jane Doe, Max Roe"


def test_aside_may_hold_the_facts_of_the_story() -> None:
    fact = "<aside><b itemprop=author>Jane Doe</b></aside>"
    assert author_of(fact) == "Jane Doe"


def test_first_place_that_tells_a_name_counts() -> None:
    link, names = ["https://example.com/jane"], ["By Jane Doe", "Max Roe", "Jane Doe"]
    assert author_of("<p class=byline>By Ann Poe</p>", link, names, ["Zed"]) == "Jane Doe, Max Roe"
