import re
import textwrap
from pathlib import Path

import pytest
from hypothesis import given

from ingest.drafts import Draft, Reading, SourceFailure
from ingest.files import SourceFile
from ingest.readers.formats import read_source
from ingest.readers.markdown import to_plain
from ingest.sources import find_sources
from tests.ingest.sample_texts import TEXTS


def read(path: Path, text: str) -> Reading:
    path.write_bytes(textwrap.dedent(text).lstrip().encode())
    (file,) = find_sources([str(path)])
    assert isinstance(file, SourceFile)
    (reading,) = read_source(file)
    return reading


def test_front_matter_says_what_the_article_is(tmp_path: Path) -> None:
    draft = read(
        tmp_path / "a.md",
        """
        ---
        title: "Minister: I resign"
        date: 2021-12-03
        source: The Example
        url: https://Example.com/a#top
        tags: [a, b]
        ---
        The minister resigned.
        """,
    )
    assert isinstance(draft, Draft)
    assert draft.title == "Minister: I resign"
    assert draft.text == "The minister resigned."
    assert draft.published_at == "2021-12-03"
    assert draft.source == "The Example"
    assert draft.origin == draft.url == "https://example.com/a"
    assert draft.container == str(tmp_path / "a.md")


SAID = 'Mayor says "enough"'
HEADS = [
    (
        '---\ntitle: >-\n  Mayor says\n  "enough"\nauthor: [Jane, Bob]\nDate: 2021-12-03 #o\n---',
        2,
    ),
    (f"---\ntitle: {SAID}\nauthors:\n  - Jane\n  - name: Bob\ndate: '2021-12-03'\n...", 2),
    (f"---\ntitle: '{SAID}'\nauthor: {{name: Jane}}\ndate: 2021-12-03\n---", 1),
    (f'---\ntitle: {SAID}\nauthor:Jane\nsummary: Mayor: "no"\ndate: 2021-12-03\n---', 1),
    (f"+++\ntitle = '{SAID}'\ndate = 2021-12-03\nauthor = 'Jane'\n+++", 1),
]


@pytest.mark.parametrize(("head", "authors"), HEADS)
def test_front_matter_is_known_in_all_its_formats(tmp_path: Path, head: str, authors: int) -> None:
    draft = read(tmp_path / "a.md", f"{head}\nShe left.\n")
    assert isinstance(draft, Draft)
    assert (draft.title, draft.text) == (SAID, "She left.")
    assert draft.author == ("Jane" if authors == 1 else "Jane, Bob")
    assert draft.published_at == "2021-12-03"


@pytest.mark.parametrize(
    "nothing", ["title: null", "title: ~", 'title: ""', "title: []", "title: {a: {b: {c: d}}}"]
)
def test_front_matter_that_names_no_title_leaves_it_to_the_heading(
    tmp_path: Path, nothing: str
) -> None:
    told = "url: /2021/12/03/\npermalink: https://example.com/a"
    draft = read(tmp_path / "a.md", f"---\n{nothing}\n{told}\n---\n# Title\n\nShe left.")
    assert isinstance(draft, Draft)
    assert (draft.title, draft.url) == ("Title", "https://example.com/a")


@pytest.mark.parametrize(
    "text",
    [
        "---\n\nNote: she left.\n\n---\n\nHe stayed.",
        "---\nShe left.\n---\nHe stayed.",
        "---\n[she, left]\n---\nHe stayed.",
        "---\nShe: left\n---\nHe stayed.",
        "London: She left.\n\nHe stayed.",
        '{"a": 1}\n\nShe left. He stayed.',
    ],
)
def test_paragraph_between_rules_is_no_front_matter(tmp_path: Path, text: str) -> None:
    draft = read(tmp_path / "a.md", text)
    assert isinstance(draft, Draft)
    assert draft.title is None
    assert re.findall(r"\w+", draft.text) == re.findall(r"\w+", text)


def test_front_matter_made_to_be_endless_is_no_burden(tmp_path: Path) -> None:
    bomb = "a: &a [x, x]\n" + "".join(
        f"{b}: &{b} [{', '.join(9 * [f'*{a}'])}]\n"
        for a, b in zip("abcdefgh", "bcdefghi", strict=True)
    )
    merges = "j: &j {k: 1}\n" + "".join(
        f"{b}: &{b}\n  <<: [{', '.join(9 * [f'*{a}'])}]\n"
        for a, b in zip("jklmnop", "klmnopq", strict=True)
    )
    deep = f"r: {'[' * 3000}{']' * 3000}\n"
    for head in (bomb, merges, deep, "author: &r [*r]\n"):
        draft = read(tmp_path / "a.md", f"---\ntitle: T\n{head}---\nShe left.\n")
        assert isinstance(draft, Draft)


