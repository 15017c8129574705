"""Notes above and below a story: on its makers, its outlet, its reader."""

import pytest
from lxml.html import document_fromstring

from ingest.html.blocks import read_blocks
from ingest.html.endnotes import without_notes

STORY = [
    "The minister of finance resigned on Friday, a day after the coalition lost its majority.",
    "She will leave next week, she told reporters in the capital, and go back to teaching.",
    "Her deputy, who has been in parliament since 2011, takes over until a vote is held.",
    "The opposition has asked for an election, which the coalition does not want before spring.",
]


def left(*htmls: str) -> list[str]:
    """What is left of paragraphs, each given as text or as an element."""
    made = "".join(html if html.startswith("<") else f"<p>{html}</p>" for html in htmls)
    page = document_fromstring(f"<body>{made}</body>")
    return [block.text for block in without_notes(read_blocks(page))]


@pytest.mark.parametrize(
    "note",
    [
        "The Associated Press contributed to this report.",
        "— With assistance by Ann Third and Bob Fourth",
        "(With inputs from agencies)",
        "Additional reporting by Ann Third.",
        "This story was originally published in the Example Courier.",
        "This article has been published from a wire feed without modifications to the text.",
        "Do you have a news tip? Reach our newsroom at 555-0148 or tips@example.com.",
        "Contact Jane Q. Reporter at news@example.com or follow her @jqr.",
        "Have you been affected by the issues in this story? Tell us about it.",
        "If you liked this, clap up to 50 times, or buy me a coffee.",
        "Corrections or tips? Just hit reply.",
        "Photo: Ann Third / Example Images",
        "The views expressed in this article are the author's own.",
        "<p><em>Ann Third teaches history in Example City.</em></p>",
        "<p><i><b>Example Weekly is supported by its members.</b></i></p>",
    ],
)
def test_note_below_is_taken_off(note: str) -> None:
    assert left(*STORY, note) == STORY
    assert left(*STORY, note, "The Associated Press contributed to this report.") == STORY


@pytest.mark.parametrize(
    "last",
    [
        "“Tell us what you want,” the mayor said.",
        "Call it what you like: the bridge has been closed for good.",
        "The story was told to her by a neighbour, who had seen it all.",
        "This article was corrected on 4 December: the minister is 45, not 54.",
        "Correction: an earlier version of this story gave the wrong date.",
        "Have you ever seen the sea, he asked, and went away.",
        "The museum can be reached by bus, and is closed on Mondays.",
        "With his contribution the party now has 12 million euros.",
        "She wrote to the editor of the paper, who never answered.",
    ],
)
def test_last_paragraph_of_the_story_stays(last: str) -> None:
    assert left(*STORY, last) == [*STORY, last]


def test_slanted_introduction_stays() -> None:
    assert left(f"<p><em>{STORY[0]}</em></p>", *STORY[1:]) == STORY


def test_greeting_of_a_newsletter_is_taken_off() -> None:
    greeting = "Welcome to The Example Letter. If somebody forwarded this to you, sign up here."
    assert left(greeting, *STORY) == STORY


def test_press_release_ends_where_it_goes_over_to_its_sender() -> None:
    release = [
        "About Example Holdings",
        "Example Holdings makes examples of all kinds, and has done so since 1911.",
        "Forward-Looking Statements",
        "This release holds statements that look forward, which may turn out to be wrong.",
    ]
    assert left(*STORY, *release) == STORY
    assert left(*STORY, "Notes to editors", "1. The minister took office in 2019.") == STORY


def test_one_heading_that_could_be_a_label_ends_nothing() -> None:
    told = [*STORY, "About Last Night", "The vote in parliament was taken shortly after midnight."]
    assert left(*told) == told
