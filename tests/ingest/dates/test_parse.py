import sys
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ingest.dates.parse import day_of, parse_moment, to_iso
from tests.ingest.sample_texts import TEXTS


@pytest.mark.parametrize(
    ("written", "iso"),
    [
        ("2021-12-03", "2021-12-03"),
        ("2021-12-03T14:05:00Z", "2021-12-03T14:05:00Z"),
        ("2021-12-03 14:05 UTC", "2021-12-03T14:05:00Z"),
        ("2021-12-03T23:30:00-05:00", "2021-12-04T04:30:00Z"),
        ("2021-12-03T00:00:00Z", "2021-12-03"),
        ("1638540300", "2021-12-03T14:05:00Z"),
        ("1638540300.123", "2021-12-03T14:05:00Z"),
        ("Dec 3, 2021", "2021-12-03"),
        ("Sept. 3rd, 2021", "2021-09-03"),
        ("3 December 2021", "2021-12-03"),
        ("Fri, 03 Dec 2021 14:05:00 GMT", "2021-12-03T14:05:00Z"),
        ("Fri, 03 Dec 2021 14:05:00 -0500", "2021-12-03T19:05:00Z"),
        ("19-12-2025 23:05:00 pm", "2025-12-19T23:05:00Z"),
        ("Dec 3, 2021, 5:30 p.m. EST", "2021-12-03T22:30:00Z"),
        ("3 décembre 2021", "2021-12-03"),
        ("3. Dezember 2021", "2021-12-03"),
        ("3 декабря 2021", "2021-12-03"),
        ("2021年12月3日", "2021-12-03"),
        ("3.4.2021", "2021-04-03"),
        ("12/25/2021", "2021-12-25"),
        ("2021/12/03", "2021-12-03"),
        ("12/25/21", "2021-12-25"),
        ("3.12.98", "1998-12-03"),
        ("3 decembrie 2021", "2021-12-03"),
        ("3 ডিসেম্বর 2021", "2021-12-03"),
        ("3 декабря 2021 г.", "2021-12-03"),
        ("3. Dezember 2021, 14:05 Uhr", "2021-12-03T14:05:00Z"),
        ("3 décembre 2021 à 14 h 05", "2021-12-03T14:05:00Z"),
        ("3 Aralık 2021 Cuma, 14:05", "2021-12-03T14:05:00Z"),
        ("2021年12月3日 下午2:05", "2021-12-03T14:05:00Z"),
        ("2021年12月3日14時05分", "2021-12-03T14:05:00Z"),
        ("December 3, 20212:05 PM ET", "2021-12-03T19:05:00Z"),
    ],
)
def test_date_is_read_in_many_forms_and_languages(written: str, iso: str) -> None:
    moment = parse_moment(written)
    assert moment is not None
    assert to_iso(moment) == iso


@pytest.mark.parametrize(
    "written",
    [
        "",
        "yesterday",
        "Thursday",
        "December 2021",
        "2021",
        "Dec 3",
        "03/04/2021",
        "12/3/21",
        "25/12/21",
        "21-12-03",
        "3 December 2021 to 5 December 2021",
        "2021-13-45",
        "x" * 99,
    ],
)
def test_what_is_not_one_clear_date_is_none(written: str) -> None:
    assert parse_moment(written) is None


@pytest.mark.parametrize(
    ("written", "iso"),
    [
        ("3 Dec 2021 19:35 IST", "2021-12-03T14:05:00Z"),
        ("Dec 3, 2021, 2:05 p.m. ET", "2021-12-03T19:05:00Z"),
        ("July 3, 2021, 2:05 p.m. ET", "2021-07-03T18:05:00Z"),
        ("3 July 2021 14.05 BST", "2021-07-03T13:05:00Z"),
        ("3/12/2021, 14:05 (GMT+7)", None),
        ("13/12/2021, 14:05 (GMT+7)", "2021-12-13T07:05:00Z"),
    ],
)
def test_zone_is_the_one_that_readers_of_news_mean(written: str, iso: str | None) -> None:
    moment = parse_moment(written)
    assert (to_iso(moment) if moment else None) == iso


@pytest.mark.parametrize("zone", ["Z", "+02:00", "-05:00", "+14:00"])
def test_midnight_in_any_zone_is_a_day_without_a_time(zone: str) -> None:
    assert parse_moment(f"2021-12-03T00:00:00{zone}") == date(2021, 12, 3)


@pytest.mark.parametrize("written", ["Dec 3, 2021", "Fri, 03 Dec 2021 14:05:00 GMT", "03/04/2021"])
def test_plain_date_waits_for_no_other_reader(
    written: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "dateparser", None)
    parse_moment(written)


@given(st.one_of(TEXTS, st.integers().map(str), st.datetimes().map(str)))
def test_any_string_gives_a_day_or_none(written: str) -> None:
    moment = parse_moment(written)
    assert moment is None or len(day_of(moment).isoformat()) == 10
