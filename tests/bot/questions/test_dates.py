"""Dates in questions: which words name a date range, and which only look like one."""

import subprocess
import sys
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.answers import Dates
from bot.questions.dates import dates_in

TUESDAY = date(2026, 11, 24)


def days(question: str, *, newest: str | None = None) -> tuple[str | None, str | None] | None:
    dates = dates_in(question, today=TUESDAY, newest=newest)
    return (dates.since, dates.until) if dates else None


@pytest.mark.parametrize(
    ("question", "since", "until"),
    [
        ("What did Blinken say yesterday?", "2026-11-23", "2026-11-23"),
        ("What happened today?", "2026-11-24", "2026-11-24"),
        ("what was announced at yesterday's summit", "2026-11-23", "2026-11-23"),
        ("What did the council decide last week?", "2026-11-16", "2026-11-22"),
        ("Who resigned this week?", "2026-11-23", "2026-11-24"),
        ("Which banks failed this month?", "2026-11-01", "2026-11-24"),
        ("Which banks failed last month?", "2026-10-01", "2026-10-31"),
        ("How many storms were there so far this year?", "2026-01-01", "2026-11-24"),
        ("How many storms were there last year?", "2025-01-01", "2025-12-31"),
        ("What changed in the last 10 days?", "2026-11-14", "2026-11-24"),
        ("What changed over the past two weeks?", "2026-11-10", "2026-11-24"),
        ("What changed in the past month?", "2026-10-24", "2026-11-24"),
        ("What did the bank say three days ago?", "2026-11-21", "2026-11-21"),
        ("What did the bank say a year ago?", "2025-01-01", "2025-12-31"),
        ("What was reported last night?", "2026-11-23", "2026-11-24"),
        ("Who was arrested over the weekend?", "2026-11-21", "2026-11-22"),
        ("Which banks failed since the start of the year?", "2026-01-01", None),
        ("Who met in the week of 3 December 2021?", "2021-11-29", "2021-12-05"),
        ("Who met in May or June 2021?", "2021-05-01", "2021-06-30"),
        ("What did Putin say on Monday?", "2026-11-23", "2026-11-23"),
        ("What did Putin say on Tuesday?", "2026-11-24", "2026-11-24"),
        ("What did Putin say last Tuesday night?", "2026-11-17", "2026-11-17"),
        ("What did Putin say on Thursday evening?", "2026-11-19", "2026-11-19"),
        ("What has been said since Friday?", "2026-11-20", None),
        ("Who met in Stockholm in December 2021?", "2021-12-01", "2021-12-31"),
        ("In Dec. 2021, who met in Stockholm?", "2021-12-01", "2021-12-31"),
        ("who met in stockholm in early december 2021", "2021-12-01", "2021-12-31"),
        ("Who won in 2014?", "2014-01-01", "2014-12-31"),
        ("In 2014 who won?", "2014-01-01", "2014-12-31"),
        ("Who won in 2012 and 2014?", "2012-01-01", "2014-12-31"),
        ("What did he publish in the 1960s?", "1960-01-01", "1969-12-31"),
        ("What was said between March and May 2021?", "2021-03-01", "2021-05-31"),
        ("What was said between November and March 2021?", "2020-11-01", "2021-03-31"),
        ("What was said between 3 and 5 December 2021?", "2021-12-03", "2021-12-05"),
        ("What was said from 2012 to 2014?", "2012-01-01", "2014-12-31"),
        ("What was said from Monday to today?", "2026-11-23", "2026-11-24"),
        ("What was said from 3 May 2021 onwards?", "2021-05-03", None),
        ("Articles from December 2021 on Ukraine?", "2021-12-01", "2021-12-31"),
        ("What was said since the Geneva summit on 16 June?", "2026-06-16", None),
        ("What was said after the Geneva summit on 16 June 2021?", "2021-06-16", None),
        ("What was said after 16 June 2021?", "2021-06-17", None),
        ("What was said before December 3rd, 2021?", None, "2021-12-02"),
        ("What was said before March?", None, "2026-02-28"),
        ("What was known until 3 December 2021?", None, "2021-12-03"),
        ("Who had fled by the end of 2021?", None, "2021-12-31"),
        ("What did Lavrov say on 3 December?", "2025-12-03", "2025-12-03"),
        ("What did Lavrov say on the 2021-12-03?", "2021-12-03", "2021-12-03"),
        ("What did Lavrov say on 13/12/2021?", "2021-12-13", "2021-12-13"),
        ("What did Lavrov say 3 December 2021?", "2021-12-03", "2021-12-03"),
        ("What happened on 29 February?", "2024-02-29", "2024-02-29"),
        ("What happened in January?", "2026-01-01", "2026-01-31"),
        ("What happened last December?", "2025-12-01", "2025-12-31"),
    ],
)
def test_date_is_taken_from_the_question(
    question: str, since: str | None, until: str | None
) -> None:
    assert days(question) == (since, until)


