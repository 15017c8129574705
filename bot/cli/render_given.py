"""Answers given before, as a terminal shows them: pure functions from values to Rich."""

from collections.abc import Collection, Sequence

from rich.console import Group, RenderableType
from rich.table import Table
from rich.text import Text

from bot.answers import Citation
from bot.cli.render import rendered_answer
from bot.cli.terminal import printable
from bot.history import LoggedAnswer, StaleCitation
from bot.phrasing import stale_remark
from vectorstore.models import Passage


def rendered_answers(given: Sequence[LoggedAnswer], outdated: Collection[str]) -> RenderableType:
    """A table of answers; `outdated` are the ids of those that cite what has changed."""
    if not given:
        return Text("No answer is stored. Ask, for example: newsdesk ask “who met whom?”")
    table = Table(box=None, pad_edge=False, header_style="bold")
    table.add_column("Answer", no_wrap=True)
    table.add_column("Given", no_wrap=True)
    table.add_column("Question")
    table.add_column("")
    for one in given:
        table.add_row(
            Text(one.answer_id, style="cyan"),
            one.given_at[:16].replace("T", " "),
            Text(printable(" ".join(one.answer.question.split()))),
            Text(_state(one, one.answer_id in outdated), style="yellow"),
        )
    return table


def rendered_given(given: LoggedAnswer, marks: Sequence[StaleCitation]) -> RenderableType:
    """An answer as it was given, then what has changed since."""
    answer = given.answer
    parts: list[RenderableType] = [Text(printable(answer.question), style="bold")]
    if answer.standalone_question != answer.question:
        parts.append(Text(printable(f"Understood as: {answer.standalone_question}"), style="dim"))
    parts += [Text(), rendered_answer(answer), Text()]
    parts += [Text(stale_remark(mark), style="yellow") for mark in marks]
    parts.append(
        Text(f"Given {given.given_at} in {given.conversation}, {answer.mode}.", style="dim")
    )
    return Group(*parts)


def rendered_passage(citation: Citation, passage: Passage) -> RenderableType:
    """A passage with the quote marked in it."""
    head = Text.assemble((f"[{citation.number}] ", "cyan"), (printable(citation.title), "bold"))
    start, end = citation.start - passage.start, citation.end - passage.start
    before, quote, after = passage.text[:start], passage.text[start:end], passage.text[end:]
    text = Text.assemble(printable(before), (printable(quote), "reverse"), printable(after))
    return Group(head, text, Text())


def _state(given: LoggedAnswer, outdated: bool) -> str:
    if outdated:
        return "outdated"
    return "" if given.answer.found else "not found"
