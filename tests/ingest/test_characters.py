import unicodedata

import pytest
from hypothesis import given

from ingest.characters import strip_unseen
from tests.ingest.texts import TEXTS


@pytest.mark.parametrize(
    ("text", "seen", "stripped"),
    [
        ("plain text\nof two lines", "plain text\nof two lines", 0),
        ("zero\u200bwidth\ufeff", "zerowidth", 2),
        ("\u202eevil\u202c", "evil", 2),
        ("tags\U000e0049\U000e0047", "tags", 2),
        ("nul\0 and bell\x07", "nul and bell", 2),
        ("lone\ud800 surrogate", "lone surrogate", 1),
        ("\x1b[31mred\x1b[0m", "red", 2),
        ("soft\xadhyphen", "softhyphen", 1),
        ("win\u200ddow and win\u200cdow", "window and window", 2),
        ("😀\ufe0f\ufe01\ufe02", "😀\ufe0f", 2),
        ("hidden\ufe01\ufe02", "hidden", 2),
        ("no-break\xa0space\r\nline\u2028line", "no-break space\nline\nline", 0),
        ("e\u0301", "é", 0),
    ],
)
def test_what_nobody_sees_is_stripped_and_counted(text: str, seen: str, stripped: int) -> None:
    assert strip_unseen(text) == (seen, stripped)


@pytest.mark.parametrize(
    "text",
    ["می\u200cخواهم", "क्\u200dष", "👩\u200d💻", "❤\ufe0f\u200d🔥", "1\ufe0f\u20e3", "葛\U000e0100"],
)
def test_joiners_and_selectors_that_a_script_needs_stay(text: str) -> None:
    assert strip_unseen(text) == (text, 0)


@given(TEXTS)
def test_stripping_again_finds_nothing(text: str) -> None:
    seen, _ = strip_unseen(text)
    assert strip_unseen(seen) == (seen, 0)
    assert unicodedata.is_normalized("NFC", seen)
    seen.encode()
