"""Tells whether a question lacks its topic: it points back, or says too little to stand alone."""

import re

from bot.pointers import Points, first_pointer
from bot.topics import LONGEST_CHARS, Phrase, phrases
from bot.wording import is_stop_word, stem, words_of

OPENED_WORDS = 4
FRAGMENT_WORDS = 3
DEFINITION_WORDS = 2
POINTING_PHRASES = 2
"""So much may be said by a question that opens with "and", by one without a verb, by "what is
the", and beside a "that", before it counts as standing alone."""

BARE_ASKING = re.compile(
    r"\W*(?:(?:and|but|so)\W+)?(?:(?P<adverb>why|when|where|how)|who|since when|how long|how often"
    r"|how many|how much|by whom|with whom)(?: (?:not|so|exactly|then|else))?\W*",
    re.IGNORECASE,
)
_OPENER = re.compile(
    r"\W*(?:and|but|or|so|then|also|what about|how about)\b(?! (?:is|are|was)\b)", re.IGNORECASE
)
_VERB_OR_ASKING = re.compile(
    r"\b(?:is|are|was|were|be|been|am|do|does|did|has|have|had|can|could|will|would|shall|should"
    r"|may|might|must|[a-z]+n['’]t|[a-z]+['’](?:re|ve|ll|m|d)|i|you|we|tell|explain|describe|give"
    r"|show|list|name|summari[sz]e|compare|who|what|when|where|why|which|whom|whose|how)\b",
    re.IGNORECASE,
)
_DEFINITION = re.compile(
    r"\W*(?:what|who)(?:['’]s| is| are| was| were)\b|\W*what do(?:es)?\b.*\bmean", re.IGNORECASE
)
_THE = re.compile(r"\bthe\b", re.IGNORECASE)
_WHOSE = re.compile(r"\b(?:of|in|for)\b")
_KNOWN_THING = re.compile(
    r"\b(?:the|that|those|these) (?P<noun>[a-z]+)\b"
    r"(?! (?:of|in|for|that|who|which|between|on|at|from|to|against|with|where|[a-z]*ed by)\b)"
    r"(?! [A-Z0-9])"
)
_SOME_ONE_OF_MANY = frozenset(
    """company companies firm bank president minister government deal talks summit meeting court
    ruling judge team club coach book film movie show song series author country city state town
    region war attack storm hurricane fire crash toll victim victims suspect suspects police law
    laws bill act treaty agreement party election vote report study researchers scientists virus
    disease mission project plan program programme service product ban strike protest protests
    sanctions case trial incident event man woman family group organisation organization agency
    leader king queen building bridge river ship plane two latter former rest other
    others""".split()
)
_CHATTER = frozenset(
    """thanks thank thx ok okay great cool nice yes yeah no nope good perfect please hello hi hey
    bye wow right sure fine lol agreed interesting really you very much""".split()
)


def lacks_topic(question: str, last: str) -> bool:
    """Tell whether the question needs what the one before it is about."""
    words = words_of(question)
    if len(question) > LONGEST_CHARS or {word.lower() for word in words} <= _CHATTER:
        return False
    own = phrases(question)
    pointer = first_pointer(question)
    if pointer and pointer.points is not Points.ANY:
        return True
    shared = [phrase.stems & each.stems for phrase in phrases(last) for each in own]
    if max(map(len, shared), default=0) >= (1 if len(own) > 1 else 2):
        return False
    if pointer:
        return len(own) <= POINTING_PHRASES
    return _says_too_little(question, own)


def _says_too_little(question: str, own: list[Phrase]) -> bool:
    telling = {stem(word) for word in words_of(question) if not is_stop_word(word)}
    named = any(phrase.is_name for phrase in own)
    if BARE_ASKING.fullmatch(question):
        return True
    if _OPENER.match(question) and len(telling) <= OPENED_WORDS:
        return True
    if not _VERB_OR_ASKING.search(question):
        return 0 < len(telling) <= FRAGMENT_WORDS
    if named or len(own) > POINTING_PHRASES:
        return False
    if _DEFINITION.match(question):
        short = len(telling) <= DEFINITION_WORDS and len(own) <= 1
        return bool(short and _THE.search(question) and not _WHOSE.search(question))
    if len(telling) == 1:
        return True
    return any(match["noun"] in _SOME_ONE_OF_MANY for match in _KNOWN_THING.finditer(question))
