"""Where a story begins behind its dateline, and what is a heading, a note or a sentence of it."""

import pytest

from vectorstore.house_style import said_by
from vectorstore.told import MOST_CHARACTERS, Kind, sentences_told

LEAD = "The ferry ran aground."
DATELINES = [
    "WASHINGTON (AP) — ",
    "Washington: ",
    "NEW DELHI, June 2 (PTI): ",
    "WASHINGTON, June 1, 2023 (AFP)—",
    "WASHINGTON, D.C. – ",
    "(CNN) ",
    "UNITED NATIONS, June 1 (Xinhua) -- ",
    "St. Louis (AP) -- ",
    "CNN —\n\n",
]
NO_DATELINES = [
    "Dozens drowned — police fear many more — when a ",
    "All Hands Were Lost — ",
    "HOAX: ",
    "Not true - ",
    "Biden — Obama's deputy — said that ",
    "Chuck Schumer (D-NY) said that ",
]


@pytest.mark.parametrize("dateline", DATELINES)
def test_story_begins_behind_its_dateline(dateline: str) -> None:
    *_, told = sentences_told(dateline + LEAD)
    assert told.said.is_same(said_by(LEAD))


@pytest.mark.parametrize("words", NO_DATELINES)
def test_words_that_tell_something_are_no_dateline(words: str) -> None:
    *_, told = sentences_told(words + LEAD)
    assert not told.said.is_same(said_by(LEAD))


def test_speaker_before_a_colon_is_not_exchanged() -> None:
    [one], [other] = sentences_told("Biden: " + LEAD), sentences_told("Trump: " + LEAD)
    assert not one.said.is_same(other.said)


def test_headlines_headings_and_notes_are_told_apart() -> None:
    text = (
        f"Ferry aground\nBy Piet Maas\n\n{LEAD} It left at 4 p.m. Thursday.\n\nOn the sandbank\n\n"
        "Tugs came.\n\nReporting by Piet Maas."
    )
    told = sentences_told(text)
    assert [(text[t.start : t.end].strip(), t.kind) for t in told] == [
        ("Ferry aground", Kind.HEADLINE),
        ("By Piet Maas", Kind.HEADLINE),
        (LEAD, Kind.SENTENCE),
        ("It left at 4 p.m. Thursday.", Kind.SENTENCE),
        ("On the sandbank", Kind.HEADING),
        ("Tugs came.", Kind.SENTENCE),
        ("Reporting by Piet Maas.", Kind.NOTE),
    ]


@pytest.mark.parametrize("text", [LEAD * MOST_CHARACTERS, "It sank.\n" * 3_000, " \n" * 50_000, ""])
def test_endless_text_tells_nothing(text: str) -> None:
    assert sentences_told(text) == ()
