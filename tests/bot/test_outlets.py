"""Other outlets of a quoted story: worded, shown, and kept with the answer."""

import json

import pytest
from rich.console import Console

from bot.answers import Answer, Citation, Sentence
from bot.cli.render import rendered_answer
from bot.export import transcript
from bot.phrasing import also_in
from bot.slack.messages import citation_line

CITATION = Citation(
    1, "Nobody was hurt.", "Ferry", "Norwire", None, None, "a", "a:1:0", 0, 16, ("Herald", "AP")
)
ANSWER = Answer(
    "who was hurt?",
    "who was hurt?",
    found=True,
    mode="quoted",
    sentences=(Sentence(CITATION.quote, (1,)),),
    citations=(CITATION,),
)


@pytest.mark.parametrize(
    ("outlets", "said"),
    [
        ((), ""),
        (("AP",), "also in AP"),
        (("AP", "Reuters", "AFP"), "also in AP, Reuters and AFP"),
        (("AP", "Reuters", "AFP", "dpa"), "also in AP, Reuters and 2 more"),
    ],
)
def test_names_outlets_as_far_as_there_is_room(outlets: tuple[str, ...], said: str) -> None:
    assert also_in(outlets) == said


def test_stored_answer_keeps_the_outlets_and_may_be_older_than_they() -> None:
    stored = json.loads(json.dumps(ANSWER.as_json()))
    assert Answer.from_json(stored) == ANSWER
    del stored["citations"][0]["also_in"]
    assert Answer.from_json(stored).citations[0].also_in == ()


def test_terminal_transcript_and_slack_name_them() -> None:
    console = Console(width=200)
    with console.capture() as captured:
        console.print(rendered_answer(ANSWER))
    for shown in (captured.get(), transcript([ANSWER]), citation_line([CITATION])):
        assert "also in Herald and AP" in shown


def test_slack_names_them_only_if_they_have_every_quote_of_the_line() -> None:
    alone = Citation(2, "Later.", "Ferry", "Norwire", None, None, "a", "a:1:0", 17, 23)
    assert "also in" not in citation_line([CITATION, alone])
