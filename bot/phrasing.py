"""Dates, outlets and remarks in words, the same in the terminal and in Slack."""

from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import date
from typing import TYPE_CHECKING

from bot.answers import Answer
from vectorstore.models import Publication, Status

if TYPE_CHECKING:
    from bot.history import StaleCitation

NAMED_OUTLETS = 3
NAMED_REASONS = 5


def written_day(published_at: str | None) -> str:
    """2021-12-03 as "3 December 2021"; nothing for undated, the text itself for what is no date."""
    if not published_at:
        return ""
    try:
        day = date.fromisoformat(published_at[:10])
    except ValueError:
        return published_at
    return f"{day.day} {day:%B %Y}"


def written_span(covered: tuple[str, str]) -> str:
    """The first and the last published date as "1 May 2021 to 3 December 2021"."""
    first, last = (written_day(published_at) for published_at in covered)
    return first if first == last else f"{first} to {last}"


def written_period(since: str | None, until: str | None) -> str:
    """When: "1 to 31 December 2021", "since 16 June 2021"; nothing where both ends are open."""
    if since and until:
        return written_days(since, until)
    if since:
        return f"since {written_day(since)}"
    return f"until {written_day(until)}" if until else ""


def written_days(since: str, until: str) -> str:
    """Two days as "1 to 31 December 2021", "1 March to 31 May 2021", or the one that both are."""
    first, last = date.fromisoformat(since), date.fromisoformat(until)
    if first == last:
        return written_day(since)
    begun = written_day(since)
    if first.year == last.year:
        begun = str(first.day) if first.month == last.month else f"{first.day} {first:%B}"
    return f"{begun} to {written_day(until)}"


def counted(number: int, noun: str) -> str:
    """A number with its noun, "1 article" or "2 articles"."""
    return f"{number} {noun}" if number == 1 else f"{number} {noun}s"


def also_in(outlets: Sequence[str]) -> str:
    """As "also in Reuters, AP and 2 more"; nothing without any."""
    if not outlets:
        return ""
    named = list(outlets) if len(outlets) <= NAMED_OUTLETS else list(outlets[: NAMED_OUTLETS - 1])
    if rest := len(outlets) - len(named):
        named.append(f"{rest} more")
    *firsts, last = named
    return f"also in {', '.join(firsts)} and {last}" if firsts else f"also in {last}"


def remarks(answer: Answer) -> tuple[str, ...]:
    """Whole sentences on how the answer came about; none for most answers."""
    every = (answer.note, _on_corrected(answer), _on_older(answer), _on_dates(answer))
    return tuple(remark for remark in every if remark)


def _on_corrected(answer: Answer) -> str:
    """Which citations are of articles that correct what was reported before."""
    corrected: dict[str, list[str]] = {}
    for citation in answer.citations:
        if citation.corrected_at:
            day = written_day(citation.corrected_at)
            corrected.setdefault(day, []).append(f"[{citation.number}]")
    listed = "; ".join(
        f"{''.join(numbers)} corrected on {day}" for day, numbers in corrected.items()
    )
    return f"{listed}." if listed else ""


def _on_older(answer: Answer) -> str:
    """Which citations are of an older day than the newest, and may be overtaken by it."""
    newest = (answer.as_of or "")[:10]
    older: dict[str, list[str]] = {}
    for citation in answer.citations:
        if citation.published_at and citation.published_at[:10] < newest:
            day = written_day(citation.published_at)
            older.setdefault(day, []).append(f"[{citation.number}]")
    listed = "; ".join(f"{''.join(numbers)} from {day}" for day, numbers in older.items())
    return f"Older articles: {listed}." if listed else ""


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


def publication_in_words(publication: Publication) -> str:
    """As "held: draft" or "embargoed until 3 December 2021, 10:00 UTC"."""
    words: str = publication.status
    if publication.status == "embargoed" and publication.until:
        words += f" until {written_moment(publication.until)}"
    if publication.superseded_by:
        words += f" by {publication.superseded_by}"
    return f"{words}: {publication.reason}" if publication.reason else words


def unpublished_in_words(counts: Mapping[Status, Counter[str]]) -> list[str]:
    """How many articles are not published and why, as "2 articles held (1 draft; 1 legal)"."""
    lines = []
    for status, reasons in counts.items():
        why = [f"{count} {reason or 'no reason given'}" for reason, count in reasons.most_common()]
        if len(why) > NAMED_REASONS:
            why[NAMED_REASONS:] = [f"{len(why) - NAMED_REASONS} other reasons"]
        lines.append(f"{counted(sum(reasons.values()), 'article')} {status} ({'; '.join(why)})")
    return lines


def written_moment(moment: str) -> str:
    """2021-12-03T10:00:00Z as "3 December 2021, 10:00 UTC"."""
    return f"{written_day(moment)}, {moment[11:16]} UTC" if moment[11:16] else written_day(moment)


def _withdrawn(publication: Publication) -> str:
    reason = publication.reason or ""
    if publication.status == "superseded" and reason.startswith("corrected on "):
        return f"The article was corrected on {written_day(reason[-10:])}: ask again."
    if publication.status == "killed":
        return "The article has been killed since: don't use what it reported."
    return f"The article is not published any more: it is {publication_in_words(publication)}."


def stale_remark(citation: "StaleCitation") -> str:
    """What has happened to the article of a citation since the answer was given."""
    if citation.gone:
        return f"[{citation.number}] The article has been removed since."
    if citation.publication.status != "published":
        return f"[{citation.number}] {_withdrawn(citation.publication)}"
    if citation.quote_remains:
        return f"[{citation.number}] The article has changed since; the quote is still in it."
    return f"[{citation.number}] The article has changed since; the quote is no longer in it."
