"""Finds the names in a sentence, and whether an article has them, in one of their forms."""

import re
import unicodedata
from collections.abc import Iterator, Set
from dataclasses import dataclass
from functools import lru_cache

from bot.questions.words import MONTHS, SMALL_NUMBERS, TENS, WEEKDAYS, is_stop_word, stem, words_of

_DOTTED = re.compile(r"(?<!\w)(?:[^\W\d_]\.)+[^\W\d_](?: ?\.|(?!\w))")
_POSSESSIVE = re.compile(r"['’]s?$")
_INSIDE_NAMES = frozenset("of the for de la del di da du van von der".split())
_LONGEST_INITIALS = 6
_START = re.compile(r"(?:^|[.!?:;…“”\"‘«(\[—–•]|''|``|(?<!\w)['’-])[\s'’\"“‘(]*$")

_IN = re.compile(r"\b(?:in|at|near|from) [^\W\d_]+$", re.IGNORECASE)
"""Before "Geneva" of "In Geneva Biden met him", which is no one's first name."""
_NEAR_WORDS = 3
_PRONOUNS = ("us", "who")
"""In capitals they are names, though every text has them."""

_ADVERB = re.compile(r"\w{3,}(?:ally|ously|ently|antly|ively|ately|edly|fully|arly|ingly)$")
_PLAIN = frozenset(
    """according across ago along alongside already altogether amid among another around asked away
    back based behind beside besides better beyond both citing concerning considering contrary
    critics current despite different early earlier eight either eleven elsewhere enough especially
    eventually every everybody everyone everything experts far few fewer fifty finally first five
    follow following former forty four fourth fresh further given half hardly hence high however
    hundred hundreds immediately including indeed initially inside instead it just key large last
    lastly late later latest least less let like likewise little local long lots made mainly major
    many maybe meanwhile men might million millions moreover most mostly much must national near
    nearby nearly neither never nevertheless new next nine ninety nobody none nonetheless nor
    notably nothing now obviously officials often old once one only opposite originally otherwise
    others outside overall part partly past people per perhaps police possibly previous previously
    prior probably public quite rather recent recently regarding relatively report reportedly
    reports researchers roughly said saying second seemingly seven seventy several shall shortly
    similar similarly since six sixty so some somebody someone something sometimes somewhere soon
    sources speaking still subsequently such suddenly surely ten thanks thereafter therefore third
    thirty those though thousand thousands three thus today together tomorrow tonight too toward
    towards twelve twenty twice two typically ultimately under unless unlike until upon usually
    various versus via was well whatever whenever whereas wherever whether whichever whoever whole
    within without women worse yes yet yesterday""".split()
)
"""Begin sentences, and are no names then."""
_DATES_AND_NUMBERS = frozenset((*MONTHS, *WEEKDAYS, *SMALL_NUMBERS[1:13], *TENS)) | frozenset(
    "hundred thousand million billion first second third fourth fifth st nd rd th".split()
)
"""Checked as dates and numbers instead."""

_PEOPLE = re.compile(r"(?P<root>\w{4,}?)(?:[ie]?ans?|ese|ish)$|(?P<stan>\w+stan|israel)is?$")
_PLACE_ENDINGS = ("", "a", "ia", "e", "y", "o", "ain", "en")
_PEOPLE_ENDINGS = "an ian ean ans ians eans ese ish".split()
_FORMS = tuple(
    frozenset(forms.split())
    for forms in (
        *("france french", "spain spanish", "norway norwegian", "denmark danish", "wales welsh"),
        *("netherlands dutch", "greece greek greeks", "switzerland swiss", "poland polish poles"),
        *("finland finnish", "ireland irish", "scotland scottish", "thailand thai", "iraq iraqi"),
        *("portugal portuguese", "philippines filipino", "iceland icelandic", "uk british britain"),
        *("europe eu european", "german germans germany", "england english", "turkey turkish"),
        *("us america american americans", "sweden swedish", "arab arabs arabia arabian"),
    )
)


@dataclass(frozen=True, slots=True)
class Name:
    """A word with a capital; `sure` if not only because a sentence begins with it."""

    written: str
    sure: bool
    after: str = ""
    """The name that stands directly before it, as "Joe" does before "Biden"."""


@dataclass(frozen=True, slots=True)
class ArticleNames:
    """The words of an article as names are compared with them, whatever their case."""

    words: frozenset[str]
    small: frozenset[str]
    """Stems of what it writes with a small letter."""
    acronyms: frozenset[str]
    """What it writes in capitals, unless it writes everything so."""
    initials: frozenset[str]
    """What its names would be abbreviated to, as the United States to "us"."""
    near: frozenset[tuple[str, str]]
    """Words that stand close to each other."""

    @classmethod
    def of(cls, text: str) -> "ArticleNames":
        words = words_of(joined_initials(text))
        folded = [fold(word) for word in words]
        has_case = any(map(str.islower, words))
        capitals = {fold(word) for word in words if word.isupper()}
        return cls(
            words=frozenset(folded),
            small=frozenset(stem(word) for word in words if word[0].islower()),
            acronyms=frozenset(capitals if has_case else ()),
            initials=frozenset(_initials(words) if has_case else ()),
            near=frozenset(_near([word for word in folded if word not in _INSIDE_NAMES])),
        )

    def contain(self, name: Name) -> bool:
        folded = fold(name.written)
        if name.written.isupper() and (folded in self.acronyms or folded in self.initials):
            return True
        is_pronoun = name.written.isupper() and folded in _PRONOUNS and self.small
        if folded in self.words and not is_pronoun:
            return True
        if any(self._has(form) for form in forms_of(folded)):
            return True
        return not name.sure and stem(name.written) in self.small

    def _has(self, form: str) -> bool:
        if form in _PRONOUNS:
            return form in self.acronyms or form in self.initials
        return form in self.words or form in self.initials

    def allow_pair(self, name: Name) -> bool:
        """Whether a name may follow the one before it: "Joe Biden", not "Joe Putin".

        What is also written with a small letter, as "president", may stand before any name.
        """
        pair = (fold(name.after), fold(name.written))
        return pair in self.near or any(
            word in _INSIDE_NAMES
            or word in self.acronyms
            or stem(word) in self.small
            or not self.words.isdisjoint(forms_of(word))
            for word in pair
        )


