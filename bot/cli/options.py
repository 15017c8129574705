"""Options and arguments that several commands share, and what they are read into."""

import json
import re
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
    from vectorstore.models import Filters

_DATE = re.compile(r"\d{4}(-(0[1-9]|1[0-2])(-(0[1-9]|[12]\d|3[01]))?)?")
_OPENING, _CLOSING = "“”„«»‟\"‘’'", "”“«»\"’‘'"
_QUOTED = re.compile(rf"[{_OPENING}]([^“”„«»‟\"]+)[{_CLOSING}]")


def _date(value: str) -> str:
    if not _DATE.fullmatch(value):
        raise typer.BadParameter(
            f"{value!r} is not a date: give a year, a month or a day, as 2021, 2021-12, 2021-12-03"
        )
    return value


def day(value: str) -> str:
    """A whole day, as 2021-12-03, read from an option."""
    if len(_date(value)) < len("2021-12-03"):
        raise typer.BadParameter(f"{value!r} is not a day: give it as 2021-12-03")
    return value


AsJson = Annotated[bool, typer.Option("--json", help="Print JSON and nothing else.")]
Jobs = Annotated[
    int | None,
    typer.Option(
        "--jobs",
        "-j",
        min=1,
        max=256,
        metavar="N",
        help="Files to read, and texts to embed, at the same time. The default is the number of "
        "processors.",
        show_default=False,
    ),
]
Since = Annotated[
    str | None,
    typer.Option(help="Only articles of this date or later.", metavar="DATE", parser=_date),
]
Until = Annotated[
    str | None,
    typer.Option(help="Only articles of this date or earlier.", metavar="DATE", parser=_date),
]
Source = Annotated[
    list[str] | None,
    typer.Option("--source", metavar="NAME", help="Only articles of this source. Repeatable."),
]
NoDates = Annotated[
    bool,
    typer.Option("--no-dates", help="Ignore dates in the question: search articles of any date."),
]
Question = Annotated[
    list[str] | None,
    typer.Argument(metavar="QUESTION", help="Your question, with or without quotation marks."),
]
Batch = Annotated[
    Path | None,
    typer.Option(
        metavar="FILE",
        help='Questions to answer, one JSON object a line: {"id", "question", "history"?}. '
        "Prints one line of JSON for each; - reads standard input.",
        allow_dash=True,
    ),
]


def filters_from(since: str | None, until: str | None, sources: list[str] | None) -> "Filters":
    """The filters that the options stand for."""
    from vectorstore.models import Filters

    if since and until and since > until and not since.startswith(until):
        raise typer.BadParameter(f"--since {since} is later than --until {until}")
    return Filters(since=since, until=until, sources=tuple(sources or ()))


def question_from(words: Sequence[str] | None, batch: Path | None = None) -> str:
    """The question that the words of a command make; "" for a batch.

    Raises typer.BadParameter for neither a question nor a batch, or both.
    """
    question = strip_quotes(" ".join(words or ()))
    if bool(question) == bool(batch):
        raise typer.BadParameter("give a question, or --batch with a file of questions")
    return question


def strip_quotes(question: str) -> str:
    """The question without the quotation marks around it: `“who met?”` is often pasted so."""
    question = question.strip()
    quoted = _QUOTED.fullmatch(question)
    return quoted[1].strip() if quoted else question


def answer_batch(file: Path, answer: "Callable[[str, Sequence[Turn]], dict[str, Any]]") -> None:
    """Print a line of JSON for each question of a file: its id, and what `answer` returns.

    `answer` gets the question and its history. Bad lines are named on stderr, and the command
    exits with 1 at the end.
    """
    bad = 0
    for number, line in _lines(file):
        try:
            record = _question(line)
            turns = _turns(record.get("history") or [])
        except QuestionsError as error:
            bad += 1
            complain(f"{file}, line {number}: {error}")
            continue
        print_json({"id": record["id"], **answer(record["question"], turns)}, one_line=True)
    if bad:
        raise typer.Exit(FAILED)


def _question(line: str) -> dict[str, Any]:
    """Parse a line; keys that are not known are ignored."""
    try:
        record = json.loads(line)
    except ValueError as error:
        raise QuestionsError(f"not JSON: {error}") from error
    if not isinstance(record, dict) or not isinstance(record.get("id"), str | int):
        raise QuestionsError('not an object with an "id"')
    if not isinstance(record.get("question"), str) or not record["question"].strip():
        raise QuestionsError('no "question"')
    return record


def _turns(history: object) -> "list[Turn]":
    """The turns before a question, from questions or messages with a role and content."""
    from bot.answers import Turn

    if not isinstance(history, list):
        raise QuestionsError('"history" is not a list')
    turns: list[Turn] = []
    for entry in history:
        role, text = _message(entry)
        if role == "user":
            turns.append(Turn(text))
        elif turns:
            turns[-1] = replace(turns[-1], answer=f"{turns[-1].answer} {text}".strip())
    return turns


def _message(entry: object) -> tuple[str, str]:
    """The role, "user" or another, and the text of a message."""
    if isinstance(entry, str):
        return "user", entry
    if isinstance(entry, dict):
        if isinstance(entry.get("question"), str):
            return "user", entry["question"]
        role, text = entry.get("role"), entry.get("content") or entry.get("text")
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
