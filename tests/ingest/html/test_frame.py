from dataclasses import replace

import pytest
from lxml.html import document_fromstring

from ingest.html.facts import PageFacts
from ingest.html.frame import remove_above_title, without_frame
from ingest.html.story import find_story

FACTS = PageFacts(
    title="Minister of finance resigns",
    author="Jane Q. Reporter, Joe Second",
    source=None,
    url=None,
    published_at="2021-12-03",
    updated_at=None,
    language=None,
)
STORY = [
    "The minister of finance resigned on Friday, a day after the coalition lost its majority.",
    "She will leave next week, she told reporters in the capital, and go back to teaching.",
    "Her deputy, who has been in parliament since 2011, takes over until a vote is held.",
]


def paragraphs(*texts: str) -> str:
    return "".join(f"<p>{text}</p>" for text in texts)


@pytest.mark.parametrize(
    "line",
    [
        "Jane Q. Reporter",
        "By Joe Second",
        "Interview by Jane Q. Reporter",
        "By Joe Second and Jane Q. Reporter | Staff writers",
        "3 December 2021",
    ],
)
def test_line_before_the_story_that_says_what_is_known_is_left_out(line: str) -> None:
    assert without_frame([line, *STORY], FACTS) == STORY


def test_date_that_nothing_else_tells_is_left_for_the_dating() -> None:
    undated = replace(FACTS, published_at=None)
    assert without_frame(["3 December 2021", *STORY], undated) == ["3 December 2021", *STORY]


@pytest.mark.parametrize(
    "note",
    [
        "Jane Q. Reporter covers foreign affairs.",
        "Joe Second is a reporter for the Example Tribune.",
        "Jane Q. Reporter has written on politics since 1999.",
    ],
)
def test_note_on_the_author_behind_the_story_is_left_out(note: str) -> None:
    assert without_frame([*STORY, note], FACTS) == STORY
    assert without_frame([note, *STORY, STORY[0]], FACTS)[0] == note


def test_story_of_its_author_stays_whole() -> None:
    story = [*STORY, "Jane Q. Reporter saw it all.", "Jane Austen is an example to her."]
    assert without_frame(story, FACTS) == story
    unended = [f"By Joe Second (EXAMPLE CITY) - {STORY[0][:-1]}", *STORY]
    assert without_frame(unended, FACTS) == unended


def test_what_stands_above_the_title_is_taken_off() -> None:
    page = document_fromstring(
        "<body><div>Breaking: Floods in the north</div><div><p>Politics</p>"
        f"<h1>Minister of finance resigns</h1>{paragraphs(*STORY)}</div></body>"
    )
    remove_above_title(page, "Minister of finance resigns | The Example")
    assert page.text_content() == "Minister of finance resigns" + "".join(STORY)


def test_title_of_two_lines_is_found_on_the_page() -> None:
    page = document_fromstring(
        f"<body><p>Floods in the north</p><h1>Minister of<br>finance resigns</h1>"
        f"{paragraphs(*STORY)}</body>"
    )
    remove_above_title(page, "Minister of finance resigns")
    assert "Floods" not in page.text_content()


@pytest.mark.parametrize("title", ["Minister of finance resigns", "Other", None])
def test_story_above_what_looks_like_its_title_stays(title: str | None) -> None:
    page = document_fromstring(
        f"<body>{paragraphs(*STORY)}<h2>Minister of finance resigns</h2><p>Comments</p></body>"
    )
    remove_above_title(page, title)
    assert all(text in page.text_content() for text in STORY)


def test_tags_at_the_end_are_no_part_of_the_story() -> None:
    tags = "<ul><li>Climate</li><li>Trade unions</li></ul>"
    page = document_fromstring(f"<body><article>{paragraphs(*STORY)}{tags}</article></body>")
    assert find_story(page) == STORY


@pytest.mark.parametrize(
    ("lead_in", "item"),
    [("The winners of the night are:", "Jane Doe"), (STORY[0], "Jane Doe, 45, of Example City")],
)
def test_list_that_belongs_to_the_story_stays(lead_in: str, item: str) -> None:
    items = f"<ul><li>{item}</li><li>{item} too</li></ul>"
    page = document_fromstring(
        f"<body><article>{paragraphs(*STORY, lead_in)}{items}</article></body>"
    )
    assert find_story(page)[-2:] == [item, f"{item} too"]


def test_bold_lead_in_a_box_of_its_own_is_kept() -> None:
    page = document_fromstring(
        f"<body><div><div><b>{STORY[0]}</b></div><div>{paragraphs(*STORY[1:])}</div></div></body>"
    )
    assert find_story(page) == STORY
