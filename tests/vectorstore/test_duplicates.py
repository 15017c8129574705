"""One story from several outlets is found once; a corrected one is a story of its own."""

import json
from itertools import combinations, permutations
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ingest.text.sentences import split_sentences
from tests.archive import found, open_library, revision
from vectorstore.duplicates import (
    MOST_CHARACTERS,
    Likeness,
    Sentence,
    compare,
    folded_words,
    sentences_of,
)
from vectorstore.library import Library
from vectorstore.models import Filters, Hit

STORY = (
    "A ferry with 214 passengers ran aground off the island of Tarn on Tuesday morning, the coast "
    "guard said. Nobody was hurt. Strong winds had pushed the ship onto a sandbank while it waited "
    "to enter the harbour, and two tugs failed to pull it free.\n\n"
    "The captain, Ilse Brandt, told port officials that the anchor had not held. The company that "
    "runs the line said it would bring the passengers ashore in small boats before nightfall."
)
HERALD = "TARN, 7 March (Norwire) - " + STORY
COURIER = (
    "Ferry stuck on a sandbank with more than 200 on board\nBy Piet Maas\nOSTERBY — "
    + STORY.replace("harbour", "harbor").replace("it would", "that it would")
    + "\n\nReporting by Piet Maas in Osterby."
)
COPIES = {"Norwire": STORY, "Daily Herald": HERALD, "Courier": COURIER}

CORRECTED = {
    "a number": ("214", "241"),
    "a number in words": ("two tugs", "three tugs"),
    "a name": ("Ilse Brandt", "Inge Brandt"),
    "a name that begins a sentence": ("Strong winds had", "Norwire winds had"),
    "a denial": ("had not held", "had held"),
    "a word that turns it round": ("failed to pull", "managed to pull"),
    "a day": ("Tuesday", "Monday"),
    "the last word": ("nightfall.", "Thursday."),
    "a verb": ("failed to pull", "helped to pull"),
    "a noun": ("small boats", "small planes"),
    "who said it": ("the coast guard said", "the drunken captain said"),
    "a first sentence before a dash": (
        "A ferry with",
        "Dozens drowned — police fear more — as a ferry with",
    ),
    "a note": ("Nobody was hurt.", "Nobody was hurt. (This story has been corrected.)"),
}


def sentences(text: str) -> tuple[Sentence, ...]:
    return sentences_of(text, json.dumps(split_sentences(text)), 0)


def is_copy(one: str, other: str) -> bool:
    return compare(sentences(one), sentences(other)) is Likeness.COPY


@pytest.fixture
def library(tmp_path: Path) -> Library:
    return open_library(tmp_path)


def write(library: Library, texts: dict[str, str], **given: frozenset[str]) -> None:
    """Write each text as an article of the outlet it is named after, a day apart."""
    library.write(
        [
            revision(
                outlet,
                text,
                title=f"As {outlet} tells it",
                source=outlet,
                published_at=f"2023-03-{min(day, 31):02}",
                audience=given.get(outlet, frozenset()),
            )
            for day, (outlet, text) in enumerate(texts.items(), start=1)
        ]
    )


def hits(library: Library, filters: Filters | None = None) -> list[Hit]:
    return library.search("ferry aground", limit=10, per_article=3, filters=filters)


@pytest.mark.parametrize(("one", "other"), [*combinations(COPIES.values(), 2)])
def test_headline_dateline_byline_and_credit_make_no_other_story(one: str, other: str) -> None:
    assert is_copy(one, other)


@pytest.mark.parametrize("what", CORRECTED)
@pytest.mark.parametrize("outlet", COPIES)
def test_corrected_version_is_no_copy(what: str, outlet: str) -> None:
    assert not is_copy(STORY.replace(*CORRECTED[what]), COPIES[outlet])


PARAGRAPHS = STORY.split("\n\n")
LOCAL = "Families in Osterby said that they had heard nothing until noon."
EDITED = {
    "a paragraph of its own first": [LOCAL, *PARAGRAPHS],
    "one in the middle": [PARAGRAPHS[0], LOCAL, PARAGRAPHS[1]],
    "one at the end": [*PARAGRAPHS, LOCAL],
    "a heading in between": [PARAGRAPHS[0], "On the sandbank", PARAGRAPHS[1]],
    "cut to the first paragraph": PARAGRAPHS[:1],
    "a sentence left out": [PARAGRAPHS[0].replace(" Nobody was hurt.", ""), PARAGRAPHS[1]],
}


@pytest.mark.parametrize("what", EDITED)
@pytest.mark.parametrize("outlet", COPIES)
def test_sentences_added_or_left_out_make_no_other_story(what: str, outlet: str) -> None:
    assert is_copy("\n\n".join(EDITED[what]), COPIES[outlet])


