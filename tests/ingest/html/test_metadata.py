import pytest
from lxml.html import document_fromstring

from ingest.html.metadata import Meta, SchemaArticle, find_address

HERE = "https://www.example.com/news/42"
STORY = "https://www.example.com/a"


def address_of(head: str, fetched_from: str | None, *articles: SchemaArticle) -> str | None:
    page = document_fromstring(f"<html><head>{head}</head><body></body></html>")
    return find_address(page, Meta(page), articles, fetched_from)


@pytest.mark.parametrize("fetched_from", [HERE, None])
@pytest.mark.parametrize(
    "head",
    [
        f"<link rel=canonical href='{STORY}?utm_source=x#top'>",
        f"<link rel='canonical nofollow' href='{STORY}'>",
        f"<link rel=CANONICAL href='{STORY}'>",
        "<link rel=canonical href='//www.example.com/a'>",
        "<base href='https://www.example.com/'><link rel=canonical href='a'>",
        f"<link rel=canonical href=''><meta property=og:url content='{STORY}'>",
        f"<link rel=canonical href='/'><meta property=og:url content='{STORY}'>",
        f"<link rel=canonical href='http://[bad'><meta property=og:url content='{STORY}'>",
    ],
)
def test_page_names_its_own_address(head: str, fetched_from: str | None) -> None:
    assert address_of(head, fetched_from) == STORY


def test_relative_link_leads_from_where_the_page_was_found() -> None:
    link = "<link rel=canonical href='/a'>"
    assert address_of(link, HERE) == STORY
    assert address_of(link, None) is None


@pytest.mark.parametrize(
    "link",
    ["https://www.example.com", "/", "https://evil.example/a", "http://localhost:3000/a", ""],
)
def test_address_that_cannot_be_the_storys_is_not_believed(link: str) -> None:
    head = f"<link rel=canonical href='{link}'>"
    assert address_of(head, HERE) == HERE


@pytest.mark.parametrize(
    "link", ["https://www.example.com/", "http://localhost:3000/a", "http://127.0.0.1:8000/a"]
)
def test_file_is_not_known_by_a_front_page_or_the_machine_that_built_it(link: str) -> None:
    assert address_of(f"<link rel=canonical href='{link}'>", None) is None


def test_address_of_the_only_article_in_json_ld_is_the_pages() -> None:
    own, other = SchemaArticle(urls=(f"{STORY}#article",)), SchemaArticle(urls=(f"{STORY}2",))
    assert address_of("", None, own) == STORY
    assert address_of("", None, own, other) is None


def test_address_with_a_query_alone_is_no_front_page() -> None:
    assert address_of("<link rel=canonical href='/?p=42'>", HERE) == "https://www.example.com/?p=42"
