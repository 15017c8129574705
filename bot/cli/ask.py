"""`newsdesk ask`: one question, or a file of them."""

from functools import partial
from typing import Annotated

import typer

from bot.cli.batches import Batch, answer_lines, require_one
from bot.cli.filters import Since, Source, Until, filters_from
from bot.cli.terminal import AsJson, console, open_newsdesk, print_json

EXAMPLES = """[bold]Examples[/bold]

newsdesk ask "what sanctions were threatened?"

newsdesk ask "who met in Stockholm?" --since 2021-12-01 --until 2021-12-31

newsdesk ask "what did NATO say?" --source "BBC News" --json

newsdesk ask --batch questions.jsonl > answers.jsonl
"""


def ask(
    question: Annotated[str, typer.Argument(help="What you want to know.")] = "",
    since: Since = None,
    until: Until = None,
    source: Source = None,
    limit: Annotated[
        int, typer.Option("--limit", min=1, max=10, help="At most so many sentences.")
    ] = 3,
    as_json: AsJson = False,
    batch: Batch = None,
) -> None:
    """Answer a question with sentences of the archive, each with its citation."""
    require_one(question, batch)
    filters = filters_from(since, until, source)
    with open_newsdesk() as newsdesk:
        newsdesk.warm()
        answer_to = partial(newsdesk.ask, filters=filters, max_sentences=limit)
        if batch:
            answer_lines(batch, lambda asked: answer_to(asked).as_json())
            return
        answer = answer_to(question)
    if as_json:
        print_json(answer.as_json())
    else:
        from bot.cli.render import rendered_answer

        console().print(rendered_answer(answer))
