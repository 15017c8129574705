"""`newsdesk ask`: answers one question, or a file of them."""

from collections.abc import Callable, Sequence
from functools import partial
from typing import TYPE_CHECKING, Annotated, Any

import typer

from bot.cli.options import (
    AsJson,
    Batch,
    NoDates,
    Question,
    Since,
    Source,
    Until,
    answer_batch,
    filters_from,
    question_from,
)
from bot.cli.terminal import open_newsdesk, print_json

if TYPE_CHECKING:
    from bot.answers import Answer, Turn

EXAMPLES = """[bold]Examples[/bold]

newsdesk ask what sanctions were threatened

newsdesk ask "who met in Stockholm?" --since 2021-12-01 --until 2021-12-31

newsdesk ask "what did NATO say?" --source "BBC News" --json

newsdesk ask "what did Putin demand in December 2021?" --no-dates

newsdesk ask --batch questions.jsonl > answers.jsonl
"""


def ask(
    words: Question = None,
    since: Since = None,
    until: Until = None,
    source: Source = None,
    no_dates: NoDates = False,
    limit: Annotated[
        int | None,
        typer.Option(
            min=1,
            max=10,
            metavar="N",
            help="Sentences in the answer, at most. The default is 3, or 5 when a chat model "
            "writes.",
        ),
    ] = None,
    as_json: AsJson = False,
    batch: Batch = None,
) -> None:
    """Answer a question with sentences from the archive, each with its citation."""
    question = question_from(words, batch)
    filters = filters_from(since, until, source)
    with open_newsdesk() as newsdesk:
        newsdesk.warm()
        options: dict[str, Any] = {
            "filters": filters,
            "max_sentences": limit,
            "use_dates": not no_dates,
        }
        if batch:
            answer_batch(batch, partial(_as_json, newsdesk.ask, options))
            return
        if as_json:
            answer = newsdesk.ask(question, **options)
            print_json(answer.as_json())
        else:
            from bot.cli.render import show_answer

            answer = show_answer(newsdesk.stream(question, **options))
        from bot.history import TERMINAL

        newsdesk.remember(answer, conversation=TERMINAL)


def _as_json(
    ask: "Callable[..., Answer]", options: dict[str, Any], question: str, history: "Sequence[Turn]"
) -> dict[str, Any]:
    return ask(question, history=history, **options).as_json()
