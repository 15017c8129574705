"""What every command has in common: help, version, JSON."""

import json
import re
from pathlib import Path

import pytest

from tests.bot.conftest import Run

COMMANDS = [
    ["ingest"],
    ["watch"],
    ["runs"],
    ["ask"],
    ["chat"],
    ["search"],
    ["articles"],
    ["articles", "list"],
    ["articles", "show"],
    ["articles", "remove"],
    ["articles", "export"],
    ["answers"],
    ["answers", "list"],
    ["answers", "show"],
    ["slack"],
    ["slack", "manifest"],
    ["doctor"],
]


def test_version_is_printed(run: Run) -> None:
    assert re.fullmatch(r"newsdesk \d+\.\d+\.\d+\n", run("--version").out)


@pytest.mark.parametrize("command", COMMANDS, ids=" ".join)
@pytest.mark.parametrize("option", ["-h", "--help"])
def test_every_command_has_help_with_an_example(run: Run, command: list[str], option: str) -> None:
    shown = run(*command, option)
    assert shown.code == 0
    assert "Usage: newsdesk" in shown.out
    assert "Example" in shown.out


@pytest.mark.parametrize(
    "question", [["who", "met", "in", "Stockholm?"], ["“who met in Stockholm?”"]]
)
def test_question_may_be_several_words_or_in_curly_quotes(
    run: Run, sample: Path, question: list[str]
) -> None:
    run("ingest", sample)
    answer = run("ask", *question, "--json").json
    assert answer["question"] == "who met in Stockholm?"
    assert run("search", *question, "--json").json["question"] == "who met in Stockholm?"


@pytest.mark.parametrize("word", ["quit", "exit", "/quit"])
def test_chat_is_left_with_a_word(run: Run, sample: Path, word: str) -> None:
    run("ingest", sample)
    left = run("chat", typed=f"{word}\nwho met in Stockholm?\n")
    assert left.code == 0
    assert "Blinken" not in left.out


def test_every_command_that_reports_has_json(run: Run, sample: Path) -> None:
    report = run("ingest", sample, "--json").json
    article_id = report["sources"][0]["article_id"]
    run("ask", "who met in Stockholm?")
    answers = run("answers", "list", "--json").json
    for command in (
        ["runs"],
        ["articles", "list"],
        ["articles", "show", article_id],
        ["answers", "show", answers[0]["answer_id"]],
        ["doctor"],
        ["articles", "remove", "--yes", article_id],
    ):
        shown = run(*command, "--json")
        json.loads(shown.out)
        assert shown.code == 0, command
