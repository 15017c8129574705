"""Tells whether a sentence denies what its quotes say, or says what they deny."""

import re
from collections.abc import Iterator, Sequence

from bot.wording import is_stop_word, stem, words_of

_DENIAL = re.compile(
    r"not|no|non|never|nor|neither|none|nobody|nothing|nowhere|without|cannot|\w+n['’]t|n['’]t"
)
_NEGATIVE = re.compile(
    rf"{_DENIAL.pattern}|unable|unlikely|fail\w*|refus\w+|reject\w*|den(?:y|ied|ies|ying|ials?)"
    r"|lack\w*|absen\w+|ban(?:s|ned|ning)?|prevent\w*|prohibit\w*|forb\w+|stop\w*|hardly|barely"
    r"|rarely|seldom|scarcely|few|little|un\w{4,}|in\w{5,}|im\w{5,}|dis\w{4,}|ir\w{5,}|il\w{5,}"
    r"|rul\w+|avoid\w*|against|only|impossib\w+|free|less|\w+less|before|yet|halt\w*|withdr\w+"
    r"|oppos\w+|declin\w+|dismiss\w*|block\w*|end(?:ed|s)?|until|except|instead|rather|than"
)
_IDIOMS = re.compile(
    r"\bnot (?:only|just|merely|least)\b|\bno (?:less|more|fewer|later|sooner) than\b"
    r"|\bno longer\b|\bno doubt\b|\bno\.? ?(?=\d)",
    re.IGNORECASE,
)


def is_turned_round(sentence: str, quotes: Sequence[str]) -> bool:
    """Tell whether the sentence denies, and no quote does, or a quote denies just what it says.

    Words that deny in another way, "refused" for "did not", count in favour of the sentence.
    """
    words = _words(sentence)
    if any(map(_is_denial, words)):
        return not any(_NEGATIVE.fullmatch(word) for quote in quotes for word in _words(quote))
    if any(_NEGATIVE.fullmatch(word) for word in words):
        return False
    said = {stem(word) for word in words}
    return all(any(pair <= said for pair in _denied(_words(quote))) for quote in quotes)


def _words(text: str) -> list[str]:
    return [word.lower() for word in words_of(_IDIOMS.sub(" ", text))]


def _is_denial(word: str) -> bool:
    return _DENIAL.fullmatch(word) is not None


def _denied(words: list[str]) -> Iterator[set[str]]:
    """Yield the telling words around each denial: "Russia" and "veto" of "Russia has no veto"."""
    for place, word in enumerate(words):
        if _is_denial(word):
            before = next((w for w in reversed(words[:place]) if not is_stop_word(w)), None)
            after = next((w for w in words[place + 1 :] if not is_stop_word(w)), None)
            if before and after:
                yield {stem(before), stem(after)}
