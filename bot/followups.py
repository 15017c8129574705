"""Turns a follow-up and the thread before it into a question that stands alone, by rules."""

import re
from collections.abc import Sequence

from bot.incomplete import BARE_ASKING, lacks_topic
from bot.pointers import Pointer, Points, first_pointer, fits
from bot.topics import LONGEST_CHARS, Phrase, most_telling, names_in, phrases
from bot.turns import Turn
from bot.wording import Kind, kind_of, stem, words_of

MOST_TURNS = 8
"""How far back a thread is read."""

MOST_TOPICS = 2
"""How many phrases follow a question in brackets. On the half of benchmarks/followups.py that the
rules were made with, where a question lacks words said before, 1 recovers two points fewer of the
rewrite's words; 3 half a point more, and a point more that are not its."""

_HELPER = r"(?:did|does|do|will|would|can|could|should|has|have|had)"
_ASKED = re.compile(
    rf"(?:(?:when|where|why|how)\s+)?(?:(?:{_HELPER}|is|are|was|were)\s.+)"
    rf"|(?:what|who|whom)\s+{_HELPER}\s.+",
    re.IGNORECASE,
)
_ASKS_WHAT = re.compile(r"(?:when|where|why|how|what|who|whom)\s+", re.IGNORECASE)
_WHEN_OR_WHERE = re.compile(
    r"\W*(?:(?:and|but|or|what about|how about)\b[\s,]*)*"
    r"(?P<phrase>(?:in|on|at|by|for|from|since|until|before|after|during|between|against|under)"
    r"\b[^?.!]*)[?.!\s]*",
    re.IGNORECASE,
)
_POINTS_OR_ASKS = re.compile(
    r"\b(?:that|then|this|it|them|which|what|whom|where|when)\b", re.IGNORECASE
)
_YEAR = re.compile(r"\b(in|since|by|before|after|until) (?:1[5-9]|20)\d\d\b", re.IGNORECASE)


def standalone(question: str, turns: Sequence[Turn]) -> str:
    """Return the question with the topic of its thread, if it lacks one; else to the letter.

    "Why did it leave?" names what it means where that is plain; otherwise the topic follows in
    brackets: "Who won? (presidential election, France)".
    """
    thread: list[str] = []
    for turn in turns[-MOST_TURNS:]:
        understood = turn.standalone_question or _with_topic(turn.question, thread, "")
        thread.append(understood[:LONGEST_CHARS])
    return _with_topic(question, thread, turns[-1].answer if turns else "")


def _with_topic(question: str, thread: Sequence[str], answer: str) -> str:
    if not thread or not lacks_topic(question, thread[-1]):
        return question
    continued = _continued(question, _flat(thread[-1]))
    if continued:
        return continued
    candidates = _candidates(question, thread)
    pointer = first_pointer(question)
    if pointer and pointer.points is Points.PERSON and kind_of(thread[-1]) is Kind.PERSON:
        candidates = names_in(answer) or candidates
    meant = pointer and _meant(pointer, candidates)
    if pointer and meant:
        return pointer.filled(question, most_telling(meant, thread, 1)[0].written)
    topics = ", ".join(phrase.text for phrase in most_telling(candidates, thread, MOST_TOPICS))
    return f"{question.strip()} ({topics})" if topics else question


def _continued(question: str, last: str) -> str:
    """Return the question before with what a "why?" or an "and in 2014?" changes of it."""
    bare = BARE_ASKING.fullmatch(question)
    if bare:
        if bare["adverb"] and _ASKED.fullmatch(last):
            rest = _ASKS_WHAT.sub("", last, count=1)
            return f"{bare['adverb'].capitalize()} {rest[0].lower()}{rest[1:]}?"
        return f"{question.strip()} ({last})"
    when = _WHEN_OR_WHERE.fullmatch(question)
    if not when:
        return ""
    phrase = when["phrase"].strip()
    phrase = phrase[0].lower() + phrase[1:]
    if _POINTS_OR_ASKS.search(phrase):
        return f"{question.strip()} ({last})"
    if _YEAR.fullmatch(phrase) and _YEAR.search(last):
        return _YEAR.sub(phrase, last, count=1) + "?"
    return f"{last} {phrase}?"


def _flat(question: str) -> str:
    """The question as a part of another: without its mark, its brackets as an aside."""
    return question.strip(" ?.!)\n").replace("? (", ", ").replace(" (", ", ")


def _candidates(question: str, thread: Sequence[str]) -> list[Phrase]:
    """Return what the last question with a topic names that this one does not say itself."""
    said = frozenset(map(stem, words_of(question)))
    for last in reversed(thread):
        new = [phrase for phrase in phrases(last) if not phrase.stems <= said]
        if new:
            return new
    return []


def _meant(pointer: Pointer, candidates: Sequence[Phrase]) -> list[Phrase]:
    """Return what may stand in the pointer's place; nothing unless it is plain what is meant."""
    if pointer.points is Points.ANY:
        return []
    fitting = [phrase for phrase in candidates if fits(phrase, pointer.points)]
    if pointer.points is Points.PERSON:
        # Of one word nobody can tell a person from a country.
        return [phrase for phrase in fitting if phrase.is_name and " " in phrase.text][:1]
    names = [phrase for phrase in fitting if phrase.is_name]
    meant = names if len(names) == 1 else fitting
    return meant if len(meant) == 1 else []
