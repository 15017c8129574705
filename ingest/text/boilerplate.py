"""Recognises boilerplate: calls to action, share bars, notices, links to other stories.

A story may be full of imperatives too: how-to, advice, slogans. So a call to action must name
what only an outlet offers (its newsletter, its channel, its comments), and must report nothing.
"""

import re
import tomllib
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from importlib import resources
from typing import Any

from ingest.text.sentences import has_full_stop, split_sentences

LONGEST_PROMOTION_CHARS = 400
LONGEST_HEADLINE_CHARS = 150
FEWEST_HEADLINE_WORDS = 5
FEWEST_HEADLINE_CHARS = 10
"""Of a script that does not divide words."""

_LONGEST_PHRASE_CHARS = 70
_LONGEST_PREPOSITION_CHARS = 3
_LONGEST_TAIL_CHARS = 600
_MOST_DROPPED = 1 / 3
"""Headlines are dropped only while they are at most this share of the story's characters."""

_LEADING = ("promotion", "pointer to other stories")
"""Behind these stand headlines of other stories; behind an advertisement, the story goes on."""

_CUT_OFF = (*_LEADING, "copyright line")
"""What is cut off the end of a paragraph: a word such as "Share." may be its last sentence."""

_NO_HEADLINE = re.compile(
    r"[\"'“‘”’„«»「『–—•*·‣-]|\(?\d{1,3}[.)]\s|\w{1,2}\s?[:：]|.*\d\s?[-–:]\s?\d"
)
"""Quotations, items of a list, questions and answers, results."""

_AS_PROSE = re.compile(
    r"(?:the|an?|and|but|or|so|he|she|it|they|we|i|his|her|their|our|my|this|that|there)\b",
    re.IGNORECASE,
)
"""How prose and verse begin, and few headlines."""

_QUOTES = tuple("\"“‘'«„「『")
_WORD = re.compile(r"\w+")
_SENTENCE_BREAK = re.compile(r"(?<=[.!?…])\s")
_LEADS_TO = re.compile(r"[^\w\s:|»>→]*\s?(?:[:|»>→]|[–—-]\s)")
_SEPARATOR = re.compile(r"[:：|»>→]\s*|\s[–—-]\s")
_SHARING = re.compile(r"\b(?:share|tweet|print)\b", re.IGNORECASE)
_IN_PROSE = re.compile(r",|\band\b|\bor\b", re.IGNORECASE)
_ALIKE = str.maketrans("’‘ʼ`ı", "''''i")
_PART = re.compile(r"<(\w+)>")


@dataclass(frozen=True, slots=True)
class Removed:
    """A paragraph that was cut off, and the reason."""

    text: str
    reason: str


def cut_boilerplate(paragraphs: list[str]) -> tuple[list[str], list[Removed]]:
    """Divide the paragraphs of an article into the story and the boilerplate.

    A call to action is cut wherever it stands. Lines like headlines of other stories are cut
    only behind one, or behind a link to other stories, at the end, and never much of a text. The
    last paragraph is judged by its sentences too, for texts that have lost their line breaks.
    """
    story, removed = _divide(paragraphs)
    if not story:
        return paragraphs, []
    if cut := _cut_off_end(story[-1], before=sum(map(len, story[:-1]))):
        story[-1] = story[-1].removesuffix(cut).rstrip()
        removed.append(Removed(cut, "promotion at the end of a paragraph"))
    return story, removed


def why_not_story(paragraph: str) -> str:
    """Return what kind of boilerplate a paragraph is; "" if it may be part of the story."""
    if len(paragraph) > LONGEST_PROMOTION_CHARS or paragraph.startswith(_QUOTES):
        return ""
    why = _kind_of_line(paragraph) or ("promotion" if _is_call(paragraph) else "")
    return why if why and _is_all_boilerplate(paragraph, why) else ""


def _divide(pieces: list[str], before: int = 0) -> tuple[list[str], list[Removed]]:
    """Divide paragraphs, or sentences of one with so many characters of story before them."""
    reasons = [why_not_story(piece) for piece in pieces]
    for position in _headlines_behind_promotion(pieces, reasons, before):
        reasons[position] = "headline of another story"
    pairs = list(zip(pieces, reasons, strict=True))
    return [p for p, why in pairs if not why], [Removed(p, why) for p, why in pairs if why]


def _cut_off_end(paragraph: str, before: int) -> str:
    """Return what to cut off a paragraph: a promotion and all behind it, if story is before it."""
    end = paragraph[-_LONGEST_TAIL_CHARS:]
    spans = split_sentences(end)[len(end) < len(paragraph) :]
    pieces = [end[start:stop] for start, stop in spans]
    if not pieces or not (why_not_story(pieces[-1]) or _is_headline(pieces[-1])):
        return ""
    kept, cut = _divide(pieces, before + len(paragraph) - len(end))
    first = len(kept)
    behind_story = kept and cut and kept == pieces[:first]
    return end[spans[first][0] :] if behind_story and cut[0].reason in _CUT_OFF else ""


