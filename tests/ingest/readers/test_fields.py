import pytest

from ingest.readers.records import written_author, written_title


@pytest.mark.parametrize(
    "title",
    [
        *("", None, " untitled ", "(anonymous)", "Document1", "PowerPoint Presentation"),
        *("Microsoft Word - story.docx", "story_v3.indd", "PRESS RELEASE"),
    ],
)
def test_title_that_a_program_wrote_is_none(title: str | None) -> None:
    assert written_title(title) is None


@pytest.mark.parametrize(
    "author",
    ["", None, "(anonymous)", "anonymous", "Microsoft Office User", "User", "admin", "python-docx"],
)
def test_author_that_a_program_wrote_is_nobody(author: str | None) -> None:
    assert written_author(author) is None


def test_what_a_person_wrote_is_taken() -> None:
    assert written_title(" Press release:\nMinister resigns ") == "Press release: Minister resigns"
    assert written_title("Anonymous letters") == "Anonymous letters"
    assert written_author("Jane Userman") == "Jane Userman"
