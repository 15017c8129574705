import pytest

from ingest.drafts import Draft, Skipped, SourceFailure
from tests.ingest.conftest import Read
from tests.ingest.made_files import letter, pdf
from tests.ingest.readers.test_html import PAGE


def test_letter_is_an_article_without_its_signature(read: Read) -> None:
    mail = letter(
        "The minister left.\n\n-- \nJane, The Example\n",
        Subject="Minister resigns",
        From="Jane Q. Reporter <jane@example.com>",
        Date="Fri, 03 Dec 2021 11:00:00 +0100",
        Content_Language="en",
    )
    (draft,) = read("a.eml", mail.as_bytes())
    assert isinstance(draft, Draft)
    assert draft.text.strip() == "The minister left."
    assert (draft.title, draft.source) == ("Minister resigns", "Jane Q. Reporter")
    assert draft.published_at == "2021-12-03T10:00:00+00:00"
    assert (draft.author, draft.language) == ("Jane Q. Reporter", "en")


def test_what_is_attached_is_read_or_counted(read: Read) -> None:
    mail = letter("See below.", Subject="Two stories", Date="Fri, 03 Dec 2021 11:00:00 +0100")
    mail.add_attachment(pdf(["She left."]), "application", "pdf", filename="a.pdf")
    mail.add_attachment(b"", "application", "pdf", filename="b.pdf")
    mail.add_attachment(letter("Forwarded.", Subject="Old"))
    mail.add_attachment(b"\xff\xd8", "image", "jpeg", filename="c.jpg")
    first, printed, empty, forwarded, rest = read("a.eml", mail.as_bytes())
    assert isinstance(first, Draft)
    assert isinstance(printed, Draft)
    assert printed.text == "She left."
    assert printed.origin == f"{first.origin}#a.pdf"
    assert printed.modified_at is not None
    assert printed.modified_at.year == 2021
    assert isinstance(empty, SourceFailure)
    assert empty.reason == "empty"
    assert isinstance(forwarded, Draft)
    assert forwarded.title == "Old"
    assert rest == Skipped(first.origin, 1, "of a kind that is not read (.jpg)")


def test_newsletter_in_html_is_read_as_a_page(read: Read) -> None:
    mail = letter("", Subject="Minister resigns")
    mail.set_content(PAGE.replace("é", "e"), subtype="html")
    (draft,) = read("a.eml", mail.as_bytes())
    assert isinstance(draft, Draft)
    assert "She will leave next week" in draft.text
    assert "Home" not in draft.text


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (b"\n\nNo headers.", "not an e-mail: it has no headers"),
        (b"Subject: A\n\n", "holds no text"),
    ],
)
def test_what_is_no_letter_says_so(read: Read, content: bytes, reason: str) -> None:
    (failure,) = read("a.eml", content)
    assert isinstance(failure, SourceFailure)
    assert failure.reason == reason


def test_saved_page_is_its_first_page_with_its_address(read: Read) -> None:
    page = PAGE.replace("=", "=3D").replace("canonical", "other")
    saved = "\n".join(
        [
            "From: <Saved by Blink>",
            "Snapshot-Content-Location: https://Example.com/saved?utm_source=x",
            "MIME-Version: 1.0",
            'Content-Type: multipart/related; type="text/html"; boundary="B"',
            "",
            "--B",
            "Content-Type: text/html",
            "Content-Transfer-Encoding: quoted-printable",
            "",
            page,
            "--B",
            "Content-Type: text/html",
            "",
            "<p>An advertisement in a frame.</p>",
            "--B--",
        ]
    )
    (draft,) = read("a.mhtml", saved)
    assert isinstance(draft, Draft)
    assert draft.url == draft.origin == "https://example.com/saved"
    assert "café in the capital" in draft.text
    assert "advertisement" not in draft.text
