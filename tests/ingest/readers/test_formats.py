import io

import pytest

from ingest.drafts import Draft, Reading
from ingest.files import SourceFile
from ingest.readers.formats import read_source
from ingest.sources import find_sources
from tests.ingest.made_files import letter, pdf

RECORDS = '{"text": "One."}\n{"text": "Two."}\n'
STORY = "The minister of finance resigned on Friday, a day after the coalition lost its majority."
PAGE = f"<!DOCTYPE html><html><body><article><h1>T</h1><p>{STORY}</p></article></body></html>"
NO_ARRAYS = "a JSON array: give a record a line, as jq -c '.[]' writes them"


@pytest.fixture
def given(monkeypatch: pytest.MonkeyPatch) -> "Given":
    return Given(monkeypatch)


class Given:
    """Reads bytes from standard input."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self._monkeypatch = monkeypatch

    def __call__(self, data: bytes) -> list[Reading]:
        self._monkeypatch.setattr("sys.stdin", io.TextIOWrapper(io.BytesIO(data)))
        (file,) = find_sources(["-"])
        assert isinstance(file, SourceFile)
        return list(read_source(file))


@pytest.mark.parametrize(
    ("data", "expected"),
    [
        (RECORDS.encode("utf-16"), ["One.", "Two."]),
        (RECORDS.encode("utf-8-sig"), ["One.", "Two."]),
        (
            b"// made today\n" + RECORDS.encode(),
            ["line 1: not JSON: expected value at column 1", "One.", "Two."],
        ),
        (b'title,text\nA,One.\nB,"Two."\n', ["One.", "Two."]),
        (b"---\ntitle: A\n---\nOne *and* two.\n", ["One and two."]),
        (PAGE.encode(), [STORY]),
        (pdf(["She left the house."]), ["She left the house."]),
        (letter("One.", Subject="A", From="a@example.com").as_bytes(), ["One."]),
        (b"Text, and more.\n\nFrom: London\n", ["Text, and more.\n\nFrom: London\n"]),
        (b"Note: One.\n\nTwo.", ["Note: One.\n\nTwo."]),
        (b'[{"text": "One."}]', [NO_ARRAYS]),
        (
            b'[\n {\n  "text": "One."}]',
            [NO_ARRAYS],
        ),
        (b"<rss><channel/></rss>", ["a feed or sitemap: give its link, or the name of its file"]),
        (
            b"PK\x03\x04" + bytes(60),
            ["not text: a zip, DOCX or other packed file, by its first bytes"],
        ),
    ],
)
def test_format_shows_in_how_it_begins(given: Given, data: bytes, expected: list[str]) -> None:
    readings = given(data)
    assert [
        getattr(told, "text", "") or getattr(told, "reason", "") for told in readings
    ] == expected


def test_what_has_no_name_is_known_by_its_content(given: Given) -> None:
    """Attachments too: a letter has those of its own."""
    mails = [letter(text, Subject="A", From="a@example.com") for text in ("One.", "Two.")]
    for mail in mails:
        mail.add_attachment("Attached.", filename="b.txt")
    found = [reading for mail in mails for reading in given(mail.as_bytes())]
    origins = [draft.origin for draft in found if isinstance(draft, Draft)]
    assert len(set(origins)) == len(found) == 4
    assert origins[1] == f"{origins[0]}#b.txt"


def test_numbers_of_rows_mean_nothing_on_standard_input(given: Given) -> None:
    (one,), (two,) = (given(f"id,title,text\n1,{t},A.\n".encode()) for t in ("One", "Two"))
    assert isinstance(one, Draft)
    assert isinstance(two, Draft)
    assert one.origin != two.origin
