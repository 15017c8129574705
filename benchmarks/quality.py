"""How well the program finds articles, quotes answers and says that it has none.

python -m benchmarks.quality --sets FOLDER
"""

import argparse
import json
import math
import re
import string
import tempfile
from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from functools import cache
from pathlib import Path
from statistics import mean
from typing import Any

from benchmarks.table import Figure, print_table
from bot.answers import Answer
from bot.newsdesk import Newsdesk
from bot.settings import Settings

Record = Mapping[str, Any]
Search = Callable[[str], Sequence[str]]
"""Gives the ids of the ten best articles for a question, best first."""
Ask = Callable[[str, int], Answer]
"""Answers a question in at most so many sentences."""

RANKS = {1: 0.80, 4: 0.94, 10: 0.97}
SENTENCES = {1: 0.75, 3: 0.90}
_ARTICLES = re.compile(r"\b(?:a|an|the)\b")
_PUNCTUATION = str.maketrans("", "", string.punctuation)


def measure(sets: Path) -> Iterator[Figure]:
    squad = records(sets / "squad2-train" / "questions.jsonl")
    foreign = [record["question"] for record in records(sets / "clapnq" / "questions.jsonl")]
    answerable = [record for record in squad if not record["is_impossible"]]
    impossible = [record["question"] for record in squad if record["is_impossible"]]
    with archive_of(sets / "squad2-train" / "corpus.jsonl") as newsdesk:
        ask = _asking(newsdesk)
        yield from recalls(answerable, searching(newsdesk))
        yield from containments(answerable, ask)
        wrongly = not_found([record["question"] for record in answerable], ask)
        yield Figure("squad: answerable, not found", wrongly, at_most=0.05)
        yield Figure("clapnq asked of squad: not found", not_found(foreign, ask), at_least=0.88)
        yield Figure("squad: unanswerable, not found", not_found(impossible, ask))
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
    """How often a gold answer stands in the answer; "not found" holds none."""
    for limit, bound in SENTENCES.items():
        held = [holds(ask(record["question"], limit), record["answers"]) for record in questions]
        yield Figure(f"squad: gold answer in at most {limit}", mean(held), at_least=bound)


def holds(answer: Answer, gold: Sequence[str]) -> bool:
    quoted = [normalised(sentence.text) for sentence in answer.sentences]
    wanted = [text for text in map(normalised, gold) if text]
    return any(text in sentence for text in wanted for sentence in quoted)


def normalised(text: str) -> str:
    """The text as SQuAD compares it: lower case, without punctuation and articles."""
    return " ".join(_ARTICLES.sub(" ", text.lower().translate(_PUNCTUATION)).split())


def not_found(questions: Sequence[str], ask: Ask) -> float:
    return mean(not ask(question, 1).found for question in questions)


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


def _asking(newsdesk: Newsdesk) -> Ask:
    @cache
    def ask(question: str, limit: int) -> Answer:
        return newsdesk.ask(question, max_sentences=limit)

    return ask


def records(path: Path) -> list[Record]:
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--sets", type=Path, required=True, help="with squad2-train, clapnq, time")
    print_table(list(measure(parser.parse_args().sets)))
