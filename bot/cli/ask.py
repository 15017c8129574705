"""`newsdesk ask`: one question, or a file of them."""

from collections.abc import Callable, Sequence
from functools import partial
from typing import TYPE_CHECKING, Annotated, Any

import typer

from bot.cli.batches import Batch, answer_lines, require_one
from bot.cli.filters import NoDates, Since, Source, Until, filters_from
from bot.cli.terminal import AsJson, open_newsdesk, print_json

if TYPE_CHECKING:
    from bot.answers import Answer, Turn

EXAMPLES = """[bold]Examples[/bold]

newsdesk ask "what sanctions were threatened?"

newsdesk ask "who met in Stockholm?" --since 2021-12-01 --until 2021-12-31

newsdesk ask "what did NATO say?" --source "BBC News" --json

newsdesk ask "what did Putin demand in December 2021?" --no-dates

newsdesk ask --batch questions.jsonl > answers.jsonl
"""


def ask(
    question: Annotated[str, typer.Argument(help="What you want to know.")] = "",
    since: Since = None,
    until: Until = None,
    source: Source = None,
    no_dates: NoDates = False,
    limit: Annotated[
        int | None,
        typer.Option(
            min=1,
            max=10,
            help="At most so many sentences: 3 if not given, or 5 where a chat model writes.",
        ),
    ] = None,
    as_json: AsJson = False,
    batch: Batch = None,
) -> None:
    """Answer a question with sentences of the archive, each with its citation."""
    require_one(question, batch)
    filters = filters_from(since, until, source)
    with open_newsdesk() as newsdesk:
        newsdesk.warm()
        options: dict[str, Any] = {
            "filters": filters,
            "max_sentences": limit,
            "use_dates": not no_dates,
        }
        if batch:
            answer_lines(batch, partial(_as_json, newsdesk.ask, options))
            return
        if as_json:
            answer = newsdesk.ask(question, **options)
            print_json(answer.as_json())
        else:
            from bot.cli.live import show

            answer = show(newsdesk.stream(question, **options))
        from bot.history import TERMINAL

        newsdesk.remember(answer, conversation=TERMINAL)


def _as_json(
    ask: "Callable[..., Answer]", options: dict[str, Any], question: str, history: "Sequence[Turn]"
) -> dict[str, Any]:
    return ask(question, history=history, **options).as_json()
