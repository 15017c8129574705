"""`newsdesk chat`: a conversation in the terminal, or through a pipe."""

from typing import TYPE_CHECKING, Annotated

import typer

from bot.cli.filters import NoDates, Since, Source, Until, filters_from
from bot.cli.terminal import FAILED, complain, is_ours, note, open_newsdesk

if TYPE_CHECKING:
    from bot.conversation import Conversation

EXAMPLES = """[bold]Examples[/bold]

newsdesk chat

newsdesk chat --continue

echo "who met in Stockholm?" | newsdesk chat
"""

WELCOME = "Ask the archive. /help lists what else you can type; Ctrl-D ends."


def chat(
    since: Since = None,
    until: Until = None,
    source: Source = None,
    no_dates: NoDates = False,
    continued: Annotated[
        bool, typer.Option("--continue", help="Go on with the last conversation.")
    ] = False,
) -> None:
    """Ask one question after the other: follow-ups mean what they mean to a person."""
    from bot.cli.questions import questions
    from bot.conversation import Conversation

    filters = filters_from(since, until, source)
    failed = False
    with open_newsdesk() as newsdesk:
        newsdesk.warm()
        earlier = newsdesk.answer_log.last_chat() if continued else None
        if continued and earlier is None:
            note("There is no conversation to go on with: this is a new one.")
        conversation = Conversation(
            newsdesk, filters=filters, use_dates=not no_dates, continued=earlier
        )
        if conversation.turns:
            note(f"You asked last: {conversation.turns[-1].question}")
        for typed in questions(newsdesk.home, welcome=WELCOME):
            failed = not _answered(conversation, typed) or failed
    if failed:
        raise typer.Exit(FAILED)


def _answered(conversation: "Conversation", typed: str) -> bool:
    """Answer a question or obey a command; what goes wrong is said, and the chat goes on."""
    from bot.cli.chat_commands import obey
    from bot.cli.live import show

    try:
        if typed.startswith("/"):
            obey(conversation, typed)
        else:
            show(conversation.ask(typed))
    except KeyboardInterrupt:
        note("Stopped.")
    except Exception as error:
        if not is_ours(error):
            raise
        complain(str(error))
        return False
    return True
