"""The story of a page, told by how the page is built."""

import pytest
from lxml.html import document_fromstring

from ingest.html.story import find_story

STORY = [
    "The minister of finance resigned on Friday, a day after the coalition lost its majority.",
    "She will leave next week, she told reporters in the capital, and go back to teaching.",
    "Her deputy, who has been in parliament since 2011, takes over until a vote is held.",
    "“I have no regrets,” she said.",
    "The opposition has asked for an election, which the coalition does not want before spring.",
    "A vote on the budget, which was planned for this week, has been put off for a month.",
]
OTHER = "A river burst its banks in the north, and two hundred people had to leave their houses."


def story(html: str, title: str | None = None) -> list[str]:
    return find_story(document_fromstring(f"<html><body>{html}</body></html>"), title)


def paragraphs(*texts: str, kind: str = "<p>%</p>") -> str:
    return "".join(kind.replace("%", text) for text in texts)


@pytest.mark.parametrize(
    "kind",
    [
        "<p>%</p>",
        "<p class='css-1a2b3c'>%</p>",
        "<div class='mt-6'><span>%</span></div>",
        "%<br><br>",
        "<section class='block'><div class='text'><p>%</p></div></section>",
        "<div class='para para--12'><p>%</p></div>",
    ],
)
def test_story_is_what_is_built_alike(kind: str) -> None:
    before = f"<div class='top'><h1>Minister resigns</h1><div>3 December</div><p>{OTHER}</p></div>"
    after = f"<div class='foot'><h4>The river</h4><p>{OTHER}</p><p>Read it now</p></div>"
    page = f"<div>{before}<div class='body'>{paragraphs(*STORY, kind=kind)}</div>{after}</div>"
    found = story(page, "Minister resigns")
    assert [text for text in found if text != OTHER] == STORY
    assert found[-1] == STORY[-1]


@pytest.mark.parametrize(
    "aside",
    [
        f"<div class='box'><h4>Background</h4><p>{OTHER}</p></div>",
        f"<div class='card'><a href='/x'><h3>The river rises</h3><p>{OTHER}</p></a></div>",
        f"<div class='photo'><img src='x.jpg'><p>{OTHER}</p></div>",
        f"<div class='poll'><p>{OTHER}</p><ul><li>Yes</li></ul><button>Vote</button></div>",
        f"<figure><img src='x.jpg'><p>{OTHER}</p></figure>",
        "<div><span>Advertisement</span></div>",
        "<div class='stat'><b>61%</b><span>Possession</span></div>",
        "<p><a href='/x'>Also read: The river rises</a></p>",
    ],
)
def test_aside_between_paragraphs_is_left_out(aside: str) -> None:
    page = f"<div>{paragraphs(*STORY[:3])}{aside}{paragraphs(*STORY[3:])}</div>"
    assert story(page) == STORY


@pytest.mark.parametrize(
    "part",
    [
        "<blockquote><p>%</p></blockquote>",
        "<div class='after-ad'><p>%</p></div>",
        "<p class='drop'>%</p>",
        "<div class='locked'><p>%</p></div>",
    ],
)
@pytest.mark.parametrize("at", range(3))
def test_paragraph_in_a_box_of_its_own_stays(part: str, at: int) -> None:
    told = [STORY[0], STORY[1], STORY[4], STORY[5]]
    pieces = [paragraphs(text) for text in told]
    pieces[at] = part.replace("%", told[at])
    assert story(f"<h1>Minister resigns</h1><div>{''.join(pieces)}</div>") == told


def test_list_in_the_story_stays_and_one_that_sums_it_up_above_goes() -> None:
    points = f"<ul><li>{OTHER}</li></ul>"
    page = f"<div>{points}{paragraphs(*STORY[:3])}<ul><li>Free text</li></ul>"
    assert story(f"{page}{paragraphs(*STORY[3:])}</div>") == [*STORY[:3], "Free text", *STORY[3:]]


def test_heading_between_paragraphs_stays_and_one_behind_them_goes() -> None:
    page = (
        f"<div>{paragraphs(*STORY[:3])}<h2>No regrets</h2>{paragraphs(*STORY[3:])}"
        "<h2>More stories</h2></div>"
    )
    assert story(page) == [*STORY[:3], "No regrets", *STORY[3:]]


def test_story_whose_paragraph_was_ended_by_a_box_is_whole() -> None:
    page = (
        f"<div><p id='body'>{STORY[0]}<br>{STORY[1]}<br>{STORY[2]}<div class='ad'>Ad</div>"
        f"{STORY[4]}<br>{STORY[5]}</div>"
    )
    assert story(page) == [*STORY[:3], *STORY[4:]]


def test_sections_with_headings_of_their_own_are_one_story() -> None:
    page = "".join(
        f"<section><h2>Part {number}</h2><p>{one}</p><p>{two}</p></section>"
        for number, (one, two) in enumerate(zip(STORY[::2], STORY[1::2], strict=True))
    )
    assert [text for text in story(f"<div>{page}</div>") if "Part" not in text] == STORY


def test_long_comments_do_not_take_the_place_of_the_story() -> None:
    comments = "".join(f"<div class='cmt'><b>anna</b><p>{OTHER}</p></div>" for _ in range(4))
    page = f"<h1>Minister resigns</h1><div class='body'>{paragraphs(*STORY)}</div>{comments}"
    assert story(page, "Minister resigns") == STORY


def test_flash_of_a_few_words_is_a_story_too() -> None:
    assert story("<article><h1>Quake</h1><p>A quake hit the coast.</p></article>") != []
