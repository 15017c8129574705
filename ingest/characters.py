"""Strips the characters that nobody sees: they break words apart, and hide instructions."""

import re
import unicodedata

# Written as escapes throughout: an editor shows none of these.
_LINE_ENDS = re.compile("\r\n?|[\v\f\x1c-\x1e\x85\u2028]")
_SPACES = re.compile("[\t\x1f\xa0\u1680\u2000-\u200a\u202f\u205f\u3000]")
_UNSEEN = re.compile(
    r"\x1b\[[0-?]*[ -/]*[@-~]"  # what colours a terminal, whole
    "|["
    "\x00-\x08\x0e-\x1b\x7f-\x84\x86-\x9f"  # control characters
    "\u061c\u200e\u200f\u202a-\u202e\u2066-\u206f"  # bidi controls
    "\xad\u034f\u180e\u200b\u2060-\u2065\u3164\ufeff\uffa0"  # of no width
    "\ufff9-\ufffb\U0001d173-\U0001d17a"  # annotation and music formatting
    "\ud800-\udfff\ufdd0-\ufdef\ufffe\uffff"  # lone surrogates and noncharacters
    "\U000e0000-\U000e007f"  # tags
    "]"
)

_JOINED_SCRIPTS = "\u0600-\u18af\u1980-\u1cff\ua800-\uabff\U00010a00-\U00011fff"
_EMOJI = "\u2190-\u2bff\ufe0f\U0001f000-\U0001faff"
_SELECTORS = "\ufe00-\ufe0f\U000e0100-\U000e01ef"
_STRAY = re.compile(
    # Joiners belong between the letters of a few scripts, and between emoji.
    f"(?<![{_JOINED_SCRIPTS}{_EMOJI}])[\u200c\u200d]"
    f"|(?<=[{_EMOJI}])[\u200c\u200d](?![{_EMOJI}])"
    # A variation selector belongs after one symbol; runs of them spell hidden bytes.
    f"|(?:^|(?<=[\\sA-Za-z\xc0-\u052f\u200c\u200d{_SELECTORS}]))[{_SELECTORS}]"
)


def strip_unseen(text: str) -> tuple[str, int]:
    r"""Return the text, and how many characters were stripped from it.

    What is left is in NFC, with every line end as \n and every space as U+0020.
    """
    if text.isascii() and text.replace("\n", "").isprintable():
        return text, 0
    text = _LINE_ENDS.sub("\n", text).replace("\u2029", "\n\n")
    text, unseen = _UNSEEN.subn("", _SPACES.sub(" ", text))
    text, stray = _STRAY.subn("", text)
    return unicodedata.normalize("NFC", text), unseen + stray
