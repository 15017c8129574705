"""Words that point at something said before: "it", "his", "that one", where nothing in the
question itself is meant."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from enum import Enum

from bot.topics import Phrase, phrases


class Points(Enum):
    """What a pointer stands for."""

    PERSON = "he, she, his"
    THING = "it, its"
    SEVERAL = "they, their"
    ANY = "that, there, which one"


@dataclass(frozen=True, slots=True)
class Pointer:
    """A pointing word, and where it stands in the question."""

    start: int
    end: int
    points: Points
    owns: bool
    """ "his" and "its", rather than "he" and "it"."""

    def filled(self, question: str, phrase: str) -> str:
        """The question with the phrase in the pointer's place."""
        owner = "’" if phrase.endswith("s") else "’s"
        return question[: self.start] + phrase + owner * self.owns + question[self.end :]


_POINTER = re.compile(
    r"\b(?:(?P<person>he|him|she|her|his)|(?P<thing>it|its)|(?P<several>they|them|their|theirs)"
    r"|this|these|there|(?:which|that|the (?:other|first|second|last)) ones?|ones?(?=\W*$)"
    r"|others(?=\W*$)|the same(?=\W*$)"
    # "That" after a verb or a preposition; "says that" and "so that" only join clauses.
    r"|(?<=\bis )that|(?:(?<=\bwas )|(?<=\bdid )|(?<=\babout )|(?<=\bdoes )|(?<=\bdo )"
    r"|(?<=\bof )|(?<=\bto )|(?<=\bfor )|(?<=\blike )|(?<=\bwith )|(?<=\bafter )|(?<=\bbefore )"
    r"|(?<=\bhas )|(?<=\bare )|(?<=\bwhy )|(?<=\bhow ))(?:that|those)(?! (?:who|which|what|the)\b)"
    r"|(?:that|those)(?=\W*$)|^\W*(?:that|those))\b",
    re.IGNORECASE,
)
_POINTS_AT_NOTHING = re.compile(
    r"\b(?:(?:is|was|isn['’]t|wasn['’]t|be) it|it(?:['’]s| is| was| would be| will be))"
    r"(?! (?:going|used|known|available|open|similar|likely|due|set|ready|\w+ed|\w+ing) )"
    r"(?: (?:not|so|too|also|still|always))?(?: \w+)? (?:to|that|if|for|never|worth)\b"
    r"|\bit (?:took|takes|costs?|rain\w*|snow\w*)\b"
    r"|\b(?:does|did|will|would) it (?:take|cost|mean|matter|rain|snow)\b(?! (?:place|over|part))"
    r"|\b(?:time|day) (?:is|was) it\b"
    r"|\bthis (?:week|month|year|morning|afternoon|evening|summer|winter|spring|autumn|fall|season"
    r"|weekend|century|decade|quarter|time)\b|\bthese days\b|\bthose who\b"
    r"|\b(?:is|are|was|were|be|been|isn't|aren't|wasn't)(?: just)? there\b"
    r"|\bthere(?:'s|’s| is| are| was| were| will| has| have| had| be)\b|\b(?:his|her)/",
    re.IGNORECASE,
)
_VERB_BEFORE = re.compile(
    r"\b(?:is|are|was|were|do|does|did|has|have|had|can|could|will|would|should|may|might|must"
    r"|\w+n['’]t)\W+$",
    re.IGNORECASE,
)
_CLAUSES_BEFORE = re.compile(
    r".*(?:[,;:.?!]|\b(?:and|but|when|after|before|because|if|while)\b)", re.IGNORECASE | re.DOTALL
)
_OWNERS = frozenset(("his", "its", "their", "theirs"))
_OBJECTS = frozenset(("him", "them"))


def first_pointer(question: str) -> Pointer | None:
    """Return the first word that points out of the question."""
    for match in _pointing(question):
        points = Points[match.lastgroup.upper()] if match.lastgroup else Points.ANY
        if points is Points.ANY or not _named_before(question, match, points):
            word = match[0].lower()
            followed = question[match.end() :][:2].strip().isalnum()
            return Pointer(*match.span(), points, word in _OWNERS or (word == "her" and followed))
    return None


def _pointing(question: str) -> Iterator[re.Match[str]]:
    empty = [match.span() for match in _POINTS_AT_NOTHING.finditer(question)]
    for match in _POINTER.finditer(question):
        if not any(start <= match.start() < end for start, end in empty):
            yield match


def _named_before(question: str, match: re.Match[str], points: Points) -> bool:
    """Tell whether the question itself names before whom or what the pointer means.

    What the same clause asks for is not it ("which films did he make?"), nor is its subject what
    an object means ("did Biden meet him?").
    """
    before = question[: match.start()]
    last = match[0].lower() in ("it", "her") and not question[match.end() :][:2].strip().isalnum()
    if _VERB_BEFORE.search(before) or match[0].lower() in _OBJECTS or last:
        earlier = _CLAUSES_BEFORE.match(before)
        before = earlier[0] if earlier else ""
    named = phrases(before)
    if points is Points.PERSON:
        return any(fits(phrase, points) for phrase in named)
    return bool(named)


def fits(phrase: Phrase, points: Points) -> bool:
    """Tell whether a phrase may be meant: "it" is one thing, "they" are several."""
    if points is Points.PERSON:
        return (phrase.is_name or phrase.determined) and not phrase.is_plural
    return phrase.is_plural is (points is Points.SEVERAL)