def _is_all_boilerplate(paragraph: str, why: str) -> bool:
    """Whether no story goes on behind a notice, in texts that have lost their line breaks."""
    behind = () if why in _LEADING else split_sentences(paragraph)[1:]
    sentences = [paragraph[begin:end] for begin, end in behind]
    to_readers = _rules().to_readers
    return all(to_readers.search(sentence) or _kind_of_line(sentence) for sentence in sentences)


def _headlines_behind_promotion(
    paragraphs: list[str], reasons: list[str], before: int
) -> list[int]:
    begin = len(paragraphs)
    while begin and (reasons[begin - 1] or _is_headline(paragraphs[begin - 1])):
        begin -= 1
    while begin < len(paragraphs) and reasons[begin] not in _LEADING:
        begin += 1
    headlines = [at for at in range(begin, len(paragraphs)) if not reasons[at]]
    story = [p for p, why in zip(paragraphs[:begin], reasons[:begin], strict=True) if not why]
    dropped = sum(len(paragraphs[at]) for at in headlines)
    as_prose = sum(1 for at in headlines if _AS_PROSE.match(paragraphs[at]))
    if (
        dropped > _MOST_DROPPED * (before + sum(map(len, story)))
        or not any(map(has_full_stop, story))
        or as_prose * 2 >= max(1, len(headlines))
    ):
        return []
    return headlines


def _is_headline(paragraph: str) -> bool:
    words = paragraph.split()
    return (
        len(paragraph) <= LONGEST_HEADLINE_CHARS
        and (
            len(words) >= FEWEST_HEADLINE_WORDS
            or (paragraph.lower() == paragraph.upper() and len(paragraph) >= FEWEST_HEADLINE_CHARS)
        )
        and not has_full_stop(paragraph)
        and not _NO_HEADLINE.match(paragraph)
    )


def _kind_of_line(paragraph: str) -> str:
    """Return what kind of line of the page's own a paragraph is; "" if it is none."""
    line = _plain(paragraph[:_LONGEST_PHRASE_CHARS])
    if _rules().copyright.match(paragraph) or _is_rights(line):
        return "copyright line"
    if _is_notice(paragraph, line):
        return "notice of the page"
    if _is_share_bar(paragraph, line):
        return "share bar"
    return "pointer to other stories" if _is_pointer(paragraph, line) else ""


def _is_rights(line: str) -> bool:
    phrase = _rules().rights.opening(line)
    return phrase != "" and not line[len(phrase) :].lstrip()[:1].isalpha()


def _is_notice(paragraph: str, line: str) -> bool:
    rules = _rules()
    if len(paragraph) <= _LONGEST_PHRASE_CHARS and line in rules.labels.language_of:
        return True
    if rules.notice.fullmatch(paragraph):
        return True
    if phrase := rules.notices.opening(line):
        return not _reports(paragraph, rules.notices.language_of[phrase])
    return rules.notice_to_users.match(paragraph) is not None and not _reports(paragraph)


def _is_share_bar(paragraph: str, line: str) -> bool:
    rules = _rules()
    if rules.share_bar.fullmatch(paragraph):
        listed = sum(word in rules.networks for word in _WORD.findall(line)) > 1
        in_prose = _IN_PROSE.search(paragraph) is not None
        return (listed and not in_prose) or _SHARING.search(paragraph) is not None
    phrase = rules.shares.opening(line)
    others = [word for word in _WORD.findall(line[len(phrase) :]) if word not in rules.networks]
    prepositions = all(len(word) <= _LONGEST_PREPOSITION_CHARS for word in others)
    return phrase != "" and (line == phrase or (len(others) < 2 and prepositions))


def _is_pointer(paragraph: str, line: str) -> bool:
    """A pointer stands alone, or before a headline, which has no full stop and a capital."""
    if has_full_stop(paragraph.rstrip(": ：")):
        return False
    if _rules().pointer.fullmatch(paragraph):
        return True
    phrase = _rules().pointers.opening(line)
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


def _is_call(paragraph: str) -> bool:
    """Whether a paragraph is a call to action, and each of its sentences speaks to readers."""
    sentences = _SENTENCE_BREAK.split(paragraph)
    calls = [sentence for sentence in sentences if _is_english_call(sentence, paragraph)]
    to_readers = _rules().to_readers
    return (
        bool(calls)
        and all(sentence in calls or to_readers.search(sentence) for sentence in sentences)
        and not _reports(paragraph)
    ) or _is_foreign_call(paragraph, sentences)


def _is_english_call(sentence: str, paragraph: str) -> bool:
    rules = _rules()
    if not rules.imperative.match(sentence):
        return False
    return rules.whole_call.match(sentence) is not None or any(
        opening.match(sentence) and offer.search(paragraph) for opening, offer in rules.offers
    )


