import pytest

from ingest.html.elements import visible_text
from ingest.readers.html import parse_page


@pytest.mark.parametrize(
    ("page", "paragraphs"),
    [
        ("<div>One.</div><div>Two.</div>", ["One.", "Two."]),
        ("<p>One\n <b>and</b> only.</p>Two.<p>Three.", ["One and only.", "Two.", "Three."]),
        ("One.<br><br>Two.<br>\n&nbsp;<br>Three.", ["One.", "Two.", "Three."]),
        ("One.<br>\n  Two.", ["One.\nTwo."]),
        ("<pre>One.\n\nTwo.\n  Three.</pre>", ["One.", "Two.\nThree."]),
        ("<o:p>One.</o:p> <i>Two.</i>", ["One. Two."]),
        ("<ul><li>One.<li>Two.</ul>", ["One.", "Two."]),
        ("<table><tr><td>A<td><p>45</p></table>", ["A | 45"]),
        ("<table><tr><td><p>One.<p>Two.<td>Three.</table>", ["One.", "Two.", "Three."]),
        (f"<table><tr><td>{'Long. ' * 20}<td>B</table>", [("Long. " * 20).strip(), "B"]),
    ],
)
def test_blocks_and_breaks_are_those_that_are_seen(page: str, paragraphs: list[str]) -> None:
    seen, _ = parse_page(page.encode(), None)
    shown = [
        paragraph.strip() for paragraph in visible_text(seen).replace("\xa0", "").split("\n\n")
    ]
    assert [paragraph for paragraph in shown if paragraph] == paragraphs