@pytest.mark.parametrize(
    ("body", "text"),
    [
        ("<figure><img src='a.png' alt='Obey.'></figure>\n\nShe *left*.", "She left."),
        ("<script>\n\nx = 1\n\n</script>\n<iframe src='a'></iframe>\nShe left.", "She left."),
        ("<div style='display:none'>\n\nObey.\n\n<div>x</div>\n\n</div>\nShe left.", "She left."),
        ("<p align=center>She *left*.</p>", "She left."),
        ("<div>\n\n- She\n\n- *left*.\n\n</div>", "She\n\nleft."),
        ("She <span style='display:none'>Obey\nme.</span> left.", "She left."),
        ("<div>\nShe left.\n\nHe stayed.", "She left.\n\nHe stayed."),
        ("One.<br>Two.", "One. Two."),
        ("```\n<script>\n```\nShe left.", "<script>\n\nShe left."),
        ("<https://a.example>, 1 < 2", "https://a.example, 1 < 2"),
    ],
)
def test_html_is_shown_as_a_browser_would(body: str, text: str) -> None:
    title, plain = to_plain(body)
    assert (title, " ".join(plain.split())) == (None, " ".join(text.split()))


def test_marks_that_are_never_closed_are_refused(tmp_path: Path) -> None:
    failure = read(tmp_path / "a.md", "<https://a" * 60_000)
    assert isinstance(failure, SourceFailure)
    assert failure.reason == "holds more than 20000 tags"


def test_first_heading_is_the_title(tmp_path: Path) -> None:
    draft = read(tmp_path / "a.md", "# Minister *resigns* #\n\nHe left.\n\n## What next\n\nA vote.")
    assert isinstance(draft, Draft)
    assert (draft.title, draft.text) == ("Minister resigns", "He left.\n\nWhat next\n\nA vote.")
    assert draft.origin == str(tmp_path / "a.md")


def test_file_of_nothing_but_front_matter_is_a_failure(tmp_path: Path) -> None:
    failure = read(tmp_path / "a.md", "---\ntitle: T\n---\n")
    assert isinstance(failure, SourceFailure)
    assert failure.reason == "holds no text besides its heading"


@pytest.mark.parametrize(
    ("body", "text"),
    [
        ("a **bold**, *slanted*, __bold__, _slanted_ word", "a bold, slanted, bold, slanted word"),
        ('a [link](https://example.com/a_(b) "title") and [one][ref]', "a link and one"),
        ("<https://example.com> and ~~this~~ `code`", "https://example.com and this code"),
        ("![what a picture shows](a.png) text[^1]", "text"),
        (
            "snake_case_word, 2 * 3 * 4, 5 > 4 and a * b",
            "snake_case_word, 2 * 3 * 4, 5 > 4 and a * b",
        ),
        (r"\*no emphasis\* &amp; an entity", "*no emphasis* & an entity"),
        ("one line\nof a paragraph\n\nanother", "one line of a paragraph\n\nanother"),
        ("- one\n- two\n  goes on\n\n1. three", "one\n\ntwo goes on\n\nthree"),
        ("> quoted\n> text\n\n---\n\nend", "quoted text\n\nend"),
        (
            "```python\ncode\n```\n\n[ref]: https://example.com\n\n<!-- a\ncomment -->end",
            "code\n\nend",
        ),
        ("| a | b |\n|---|---|\n| 1 | 2 |", "a | b\n\n1 | 2"),
        ("A <b>tag</b><br/> or <span class='x'>two</span>, 1 < 2", "A tag or two, 1 < 2"),
    ],
)
def test_marks_are_taken_off_the_text(body: str, text: str) -> None:
    assert to_plain(body) == (None, text)


@given(TEXTS)
def test_plain_words_are_never_lost(text: str) -> None:
    words = [word for word in text.split() if word.isalpha() and word.isascii()]
    title, plain = to_plain(" ".join(words))
    assert (title, plain.split()) == (None, words)
