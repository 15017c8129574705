"""What is said beside an answer."""

from dataclasses import replace

from bot.answers import Answer, Citation, Dates, Sentence
from bot.remarks import remarks


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


def test_older_articles_are_shown_as_earlier() -> None:
    days = (cited(1, "2021-12-03T10:00:00Z"), cited(2, "2021-04-20"), cited(3, None))
    answer = replace(ANSWER, citations=days)
    assert remarks(answer) == ("Earlier than the newest: [2] of 20 April 2021.",)


def test_dates_taken_from_the_question_are_told_and_so_is_letting_them_go() -> None:
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
