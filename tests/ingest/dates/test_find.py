from datetime import UTC, date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ingest.dates.find import Dated, date_article
from tests.ingest.sample_texts import TEXTS

TODAY = date(2022, 6, 1)
WRITTEN = datetime(2022, 5, 20, 12, tzinfo=UTC)
STORY = "The minister resigned on Monday after a long crisis, officials said."


def dated(text: str, **known: str) -> Dated:
    return date_article(text, today=TODAY, modified_at=WRITTEN, **known)


@pytest.mark.parametrize(
    ("text", "published_at"),
    [
        (f"Dec 3, 2021: {STORY}", "2021-12-03"),
        (f"LONDON, 3 December 2021 — {STORY}", "2021-12-03"),
        (f"WASHINGTON, D.C., Dec. 3, 2021 (AP) — {STORY}", "2021-12-03"),
        (f"Kyiv, Ukraine – December 3, 2021 – {STORY}", "2021-12-03"),
        (f"3. Dezember 2021 - {STORY}", "2021-12-03"),
        (f"3 December 2021 – By the end of the day {STORY}", "2021-12-03"),
        (f"Le 3 décembre 2021 – {STORY}", "2021-12-03"),
        (f"A deck without a full stop\n\nBy Jane Doe\n\nDec 3, 2021: {STORY}", "2021-12-03"),
    ],
)
def test_dateline_dates_the_article_and_stays_in_its_sentence(text: str, published_at: str) -> None:
    assert dated(text) == Dated(published_at, "dateline", text)


@pytest.mark.parametrize(
    ("dateline", "published_at"),
    [
        ("Published: 2021-12-03 14:05 UTC", "2021-12-03T14:05:00Z"),
        ("2 March 2022 | By Jane Doe", "2022-03-02"),
        ("Posted on December 3, 2021 by admin", "2021-12-03"),
        ("Published Dec 3, 2021 at 2:05 p.m. EST | Updated Dec 4, 2021", "2021-12-03T19:05:00Z"),
        ("Friday 3 December 2021 12.50 GMT", "2021-12-03T12:50:00Z"),
        ("Publié le 3 décembre 2021 à 14:05", "2021-12-03T14:05:00Z"),
        ("2021年12月3日", "2021-12-03"),
    ],
)
def test_dateline_on_a_line_of_its_own_is_taken_out(dateline: str, published_at: str) -> None:
    assert dated(f"{dateline}\n\n{STORY}") == Dated(published_at, "dateline", STORY)


@pytest.mark.parametrize(
    "text",
    [
        "On 3 December 2021 the minister resigned.",
        "December 3, 2021, is a day to remember.",
        "Ministers met, 3 December 2021, in the capital.",
        f"{STORY}\n\nDec 3, 2021: {STORY}",
        f"Dec 3, 2021: {STORY}\n\nDec 5, 2021: {STORY}",
    ],
)
def test_date_that_the_story_tells_of_is_not_its_own(text: str) -> None:
    assert dated(text).found == "file"


def test_metadata_comes_before_the_dateline() -> None:
    known = dated(f"Dec 3, 2021: {STORY}", metadata="2021-12-04T08:00:00Z")
    assert (known.published_at, known.found) == ("2021-12-04T08:00:00Z", "metadata")


@pytest.mark.parametrize(
    "url",
    [
        "https://example.com/2021/12/03/story",
        "https://example.com/world/2021/dec/03/story",
        "https://example.com/news/20211203/story",
        "https://example.com/2021-12-03-story",
        "https://example.com/world/story-2021-12-03/",
        "https://example.com/story_20211203.html",
        "https://example.com/2021/december/03/story",
        "https://example.com/2021/1203/story.html",
        "https://example.com/2021-12/03/story.htm",
        "https://example.com/20211203120000/story",
        "https://archive.example/20230105120000/https://example.com/2021/12/03/story",
    ],
)
def test_url_dates_an_article_without_a_dateline(url: str) -> None:
    known = dated(STORY, url=url)
    assert (known.published_at, known.found) == ("2021-12-03", "url")