def _is_foreign_call(paragraph: str, sentences: Sequence[str]) -> bool:
    rules = _rules()
    line = _plain(paragraph)
    phrase = rules.calls.opening(line) or rules.calls.ending(line)
    if not phrase or _reports(paragraph, language := rules.calls.language_of[phrase]):
        return False
    offers = [*map(_plain, rules.languages[language].get("offers", ())), *rules.networks - {"x"}]
    return line == phrase or all(
        any(offer in _plain(sentence) for offer in offers) for sentence in sentences
    )


def _reports(paragraph: str, language: str = "en") -> bool:
    """Whether a paragraph reports what somebody said or did, so that it belongs to the story."""
    if language == "en":
        return _rules().reports.search(paragraph) is not None
    line = f" {_plain(paragraph)}"
    return any(f" {_plain(word)}" in line for word in _rules().languages[language]["reports"])


def _plain(text: str) -> str:
    """Return a text as phrases are compared: small, without accents and the marks around it."""
    if text.isascii():
        small = text.lower()
    else:
        apart = unicodedata.normalize("NFKD", text.casefold().translate(_ALIKE))
        small = "".join(c for c in apart if not unicodedata.combining(c))
    begin, end = 0, len(small)
    while begin < end and not small[begin].isalnum():
        begin += 1
    while end > begin and not small[end - 1].isalnum():
        end -= 1
    return small[begin:end]


class _Phrases:
    """The phrases of one kind in all languages, longest first."""

    def __init__(self, languages: Mapping[str, Mapping[str, list[str]]], kind: str) -> None:
        phrases = {
            _plain(p): name for name, words in languages.items() for p in words.get(kind, ())
        }
        self.language_of = {p: phrases[p] for p in sorted(phrases, key=len, reverse=True)}
        self._all = tuple(self.language_of)

    def opening(self, line: str) -> str:
        """Return the longest phrase that a plain line begins with, "" if with none."""
        if not line.startswith(self._all):
            return ""
        return next(
            (p for p in self._all if line.startswith(p) and not line[len(p) :][:1].isalnum()), ""
        )

    def ending(self, line: str) -> str:
        """Return the longest phrase that a plain line ends with, "" if with none."""
        if not line.endswith(self._all):
            return ""
        return next(
            (p for p in self._all if line.endswith(p) and not line[: -len(p)][-1:].isalnum()), ""
        )


class _Rules:
    """What phrases.toml holds, compiled."""

    def __init__(self, data: Mapping[str, Any]) -> None:
        self.languages: dict[str, dict[str, list[str]]] = data["languages"]
        self.networks = frozenset(data["networks"])
        self.labels = _Phrases(self.languages, "labels")
        self.shares = _Phrases(self.languages, "shares")
        self.rights = _Phrases(self.languages, "rights")
        self.notices = _Phrases(self.languages, "notices")
        self.pointers = _Phrases(self.languages, "pointers")
        self.calls = _Phrases(self.languages, "calls")
        english = data["english"]
        self._parts: dict[str, str] = {}
        for name, alternatives in english["parts"].items():
            self._parts[name] = self._alternatives(alternatives)
        self.copyright = self._compile("{}", english["copyright"])
        self.notice = self._compile(r"\W*{}\W*", english["notices"])
        self.notice_to_users = self._compile(r"\W*{}", english["notices_to_users"])
        self.pointer = self._compile(r"\W*{}", english["pointers"])
        self.share_bar = self._compile(r"(?:\W*\b{}\b)+\W*", english["share_bar"])
        self.reports = self._compile(r"\b{}\b", english["reports"])
        self.to_readers = self._compile("{}", english["to_readers"])
        # The lead-ins are few and atomic: one text divides into them in a great many ways.
        opening = rf"\W*(?>{self._alternatives(english['lead_ins'])}\W*+){{0,3}}+{{}}"
        self.imperative = self._compile(opening, english["imperatives"])
        self.whole_call = self._compile(opening, english["whole_calls"])
        self.offers = [
            (self._compile(opening, call["verbs"]), self._compile(r"(?<!\w){}", call["offers"]))
            for call in english["calls"]
        ]

    def _compile(self, template: str, alternatives: Sequence[str]) -> re.Pattern[str]:
        pattern = template.replace("{}", self._alternatives(alternatives))
        return re.compile(pattern, re.IGNORECASE)

    def _alternatives(self, patterns: Sequence[str]) -> str:
        """Join patterns, with the parts that they name put in."""
        return f"(?:{_PART.sub(lambda part: self._parts[part[1]], '|'.join(patterns))})"


@cache
def _rules() -> _Rules:
    file = resources.files("ingest.text").joinpath("phrases.toml")
    return _Rules(tomllib.loads(file.read_text("utf-8")))
