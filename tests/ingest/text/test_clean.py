from pathlib import Path

import pytest
from hypothesis import given

from ingest.text.boilerplate import Removed
from ingest.text.clean import clean, clean_line
from tests.ingest.sample_texts import TEXTS

SAMPLE = Path(__file__).parents[3] / "samples" / "biden-putin-talks.txt"
STORY = "The minister resigned on Monday after a long crisis.\n\nHis deputy takes over."


def test_sample_loses_its_promotion_and_the_headline_of_another_story() -> None:
    sample = SAMPLE.read_text(encoding="utf-8")
    lines = sample.replace("\xa0", " ").strip().split("\n\n")
    cleaned = clean(sample)
    assert cleaned.title == lines[0]
    assert cleaned.text == "\n\n".join(lines[1:-2])
    assert cleaned.removed == (
        Removed(lines[-2], "promotion"),
        Removed(lines[-1], "headline of another story"),
    )


def test_headline_becomes_the_title() -> None:
    cleaned = clean(f"Minister resigns\n\n{STORY}")
    assert (cleaned.title, cleaned.text) == ("Minister resigns", STORY)


def test_headline_below_a_dateline_becomes_the_title() -> None:
    cleaned = clean(f"Dec 3, 2021\n\nMinister resigns, warns U.S.\n\n{STORY}")
    assert (cleaned.title, cleaned.text) == (
        "Minister resigns, warns U.S.",
        f"Dec 3, 2021\n\n{STORY}",
    )


@pytest.mark.parametrize(
    "line",
    [
        "Home > News > Leeds",
        "World | Europe",
        "EXCLUSIVE",
        "BBC News",
        "Leeds (AP)",
        "Jane Doe, Political editor",
        "Jane Doe @janedoe",
        "Jane Doe · 5 min read",
        "Updated 3 hours ago",
    ],
)
def test_headline_below_a_line_of_the_page_becomes_the_title(line: str) -> None:
    cleaned = clean(f"{line}\n\nMinister resigns after a long crisis\n\n{STORY}")
    assert cleaned.title == "Minister resigns after a long crisis"
    assert cleaned.text == f"{line}\n\n{STORY}"


@pytest.mark.parametrize("headline", ["Resigned", "Minister Resigns", "Minister resigns his post"])
def test_short_headline_above_the_story_is_the_title(headline: str) -> None:
    assert clean(f"{headline}\n\n{STORY}").title == headline


def test_headline_above_a_deck_is_the_title() -> None:
    deck = "His deputy takes over after a long crisis"
    assert clean(f"Minister resigns\n\n{deck}\n\n{STORY}").title == "Minister resigns"


def test_first_sentence_is_no_title() -> None:
    assert clean(STORY).title is None


@pytest.mark.parametrize(
    "story",
    [
        ["„Das ist überfällig.“", "Der Rat stimmte am Freitag höheren Löhnen zu, sagte Müller."],
        ["“Who will pay for it?”", "That is what the council was asked on Friday, over and over."],
        ["「これ以上は待てない。」", "政府は年明けからガソリン税を引き上げることを提案した。"],
        ["وزیر اعظم نے پیر کے روز کہا۔", "اپوزیشن نے اس اعلان کو ناکافی قرار دیا اور کہا کہ نہیں۔"],
        ["ဝန်ကြီးချုပ်က ပြောကြားခဲ့သည်။", "အတိုက်အခံများက ဤအစီအစဉ်ကို ဝေဖန်ခဲ့ကြပြီး ပြောကြားခဲ့သည်။"],
        ["ጠቅላይ ሚኒስትሩ ተናገሩ።", "ተቃዋሚዎች ዕቅዱን ተቹ፤ የገጠር አካባቢዎችን ይጎዳል ብለዋል።"],
    ],
    ids=["de", "en", "ja", "ur", "my", "am"],
)
def test_first_sentence_is_no_title_in_any_script(story: list[str]) -> None:
    assert clean("\n\n".join(story)).title is None


def test_text_of_one_line_is_no_title() -> None:
    assert clean("Minister resigns").text == "Minister resigns"


def test_given_title_is_kept_and_not_repeated_in_the_text() -> None:
    cleaned = clean(f"MINISTER RESIGNS!\n\nA deck of few words\n\n{STORY}", "Minister\nresigns")
    assert cleaned.title == "Minister resigns"
    assert cleaned.text == f"A deck of few words\n\n{STORY}"


def test_unseen_characters_are_counted() -> None:
    assert clean("The min\u200bister\u202e left.").stripped == 2


def test_line_keeps_no_breaks_and_no_escapes() -> None:
    assert clean_line("A \x1b[31mred\x1b[0m\r\n title\0 ") == "A red title"


@given(TEXTS)
def test_cleaning_again_changes_nothing(text: str) -> None:
    once = clean(text)
    again = clean(once.text, once.title)
    assert (again.text, again.title, again.removed, again.stripped) == (
        once.text,
        once.title,
        (),
        0,
    )
