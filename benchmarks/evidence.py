"""How many right sentences the evidence check lets through, and how many wrong ones it drops.

python -m benchmarks.evidence --sets FOLDER
"""

import argparse
import json
import random
import re
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from statistics import mean

from benchmarks.table import Figure, print_table
from bot.questions.words import MONTHS, SMALL_NUMBERS, TENS
from bot.verify.check import Rejected, Supported, check
from ingest.text.chunk import chunk
from vectorstore.keywords import STOP_WORDS
from vectorstore.models import Hit, Passage

SETS = ("squad2-train", "time", "clapnq")
SENTENCES = 500
PASSAGES = 8
"""As many stand before the model; one of them is the right one."""
READ = 200
"""Fewer passages than the check remembers."""

_WORD = re.compile(r"\w+")
_NUMBER = re.compile(
    r"(?<![\w.,$£€-])\d{2,3}(?:,\d{3})+(?![\w,])|(?<![\w.,$£€-])\d{2,4}(?![\w%]|[.,]\d)"
)
_YEAR = re.compile(r"1[5-9]\d\d|20\d\d")
_NAME = re.compile(r"(?<=[a-z,] )[A-Z][a-z]{3,}(?: [A-Z][a-z]{3,})?\b(?!['’])")
_DATE = re.compile(r"\b([A-Z][a-z]{2,8}) (\d{1,2}), (\d{4})\b")
_MONTHS = [month.title() for month in MONTHS]


@dataclass(frozen=True, slots=True)
class Case:
    """A sentence of an article among passages, with the number of the one it stands in."""

    sentence: str
    number: int
    passages: Mapping[int, Hit]

    @property
    def hit(self) -> Hit:
        return self.passages[self.number]

    def checked(self, sentence: str) -> Supported | Rejected:
        return check(f"{sentence} [{self.number}]", self.passages)

    def holds(self, sentence: str) -> bool:
        return isinstance(self.checked(sentence), Supported)


Change = Callable[[Case], str | None]
"""Gives the sentence with something changed; None if it has no such thing."""


def measure(sets: Path) -> Iterator[Figure]:
    choice = random.Random(20211203)
    cases = [case for name in SETS for case in _cases(sets / name / "corpus.jsonl", choice)]
    numbers = _found(_NUMBER, cases)
    names = [name for name in _found(_NAME, cases) if not _is_no_name(name)]
    used = choice.sample(cases, SENTENCES)
    yield Figure("right: to the letter", _share(used, lambda case: case.sentence), at_least=0.98)
    for what, change in _RIGHT.items():
        yield Figure(f"right: {what}", _share(cases, change))
    for what, change in (
        ("a number", lambda case: _exchanged(case, _NUMBER, numbers, choice)),
        ("a name", lambda case: _exchanged_name(case, names, choice)),
    ):
        yield Figure(f"exchanged: {what}, dropped", 1 - _share(cases, change), at_least=0.98)
    used = used[:READ]
    yield Figure("sentences a second, of passages never read", _speed(used))
    yield Figure("sentences a second, of passages read before", _speed(used), at_least=500)


def _cases(corpus: Path, choice: random.Random) -> Iterator[Case]:
    hits = [hit for line in corpus.open(encoding="utf-8") for hit in _hits(json.loads(line))]
    for hit in choice.sample(hits, 500):
        start, end = choice.choice(hit.passage.sentences)
        sentence = hit.passage.text[start - hit.passage.start : end - hit.passage.start]
        if len(_WORD.findall(sentence)) >= 5:
            passages = [hit, *choice.sample(hits, PASSAGES - 1)]
            choice.shuffle(passages)
            yield Case(sentence, passages.index(hit) + 1, dict(enumerate(passages, 1)))


def _hits(record: Mapping[str, str]) -> Iterator[Hit]:
    text = record["text"]
    for position, piece in enumerate(chunk(text)):
        passage = Passage(
            passage_id=f"{record['id']}:{position}",
            article_id=record["id"],
            position=position,
            start=piece.start,
            end=piece.end,
            text=text[piece.start : piece.end],
            sentences=piece.sentences,
        )
        published_at = record.get("published_at")
        yield Hit(passage, 0, 0, 0, record["title"], record.get("source", ""), None, published_at)


