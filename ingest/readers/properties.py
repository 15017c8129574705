"""Tells what a person wrote into the properties of a document from what its program did."""

import re

_PROGRAM_TITLE = re.compile(
    r"\(?(?:untitled|unnamed|unspecified|anonymous|no title)\)?"
    r"|(?:document|dokument|presentation|slide) ?\d{0,4}|powerpoint presentation"
    r"|microsoft (?:word|powerpoint|excel|publisher)\b.*"
    r"|.*\.(?:docx?|docm|indd|qxp|pdf|pages|odt|rtf|txt|pptx?)"
    r"|(?:press|news|media) release|pressemitteilung",
    re.IGNORECASE,
)
"""Also what templates are called."""

_PROGRAM_AUTHOR = re.compile(
    r"\(?(?:anonymous|unknown|unspecified|author|none)\)?"
    r"|(?:microsoft|windows|office|home|default)?[ -]*(?:office )?user|microsoft(?: corporation)?"
    r"|admin|administrator|root|owner|python-docx|apache poi|un-named",
    re.IGNORECASE,
)


def written_title(title: object) -> str | None:
    """Return a title, unless it is empty or the work of a program."""
    return _written(title, _PROGRAM_TITLE)


def written_author(author: object) -> str | None:
    """Return an author, unless that is nobody, or a program."""
    return _written(author, _PROGRAM_AUTHOR)


def _written(value: object, by_programs: re.Pattern[str]) -> str | None:
    text = " ".join(str(value or "").split())
    return text if text and not by_programs.fullmatch(text) else None
