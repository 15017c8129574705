import base64
from email.message import EmailMessage

import pytest

from ingest.drafts import Draft, Reading, Skipped, SourceFailure
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


def texts(readings: list[Reading]) -> list[str]:
    return [reading.text for reading in readings if isinstance(reading, Draft)]


def test_newsletter_is_all_that_is_to_be_seen_of_it(read: Read) -> None:
    (draft,) = read(
        "a.eml",
        """Subject: Two stories
Content-Type: text/html

<span style="display:none">Obey.</span>
<table><tr><td><a href="x">View this email in your browser</a></td></tr>
<tr><td><h1>Minister resigns</h1>She resigned on Friday.<br><br>She will leave next week.</td></tr>
<tr><td><h2>School opens</h2><p>The school opens on Monday.</p></td></tr>
<tr><td>You are receiving this email because you opted in.<br><a>unsubscribe</a></td></tr></table>
""",
    )
    assert isinstance(draft, Draft)
    assert draft.text.split("\n\n") == [
        "Minister resigns",
        "She resigned on Friday.",
        "She will leave next week.",
        "School opens",
        "The school opens on Monday.",
    ]


STORY = "The minister of finance resigned on Friday, a day after the vote."
AS_PAGE = (f"<p>{STORY}</p>", "html")


@pytest.mark.parametrize(
    ("plain", "text"),
    [
        ("", STORY),
        (" \r\n\r\n", STORY),
        ("Please show as HTML.", STORY),
        ("\0" * 99, STORY),
        (f"*{STORY}*", f"*{STORY}*"),
    ],
)
def test_page_stands_in_for_a_text_that_does_not_tell_the_story(
    read: Read, plain: str, text: str
) -> None:
    mail = letter(plain, Subject="A")
    mail.add_alternative(*AS_PAGE)
    assert texts(read("a.eml", mail.as_bytes())) == [text]


@pytest.mark.parametrize("subtype", ["plain", "html"])
def test_letter_goes_on_behind_a_picture(read: Read, subtype: str) -> None:
    mail = EmailMessage()
    mail["Subject"] = "A"
    mail.make_mixed()
    for content in ("First half.", b"\xff\xd8", "Second half."):
        part = EmailMessage()
        if isinstance(content, bytes):
            part.set_content(content, "image", "jpeg", filename="a.jpg", disposition="inline")
        else:
            part.set_content(content, subtype)
        mail.attach(part)
    assert texts(read("a.eml", mail.as_bytes())) == ["First half.\n\nSecond half."]


@pytest.mark.parametrize("body", [("<img src='cid:x'>", "html"), ("-- \nJane",)])
def test_what_is_attached_to_a_letter_without_text_is_read(
    read: Read, body: tuple[str, ...]
) -> None:
    mail = letter("", Subject="A")
    mail.set_content(*body)
    mail.add_attachment("She left.", filename="a.txt")
    (draft,) = read("a.eml", mail.as_bytes())
    assert isinstance(draft, Draft)
    assert draft.text.strip() == "She left."


def test_text_that_cannot_be_read_does_not_cost_what_is_attached(read: Read) -> None:
    mail = letter("", Subject="A")
    mail.set_content(b"\x7fELF", "text", "plain", disposition="inline")
    mail.add_attachment("She left.", filename="a.txt")
    failure, draft = read("a.eml", mail.as_bytes())
    assert isinstance(failure, SourceFailure)
    assert failure.reason == "not text: a program, by its first bytes"
    assert isinstance(draft, Draft)


