from collections.abc import Sequence

import pytest

from ingest.readers.pdf import Line, join_pages, without_edges


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


def test_pages_without_lines_are_no_text() -> None:
    assert join_pages([[], lines("")]) == ""


def own(*pages: Sequence[str]) -> list[list[str]]:
    kept = without_edges([[Line(text, 10) for text in page] for page in pages])
    return [[line.text for line in page] for page in kept]


HEAD, FOOT = "The Daily News – Monday edition", "Main Street 1, 8000 Zurich"


@pytest.mark.parametrize(
    "pages",
    [
        ([HEAD, "a b", FOOT], [HEAD, "c d", FOOT]),
        ([HEAD, "", "1", FOOT, "a b"], [HEAD, "", "2", FOOT, "c d"]),
        (["a b", "– 14 –"], ["c d", "– 15 –"]),
        (["a b", "14 | News"], ["c d", "News | 15"], ["16 | News"], ["News | 17"]),
        (["a b", "Page 1 of 9"], ["c d", "seite 2"]),
        (["1/2", "a b"], ["2/2", "c d"]),
    ],
)
def test_numbers_heads_and_feet_are_left_out(pages: list[list[str]]) -> None:
    assert [page for page in own(*pages) if page] == [["a b"], ["c d"]]


@pytest.mark.parametrize(
    "pages",
    [
        (["It passed with 31 votes to", "14."],),
        (["The bridge stays closed until", "2023", "It was said."], ["It was built in", "1986."]),
        (["The number of votes was", "1"],),
        (["Labour 45", "Greens 7"], ["Labour 12", "Greens 98"]),
        (["45", "17"], ["12", "98"]),
        (["See the report, p. 14"], ["It goes on."]),
        ([str(line) + " one" for line in range(9)],) * 2,
        (["one"], ["one"]),
    ],
)
def test_lines_of_the_story_stay(pages: list[list[str]]) -> None:
    assert own(*pages) == list(map(list, pages))


def test_only_page_loses_its_number_behind_a_sentence() -> None:
    assert own(["She left.", "1"]) == [["She left."]]
    assert own([HEAD, "1", "Page 1 of 4", "She left."]) == [[HEAD, "She left."]]


def test_headline_stays_where_it_returns_in_small_letters() -> None:
    headline = Line("City closes bridge", 24)
    head = Line("City closes bridge", 8)
    first, second = Line("She left.", 10), Line("She came.", 10)
    assert without_edges([[headline, first], [head, second], [head]])[:2] == [
        [headline, first],
        [second],
    ]


def test_sentence_goes_on_over_the_gaps_around_heads() -> None:
    assert own([HEAD, "", "She left", "", "1"], [HEAD, "", "early.", "2"]) == [
        ["She left"],
        ["early."],
    ]
