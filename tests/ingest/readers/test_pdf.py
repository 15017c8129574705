from datetime import UTC, datetime

from ingest.drafts import Draft, SourceFailure
from tests.ingest.conftest import Read
from tests.ingest.made_files import pdf

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
    assert failures.pop("cut.pdf").startswith("damaged, or made to do harm: ")
    assert failures == {
        "locked.pdf": "locked with a password",
        "scanned.pdf": "no text in it: pages that were scanned need text recognition first",
    }


def test_pdf_that_opens_without_a_password_is_read(read: Read) -> None:
    (draft,) = read("a.pdf", pdf(["She left."], password="", Title="T"))
    assert isinstance(draft, Draft)
    assert draft.text == "She left."
