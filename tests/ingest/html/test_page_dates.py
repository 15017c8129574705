import pytest
from lxml.html import HtmlElement, document_fromstring

from ingest.html.page_dates import find_published, find_updated, guess_published

PROSE = (
    "<p>The minister of finance resigned on Friday, a day after the coalition lost its majority in"
    " the house.</p>"
)


def page(below: str, above: str = "", behind: str = "") -> HtmlElement:
    return document_fromstring(
        f"<body>{above}<article><h1>Minister resigns</h1>{below}{PROSE}{behind}</article></body>"
    )


def published(found: HtmlElement, *told: str) -> str | None:
    return find_published(found, told, found.find(".//h1"))


@pytest.mark.parametrize(
    "doubted", ["today", "0000-00-00T00:00:00Z", "1970-01-01T00:00:00Z", "2025", "03/04/2021"]
)
def test_first_date_that_nothing_speaks_against_is_taken(doubted: str) -> None:
    assert published(page(""), doubted, "2025-10-07", "2025-10-09") == "2025-10-07"
    assert published(page("<time datetime=2025-10-07></time>"), doubted) == "2025-10-07"


def test_date_that_is_doubted_is_handed_on_where_there_is_no_other() -> None:
    assert published(page(""), "today") == "today"


@pytest.mark.parametrize(
    ("written", "as_people_write"),
    [
        ("20251007080000", "20251007T080000"),
        (
            "Tue Oct 07 2025 08:00:00 GMT+0000 (Coordinated Universal Time)",
            "Tue Oct 07 2025 08:00:00 GMT+0000",
        ),
    ],
)
def test_form_that_only_machines_write_is_read(written: str, as_people_write: str) -> None:
    assert published(page(""), written) == as_people_write


@pytest.mark.parametrize(
    "shown",
    [
        "<time datetime=2025-10-07>Tuesday</time>",
        "<span itemprop=datePublished content=2025-10-07>Tuesday</span>",
        "<abbr class=published title=2025-10-07>Tuesday</abbr>",
        "<data class=dt-published value=2025-10-07>Tuesday</data>",
        "<time datetime=PT2M30S>2:30</time><time datetime=08:00>8</time><time datetime=2025-10-07>",
        "<time class=updated datetime=2025-10-08></time><time class=published datetime=2025-10-07>",
        "<time itemprop=dateModified datetime=2025-10-08></time><time datetime=2025-10-07>",
        "<time datetime=2025-10-08></time><time datetime=2025-10-07>",
        "<time class='published updated' datetime=2025-10-07>",
    ],
)
def test_date_that_is_shown_with_the_title_is_read(shown: str) -> None:
    assert published(page(shown)) == "2025-10-07"


@pytest.mark.parametrize(
    "shown",
    [
        "<time>7 October 2025</time>",
        "<div class=meta-date>Published 7 October 2025, updated 8 October 2025</div>",
        "<p class=updated>8 October 2025</p><p class=post-date>Published 7 October 2025</p>",
    ],
)
def test_date_is_read_off_the_text(shown: str) -> None:
    assert published(page(shown)) == "7 October 2025"


@pytest.mark.parametrize(
    "shown",
    [
        "<p class=candidate-info>The member for Example City, born on 12 March 1961</p>",
        "<p class=update>12 March 2021</p>",
        "<time itemprop=dateModified datetime=2025-10-08>",
        "<aside><time datetime=2024-01-01></time></aside>",
        "<div class=related><time datetime=2024-01-01></time></div>",
        "<article><h2>Wolves</h2><time datetime=2024-01-01></time></article>",
    ],
)
def test_date_of_something_else_is_not_the_storys(shown: str) -> None:
    assert published(page(shown)) is None


def test_date_of_today_above_the_title_is_not_the_storys() -> None:
    clock = "<div class=date>Monday 24 November 2025</div>"
    assert published(page("", f"<header>{clock}</header>")) is None
    assert published(page("<time datetime=2025-10-07>", clock)) == "2025-10-07"


def test_date_above_the_title_or_below_the_story_is_read_where_there_is_no_other() -> None:
    shown = "<time datetime=2025-10-07></time>"
    assert published(page("", above=shown)) == published(page("", behind=shown)) == "2025-10-07"


def test_title_may_stand_outside_of_the_article() -> None:
    found = document_fromstring(
        f"<h1>Minister resigns</h1><article><time datetime=2025-10-07></time>{PROSE}</article>"
    )
    assert published(found) == "2025-10-07"


def test_change_is_told_or_shown() -> None:
    found = page("<time datetime=2025-10-07></time><time class=updated datetime=2025-10-08>")
    assert find_updated(found, ["0000-00-00"], found.find(".//h1")) == "2025-10-08"
    assert find_updated(found, ["2025-10-09"], found.find(".//h1")) == "2025-10-09"


@pytest.mark.parametrize(
    ("written", "day"),
    [
        ("2025-10-07T19:55:00-07:00", "2025-10-07"),
        ("2025-10-07T01:55:00+05:30", "2025-10-07"),
        ("2025-10-07T08:00:00+02:00", "2025-10-07T08:00:00+02:00"),
    ],
)
def test_day_is_the_one_of_the_pages_zone(written: str, day: str) -> None:
    assert published(page(""), written) == day


def test_day_is_the_one_that_the_page_shows_where_utc_has_the_next() -> None:
    shown = page("<time datetime=2025-10-07>Tuesday</time>")
    assert published(shown, "2025-10-08T02:00:00Z") == "2025-10-07"
    assert published(shown, "2025-10-10T02:00:00Z") == "2025-10-10T02:00:00Z"


def test_plain_date_below_the_title_is_read() -> None:
    assert published(page("<div><span>October 7, 2025</span></div>")) == "October 7, 2025"
    assert published(page("<div>Founded in 1999, closed on October 7, 2025 by law</div>")) is None


def test_date_that_nothing_else_has_is_guessed() -> None:
    assert guess_published(page("<p>It went on sale on 2025-10-07.</p>"), None) == "2025-10-07"
    assert guess_published(page(""), None) is None
