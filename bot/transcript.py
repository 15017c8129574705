"""A conversation as Markdown."""

from collections.abc import Iterator, Sequence

from bot.answers import Answer
from bot.days import written_day
from bot.outlets import also_in
from bot.remarks import remarks


def transcript(answers: Sequence[Answer]) -> str:
    """Questions as headings, answers with numbered citations below them."""
    return "\n\n".join("\n".join(_turn(answer)) for answer in answers) + "\n"


def _turn(answer: Answer) -> Iterator[str]:
    yield f"## {' '.join(answer.question.split())}"
    yield ""
    if not answer.found:
        yield answer.text
    for sentence in answer.sentences:
        yield f"{sentence.text} {''.join(f'[{number}]' for number in sentence.citations)}"
    if answer.citations:
        yield ""
    for citation in answer.citations:
        about = (
            citation.title,
            citation.source,
            written_day(citation.published_at),
            citation.url,
            also_in(citation.also_in),
        )
        yield f"{citation.number}. “{citation.quote}” {', '.join(part for part in about if part)}"
    for remark in remarks(answer):
        yield f"\n*{remark}*"
