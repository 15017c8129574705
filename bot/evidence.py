"""Holds a sentence that a chat model wrote against the passages that it cites.

Nothing gets through that cites none of them, states a number, a date, a name or quoted words that
they do not say, denies what they say, or has little in common with them. What no rule here sees is
a true name beside the wrong verb: a reader has the quote for that.
"""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from itertools import pairwise

from bot.denials import is_turned_round
from bot.facts import Known, missing_facts, spaced_words, stems_of, telling_stems
from bot.markers import read_markers
from vectorstore.models import Hit, Span

CARRIED = 0.4
"""The least share of the telling words of a sentence that the passages it cites must say."""

CARRIES = 0.2
"""The least share that one of several cited passages must say, to stay cited."""

IDLE = 0.6
"""A passage that says at most so much of what the best one says is cited for nothing, unless a
number, a date or a name stands in it alone."""

FEWEST_WORDS = 2
"""Of telling words: a lone one, "Yes" or what an article told the model to say, states nothing."""

SECOND_SENTENCE = 0.15
"""The share that a sentence must add to the quote to be part of it."""

_INSTRUCTION = re.compile(
    r"\b(?:ignore|disregard|forget|override)\b.{0,40}\b(?:instructions?|prompts?|rules|above)\b"
    r"|\b(?:reply|respond|answer|say|output|print|write) (?:only|exactly|with|nothing but)\b",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Quote:
    """What carries a sentence in the passage of that number: `start` and `end` as in a citation."""

    number: int
    start: int
    end: int
    text: str


@dataclass(frozen=True, slots=True)
class Carried:
    """A sentence that may be shown, without its markers, and a quote for each that is right."""

    text: str
    quotes: tuple[Quote, ...]


@dataclass(frozen=True, slots=True)
class Rejected:
    """A sentence that may not be shown; the reason is for the log, and for the model."""

    text: str
    reason: str


def check(sentence: str, passages: Mapping[int, Hit]) -> Carried | Rejected:
    """Let a sentence through only if the passages that its markers name carry it."""
    text, numbers = read_markers(sentence)
    cited = {number: passages[number] for number in numbers if number in passages}
    if not cited:
        named = f"no passage has the number {numbers[0]}" if numbers else "it cites no passage"
        return Rejected(text, named)
    verbatim = [quote for number, hit in cited.items() if (quote := _verbatim(text, number, hit))]
    if verbatim:
        return Carried(text, tuple(verbatim))
    said = telling_stems(text)
    if len(said) < FEWEST_WORDS:
        return Rejected(text, "it is no whole sentence")
    return _held(text, said, cited)


def _held(text: str, said: frozenset[str], cited: Mapping[int, Hit]) -> Carried | Rejected:
    spoken = {number: stems_of(f"{hit.title} {hit.passage.text}") for number, hit in cited.items()}
    close = [n for n in cited if len(said & spoken[n]) >= CARRIES * len(said)]
    shared = said & frozenset[str]().union(*(spoken[number] for number in close))
    if len(shared) < CARRIED * len(said):
        return Rejected(text, f"{_listed(cited)} does not say this")
    known = [Known.of(cited[number]) for number in close]
    missing = next(missing_facts(text, known), None)
    if missing:
        return Rejected(text, f"{missing} does not stand in {_listed(close)}")
    kept = _without_idle(text, said, spoken, {n: Known.of(cited[n]) for n in close})
    quotes = tuple(_quote(said, number, cited[number]) for number in kept)
    if is_turned_round(text, [quote.text for quote in quotes]):
        return Rejected(text, f"{_listed(close)} says the contrary, or does not deny it")
    if all(_INSTRUCTION.search(quote.text) for quote in quotes) and not _INSTRUCTION.search(text):
        return Rejected(text, f"{_listed(close)} has it only as an instruction")
    return Carried(text, quotes)


def _without_idle(
    text: str,
    said: frozenset[str],
    spoken: Mapping[int, frozenset[str]],
    known: Mapping[int, Known],
) -> list[int]:
    """Drop passages that say much less of it than the best one, and no fact of it alone."""
    most = max(len(said & spoken[number]) for number in known)
    kept = list(known)
    for number in known:
        others = [other for other in kept if other != number]
        idle = len(said & spoken[number]) <= IDLE * most
        if idle and not any(missing_facts(text, [known[other] for other in others])):
            kept = others
    return kept


def _verbatim(text: str, number: int, hit: Hit) -> Quote | None:
    """Return the sentence of the passage that this is word for word, mark by mark or not."""
    words = spaced_words(text)
    if words not in Known.of(hit).words:
        return None
    spans = (span for span in hit.passage.sentences if spaced_words(_text(hit, span)) == words)
    return next((_quoted(number, hit, span) for span in spans), None)


def _quote(said: frozenset[str], number: int, hit: Hit) -> Quote:
    """Return the sentence that says most of it, or two that stand together and say much more."""
    sentences = hit.passage.sentences or ((hit.passage.start, hit.passage.end),)
    runs = [*sentences, *((one[0], other[1]) for one, other in pairwise(sentences))]
    least = SECOND_SENTENCE * len(said)

    def closeness(run: Span) -> tuple[float, int]:
        stems = stems_of(_text(hit, run))
        return len(said & stems) - least * (run not in sentences), -len(stems)

    return _quoted(number, hit, max(runs, key=closeness))


def _quoted(number: int, hit: Hit, span: Span) -> Quote:
    return Quote(number, *span, _text(hit, span))


def _text(hit: Hit, span: Span) -> str:
    start = hit.passage.start
    return hit.passage.text[span[0] - start : span[1] - start]


def _listed(numbers: Iterable[int]) -> str:
    return "".join(f"[{number}]" for number in numbers)
