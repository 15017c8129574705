"""Modals and the Home tab, within Slack's limits."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.answers import Citation
from bot.slack.views import CitedPassage, home_view, note_view, passages_view, suggested_prompts
from tests.slack.hostile import listings, passages, unhurried
from tests.slack.limits import complaints_about_view, strings
from vectorstore.models import Listing

QUOTE = "It would be met with *strong* measures."
CITATION = Citation(
    1, QUOTE, "Talks", "bbc.co.uk", None, "2021-12-03", "talks", "talks-0", 8, 8 + len(QUOTE)
)
PASSAGES = [CitedPassage(CITATION, "Before. ", " After.")] * 3
LISTING = Listing("talks", "Talks", "bbc.co.uk", None, "2021-12-03", 3, 1)


def _buttons(view: dict[str, object]) -> dict[str, str]:
    blocks = view["blocks"]
    assert isinstance(blocks, list)
    turning = [block for block in blocks if block["type"] == "actions"]
    return {e["action_id"]: e["value"] for block in turning for e in block["elements"]}


def test_quote_is_marked_inside_its_surroundings() -> None:
    view = passages_view(PASSAGES, page=1, answer_id="a1")
    (section,) = view["blocks"][1]["elements"]
    assert section["elements"] == [
        {"type": "text", "text": "Before. "},
        {"type": "text", "text": QUOTE, "style": {"bold": True}},
        {"type": "text", "text": " After."},
    ]
    assert view["private_metadata"] == "a1:1"


@pytest.mark.parametrize(
    ("page", "buttons"),
    [
        (-1, {"page_on": "a1:0"}),
        (0, {"page_on": "a1:0"}),
        (1, {"page_back": "a1:1", "page_on": "a1:1"}),
        (2, {"page_back": "a1:2"}),
        (9, {"page_back": "a1:2"}),
    ],
)
def test_pages_turn_as_far_as_there_are_passages(page: int, buttons: dict[str, str]) -> None:
    assert _buttons(passages_view(PASSAGES, page=page, answer_id="a1")) == buttons


def test_passages_that_are_gone_are_said_to_be() -> None:
    view = passages_view([], page=0, answer_id="a1")
    assert "no longer in the archive" in "".join(strings(view))
    assert complaints_about_view(view) == []


def test_note_comes_back_with_its_answer() -> None:
    view = note_view("a1")
    assert (view["callback_id"], view["private_metadata"]) == ("note", "a1")
    assert complaints_about_view(view) == []


def test_home_tells_what_the_archive_covers() -> None:
    view = home_view([LISTING], covered=("1963-05-01", "2021-12-03"), total=312, may_remove=False)
    shown = "\n".join(strings(view))
    assert "*312 articles*, 1 May 1963 to 3 December 2021." in shown
    assert "The newest 1 of 312 articles." in shown
    assert "/ask" in shown


def test_remove_is_offered_to_those_who_may() -> None:
    kept = home_view([LISTING], covered=None, total=1, may_remove=False)
    assert not any("accessory" in block for block in kept["blocks"])
    removable = home_view([LISTING], covered=None, total=1, may_remove=True)
    (button,) = [block["accessory"] for block in removable["blocks"] if "accessory" in block]
    assert (button["action_id"], button["value"]) == ("remove_article", "talks")
    assert button["confirm"]["style"] == "danger"


def test_prompts_come_from_the_newest_articles_once_each() -> None:
    titles = ["Talks", "Talks", "", "Storm", "Vote", "<!here>", "Old"]
    prompts = suggested_prompts([Listing(t, t, "", None, None, 1, 1) for t in titles])
    assert [prompt["title"] for prompt in prompts] == ["Talks", "Storm", "Vote", "‹!here>"]
    assert prompts[0]["message"] == "What do we know about “Talks”?"


@unhurried
@given(passages, st.integers(-2, 9))
def test_every_page_is_within_the_limits(found: list[CitedPassage], page: int) -> None:
    assert complaints_about_view(passages_view(found, page=page, answer_id="a1")) == []


@unhurried
@given(listings, st.booleans())
def test_every_home_is_within_the_limits(found: list[Listing], may_remove: bool) -> None:
    view = home_view(found, covered=None, total=len(found), may_remove=may_remove)
    assert complaints_about_view(view) == []


@unhurried
@given(listings)
def test_every_prompt_is_short(found: list[Listing]) -> None:
    for prompt in suggested_prompts(found):
        assert 0 < len(prompt["title"]) <= 75
        assert len(prompt["message"]) <= 300


def test_home_shows_how_many_articles_are_not_published_and_why() -> None:
    lines = ["2 articles held (1 draft; 1 <legal>)"]
    view = home_view([], covered=None, total=0, may_remove=True, unpublished=lines)
    assert "Not published: 2 articles held (1 draft; 1 &lt;legal&gt;)." in str(view["blocks"])
