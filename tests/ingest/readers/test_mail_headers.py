import pytest
from hypothesis import given
from hypothesis import strategies as st

from ingest.readers.mail import file_name, header, language, parse_mail, sender, sent_at


@pytest.mark.parametrize(
    ("written", "told"),
    [
        ("Jane Doe <jane@x.example>", ("Jane Doe", "jane@x.example")),
        ('"Doe, Jane \\"JD\\"" <jane@x.example>', ('Doe, Jane "JD"', "jane@x.example")),
        ("Doe, Jane <jane@x.example>", ("Doe, Jane", "jane@x.example")),
        ("Jane <jane@x.example>, Bob <bob@x.example>", ("Jane", "jane@x.example")),
        ("jane@x.example (Jane Doe)", ("Jane Doe", "jane@x.example")),
        ("jane@x.example, bob@x.example", ("", "jane@x.example")),
        ("=?utf-8?Q?M=C3=BCller=2C_Hans?= <h@x.example>", ("Müller, Hans", "h@x.example")),
        ('"=?utf-8?Q?M=C3=BCller?=" <h@x.example>', ("Müller", "h@x.example")),
        ("City Press Office", ("City Press Office", "")),
        ("<Saved by Blink>", ("", "")),
        ('"', ("", "")),
        ("a@", ("", "")),
        ("@", ("", "")),
        ("", ("", "")),
    ],
)
def test_sender_is_told_by_name_and_address(written: str, told: tuple[str, str]) -> None:
    assert sender(parse_mail(f"From: {written}\n\n".encode())) == told


@pytest.mark.parametrize(
    ("written", "told"),
    [
        (b"Bridge\n to close", "Bridge to close"),
        (b"=?utf-8?Q?Bridge_?=\n =?utf-8?Q?to_close?=", "Bridge to close"),
        # One letter in two words, as bad programs cut them.
        (b"=?utf-8?B?QnLD?= =?utf-8?B?vGNrZQ==?=", "Brücke"),
        (b"=?none?Q?abc?=", "abc"),
        (b"=?utf-8?B?a?= =?utf-8?B?a?=", "=?utf-8?B?a?= =?utf-8?B?a?="),
        ("Brücke schließt".encode(), "Brücke schließt"),
        ("Brücke schließt".encode("cp1252"), "Brücke schließt"),
    ],
)
def test_subject_is_what_a_person_is_shown(written: bytes, told: str) -> None:
    assert header(parse_mail(b"Subject: " + written + b"\n\n"), "subject") == told


def test_headers_in_the_encoding_of_the_text_are_read() -> None:
    mail = "Subject: Мост закрыт\nContent-Type: text/plain; charset=koi8-r\n\n"
    assert header(parse_mail(mail.encode("koi8-r")), "subject") == "Мост закрыт"


def test_mark_before_the_headers_is_none_of_them() -> None:
    assert header(parse_mail(b"\xef\xbb\xbfSubject: A\n\n"), "subject") == "A"


@pytest.mark.parametrize(
    ("written", "told"),
    [
        ("Tue, 30 Nov 2021 10:00:00 +0100 (CET)", "2021-11-30T09:00:00+00:00"),
        ("Tue, 30 Nov 2021 10:00:00", "2021-11-30T10:00:00+00:00"),
        ("Tue, 30 Nov 2021 10:00:00 +9900", "None"),
        ("soon", "None"),
        ("", "None"),
    ],
)
def test_date_is_told_in_utc(written: str, told: str) -> None:
    assert str(sent_at(parse_mail(f"Date: {written}\n\n".encode()))).replace(" ", "T") == told


@pytest.mark.parametrize(("written", "told"), [("pt-BR", "pt-BR"), ("de, en", None), ("", None)])
def test_only_one_language_is_taken(written: str, told: str | None) -> None:
    assert language(parse_mail(f"Content-Language: {written}\n\n".encode())) == told


@pytest.mark.parametrize(
    ("written", "told"),
    [
        ("filename=a.txt", "a.txt"),
        ("filename*=UTF-8''Br%C3%BCcke%20neu.txt", "Brücke neu.txt"),
        ('filename="=?utf-8?Q?Br=C3=BCcke.txt?="', "Brücke.txt"),
        ("filename=Brücke.txt", "Brücke.txt"),
        ("filename*=UTF-8''a%0A%1B[31m.txt", "a \x1b[31m.txt"),
        ("filename*=''a; filename*0=b", ""),
        ("", ""),
    ],
)
def test_file_name_is_what_a_person_is_shown(written: str, told: str) -> None:
    mail = parse_mail(f"Content-Disposition: attachment; {written}\n\n".encode())
    assert file_name(mail) == told


@given(st.text("\"\\'()<>@,;:=?*%\n ab/0Qé", max_size=60))
def test_no_header_is_so_broken_that_the_mail_is_lost(written: str) -> None:
    value = written.replace("\n", "\n ")
    names = ("From", "Subject", "Date", "Content-Language", "Content-Disposition")
    mail = parse_mail("".join(f"{name}: {value}\n" for name in names).encode())
    told = sender(mail), header(mail, "subject"), sent_at(mail), language(mail), file_name(mail)
    assert len(told) == 5


def test_decoding_of_a_header_is_bounded() -> None:
    mail = parse_mail(b"Subject: " + b"=?utf-8?q?a?= " * 50_000 + b"\n\n")
    assert header(mail, "subject").startswith("aaa")
    assert len(header(mail, "subject")) < 2_000
