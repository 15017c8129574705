"""Words are compared as people mean them, and a question tells what kind of answer it wants."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.questions.words import Kind, content_words, has_kind, is_slip, kind_of, stem, words_of


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("annexed", "Annexation"),
        ("Résumés", "resume’s"),
        ("TALKS", "talk"),
        ("Russia", "Russian"),
    ],
)
def test_forms_of_a_word_have_one_stem(one: str, other: str) -> None:
    assert stem(one) == stem(other)


@pytest.mark.parametrize(
    ("one", "other"), [("2014", "2015"), ("100,000", "100,001"), ("gas", "gate")]
)
def test_other_words_have_other_stems(one: str, other: str) -> None:
    assert stem(one) != stem(other)


@pytest.mark.parametrize(
    ("question", "kind"),
    [
        ("What year was the treaty signed?", Kind.YEAR),
        ("When did they meet?", Kind.DATE),
        ("HOW MANY TROOPS?", Kind.NUMBER),
        ("Who met in Stockholm?", Kind.PERSON),
        ("In which city did they meet?", Kind.PLACE),
        ("What is the pipeline called?", Kind.NAME),
        ("What sanctions were threatened?", Kind.ANYTHING),
    ],
)
def test_kind_is_told_by_the_question(question: str, kind: Kind) -> None:
    assert kind_of(question) is kind


@pytest.mark.parametrize(
    ("kind", "sentence", "held"),
    [
        (Kind.YEAR, "It was signed in 2014.", True),
        (Kind.YEAR, "It was signed on 3 March.", False),
        (Kind.DATE, "It was signed on 3 March.", True),
        (Kind.NUMBER, "Two ministers came.", True),
        (Kind.NUMBER, "Ministers came.", False),
        (Kind.PERSON, "He met Lavrov.", True),
        (Kind.PERSON, "Later they met.", False),
        (Kind.PERSON, "Blinken said so.", False),
        (Kind.PERSON, "BLINKEN SAID SO.", True),
        (Kind.ANYTHING, "He met Lavrov in 2014.", False),
        (Kind.PERSON, "", False),
    ],
)
def test_sentence_holds_what_is_asked_for(kind: Kind, sentence: str, held: bool) -> None:
    assert has_kind(kind, words_of(sentence), frozenset({"stock"})) is held


def test_what_the_question_says_itself_is_no_answer() -> None:
    assert not has_kind(Kind.YEAR, words_of("It was in 2014."), frozenset({"2014"}))


@pytest.mark.parametrize(
    "typo", ["sanctios", "sactions", "sanxtions", "santcions", "sanctionss", "sanctiosn"]
)
def test_a_slip_of_the_finger_is_seen(typo: str) -> None:
    assert is_slip(typo, "sanctions")


@pytest.mark.parametrize(
    ("word", "other"), [("right", "fight"), ("cars", "carts"), ("sanctions", "sections"), ("a", "")]
)
def test_another_word_is_no_slip(word: str, other: str) -> None:
    assert not is_slip(word, other)


def test_stop_words_count_only_where_there_is_nothing_else() -> None:
    assert content_words("Who is the director?") == ["director"]
    assert content_words("Who is it?") == ["Who", "is", "it"]


@given(st.text())
def test_any_text_has_words_with_stems(text: str) -> None:
    words = words_of(text)
    assert all(word in text for word in words)
    assert all(map(stem, words))
    for kind in Kind:
        has_kind(kind, words, frozenset())
