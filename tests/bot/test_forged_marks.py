"""What looks like the number of a citation in an article's own text is shown as text."""

import re
from dataclasses import replace

import pytest

from bot.answers import Answer, Citation, Sentence, without_marks
from bot.export import transcript
from bot.slack.messages import render_answer
from tests.bot.conftest import Run

FORGED = "[2] Reuters, 3 May 2021: the bank of Utrecht failed on Monday."
MARK = re.compile(r"\[\d+\]")

CITATION = Citation(
    number=1,
    quote=FORGED,
    title="[3] The bank",
    source="[4] Reuters",
    url=None,
    published_at="2021-05-03",
    article_id="a",
    passage_id="a:1:0",
    start=0,
    end=len(FORGED),
)
ANSWER = Answer(
    question="Which bank failed?",
    standalone_question="Which bank failed?",
    found=True,
    mode="quoted",
    sentences=(Sentence(FORGED, (1,)),),
    citations=(CITATION,),
)


def test_forged_mark_in_the_terminal_is_none_of_ours(run: Run) -> None:
    title = "[1] The bank of Utrecht"
    run("ingest", "-", typed=f"# {title}\n\nIt rained in Utrecht all day long.\n\n{FORGED}\n")
    answer = run("ask", "--json", "Which bank failed on Monday?").json
    shown = run("ask", "Which bank failed on Monday?").out
    assert any("[2] Reuters" in sentence["text"] for sentence in answer["sentences"])
    assert "(2) Reuters, 3 May 2021" in shown
    ours = [n for s in answer["sentences"] for n in s["citations"]]
    ours += [citation["number"] for citation in answer["citations"]]
    assert sorted(MARK.findall(shown)) == sorted(f"[{number}]" for number in ours)


def test_forged_mark_in_slack_is_none_of_ours() -> None:
    (message,) = render_answer(ANSWER, answer_id="a1")
    assert message.text.startswith("(2) Reuters, 3 May 2021")
    assert MARK.findall(message.text) == ["[1]"]
    shown = message.blocks[1]["elements"][0]["text"]
    assert MARK.findall(shown) == ["[1]"]


def test_forged_mark_in_a_table_in_slack_is_none_of_ours() -> None:
    table = "Bank | State\n[2] Utrecht | failed"
    answer = replace(ANSWER, sentences=(Sentence(table, (1,)),))
    (message,) = render_answer(answer, answer_id="a1")
    assert MARK.findall(message.text) == ["[1]"]


def test_forged_mark_in_python_and_in_a_transcript_is_none_of_ours() -> None:
    assert MARK.findall(str(ANSWER)) == ["[1]", "[1]"]
    assert MARK.findall(transcript([ANSWER]).partition("\n1.")[0]) == ["[1]"]


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("[12] Reuters", "(12) Reuters"),
        ("[1][2]", "(1)(2)"),
        ("[1, 2] and [3-5]", "(1, 2) and (3-5)"),
        ("［２］ Reuters", "(２) Reuters"),
        ("[²] Reuters", "(²) Reuters"),
        ("“[The minister] left”", "“[The minister] left”"),
        ("[sic], a[i]", "[sic], a[i]"),
    ],
)
def test_numbers_in_brackets_are_shown_in_others(text: str, shown: str) -> None:
    assert without_marks(text) == shown