@pytest.mark.parametrize(
    "question",
    [
        "What sanctions were threatened?",
        "Who is Winston in 1984's novel?",
        "Who won the 2014 World Cup?",
        "Who scored in 2014 World Cup qualifiers?",
        "Who attacked the Capitol in the January 6 riot?",
        "What did the 6 January committee find?",
        "Who was the last king of France?",
        "What is the president's last name?",
        "When was the last time they met?",
        "What happened in the last week of the war?",
        "Who ruled at the start of the year 800?",
        "How may citizens march for peace?",
        "What may 5 people decide?",
        "Who will march in Paris?",
        "Did Theresa May resign before May took a vote?",
        "Who wrote the letter by May?",
        "Who plays in August Osage County?",
        "What can be done with 2000 troops?",
        "Who lost in 2000 duels?",
        "Where was the cotton gin invented and where is it used today?",
        "What is planned for 2030?",
        "What will happen in 2030?",
        "How much will it have cost by 2050?",
        "Where was he born in 1984?",
        "What happened on 31 February 2021?",
        "What happened on 03/04/2021?",
        "Is the flight in 2021-22 or later?",
        "Who owns the Sunday Times?",
        "Who reads the news on Sunday Times?",
        "How often do they meet at the latest possible hour?",
        "Must I pay at the latest when it is due?",
        "",
        "?",
    ],
)
def test_what_only_looks_like_a_date_is_none(question: str) -> None:
    assert dates_in(question, today=TUESDAY) is None


@pytest.mark.parametrize(
    "question",
    [
        "What is the latest on Ukraine?",
        "the most recent strike",
        "newest figures on inflation",
        "What has Putin said recently?",
    ],
)
def test_latest_asks_for_the_newest_first(question: str) -> None:
    dates = dates_in(question, today=TUESDAY)
    assert dates is not None
    assert (dates.newest_first, dates.since, dates.until) == (True, None, None)
    assert dates.phrase in question


def test_latest_of_a_month_is_both() -> None:
    dates = dates_in("What was the latest toll in May 2021?", today=TUESDAY)
    assert dates == Dates("2021-05-01", "2021-05-31", True, "in May 2021")


@pytest.mark.parametrize("newest", ["2021-12-03", "2021-12-03T18:00:00Z"])
def test_day_without_a_year_is_the_latest_the_archive_may_know(newest: str) -> None:
    assert days("What was said since the summit on 16 June?", newest=newest) == ("2021-06-16", None)
    assert days("What was said on 16 December?", newest=newest) == ("2020-12-16", "2020-12-16")
    assert days("What was said last week?", newest=newest) == ("2026-11-16", "2026-11-22")


WORDS = st.sampled_from(
    """in on since before after until between and from to the last this past may march december
    monday week month year years days ago 3 31 2 29 2021 2014 9999 1900 2021-02-30 12/13/2021 today
    yesterday latest so far Geneva summit of early february 0 00 , ? 's - ten 999""".split()
)


@given(
    st.lists(WORDS, max_size=12).map(" ".join) | st.text(max_size=60),
    st.just(TUESDAY) | st.sampled_from([date.min, date.max, date(2000, 2, 29)]),
)
def test_any_words_give_an_ordered_period_or_none(question: str, today: date) -> None:
    dates = dates_in(question, today=today)
    if dates is None:
        return
    assert dates.phrase in question
    assert dates.newest_first or dates.since or dates.until
    if dates.since:
        assert date.fromisoformat(dates.since) <= today
        assert dates.since <= (dates.until or "9999-12-31")


def test_long_question_is_read_quickly_and_in_part() -> None:
    long = "between March and " * 3_000
    assert dates_in(long + "in 2014", today=TUESDAY) is None
    near = TUESDAY - timedelta(days=1)
    assert days(f"yesterday {long}") == (near.isoformat(), near.isoformat())


def test_plain_english_dates_are_read_without_the_slow_library() -> None:
    script = """
import sys
from datetime import date
from bot.questions.dates import dates_in
assert dates_in("What sanctions were threatened?", today=date(2026, 11, 24)) is None
assert "ingest.dates.parse" not in sys.modules
assert dates_in("What was said on 3 December 2021?", today=date(2026, 11, 24))
assert dates_in("What was said between March and last week?", today=date(2026, 11, 24))
assert "dateparser" not in sys.modules
"""
    subprocess.run([sys.executable, "-c", script], check=True)
