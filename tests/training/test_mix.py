"""What the reader is trained on: nothing that is measured on, and windows that hold the answer."""

import random

import pytest

from training.evaluate import auc
from training.examples import ExampleMaker, Shares
from training.mix import HeldOut, Row, clean_rows
from training.windows import likely_place, windows

MEASURED = (
    "The envoys of both countries met in Geneva on Monday to talk about the border and the gas."
)
TEXT = "Ann Lee won the race. She is from Toronto. The prize went to Bob Ray of Leeds in June."


def row(question: str, text: str = TEXT, *, answers: tuple[str, ...] = ("Ann Lee",)) -> Row:
    return Row("qed", question, "", text, answers, not answers, yes_no=False)


@pytest.mark.parametrize(
    "shared",
    [
        row("Where did they meet?", f"Before it. {MEASURED} After it."),
        row("Where did they MEET -- in 2021"),
    ],
)
def test_row_that_shares_text_with_what_is_measured_is_left_out(shared: Row) -> None:
    held_out = HeldOut([MEASURED, "Where did they meet in 2021?"])
    kept, dropped = clean_rows([shared, row("Who won the race?")], held_out)
    assert [each.question for each in kept] == ["Who won the race?"]
    assert dropped == 1


def test_eleven_shared_words_are_no_sharing() -> None:
    eleven = " ".join(MEASURED.split()[:11])
    assert not HeldOut([MEASURED]).shares(row("Who?", f"{eleven} ended."))


def test_windows_are_whole_sentences_that_cover_the_text() -> None:
    parts = windows(TEXT, 9)
    assert [TEXT[start:end].strip() for start, end in parts] == [
        "Ann Lee won the race. She is from Toronto.",
        "She is from Toronto.",
        "The prize went to Bob Ray of Leeds in June.",
    ]


def test_answer_that_stands_twice_is_placed_where_the_question_s_words_are() -> None:
    text = "Leeds lost again. The prize of the race went to Leeds."
    assert likely_place(text, ["Leeds"], "Where did the prize go?") == (48, 53)


def test_every_example_has_its_answer_in_the_window_or_none() -> None:
    rows = [row("Who won the race?"), row("Who was second?", answers=())]
    shares = Shares(exchanged=1, same_story=1, hard=1, near_miss=1)
    hard = [["Bob Ray lost the game in May."], []]
    maker = ExampleMaker(rows, hard, shares=shares, rng=random.Random(1))
    examples = [one for pair in zip(rows, hard, strict=True) for one in maker.examples(*pair)]
    assert {"answer", "near miss", "hard"} <= {example.kind for example in examples}
    for example in examples:
        if example.span:
            assert example.text[slice(*example.span)] == "Ann Lee"
        elif example.kind != "exchanged":
            assert "Ann Lee" not in example.text or example.question == "Who was second?"


def test_auc_is_the_chance_to_rank_right_and_counts_ties_half() -> None:
    assert auc([3, 2], [1, 0]) == 1
    assert auc([1], [1]) == 0.5
    assert auc([0, 3], [1, 2]) == 0.5
