"""Recognises the lines a page has of its own: buttons, share bars, notices, links elsewhere."""

import re

from ingest.text.page_words import ENGLISH_NETWORKS, NETWORKS
from ingest.text.paragraphs import has_full_stop
from ingest.text.phrases import LONGEST_PHRASE_CHARS, Phrases, plain
from ingest.text.told import is_told

_LABELS = Phrases(lambda words: words.labels)
_SHARES = Phrases(lambda words: words.shares)
_RIGHTS = Phrases(lambda words: words.rights)
_NOTICES = Phrases(lambda words: words.notices)
_POINTERS = Phrases(lambda words: words.pointers)
_NETWORKS = frozenset(plain(network) for network in NETWORKS.split(",")) | {"x"}
_WORD = re.compile(r"\w+")
_LONGEST_PREPOSITION_CHARS = 3

_LEADS_TO = re.compile(r"[^\w\s:|»>→]*\s?(?:[:|»>→]|[–—-]\s)")
_SEPARATOR = re.compile(r"[:：|»>→]\s*|\s[–—-]\s")
_STORIES = (
    "(?:articles?|stories|story|news|posts?|topics?|tags?|reading|links|content|videos?|coverage"
    "|headlines|now|today|for you)"
)
_PLACE = r"(?: (?:on|in|from)(?: [\w.&'’-]+){1,3})?"
_POINTER = re.compile(
    rf"\W*(?:(?:related|recommended|more|trending|most (?:read|viewed|popular|shared)"
    rf"|editors?['’]?s?['’]? picks?)(?: {_STORIES}){{0,3}}{_PLACE}\s?:?"
    rf"|(?:similar|latest|top|popular|other)(?: {_STORIES}){{1,3}}{_PLACE}\s?:?"
    r"|more from(?: [\w.&'’-]+){1,5}:?|also (?:on|in|from)(?: [\w.&'’-]+){1,4}:"
    r"|(?:read|see|view) (?:the )?(?:full|original) (?:story|article|report)\b(?:[^.]|\.\w){0,60}"
    r"|(?:tags|topics|filed under|categories)\s?:.{0,160})",
    re.IGNORECASE,
)
_COPYRIGHT = re.compile(
    r"\W*(?:©|\(c\) ?\d{4}|copyright\W{1,3}(?:©|\(c\))"
    r"|copyright (?:by )?\d{4}(?:[–-]\d{2,4})?\b(?!,? (?-i:[a-z]))"
    r"|all rights reserved(?=\W*$|\.\s)"
    r"|this (?:material|article) may not be (?:published|re\w+|copied))"
    r"|.{0,120}[\d.,|©–—-] ?all rights reserved\W*$",
    re.IGNORECASE,
)
_COOKIES = (
    r"(?:we|this (?:web)?site|our (?:web)?site)(?: and our (?:\d+ )?partners)? uses? cookies"
    r"(?=\W*$|[.;]| (?:and (?:other|similar)|on|for|to (?:improve|give|ensure|offer|provide"
    r"|personali[sz]e|enhance|make|help|analy[sz]e|deliver|understand|store|collect|measure))\b)"
)
_TO_USERS = (
    r"we and our (?:\d+ )?partners (?:store|use|process)|this site is protected by recaptcha"
    r"|by (?:using|continuing|signing|subscribing|clicking|registering|submitting|creating)\b"
    r"[^.]{0,80}\byou (?:agree|accept|consent|acknowledge)"
)
_TO_USER = re.compile(rf"\W*(?:{_COOKIES}|{_TO_USERS})", re.IGNORECASE)
_NOTICE = re.compile(
    r"\W*(?:(?:advertisement\W+)?(?:(?:article|story|advertisement) continues (?:after|below)\b.*"
    r"|continue reading below|scroll (?:down )?(?:to continue|for more)\b.*)"
    r"|this (?:live )?(?:story|article|post|blog|page|report) (?:has been updated(?: with .*)?"
    r"|is (?:now closed|developing|no longer being updated)"
    r"|(?:is|will be) (?:being )?updated(?: (?:regularly|as|when|with|throughout|live|soon)\b.*)?"
    r"|is (?:only )?(?:available )?(?:to|(?:reserved )?for) (?:\w+ )?(?:subscribers|members)"
    r"(?: only)?)"
    r"|our standards:.*|\(?reporting by .{3,160}\b(?:editing|writing) by .*"
    r"|(?:(?:view|show|hide|see|load|all)(?: all)? )?(?:\d+ )?comments(?: ?\(\d+\)| \d+)?|1 comment"
    r"|you have \d+ (?:free )?(?:articles?|stories) (?:left|remaining)(?: this month)?"
    r"|to (?:continue|keep) reading\b.{0,60}\b(?:account|subscribe|register|log in|sign in)\b.{0,9}"
    r"|(?:subscribe|register|sign[ -]up|log in)(?: for free| now)? to (?:continue|read)\b.{0,30}"
    r"|listen to this (?:article|story)\W+[\d:]+(?: min\w*)?|\d{1,2} min(?:ute)?s? read"
    r"|add .{2,40} as a preferred source on google"
    r"|(?:photo|image|picture)s?(?: credit| by)?\s?[:/] ?(?-i:[A-Z])[\w&'’/-]*"
    r"(?: [\w&'’/-]+){0,4})\W*",
    re.IGNORECASE,
)
_SHARE_BAR = re.compile(
    rf"(?:\W*\b(?:share|tweet|print|{ENGLISH_NETWORKS.replace(',', '|')}"
    r"|x|\d+|e?mail|comments?|copy|link|save|on|via|this|article|story|post"
    r"|page|more|to|a|the|by|with|friends|and|or|clipboard|pin|bookmark|send)\b)+\W*",
    re.IGNORECASE,
)
_SHARING = re.compile(r"\b(?:share|tweet|print)\b", re.IGNORECASE)
_IN_PROSE = re.compile(r",|\band\b|\bor\b", re.IGNORECASE)


