"""What a message gives: links, and words that ask nothing."""

import pytest

from bot.slack.events import read_submission

LINK = "<https://a.example/x?b=1&amp;copy=2|a.example>"
URL = "https://a.example/x?b=1&copy=2"


@pytest.mark.parametrize(
    ("text", "asks_nothing", "for_everyone"),
    [
        (LINK, True, False),
        (f"Please add this article: {LINK}!", True, False),
        (f"remember {LINK} for everyone :pray:", True, True),
        (f"everyone {URL}, ", True, True),
        (f"{LINK} for everyone here", True, False),
        (f"{LINK} not for everyone", False, False),
        (f"what does {LINK} say?", False, False),
        (f"{LINK} ?", False, False),
        (f"<@U2> {LINK}", False, False),
    ],
)
def test_words_tell_giving_from_asking(text: str, asks_nothing: bool, for_everyone: bool) -> None:
    offer = read_submission(text)
    assert offer.links == (URL,)
    assert (offer.asks_nothing, offer.for_everyone) == (asks_nothing, for_everyone)


def test_links_come_once_and_only_from_the_web() -> None:
    text = (
        f"{LINK} {URL} <file:///etc/passwd> /etc/passwd <mailto:a@b.example|a> <HTTPS://B.example>"
    )
    assert read_submission(text).links == (URL, "HTTPS://B.example")
