"""Reduces a text to the story: visible characters, in paragraphs, without what a page adds."""

import re
import unicodedata
from dataclasses import dataclass

from ingest.dates.find import is_dateline
from ingest.text.boilerplate import Removed, cut_boilerplate
from ingest.text.editors import cut_editors_notes
from ingest.text.sentences import has_full_stop, split_paragraphs

LONGEST_TITLE_CHARS = 200
_CLOSING_ACRONYM = re.compile(r"\b(?:[A-Z]\.){2,}$")
_BYLINE = re.compile(r"[Bb][Yy] [^\W\d_a-z]")
_LINE_OF_PAGE = re.compile(
    r".*(?:[>»›|@]| / |\b\d+ min(?:ute)?s? read\b|\b\d+ (?:min(?:ute)?|hour|hr|day)s? ago\b)"
    r"|.*\b(?:editor|reporter|correspondent|columnist|staff writer)$",
    re.IGNORECASE,
)
_MOST_LINES_ABOVE = 5
_MOST_LABEL_WORDS = 3
_NOT_WORD = re.compile(r"[\W_]+")

# Written as escapes throughout: an editor shows none of these.
_LINE_ENDS = re.compile("\r\n?|[\v\f\x1c-\x1e\x85\u2028]")
_SPACES = re.compile("[\t\x1f\xa0\u1680\u2000-\u200a\u202f\u205f\u2800\u3000]")
_NEVER_SEEN = (
    "\x00-\x08\x0e-\x1b\x7f-\x84\x86-\x9f"  # control characters
    "\u061c\u200e\u200f\u202a-\u202e\u2066-\u206f"  # bidi controls
    "\xad\u034f\u115f\u1160\u17b4\u17b5\u2060-\u2065\u3164\ufeff\uffa0"  # of no width
    "\ufff0-\ufffb\U0001bca0-\U0001bca3\U0001d173-\U0001d17a"  # annotation and formatting
    "\ud800-\udfff\ufdd0-\ufdef\ufffe\uffff"  # lone surrogates and noncharacters
    "\U000e0000-\U000e00ff\U000e01f0-\U000e0fff"  # tags, and what is kept free for more
)
_FLAG_END = "\U000e007f"
_FLAG = (
    "\U0001f3f4\U000e0067\U000e0062"
    "(?:\U000e0065\U000e006e\U000e0067|\U000e0073\U000e0063\U000e0074|\U000e0077\U000e006c\U000e0073)"
    f"{_FLAG_END}"
)
"""Of England, Scotland or Wales, spelled in tags: in other words there could be a message."""

_UNSEEN = re.compile(rf"({_FLAG})|\x1b\[[0-?]*[ -/]*[@-~]|[{_NEVER_SEEN}]")
"""Among them, whole, what colours a terminal."""

_JOINERS = "\u200c\u200d"
_JOINED_SCRIPTS = "\u0600-\u18af\u1980-\u1cff\ua800-\uabff\U00010a00-\U00011fff"
_UNSPACED_SCRIPTS = "\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff"
_EMOJI = "\u2190-\u2bff\ufe0f\U0001f000-\U0001faff"
_MONGOLIAN_SELECTORS = "\u180b-\u180f"
_SELECTORS = "\ufe00-\ufe0f\U000e0100-\U000e01ef"
_STRAY = re.compile(
    # Joiners belong between the letters of a few scripts, and between emoji.
    f"(?<![{_JOINED_SCRIPTS}{_EMOJI}])[{_JOINERS}]"
    f"|(?<=[{_EMOJI}])[{_JOINERS}](?![{_EMOJI}])"
    # A space of no width belongs between words where no other is written: search needs it there.
    f"|(?<![{_UNSPACED_SCRIPTS}])\u200b|\u200b(?![{_UNSPACED_SCRIPTS}])"
    # A variation selector belongs after one symbol; runs of them spell hidden bytes.
    f"|(?<![\u1820-\u18aa])[{_MONGOLIAN_SELECTORS}]"
    f"|(?:^|(?<=[\\sA-Za-z\xc0-\u052f{_JOINERS}{_MONGOLIAN_SELECTORS}{_SELECTORS}]))[{_SELECTORS}]"
)
_LIGATURES = "\ufb00-\ufb06"
_LIGATURE = re.compile(f"[{_LIGATURES}]")
_RARE = re.compile(f"[{_NEVER_SEEN}\u200b{_JOINERS}{_MONGOLIAN_SELECTORS}{_SELECTORS}{_LIGATURES}]")
"""What the slower patterns look for; in most texts there is none of it."""