def _found(pattern: re.Pattern[str], cases: Sequence[Case]) -> list[str]:
    return sorted({found for case in cases for found in pattern.findall(case.sentence)})


def _is_no_name(name: str) -> bool:
    return any(word in _MONTHS or word.lower() in STOP_WORDS for word in name.split())


def _share(cases: Sequence[Case], change: Change) -> float:
    """The share of the sentences that get through, of those that can be changed so."""
    changed = [(case, sentence) for case in cases if (sentence := change(case))]
    held = [case.holds(sentence) for case, sentence in changed[:SENTENCES]]
    return mean(held)


def _exchanged(
    case: Case, pattern: re.Pattern[str], others: Sequence[str], choice: random.Random
) -> str | None:
    """Put another number for one: a year for a year, and none that the passage has."""
    found = [*pattern.finditer(case.sentence)]
    if not found:
        return None
    match = choice.choice(found)
    text = f"{case.hit.passage.text} {case.hit.title} {case.hit.published_at}".lower()
    present = {number.replace(",", "") for number in re.findall(r"\d[\d,]*", text)}
    same_kind = [
        other
        for other in others
        if bool(_YEAR.fullmatch(other)) == bool(_YEAR.fullmatch(match[0]))
        and other.replace(",", "") not in present
        and (len(other) > 2 or spelled(int(other)) not in text)
    ]
    return case.sentence[: match.start()] + choice.choice(same_kind) + case.sentence[match.end() :]


def _exchanged_name(case: Case, names: Sequence[str], choice: random.Random) -> str | None:
    """Put another name for one; in a text in capitals, one that others show to be a name."""
    capitals = case.sentence.isupper()
    written = {name.upper() if capitals else name: name for name in names}
    any_name = re.compile(rf"\b(?:{'|'.join(written)})\b") if capitals else _NAME
    found = [match for match in any_name.finditer(case.sentence) if match[0] in written]
    if not found:
        return None
    match = choice.choice(found)
    present = set(_WORD.findall(f"{case.hit.passage.text} {case.hit.title}".lower()))
    other = choice.choice([name for name in names if present.isdisjoint(name.lower().split())])
    other = other.upper() if capitals else other
    return case.sentence[: match.start()] + other + case.sentence[match.end() :]


def _reported(case: Case) -> str:
    return f"It was reported that {case.sentence}"


def _first_clause(case: Case) -> str | None:
    clause = case.sentence.rpartition(", ")[0]
    return f"{clause}." if len(_WORD.findall(clause)) >= 5 else None


def _spelled(case: Case) -> str | None:
    sentence = re.sub(
        r"(?<![\w.,$£€-])(\d{1,3})(,000)?(?![\w%]|[.,]\d)",
        lambda match: spelled(int(match[1])) + (" thousand" if match[2] else ""),
        case.sentence,
    )
    return sentence if sentence != case.sentence else None


def _dated(case: Case) -> str | None:
    sentence = _DATE.sub(
        lambda m: (
            f"{m[3]}-{_MONTHS.index(m[1]) + 1:02}-{int(m[2]):02}" if m[1] in _MONTHS else m[0]
        ),
        case.sentence,
    )
    return sentence if sentence != case.sentence else None


_RIGHT: Mapping[str, Change] = {
    'after "It was reported that"': _reported,
    "without what follows its last comma": _first_clause,
    "numbers in words": _spelled,
    "dates as 2021-12-03": _dated,
}


def spelled(number: int) -> str:
    """A number below 1,000 in words, in the way that is not the check's own."""
    if number < 20:
        return SMALL_NUMBERS[number]
    if number < 100:
        return TENS[number // 10 - 2] + (f"-{SMALL_NUMBERS[number % 10]}" if number % 10 else "")
    rest = f" and {spelled(number % 100)}" if number % 100 else ""
    return f"{SMALL_NUMBERS[number // 100]} hundred{rest}"


def _speed(cases: Sequence[Case]) -> float:
    """Of processor time: an answer cites the same few passages again and again."""
    sentences = [_reported(case) for case in cases]
    start = time.process_time()
    for case, sentence in zip(cases, sentences, strict=True):
        case.checked(sentence)
    return len(cases) / (time.process_time() - start)


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--sets", type=Path, required=True, help="with squad2-train, time, clapnq")
    print_table(list(measure(parser.parse_args().sets)))
