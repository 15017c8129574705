"""How well the rules turn a follow-up into a question that stands alone.

python -m benchmarks.followups --sets FOLDER

Measured on the conversations of one half; the rules were made while looking at the other. What a
search should find is not known for follow-ups, so two things stand in for it, both only where the
conversation is about a ClapNQ passage: the three passages that the rewrite by a human finds first,
and the passage that answers the question the conversation began with. "Asked" is the question as it
was asked, "rules" what the rules make of it; of the questions that the human left as they are, some
lean on the conversation all the same ("how many films does he appear in").
"""

import argparse
import hashlib
from collections.abc import Callable, Iterator, Sequence
from functools import cache
from pathlib import Path
from statistics import mean

from benchmarks.quality import Record, Search, archive_of, records, searching
from benchmarks.table import Figure, print_table
from bot.answers import Turn
from bot.questions.followups import standalone
from bot.questions.words import is_stop_word, stem, words_of

Understand = Callable[[Record], str]
"""Gives the question of a record as it is searched with."""

LIKE_REWRITE = 3
"""So many of the passages that the rewrite finds first are to be among the ten."""

WORDS_GAINED = 0.04
FOUND_GAINED = 0.02
"""By how much the rules are to do better than the question as it was asked."""


def measure(sets: Path) -> Iterator[Figure]:
    held_out = [r for r in records(sets / "followups" / "questions.jsonl") if _is_held_out(r)]
    firsts = [record for record in held_out if not record["history"]]
    later = [record for record in held_out if record["history"]]
    alone = [record for record in later if _same(record["question"], record["rewrite"])]
    leaning = [record for record in later if not _same(record["question"], record["rewrite"])]
    yield from words("follow-ups", leaning)
    yield from words("... that lack words of the history", [r for r in leaning if _lacks_words(r)])
    with archive_of(sets / "clapnq" / "corpus.jsonl") as newsdesk:
        search = cache(searching(newsdesk))
        yield from found("follow-ups", leaning, search, gained=FOUND_GAINED)
        yield from own_passage(leaning, search, _passages(sets))
        yield from found("left as they are", alone, search, gained=0.0)
    yield Figure("left as they are: unchanged", _unchanged(alone))
    yield Figure("first questions: unchanged", _unchanged(firsts), at_least=1.0)


def words(name: str, asked: Sequence[Record]) -> Iterator[Figure]:
    """The share of the rewrite's words that are there, and of the words there that are its."""
    before = mean(_shared(r["rewrite"], as_asked(r)) for r in asked)
    after = mean(_shared(r["rewrite"], by_rules(r)) for r in asked)
    yield Figure(f"{name}: rewrite's words, asked", before)
    yield Figure(f"{name}: rewrite's words, rules", after, at_least=before + WORDS_GAINED)
    for how, understand in (("asked", as_asked), ("rules", by_rules)):
        precision = mean(_shared(understand(r), r["rewrite"]) for r in asked)
        yield Figure(f"{name}: their precision, {how}", precision)


def found(name: str, asked: Sequence[Record], search: Search, *, gained: float) -> Iterator[Figure]:
    """Recall@10 of what the rewrite finds first."""
    about_passages = [record for record in asked if record["collection"] == "clapnq"]

    def recall(understand: Understand) -> float:
        return mean(
            len({*search(r["rewrite"])[:LIKE_REWRITE]} & {*search(understand(r))}) / LIKE_REWRITE
            for r in about_passages
        )

    before = recall(as_asked)
    yield Figure(f"{name}: recall@10, asked", before)
    yield Figure(f"{name}: recall@10, rules", recall(by_rules), at_least=before + gained)


def own_passage(
    asked: Sequence[Record], search: Search, passages: dict[str, str]
) -> Iterator[Figure]:
    """How often the passage that the conversation began with is among the ten."""
    known = [record for record in asked if _first(record) in passages]
    for name, understand in (("asked", as_asked), ("rules", by_rules)):
        right = [passages[_first(r)] in search(understand(r)) for r in known]
        yield Figure(f"follow-ups: the conversation's passage found, {name}", mean(right))


def as_asked(record: Record) -> str:
    question: str = record["question"]
    return question


def by_rules(record: Record) -> str:
    return standalone(record["question"], [Turn(question) for question in record["history"]])


def _is_held_out(record: Record) -> bool:
    conversation, _, _ = record["id"].partition("<::>")
    digest = hashlib.sha256(conversation.encode()).hexdigest()
    return int(digest, 16) % 2 == 1


def _same(question: str, other: str) -> bool:
    return question.strip(" ?.!").lower() == other.strip(" ?.!").lower()


def _stems(text: str) -> set[str]:
    return {stem(word) for word in words_of(text) if not is_stop_word(word)}


def _shared(text: str, other: str) -> float:
    """The share of a text's words that the other has; 1 where it has none to miss."""
    stems = _stems(text)
    return len(stems & _stems(other)) / len(stems) if stems else 1.0


def _lacks_words(record: Record) -> bool:
    history = _stems(" ".join(record["history"]))
    return bool((_stems(record["rewrite"]) - _stems(record["question"])) & history)


def _unchanged(asked: Sequence[Record]) -> float:
    return mean(by_rules(record) == as_asked(record) for record in asked)


def _key(question: str) -> str:
    return question.lower().strip(" ?")


def _first(record: Record) -> str:
    return _key([*record["history"], record["question"]][0])


def _passages(sets: Path) -> dict[str, str]:
    """The ClapNQ passage of each question that has one."""
    asked = records(sets / "clapnq" / "questions.jsonl")
    return {_key(record["question"]): f"clapnq:{record['id']}" for record in asked}


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--sets", type=Path, required=True, help="with followups and clapnq")
    print_table(list(measure(parser.parse_args().sets)))