def names_in(sentence: str) -> list[Name]:
    """Return the names of a sentence, word by word.

    A text without small letters, or without capitals, does not show its names: each of its
    content words counts as one.
    """
    text = joined_initials(sentence)
    caseless = text.isupper() or text.islower()
    names: list[Name] = []
    end_before = -1
    for word, start in _words_and_starts(text):
        sure = not _START.search(text, 0, start)
        if _is_none(word) or not (caseless or any(map(str.isupper, word))):
            continue
        if _begins_sentences(word) and (caseless or not sure):
            continue
        joined = text[end_before:start] == " " and not _IN.search(text, 0, end_before)
        after = names[-1].written if names and joined and not caseless else ""
        names.append(Name(word, caseless or sure, after))
        end_before = start + len(word)
    return names


def abbreviated(sentence: str, acronyms: Set[str]) -> str:
    """Return the sentence without the names that an article writes in short.

    "United States" is carried by an article that writes "US".
    """
    words = words_of(joined_initials(sentence))
    for run in _runs(words):
        for begin, end in _spans(run):
            initials = "".join(word[0] for word in run[begin:end] if word[0].isupper()).lower()
            if len(initials) > 1 and initials in acronyms:
                sentence = sentence.replace(" ".join(run[begin:end]), "…")
    return sentence


def joined_initials(text: str) -> str:
    """Return the text with "U.S." as "US", and with "J. K. Rowling" as "JK Rowling"."""
    return _DOTTED.sub(lambda match: "".join(filter(str.isalpha, match[0])), text)


@lru_cache(maxsize=100_000)
def fold(word: str) -> str:
    """Return a word as names are compared: "Beyoncé's" as "beyonce"."""
    word = _POSSESSIVE.sub("", word.replace("’", "'")).casefold()
    if word.isascii():
        return word
    letters = unicodedata.normalize("NFKD", word)
    return "".join(letter for letter in letters if not unicodedata.combining(letter))


@lru_cache(maxsize=10_000)
def forms_of(word: str) -> frozenset[str]:
    """Return how else a country or its people may be called: Russia for "russian", and back."""
    forms = {form for group in _FORMS if word in group for form in group}
    if match := _PEOPLE.fullmatch(word):
        root = match["root"] or match["stan"]
        forms |= {root + ending for ending in _PLACE_ENDINGS} | {word.removesuffix("s"), word + "s"}
    for ending in _PLACE_ENDINGS:
        root = word.removesuffix(ending)
        if len(root) >= 4 and word.endswith(ending):
            forms |= {root + people for people in _PEOPLE_ENDINGS}
    if word.endswith(("stan", "israel")):
        forms |= {f"{word}i", f"{word}is"}
    return frozenset(forms - {word})


def _words_and_starts(text: str) -> Iterator[tuple[str, int]]:
    end = 0
    for word in words_of(text):
        start = text.index(word, end)
        end = start + len(word)
        yield word, start


def _is_none(word: str) -> bool:
    lowered = word.lower()
    if word.isupper() and lowered in _PRONOUNS:
        return False
    return (
        len(word) == 1
        or is_stop_word(word)
        or lowered in _DATES_AND_NUMBERS
        or not any(map(str.isalpha, word))
    )


def _begins_sentences(word: str) -> bool:
    lowered = word.lower()
    return lowered in _PLAIN or _ADVERB.match(lowered) is not None


def _near(words: list[str]) -> Iterator[tuple[str, str]]:
    """Yield each word with those that soon follow: (biden, vladimir), never (vladimir, biden)."""
    for position, word in enumerate(words):
        for other in words[position + 1 : position + 1 + _NEAR_WORDS]:
            yield word, other


def _runs(words: list[str]) -> Iterator[list[str]]:
    """Yield the words that stand together with capitals, small joining words between them."""
    run: list[str] = []
    for word in words:
        if word[0].isupper() or (run and (word in _INSIDE_NAMES or word == "and")):
            run.append(word)
        elif run:
            yield run
            run = []
    if run:
        yield run


def _spans(run: list[str]) -> Iterator[tuple[int, int]]:
    capitals = [position for position, word in enumerate(run) if word[0].isupper()]
    for first, begin in enumerate(capitals):
        for last in capitals[first + 1 : first + _LONGEST_INITIALS]:
            yield begin, last + 1


def _initials(words: list[str]) -> Iterator[str]:
    for run in _runs(words):
        for begin, end in _spans(run):
            part = run[begin:end]
            yield "".join(word[0] for word in part if word[0].isupper()).lower()
            yield "".join(word[0] for word in part).lower()
