"""`newsdesk answers`: past answers, and whether their articles have changed since."""

from typing import TYPE_CHECKING, Annotated, Any

import typer

from bot.cli.options import AsJson
from bot.cli.terminal import console, open_newsdesk, print_json

if TYPE_CHECKING:
    from bot.history import LoggedAnswer, StaleCitation

EXAMPLES = """[bold]Examples[/bold]

newsdesk answers list --outdated

newsdesk answers show 3f2a9c1d5e7b8a60
"""

app = typer.Typer(
    help="List and show past answers, and which of them are outdated.",
    epilog=EXAMPLES,
    no_args_is_help=True,
    rich_markup_mode="rich",
)


@app.command("list", epilog="[bold]Example[/bold]\n\nnewsdesk answers list --outdated")
def list_answers(
    limit: Annotated[
        int, typer.Option(min=1, max=10_000, metavar="N", help="Answers to list, at most.")
    ] = 20,
    outdated: Annotated[
        bool,
        typer.Option(
            "--outdated", help="Only answers that cite articles changed or removed since."
        ),
    ] = False,
    as_json: AsJson = False,
) -> None:
    """List the latest answers, newest first."""
    with open_newsdesk() as newsdesk:
        logged = newsdesk.answer_log.newest(limit=limit)
        stale = newsdesk.answer_log.stale_citations([one.answer_id for one in logged])
    if outdated:
        logged = [one for one in logged if one.answer_id in stale]
    if as_json:
        print_json([_as_json(one, stale.get(one.answer_id, [])) for one in logged])
    else:
        from bot.cli.render import rendered_log

        console().print(rendered_log(logged, set(stale)))


@app.command(epilog="[bold]Example[/bold]\n\nnewsdesk answers show 3f2a9c1d5e7b8a60")
def show(
    answer_id: Annotated[
        str, typer.Argument(metavar="ANSWER", help="An id from `newsdesk answers list`.")
    ],
    as_json: AsJson = False,
) -> None:
    """Show an answer as it was given, and what has changed since."""
    from bot.errors import NoSuchAnswerError

    with open_newsdesk() as newsdesk:
        logged = newsdesk.answer_log.get(answer_id)
        if logged is None:
            raise NoSuchAnswerError(
                f"There is no answer {answer_id!r}. List the ids with: newsdesk answers list"
            )
        stale = newsdesk.answer_log.stale_citations([answer_id]).get(answer_id, [])
    if as_json:
        print_json(_as_json(logged, stale))
    else:
        from bot.cli.render import rendered_logged

        console().print(rendered_logged(logged, stale))


def _as_json(logged: "LoggedAnswer", stale: "list[StaleCitation]") -> dict[str, Any]:
    return {
        "answer_id": logged.answer_id,
        "given_at": logged.given_at,
        "conversation": logged.conversation,
        **logged.answer.as_json(),
        "retrieved": list(logged.answer.retrieved),
        "outdated": [citation.as_json() for citation in stale],
    }
