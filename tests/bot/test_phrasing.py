"""Dates in words, and the remarks beside an answer."""

from dataclasses import replace

import pytest

from bot.answers import Answer, Citation, Dates, Sentence
from bot.phrasing import remarks, written_period


def cited(number: int, published_at: str | None) -> Citation:
    return Citation(number, "It rained.", "T", "wire", None, published_at, "a", "a:1:0", 0, 10)


ANSWER = Answer(
    "Did it rain?",
    "Did it rain?",
    found=True,
    mode="quoted",
    sentences=(Sentence("It rained.", (1,)),),
    citations=(cited(1, "2021-12-03"),),
)
DECEMBER = Dates("2021-12-01", "2021-12-31", newest_first=False, phrase="in December 2021")


def test_most_answers_need_no_remark() -> None:
    assert remarks(ANSWER) == ()


def test_older_articles_are_named() -> None:
    days = (cited(1, "2021-12-03T10:00:00Z"), cited(2, "2021-04-20"), cited(3, None))
    answer = replace(ANSWER, citations=days)
    assert remarks(answer) == ("Older articles: [2] from 20 April 2021.",)


def test_dates_taken_from_the_question_and_letting_them_go_are_mentioned() -> None:
    kept = replace(ANSWER, dates=DECEMBER)
    assert remarks(kept) == (
        "Only what was published 1 to 31 December 2021 was searched (“in December 2021”).",
    )
    dropped = replace(ANSWER, dates=replace(DECEMBER, kept=False))
    assert remarks(dropped) == (
        "Nothing published 1 to 31 December 2021 answers this: all dates were searched.",
    )
    assert remarks(replace(dropped, found=False)) == ()
    newest = replace(ANSWER, dates=Dates(None, None, newest_first=True, phrase="latest"))
    assert remarks(newest) == ("The newest comes first (“latest”).",)


def test_note_comes_first() -> None:
    answer = replace(ANSWER, note="It is quoted.", dates=DECEMBER)
    assert remarks(answer)[0] == "It is quoted."


@pytest.mark.parametrize(
    ("since", "until", "words"),
    [
        ("2021-12-01", "2021-12-31", "1 to 31 December 2021"),
        ("2021-03-01", "2021-05-31", "1 March to 31 May 2021"),
        ("2020-12-28", "2021-01-03", "28 December 2020 to 3 January 2021"),
        ("2021-12-03", "2021-12-03", "3 December 2021"),
        ("2021-06-16", None, "since 16 June 2021"),
        (None, "2021-12-02", "until 2 December 2021"),
        (None, None, ""),
    ],
)
def test_date_range_in_words(since: str | None, until: str | None, words: str) -> None:
    assert written_period(since, until) == words
