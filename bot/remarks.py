"""What is said beside an answer, the same in the terminal and in Slack."""

from bot.answers import Answer
from bot.days import written_day, written_period


def remarks(answer: Answer) -> tuple[str, ...]:
    """Whole sentences on how the answer came about; none for most answers."""
    found = (answer.note, _on_earlier(answer), _on_dates(answer))
    return tuple(remark for remark in found if remark)


def _on_earlier(answer: Answer) -> str:
    """Which citations are of an earlier day than the newest, and may be overtaken by it."""
    newest = (answer.as_of or "")[:10]
    earlier: dict[str, list[str]] = {}
    for citation in answer.citations:
        if citation.published_at and citation.published_at[:10] < newest:
            day = written_day(citation.published_at)
            earlier.setdefault(day, []).append(f"[{citation.number}]")
    said = "; ".join(f"{''.join(numbers)} of {day}" for day, numbers in earlier.items())
    return f"Earlier than the newest: {said}." if said else ""


def _on_dates(answer: Answer) -> str:
    dates = answer.dates
    if dates is None or not (dates.kept or answer.found):
        return ""
    published = written_period(dates.since, dates.until)
    if not dates.kept:
        return f"Nothing published {published} answers this: all dates were searched."
    if published:
        return f"Only what was published {published} was searched (“{dates.phrase}”)."
    return f"The newest comes first (“{dates.phrase}”)." if answer.found else ""
