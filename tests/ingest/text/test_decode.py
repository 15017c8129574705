import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ingest.errors import DecodeError
from ingest.text.decode import Decoded, decode
from tests.ingest.sample_texts import TEXTS

RUSSIAN = "Президент России Владимир Путин и президент США Джо Байден проведут переговоры."
CHINESE = "美国总统拜登和俄罗斯总统普京将举行视频会晤，讨论乌克兰局势。双方外长会谈后未取得进展。\n"
JAPANESE = "ロシアのプーチン大統領とアメリカのバイデン大統領は近くオンラインで会談する見通しです。"
TAIWANESE = "政府提議調漲汽油稅，反對黨批評這項提議將嚴重打擊偏鄉地區。"
KOREAN = "정부는 내년 초부터 휘발유세를 인상할 것을 제안했다."
GREEK = "Η κυβέρνηση αυξάνει τον φόρο στη βενζίνη."
FRENCH = "Le président français a été reçu à l’Élysée par le Premier ministre."
ENGLISH = "It’s over, the minister said. “We won’t go back.”"


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
        (GREEK, "utf-16-be"),
        ("Hallitus esittää veron korotusta.", "utf-16-be"),
        ("Rząd podnosi podatek od benzyny", "cp1250"),
        ("Guvernul a decis să mărească taxa pe benzină.", "cp1250"),
        ("Правителството увеличава данъка върху бензина.", "mac_cyrillic"),
        ("A Câmara aprovou as regras das eleições.", "cp1252"),
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


@pytest.mark.parametrize(
    ("text", "encoding", "label"),
    [
        (JAPANESE, "cp932", "x-sjis"),
        ("①㈱日本", "cp932", "Windows-31J"),
        ("①㈱日本", "euc_jis_2004", "x-euc-jp"),
        (CHINESE, "gbk", "gb_2312-80"),
        ("政府€50", "cp950", "big5"),
        ("香港嘅新聞", "big5hkscs", "big5"),
        (KOREAN, "cp949", "windows-949"),
        ("שלום", "iso8859-8", "iso-8859-8-i"),
        ("ไทย", "cp874", "windows-874"),
        ("Łódź", "cp1250", "x-cp1250"),
    ],
)
def test_every_name_of_an_encoding_on_the_web_is_known(
    text: str, encoding: str, label: str
) -> None:
    decoded = decode(text.encode(encoding), label)
    assert (decoded.text, decoded.note) == (text, "")


@pytest.mark.parametrize(("text", "encoding"), [(JAPANESE, "iso2022_jp"), (KOREAN, "iso2022_kr")])
@pytest.mark.parametrize("declared", [None, "iso-2022-jp", "utf-8"])
def test_text_written_in_escape_sequences_is_read(
    text: str, encoding: str, declared: str | None
) -> None:
    decoded = decode(text.encode(encoding), declared)
    assert (decoded.text, decoded.note) == (text, "")


@pytest.mark.parametrize(
    ("data", "declared", "text", "note"),
    [
        ("naïve".encode() + b" caf\xe9.", None, "naïve café.", "1 bytes read as cp1252"),
        (ENGLISH.encode() + b" A caf\xe9.", None, f"{ENGLISH} A café.", "1 bytes read as cp1252"),
        (b"\xa340. It\xe2\x80\x99s over", "utf-8", "£40. It’s over", "1 bytes read as cp1252"),
        (RUSSIAN.encode() + b" \x92.", None, f"{RUSSIAN} \ufffd.", "1 characters unreadable"),
        (RUSSIAN.encode()[:-2], None, RUSSIAN[:-2], "1 characters unreadable"),
        (ENGLISH.encode()[:-1], None, ENGLISH[:-1], "1 characters unreadable"),
        (ENGLISH.encode()[:-2], "iso-8859-1", ENGLISH[:-1], "1 characters unreadable"),
    ],
)
def test_utf8_with_a_bad_byte_stays_utf8(
    data: bytes, declared: str | None, text: str, note: str
) -> None:
    decoded = decode(data, declared)
    assert (decoded.text, decoded.note) == (text, f"damaged UTF-8: {note}")


def test_other_encoding_behind_the_mark_of_utf8_is_guessed() -> None:
    decoded = decode(b"\xef\xbb\xbf" + FRENCH.encode("cp1252"))
    assert (decoded.text, decoded.note) == (FRENCH, "encoding guessed: cp1252")


@pytest.mark.parametrize(
    ("text", "bad", "encoding", "declared"),
    [
        (JAPANESE, b"\x81", "cp932", "shift_jis"),
        (CHINESE, b"\xff", "gb18030", "gb2312"),
        (TAIWANESE, b"\xff", "cp950", "big5"),
        (RUSSIAN, b"\x98", "cp1251", "windows-1251"),
    ],
)
def test_declared_encoding_is_believed_of_a_text_with_a_bad_byte(
    text: str, bad: bytes, encoding: str, declared: str
) -> None:
    decoded = decode(text.encode(encoding) + bad + b"\n" + text.encode(encoding), declared)
    assert decoded.text == f"{text}\ufffd\n{text}"
    assert decoded.note == f"damaged {encoding}: 1 characters unreadable"


@pytest.mark.parametrize(
    ("text", "encoding"), [(JAPANESE, "cp932"), (CHINESE, "gb18030"), (TAIWANESE, "cp950")]
)
def test_text_cut_off_within_a_character_of_two_bytes_loses_that_one(
    text: str, encoding: str
) -> None:
    cut = text.strip().encode(encoding)[:-1]
    assert decode(cut, encoding) == Decoded(
        text.strip()[:-1], f"damaged {encoding}: 1 characters unreadable"
    )
    assert decode(cut) == Decoded(
        text.strip()[:-1], f"encoding guessed: {encoding}: 1 characters unreadable"
    )


@pytest.mark.parametrize(
    ("text", "bad", "encoding"),
    [(CHINESE * 4, b"\xff", "gb18030"), (FRENCH * 4, b"\x9d", "cp1252")],
)
def test_bad_byte_does_not_keep_an_encoding_from_being_guessed(
    text: str, bad: bytes, encoding: str
) -> None:
    decoded = decode(text.encode(encoding) + bad + b"\n")
    assert decoded.text == f"{text}\ufffd\n"
    assert decoded.note == f"encoding guessed: {encoding}: 1 characters unreadable"


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
        st.tuples(
            TEXTS,
            st.sampled_from(
                "utf-8 utf-16 cp1252 cp932 koi8_r gb18030 big5 iso2022_jp iso2022_kr hz".split()
            ),
        ).map(lambda drawn: drawn[0].encode(drawn[1], "replace")),
        st.tuples(TEXTS, st.binary(max_size=3)).map(
            lambda drawn: drawn[0].encode(errors="replace") + drawn[1]
        ),
    ),
    st.sampled_from([None, "utf-8", "latin1", "x-sjis", "big5", "hz", "utf-16", "base64", "\xe9"]),
)
def test_any_bytes_are_a_text_or_our_error(data: bytes, declared: str | None) -> None:
    try:
        assert isinstance(decode(data, declared).text, str)
    except DecodeError as error:
        assert str(error).startswith("not text")
