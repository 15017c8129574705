"""Recognises what a page adds to a story: calls to action, share bars, links to other stories."""

import re
from dataclasses import dataclass

from ingest.text.calls import is_call, is_for_reader
from ingest.text.notices import why_page_line
from ingest.text.paragraphs import has_full_stop
from ingest.text.sentences import split_sentences

LONGEST_PROMOTION_CHARS = 400
LONGEST_HEADLINE_CHARS = 150
FEWEST_HEADLINE_WORDS = 5
FEWEST_HEADLINE_CHARS = 10
"""Of a script that does not divide words."""

_LONGEST_TAIL_CHARS = 600
_MOST_DROPPED = 1 / 3
"""Headlines are dropped only while they are at most this share of the story's characters."""

_LEADING = ("promotion", "pointer to other stories")
"""Behind these stand headlines of other stories; behind an advertisement, the story goes on."""

_CUT_OFF = (*_LEADING, "copyright line")
"""What is cut off the end of a paragraph: a word such as "Share." may be its last sentence."""

_NO_HEADLINE = re.compile(
    r"[\"'“”‘’„«»「『–—•*·‣-]|\(?\d{1,3}[.)]\s|\w{1,2}\s?[:：]|.*\d\s?[-–:]\s?\d"
)
"""Quotations, items of a list, questions and answers, results."""

_AS_PROSE = re.compile(
    r"(?:the|an?|and|but|or|so|he|she|it|they|we|i|his|her|their|our|my|this|that|there)\b",
    re.IGNORECASE,
)
"""How prose and verse begin, and few headlines."""

_QUOTES = tuple("\"“‘'«„「『")


@dataclass(frozen=True, slots=True)
class Removed:
    """A paragraph that was cut off, and the reason."""

    text: str
    reason: str


def cut_boilerplate(paragraphs: list[str]) -> tuple[list[str], list[Removed]]:
    """Divide the paragraphs of an article into the story and what was added to it.

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


def why_not_story(paragraph: str) -> str:
    """Return what a paragraph is instead of part of a story; "" if nothing says so."""
    if len(paragraph) > LONGEST_PROMOTION_CHARS or paragraph.startswith(_QUOTES):
        return ""
    why = why_page_line(paragraph) or ("promotion" if is_call(paragraph) else "")
    return why if why and _is_all_added(paragraph, why) else ""


def _is_all_added(paragraph: str, why: str) -> bool:
    """Tell whether no story goes on behind a notice, in texts that have lost their line breaks."""
    behind = () if why in _LEADING else split_sentences(paragraph)[1:]
    sentences = [paragraph[begin:end] for begin, end in behind]
    return all(is_for_reader(sentence) or why_page_line(sentence) for sentence in sentences)


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
