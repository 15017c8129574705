"""Reads the training rows, and leaves out those that share text with the sets measured on."""

import gzip
import json
import random
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

RUN_WORDS = 12
HELD_OUT = ("squad2-train", "clapnq", "time", "followups", "evidence", "article")
"""Folders beside `reading` that figures are measured on; no training row may share their text."""

SHARES: Mapping[str, float] = {
    "molweni": 0.3,
    "policyqa": 0.4,
    "boolq": 0.6,
    "condaqa": 0.4,
    "covidqa": 0.7,
    "qadiscourse": 0.6,
}
"""How much of a set is used where not all: far from news, or very uniform."""

_WORD = re.compile(r"[^\W_]+")


@dataclass(frozen=True, slots=True)
class Row:
    """One question and the text it is asked of."""

    set: str
    question: str
    title: str
    text: str
    answers: tuple[str, ...]
    impossible: bool
    yes_no: bool


def read_rows(file: Path) -> Iterator[Row]:
    with gzip.open(file, "rt", encoding="utf-8") as lines:
        for line in lines:
            row = json.loads(line)
            yield Row(
                set=row["set"],
                question=row["question"].strip(),
                title=row["title"] or "",
                text=row["text"],
                answers=tuple(row["answers"]),
                impossible=row["is_impossible"],
                yes_no=row["yesno"],
            )


class HeldOut:
    """The questions and runs of words of the texts that figures are measured on."""

    def __init__(self, texts: Iterable[str]) -> None:
        self._questions: set[str] = set()
        self._runs: set[str] = set()
        for text in texts:
            self._questions.add(letters(text))
            self._runs.update(runs(text))

    def shares(self, row: Row) -> bool:
        """Checks the question (letters and digits only) and every run of 12 words."""
        return (
            letters(row.question) in self._questions
            or not self._runs.isdisjoint(runs(row.text))
            or not self._runs.isdisjoint(runs(row.question))
        )


def held_out_texts(data: Path, sample: Path) -> Iterator[str]:
    """Yields every text in the files of HELD_OUT, and the sample's lines."""
    for folder in HELD_OUT:
        for file in sorted((data / folder).iterdir()):
            for line in file.read_text(encoding="utf-8").splitlines():
                yield from _texts(json.loads(line)) if file.suffix == ".jsonl" else [line]
    yield from sample.read_text(encoding="utf-8").splitlines()


def clean_rows(rows: Iterable[Row], held_out: HeldOut) -> tuple[list[Row], int]:
    """Returns the rows that share nothing with the held-out texts, and how many do."""
    kept, dropped = [], 0
    for row in rows:
        if held_out.shares(row):
            dropped += 1
        else:
            kept.append(row)
    return kept, dropped


def sample_rows(rows: Iterable[Row], rng: random.Random) -> list[Row]:
    """Takes the share of each set that SHARES names."""
    return [row for row in rows if rng.random() < SHARES.get(row.set, 1.0)]


def letters(text: str) -> str:
    return "".join(_WORD.findall(text.lower()))


def runs(text: str) -> Iterator[str]:
    """Yields every run of 12 words, letters and digits only."""
    words = _WORD.findall(text.lower())
    for start in range(len(words) - RUN_WORDS + 1):
        yield " ".join(words[start : start + RUN_WORDS])


def _texts(value: Any) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, Mapping):
        for inner in value.values():
            yield from _texts(inner)
    elif isinstance(value, list):
        for inner in value:
            yield from _texts(inner)