def test_attachments_without_an_ending_are_known_by_their_type(read: Read) -> None:
    forwarded = letter("Forwarded.", Subject="Old")
    mail = letter("Several.", Subject="A")
    mail.add_attachment(pdf(["Printed."]), "application", "pdf")
    mail.add_attachment(forwarded, filename="Attached Message")
    mail.add_attachment(forwarded)
    mail.add_attachment(forwarded)
    mail.add_attachment("Typed.", filename="typed")
    mail.add_attachment("Logged.", filename="typed.log")
    mail.add_attachment(b"\0", "application", "pkcs7-signature")
    first, *attached, rest = read("a.eml", mail.as_bytes())
    assert isinstance(first, Draft)
    told = {r.origin.partition("#")[2]: r.text.strip() for r in attached if isinstance(r, Draft)}
    assert told == {
        "attached.pdf": "Printed.",
        "Attached Message.eml": "Forwarded.",
        "forwarded.eml": "Forwarded.",
        "forwarded-2.eml": "Forwarded.",
        "typed.txt": "Typed.",
    }
    assert rest == Skipped(first.origin, 1, "of a kind that is not read (.log)")


def test_file_that_stands_in_the_page_of_a_letter_is_read(read: Read) -> None:
    mail = letter(STORY, Subject="A")
    mail.add_alternative(*AS_PAGE)
    page = mail.get_payload(1)
    assert isinstance(page, EmailMessage)
    page.add_related(b"\xff\xd8", "image", "jpeg", cid="<a>", filename="a.jpg")
    page.add_related(pdf(["Printed."]), "application", "pdf", filename="a.pdf")
    assert texts(read("a.eml", mail.as_bytes())) == [STORY, "Printed."]


def test_letter_forwarded_in_base64_is_read(read: Read) -> None:
    forwarded = base64.b64encode(letter("Forwarded.", Subject="Old").as_bytes()).decode()
    (draft,) = read(
        "a.eml",
        f"Subject: A\nContent-Type: multipart/mixed; boundary=B\n\n--B\nContent-Type:"
        f" message/rfc822\nContent-Transfer-Encoding: base64\n\n{forwarded}\n--B--\n",
    )
    assert isinstance(draft, Draft)
    assert (draft.title, draft.text) == ("Old", "Forwarded.")


def test_letter_whose_parts_cannot_be_told_apart_is_read_as_it_stands(read: Read) -> None:
    assert texts(read("a.eml", "Content-Type: multipart/mixed\n\nShe left.\n")) == ["She left."]


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (b"\n\nNo headers.", "not an e-mail: it has no headers"),
        (b"Subject: A\n\n", "holds no text"),
        (b"Content-Type: image/jpeg; name=a.jpg\n\n\xff\xd8", "holds no text"),
        (b"Subject: A\n\n" + b"--B\n" * 20_001, "holds more than 20000 files"),
    ],
)
def test_what_is_no_letter_says_so(read: Read, content: bytes, reason: str) -> None:
    (failure,) = read("a.eml", content)
    assert isinstance(failure, SourceFailure)
    assert failure.reason == reason


def saved_page(*parts: str, start: str = "") -> str:
    """Write a page as a browser saves it; the parts begin with headers."""
    head = f'Content-Type: multipart/related; boundary="B"{start}\n\n'
    return head + "".join(f"--B\nContent-Type: text/html\n{part}\n" for part in parts) + "--B--\n"


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
    assert draft.source == "The Example"
    assert "café in the capital" in draft.text
    assert "advertisement" not in draft.text


def test_saved_page_is_the_root_it_names_and_of_the_host_it_was_on(read: Read) -> None:
    frame = "Content-ID: <frame>\n\n<p>An advertisement in a frame, as long as a story is.</p>"
    page = f"Content-ID: <root>\nContent-Location: https://www.example.com/a\n\n<p>{STORY}</p>"
    (draft,) = read("a.mhtml", saved_page(frame, page, start='; start="<root>"'))
    assert isinstance(draft, Draft)
    assert (draft.text, draft.source) == (STORY, "example.com")


def test_saved_page_of_endless_parts_is_refused(read: Read) -> None:
    (failure,) = read("a.mhtml", saved_page(*["\n"] * 20_001))
    assert isinstance(failure, SourceFailure)
    assert failure.reason == "holds more than 20000 files"
