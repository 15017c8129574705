"""Finds the noun phrases of a question, by shape, and the pronouns that refer to earlier ones."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import Enum

from bot.questions.words import is_stop_word, stem, words_of

_TOKEN = re.compile(r"[^\W_]+(?:[.,&/'’-][^\W_]+)*|[^\w\s]")

_FULL_NAME = re.compile(r"\b[A-Z][\w’'-]+(?: [A-Z][\w’'.-]*){0,2} [A-Z][\w’'-]+")

_HELPERS = frozenset("do does did can could will would shall should may might must".split())
_DETERMINERS = frozenset("a an the my your our".split())
_SUBJECTS = frozenset("i you we he she it they".split())
_FUNCTION_WORDS = _HELPERS | frozenset(
    """i'm i've i'd i'll it's its that's there's what's who's where's how's let's lets don't doesn't
    didn't isn't aren't wasn't weren't won't can't couldn't wouldn't shouldn't hasn't haven't me my
    us we you your yes ok okay please also still just ever yet already like than toward towards
    without within across along around among against despite because since whether either neither
    one ones another other others every everyone everything something anything nothing anyone
    someone somebody anybody always never often usually many much lot lots well maybe really
    actually currently instead else upon per via according regarding concerning hi hello thanks
    thank wow so""".split()
)
_LIGHT_WORDS = frozenset(
    """tell explain describe show give gives provide clarify summarize mean means meant meaning know
    think thing things say says said talk talking speaking ask asking want wants wanted wanna need
    needs get gets got go goes going went come comes came happen happens happened happening work
    works working make makes making made use uses used using take takes took taken find finds found
    see look looks let keep keeps put try trying tried have having call called calls become becomes
    became start started end ended begin began help helps name named list example examples kind
    kinds type types way ways sort part parts difference differences different same main major
    common best better most biggest largest oldest longest important good great bad new old first
    last next possible available able sure interested information info detail details question
    questions answer answers idea ideas summary reason reasons exactly wondering recommend suggest
    play plays appear appears live lives located today now years year months month
    weeks week days day time times people cannot appropriate inappropriate enough easier
    harder""".split()
)
_PARTICIPLES = frozenset(
    """built known born held sold paid met won lost grown shown seen written chosen brought bought
    caught taught thought kept sent spent left led cut set hit killed""".split()
)

LONGEST_CHARS = 500
"""How much of a question is read for its topic."""


@dataclass(frozen=True, slots=True)
class NounPhrase:
    """A run of a question's words that names something."""

    text: str
    determined: bool
    """ "A", "the" or "my" stands before it."""

    stems: frozenset[str]

    @property
    def is_name(self) -> bool:
        return any(letter.isupper() for letter in self.text)

    @property
    def is_plural(self) -> bool:
        return self.text.endswith("s") and not self.text.endswith(("ss", "us", "is", "’s", "'s"))

    @property
    def written(self) -> str:
        """The phrase as a sentence speaks of it."""
        return f"the {self.text}" if self.determined else self.text


def noun_phrases(question: str) -> list[NounPhrase]:
    """Return what a question names, in its order: "where does the penobscot river start and end"
    gives "penobscot river"."""
    by_stems: dict[frozenset[str], NounPhrase] = {}
    for determined, run in _runs(question[:LONGEST_CHARS]):
        phrase = _phrase(" ".join(run), determined)
        if phrase.stems and not any(phrase.stems <= other for other in by_stems):
            by_stems[phrase.stems] = phrase
    return list(by_stems.values())


def _runs(question: str) -> Iterator[tuple[bool, list[str]]]:
    """Cut a question into runs of words that carry its topic, its verbs left out."""
    run: list[str] = []
    follows = ""
    determined = False
    for position, token in enumerate([*_TOKEN.findall(question), "."]):
        lowered = token.lower()
        if (lowered == "of" and run) or _is_content(token, position):
            run.append(token)
            if not (len(run) > 1 and token.endswith(("'s", "’s"))):
                continue
            run[-1] = token[:-2]
        for each in _without_verb(run, follows, ends=lowered not in _LIGHT_WORDS):
            yield determined, each
        determined = lowered in _DETERMINERS or (determined and not run and lowered in _LIGHT_WORDS)
        if run or lowered in _LIGHT_WORDS:
            follows = ""
        if lowered in _HELPERS:
            follows = "subject"
        elif lowered == "to" or (follows and lowered in _SUBJECTS):
            follows = "verb"
        run = []


def _is_content(token: str, position: int) -> bool:
    lowered = token.lower()
    if not token[0].isalnum():
        return False
    if len(token) > 1 and token.isupper():
        return True
    if is_stop_word(token) or lowered in _FUNCTION_WORDS:
        return False
    return lowered not in _LIGHT_WORDS or (position > 0 and token[0].isupper())


def _without_verb(run: list[str], follows: str, *, ends: bool) -> Iterator[list[str]]:
    """Take off what is a verb by its place: after "to" and "I", after the subject of "does"."""
    while run and run[-1].lower() == "of":
        run = run[:-1]
    names = next((i for i, word in enumerate(run) if not word[0].isupper()), len(run))
    if follows == "verb" and names == 0:
        run = run[1:]
    elif follows == "subject" and 0 < names < len(run):
        yield run[:names]
        run = run[names + 1 :]
    elif len(run) > 1 and ((follows == "subject" and ends) or _is_participle(run[-1])):
        run = run[:-1]
    if run and not (len(run) == 1 and _is_participle(run[0])):
        yield run


