"""`newsdesk answers`: past answers, and whether their articles have changed since."""

from typing import TYPE_CHECKING, Annotated, Any

import typer

from bot.cli.options import AsJson, day
from bot.cli.terminal import console, counted, open_newsdesk, print_json

if TYPE_CHECKING:
    from bot.history import LoggedAnswer, StaleCitation

EXAMPLES = """[bold]Examples[/bold]

newsdesk answers list --outdated

newsdesk answers show 3f2a9c1d5e7b8a60

newsdesk answers forget --before 2026-01-01
"""

FORGET_EXAMPLES = """[bold]Examples[/bold]

newsdesk answers forget 3f2a9c1d5e7b8a60

newsdesk answers forget --before 2026-01-01

newsdesk answers forget --person U012AB3CD
"""

app = typer.Typer(
    help="List, show and forget past answers, and which of them are outdated.",
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


@app.command(epilog=FORGET_EXAMPLES)
def forget(
    answer_id: Annotated[
        str | None, typer.Argument(metavar="ANSWER", help="An id from `newsdesk answers list`.")
    ] = None,
    before: Annotated[
        str | None, typer.Option(metavar="DATE", help="Answers given before this day.", parser=day)
    ] = None,
    person: Annotated[
        str | None,
        typer.Option(metavar="ID", help="Answers, feedback and open questions of this person."),
    ] = None,
    yes: Annotated[bool, typer.Option("--yes", "-y", help="Forget without asking.")] = False,
    as_json: AsJson = False,
) -> None:
    """Forget answers for good, with what people thought of them."""
    if not (answer_id or before or person) or (answer_id and (before or person)):
        raise typer.BadParameter("give the id of an answer, or --before, --person or both")
    if not yes:
        typer.confirm("Forget these answers for good?", abort=True, err=True)
    from bot.errors import NoSuchAnswerError
    from bot.retention import forget_answers

    with open_newsdesk() as newsdesk:
        forgotten = forget_answers(
            newsdesk.library.database,
            answer_id=answer_id or "",
            before=before or "",
            person=person or "",
        )
    if answer_id and not forgotten:
        raise NoSuchAnswerError(
            f"There is no answer {answer_id!r}. List the ids with: newsdesk answers list"
        )
    if as_json:
        print_json({"forgotten": forgotten})
    else:
        console().print(f"{counted(forgotten, 'answer')} forgotten")


def _as_json(logged: "LoggedAnswer", stale: "list[StaleCitation]") -> dict[str, Any]:
    return {
        "answer_id": logged.answer_id,
        "given_at": logged.given_at,
        "conversation": logged.conversation,
        **logged.answer.as_json(),
        "retrieved": list(logged.answer.retrieved),
        "outdated": [citation.as_json() for citation in stale],
    }
