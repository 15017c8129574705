"""Cuts what is written for editors and not for readers: notes, contacts, what is not for print."""

import re

from ingest.text.boilerplate import Removed

_END = re.compile(r"\W*(?:(?-i:ENDS?)|[-–—*]+\s*ends?\s*[-–—*]+|#\s*#\s*#|-\s*30\s*-)\W*", re.I)
_NOTES = re.compile(r"\W*notes?\s+(?:to|for)\s+(?:the\s+)?(?:news\s+)?editors?\W*", re.I)
_NOTE = re.compile(
    r"\W*(?:notes?\s+(?:to|for)\s+(?:the\s+)?editors?|attention\W+editors?|(?-i:EDS|Eds|EDITORS))"
    r"\s*[:—–-]",
    re.I,
)
_CONTACT_WORDS = r"(?:(?:media|press|news)\s+)?(?:contacts?|enquiries|inquiries)(?:\s+details)?"
_CONTACTS = re.compile(
    rf"\W*(?:{_CONTACT_WORDS}|for\s+(?:further|more)\s+information(?:,?\s+please\s+contact)?)\W*",
    re.I,
)
_CONTACT = re.compile(
    rf"\W*(?:{_CONTACT_WORDS}\s*:|for\s+(?:further|more|media|press)\s+"
    r"(?:information|details|enquiries|inquiries)\b[^.]{0,60}\b(?:contact|call|e-?mail)\b)",
    re.I,
)
_REACHED_AT = re.compile(r"\S@\S+\.\w|(?:\+|\b0|\(0)\d[\d\s()/.-]{6,}\d|\btel\b", re.I)
_LONGEST_CONTACT_CHARS = 200
_NOT_FOR_PRINT = re.compile(
    r"[\W_]*(?:strictly\s+)?(?:(?-i:NOT FOR PUBLICATION)|not\s+for\s+publication(?=\W*(?:$|:|\])))"
    r"(?P<rest>.*)",
    re.I | re.DOTALL,
)
_PRINT_AGAIN = re.compile(
    r"\W*(?:end(?:s|ed)?\s+(?:of\s+)?)?(?:not\s+for\s+publication|for\s+publication)\s*(?:ends?)?\W*",
    re.I,
)


def cut_editors_notes(paragraphs: list[str]) -> tuple[list[str], list[Removed]]:
    """Divide the paragraphs of an article into those for readers and those for editors."""
    story: list[str] = []
    removed: list[Removed] = []
    at = 0
    while at < len(paragraphs):
        end, reason = _block(paragraphs, at) if story else (at, "")
        removed += [Removed(paragraph, reason) for paragraph in paragraphs[at:end]]
        if end == at:
            story.append(paragraphs[at])
        at = max(end, at + 1)
    return story, removed


def _block(paragraphs: list[str], at: int) -> tuple[int, str]:
    """Return where a block for editors ends that begins here, and what it is; `at` for none."""
    paragraph = paragraphs[at]
    if _END.fullmatch(paragraph) or _NOTES.fullmatch(paragraph):
        return len(paragraphs), "notes to editors"
    if _NOTE.match(paragraph):
        return at + 1, "note to editors"
    if match := _NOT_FOR_PRINT.fullmatch(paragraph):
        if any(map(str.isalnum, match["rest"])):
            return at + 1, "not for publication"
        closing = (
            place + 1
            for place in range(at + 1, len(paragraphs))
            if _PRINT_AGAIN.fullmatch(paragraphs[place])
        )
        return next(closing, len(paragraphs)), "not for publication"
    if _CONTACT.match(paragraph) and len(paragraph) <= 2 * _LONGEST_CONTACT_CHARS:
        return at + 1, "contact"
    if _CONTACTS.fullmatch(paragraph):
        end = at + 1
        while end < len(paragraphs) and _is_contact(paragraphs[end]):
            end += 1
        return (end, "contact") if end > at + 1 else (at, "")
    return at, ""


def _is_contact(paragraph: str) -> bool:
    return len(paragraph) <= _LONGEST_CONTACT_CHARS and _REACHED_AT.search(paragraph) is not None