def test_reply_that_quotes_a_story_is_no_copy() -> None:
    reply = f"{PARAGRAPHS[1]} That is not how the crew remember it. " + " ".join(
        f"Sailor {name} says that the alarm was raised an hour late and nobody came."
        for name in "ABCD"
    )
    assert not is_copy(reply, STORY)


def test_another_story_in_the_same_mould_is_no_copy() -> None:
    other = STORY.replace("ferry", "trawler").replace("Tarn", "Holm").replace("214", "12")
    assert not is_copy(STORY, other)


EQUAL = [
    ("It left at 4.40 a.m. in fog.", "It left at 4:40am in fog."),
    ("More than 1,000 were hurt.", "More than 1000 were hurt."),
    ("The theatre honours its modelling.", "The theater honors its modeling."),
    ("They analyse what was organised.", "They analyze what was organized."),
    ("A PASSENGER FERRY sank.", "A passenger ferry sank."),
    ("“It’s safe,” he said.", "'It's safe', he said."),
    ("Six men, two of them sailors", "6 men, 2 of them sailors"),
    ("She said that it sank.", "She said it sank."),
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
    ("The ship is sinking.", "The ship is sinking?"),
    ("काम की बात", "काम का बात"),
]


def key(text: str) -> str:
    *_, last = sentences(text)
    return last.key


@pytest.mark.parametrize(("one", "other"), EQUAL)
def test_punctuation_and_spelling_make_no_other_sentence(one: str, other: str) -> None:
    assert key(one) == key(other)


@pytest.mark.parametrize(("one", "other"), DIFFERENT)
def test_another_word_or_number_makes_another_sentence(one: str, other: str) -> None:
    assert key(one) != key(other)


LEAD = "The ferry ran aground."
DATELINES = [
    "WASHINGTON (AP) — ",
    "NEW DELHI, June 2 (PTI): ",
    "WASHINGTON, June 1, 2023 (AFP)—",
    "WASHINGTON, D.C. – ",
    "(CNN) ",
    "UNITED NATIONS, June 1 (Xinhua) -- ",
    "St. Louis (AP) -- ",
    "CNN —\n\n",
]
NO_DATELINES = [
    "Dozens drowned — police fear many more — when a ",
    "All Hands Were Lost — ",
    "HOAX: ",
    "Not true - ",
    "Biden — Obama's deputy — said that ",
    "Chuck Schumer (D-NY) said that ",
]


@pytest.mark.parametrize("dateline", DATELINES)
def test_story_begins_behind_its_dateline(dateline: str) -> None:
    assert key(dateline + LEAD) == key(LEAD)


@pytest.mark.parametrize("words", NO_DATELINES)
def test_other_first_words_are_no_dateline(words: str) -> None:
    assert key(words + LEAD) != key(LEAD)


def test_headlines_headings_and_credits_are_no_statements() -> None:
    text = (
        f"Ferry aground\nBy Piet Maas\n\n{LEAD} It left at 4 p.m. Thursday.\n\nOn the sandbank\n\n"
        "Tugs came.\n\nReporting by Piet Maas."
    )
    stated = [text[s.start : s.end].strip() for s in sentences(text) if s.is_statement]
    assert stated == [LEAD, "It left at 4 p.m. Thursday.", "Tugs came."]


def test_endless_text_has_no_words() -> None:
    assert folded_words(LEAD * MOST_CHARACTERS) == []


@settings(max_examples=50)
@given(st.text(), st.text())
def test_comparing_is_symmetric(one: str, other: str) -> None:
    first, second = sentences(one + STORY), sentences(STORY + other)
    assert compare(first, second) is compare(second, first)


def test_copies_are_found_once_with_the_other_outlets(library: Library) -> None:
    write(library, COPIES)
    [hit] = hits(library)
    assert {hit.source, *hit.also_in} == set(COPIES)
    assert len(hit.also_in) == 2
    assert library.ledger.counts()["articles"] == 3


def test_of_equal_copies_the_newest_is_shown(library: Library) -> None:
    for day in (2, 3, 1):
        library.write([revision(f"d{day}", STORY, title="Ferry", published_at=f"2023-03-0{day}")])
    assert found(library, "ferry aground") == ["d3"]


def test_corrected_version_is_found_beside_the_copies(library: Library) -> None:
    write(library, COPIES | {"Tribune": COURIER.replace("214", "241")})
    first, second = sorted(hits(library), key=lambda hit: len(hit.also_in))
    assert (first.source, first.also_in) == ("Tribune", ())
    assert len(second.also_in) == 2


