import pytest
from hypothesis import given

from ingest.dates.find import find_dateline, find_datelines, is_dateline
from tests.ingest.sample_texts import TEXTS

STORY = "The minister resigned on Monday after a long crisis, officials said."


@pytest.mark.parametrize(
    ("line", "written"),
    [
        ("December 3, 2021", "December 3, 2021"),
        ("By Jane Doe and John Roe, 3 December 2021", "3 December 2021"),
        ("Jane Doe, Political editor, 3 December 2021", "3 December 2021"),
        ("Jane Doe • Dec 3, 2021 • 5 min read", "Dec 3, 2021"),
        ("2:05 PM ET, Dec 3, 2021", "2:05 PM ET, Dec 3, 2021"),
        ("14:05, 3 December 2021", "14:05, 3 December 2021"),
        ("FOR IMMEDIATE RELEASE: December 3, 2021", "December 3, 2021"),
        ("Press release | 3 December 2021", "3 December 2021"),
        ("Stand: 03.12.2021 14:05 Uhr", "03.12.2021 14:05 Uhr"),
        ("Issued on: 03/12/2021 - 14:05", "03/12/2021 - 14:05"),
        ("Par Jean Dupont, le 3 décembre 2021 à 14h05", "3 décembre 2021 à 14h05"),
        ("03 Dicembre 2021 alle 14:05", "03 Dicembre 2021 alle 14:05"),
        ("3 december 2021 om 14:05", "3 december 2021 om 14:05"),
        ("3 Aralık 2021 Cuma, 14:05", "3 Aralık 2021 Cuma, 14:05"),
        ("2021年12月3日（金）", "2021年12月3日"),
        ("2021年12月3日 星期五", "2021年12月3日"),
    ],
)
def test_line_of_a_date_and_what_goes_with_it_is_a_dateline(line: str, written: str) -> None:
    assert is_dateline(line)
    dateline = find_dateline(f"{line}\n\n{STORY}")
    assert dateline is not None
    assert dateline.written == written


@pytest.mark.parametrize(
    "line",
    [
        "What we know about the 3 December 2021 attack",
        "Photos of the Week: December 3, 2021",
        "Minister resigns, 3 December 2021",
        "Minister resigns after weeks of pressure | 3 December 2021",
        "Fire at School, 3 December 2021",
        "Meeting on 3 December 2021",
        "Die Lage am 3. Dezember 2021",
        "Top 10 Films 2021",
        "Born 3 December 1921",
        "May 3, 2021 – May 5, 2021",
        "Version 3.12.21",
        "财政部长因压力辞职引发市场震动 2021年12月3日",
        STORY,
    ],
)
def test_headline_with_a_date_is_no_dateline(line: str) -> None:
    assert not is_dateline(line)


@pytest.mark.parametrize(
    ("head", "written"),
    [
        ("WASHINGTON (AP) — Dec. 3, 2021 — ", "Dec. 3, 2021"),
        ("(ANSA) - ROMA, 3 DIC 2021 - ", "3 DIC 2021"),
        ("Berlin (dpa), 3.12.2021 - ", "3.12.2021"),
        ("Madrid, 3 dic. 2021 (EFE).- ", "3 dic. 2021"),
        ("New Delhi, Dec 3, 2021 (PTI) ", "Dec 3, 2021"),
        ("NEW YORK--(BUSINESS WIRE)--Dec 3, 2021--", "Dec 3, 2021"),
        ("GENEVA/NEW YORK, 3 December 2021 - ", "3 December 2021"),
        ("(서울=연합뉴스) 2021년 12월 3일 - ", "2021년 12월 3일"),
        ("Nov 19 (Reuters) - ", "Nov 19"),
        ("Berlin, 19. November (dpa) – ", "19. November"),
        ("Madrid, 19 nov (EFE).- ", "19 nov"),
    ],
)
def test_dateline_of_a_wire_heads_the_story(head: str, written: str) -> None:
    dateline = find_dateline(head + STORY)
    assert dateline is not None
    assert (dateline.written, dateline.alone) == (written, False)


@pytest.mark.parametrize(
    "text",
    [
        "Ministers met 3 December 2021 – and agreed on little.",
        "Since 3 December 2021: nothing new has come to light.",
        "May 8, 1945 — a date that Europe remembers.",
        "Born 3 December 1921 – died 4 May 2020.",
        "Smith, 3 December 1921 – 4 May 2020, was a poet.",
        "Paris, December 3, 1944. The bells rang all day.",
        "As of 21 February 2016[update] the film has earned millions.",
        "May 5 – a day off for everybody in the office.",
        "Berlin, 19 Menschen (dpa) – so many were hurt.",
    ],
)
def test_date_in_a_sentence_is_no_dateline(text: str) -> None:
    assert find_dateline(text) is None


@given(TEXTS)
def test_dateline_stands_in_the_text(text: str) -> None:
    for dateline in find_datelines(text):
        assert dateline.written in text[dateline.start : dateline.end]
