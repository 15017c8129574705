"""Makes a question unanswerable: a name, number or word is exchanged, as people do in SQuAD 2.0."""

import random
import re
from collections.abc import Sequence

_NAME = re.compile(r"\b[A-Z][\w’'-]+(?:\s+(?:(?:of|the|de|van|von|al)\s+)?[A-Z][\w’'-]+)*")
_YEAR = re.compile(r"\b(?:1[5-9]|20)\d\d\b")
_NUMBER = re.compile(r"\b\d[\d,.]*\d\b|\b\d\b")
_WORD = re.compile(r"[A-Za-z]+")
_OPPOSITES = (
    "first last;before after;largest smallest;most least;increase decrease;increased decreased;"
    "north south;northern southern;east west;eastern western;oldest youngest;highest lowest;"
    "won lost;win lose;supported opposed;support oppose;began ended;begin end;start end;"
    "started stopped;male female;men women;man woman;more less;earliest latest;best worst;"
    "rise fall;rose fell;good bad;cause prevent;caused prevented;allowed banned;allow ban;"
    "approved rejected;approve reject;accept reject;accepted rejected;gained lost;gain lose;"
    "inside outside;major minor;public private;old new;early late;high low;long short;"
    "large small;many few;always never;married divorced;born killed;arrived left;bought sold;"
    "buy sell;built destroyed;build destroy;raised lowered;agreed refused;agree refuse;"
    "friend enemy;friends enemies;maximum minimum;advantage disadvantage;success failure;"
    "strong weak;above below;same different;biggest smallest;larger smaller;higher lower;"
    "better worse;older younger;can cannot;possible impossible;legal illegal;positive negative;"
    "local foreign;internal external;ancient modern;future past;king queen;father mother;"
    "brother sister;son daughter;husband wife;upper lower;left right;hot cold;rich poor;"
    "day night;summer winter;include exclude;included excluded;easy difficult;common rare;"
    "created destroyed;joined left;expand shrink;victory defeat;attack defend;attacked defended;"
    "helped hindered;remember forget;import export;majority minority;urban rural;dead living"
)
_NEGATED = {
    "did": "didn't",
    "does": "doesn't",
    "do": "don't",
    "is": "isn't",
    "are": "aren't",
    "was": "wasn't",
    "were": "weren't",
    "can": "can't",
    "has": "hasn't",
    "have": "haven't",
    "could": "couldn't",
    "will": "won't",
}
_OPENERS = frozenset(
    "What Who When Where How Why Which In On At The A An Is Was Did Do Does Are Were I It He She "
    "They This That But And For From By According Whose As After Before During Whom To If With "
    "His Her Its Their Of These Those There However While Although Since Because So One Some Many "
    "Most Such Both Other Another Each Under Over Between Through Until When's Today".split()
)
_ENDINGS = ("ation", "ment", "ing", "ity", "ed", "al", "ic", "ous", "ive", "er", "ly", "es", "s")


def _opposites() -> dict[str, list[str]]:
    table: dict[str, list[str]] = {}
    for pair in _OPPOSITES.split(";"):
        one, other = pair.split()
        table.setdefault(one, []).append(other)
        table.setdefault(other, []).append(one)
    return table


class Exchanger:
    """Exchanges one part of a question; `others` are texts to take far names from."""

    def __init__(self, others: Sequence[str], rng: random.Random) -> None:
        self._others = others
        self._rng = rng
        self._opposite = _opposites()

    def exchange(self, question: str, text: str, answers: Sequence[str]) -> str | None:
        """Returns a question that `text` should no longer answer, or None if nothing offers."""
        found = [
            changed
            for pattern in (_YEAR, _NUMBER, _NAME)
            if (changed := self._entity(pattern, question, text, answers))
        ]
        if opposite := self._opposite_word(question):
            found.append(opposite)
        # Weaker kinds stand in where the strong ones offer nothing, and seldom beside them.
        if not found or self._rng.random() < 0.25:
            if like := self._like_word(question, text, answers):
                found.append(like)
            if not found and self._rng.random() < 0.3 and (negated := self._negation(question)):
                found.append(negated)
        return self._rng.choice(found) if found else None

    def _entity(
        self, pattern: re.Pattern[str], question: str, text: str, answers: Sequence[str]
    ) -> str | None:
        olds = [match for match in pattern.finditer(question) if match.group() not in _OPENERS]
        olds = [match for match in olds if match.start() > 0 or " " in match.group()]
        if not olds:
            return None
        old = self._rng.choice(olds)
        words = old.group().split()
        if words[0] in _OPENERS:
            return None
        source = text if self._rng.random() < 0.7 else self._rng.choice(self._others)
        news = {match.group() for match in pattern.finditer(source)} - _OPENERS
        fitting = sorted(new for new in news if self._fits(new, old.group(), question, answers))
        if not fitting and pattern is not _NAME:
            fitting = [_other_number(old.group(), self._rng)]
        if not fitting:
            return None
        return question[: old.start()] + self._rng.choice(fitting) + question[old.end() :]

    def _fits(self, new: str, old: str, question: str, answers: Sequence[str]) -> bool:
        low, before = new.lower(), old.lower()
        return (
            new.split()[0] not in _OPENERS
            and abs(len(new.split()) - len(old.split())) <= 1
            and low not in question.lower()
            and not set(low.split()) & set(before.split())
            and not any(low in answer.lower() or answer.lower() in low for answer in answers)
        )

    def _opposite_word(self, question: str) -> str | None:
        words = [match for match in _WORD.finditer(question) if match.group() in self._opposite]
        if not words:
            return None
        old = self._rng.choice(words)
        new = self._rng.choice(self._opposite[old.group()])
        return question[: old.start()] + new + question[old.end() :]

    def _like_word(self, question: str, text: str, answers: Sequence[str]) -> str | None:
        """Exchanges a long word of the question for one of the text with the same ending."""
        asked = question.lower()
        taken = " ".join(answers).lower()
        olds = [m for m in _WORD.finditer(question) if len(m.group()) > 5 and m.group().islower()]
        self._rng.shuffle(olds)
        for old in olds:
            ending = next((e for e in _ENDINGS if old.group().endswith(e)), None)
            news = {
                word
                for word in _WORD.findall(text)
                if len(word) > 5 and word.islower() and (ending is None or word.endswith(ending))
            }
            fitting = sorted(w for w in news if w[:5] not in asked and w not in taken)
            if fitting:
                return question[: old.start()] + self._rng.choice(fitting) + question[old.end() :]
        return None

    def _negation(self, question: str) -> str | None:
        for match in _WORD.finditer(question):
            if negated := _NEGATED.get(match.group()):
                return question[: match.start()] + negated + question[match.end() :]
        return None


def _other_number(number: str, rng: random.Random) -> str:
    if _YEAR.fullmatch(number):
        return str(int(number) + rng.choice((-1, 1)) * rng.randint(1, 30))
    digits = [str(rng.randint(1, 9)) if mark.isdigit() else mark for mark in number]
    return "".join(digits)
