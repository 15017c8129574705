"""A file of questions, answered in one process, a JSON line each."""

import json
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Annotated, Any

import typer

from bot.cli.terminal import FAILED, complain, print_json
from bot.errors import QuestionsError

Batch = Annotated[
    Path | None,
    typer.Option(
        help='A file of questions, {"id", "question"} a line, or - for standard input: prints a '
        "line of JSON for each.",
        allow_dash=True,
    ),
]


def require_one(question: str, batch: Path | None) -> None:
    """Refuse a command that has neither a question nor a file of them, or both."""
    if bool(question.strip()) == bool(batch):
        raise typer.BadParameter("give a question, or --batch with a file of questions")


def answer_lines(file: Path, answer: Callable[[str], dict[str, Any]]) -> None:
    """Print `answer` of each question with its id; bad lines are named, and exit 1 at the end."""
    bad = 0
    for number, line in _lines(file):
        try:
            asked = _question(line)
        except QuestionsError as error:
            bad += 1
            complain(f"{file}, line {number}: {error}")
            continue
        print_json({"id": asked["id"], **answer(asked["question"])}, one_line=True)
    if bad:
        raise typer.Exit(FAILED)


def _question(line: str) -> dict[str, Any]:
    """Read a line; whatever it has besides `id` and `question` is for later versions."""
    try:
        asked = json.loads(line)
    except ValueError as error:
        raise QuestionsError(f"not JSON: {error}") from error
    if not isinstance(asked, dict) or not isinstance(asked.get("id"), str | int):
        raise QuestionsError('not an object with an "id"')
    if not isinstance(asked.get("question"), str) or not asked["question"].strip():
        raise QuestionsError('no "question"')
    return asked


def _lines(file: Path) -> Iterator[tuple[int, str]]:
    try:
        stream = sys.stdin if str(file) == "-" else file.open(encoding="utf-8", errors="replace")
        with stream:
            for number, line in enumerate(stream, start=1):
                if line.strip():
                    yield number, line
    except OSError as error:
        raise QuestionsError(f"The questions in {file} can't be read: {error.strerror}.") from error
