"""Measures shipped weights: `python -m training.evaluate --sets FOLDER [--weights FOLDER]`.

Needs no torch. On reading/dev: exact match and F1 of spans as SQuAD counts them (yes/no rows
apart), and how well the score tells questions that their passage answers from those that it does
not. On squad2-train: the same, of written unanswerable questions against the answerable ones of
their own paragraphs.
"""

import argparse
import gzip
import json
import re
import string
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from statistics import mean
from typing import Any

import numpy as np

from bot.reader import WEIGHTS, Reader, Window
from training.windows import windows

WINDOW_WORDS = 90
_ARTICLES = re.compile(r"\b(?:a|an|the)\b")
_PUNCTUATION = str.maketrans("", "", string.punctuation)

Row = dict[str, Any]


def best_answer(reader: Reader, row: Row) -> tuple[str, float]:
    """The best span of the row's text, and its score."""
    parts = windows(row["text"], WINDOW_WORDS)
    texts = [row["text"][start:end] for start, end in parts]
    readings = reader.read(row["question"], [Window(row.get("title", ""), text) for text in texts])
    spans = [(reading.best(), text) for reading, text in zip(readings, texts, strict=True)]
    return max(
        ((text[span.start : span.end], span.score) for span, text in spans if span),
        key=lambda answer: answer[1],
        default=("", -30.0),
    )


def dev_figures(reader: Reader, rows: Iterable[Row]) -> Iterator[tuple[str, float]]:
    exact: list[bool] = []
    overlaps: list[float] = []
    answered: list[float] = []
    impossible: list[float] = []
    for row in rows:
        if row["yesno"]:
            continue
        text, score = best_answer(reader, row)
        if row["is_impossible"]:
            impossible.append(score)
            continue
        answered.append(score)
        exact.append(any(_normalized(text) == _normalized(gold) for gold in row["answers"]))
        overlaps.append(max(_f1(text, gold) for gold in row["answers"]))
    yield "reading/dev: exact match", mean(exact)
    yield "reading/dev: F1", mean(overlaps)
    yield "reading/dev: AUC of answerable against not", auc(answered, impossible)


def own_paragraph_auc(reader: Reader, folder: Path) -> float:
    """AUC on (question, its own paragraph), for paragraphs that have unanswerable questions."""
    texts = {row["id"]: row for row in _lines(folder / "corpus.jsonl")}
    questions = list(_lines(folder / "questions.jsonl"))
    mixed = {q["doc_id"] for q in questions if q["is_impossible"]}
    scores: dict[bool, list[float]] = {True: [], False: []}
    for question in questions:
        if question["doc_id"] in mixed:
            passage = texts[question["doc_id"]]
            row = {"question": question["question"], **passage}
            scores[question["is_impossible"]].append(best_answer(reader, row)[1])
    return auc(scores[False], scores[True])


def auc(positive: Sequence[float], negative: Sequence[float]) -> float:
    """The chance that a positive scores above a negative (Mann and Whitney's U)."""
    values = np.array([*positive, *negative])
    order = values.argsort(kind="stable")
    ranks = np.empty(len(values))
    ranks[order] = np.arange(1, len(values) + 1)
    for value in set(values[np.r_[False, np.diff(values[order]) == 0]]):
        ranks[values == value] = ranks[values == value].mean()
    above = ranks[: len(positive)].sum() - len(positive) * (len(positive) + 1) / 2
    return float(above / (len(positive) * len(negative)))


def _normalized(text: str) -> str:
    return " ".join(_ARTICLES.sub(" ", text.lower().translate(_PUNCTUATION)).split())


def _f1(text: str, gold: str) -> float:
    ours, theirs = _normalized(text).split(), _normalized(gold).split()
    if not ours or not theirs:
        return float(ours == theirs)
    common = sum((Counter(ours) & Counter(theirs)).values())
    return 2 * common / (len(ours) + len(theirs))


def _lines(path: Path) -> Iterator[Row]:
    content = gzip.decompress(path.read_bytes()) if path.suffix == ".gz" else path.read_bytes()
    yield from map(json.loads, content.decode("utf-8").splitlines())


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, prog="python -m training.evaluate")
    parser.add_argument("--sets", type=Path, required=True, help="with reading and squad2-train")
    parser.add_argument("--weights", type=Path, default=WEIGHTS)
    options = parser.parse_args()
    reader = Reader(options.weights)
    for name, value in dev_figures(reader, _lines(options.sets / "reading" / "dev.jsonl.gz")):
        print(f"{name}: {value:.3f}")
    value = own_paragraph_auc(reader, options.sets / "squad2-train")
    print(f"squad2-train, own paragraph, impossible against answerable: AUC {value:.3f}")


if __name__ == "__main__":
    main()
