"""How well the program finds articles, quotes answers and says that it has none.

python -m benchmarks.quality --sets FOLDER [--answers 600]

Reading takes about a third of a second a question: `--answers` asks so many of each kind, chosen
at random.
"""

import argparse
import json
import math
import random
import re
import string
import tempfile
from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from functools import cache
from pathlib import Path
from statistics import mean
from typing import Any, TypeVar

from benchmarks.table import Figure, print_table
from bot.answers import Answer, Sentence
from bot.newsdesk import Newsdesk
from bot.settings import Settings

T = TypeVar("T")
Record = Mapping[str, Any]
Search = Callable[[str], Sequence[str]]
"""Gives the ids of the ten best articles for a question, best first."""
Ask = Callable[[str], Answer]

RANKS = {1: 0.80, 4: 0.94, 10: 0.97}
_ARTICLES = re.compile(r"\b(?:a|an|the)\b")
_PUNCTUATION = str.maketrans("", "", string.punctuation)


def measure(sets: Path, *, answers: int | None = None) -> Iterator[Figure]:
    squad = records(sets / "squad2-train" / "questions.jsonl")
    foreign = [record["question"] for record in records(sets / "clapnq" / "questions.jsonl")]
    answerable = [record for record in squad if not record["is_impossible"]]
    impossible = [record["question"] for record in squad if record["is_impossible"]]
    with archive_of(sets / "squad2-train" / "corpus.jsonl") as newsdesk:
        ask = cache(newsdesk.ask)
        yield from recalls(answerable, searching(newsdesk))
        chosen = _sample(answerable, answers)
        yield from containments(chosen, ask)
        wrongly = not_found([record["question"] for record in chosen], ask)
        yield Figure("squad: answerable, not found", wrongly, at_most=0.04)
        yield Figure(
            "clapnq asked of squad: not found",
            not_found(_sample(foreign, answers), ask),
            at_least=0.96,
        )
        yield Figure("squad: unanswerable, not found", not_found(_sample(impossible, answers), ask))
    with archive_of(sets / "time" / "corpus.jsonl") as newsdesk:
        queries = records(sets / "time" / "queries.jsonl")
        judgements = records(sets / "time" / "qrels.jsonl")
        gain = ndcg(queries, judgements, searching(newsdesk))
        yield Figure("time: nDCG@10 by article", gain, at_least=0.78)


@contextmanager
def archive_of(corpus: Path) -> Iterator[Newsdesk]:
    with tempfile.TemporaryDirectory() as home:
        newsdesk = Newsdesk.from_settings(Settings(newsdesk_home=Path(home)))
        try:
            newsdesk.pipeline().run([str(corpus)])
            yield newsdesk
        finally:
            newsdesk.close()


def recalls(questions: Sequence[Record], search: Search) -> Iterator[Figure]:
    """How often the right article is among the first so many."""
    found = [search(record["question"]) for record in questions]
    for rank, bound in RANKS.items():
        right = [
            record["doc_id"] in ids[:rank] for record, ids in zip(questions, found, strict=True)
        ]
        yield Figure(f"squad: recall@{rank}", mean(right), at_least=bound)


def containments(questions: Sequence[Record], ask: Ask) -> Iterator[Figure]:
    """How often a gold answer stands in the answer, and how long that is; refusals hold none."""
    answers = [(ask(record["question"]), record["answers"]) for record in questions]
    leads = [holds(_lead(answer), gold) for answer, gold in answers]
    yield Figure("squad: gold answer in the lead sentence", mean(leads), at_least=0.82)
    whole = [holds(answer.sentences, gold) for answer, gold in answers]
    yield Figure("squad: gold answer in the whole answer", mean(whole), at_least=0.93)
    words = mean(len(answer.text.split()) for answer, _ in answers if answer.found)
    yield Figure("squad: words of an answer", words, at_most=40)


def _lead(answer: Answer) -> Sequence[Sentence]:
    """The sentence that answers: the first with its words marked, or the first of all."""
    marked = [sentence for sentence in answer.sentences if sentence.answer]
    return (marked or answer.sentences)[:1]


def _sample(questions: Sequence[T], size: int | None) -> Sequence[T]:
    if size is None or size >= len(questions):
        return questions
    return random.Random(1).sample(questions, size)


def holds(sentences: Sequence[Sentence], gold: Sequence[str]) -> bool:
    quoted = [normalised(sentence.text) for sentence in sentences]
    wanted = [text for text in map(normalised, gold) if text]
    return any(text in sentence for text in wanted for sentence in quoted)


def normalised(text: str) -> str:
    """The text as SQuAD compares it: lower case, without punctuation and articles."""
    return " ".join(_ARTICLES.sub(" ", text.lower().translate(_PUNCTUATION)).split())


def not_found(questions: Sequence[str], ask: Ask) -> float:
    return mean(not ask(question).found for question in questions)


def ndcg(queries: Sequence[Record], judgements: Sequence[Record], search: Search) -> float:
    """nDCG@10 with a gain of 1 for each relevant article."""
    relevant: dict[str, set[str]] = defaultdict(set)
    for judgement in judgements:
        relevant[judgement["query_id"]].add(judgement["doc_id"])
    return mean(_ndcg(search(query["text"]), relevant[query["id"]]) for query in queries)


def _ndcg(ids: Sequence[str], relevant: set[str]) -> float:
    gain = sum(1 / math.log2(rank + 2) for rank, each in enumerate(ids[:10]) if each in relevant)
    return gain / sum(1 / math.log2(rank + 2) for rank in range(min(10, len(relevant))))


def searching(newsdesk: Newsdesk) -> Search:
    def search(question: str) -> list[str]:
        hits = newsdesk.search(question, limit=10, per_article=1)
        return [hit.passage.article_id for hit in hits]

    return search


def records(path: Path) -> list[Record]:
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--sets", type=Path, required=True, help="with squad2-train, clapnq, time")
    parser.add_argument("--answers", type=int, help="answer only so many questions of each kind")
    options = parser.parse_args()
    print_table(list(measure(options.sets, answers=options.answers)))
