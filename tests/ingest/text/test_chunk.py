from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from ingest.text.chunk import MAX_CHARS, chunk
from ingest.text.sentences import split_sentences
from tests.ingest.sample_texts import TEXTS

SENTENCE = "The ministers met in Stockholm on Thursday and agreed to talk again."


def paragraph(sentences: int) -> str:
    return " ".join([SENTENCE] * sentences)


def sizes(text: str) -> list[int]:
    return [made.end - made.start for made in chunk(text)]


def test_paragraph_of_usual_length_stays_whole() -> None:
    assert sizes(paragraph(12)) == [len(paragraph(12))]


def test_short_paragraphs_are_joined() -> None:
    assert len(chunk("\n\n".join([SENTENCE] * 10))) == 1


def test_long_paragraph_is_divided_evenly() -> None:
    assert sizes(paragraph(16)) == [len(paragraph(8))] * 2


def test_chunk_ends_with_a_paragraph_where_that_costs_little() -> None:
    text = f"{paragraph(9)}\n\n{paragraph(11)}"
    assert [made.start for made in chunk(text)] == [0, len(paragraph(9)) + 2]


def test_letters_that_are_word_pieces_of_their_own_weigh_more() -> None:
    assert max(sizes("美国总统拜登和俄罗斯总统普京将举行会晤。" * 40)) <= MAX_CHARS // 4


def test_text_without_words_has_no_chunks() -> None:
    assert chunk(" \n\n ") == ()


@given(TEXTS, st.integers(min_value=50, max_value=2000))
def test_chunks_hold_every_sentence_once_in_order(text: str, max_chars: int) -> None:
    chunks = chunk(text, max_chars=max_chars)
    assert tuple(span for made in chunks for span in made.sentences) == split_sentences(text)
    for made in chunks:
        assert (made.start, made.end) == (made.sentences[0][0], made.sentences[-1][1])
        assert len(made.sentences) == 1 or made.end - made.start <= max_chars
    assert all(before.end <= after.start for before, after in pairwise(chunks))
