import textwrap

import pytest
from hypothesis import given

from ingest.text.sentences import has_full_stop, split_paragraphs
from tests.ingest.sample_texts import TEXTS

STORY = [
    "The ministers met in Stockholm on Thursday and agreed that they would talk again soon. "
    "They left without a word to the reporters, who had been waiting in the cold for hours.",
    "On Friday the two presidents are due to speak, which both sides called a good sign; "
    "nobody would say what had been agreed on, or whether anything had been at all.",
]


def test_wrapped_lines_are_joined() -> None:
    wrapped = "\n\n".join(textwrap.fill(paragraph, 72) for paragraph in STORY)
    assert split_paragraphs(wrapped) == STORY


def test_lines_that_are_paragraphs_stay_apart() -> None:
    assert split_paragraphs("\n".join(STORY)) == STORY


def test_indent_begins_a_paragraph_of_wrapped_text() -> None:
    lines = [textwrap.fill(paragraph, 65, initial_indent="    ") for paragraph in STORY]
    assert split_paragraphs("\n".join(lines)) == STORY
    assert split_paragraphs("\n".join(lines).strip()) == STORY


def test_further_line_of_an_item_begins_no_paragraph() -> None:
    assert split_paragraphs("- one item of the list\n  with more to it\n- another") == [
        "- one item of the list with more to it",
        "- another",
    ]


def test_short_paragraphs_a_line_each_stay_apart() -> None:
    lines = ["The minister has resigned.", "His deputy takes over today.", "The party is split."]
    assert split_paragraphs("\n".join(lines)) == lines


def test_headline_above_wrapped_text_stays_apart() -> None:
    wrapped = "Ministers meet in Stockholm\n" + textwrap.fill(STORY[0], 72)
    assert split_paragraphs(wrapped) == ["Ministers meet in Stockholm", STORY[0]]


def test_items_of_a_list_stay_apart() -> None:
    lines = ["- one item of the list", "- another item", "2. the last"]
    assert split_paragraphs("\n".join(lines)) == lines


def test_line_that_goes_on_in_small_letters_is_joined() -> None:
    assert split_paragraphs("The minister\nhas resigned, a long-\nterm ally said.") == [
        "The minister has resigned, a long-term ally said."
    ]


def test_white_space_of_every_kind_becomes_one_space() -> None:
    assert split_paragraphs("  a \t b \n \n\n c ") == ["a b", "c"]
    assert split_paragraphs("a.\u2028\n   \r\n\t\nb") == ["a.", "b"]


@pytest.mark.parametrize(
    "prose",
    [
        "He said so.",
        "“He said so.”",
        "(He said so.)",
        "„Das ist überfällig.“",
        "»Das ist überfällig.«",
        "« C’est fini. »",
        "« C’est fini ! »",
        "“Is it over?”",
        "„To za mało.”",
        "Das sagte er. (dpa)",
        "He said so.[1][2]",
        "He said so. ■",
        "He said so.*",
        "他说。",
        "「これで終わりだ。」",
        "彼は話した。（共同）",
        "یہ بات انہوں نے کہی۔",
        "သူက ပြောသည်။",
        "លោកបាននិយាយ។",
        "አለ።",
        "Նա ասաց։",
        "उन्होंने कहा।",
        "Three things are known:",
    ],
)
def test_prose_ends_with_a_full_stop_in_every_script(prose: str) -> None:
    assert has_full_stop(prose)


@pytest.mark.parametrize(
    "headline",
    [
        "Minister resigns",
        "Minister resigns (video)",
        "Minister resigns ■",
        "Will the minister resign?",
        "Minister resigns!",
        "‘Will he ever resign?’",
        "Minister resigns, says “no regrets”",
        "هل هذا صحيح؟",
        "部长辞职",
        "मंत्री ने इस्तीफा दिया",
        "",
    ],
)
def test_headline_has_no_full_stop(headline: str) -> None:
    assert not has_full_stop(headline)


@given(TEXTS)
def test_no_word_is_lost(text: str) -> None:
    assert "".join("".join(split_paragraphs(text)).split()) == "".join(text.split())
