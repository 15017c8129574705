from collections.abc import Sequence

import pytest

from ingest.readers.page_edges import without_edges
from ingest.readers.printed import Line


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
