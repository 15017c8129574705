import pytest
from hypothesis import given
from hypothesis import strategies as st

from ingest.moments import day_of, parse_moment, to_iso
from tests.ingest.texts import TEXTS


@pytest.mark.parametrize(
    ("written", "iso"),
    [
        ("2021-12-03", "2021-12-03"),
        ("2021-12-03T14:05:00Z", "2021-12-03T14:05:00Z"),
        ("2021-12-03 14:05 UTC", "2021-12-03T14:05:00Z"),
        ("2021-12-03T23:30:00-05:00", "2021-12-04T04:30:00Z"),
        ("2021-12-03T00:00:00Z", "2021-12-03"),
        ("1638540300", "2021-12-03T14:05:00Z"),
        ("Dec 3, 2021", "2021-12-03"),
        ("Sept. 3rd, 2021", "2021-09-03"),
        ("3 December 2021", "2021-12-03"),
        ("Fri, 03 Dec 2021 14:05:00 GMT", "2021-12-03T14:05:00Z"),
        ("Dec 3, 2021, 5:30 p.m. EST", "2021-12-03T22:30:00Z"),
        ("3 décembre 2021", "2021-12-03"),
        ("3. Dezember 2021", "2021-12-03"),
        ("3 декабря 2021", "2021-12-03"),
        ("2021年12月3日", "2021-12-03"),
        ("3.4.2021", "2021-04-03"),
        ("12/25/2021", "2021-12-25"),
        ("2021/12/03", "2021-12-03"),
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
        "2021-13-45",
        "x" * 99,
    ],
)
def test_what_is_not_one_clear_date_is_none(written: str) -> None:
    assert parse_moment(written) is None


@given(st.one_of(TEXTS, st.integers().map(str), st.datetimes().map(str)))
def test_any_string_gives_a_day_or_none(written: str) -> None:
    moment = parse_moment(written)
    assert moment is None or len(day_of(moment).isoformat()) == 10
