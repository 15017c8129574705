"""Divides an e-mail into what it says and what is attached to it."""

from collections.abc import Iterable
from dataclasses import dataclass
from email.message import Message
from itertools import chain

from ingest.errors import IngestError
from ingest.readers.html import parse_page
from ingest.readers.mail import file_name, parts_of, payload, root_of
from ingest.readers.replies import letter_paragraphs
from ingest.text.decode import decode

_HTML = "text/html"
_TEXTS = ("text/plain", _HTML)
_FAR_SHORTER = 2
"""So many times over, and a text says in full what its shorter twin only announces."""


@dataclass(frozen=True, slots=True)
class Letter:
    """What an e-mail, or a part of one, is made of."""

    paragraphs: tuple[str, ...] = ()
    attached: tuple[Message, ...] = ()
    notes: tuple[str, ...] = ()
    problems: tuple[str, ...] = ()
    """Why parts of its text could not be read."""


def open_letter(part: Message) -> Letter:
    """Return all that stands in a letter for a person to read, in order, and its attachments.

    Of a text and the same as a page, the text is taken, unless the page says far more.
    """
    if parts := parts_of(part):
        if part.get_content_subtype() == "alternative":
            return _fullest([open_letter(child) for child in parts])
        if part.get_content_subtype() == "related":
            return _of_page(part)
        return _together(_beside(child) for child in parts)
    # One that is called multipart and has no parts is a text, and its headers are wrong.
    if part.get_content_type() in _TEXTS or part.get_content_maintype() == "multipart":
        return _text(part)
    return Letter(attached=(part,))


def _beside(part: Message) -> Letter:
    """Open a part that stands beside others: a file among them is none of the letter's text."""
    is_text = part.get_content_type() in _TEXTS
    if is_text and (part.get_content_disposition() == "attachment" or file_name(part)):
        return Letter(attached=(part,))
    return open_letter(part)


def _text(part: Message) -> Letter:
    try:
        text, notes = _shown(part)
    except IngestError as error:
        return Letter(problems=(str(error),))
    return Letter(tuple(letter_paragraphs(text)), notes=notes)


def _shown(part: Message) -> tuple[str, tuple[str, ...]]:
    """Return the text of a part as a person is shown it, and notes on its encoding."""
    data, charset = payload(part), part.get_content_charset()
    if part.get_content_type() != _HTML or not data.strip():
        decoded = decode(data, charset)
        return decoded.text, decoded.notes
    from ingest.html.elements import visible_text
    from ingest.html.hidden import remove_hidden

    page, notes = parse_page(data, charset)
    remove_hidden(page)
    return visible_text(page), notes


def _fullest(alternatives: list[Letter]) -> Letter:
    chosen = Letter()
    for letter in alternatives:
        if not chosen.paragraphs or _length(letter) > _FAR_SHORTER * _length(chosen):
            chosen = letter
    attached = chain.from_iterable(letter.attached for letter in alternatives)
    return Letter(chosen.paragraphs, tuple(attached), chosen.notes, chosen.problems)


def _length(letter: Letter) -> int:
    """Return how many characters a letter has in words; addresses say nothing."""
    words = (word for paragraph in letter.paragraphs for word in paragraph.split())
    return sum(len(word) for word in words if "://" not in word)


def _of_page(related: Message) -> Letter:
    """Open a page with what belongs to it: its pictures are no attachments, files are."""
    root = root_of(related)
    others = (p for p in parts_of(related) if p is not root and p.get_content_maintype() != "image")
    attached = tuple(part for part in others if file_name(part))
    return _together([open_letter(root), Letter(attached=attached)])


def _together(letters: Iterable[Letter]) -> Letter:
    kept = list(letters)
    return Letter(
        tuple(chain.from_iterable(letter.paragraphs for letter in kept)),
        tuple(chain.from_iterable(letter.attached for letter in kept)),
        tuple(chain.from_iterable(letter.notes for letter in kept)),
        tuple(chain.from_iterable(letter.problems for letter in kept)),
    )
