"""What a person types into a chat, line by line; from a pipe, what stands in it."""

import sys
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

from bot.cli.chat_commands import COMMANDS
from bot.cli.terminal import note

if TYPE_CHECKING:
    from prompt_toolkit import PromptSession
    from prompt_toolkit.key_binding import KeyBindings

HISTORY = "chat_history"


def questions(home: Path, *, welcome: str) -> Iterator[str]:
    """Yield what is typed, without blank lines, until the end of the input.

    The lines typed are kept in the data folder, for the arrow keys of the next chat.
    """
    if not sys.stdin.isatty():
        yield from filter(None, map(str.strip, sys.stdin))
        return
    session = _session(home)
    note(welcome)
    while True:
        try:
            typed = session.prompt("> ").strip()
        except KeyboardInterrupt:
            continue
        except EOFError:
            return
        if typed in ("/quit", "/exit"):
            return
        if typed:
            yield typed


def _session(home: Path) -> "PromptSession[str]":
    from prompt_toolkit import PromptSession
    from prompt_toolkit.auto_suggest import AutoSuggestFromHistory
    from prompt_toolkit.completion import WordCompleter
    from prompt_toolkit.history import FileHistory

    return PromptSession(
        history=FileHistory(home / HISTORY),
        auto_suggest=AutoSuggestFromHistory(),
        completer=WordCompleter([*COMMANDS, "/quit"], sentence=True),
        complete_while_typing=True,
        key_bindings=_keys(),
        # Esc Enter, which is Alt-Enter, begins a new line; Enter sends all of them.
        prompt_continuation="  ",
    )


def _keys() -> "KeyBindings":
    from prompt_toolkit.key_binding import KeyBindings, KeyPressEvent

    keys = KeyBindings()

    @keys.add("escape", "enter")
    def new_line(event: KeyPressEvent) -> None:
        event.current_buffer.insert_text("\n")

    return keys
