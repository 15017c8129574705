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
from bot.facts import Known, missing_facts, spaced_words, telling_stems
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
    known = {number: Known.of(hit) for number, hit in cited.items()}
    close = {n: each for n, each in known.items() if len(said & each.stems) >= CARRIES * len(said)}
    shared = said & frozenset[str]().union(*(each.stems for each in close.values()))
    if len(shared) < CARRIED * len(said):
        return Rejected(text, f"{_listed(cited)} does not say this")
    missing = next(missing_facts(text, [*close.values()]), None)
    if missing:
        return Rejected(text, f"{missing} does not stand in {_listed(close)}")
    kept = _without_idle(text, said, close)
    quotes = tuple(_quote(said, number, cited[number], known[number]) for number in kept)
    if is_turned_round(text, [quote.text for quote in quotes]):
        return Rejected(text, f"{_listed(kept)} says the contrary, or does not deny it")
    if all(_INSTRUCTION.search(quote.text) for quote in quotes) and not _INSTRUCTION.search(text):
        return Rejected(text, f"{_listed(kept)} has it only as an instruction")
    return Carried(text, quotes)


def _without_idle(text: str, said: frozenset[str], known: Mapping[int, Known]) -> list[int]:
    """Drop passages that say much less of it than the best one, and no fact of it alone."""
    most = max(len(said & each.stems) for each in known.values())
    kept = list(known)
    for number, each in known.items():
        others = [other for other in kept if other != number]
        idle = len(said & each.stems) <= IDLE * most
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


def _quote(said: frozenset[str], number: int, hit: Hit, known: Known) -> Quote:
    """Return the sentence that says most of it, or two that stand together and say much more."""
    spans = hit.passage.sentences
    alone = [(each.stems, span, 0.0) for each, span in zip(known.statements, spans, strict=True)]
    least = SECOND_SENTENCE * len(said)
    both = [(a | b, (one[0], other[1]), least) for (a, one, _), (b, other, _) in pairwise(alone)]
    runs = [*alone, *both] or [(known.stems, (hit.passage.start, hit.passage.end), 0.0)]

    def closeness(run: tuple[frozenset[str], Span, float]) -> tuple[float, int]:
        stems, _, more = run
        return len(said & stems) - more, -len(stems)

    return _quoted(number, hit, max(runs, key=closeness)[1])


def _quoted(number: int, hit: Hit, span: Span) -> Quote:
    return Quote(number, *span, _text(hit, span))


def _text(hit: Hit, span: Span) -> str:
    start = hit.passage.start
    return hit.passage.text[span[0] - start : span[1] - start]


def _listed(numbers: Iterable[int]) -> str:
    return "".join(f"[{number}]" for number in numbers)
