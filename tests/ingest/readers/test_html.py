import pytest

from ingest.drafts import Draft, SourceFailure
from tests.ingest.conftest import Read

PAGE = """<!doctype html>
<html lang="en-GB">
<head>
<meta charset="utf-8">
<title>Minister resigns | The Example</title>
<link rel="canonical" href="https://Example.com/2021/a?utm_source=x#top">
<meta property="og:site_name" content="The Example">
<meta name="author" content="By Jane Q. Reporter">
<meta property="article:published_time" content="2021-12-03T10:00:00Z">
<meta property="article:modified_time" content="2021-12-04T10:00:00Z">
</head>
<body>
<nav><a href="/">Home</a> <a href="/news">News</a></nav>
<article>
<h1>Minister resigns</h1>
<p>The minister of finance <a href="/x">resigned</a> on Friday, a day after the coalition lost
its majority.</p>
<p>She will leave next week, she told reporters in a café in the capital.</p>
</article>
<footer>All rights reserved.</footer>
</body>
</html>
"""


def test_page_tells_what_it_is_of(read: Read) -> None:
    (draft,) = read("a.html", PAGE)
    assert isinstance(draft, Draft)
    assert draft.url == draft.origin == "https://example.com/2021/a"
    assert (draft.title, draft.source) == ("Minister resigns", "The Example")
    assert (draft.author, draft.language) == ("Jane Q. Reporter", "en-GB")
    assert draft.published_at == "2021-12-03T10:00:00Z"
    assert draft.updated_at == "2021-12-04T10:00:00Z"


def test_story_is_kept_and_what_stands_around_it_is_not(read: Read) -> None:
    (draft,) = read("a.html", PAGE)
    assert isinstance(draft, Draft)
    assert draft.text.split("\n\n") == [
        "The minister of finance resigned on Friday, a day after the coalition lost its majority.",
        "She will leave next week, she told reporters in a café in the capital.",
    ]


def test_json_ld_is_believed_first(read: Read) -> None:
    told = """<script type="application/ld+json">{"@graph": [{"@type": "NewsArticle",
    "headline": "Finance minister resigns", "author": [{"name": "A. Writer"}, {"name": "B. Too"}],
    "publisher": {"name": "The Other"}, "datePublished": "2021-12-02"}]}</script></head>"""
    (draft,) = read("a.html", PAGE.replace("</head>", told))
    assert isinstance(draft, Draft)
    assert (draft.title, draft.author) == ("Finance minister resigns", "A. Writer, B. Too")
    assert (draft.source, draft.published_at) == ("The Other", "2021-12-02")


def test_encoding_is_the_one_declared(read: Read) -> None:
    page = PAGE.replace("utf-8", "windows-1250").replace("café", "kavárně řeky")
    (draft,) = read("a.html", page.encode("cp1250"))
    assert isinstance(draft, Draft)
    assert "in a kavárně řeky in" in draft.text


def test_page_without_a_story_says_so(read: Read) -> None:
    (failure,) = read("a.html", "<html><body><script>run()</script></body></html>")
    assert isinstance(failure, SourceFailure)
    assert failure.reason == "no story found on the page"


@pytest.mark.parametrize(
    ("byline", "author"),
    [
        ("<p class='byline__name'>Jane Q. Reporter</p>", "Jane Q. Reporter"),
        ("<div class='c-byline'>By Jane Roe and Joe Second</div>", "Jane Roe and Joe Second"),
        ("<a rel='author'>Jane Q. Reporter</a>", "Jane Q. Reporter"),
        ("<div class='author-box'>About The Author</div>", None),
    ],
)
def test_author_is_read_off_the_byline_where_nothing_else_tells(
    read: Read, byline: str, author: str | None
) -> None:
    page = PAGE.replace('name="author"', 'name="other"').replace("</h1>", f"</h1>{byline}")
    (draft,) = read("a.html", page)
    assert isinstance(draft, Draft)
    assert draft.author == author