def _is_participle(word: str) -> bool:
    return word.islower() and (word.endswith("ed") or word in _PARTICIPLES)


def most_mentioned(
    candidates: Sequence[NounPhrase], thread: Sequence[str], limit: int
) -> list[NounPhrase]:
    """Return those that the thread keeps coming back to, names before others, in their order."""
    mentioned = [frozenset(map(stem, words_of(text))) for text in thread]

    def weight(phrase: NounPhrase) -> tuple[float, bool]:
        shares = (len(phrase.stems & stems) / len(phrase.stems) for stems in mentioned)
        return round(sum(shares), 1), phrase.is_name

    chosen = sorted(candidates, key=weight, reverse=True)[:limit]
    return [phrase for phrase in candidates if phrase in chosen]


def full_name_in(answer: str) -> list[NounPhrase]:
    """Return the first full name in an answer, if there is one."""
    match = _FULL_NAME.search(answer[:LONGEST_CHARS])
    return [_phrase(match[0], False)] if match else []


def _phrase(text: str, determined: bool) -> NounPhrase:
    words = words_of(text)
    return NounPhrase(text, determined, frozenset(stem(w) for w in words if not is_stop_word(w)))


class Antecedent(Enum):
    """What a pronoun stands for."""

    PERSON = "he, she, his"
    THING = "it, its"
    SEVERAL = "they, their"
    ANY = "that, there, which one"


@dataclass(frozen=True, slots=True)
class Pronoun:
    """A word that refers to something outside the question, and where it stands."""

    start: int
    end: int
    antecedent: Antecedent
    is_possessive: bool
    """ "his" and "its", rather than "he" and "it"."""

    def filled(self, question: str, phrase: str) -> str:
        """The question with the phrase in the pronoun's place."""
        owner = "’" if phrase.endswith("s") else "’s"
        return question[: self.start] + phrase + owner * self.is_possessive + question[self.end :]


_PRONOUN = re.compile(
    r"\b(?:(?P<person>he|him|she|her|his)|(?P<thing>it|its)|(?P<several>they|them|their|theirs)"
    r"|this|these|there|(?:which|that|the (?:other|first|second|last)) ones?|ones?(?=\W*$)"
    r"|others(?=\W*$)|the same(?=\W*$)"
    # "That" after a verb or a preposition; "claims that" and "so that" only join clauses.
    r"|(?<=\bis )that|(?:(?<=\bwas )|(?<=\bdid )|(?<=\babout )|(?<=\bdoes )|(?<=\bdo )"
    r"|(?<=\bof )|(?<=\bto )|(?<=\bfor )|(?<=\blike )|(?<=\bwith )|(?<=\bafter )|(?<=\bbefore )"
    r"|(?<=\bhas )|(?<=\bare )|(?<=\bwhy )|(?<=\bhow ))(?:that|those)(?! (?:who|which|what|the)\b)"
    r"|(?:that|those)(?=\W*$)|^\W*(?:that|those))\b",
    re.IGNORECASE,
)
_EXPLETIVE = re.compile(
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
_POSSESSIVES = frozenset(("his", "its", "their", "theirs"))
_OBJECTS = frozenset(("him", "them"))


def first_pronoun(question: str) -> Pronoun | None:
    """Return the first pronoun whose antecedent is not in the question itself."""
    for match in _referring_pronouns(question):
        antecedent = Antecedent[match.lastgroup.upper()] if match.lastgroup else Antecedent.ANY
        if antecedent is Antecedent.ANY or not _named_before(question, match, antecedent):
            word = match[0].lower()
            followed = question[match.end() :][:2].strip().isalnum()
            return Pronoun(
                *match.span(), antecedent, word in _POSSESSIVES or (word == "her" and followed)
            )
    return None


def _referring_pronouns(question: str) -> Iterator[re.Match[str]]:
    empty = [match.span() for match in _EXPLETIVE.finditer(question)]
    for match in _PRONOUN.finditer(question):
        if not any(start <= match.start() < end for start, end in empty):
            yield match


def _named_before(question: str, match: re.Match[str], antecedent: Antecedent) -> bool:
    """Whether the question itself names the antecedent before the pronoun.

    What the same clause asks for is not it ("which films did he make?"), nor is its subject what
    an object means ("did Biden meet him?").
    """
    before = question[: match.start()]
    last = match[0].lower() in ("it", "her") and not question[match.end() :][:2].strip().isalnum()
    if _VERB_BEFORE.search(before) or match[0].lower() in _OBJECTS or last:
        earlier = _CLAUSES_BEFORE.match(before)
        before = earlier[0] if earlier else ""
    named = noun_phrases(before)
    if antecedent is Antecedent.PERSON:
        return any(fits(phrase, antecedent) for phrase in named)
    return bool(named)


def fits(phrase: NounPhrase, antecedent: Antecedent) -> bool:
    """Whether a phrase agrees with a pronoun: "it" is one thing, "they" are several."""
    if antecedent is Antecedent.PERSON:
        return (phrase.is_name or phrase.determined) and not phrase.is_plural
    return phrase.is_plural is (antecedent is Antecedent.SEVERAL)
