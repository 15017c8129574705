"""The options that narrow what is asked: dates and sources."""

import re
from typing import TYPE_CHECKING, Annotated

import typer

if TYPE_CHECKING:
    from vectorstore.models import Filters

_DATE = re.compile(r"\d{4}(-(0[1-9]|1[0-2])(-(0[1-9]|[12]\d|3[01]))?)?")


def _date(given: str) -> str:
    if not _DATE.fullmatch(given):
        raise typer.BadParameter(
            f"{given!r} is not a date: give a year, a month or a day, as 2021, 2021-12, 2021-12-03"
        )
    return given


Since = Annotated[
    str | None,
    typer.Option(help="Only articles of this date or later.", metavar="DATE", parser=_date),
]
Until = Annotated[
    str | None,
    typer.Option(help="Only articles of this date or earlier.", metavar="DATE", parser=_date),
]
Source = Annotated[
    list[str] | None,
    typer.Option("--source", help="Only articles of this source; may be given more than once."),
]


NoDates = Annotated[
    bool,
    typer.Option("--no-dates", help="Don't narrow the search by dates in the question."),
]


def filters_from(since: str | None, until: str | None, sources: list[str] | None) -> "Filters":
    """The filters the options say."""
    from vectorstore.models import Filters

    if since and until and since > until and not since.startswith(until):
        raise typer.BadParameter(f"--since {since} is later than --until {until}")
    return Filters(since=since, until=until, sources=tuple(sources or ()))
