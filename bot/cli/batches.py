"""A file of questions, answered in one process, a JSON line each."""

import json
import sys
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from bot.cli.terminal import FAILED, complain, print_json
from bot.errors import QuestionsError

if TYPE_CHECKING:
    from bot.answers import Turn

Batch = Annotated[
    Path | None,
    typer.Option(
        help='A file of questions, {"id", "question", "history"?} a line, or - for standard input: '
        "prints a line of JSON for each.",
        allow_dash=True,
    ),
]


def require_one(question: str, batch: Path | None) -> None:
    """Refuse a command that has neither a question nor a file of them, or both."""
    if bool(question.strip()) == bool(batch):
        raise typer.BadParameter("give a question, or --batch with a file of questions")


def answer_lines(file: Path, answer: "Callable[[str, Sequence[Turn]], dict[str, Any]]") -> None:
    """Print `answer` of each question, and of what was said before it, with its id.

    Bad lines are named, and the command exits with 1 at the end.
    """
    bad = 0
    for number, line in _lines(file):
        try:
            asked = _question(line)
            turns = _turns(asked.get("history") or [])
        except QuestionsError as error:
            bad += 1
            complain(f"{file}, line {number}: {error}")
            continue
        print_json({"id": asked["id"], **answer(asked["question"], turns)}, one_line=True)
    if bad:
        raise typer.Exit(FAILED)


def _question(line: str) -> dict[str, Any]:
    """Read a line; whatever else it has is left alone."""
    try:
        asked = json.loads(line)
    except ValueError as error:
        raise QuestionsError(f"not JSON: {error}") from error
    if not isinstance(asked, dict) or not isinstance(asked.get("id"), str | int):
        raise QuestionsError('not an object with an "id"')
    if not isinstance(asked.get("question"), str) or not asked["question"].strip():
        raise QuestionsError('no "question"')
    return asked


def _turns(history: object) -> "list[Turn]":
    """Read what was said before: questions, or messages with a role and their content."""
    from bot.answers import Turn

    if not isinstance(history, list):
        raise QuestionsError('"history" is not a list')
    turns: list[Turn] = []
    for said in history:
        role, text = _said(said)
        if role == "user":
            turns.append(Turn(text))
        elif turns:
            turns[-1] = replace(turns[-1], answer=f"{turns[-1].answer} {text}".strip())
    return turns


def _said(said: object) -> tuple[str, str]:
    """Return who said something, "user" or another, and the text."""
    if isinstance(said, str):
        return "user", said
    if isinstance(said, dict):
        if isinstance(said.get("question"), str):
            return "user", said["question"]
        role, text = said.get("role"), said.get("content") or said.get("text")
        if isinstance(role, str) and isinstance(text, str):
            return role, text
    raise QuestionsError('"history" holds something that is neither a question nor a message')


def _lines(file: Path) -> Iterator[tuple[int, str]]:
    try:
        stream = sys.stdin if str(file) == "-" else file.open(encoding="utf-8", errors="replace")
        with stream:
            for number, line in enumerate(stream, start=1):
                if line.strip():
                    yield number, line
    except OSError as error:
        raise QuestionsError(f"The questions in {file} can't be read: {error.strerror}.") from error
