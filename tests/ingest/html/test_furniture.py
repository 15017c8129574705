import pytest
from lxml.html import document_fromstring

from ingest.html.furniture import remove_furniture

STORY = "The minister of finance resigned on Friday, a day after the coalition lost its majority. "
OTHER = "Other words"


def left_of(part: str, around: str = "<div>{}</div>") -> str:
    story = f"<p>{STORY * 3}</p>{part}<p>{STORY * 3}</p>"
    page = document_fromstring(f"<html><body>{around.format(story)}</body></html>")
    remove_furniture(page)
    return str(page.text_content())


@pytest.mark.parametrize(
    "part",
    [
        "<nav>{}</nav>",
        "<aside>{}</aside>",
        "<figure><figcaption>{}</figcaption></figure>",
        "<div role='complementary'>{}</div>",
        "<div class='relatedPosts'>{}</div>",
        "<div class='c-social-share'>{}</div>",
        "<div id='comments'>{}</div>",
        "<section data-area='affiliate-box'><p>{}.</p></section>",
        "<div class='infobox left'><p>{}.</p></div>",
        "<p class='image-caption'>{}</p>",
        "<div class='byline'>{}</div>",
        "<div><h3>Read next</h3><p>{}</p></div>",
        "<div><h3>3 comments</h3><p>{}</p></div>",
        "<div><h3>About the Author</h3><p>{}.</p></div>",
        "<div><p>{}.</p><button>Join</button></div>",
        "<div><p>{}.</p><a href='/s'>SIGN UP</a></div>",
        "<div class='c'><h3><a>{}</a></h3></div><div class='c'><h3><a>{}</a></h3></div>",
    ],
)
def test_what_is_named_as_something_else_is_taken_off(part: str) -> None:
    left = left_of(part.replace("{}", OTHER))
    assert OTHER not in left
    assert left.count("Friday") == 6


@pytest.mark.parametrize(
    "around",
    [
        "<div class='share-wrapper'>{}</div>",
        "<form>{}</form>",
        "<aside>{}</aside>",
        "<div id='sidebar-right'><div itemprop='articleBody'>{}</div></div>",
        "<table><tr><td>{}</td></tr></table>",
    ],
)
def test_wrapper_of_the_story_stays_whatever_its_name(around: str) -> None:
    assert left_of("", around).count("Friday") == 6


def test_section_that_is_named_like_a_line_stays() -> None:
    assert OTHER in left_of(f"<div class='source'><p>{OTHER} that make a long sentence.</p></div>")


@pytest.mark.parametrize("name", ["paywall", "subscription-content", "share-wrapper"])
def test_wrapper_of_the_story_stays_whatever_it_is_called(name: str) -> None:
    story = f"<div class='{name}'><p>{STORY * 6}</p><p>{STORY * 6}</p></div>"
    page = document_fromstring(f"<body><ul>{f'<li>{OTHER}</li>' * 200}</ul>{story}</body>")
    remove_furniture(page)
    assert STORY in page.text_content()


def test_button_that_is_a_word_of_a_sentence_stays() -> None:
    assert "She asked for a recount today." in left_of(
        "<p>She asked for a <button>recount</button> today.</p>"
    )
