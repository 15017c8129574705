"""What is extracted from a page and is not its story is refused, or stored with a note."""

import json

import pytest
from lxml.html import document_fromstring

from ingest.drafts import Draft, SourceFailure
from ingest.errors import ReadError
from ingest.html.extract import refuse_front_page
from tests.ingest.conftest import Read

STORY = [
    "The minister of finance resigned on Friday, a day after the coalition lost its majority.",
    "She will leave next week, she said to reporters in the capital, and go back to teaching.",
    "Her deputy, who has been in parliament since 2011, takes over until a vote is held.",
]
OTHER = "A river burst its banks in the north, and two hundred people had to leave their houses."


def page(body: str, *, title: str = "Minister resigns", head: str = "") -> str:
    return (
        f"<html><head><title>{title}</title>{head}</head><body><h1>{title}</h1>{body}</body></html>"
    )


def article(*texts: str) -> str:
    return f"<article>{''.join(f'<p>{text}</p>' for text in texts)}</article>"


def notes(read: Read, html: str) -> tuple[str, ...]:
    (draft,) = read("a.html", html)
    assert isinstance(draft, Draft)
    return draft.notes


def reason(read: Read, html: str) -> str:
    (failure,) = read("a.html", html)
    assert isinstance(failure, SourceFailure)
    return failure.reason


def json_ld(**values: str) -> str:
    article = {"@type": "NewsArticle", "headline": "Minister resigns"} | values
    return f"<script type='application/ld+json'>{json.dumps(article)}</script>"


def test_story_is_stored_without_a_note(read: Read) -> None:
    described = f"<meta property='og:description' content='{STORY[0]}'>"
    body = json_ld(articleBody=" ".join(STORY))
    assert notes(read, page(article(*STORY), head=described + body)) == ()
    assert notes(read, page(article("A quake hit the coast."), title="Quake")) == ()


def test_copyright_line_is_no_story(read: Read) -> None:
    line = "© 2025 The Example. All rights reserved."
    assert reason(read, page(article(line))) == "no story found on the page, but a copyright line"


def test_address_on_a_large_page_is_no_story(read: Read) -> None:
    rest = "".join(f"<footer>{OTHER}</footer>" for _ in range(20))
    html = page(f"<article><p>The Example, 12 Harbour Road</p><p>Example City</p></article>{rest}")
    assert reason(read, html).endswith("characters without a sentence")


def test_few_characters_of_a_large_page_are_noted(read: Read) -> None:
    rest = "".join(f"<footer>{OTHER}</footer>" for _ in range(20))
    (note,) = notes(read, page(article(STORY[0]) + rest))
    assert note.startswith("may not be the story: only 8")


def test_text_without_a_word_of_title_and_description_is_noted(read: Read) -> None:
    described = "<meta property='og:description' content='Finance chief quits.'>"
    (note,) = notes(read, page(article(*[OTHER] * 3), head=described))
    assert note == ("may not be the story: it has hardly a word of the page's title or description")


def test_text_that_is_not_the_article_of_json_ld_is_noted(read: Read) -> None:
    body = json_ld(articleBody=" ".join(STORY * 2))
    (note,) = notes(read, page(article(f"Minister resigns: {OTHER}"), head=body))
    assert "of the words that the page gives as its article" in note


def cards() -> str:
    return "<div>{}</div>".format(
        "".join(
            f"<div class='card'><h3><a href='/{at}'>A river burst its banks {at}</a></h3>"
            f"<p>{at}: {OTHER}</p></div>"
            for at in range(9)
        )
    )


def test_list_of_stories_is_refused(read: Read) -> None:
    assert reason(read, page(cards(), title="Weather")).startswith("a list of stories")


def test_list_of_stories_that_is_called_an_article_is_noted(read: Read) -> None:
    html = page(cards(), title="Rivers", head="<meta property='og:type' content='article'>")
    assert "may not be the story: it looks like a list of stories" in notes(read, html)


def test_comments_in_place_of_the_story_are_noted(read: Read) -> None:
    comments = "".join(f"<p>{at}: {OTHER} Minister, resigns!</p>" for at in range(5))
    rest = "".join(f"<aside>{text} {OTHER}</aside>" for text in STORY * 2)
    html = page(f"<main>{rest}<div class='l-comments'>{comments}</div></main>")
    assert notes(read, html) == ("may not be the story: it looks like readers' comments",)


def test_front_page_is_refused_with_the_feed_to_take_instead() -> None:
    headlines = "".join(f"<h3><a href='/{n}'>Story {n}</a></h3>" for n in range(9))
    feed = "<link rel='alternate' type='application/rss+xml' href='/feed.xml'>"
    page = document_fromstring(f"<html><head>{feed}</head><body>{headlines}</body></html>")
    with pytest.raises(ReadError, match=r"ingest its feed, https://example\.com/feed\.xml"):
        refuse_front_page(page, "https://example.com/")
    refuse_front_page(page, "https://example.com/2021/story")
    refuse_front_page(page, None)
