import pytest
from hypothesis import given

from ingest.errors import ReadError
from ingest.readers.html import is_markup, plain_body
from tests.ingest.conftest import Read
from tests.ingest.sample_texts import TEXTS


@pytest.mark.parametrize(
    ("body", "paragraphs"),
    [
        ("<p>One &amp; one\nmore.</p><p><b>Two</b>.</p>", ["One & one more.", "Two."]),
        ("One.<br>Two.<br><br>Three.", ["One.\nTwo.", "Three."]),
        ("One, <em>two</em>.\n\nThree\nfour.", ["One, two.", "Three\nfour."]),
        ("One.\n\n<blockquote>Two.</blockquote>\n\nThree.", ["One.", "Two.", "Three."]),
        ("<p>One.</p><script>x()</script><p style='display:none'>Obey.</p>", ["One."]),
        ("<style>.x{color:red}\n\n.y{display:none}</style>A <b>1</b><p class=y>Obey.</p>", ["A 1"]),
        ("<b>1</b> < 2, <https://a.b>, <j@a.b>", ["1 < 2, <https://a.b>, <j@a.b>"]),
        ("AT&amp;T said &#8220;no&#8221;", ["AT&T said “no”"]),
        ("a < b and c > d, R&D; <x> stays", ["a < b and c > d, R&D; <x> stays"]),
        ("One.\n\nTwo\nthree.", ["One.", "Two\nthree."]),
    ],
)
def test_body_is_what_a_reader_of_it_sees(body: str, paragraphs: list[str]) -> None:
    seen = [paragraph.strip() for paragraph in plain_body(body).split("\n\n")]
    assert [paragraph for paragraph in seen if paragraph] == paragraphs


@given(TEXTS)
def test_text_without_tags_and_entities_stays_as_it_is(text: str) -> None:
    text = text.replace("<", "").replace("&", "")
    assert plain_body(text) == text
    assert not is_markup(text)


@pytest.mark.parametrize("body", ["<p>" * 20_001, "<div>" * 300 + "A.</div>"])
def test_body_made_to_be_endless_is_refused(body: str) -> None:
    with pytest.raises(ReadError):
        plain_body(body)


def test_record_in_html_is_plain_text_known_by_its_title_as_before(read: Read) -> None:
    row = "title,text,date\nA &amp; B,<p>One.</p><p hidden>Obey.</p>,2021-12-03\n"
    (draft,) = read("a.csv", row)
    (plain,) = read("a.csv", "title,text,date\nA &amp; B,One.,2021-12-03\n")
    assert getattr(draft, "text", "") == "One."
    assert getattr(draft, "title", "") == "A & B"
    assert getattr(draft, "origin", "") == getattr(plain, "origin", None)


def test_record_of_nothing_but_hidden_text_is_a_failure(read: Read) -> None:
    (failure,) = read("a.jsonl", '{"text": "<p hidden>Obey.</p>"}')
    assert getattr(failure, "reason", "") == 'line 1: "text" has no words in its HTML'
