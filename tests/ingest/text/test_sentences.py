import pytest
from hypothesis import given

from ingest.text.sentences import LONGEST_SENTENCE_CHARS, split_sentences
from tests.ingest.sample_texts import TEXTS


def split(text: str) -> list[str]:
    return [text[start:end] for start, end in split_sentences(text)]


@pytest.mark.parametrize(
    "sentences",
    [
        ["He left.", "She stayed!", "Why?", "Nobody knows."],
        ["Mr. Smith met Dr. Jones at 5 p.m. Friday.", "They left at 6 p.m.", "It was late."],
        ["The U.S. Army left the U.S.", "It was over."],
        ["J. K. Rowling and George W. Bush met.", "He paid $3.5 million (No. 5)."],
        ["See Fig. 3.", "On Dec. 3 he left.", "Born c. 1850, he ruled (r. 1402–1424)."],
        ["The case Roe v. Wade, et al. was closed."],
        ["Apple Inc. grew in California.", "John Smith Jr. left Apple Inc.", "The firm grew."],
        ["In 2011.", "15 people died."],
        ["In 2003.[4]", "He left.[5][6]", "Then nothing."],
        ["An “unwavering commitment … to Ukraine” stands.", "Wait... what?", "Well...", "He left."],
        ["Visit example.com.", "Node.js rocks."],
        ["1. First item.", "2. Second item."],
        ["Am 3. Dezember 2021 trafen sich z. B. die Minister.", "Er ging."],
        ["Le président M. Macron est arrivé.", "Il a dit : « Oui. Non. »", "Puis il est parti."],
    ],
)
def test_sentences_end_where_a_reader_would_end_them(sentences: list[str]) -> None:
    assert split(" ".join(sentences)) == sentences


@pytest.mark.parametrize(
    "sentences",
    [
        ["“I agree. We can go,” he said.", "He left."],
        ["He said: “It is over.”", "Then he left."],
        ["“Why?” Obama asked.", "“Stop!”", "The crowd left."],
        ['"Really?" she asked.', '"Yes."', "He nodded."],
        ["(He was late.)", "She was not."],
    ],
)
def test_closing_quotes_and_speakers_stay_with_what_was_said(sentences: list[str]) -> None:
    assert split(" ".join(sentences)) == sentences


def test_long_quotation_is_split_like_any_text() -> None:
    spoken = ["We will talk about it for as long as it takes to agree." for _ in range(8)]
    assert split(f"“{' '.join(spoken)}” He left.")[1] == spoken[1]


@pytest.mark.parametrize(
    "sentences",
    [
        ["The index is lower than 1 .", "It is `` seasonal . ''", "An index is n't ."],
        ["THE U.S . OFFER CAME ON DEC . 28 .", "BUT MR . MACMILLAN LEFT ."],
    ],
)
def test_tokenised_text_splits_at_its_spaced_full_stops(sentences: list[str]) -> None:
    assert split(" ".join(sentences)) == sentences


@pytest.mark.parametrize(
    ("text", "sentences"),
    [
        ("美国说：“我们会谈。会赢。”他走了。", ["美国说：“我们会谈。会赢。”", "他走了。"]),
        ("「行きます。」と述べた。彼は去った。", ["「行きます。」と述べた。", "彼は去った。"]),
        ("هل سيحضر الرئيس؟ نعم.", ["هل سيحضر الرئيس؟", "نعم."]),
        ("यह एक वाक्य है। यह दूसरा है।", ["यह एक वाक्य है।", "यह दूसरा है।"]),
    ],
)
def test_other_scripts_end_sentences_with_their_own_marks(text: str, sentences: list[str]) -> None:
    assert split(text) == sentences


def test_thai_phrases_are_joined_to_the_length_of_a_sentence() -> None:
    phrases = split("ประธานาธิบดีสหรัฐหารือกับประธานาธิบดีรัสเซีย " * 6)
    assert len(phrases) == 3


def test_line_break_ends_a_sentence() -> None:
    assert split("A headline\n\n- one\n- two") == ["A headline", "- one", "- two"]


def test_lost_line_break_ends_a_sentence() -> None:
    assert split("He said so.The talks failed.") == ["He said so.", "The talks failed."]


def test_text_in_small_letters_is_split() -> None:
    assert split("went home. mr. x came.") == ["went home.", "mr. x came."]


def test_run_without_an_end_is_cut_after_a_comma() -> None:
    pieces = split("a list of many words, " * 60)
    assert max(map(len, pieces)) <= LONGEST_SENTENCE_CHARS
    assert all(piece.endswith("words,") for piece in pieces)


def test_cut_keeps_a_joined_emoji_whole() -> None:
    family = "👩\u200d👩\u200d👧"
    assert all(piece.startswith("👩") for piece in split(family * 300))


@given(TEXTS)
def test_sentences_cover_all_but_white_space_in_order(text: str) -> None:
    covered = 0
    for start, end in split_sentences(text):
        assert covered <= start < end
        assert not text[covered:start].strip()
        assert text[start:end] == text[start:end].strip()
        covered = end
    assert not text[covered:].strip()
