"""Published dates as people write them."""

from datetime import date


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
