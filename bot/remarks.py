"""What is said beside an answer, the same in the terminal and in Slack."""

from typing import TYPE_CHECKING

from bot.answers import Answer, Dates
from bot.days import written_day

if TYPE_CHECKING:
    from bot.outdated import Outdated


def remarks(answer: Answer) -> tuple[str, ...]:
    """Whole sentences on how the answer came about; none for most answers."""
    found = (answer.note, _on_dates(answer.dates))
    return tuple(remark for remark in found if remark)


def written_mark(mark: "Outdated") -> str:
    """What has become of the article that a citation stands in."""
    if mark.gone:
        return f"[{mark.number}] The article has been removed since."
    if mark.stands:
        return f"[{mark.number}] The article has changed since; the quote is still in it."
    return f"[{mark.number}] The article has changed since; the quote is no longer in it."


def _on_dates(dates: Dates | None) -> str:
    if dates is None:
        return ""
    span = written_period(dates)
    if not span:
        return f"The newest comes first, because of “{dates.phrase}”."
    if not dates.kept:
        return f"Nothing published {span} answers this: all dates were searched."
    return f"Only articles published {span} were searched, because of “{dates.phrase}”."


def written_period(dates: Dates) -> str:
    """Dates as "from 1 December 2021 to 31 December 2021"; nothing where they are open."""
    since, until = written_day(dates.since), written_day(dates.until)
    if since and until:
        return f"on {since}" if since == until else f"from {since} to {until}"
    return f"since {since}" if since else f"up to {until}" if until else ""
