"""Holds what a sentence states, its numbers, dates, names and quoted words, against articles."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache

from bot.dates_said import Said, dates_meant, split_dates, weekdays_meant, weekdays_of
from bot.figures import in_figures
from bot.names import KnownNames, fold, joined_initials, names_of, shortened
from bot.quantities import Reading, holds_reading, quantities_of, readings_of
from bot.wording import is_stop_word, stem, words_of
from vectorstore.models import Hit, Span

_QUOTED = re.compile(
    r"[“„]([^“”„]+)[”“]|«([^«»]+)»|(?<![\w\"])\"([^\"]+)\"(?!\w)|``((?:(?!'').)+)''"
)
_REFERRING = frozenset("he she it they this that these those his her its their there".split())
_GAP = re.compile(r"…|\.\.\.|\[[^\]]*\]")


@dataclass(frozen=True, slots=True)
class Known:
    """What an article says: its passage, title, source and published date."""

    words: str
    """Its words as they are compared, with a space on either side of each."""
    names: KnownNames
    readings: frozenset[Reading]
    dates: frozenset[Said]
    weekdays: frozenset[str]
    statements: tuple["Statement", ...]
    stems: frozenset[str]

    @classmethod
    def of(cls, hit: Hit) -> "Known":
        passage = hit.passage
        spans = tuple((a - passage.start, b - passage.start) for a, b in passage.sentences)
        return _known(passage.text, spans, f"{hit.title}\n{hit.source}", hit.published_at)


@dataclass(frozen=True, slots=True)
class Statement:
    """A sentence of an article."""

    stems: frozenset[str]
    before: frozenset[str]
    """The stems of the sentence before it, if it begins with "he" or "this"."""
    readings: frozenset[Reading]


@lru_cache(maxsize=256)
def _known(passage: str, spans: tuple[Span, ...], about: str, published_at: str | None) -> Known:
    text = f"{passage}\n{about}"
    dates = dates_meant(text, published_at)
    statements = tuple(_statements([passage[start:end] for start, end in spans]))
    return Known(
        words=spaced_words(text),
        names=KnownNames.of(text),
        readings=readings_of(in_figures(about)).union(*(each.readings for each in statements)),
        dates=dates,
        weekdays=weekdays_meant(text, dates),
        statements=statements,
        stems=stems_of(about).union(*(each.stems for each in statements)),
    )


def _statements(sentences: Sequence[str]) -> Iterator[Statement]:
    before: frozenset[str] = frozenset()
    for sentence in sentences:
        figures = in_figures(sentence)
        words = words_of(figures)
        stems = frozenset(map(_stem, words))
        refers = not _REFERRING.isdisjoint(word.lower() for word in words[:2])
        yield Statement(stems, before if refers else frozenset(), readings_of(figures))
        before = stems


def stems_of(text: str) -> frozenset[str]:
    """Return the stems of a text, its numbers in figures and without marks."""
    return frozenset(map(_stem, words_of(in_figures(text))))


def telling_stems(text: str) -> frozenset[str]:
    words = words_of(in_figures(text))
    return frozenset(_stem(word) for word in words if not is_stop_word(word))


def _stem(word: str) -> str:
    return stem(word).replace(",", "")


def spaced_words(text: str) -> str:
    return f" {' '.join(map(fold, words_of(joined_initials(text))))} "


def missing_facts(sentence: str, known: Sequence[Known]) -> Iterator[str]:
    """Yield what the sentence states and none of the articles says: "the number 200,000"."""
    dates, undated = split_dates(sentence)
    for written, said in dates:
        if not any(said.is_part_of(date) for article in known for date in article.dates):
            yield f"the date {written}"
    for weekday in weekdays_of(sentence):
        if not any(weekday in article.weekdays for article in known):
            yield f"the day {weekday.title()}"
    yield from _missing_numbers(undated, telling_stems(sentence), known)
    yield from _missing_names(sentence, known)
    for quoted in quoted_words(sentence):
        if not any(quoted in article.words for article in known):
            yield f"the quoted “{quoted.strip()}”"


def quoted_words(sentence: str) -> Iterator[str]:
    """Yield each quotation, in pieces where something is left out of it."""
    for match in _QUOTED.finditer(sentence):
        for piece in _GAP.split(match[match.lastindex or 0]):
            if words_of(piece):
                yield spaced_words(piece)


def _missing_numbers(
    undated: str, telling: frozenset[str], known: Sequence[Known]
) -> Iterator[str]:
    for quantity in quantities_of(in_figures(undated)):
        said = [
            (article, reading)
            for article in known
            for reading in quantity.readings
            if holds_reading(article.readings, reading) or _is_year_of(reading, article)
        ]
        if not said:
            yield f"the number {quantity.written}"
        elif all(_is_elsewhere(reading, telling, article) for article, reading in said):
            yield f"the number {quantity.written}, with what is said of it,"


def _is_elsewhere(reading: Reading, telling: frozenset[str], article: Known) -> bool:
    """Tell whether the article says the number, but of something that the sentence is not about."""
    there = [each for each in article.statements if holds_reading(each.readings, reading)]
    return bool(there) and not any(_is_about(each, telling) for each in there)


def _is_about(statement: Statement, telling: frozenset[str]) -> bool:
    return any(not word[0].isdigit() for word in (statement.stems | statement.before) & telling)


def _is_year_of(reading: Reading, article: Known) -> bool:
    value, unit = reading
    return not unit and any(date.year == value for date in article.dates)


def _missing_names(sentence: str, known: Sequence[Known]) -> Iterator[str]:
    acronyms = frozenset[str]().union(*(article.names.acronyms for article in known))
    for name in names_of(shortened(sentence, acronyms)):
        if not any(article.names.say(name) for article in known):
            yield f"the name {name.written}"
        elif name.after and not any(article.names.join(name) for article in known):
            yield f"the name {name.after} {name.written}"
