"""Tells what a story reports from what a page says to its readers."""

import re

from ingest.text.page_words import LANGUAGES, PageWords
from ingest.text.phrases import plain

_ENGLISH = re.compile(
    r"\b(?:said|told|asked|wrote|according to|was|were|had|did|has been|have been|went|came|took"
    r"|rose|fell|began|sang|sings?|goes|runs|replie[sd]|crie[sd]|calls|called|posted|tweeted|closed"
    r"|named|reported|reads(?! like)|read(?=[.,;:]|\W*$)"
    r"|(?:(?<!your )say|tell|add|urge|warn|beg|plead|order|argue|claim|insist|vow|demand|advise"
    r"|suggest|repeat|shout|chant|announce|laugh|promise|joke|write|ask|explain|admit)(?:s|e?d|ged)?"
    r"|and (?:you|he|she|it|they|we)|or (?:we|you|they|lose|die|leave))\b",
    re.IGNORECASE,
)


def is_told(paragraph: str, words: PageWords = LANGUAGES["en"]) -> bool:
    """Tell whether a paragraph reports what somebody said or did."""
    if words is LANGUAGES["en"]:
        return _ENGLISH.search(paragraph) is not None
    line = f" {plain(paragraph)}"
    return any(_begins_word(plain(word), line) for word in words.told.split(",") if word)


def _begins_word(beginning: str, line: str) -> bool:
    divided = beginning.lower() != beginning.upper()
    return (f" {beginning}" if divided else beginning) in line
