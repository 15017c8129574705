"""What can be typed into a chat besides questions."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from bot.cli.terminal import console, note
from bot.errors import ChatCommandError

if TYPE_CHECKING:
    from bot.answers import Answer
    from bot.conversation import Conversation

_DATE = re.compile(r"\d{4}(-\d\d(-\d\d)?)?")


@dataclass(frozen=True, slots=True)
class Command:
    """A command with what it does, for people and for the chat."""

    says: str
    run: "Callable[[Conversation, str], None]"


def obey(conversation: "Conversation", typed: str) -> None:
    """Do what a line that begins with a slash says; raises `ChatCommandError`."""
    name, _, rest = typed.partition(" ")
    command = COMMANDS.get(name)
    if command is None:
        raise ChatCommandError(f"There is no {name}. What there is: {', '.join(COMMANDS)}, /quit")
    command.run(conversation, rest.strip())


def _sources(conversation: "Conversation", _: str) -> None:
    from bot.cli.render import rendered_citations

    console().print(rendered_citations(_last(conversation)))


def _passages(conversation: "Conversation", _: str) -> None:
    from bot.cli.render_given import rendered_passage

    answer = _last(conversation)
    for citation in answer.citations:
        passage = conversation.passage(citation)
        if passage is None:
            note(f"[{citation.number}] The article has changed since.")
        else:
            console().print(rendered_passage(citation, passage))


def _why(conversation: "Conversation", _: str) -> None:
    from bot.phrasing import remarks

    answer = _last(conversation)
    console().print(f"Understood as: {answer.standalone_question}")
    for remark in remarks(answer):
        console().print(remark)
    articles = len({passage_id.split(":")[0] for passage_id in answer.retrieved})
    console().print(
        f"Chosen from {len(answer.retrieved)} passages of {articles} articles; {answer.mode}, in "
        f"{answer.seconds['total']:.2f} s."
    )
    if answer.usage.tokens_in:
        console().print(
            f"The chat model read {answer.usage.tokens_in:,} tokens and wrote "
            f"{answer.usage.tokens_out:,}."
        )


def _new(conversation: "Conversation", _: str) -> None:
    conversation.begin_anew()
    note("A new conversation.")


def _save(conversation: "Conversation", name: str) -> None:
    from bot.export import transcript

    if not name:
        raise ChatCommandError("Say where: /save talk.md")
    file = Path(name).expanduser()
    try:
        with file.open("x", encoding="utf-8") as opened:
            opened.write(transcript(conversation.answers))
    except FileExistsError as error:
        raise ChatCommandError(f"{file} is there already: choose another name") from error
    except OSError as error:
        raise ChatCommandError(f"{file} can't be written: {error.strerror}") from error
    note(f"Saved in {file}")


def _since(conversation: "Conversation", date: str) -> None:
    if date == "off":
        conversation.narrow(since=None)
        note("Articles of all dates.")
    elif _DATE.fullmatch(date):
        conversation.narrow(since=date)
        note(f"Only articles of {date} or later.")
    else:
        raise ChatCommandError("Give a year, a month or a day, or off: /since 2021-12")


def _help(_: "Conversation", __: str) -> None:
    width = max(map(len, COMMANDS)) + 2
    for name, command in COMMANDS.items():
        console().print(f"{name:<{width}}{command.says}")
    console().print(f"{'/quit':<{width}}ends, as Ctrl-D does")
    note("Enter asks, Alt-Enter begins a new line, Ctrl-C stops an answer.")


def _last(conversation: "Conversation") -> "Answer":
    if not conversation.answers:
        raise ChatCommandError("Ask something first.")
    return conversation.answers[-1]


COMMANDS = {
    "/sources": Command("lists the citations of the last answer", _sources),
    "/passages": Command("shows the passages it cites, the quotes marked", _passages),
    "/why": Command("tells how the question was understood, and what was read", _why),
    "/since": Command("narrows to articles of a date or later: /since 2021-12, /since off", _since),
    "/new": Command("begins a new conversation", _new),
    "/save": Command("writes the conversation to a file: /save talk.md", _save),
    "/help": Command("shows this", _help),
}
