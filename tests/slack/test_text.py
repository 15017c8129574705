"""Nothing that came from an article, a person or a model comes alive."""

import doctest

import pytest
from hypothesis import given
from markdown_it import MarkdownIt

import bot.slack.text
from bot.slack.text import clipped, day, escape, exact, fitted, linked, name
from tests.slack.hostile import long_texts, texts, unhurried

READ_AS_TEXT = {"paragraph_open", "paragraph_close", "inline", "text", "text_special"} | {
    "softbreak",
    "hardbreak",
}


def _markdown_types(text: str) -> set[str]:
    """What a Markdown reader makes of the text."""
    reader = MarkdownIt("commonmark").enable(["table", "strikethrough"])
    tokens = reader.parse(text)
    return {t.type for token in tokens for t in (token, *(token.children or ()))}


@unhurried
@given(texts)
def test_escaped_text_is_but_text_to_a_markdown_reader(text: str) -> None:
    assert _markdown_types(escape(text)) <= READ_AS_TEXT


@unhurried
@given(texts)
def test_escaped_text_has_no_mark_of_slacks(text: str) -> None:
    shown = escape(text)
    assert not set("<>*~`") & set(shown)
    assert "://" not in shown
    assert "\u202e" not in shown
    assert "\x1b" not in shown


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("<!channel> <@U1>", "&lt;!channel&gt; &lt;@U1&gt;"),
        ("<https://evil|bbc.co.uk>", "&lt;https∶//evil|bbc.co.uk&gt;"),
        ("[bbc](https://evil.example)", "[bbc] (https∶//evil.example)"),
        ("![x](y) and [x][y]", "! [x] (y) and [x] [y]"),
        (":lock: at 10:30:45", "∶lock: at 10:30:45"),
        ("*Admin* _x_ a_b", "∗Admin∗ ˍxˍ a_b"),
        ("www.evil.example a@evil.example", "www․evil.example a＠evil.example"),
        ("@here", "＠here"),
        ("1986. A year", "1986․ A year"),
        ("a\u202eb\u200b\x00c", "abc"),
        ("~~x~~ `y` [^1]", "∼∼x∼∼ ˋyˋ [ ^1]"),
        ("a\n    b\n> c\n# d", "a\n   b\n› c\n＃ d"),
        ("- a\n+ b\n1) c", "– a\n＋ b\n1） c"),
        ("| a | b |\n| - | - |\n===", "| a | b |\n| – | – |\n＝＝＝"),
        ("evil.example/login", "evil․example/login"),
    ],
)
def test_what_would_come_alive_is_shown(text: str, shown: str) -> None:
    assert escape(text) == shown


@pytest.mark.parametrize(
    "text",
    [
        "The U.S.-led group said [sic] it fell 3.5% (to $1.2bn) at 10:30, “no more”.",
        "Booking.com: who's next? #1, and a_b.",
        "Übergrößenträger, Żółć, 東京で、ข่าว، أخبار 🇺🇦",
    ],
)
def test_ordinary_text_stays_as_it_is(text: str) -> None:
    assert escape(text) == text


def test_exact_text_keeps_everything_but_what_pings() -> None:
    assert exact("*a* [b](c) 5 < 6 & <!here>") == "*a* [b](c) 5 < 6 & ‹!here>"


@unhurried
@given(long_texts)
def test_fitted_text_fits_and_tears_no_entity(text: str) -> None:
    shown = fitted(text, 200)
    assert len(shown) <= 200
    assert "&" not in shown.replace("&amp;", "").replace("&lt;", "").replace("&gt;", "")


def test_text_is_cut_between_words() -> None:
    assert clipped("one two three four", 12) == "one two …"


def test_pictures_of_a_title_are_left_out() -> None:
    assert name("✅ Verified \U0001f512\ufe0f by\nan admin") == "Verified by an admin"
    assert name("✅") == "Untitled"


@pytest.mark.parametrize(
    "url", [None, "javascript:alert(1)", "ftp://a.example/", "https://bbc@evil.example/", "x"]
)
def test_only_web_addresses_are_linked(url: str | None) -> None:
    assert linked("Title", url) == "Title"


def test_link_leads_to_the_address_and_ends_where_it_should() -> None:
    assert linked("A|B>", "https://a.example/x?a=1&b=c|d") == (
        "<https://a.example/x?a=1&amp;b=c%7Cd|A∣B&gt;>"
    )


@pytest.mark.parametrize(
    ("published_at", "shown"),
    [("2021-12-03", "3 December 2021"), ("2021-12-03T10:00:00Z", "3 December 2021"), (None, "")],
)
def test_day_is_written_out(published_at: str | None, shown: str) -> None:
    assert day(published_at) == shown


def test_examples_in_docstrings_hold() -> None:
    assert doctest.testmod(bot.slack.text).failed == 0