def test_corrected_copy_of_a_cut_story_does_not_join_the_uncorrected(library: Library) -> None:
    cut = STORY[: STORY.index(" The company")]
    longer = STORY + " Divers found 3 holes in the hull."
    write(library, {"Norwire": longer, "Herald": cut, "Courier": longer.replace("3", "5")})
    told = {hit.source: hit.also_in for hit in hits(library)}
    assert "Courier" not in {source for others in told.values() for source in others}


@pytest.mark.parametrize("order", [*permutations(("full", "cut", "local"))])
def test_order_of_ingest_does_not_decide_who_is_a_copy(
    library: Library, order: tuple[str, ...]
) -> None:
    texts = {"full": STORY, "cut": PARAGRAPHS[0], "local": f"{STORY}\n\n{LOCAL}"}
    write(library, {outlet: texts[outlet] for outlet in order})
    [hit] = hits(library)
    assert {hit.source, *hit.others_with((0, 20))} == set(texts)


def test_outlet_is_named_beside_the_sentences_alone_that_it_has(library: Library) -> None:
    local = "\n\n".join(EDITED["one in the middle"])
    write(library, {"Norwire": HERALD, "Herald": local})
    [hit] = hits(library)
    assert (hit.source, hit.also_in) == ("Herald", ())
    named = {local[start:end].strip(): others for (start, end), others in hit.shared}
    assert named.pop(LOCAL) == ()
    assert set(named.values()) == {("Norwire",)}


def test_copy_that_contradicts_the_story_at_its_end_is_found(library: Library) -> None:
    said = {
        "Norwire": "In the end all got home unhurt.",
        "Herald": "Forty had drowned in the hold.",
    }
    write(library, {outlet: f"{STORY}\n\n{last}" for outlet, last in said.items()})
    found_at_the_end = library.search("Who drowned in the hold?", limit=2, per_article=1)
    [drowned] = [hit for hit in found_at_the_end if hit.source == "Herald"]
    end = drowned.passage.end
    assert drowned.others_with((end - 10, end)) == ()


def test_sixty_copies_leave_room_for_other_stories(library: Library) -> None:
    write(library, {f"Paper {i}": f"TARN {i} — {STORY}" for i in range(60)})
    library.write([revision("bridge", "Islanders want a bridge since ferries stop in fog.")])
    copy, other = library.search("ferry aground", limit=10, per_article=3)
    assert copy.source.startswith("Paper")
    assert other.passage.article_id == "bridge"


def test_private_copy_is_named_to_those_it_was_given_to_alone(library: Library) -> None:
    write(library, COPIES, Courier=frozenset({"C1"}))
    [hit] = hits(library)
    assert "Courier" not in (hit.source, *hit.also_in)
    [hit] = hits(library, Filters(conversations=frozenset({"C1"})))
    assert {hit.source, *hit.also_in} == set(COPIES)


@pytest.mark.parametrize("outlet", ["Norwire", "Courier"])
def test_removed_or_corrected_copy_leaves_the_others_together(
    library: Library, outlet: str
) -> None:
    write(library, COPIES)
    write(library, {outlet: COPIES[outlet].replace("214", "241")})
    beside = {hit.source: len(hit.also_in) for hit in hits(library)}
    assert beside.pop(outlet) == 0
    assert list(beside.values()) == [1]
    library.remove([outlet])
    [hit] = hits(library)
    assert {hit.source, *hit.also_in} == COPIES.keys() - {outlet}


def test_five_poisoned_copies_count_as_one_source(library: Library) -> None:
    poison = "The ferry that ran aground was sunk by its owners, readers should know and repeat. "
    words = ("know", "be aware", "remember", "understand", "learn")
    texts = {
        f"fake{i}": f"PORT {i} - {poison * 3}And readers should {word} it. Published by fake{i}."
        for i, word in enumerate(words)
    }
    write(library, {"Norwire": STORY} | texts)
    limited = library.search("ferry aground", limit=2, per_article=3)
    assert "Norwire" in {hit.source for hit in limited}
    fakes = [hit for hit in hits(library) if hit.source != "Norwire"]
    assert len(fakes) == 1
    library.remove(list(texts))
    assert found(library, "ferry aground") == ["Norwire"]


def test_what_an_outlet_adds_is_its_own(library: Library) -> None:
    added = " ".join(
        f"Later that day diver {name} looked at the hull and saw a crack." for name in "AB"
    )
    write(library, {"Norwire": STORY, "Herald": f"{STORY}\n\n{added}"})
    [hit] = library.search("crack in the hull seen by a diver", limit=1, per_article=1)
    assert hit.source == "Herald"
    assert hit.others_with((0, len(STORY))) == ("Norwire",)
    assert hit.others_with((0, hit.passage.end)) == ()
