"""Turns a follow-up and the thread before it into a question that stands alone, by rules."""

import re
from collections.abc import Sequence

from bot.answers import Turn
from bot.questions.noun_phrases import (
    LONGEST_CHARS,
    Antecedent,
    NounPhrase,
    Pronoun,
    first_pronoun,
    fits,
    full_name_in,
    most_mentioned,
    noun_phrases,
)
from bot.questions.words import Kind, is_stop_word, kind_of, stem, words_of

MAX_TURNS = 8
"""How far back a thread is read."""

MAX_TOPICS = 2
"""How many noun phrases follow a question in brackets. On the half of benchmarks/followups.py that
the rules were made with, where a question lacks words of the thread, 1 recovers two points fewer
of the rewrite's words; 3 half a point more, and a point more that are not its."""

_HELPER = r"(?:did|does|do|will|would|can|could|should|has|have|had)"
_CLAUSE = re.compile(
    rf"(?:(?:when|where|why|how)\s+)?(?:(?:{_HELPER}|is|are|was|were)\s.+)"
    rf"|(?:what|who|whom)\s+{_HELPER}\s.+",
    re.IGNORECASE,
)
_QUESTION_WORD = re.compile(r"(?:when|where|why|how|what|who|whom)\s+", re.IGNORECASE)
_WHEN_OR_WHERE = re.compile(
    r"\W*(?:(?:and|but|or|what about|how about)\b[\s,]*)*"
    r"(?P<phrase>(?:in|on|at|by|for|from|since|until|before|after|during|between|against|under)"
    r"\b[^?.!]*)[?.!\s]*",
    re.IGNORECASE,
)
_REFERS_OR_ASKS = re.compile(
    r"\b(?:that|then|this|it|them|which|what|whom|where|when)\b", re.IGNORECASE
)
_YEAR = re.compile(r"\b(in|since|by|before|after|until) (?:1[5-9]|20)\d\d\b", re.IGNORECASE)

MAX_OPENER_WORDS = 4
MAX_FRAGMENT_WORDS = 3
MAX_DEFINITION_WORDS = 2
"""The most content words of an incomplete question that opens with "and", that has no verb, and
that asks "what is the ..."; with more it stands alone."""

MAX_PHRASES = 2
"""The most noun phrases of an incomplete question, beside a "that" or without a name."""

