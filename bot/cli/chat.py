"""`newsdesk chat`: a conversation in the terminal, or through a pipe."""

import re
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from bot.cli.options import NoDates, Since, Source, Until, filters_from, strip_quotes
from bot.cli.terminal import FAILED, complain, console, counted, is_ours, note, open_newsdesk
from bot.errors import ChatCommandError

if TYPE_CHECKING:
    from prompt_toolkit import PromptSession
    from prompt_toolkit.key_binding import KeyBindings

    from bot.answers import Answer
    from bot.conversation import Conversation

EXAMPLES = """[bold]Examples[/bold]

newsdesk chat

newsdesk chat --continue

echo "who met in Stockholm?" | newsdesk chat
"""

WELCOME = "Ask the archive. Type /help for commands, quit or Ctrl-D to leave."
LEAVE = frozenset({"quit", "exit", "/quit", "/exit"})
HISTORY_FILE = "chat_history"

_DATE = re.compile(r"\d{4}(-\d\d(-\d\d)?)?")


def chat(
    since: Since = None,
    until: Until = None,
    source: Source = None,
    no_dates: NoDates = False,
    continued: Annotated[
        bool, typer.Option("--continue", help="Continue the last conversation.")
    ] = False,
) -> None:
    """Ask questions one after the other; follow-ups are understood."""
    from bot.conversation import Conversation

    filters = filters_from(since, until, source)
    failed = False
    with open_newsdesk() as newsdesk:
        newsdesk.warm()
        earlier = newsdesk.answer_log.last_chat() if continued else None
        if continued and earlier is None:
            note("There is no conversation to continue: this is a new one.")
        conversation = Conversation(
            newsdesk, filters=filters, use_dates=not no_dates, continued=earlier
        )
        if conversation.turns:
            note(f"Your last question: {conversation.turns[-1].question}")
        for line in _typed_lines(newsdesk.home):
            if line.lower() in LEAVE:
                break
            failed = not _respond(conversation, line) or failed
    if failed:
        raise typer.Exit(FAILED)


def _respond(conversation: "Conversation", line: str) -> bool:
    """Answer a question or run a command; an error is printed, and the chat goes on."""
    from bot.cli.render import show_answer

    try:
        if line.startswith("/"):
            _run_command(conversation, line)
        else:
            show_answer(conversation.ask(strip_quotes(line)))
    except KeyboardInterrupt:
        note("Stopped.")
    except Exception as error:
        if not is_ours(error):
            raise
        complain(str(error))
        return False
    return True


def _typed_lines(home: Path) -> Iterator[str]:
    """Yield the lines typed, without blank ones, until the end of the input.

    They are kept in the data folder, for the arrow keys of the next chat.
    """
    if not sys.stdin.isatty():
        yield from filter(None, map(str.strip, sys.stdin))
        return
    session = _prompt_session(home)
    note(WELCOME)
    while True:
        try:
            line = session.prompt("> ").strip()
        except KeyboardInterrupt:
            continue
        except EOFError:
            return
        if line:
            yield line


def _prompt_session(home: Path) -> "PromptSession[str]":
    from prompt_toolkit import PromptSession
    from prompt_toolkit.auto_suggest import AutoSuggestFromHistory
    from prompt_toolkit.completion import WordCompleter
    from prompt_toolkit.history import FileHistory

    return PromptSession(
        history=FileHistory(home / HISTORY_FILE),
        auto_suggest=AutoSuggestFromHistory(),
        completer=WordCompleter([*COMMANDS, "/quit"], sentence=True),
        complete_while_typing=True,
        key_bindings=_key_bindings(),
        # Esc Enter, which is Alt-Enter, begins a new line; Enter sends all of them.
        prompt_continuation="  ",
    )


def _key_bindings() -> "KeyBindings":
    from prompt_toolkit.key_binding import KeyBindings, KeyPressEvent

    keys = KeyBindings()

    @keys.add("escape", "enter")
    def new_line(event: KeyPressEvent) -> None:
        event.current_buffer.insert_text("\n")

    return keys


