"""The main text of a page: what a reader sees as one line or paragraph, word for word."""

import pytest
from lxml.html import document_fromstring

from ingest.html.extract import extract_paragraphs

STORY = [
    "The minister of finance resigned on Friday, a day after the coalition lost its majority.",
    "She will leave next week, she told reporters in the capital, and go back to teaching.",
    "Her deputy, who has been in parliament since 2011, takes over until a vote is held.",
    "“I have no regrets,” she said.",
    "The opposition has asked for an election, which the coalition does not want before spring.",
    "A vote on the budget, which was planned for this week, has been put off for a month.",
]
OTHER = "A river burst its banks in the north, and two hundred people had to leave their houses."


def extracted(html: str) -> list[str]:
    return extract_paragraphs(document_fromstring(f"<html><body>{html}</body></html>"))


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
        "<table><tr><td>%</td></tr></table>",
    ],
)
def test_each_paragraph_is_one(kind: str) -> None:
    assert extracted(f"<div class='body'>{paragraphs(*STORY, kind=kind)}</div>") == STORY


@pytest.mark.parametrize(
    "other",
    [
        f"<nav>{OTHER}</nav>",
        f"<aside><h4>Background</h4><p>{OTHER}</p></aside>",
        f"<figure><img src='x.jpg'><figcaption>{OTHER}</figcaption></figure>",
        f"<div class='related'><a href='/x'><h3>The river rises</h3><p>{OTHER}</p></a></div>",
        f"<div id='comments'><p>{OTHER}</p></div>",
        "<div class='newsletter'><p>Sign up</p><button>Join</button></div>",
    ],
)
def test_boilerplate_between_paragraphs_is_left_out(other: str) -> None:
    page = f"<article>{paragraphs(*STORY[:3])}{other}{paragraphs(*STORY[3:])}</article>"
    assert extracted(page) == STORY


@pytest.mark.parametrize(
    ("html", "expected"),
    [
        ("<p>She <b>left</b> at <time>6pm</time>, by train.</p>", "She left at 6pm, by train."),
        ("<p>He said <q>no</q>, and left.</p>", "He said “no”, and left."),
        ("<p><del>40</del> <ins>42</ins> million were paid.</p>", "42 million were paid."),
        ("<p>Two reporters<sup>[1]</sup> left.</p>", "Two reporters left."),
        ("<p>A field of 10<sup>6</sup> stars.</p>", "A field of 106 stars."),
        ("<p>Press <button>the button</button> twice.</p>", "Press the button twice."),
        ("<blockquote><p>It is over.</p></blockquote>", "It is over."),
        ("<ul><li>It is over.</li></ul>", "It is over."),
        ("<p>[pullquote]It is over.[/pullquote]</p><p>She left.</p>", "She left."),
    ],
)
def test_paragraph_holds_the_words_that_stand_together(html: str, expected: str) -> None:
    page = f"<article>{paragraphs(*STORY[:3])}{html}{paragraphs(*STORY[3:])}</article>"
    assert extracted(page) == [*STORY[:3], expected, *STORY[3:]]


def test_row_of_a_table_is_one_paragraph() -> None:
    table = "<table><tr><th>Party</th><th>Seats</th></tr><tr><td>North</td><td>12</td></tr></table>"
    found = extracted(f"<article>{paragraphs(*STORY)}{table}</article>")
    assert found == [*STORY, "Party | Seats", "North | 12"]


def test_story_that_precision_mode_loses_is_kept() -> None:
    page = f"<article><header>{paragraphs(*STORY)}</header><p>{OTHER}</p></article>"
    assert extracted(page) == [*STORY, OTHER]


def test_flash_of_a_few_words_is_a_story_too() -> None:
    assert extracted("<article><h1>Quake</h1><p>A quake hit the coast.</p></article>") != []


def test_page_without_text_has_no_story() -> None:
    assert extracted("<div><img src='x.jpg'></div>") == []
