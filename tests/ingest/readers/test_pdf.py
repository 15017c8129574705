import io
from datetime import UTC, datetime

import pytest
from pypdf import PdfReader, PdfWriter
from pypdf.generic import NameObject, TextStringObject

from ingest.drafts import Draft, SourceFailure
from tests.ingest.conftest import Read
from tests.ingest.made_files import add_page, pdf, written

HEAD = "The Example Times"


def test_lines_of_pages_become_paragraphs(read: Read) -> None:
    printed = pdf(
        [
            HEAD,
            "The minister of finance resigned on Friday, a day after the coali-",
            "tion lost its majority (and more). She will leave next week, she",
            "told reporters in the capital.",
            "The vote on a new government is planned for next spring, un-",
            "1",
        ],
        [HEAD, "less the court decides otherwise, which nobody expects.", "2"],
        [HEAD, "The end of it all is not in sight, said the speaker.", "3"],
    )
    (draft,) = read("a.pdf", printed)
    assert isinstance(draft, Draft)
    assert draft.text.split("\n\n") == [
        "The minister of finance resigned on Friday, a day after the coalition lost its majority"
        " (and more). She will leave next week, she told reporters in the capital.",
        "The vote on a new government is planned for next spring, unless the court decides"
        " otherwise, which nobody expects. The end of it all is not in sight, said the speaker.",
    ]


def test_file_tells_title_author_and_when_it_was_saved(read: Read) -> None:
    printed = pdf(
        ["She left."], Title="Minister resigns", Author="Jane Q. R.", ModDate="D:20211203100000Z"
    )
    (draft,) = read("a.pdf", printed)
    assert isinstance(draft, Draft)
    assert (draft.title, draft.author) == ("Minister resigns", "Jane Q. R.")
    assert draft.modified_at == datetime(2021, 12, 3, 10, tzinfo=UTC)
    assert draft.published_at is None


def test_name_of_the_program_is_no_title(read: Read) -> None:
    (draft,) = read("a.pdf", pdf(["She left."], Title="Microsoft Word - story.docx"))
    assert isinstance(draft, Draft)
    assert draft.title is None


def test_pdf_without_text_says_why(read: Read) -> None:
    failures = {
        name: reading.reason
        for name, content in {
            "locked.pdf": pdf(["Secret."], password="x"),
            "scanned.pdf": pdf([]),
            "cut.pdf": pdf(["She left."])[:200],
        }.items()
        for reading in read(name, content)
        if isinstance(reading, SourceFailure)
    }
    assert failures.pop("cut.pdf").startswith("damaged: ")
    assert failures == {
        "locked.pdf": "locked with a password",
        "scanned.pdf": "no text in it: pages that were scanned need text recognition first",
    }


@pytest.mark.parametrize("algorithm", ["RC4-128", "AES-128", "AES-256"])
def test_pdf_that_opens_without_a_password_is_read(read: Read, algorithm: str) -> None:
    writer = PdfWriter(PdfReader(io.BytesIO(pdf(["She left."]))))
    writer.encrypt("", "of its owner", algorithm=algorithm)
    (draft,) = read("a.pdf", written(writer))
    assert isinstance(draft, Draft)
    assert draft.text == "She left."


def test_headline_in_large_letters_stands_alone(read: Read) -> None:
    writer = PdfWriter()
    headline = b"BT /F1 2 Tf 10 0 0 10 60 760 Tm (Council closes the old) Tj 0 -2 Td (bridge) Tj ET"
    add_page(writer, headline + b" BT /F1 10 Tf 60 700 Td (The council voted on Friday.) Tj ET")
    (draft,) = read("a.pdf", written(writer))
    assert isinstance(draft, Draft)
    assert draft.text == "Council closes the old bridge\n\nThe council voted on Friday."


def test_language_of_the_document_is_told(read: Read) -> None:
    writer = PdfWriter(PdfReader(io.BytesIO(pdf(["She left."]))))
    writer.root_object[NameObject("/Lang")] = TextStringObject("en-GB")
    (draft,) = read("a.pdf", written(writer))
    assert isinstance(draft, Draft)
    assert draft.language == "en-GB"
