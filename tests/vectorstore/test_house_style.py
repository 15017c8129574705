"""Outlets spell and punctuate the same their own way; any other word says something else."""

import pytest

from vectorstore.house_style import said_by

SAME = [
    ("It rose 6 percent.", "It rose 6%."),
    ("It rose 6 per cent.", "It rose 6pc."),
    ("More than 1,000 were hurt.", "Over 1000 were hurt."),
    ("It left at 4.40 a.m. in fog.", "It left at 4:40am in fog."),
    ("A wind from the north-west", "A wind from the northwest"),
    ("The World Health Organization cancelled it.", "The World Health Organisation canceled it."),
    ("It ends on Jan. 1, 2025.", "It ends on January 1, 2025."),
    ("It ends on Jan. 1, 2025.", "It ends on 1 January 2025."),
    ("Sen. Rand Paul lost 63-36.", "Senator Rand Paul lost 63 to 36."),
    ("Mr. Lomax left.", "Lomax left."),
    ("The Senate told President Joe Biden.", "The Senate told Joe Biden."),
    ("The airport at Kärdla", "The airport at Kardla"),
    ("A PASSENGER FERRY sank.", "A passenger ferry sank."),
    ("About 1.3m at $1.3bn", "About 1.3 million at 1.3 billion dollars"),
    ("He didn't, couldn't and won't.", "He did not, could not and will not."),
    ("“It’s safe,” he said.", "'It's safe', he said."),
    ("Twenty-five men, two of them sailors", "25 men, 2 of them sailors"),
    ("She said that it sank early on Thursday.", "She said it sank early Thursday."),
    ("It is 40 km off.", "It is 40 kilometres off."),
]
DIFFERENT = [
    ("lows of 6C", "lows of -6C"),
    ("lows of 6C", "lows of 6-8C"),
    ("It fell 6 percent.", "It fell 6 percentage points."),
    ("1.3m homes", "1.3bn homes"),
    ("4.40 a.m.", "4.40 p.m."),
    ("10.1 percent", "1.01 percent"),
    ("nine years", "nine months"),
    ("£2,300", "$2,300"),
    ("two miles", "two kilometres"),
    ("a fifth of the villages", "a fourth of the villages"),
    ("He would sign it.", "He would veto it."),
    ("He is not able to swim.", "He is notable to swim."),
    ("few survived", "a few survived"),
    ("Mr Lomax left.", "Mrs Lomax left."),
    ("Mari Tamm said so.", "Maria Tamm said so."),
    ("Il tue.", "Il tué."),
    ("twenty five-year-olds", "twenty-five-year-olds"),
    ("The ship is sinking.", "The ship is sinking?"),
    ("काम की बात", "काम का बात"),
]


@pytest.mark.parametrize(("one", "other"), SAME)
def test_house_styles_say_the_same(one: str, other: str) -> None:
    assert said_by(one).is_same(said_by(other))


@pytest.mark.parametrize(("one", "other"), DIFFERENT)
def test_another_word_says_something_else(one: str, other: str) -> None:
    assert not said_by(one).is_same(said_by(other))
