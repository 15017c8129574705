"""`newsdesk answers`: what was answered, and whether it still stands."""

from typing import TYPE_CHECKING, Annotated, Any

import typer

from bot.cli.terminal import AsJson, console, open_newsdesk, print_json

if TYPE_CHECKING:
    from bot.history import LoggedAnswer, StaleCitation

app = typer.Typer(
    help="List and show the answers given, and which of them stand on what has changed since.",
    no_args_is_help=True,
    rich_markup_mode="rich",
)


@app.command("list", epilog="[bold]Example[/bold]\n\nnewsdesk answers list --outdated")
def list_answers(
    limit: Annotated[int, typer.Option(min=1, max=10_000, help="At most so many.")] = 20,
    outdated: Annotated[
        bool, typer.Option("--outdated", help="Only those that cite what has changed or gone.")
    ] = False,
    as_json: AsJson = False,
) -> None:
    """List the last answers, newest first."""
    with open_newsdesk() as newsdesk:
        given = newsdesk.answer_log.newest(limit=limit)
        marks = newsdesk.answer_log.stale_citations([one.answer_id for one in given])
    if outdated:
        given = [one for one in given if one.answer_id in marks]
    if as_json:
        print_json([_as_json(one, marks.get(one.answer_id, [])) for one in given])
    else:
        from bot.cli.render_given import rendered_answers

        console().print(rendered_answers(given, set(marks)))


@app.command(epilog="[bold]Example[/bold]\n\nnewsdesk answers show 3f2a9c1d5e7b8a60")
def show(
    answer_id: Annotated[str, typer.Argument(metavar="ANSWER", help="An id from the list.")],
    as_json: AsJson = False,
) -> None:
    """Show an answer as it was given, and what has changed since."""
    from bot.errors import NoSuchAnswerError

    with open_newsdesk() as newsdesk:
        given = newsdesk.answer_log.get(answer_id)
        if given is None:
            raise NoSuchAnswerError(
                f"No answer has the id {answer_id!r}. See the ids with: newsdesk answers list"
            )
        marks = newsdesk.answer_log.stale_citations([answer_id]).get(answer_id, [])
    if as_json:
        print_json(_as_json(given, marks))
    else:
        from bot.cli.render_given import rendered_given

        console().print(rendered_given(given, marks))


def _as_json(given: "LoggedAnswer", marks: "list[StaleCitation]") -> dict[str, Any]:
    return {
        "answer_id": given.answer_id,
        "given_at": given.given_at,
        "conversation": given.conversation,
        **given.answer.as_json(),
        "retrieved": list(given.answer.retrieved),
        "outdated": [mark.as_json() for mark in marks],
    }
