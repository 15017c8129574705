"""Sentences as a chat model writes them, cut from what has come so far."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.verify.sentences import LONGEST_CHARS, SentenceStream

_PIECES = [
    *("The", "talks", "U.S.", "Mr.", "5", "3.5", "p.m.", ".", "!", "?", "…", "[1]", "[1, 2]", "["),
    *(
        " ",
        " ",
        " ",
        "\n",
        "“",
        "”",
        '"',
        ")",
        "]",
        "1.",
        "- ",
        "。",
        "他",
        "said",
        "【1】",
        "x" * 700,
    ),
]


def sentences(*pieces: str) -> list[str]:
    stream = SentenceStream()
    return [sentence for piece in pieces for sentence in stream.add(piece)] + stream.end()


@pytest.mark.parametrize(
    "written",
    [
        ["Talks ended. [1][3]", "Snow fell [2].", "Trains stood. [1, 2]"],
        ["Mr. Blinken left the U.S. at 5 p.m. on Friday. [1]", "The toll is 3.5 million. [2]"],
        ["Troops left the U.S. [1]", "Putin stayed. [2]"],
        ["“We go. We stay.” Blinken said. [1]", "He left. [2]"],
        ["1. Talks ended. [1]", "Is it over?", "Yes! [2]"],
    ],
)
def test_sentences_keep_their_markers(written: list[str]) -> None:
    assert sentences(" ".join(written)) == written


def test_line_ends_a_sentence() -> None:
    assert sentences("- Talks ended [1]\n\n- Snow fell [2]") == [
        "- Talks ended [1]",
        "- Snow fell [2]",
    ]


def test_sentence_is_given_as_soon_as_what_follows_has_begun() -> None:
    stream = SentenceStream()
    assert stream.add("Talks ended. [1]") == []
    assert stream.add(" [") == []
    assert stream.add("3] S") == ["Talks ended. [1] [3]"]
    assert stream.end() == ["S"]


def test_run_without_end_is_cut() -> None:
    assert [len(part) for part in sentences("x" * (LONGEST_CHARS + 5))] == [LONGEST_CHARS, 5]


@given(st.lists(st.sampled_from(_PIECES), max_size=40).map("".join), st.data())
def test_sentences_are_the_same_however_the_text_is_cut(text: str, data: st.DataObject) -> None:
    cuts = sorted(data.draw(st.lists(st.integers(0, len(text)), max_size=12)))
    pieces = [text[a:b] for a, b in zip([0, *cuts], [*cuts, len(text)], strict=True)]
    assert sentences(*pieces) == sentences(text) == sentences(*text)