_BARE_QUESTION = re.compile(
    r"\W*(?:(?:and|but|so)\W+)?(?:(?P<adverb>why|when|where|how)|who|since when|how long|how often"
    r"|how many|how much|by whom|with whom)(?: (?:not|so|exactly|then|else))?\W*",
    re.IGNORECASE,
)
_OPENER = re.compile(
    r"\W*(?:and|but|or|so|then|also|what about|how about)\b(?! (?:is|are|was)\b)", re.IGNORECASE
)
_VERB_OR_QUESTION_WORD = re.compile(
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
_DEFINITE_NOUN = re.compile(
    r"\b(?:the|that|those|these) (?P<noun>[a-z]+)\b"
    r"(?! (?:of|in|for|that|who|which|between|on|at|from|to|against|with|where|[a-z]*ed by)\b)"
    r"(?! [A-Z0-9])"
)
_GENERIC_NOUNS = frozenset(
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


def standalone(question: str, turns: Sequence[Turn]) -> str:
    """Return the question with the topic of its thread, if it lacks one; else to the letter.

    "Why did it leave?" names what it means where that is plain; otherwise the topic follows in
    brackets: "Who won? (presidential election, France)".
    """
    thread: list[str] = []
    for turn in turns[-MAX_TURNS:]:
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
    pronoun = first_pronoun(question)
    if pronoun and pronoun.antecedent is Antecedent.PERSON and kind_of(thread[-1]) is Kind.PERSON:
        candidates = full_name_in(answer) or candidates
    antecedents = pronoun and _antecedents(pronoun, candidates)
    if pronoun and antecedents:
        return pronoun.filled(question, most_mentioned(antecedents, thread, 1)[0].written)
    topics = ", ".join(phrase.text for phrase in most_mentioned(candidates, thread, MAX_TOPICS))
    return f"{question.strip()} ({topics})" if topics else question


def _continued(question: str, last: str) -> str:
    """Return the question before with what a "why?" or an "and in 2014?" changes of it."""
    bare = _BARE_QUESTION.fullmatch(question)
    if bare:
        if bare["adverb"] and _CLAUSE.fullmatch(last):
            rest = _QUESTION_WORD.sub("", last, count=1)
            return f"{bare['adverb'].capitalize()} {rest[0].lower()}{rest[1:]}?"
        return f"{question.strip()} ({last})"
    when = _WHEN_OR_WHERE.fullmatch(question)
    if not when:
        return ""
    phrase = when["phrase"].strip()
    phrase = phrase[0].lower() + phrase[1:]
    if _REFERS_OR_ASKS.search(phrase):
        return f"{question.strip()} ({last})"
    if _YEAR.fullmatch(phrase) and _YEAR.search(last):
        return _YEAR.sub(phrase, last, count=1) + "?"
    return f"{last} {phrase}?"


def _flat(question: str) -> str:
    """The question as a part of another: without its mark, its brackets as an aside."""
    return question.strip(" ?.!)\n").replace("? (", ", ").replace(" (", ", ")


def _candidates(question: str, thread: Sequence[str]) -> list[NounPhrase]:
    """Return the noun phrases of the last question that has any this one lacks."""
    own = frozenset(map(stem, words_of(question)))
    for last in reversed(thread):
        new = [phrase for phrase in noun_phrases(last) if not phrase.stems <= own]
        if new:
            return new
    return []


def _antecedents(pronoun: Pronoun, candidates: Sequence[NounPhrase]) -> list[NounPhrase]:
    """Return what may stand in the pronoun's place; nothing unless it is clear which."""
    if pronoun.antecedent is Antecedent.ANY:
        return []
    fitting = [phrase for phrase in candidates if fits(phrase, pronoun.antecedent)]
    if pronoun.antecedent is Antecedent.PERSON:
        # One word may be a person or a country.
        return [phrase for phrase in fitting if phrase.is_name and " " in phrase.text][:1]
    names = [phrase for phrase in fitting if phrase.is_name]
    antecedents = names if len(names) == 1 else fitting
    return antecedents if len(antecedents) == 1 else []


def lacks_topic(question: str, last: str) -> bool:
    """Whether the question needs what the one before it is about."""
    words = words_of(question)
    if len(question) > LONGEST_CHARS or {word.lower() for word in words} <= _CHATTER:
        return False
    own = noun_phrases(question)
    pronoun = first_pronoun(question)
    if pronoun and pronoun.antecedent is not Antecedent.ANY:
        return True
    shared = [phrase.stems & each.stems for phrase in noun_phrases(last) for each in own]
    if max(map(len, shared), default=0) >= (1 if len(own) > 1 else 2):
        return False
    if pronoun:
        return len(own) <= MAX_PHRASES
    return _is_too_short(question, own)


def _is_too_short(question: str, own: list[NounPhrase]) -> bool:
    content = {stem(word) for word in words_of(question) if not is_stop_word(word)}
    named = any(phrase.is_name for phrase in own)
    if _BARE_QUESTION.fullmatch(question):
        return True
    if _OPENER.match(question) and len(content) <= MAX_OPENER_WORDS:
        return True
    if not _VERB_OR_QUESTION_WORD.search(question):
        return 0 < len(content) <= MAX_FRAGMENT_WORDS
    if named or len(own) > MAX_PHRASES:
        return False
    if _DEFINITION.match(question):
        short = len(content) <= MAX_DEFINITION_WORDS and len(own) <= 1
        return bool(short and _THE.search(question) and not _WHOSE.search(question))
    if len(content) == 1:
        return True
    return any(match["noun"] in _GENERIC_NOUNS for match in _DEFINITE_NOUN.finditer(question))
