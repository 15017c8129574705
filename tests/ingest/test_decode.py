import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ingest.decode import decode
from ingest.errors import DecodeError
from tests.ingest.texts import TEXTS

RUSSIAN = "Президент России Владимир Путин и президент США Джо Байден проведут переговоры."
CHINESE = "美国总统拜登和俄罗斯总统普京将举行视频会晤，讨论乌克兰局势。双方外长会谈后未取得进展。\n"
JAPANESE = "ロシアのプーチン大統領とアメリカのバイデン大統領は近くオンラインで会談する見通しです。"
FRENCH = "Le président français a été reçu à l’Élysée par le Premier ministre."


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-32"])
def test_unicode_with_its_mark_is_no_guess(encoding: str) -> None:
    decoded = decode(RUSSIAN.encode(encoding))
    assert (decoded.text, decoded.note) == (RUSSIAN, "")


@pytest.mark.parametrize(
    ("text", "encoding"),
    [
        (FRENCH, "cp1252"),
        ("It’s over for £40.", "cp1252"),
        (JAPANESE, "cp932"),
        (CHINESE, "gb18030"),
        (RUSSIAN, "koi8_r"),
        (RUSSIAN, "cp1251"),
        (CHINESE, "utf-16-le"),
        (RUSSIAN, "utf-16-be"),
        (FRENCH, "utf-16-le"),
    ],
)
def test_other_encoding_is_guessed_and_told(text: str, encoding: str) -> None:
    decoded = decode(text.encode(encoding))
    assert (decoded.text, decoded.note) == (text, f"encoding guessed: {encoding}")


@pytest.mark.parametrize(
    ("text", "encoding", "declared"),
    [
        ("Łódź", "iso8859-2", "ISO-8859-2"),
        ("It’s over", "cp1252", "iso-8859-1"),
        (CHINESE, "gbk", "gb2312"),
        (FRENCH, "utf-8", "windows-1252"),
        (FRENCH, "utf-8", "utf-16"),
        (FRENCH, "utf-8", "base64\0"),
    ],
)
def test_declared_encoding_is_believed_unless_it_is_utf8(
    text: str, encoding: str, declared: str
) -> None:
    decoded = decode(text.encode(encoding), declared)
    assert (decoded.text, decoded.note) == (text, "")


def test_declared_encoding_that_does_not_fit_is_not_believed() -> None:
    assert decode(RUSSIAN.encode("koi8_r"), "shift_jis").text == RUSSIAN


def test_text_cut_off_within_a_character_loses_that_one() -> None:
    decoded = decode(RUSSIAN.encode()[:-2])
    assert decoded.text == RUSSIAN[:-2]
    assert decoded.note == "damaged UTF-8: 1 characters unreadable"


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (b"\x7fELF\x02\x01\x01" + bytes(64), "a program"),
        (b"%PDF-1.7 ...", "a PDF"),
        (b"PK\x03\x04 ...", "a zip, DOCX"),
        (random.Random(1).randbytes(500), "control characters"),
        (b"\xff\xfe" + random.Random(1).randbytes(500), "begins as utf-16"),
    ],
)
def test_what_is_no_text_is_told_as_such(data: bytes, reason: str) -> None:
    with pytest.raises(DecodeError, match=reason):
        decode(data)


def test_stray_nul_does_not_make_a_text_binary() -> None:
    assert decode(b"The minister\0 left.").text == "The minister\0 left."


@given(
    st.one_of(
        st.binary(),
        st.tuples(TEXTS, st.sampled_from(["utf-8", "utf-16", "cp1252", "cp932", "koi8_r"])).map(
            lambda drawn: drawn[0].encode(drawn[1], "replace")
        ),
    )
)
def test_any_bytes_are_a_text_or_our_error(data: bytes) -> None:
    try:
        assert isinstance(decode(data).text, str)
    except DecodeError as error:
        assert str(error).startswith("not text")
