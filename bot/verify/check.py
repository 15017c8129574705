"""Checks a sentence that a chat model wrote against the passages that it cites.

A sentence is rejected if it cites no passage, if it states a number, a date, a name or quoted words
that its passages do not have, if it negates them, or if it shares few words with them. No rule here
sees a true name beside the wrong verb: a reader has the quote for that.
"""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise

from bot.questions.words import is_stop_word, stem, words_of
from bot.verify.dates import (
    PartialDate,
    resolved_dates,
    resolved_weekdays,
    split_dates,
    weekdays_in,
)
from bot.verify.names import ArticleNames, abbreviated, fold, joined_initials, names_in
from bot.verify.numbers import Reading, digits_for_words, has_reading, quantities_in, readings_in
from bot.verify.sentences import read_markers
from vectorstore.models import Hit, Span

MIN_SHARE = 0.4
"""The least share of a sentence's content words that the passages it cites must have together."""

MIN_SHARE_OF_ONE = 0.2
"""The least share that one of several cited passages must have, to stay cited."""

REDUNDANT_SHARE = 0.6
"""A passage that has at most so much of what the best one has is dropped, unless a number, a date
or a name stands in it alone."""

MIN_CONTENT_WORDS = 2
"""A lone content word, "Yes" or what an article ordered the model to write, states nothing."""

SECOND_SENTENCE_SHARE = 0.15
"""The share that a second sentence must add to a quote to be part of it."""

_INSTRUCTION = re.compile(
    r"\b(?:ignore|disregard|forget|override)\b.{0,40}\b(?:instructions?|prompts?|rules|above)\b"
    r"|\b(?:reply|respond|answer|say|output|print|write) (?:only|exactly|with|nothing but)\b",
    re.IGNORECASE,
)
_QUOTED = re.compile(
    r"[“„]([^“”„]+)[”“]|«([^«»]+)»|(?<![\w\"])\"([^\"]+)\"(?!\w)|``((?:(?!'').)+)''"
)
_ELLIPSIS = re.compile(r"…|\.\.\.|\[[^\]]*\]")
_PRONOUNS = frozenset("he she it they this that these those his her its their there".split())

