"""What is searched for, and how two scores become one."""

import sqlite3

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from vectorstore.keywords import MOST_TERMS, search_terms
from vectorstore.search import fuse


@pytest.mark.parametrize(
    ("question", "terms"),
    [
        ("What sanctions were threatened?", ("sanctions", "threatened")),
        ("Did the U.S. send 100,000 troops?", ("u.s", "send", "100,000", "troops")),
        ("BEYONCÉ, Beyoncé", ("beyoncé",)),
        ("Who is it?", ("who", "is", "it")),
        ("", ()),
        ("?! -- …", ()),
    ],
)
def test_terms_are_the_telling_words(question: str, terms: tuple[str, ...]) -> None:
    assert search_terms(question) == terms


def test_long_question_gives_a_limited_number_of_terms() -> None:
    assert len(search_terms(" ".join(f"word{n}" for n in range(1000)))) == MOST_TERMS


@given(st.text())
def test_no_question_is_an_error_to_the_keyword_index(question: str) -> None:
    terms = search_terms(question)
    database = sqlite3.connect(":memory:")
    database.execute("CREATE VIRTUAL TABLE passages USING fts5(text)")
    database.execute("INSERT INTO passages VALUES ('some text')")
    match = " OR ".join(f'"{term}"' for term in terms)
    if terms:
        database.execute("SELECT rowid FROM passages WHERE passages MATCH ?", [match]).fetchall()
    database.close()


@pytest.mark.parametrize(
    "question", ['"talks"', "talks NEAR(war", "title: talks", "talks*", "talks\0war", "talks'--"]
)
def test_query_syntax_in_a_question_is_only_words(question: str) -> None:
    terms = search_terms(question)
    assert "talks" in terms
    assert all(term.isalnum() for term in terms)


def test_nearness_and_words_both_count() -> None:
    cosines = np.array([0.6, 0.6, 0.2, 0.2], dtype=np.float32)
    bm25 = np.array([9.0, 0.0, 9.0, 0.0], dtype=np.float32)
    both, near, worded, neither = fuse(cosines, bm25)
    assert both > near > worded > neither


def test_a_passage_with_a_near_sentence_comes_before_one_that_is_evenly_near() -> None:
    cosines = np.array([0.5, 0.5], dtype=np.float32)
    sentences = np.array([0.5, 0.8], dtype=np.float32)
    even, pointed = fuse(cosines, np.zeros(2, dtype=np.float32), sentences)
    assert pointed > even


def test_chance_differences_in_one_score_do_not_outweigh_real_ones_in_the_other() -> None:
    cosines = np.array([0.70, 0.30], dtype=np.float32)
    bm25 = np.array([0.00001, 0.00002], dtype=np.float32)
    first, second = fuse(cosines, bm25)
    assert first > second


@pytest.mark.parametrize("count", [0, 1])
def test_few_candidates_are_scored_with_finite_numbers(count: int) -> None:
    scores = fuse(np.ones(count, dtype=np.float32), np.ones(count, dtype=np.float32))
    assert scores.shape == (count,)
    assert np.isfinite(scores).all()
