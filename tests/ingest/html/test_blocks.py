"""A page as blocks of text: what a reader sees as one line or paragraph, word for word."""

import pytest
from lxml.html import document_fromstring

from ingest.html.blocks import read_blocks


def texts(html: str) -> list[str]:
    return [block.text for block in read_blocks(document_fromstring(f"<body>{html}</body>"))]


@pytest.mark.parametrize(
    ("html", "expected"),
    [
        ("<p>She <b>left</b> at <time>6pm</time>.</p>", ["She left at 6pm."]),
        ("<div>One.<br><br>Two.</div>", ["One.", "Two."]),
        ("<div>One.<p>Two.</p>Three.</div>", ["One.", "Two.", "Three."]),
        ("<p>He said <q>no</q>.</p>", ["He said “no”."]),
        ("<p><del>40</del> <ins>42</ins> million</p>", ["42 million"]),
        ("<p>Two reporters<sup>[1]</sup> left.</p>", ["Two reporters left."]),
        ("<p>A field of 10<sup>6</sup> stars</p>", ["A field of 106 stars"]),
        ("<table><tr><td>North</td><td>12</td></tr></table>", ["North | 12"]),
        ("<pre>One\nline.\n\nTwo.</pre>", ["One line.", "Two."]),
        ("<fieldset><p>One.</p></fieldset>", ["One."]),
        ("<p>Press <button>the button</button> twice.</p>", ["Press the button twice."]),
        ("<span>One <div>Two</div> Three</span>", ["One", "Two", "Three"]),
        ("<p>***</p><p></p>", []),
    ],
)
def test_block_holds_the_words_that_stand_together(html: str, expected: list[str]) -> None:
    assert texts(html) == expected


def test_links_are_counted_also_where_they_hold_boxes() -> None:
    page = document_fromstring("<body><p>See <a>here</a></p><a><h3>Other story</h3></a></body>")
    assert [block.linked for block in read_blocks(page)] == [4, 11]
