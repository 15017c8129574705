"""Spells English words one way: British and American, shortened and in full, in figures."""

import re
from functools import lru_cache

LONGEST = 30
"""Characters of a word that has another spelling."""

_ENDINGS = tuple(
    (re.compile(pattern), spelled)
    for pattern, spelled in (
        (r"(?<=[a-z]{2})our(?=[a-z]{0,5}$)", "or"),
        (r"(?<=[a-z]{3})is(?=(?:e|ed|es|er|ers|ing|ation|ations|ational)$)", "iz"),
        (r"(?<=al)ys(?=(?:e|ed|es|er|ers|ing)$)", "yz"),
        (r"(?<=[bt])re(?=s?$)", "er"),
        (r"(?<=[aeiou][^aeiou][aeiou])ll(?=(?:ed|ing|er|ers)$)", "l"),
        (r"(?<=[aeiou][^aeiou]{2}[aeiou])ll(?=(?:ed|ing|er|ers)$)", "l"),
        (r"(?<=^defen)c|(?<=^offen)c|(?<=^licen)c|(?<=^preten)c", "s"),
        (r"(?<=log)ue(?=s?$)", ""),
    )
)

UNITS = """zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen
    fifteen sixteen seventeen eighteen nineteen""".split()
_TENS = "twenty thirty forty fifty sixty seventy eighty ninety".split()

_SAME = {
    **{word: str(number) for number, word in enumerate(UNITS)},
    **{
        ten + (UNITS[unit] if unit else ""): str(10 * number + unit)
        for number, ten in enumerate(_TENS, start=2)
        for unit in range(10)
    },
    **dict(
        pair.split("=")
        for pair in """
        jan=january feb=february mar=march apr=april jun=june jul=july aug=august sep=september
        sept=september oct=october nov=november dec=december
        sen=senator rep=representative gov=governor gen=general lt=lieutenant col=colonel
        capt=captain sgt=sergeant prof=professor dr=doctor det=detective insp=inspector
        supt=superintendent govt=government dept=department
        kms=km kilometer=km kilometre=km kilometers=km kilometres=km dollar=dollars &=and
        %=percent pc=percent pct=percent mn=million bn=billion tn=trillion
        grey=gray greys=grays tyre=tire tyres=tires kerb=curb storey=story storeys=stories
        programme=program programmes=programs mum=mom cosy=cozy mould=mold plough=plow
        whilst=while amongst=among towards=toward learnt=learned burnt=burned centred=centered
        adviser=advisor advisers=advisors aluminium=aluminum jewellery=jewelry sceptical=skeptical
        scepticism=skepticism sceptics=skeptics judgement=judgment ageing=aging fulfil=fulfill
        enrol=enroll skilful=skillful instalment=installment instalments=installments
        manoeuvre=maneuver manoeuvres=maneuvers practise=practice""".split()
    ),
    "can't": "can not",
    "cannot": "can not",
    "won't": "will not",
}


@lru_cache(maxsize=4096)
def one_spelling(word: str) -> str:
    """Return the word, given in lower case, as it is spelled here: most as they are.

    What is shortened may be two words in full.
    """
    if word in _SAME:
        return _SAME[word]
    if word.endswith("n't"):
        return f"{word[:-3]} not"
    if 5 <= len(word) <= LONGEST:
        for ending, spelled in _ENDINGS:
            word = ending.sub(spelled, word)
    return word
