import pytest

from ingest.readers.printed import Line, join_pages


def lines(*texts: str, size: float = 10) -> list[Line]:
    return [Line(text, size) for text in texts]


@pytest.mark.parametrize(
    ("above", "below", "joined"),
    [
        ("a majority in the coali-", "tion, they said", "coalition, "),
        ("a majority in the coali\xad", "tion, they said", "coalition, "),
        ("a majority in the coali\u2010", "tion, they said", "coalition, "),
        ("it was said by the Franco-", "German firm", "Franco-German firm"),
        ("it was said by the Franco\xad", "German firm", "Franco-German firm"),
        ("it was so in the years 1990-", "2000, they said", "1990-2000, "),
        ("it was closed for an 18-", "month repair", "18-month repair"),
        ("a long-term plan and a long-", "term goal", "a long-term goal"),
        ("CITY COUNCIL: VOTE OF THE COUN-", "CIL IN SPRING", "THE COUNCIL IN"),
        ("they speak of the long-", "and short-term goals", "long- and short-term"),
        ("議会は火曜日に古い橋を閉", "鎖すると決めた", "橋を閉鎖すると"),
        ("she had left early -", "which nobody saw", "early - which"),
    ],
)
def test_words_broken_between_lines_are_whole(above: str, below: str, joined: str) -> None:
    assert joined in join_pages([lines(above, below)])


PROSE = (
    "The council voted on Tuesday to close the bridge over the river",
    "for repairs that will last a year, after a report by engineers.",
)


@pytest.mark.parametrize(
    "heading",
    ["City closes bridge", "30 November 2021", "“We waited”: a bridge", "By Jane Doe", "東京の橋"],
)
def test_short_line_above_prose_stands_alone(heading: str) -> None:
    assert join_pages([lines(heading, *PROSE)]) == f"{heading}\n\n{' '.join(PROSE)}"


def test_letters_of_another_size_begin_another_paragraph() -> None:
    headline = lines("Council votes to close the old bridge over", "the river for a year", size=14)
    page = [*headline, *lines(*PROSE), *lines("Photo: the old bridge over the river", size=8)]
    assert join_pages([page]).split("\n\n") == [
        "Council votes to close the old bridge over the river for a year",
        " ".join(PROSE),
        "Photo: the old bridge over the river",
    ]


def test_sentence_goes_on_in_letters_of_nearly_the_same_size() -> None:
    path = Line("usr/share/mime/text, usr/local/share/mime and usr/lib", 9)
    page = [*lines("It looks for files with the ending of a page, one by one, in"), path]
    assert "\n" not in join_pages([page])


def test_number_that_a_sentence_goes_on_with_is_no_item() -> None:
    page = lines(
        "It was closed after a vote that the opposition lost by a margin of", "14. So be it"
    )
    assert "a margin of 14. So be it" in join_pages([page])


def test_items_of_a_list_stand_alone() -> None:
    items = ("1. The council votes on the bridge over the river", "2. The council goes home")
    assert join_pages([lines(*items)]).split("\n\n") == list(items)


def test_mark_of_a_footnote_is_left_out_of_its_sentence() -> None:
    page = [*lines("The council closed the bridge"), Line("12", 6), *lines("over the river.")]
    assert join_pages([page]) == "The council closed the bridge over the river."
    year = [*lines("It was built in"), Line("1986", 6), *lines("and closed in 2021.")]
    assert "1986" in join_pages([year])


def test_pages_without_lines_are_no_text() -> None:
    assert join_pages([[], lines("")]) == ""