def why_page_line(paragraph: str) -> str:
    """Return what kind of line of the page's own a paragraph is; "" if it is none."""
    line = plain(paragraph[:LONGEST_PHRASE_CHARS])
    if _COPYRIGHT.match(paragraph) or _is_rights(line):
        return "copyright line"
    if _is_notice(paragraph, line):
        return "notice of the page"
    if _is_share_bar(paragraph, line):
        return "share bar"
    return "pointer to other stories" if _is_pointer(paragraph, line) else ""


def _is_rights(line: str) -> bool:
    phrase = _RIGHTS.opening(line)
    return phrase != "" and not line[len(phrase) :].lstrip()[:1].isalpha()


def _is_notice(paragraph: str, line: str) -> bool:
    if len(paragraph) <= LONGEST_PHRASE_CHARS and line in _LABELS.of:
        return True
    if _NOTICE.fullmatch(paragraph):
        return True
    phrase = _NOTICES.opening(line)
    if phrase:
        return not is_told(paragraph, _NOTICES.of[phrase])
    return _TO_USER.match(paragraph) is not None and not is_told(paragraph)


def _is_share_bar(paragraph: str, line: str) -> bool:
    if _SHARE_BAR.fullmatch(paragraph):
        words = _WORD.findall(line)
        named = sum(word in _NETWORKS for word in words)
        listed = named > 1 and not _IN_PROSE.search(paragraph)
        return listed or _SHARING.search(paragraph) is not None
    phrase = _SHARES.opening(line)
    others = [word for word in _WORD.findall(line[len(phrase) :]) if word not in _NETWORKS]
    return phrase != "" and (
        line == phrase or (len(others) < 2 and all(map(_is_preposition, others)))
    )


def _is_preposition(word: str) -> bool:
    return len(word) <= _LONGEST_PREPOSITION_CHARS


def _is_pointer(paragraph: str, line: str) -> bool:
    """A pointer stands alone, or before a headline, which has no full stop and a capital."""
    if has_full_stop(paragraph.rstrip(": ：")):
        return False
    if _POINTER.fullmatch(paragraph):
        return True
    phrase = _POINTERS.opening(line)
    if line == phrase:
        return not paragraph.endswith(("!", "?"))
    behind = _SEPARATOR.split(paragraph, maxsplit=1)[1:]
    headline = behind[0].lstrip("\"'“‘„«") if behind else ""
    return (
        phrase != ""
        and _LEADS_TO.match(line, len(phrase)) is not None
        and not headline[:1].islower()
        and any(map(str.isalpha, headline))
    )
