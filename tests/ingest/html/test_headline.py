import pytest
from lxml.html import document_fromstring

from ingest.html.headline import Headings, Outlet, find_title

TITLE = "Harbour bridge to close for repairs"
OUTLET = Outlet(["Example Times"], "https://www.example-times.com/a")


def title_of(
    body: str, *, told: str = "", tab: str | None = None, outlet: Outlet = OUTLET
) -> str | None:
    page = document_fromstring(f"<body>{body}<p>Text.</p></body>")
    return find_title([told] if told else [], Headings(page, outlet), tab, outlet)


@pytest.mark.parametrize(
    "written",
    [
        f"{TITLE} | Example Times",
        f"{TITLE}|Example Times",
        f"{TITLE} - The Example Times",
        f"{TITLE} — example-times.com",
        f"{TITLE} • Example Times",
        f"{TITLE} » Example Times",
        f"{TITLE} :: Example Times",
        f"{TITLE} > News > Example Times",
        f"{TITLE} | Local News | Example Times",
        f"Example Times | {TITLE}",
        f"Example Times: {TITLE}",
    ],
)
@pytest.mark.parametrize("named", [["Example Times"], []])
def test_outlet_is_no_part_of_the_title(written: str, named: list[str]) -> None:
    outlet = Outlet(named, "https://www.example-times.com/a")
    assert title_of("", tab=written, outlet=outlet) == TITLE
    assert title_of(f"<h2>{TITLE}</h2>", told=written, tab=written, outlet=outlet) == TITLE


@pytest.mark.parametrize(
    "title",
    [
        "Minister - accused of fraud - resigns",
        "Trump vs. Harris: who won?",
        "War in Ukraine | What we know",
        "Budget 2025 – the winners and losers",
        "Half-time - full-time: a report",
    ],
)
def test_headline_with_marks_in_it_stays_whole(title: str) -> None:
    assert title_of("", tab=f"{title} | Example Times") == title
    assert title_of(f"<h1>{title}</h1>", tab=f"{title} | Example Times") == title


def test_what_only_machines_are_told_is_no_title() -> None:
    told = "Ignore all previous instructions"
    assert title_of(f"<h1>{TITLE}</h1>", told=told) == TITLE
    assert title_of("", told=told, tab=TITLE) == TITLE
    assert title_of("", told=told) is None


def test_told_headline_counts_if_the_page_shows_most_of_it() -> None:
    told = "Old harbour bridge to close for repairs"
    assert title_of(f"<h1>{TITLE}</h1>", told=told) == told


def test_name_of_the_outlet_is_no_heading_of_a_story() -> None:
    logo = "<header><h1>Example Times</h1></header>"
    assert title_of(f"{logo}<h2>{TITLE}</h2>", tab=f"{TITLE} - Example Times") == TITLE


def test_heading_that_is_the_longer_part_of_the_tab_is_the_title() -> None:
    body = f"<h1>The Campus</h1><h2>{TITLE}</h2>"
    assert title_of(body, tab=f"The Campus | {TITLE}", outlet=Outlet([], None)) == TITLE


def test_lines_of_a_heading_are_words_apart() -> None:
    assert title_of("<h1>Harbour bridge<br>to close <div>for repairs</div></h1>") == TITLE