@dataclass(frozen=True, slots=True)
class Cleaned:
    """The story, as it is stored: paragraphs of one line each, with a blank line between."""

    text: str
    title: str | None
    """The one given, else the headline found at the top, which is then no part of the text."""

    removed: tuple[Removed, ...] = ()
    stripped: int = 0
    """How many characters that nobody sees were taken out."""


def clean(text: str, title: str | None = None) -> Cleaned:
    """Clean a text; cleaning the result again, with its title, changes nothing."""
    seen, stripped = strip_unseen(text)
    for_readers, for_editors = cut_editors_notes(split_paragraphs(seen))
    paragraphs, removed = cut_boilerplate(for_readers)
    title = clean_line(title or "") or None
    if title is None and (position := _headline_position(paragraphs)) is not None:
        title = paragraphs.pop(position)
    while title and len(paragraphs) > 1 and _same(paragraphs[0], title):
        del paragraphs[0]
    return Cleaned("\n\n".join(paragraphs), title, (*for_editors, *removed), stripped)


def clean_line(text: str) -> str:
    """Clean what is shown on one line: a title, the name of a source."""
    return " ".join(strip_unseen(text)[0].split())


def _headline_position(paragraphs: list[str]) -> int | None:
    """Return where the headline stands: at the top, or below a byline or dateline there.

    A section, a name or a breadcrumb is passed over only for a better line below it.
    """
    passed = None
    for position, paragraph in enumerate(paragraphs[:-1]):
        if is_dateline(paragraph) or _BYLINE.match(paragraph):
            continue
        if position > _MOST_LINES_ABOVE or not _is_title(paragraph, paragraphs[position + 1 :]):
            break
        if not _is_label(paragraph):
            return position
        passed = position if passed is None else passed
    return passed


def _is_title(paragraph: str, story: list[str]) -> bool:
    """A headline is short, has no full stop, and stands above something longer."""
    closed = has_full_stop(paragraph) and not _CLOSING_ACRONYM.search(paragraph)
    return (
        not closed
        and len(paragraph) <= LONGEST_TITLE_CHARS
        and any(map(str.isalpha, paragraph))
        and any(len(following) > len(paragraph) for following in story)
    )


def _is_label(line: str) -> bool:
    words = line.replace("(", "").split()
    capitals = all(word[0].isupper() or word[0].isdigit() for word in words)
    return (len(words) <= _MOST_LABEL_WORDS and capitals) or _LINE_OF_PAGE.match(line) is not None


def _same(paragraph: str, title: str) -> bool:
    return _plain(paragraph) == _plain(title)


def _plain(line: str) -> str:
    return _NOT_WORD.sub(" ", line).strip().casefold()


def strip_unseen(text: str) -> tuple[str, int]:
    r"""Return the text, and how many characters were stripped from it.

    What is left is in NFC, with every line end as \n, every space as U+0020, and as letters the
    ligatures that a PDF is typeset in.
    """
    if text.isascii() and text.replace("\n", "").isprintable():
        return text, 0
    text = _SPACES.sub(" ", _LINE_ENDS.sub("\n", text).replace("\u2029", "\n\n"))
    stripped = 0
    if _RARE.search(text):
        text, unseen = _UNSEEN.subn(r"\1", text)
        text, stray = _STRAY.subn("", text)
        text = _LIGATURE.sub(_to_letters, text)
        stripped = unseen - text.count(_FLAG_END) + stray
    return unicodedata.normalize("NFC", text), stripped


def _to_letters(ligature: re.Match[str]) -> str:
    return unicodedata.normalize("NFKC", ligature[0])
