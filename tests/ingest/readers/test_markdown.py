import textwrap
from pathlib import Path

import pytest
from hypothesis import given

from ingest.drafts import Draft, Reading, SourceFailure
from ingest.readers.markdown import to_plain
from ingest.sources import SourceFile, find_sources, read_source
from tests.ingest.texts import TEXTS


def read(path: Path, text: str) -> Reading:
    path.write_text(textwrap.dedent(text).lstrip(), encoding="utf-8")
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
