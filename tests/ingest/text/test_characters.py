import unicodedata

import pytest
from hypothesis import given

from ingest.text.clean import strip_unseen
from tests.ingest.sample_texts import TEXTS


@pytest.mark.parametrize(
    ("text", "seen", "stripped"),
    [
        ("plain text\nof two lines", "plain text\nof two lines", 0),
        ("zero\u200bwidth\ufeff", "zerowidth", 2),
        ("\u202eevil\u202c", "evil", 2),
        ("tags\U000e0049\U000e0047", "tags", 2),
        ("flag \U0001f3f4\U000e0067\U000e0062\U000e0078\U000e007f", "flag \U0001f3f4", 4),
        ("byte\U000e0080\U000e01f0s", "bytes", 2),
        ("fill\u115f\u1160\u17b4er", "filler", 3),
        ("gap\ufff0\U0001bca0s", "gaps", 2),
        ("of\u180b Mon\u180egolian", "of Mongolian", 2),
        ("braille\u2800blank", "braille blank", 0),
        ("nul\0 and bell\x07", "nul and bell", 2),
        ("lone\ud800 surrogate", "lone surrogate", 1),
        ("\x1b[31mred\x1b[0m", "red", 2),
        ("soft\xadhyphen", "softhyphen", 1),
        ("win\u200ddow and win\u200cdow", "window and window", 2),
        ("😀\ufe0f\ufe01\ufe02", "😀\ufe0f", 2),
        ("hidden\ufe01\ufe02", "hidden", 2),
        ("no-break\xa0space\r\nline\u2028line", "no-break space\nline\nline", 0),
        ("e\u0301", "é", 0),
        ("o\ufb03ce, con\ufb01rmed, \ufb02ood, \ufb05", "office, confirmed, flood, st", 0),
    ],
)
def test_what_nobody_sees_is_stripped_and_counted(text: str, seen: str, stripped: int) -> None:
    assert strip_unseen(text) == (seen, stripped)


@pytest.mark.parametrize(
    "text",
    [
        *(
            "می\u200cخواهم",
            "क्\u200dष",
            "👩\u200d💻",
            "❤\ufe0f\u200d🔥",
            "1\ufe0f\u20e3",
            "葛\U000e0100",
        ),
        *("ភាសា\u200bខ្មែរ", "မြန်မာ\u200bစာ", "ภาษา\u200bไทย", "ພາສາ\u200bລາວ"),
        *("ᠠ\u180b", "ᠬᠢᠯᠡ\u180eᠠ"),
        "\U0001f3f4\U000e0067\U000e0062\U000e0073\U000e0063\U000e0074\U000e007f",
    ],
)
def test_unseen_characters_that_a_script_or_a_flag_needs_stay(text: str) -> None:
    assert strip_unseen(text) == (text, 0)


@given(TEXTS)
def test_stripping_again_finds_nothing(text: str) -> None:
    seen, _ = strip_unseen(text)
    assert strip_unseen(seen) == (seen, 0)
    assert unicodedata.is_normalized("NFC", seen)
    seen.encode()