@dataclass(frozen=True, slots=True)
class _Command:
    """A command of the chat, with its line in /help."""

    help: str
    run: "Callable[[Conversation, str], None]"


def _run_command(conversation: "Conversation", line: str) -> None:
    """Run a line that begins with a slash; raises ChatCommandError."""
    name, _, argument = line.partition(" ")
    command = COMMANDS.get(name)
    if command is None:
        raise ChatCommandError(
            f"There is no command {name}. Commands: {', '.join(COMMANDS)}, /quit"
        )
    command.run(conversation, argument.strip())


def _sources(conversation: "Conversation", _: str) -> None:
    from bot.cli.render import rendered_citations

    console().print(rendered_citations(_last_answer(conversation)))


def _passages(conversation: "Conversation", _: str) -> None:
    from bot.cli.render import rendered_passage

    for citation in _last_answer(conversation).citations:
        passage = conversation.passage(citation)
        if passage is None:
            note(f"[{citation.number}] The article has changed since.")
        else:
            console().print(rendered_passage(citation, passage))


def _why(conversation: "Conversation", _: str) -> None:
    from bot.phrasing import remarks

    answer, out = _last_answer(conversation), console()
    out.print(f"Understood as: {answer.standalone_question}")
    for remark in remarks(answer):
        out.print(remark)
    articles = len({passage_id.split(":")[0] for passage_id in answer.retrieved})
    passages = counted(len(answer.retrieved), "passage")
    out.print(
        f"Chosen from {passages} of {counted(articles, 'article')}; {answer.mode}, in "
        f"{answer.seconds['total']:.2f} s."
    )
    if answer.usage.tokens_in:
        out.print(
            f"The chat model read {answer.usage.tokens_in:,} tokens and wrote "
            f"{answer.usage.tokens_out:,}."
        )


def _new(conversation: "Conversation", _: str) -> None:
    conversation.begin_anew()
    note("This is a new conversation.")


def _save(conversation: "Conversation", name: str) -> None:
    from bot.export import transcript

    if not name:
        raise ChatCommandError("Name a file: /save talk.md")
    file = Path(name).expanduser()
    try:
        with file.open("x", encoding="utf-8") as opened:
            opened.write(transcript(conversation.answers))
    except FileExistsError as error:
        raise ChatCommandError(f"{file} is there already: choose another name") from error
    except OSError as error:
        raise ChatCommandError(f"{file} can't be written: {error.strerror}") from error
    note(f"Saved to {file}")


def _since(conversation: "Conversation", date: str) -> None:
    if date == "off":
        conversation.narrow(since=None)
        note("Searching articles of all dates.")
    elif _DATE.fullmatch(date):
        conversation.narrow(since=date)
        note(f"Searching only articles of {date} or later.")
    else:
        raise ChatCommandError("Give a year, a month or a day, or off: /since 2021-12")


def _help(_: "Conversation", __: str) -> None:
    width = max(map(len, COMMANDS)) + 2
    for name, command in COMMANDS.items():
        console().print(f"{name:<{width}}{command.help}")
    console().print(f"{'/quit':<{width}}Leave; so do quit, exit and Ctrl-D")
    note("Enter sends the question, Alt-Enter starts a new line, Ctrl-C stops an answer.")


def _last_answer(conversation: "Conversation") -> "Answer":
    if not conversation.answers:
        raise ChatCommandError("Ask something first.")
    return conversation.answers[-1]


COMMANDS = {
    "/sources": _Command("List the citations of the last answer", _sources),
    "/passages": _Command("Show the passages it cites, with the quotes marked", _passages),
    "/why": _Command("Show how the question was understood and what was searched", _why),
    "/since": _Command("Search only articles of a date or later: /since 2021-12 or off", _since),
    "/new": _Command("Start a new conversation", _new),
    "/save": _Command("Save the conversation to a file: /save talk.md", _save),
    "/help": _Command("Show this list", _help),
}