@pytest.mark.parametrize(
    "url",
    [
        "https://example.com/2021/13/03/story",
        "https://example.com/product/20191234",
        "https://example.com/the-2020-21-budget",
        "https://example.com/03-12-2021/story",
        "https://example.com/story?before=2021-12-03",
        "https://example.com/2021/mayors/12",
    ],
)
def test_numbers_in_a_url_that_are_no_date_date_nothing(url: str) -> None:
    assert dated(STORY, url=url).found == "file"


def test_day_of_the_file_is_the_last_resort() -> None:
    assert dated(STORY) == Dated("2022-05-20", "file", STORY)


def test_nothing_known_is_no_date() -> None:
    assert date_article(STORY, today=TODAY) == Dated(None, None, STORY)


def test_dateline_without_a_year_takes_the_last_such_day_before_the_file() -> None:
    known = dated(f"STOCKHOLM, Dec. 3 (Reuters) - {STORY}")
    assert (known.published_at, known.found) == ("2021-12-03", "file")
    assert known.notes == ("dateline 'Dec. 3' not taken: not one clear date with its year",)


@pytest.mark.parametrize(
    ("dateline", "published_at"),
    [
        ("Nov 19 (Reuters) - ", "2021-11-19"),
        ("Berlin, 19. Mai (dpa) – ", "2022-05-19"),
        ("PARIS, Feb. 29 (AP) — ", "2022-05-20"),
    ],
)
def test_dateline_without_a_year_is_read_in_several_languages(
    dateline: str, published_at: str
) -> None:
    assert dated(dateline + STORY).published_at == published_at


@pytest.mark.parametrize(
    "lines",
    [
        "Updated Dec 5, 2021 | Published Dec 3, 2021",
        "Published Dec 3, 2021\n\nUpdated Dec 5, 2021",
        "Updated Dec 5, 2021\n\nPublished Dec 3, 2021",
        "Last updated: December 5, 2021. First published: December 3, 2021",
        "Publié le 3 décembre 2021 - Mis à jour le 5 décembre 2021",
    ],
)
def test_first_publication_counts_and_not_a_later_change(lines: str) -> None:
    assert dated(f"{lines}\n\n{STORY}") == Dated("2021-12-03", "dateline", STORY)


def test_date_of_a_change_is_better_than_none() -> None:
    assert dated(f"Updated Dec 5, 2021\n\n{STORY}") == Dated("2021-12-05", "dateline", STORY)


def test_only_the_first_of_dates_that_head_their_entries_is_taken_out() -> None:
    entries = f"Dec 3, 2021\n\nThe first day\n\nDec 5, 2021\n\n{STORY}"
    assert dated(entries).text == entries.removeprefix("Dec 3, 2021\n\n")


def test_line_whose_date_reads_two_ways_stays_in_the_text() -> None:
    text = f"Issued on: 03/12/2021\n\n{STORY}"
    assert dated(text).text == text


def test_title_may_carry_the_dateline() -> None:
    assert dated(STORY, title="Dec 3, 2021 – Minister resigns").published_at == "2021-12-03"


@pytest.mark.parametrize(
    ("metadata", "doubt"),
    [
        ("2022-06-03", "in the future"),
        ("1850-01-01", "before 1900"),
        ("1970-01-01T00:00:00Z", "what a machine writes for no date"),
        ("last week", "not one clear date with its year"),
    ],
)
def test_doubtful_date_is_told_and_not_taken(metadata: str, doubt: str) -> None:
    known = dated(STORY, metadata=metadata)
    assert known.found == "file"
    assert known.notes == (f"published date '{metadata}' not taken: {doubt}",)


def test_date_of_tomorrow_is_taken_for_there_are_time_zones() -> None:
    assert dated(STORY, metadata="2022-06-02").found == "metadata"


DATES = st.dates().map(lambda day: day.strftime("%b %d, %Y"))


@given(
    text=st.one_of(TEXTS, DATES.map(lambda day: f"{day}: {STORY}"), DATES),
    metadata=st.one_of(st.none(), TEXTS, DATES, st.datetimes().map(str)),
    modified_at=st.one_of(st.none(), st.datetimes(timezones=st.just(UTC))),
)
def test_no_article_is_of_the_future(
    text: str, metadata: str | None, modified_at: datetime | None
) -> None:
    known = date_article(text, today=TODAY, metadata=metadata, modified_at=modified_at)
    assert known.published_at is None or "1900" <= known.published_at < "2022-06-03"
