"""Pages that stand in a story's place: refused, and said what they are."""

import pytest

from ingest.errors import ReadError
from ingest.html.extract import refuse_interstitial

STORY = "The minister of finance resigned on Friday, a day after the coalition lost its majority."


@pytest.mark.parametrize(
    ("title", "text", "said"),
    [
        ("Example News", "We value your privacy. We and our 842 partners store data.", "cookie"),
        ("Just a moment...", "Enable JavaScript and cookies to continue.", "robots"),
        ("Example News", "Are you a robot? Please click the box below to go on.", "robots"),
        ("Example", "Please enable JavaScript to view this page.", "JavaScript"),
        ("Access Denied", "You don't have permission to access this server.", "refusal"),
        ("Example", "This content is not available in your region.", "refusal"),
        ("Page not found", "Sorry, that was not here.", "error"),
        ("Example", "Sorry, the page you are looking for could not be found.", "error"),
        ("Moved", "If you are not redirected automatically, click here.", "leads on"),
        ("Log in", "Enter your name and your password to go on reading.", "sign in"),
        ("Index of /news", "Parent Directory a.html b.html", "list of files"),
    ],
)
def test_interstitial_is_refused_for_what_it_is(title: str, text: str, said: str) -> None:
    with pytest.raises(ReadError, match=said):
        refuse_interstitial(title, [text])


@pytest.mark.parametrize(
    ("title", "text"),
    [
        ("Minister resigns", STORY),
        ("Cookie makers merge", "Cookies from two factories will come from one."),
        ("Forbidden forest opens", "The forest was closed for 40 years."),
        ("Access to water denied to thousands", "A dam was closed on Monday."),
        ("404 houses are to be built", "The council agreed on Monday."),
    ],
)
def test_short_story_is_no_interstitial(title: str, text: str) -> None:
    refuse_interstitial(title, [text])


def test_story_about_an_error_page_is_a_story() -> None:
    refuse_interstitial("Page not found", [STORY] * 12)
