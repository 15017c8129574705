"""Shows an answer in the terminal as it is made: each sentence when it is ready."""

from collections.abc import Generator
from contextlib import closing

from bot.answers import Answer, Done, Event, Replaced, SentenceReady, Status
from bot.cli.render import rendered_rest, rendered_sentence
from bot.cli.terminal import console, errors_console, note


def show(events: Generator[Event, None, None]) -> Answer:
    """Print what happens and return the answer; a Ctrl-C stops the making of it."""
    out = console()
    with closing(events) as told, errors_console().status("Searching …") as waiting:
        for event in told:
            match event:
                case Status():
                    waiting.update(event.text)
                case SentenceReady():
                    waiting.stop()
                    out.print(rendered_sentence(event.sentence))
                case Replaced():
                    note(f"\nForget the above. {event.because}\n")
                case Done():
                    waiting.stop()
                    out.print(rendered_rest(event.answer))
                    return event.answer
    raise AssertionError("an answer is the last event")
