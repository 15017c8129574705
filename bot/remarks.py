"""What is said beside an answer, the same in the terminal and in Slack."""

from bot.answers import Answer
from bot.days import written_day, written_days


def remarks(answer: Answer) -> tuple[str, ...]:
    """Whole sentences on how the answer came about; none for most answers."""
    found = (answer.note, _on_dates(answer))
    return tuple(remark for remark in found if remark)


def _on_dates(answer: Answer) -> str:
    dates = answer.dates
    if dates is None or not (dates.kept or answer.found):
        return ""
    published = _published(dates.since, dates.until)
    if not dates.kept:
        return f"Nothing published {published} answers this: all dates were searched."
    if published:
        return f"Only what was published {published} was searched (“{dates.phrase}”)."
    return f"The newest comes first (“{dates.phrase}”)." if answer.found else ""


def _published(since: str | None, until: str | None) -> str:
    """When, as "1 to 31 December 2021"; nothing where both ends are open."""
    if since and until:
        return written_days(since, until)
    if since:
        return f"since {written_day(since)}"
    return f"until {written_day(until)}" if until else ""