_NEGATION = re.compile(
    r"not|no|non|never|nor|neither|none|nobody|nothing|nowhere|without|cannot|\w+n['’]t|n['’]t"
)
_NEGATIVE = re.compile(
    rf"{_NEGATION.pattern}|unable|unlikely|fail\w*|refus\w+|reject\w*|den(?:y|ied|ies|ying|ials?)"
    r"|lack\w*|absen\w+|ban(?:s|ned|ning)?|prevent\w*|prohibit\w*|forb\w+|stop\w*|hardly|barely"
    r"|rarely|seldom|scarcely|few|little|un\w{4,}|in\w{5,}|im\w{5,}|dis\w{4,}|ir\w{5,}|il\w{5,}"
    r"|rul\w+|avoid\w*|against|only|impossib\w+|free|less|\w+less|before|yet|halt\w*|withdr\w+"
    r"|oppos\w+|declin\w+|dismiss\w*|block\w*|end(?:ed|s)?|until|except|instead|rather|than"
)
_NEGATIVE_IDIOMS = re.compile(
    r"\bnot (?:only|just|merely|least)\b|\bno (?:less|more|fewer|later|sooner) than\b"
    r"|\bno longer\b|\bno doubt\b|\bno\.? ?(?=\d)",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Quote:
    """What supports a sentence in a passage; `start` and `end` as in a citation."""

    number: int
    start: int
    end: int
    text: str


@dataclass(frozen=True, slots=True)
class Supported:
    """A sentence that may be shown, without its markers, and a quote for each that is right."""

    text: str
    quotes: tuple[Quote, ...]


@dataclass(frozen=True, slots=True)
class Rejected:
    """A sentence that may not be shown; the reason is for the log, and for the model."""

    text: str
    reason: str


def check(sentence: str, passages: Mapping[int, Hit]) -> Supported | Rejected:
    """Accept a sentence only if the passages that its markers name support it."""
    text, numbers = read_markers(sentence)
    cited = {number: passages[number] for number in numbers if number in passages}
    if not cited:
        named = f"no passage has the number {numbers[0]}" if numbers else "it cites no passage"
        return Rejected(text, named)
    verbatim = [quote for number, hit in cited.items() if (quote := _verbatim(text, number, hit))]
    if verbatim:
        return Supported(text, tuple(verbatim))
    stems = content_stems(text)
    if len(stems) < MIN_CONTENT_WORDS:
        return Rejected(text, "it is no whole sentence")
    return _paraphrase(text, stems, cited)


@dataclass(frozen=True, slots=True)
class StatedSentence:
    """A sentence of an article, as facts are looked up in it."""

    stems: frozenset[str]
    before: frozenset[str]
    """The stems of the sentence before it, if it begins with a pronoun."""
    readings: frozenset[Reading]


@dataclass(frozen=True, slots=True)
class Evidence:
    """What a hit states: its passage, title, source and published date."""

    words: str
    """Its words as they are compared, with a space on either side of each."""
    names: ArticleNames
    readings: frozenset[Reading]
    dates: frozenset[PartialDate]
    weekdays: frozenset[str]
    sentences: tuple[StatedSentence, ...]
    stems: frozenset[str]

    @classmethod
    def of(cls, hit: Hit) -> "Evidence":
        passage = hit.passage
        spans = tuple((a - passage.start, b - passage.start) for a, b in passage.sentences)
        return _evidence(passage.text, spans, f"{hit.title}\n{hit.source}", hit.published_at)


@lru_cache(maxsize=256)
def _evidence(
    passage: str, spans: tuple[Span, ...], about: str, published_at: str | None
) -> Evidence:
    text = f"{passage}\n{about}"
    dates = resolved_dates(text, published_at)
    sentences = tuple(_stated_sentences([passage[start:end] for start, end in spans]))
    return Evidence(
        words=_spaced_words(text),
        names=ArticleNames.of(text),
        readings=readings_in(digits_for_words(about)).union(*(each.readings for each in sentences)),
        dates=dates,
        weekdays=resolved_weekdays(text, dates),
        sentences=sentences,
        stems=_stems(about).union(*(each.stems for each in sentences)),
    )


def _stated_sentences(sentences: Sequence[str]) -> Iterator[StatedSentence]:
    before: frozenset[str] = frozenset()
    for sentence in sentences:
        text = digits_for_words(sentence)
        words = words_of(text)
        stems = frozenset(map(_stem, words))
        refers = not _PRONOUNS.isdisjoint(word.lower() for word in words[:2])
        yield StatedSentence(stems, before if refers else frozenset(), readings_in(text))
        before = stems


def _paraphrase(text: str, stems: frozenset[str], cited: Mapping[int, Hit]) -> Supported | Rejected:
    evidence = {number: Evidence.of(hit) for number, hit in cited.items()}
    close = {
        number: each
        for number, each in evidence.items()
        if len(stems & each.stems) >= MIN_SHARE_OF_ONE * len(stems)
    }
    shared = stems & frozenset[str]().union(*(each.stems for each in close.values()))
    if len(shared) < MIN_SHARE * len(stems):
        return Rejected(text, f"{_listed(cited)} does not say this")
    missing = next(missing_facts(text, [*close.values()]), None)
    if missing:
        return Rejected(text, f"{missing} does not stand in {_listed(close)}")
    kept = _without_redundant(text, stems, close)
    quotes = tuple(
        _closest_quote(stems, number, cited[number], evidence[number]) for number in kept
    )
    if is_contradicted(text, [quote.text for quote in quotes]):
        return Rejected(text, f"{_listed(kept)} says the contrary, or does not deny it")
    if all(_INSTRUCTION.search(quote.text) for quote in quotes) and not _INSTRUCTION.search(text):
        return Rejected(text, f"{_listed(kept)} has it only as an instruction")
    return Supported(text, quotes)


def _without_redundant(
    text: str, stems: frozenset[str], evidence: Mapping[int, Evidence]
) -> list[int]:
    """Drop passages that have much less of the sentence than the best one, and no fact alone."""
    most = max(len(stems & each.stems) for each in evidence.values())
    kept = list(evidence)
    for number, each in evidence.items():
        others = [other for other in kept if other != number]
        redundant = len(stems & each.stems) <= REDUNDANT_SHARE * most
        if redundant and not any(missing_facts(text, [evidence[other] for other in others])):
            kept = others
    return kept


def _verbatim(text: str, number: int, hit: Hit) -> Quote | None:
    """Return the sentence of the passage that has the same words, whatever the punctuation."""
    words = _spaced_words(text)
    if words not in Evidence.of(hit).words:
        return None
    spans = (span for span in hit.passage.sentences if _spaced_words(_text(hit, span)) == words)
    return next((_quote(number, hit, span) for span in spans), None)


def _closest_quote(stems: frozenset[str], number: int, hit: Hit, evidence: Evidence) -> Quote:
    """Return the sentence that has most of the stems, or two neighbours that have many more."""
    spans = hit.passage.sentences
    alone = [(each.stems, span, 0.0) for each, span in zip(evidence.sentences, spans, strict=True)]
    least = SECOND_SENTENCE_SHARE * len(stems)
    both = [(a | b, (one[0], other[1]), least) for (a, one, _), (b, other, _) in pairwise(alone)]
    runs = [*alone, *both] or [(evidence.stems, (hit.passage.start, hit.passage.end), 0.0)]

    def closeness(run: tuple[frozenset[str], Span, float]) -> tuple[float, int]:
        of_run, _, penalty = run
        return len(stems & of_run) - penalty, -len(of_run)

    return _quote(number, hit, max(runs, key=closeness)[1])


def _quote(number: int, hit: Hit, span: Span) -> Quote:
    return Quote(number, *span, _text(hit, span))


def _text(hit: Hit, span: Span) -> str:
    start = hit.passage.start
    return hit.passage.text[span[0] - start : span[1] - start]


def _listed(numbers: Iterable[int]) -> str:
    return "".join(f"[{number}]" for number in numbers)


def content_stems(text: str) -> frozenset[str]:
    """Return the stems of the content words of a text, its numbers in digits."""
    words = words_of(digits_for_words(text))
    return frozenset(_stem(word) for word in words if not is_stop_word(word))


def _stems(text: str) -> frozenset[str]:
    return frozenset(map(_stem, words_of(digits_for_words(text))))


def _stem(word: str) -> str:
    return stem(word).replace(",", "")


def _spaced_words(text: str) -> str:
    return f" {' '.join(map(fold, words_of(joined_initials(text))))} "


def missing_facts(sentence: str, evidence: Sequence[Evidence]) -> Iterator[str]:
    """Yield what the sentence states and no article has: "the number 200,000"."""
    dates, undated = split_dates(sentence)
    for written, date in dates:
        if not any(date.is_part_of(other) for each in evidence for other in each.dates):
            yield f"the date {written}"
    for weekday in weekdays_in(sentence):
        if not any(weekday in each.weekdays for each in evidence):
            yield f"the day {weekday.title()}"
    yield from _missing_numbers(undated, content_stems(sentence), evidence)
    yield from _missing_names(sentence, evidence)
    for quotation in _quotations(sentence):
        if not any(quotation in each.words for each in evidence):
            yield f"the quoted “{quotation.strip()}”"


def _quotations(sentence: str) -> Iterator[str]:
    """Yield the words of each quotation, in pieces where something is left out of it."""
    for match in _QUOTED.finditer(sentence):
        for piece in _ELLIPSIS.split(match[match.lastindex or 0]):
            if words_of(piece):
                yield _spaced_words(piece)


def _missing_numbers(
    undated: str, stems: frozenset[str], evidence: Sequence[Evidence]
) -> Iterator[str]:
    for quantity in quantities_in(digits_for_words(undated)):
        matches = [
            (each, reading)
            for each in evidence
            for reading in quantity.readings
            if has_reading(each.readings, reading) or _is_year_of(reading, each)
        ]
        if not matches:
            yield f"the number {quantity.written}"
        elif all(_counts_something_else(reading, stems, each) for each, reading in matches):
            yield f"the number {quantity.written}, with what is said of it,"


def _counts_something_else(reading: Reading, stems: frozenset[str], evidence: Evidence) -> bool:
    """Whether the article has the number, but only in sentences that share no word with this."""
    there = [each for each in evidence.sentences if has_reading(each.readings, reading)]
    return bool(there) and not any(_shares_words(each, stems) for each in there)


def _shares_words(sentence: StatedSentence, stems: frozenset[str]) -> bool:
    return any(not word[0].isdigit() for word in (sentence.stems | sentence.before) & stems)


def _is_year_of(reading: Reading, evidence: Evidence) -> bool:
    value, unit = reading
    return not unit and any(date.year == value for date in evidence.dates)


def _missing_names(sentence: str, evidence: Sequence[Evidence]) -> Iterator[str]:
    acronyms = frozenset[str]().union(*(each.names.acronyms for each in evidence))
    for name in names_in(abbreviated(sentence, acronyms)):
        if not any(each.names.contain(name) for each in evidence):
            yield f"the name {name.written}"
        elif name.after and not any(each.names.allow_pair(name) for each in evidence):
            yield f"the name {name.after} {name.written}"


def is_contradicted(sentence: str, quotes: Sequence[str]) -> bool:
    """Whether the sentence negates and no quote does, or every quote negates what it states.

    Words that negate in another way, "refused" for "did not", count in favour of the sentence.
    """
    words = _lower_words(sentence)
    if any(map(_is_negation, words)):
        return not any(
            _NEGATIVE.fullmatch(word) for quote in quotes for word in _lower_words(quote)
        )
    if any(_NEGATIVE.fullmatch(word) for word in words):
        return False
    stems = {stem(word) for word in words}
    return all(any(pair <= stems for pair in _negated(_lower_words(quote))) for quote in quotes)


def _lower_words(text: str) -> list[str]:
    return [word.lower() for word in words_of(_NEGATIVE_IDIOMS.sub(" ", text))]


def _is_negation(word: str) -> bool:
    return _NEGATION.fullmatch(word) is not None


def _negated(words: list[str]) -> Iterator[set[str]]:
    """Yield the content words around each negation: "Russia", "veto" of "Russia has no veto"."""
    for position, word in enumerate(words):
        if _is_negation(word):
            before = next((w for w in reversed(words[:position]) if not is_stop_word(w)), None)
            after = next((w for w in words[position + 1 :] if not is_stop_word(w)), None)
            if before and after:
                yield {stem(before), stem(after)}
