"""The reader that is shipped: its weights, what it marks, and answers without it."""

import shutil
from datetime import date
from pathlib import Path

import pytest

from bot.answers import AnswerRequest
from bot.errors import ReaderDamagedError
from bot.quoted import quote
from bot.reader import WEIGHTS, Reader, Window
from ingest.text.sentences import split_sentences
from tests.bot.test_quoted import hit

CASES = [
    ("Who won the race?", "Ann Lee won the race in Leeds. She is from Toronto.", "Ann Lee"),
    ("Where was the race?", "Ann Lee won the race in Leeds.", "Leeds"),
    ("How many people were hurt?", "The fire broke out at noon. It hurt 12 people.", "12"),
    ("When did the bridge open?", "The bridge opened on 5 May 2022, officials said.", "5 May 2022"),
    ("Who leads the bank?", "Maria Quist, who leads the bank, resigned on Monday.", "Maria Quist"),
    ("What did the court annul?", "The court annulled the vote of June.", "the vote of June"),
    ("How much did the project cost?", "The project cost $6.3 billion.", "$6.3 billion"),
]


@pytest.fixture(scope="module")
def reader() -> Reader:
    return Reader(threads=1)


@pytest.mark.parametrize(("question", "text", "answer"), CASES)
def test_words_that_answer_are_the_best_span(
    reader: Reader, question: str, text: str, answer: str
) -> None:
    [reading] = reader.read(question, [Window("", text)])
    span = reading.best()
    assert span is not None
    assert answer in text[span.start : span.end] or text[span.start : span.end] in answer


@pytest.mark.parametrize(
    "question",
    ["Who won the world cup?", "When did the minister resign?", "How tall is the tower?"],
)
def test_window_without_the_answer_scores_lower_than_one_that_has_it(
    reader: Reader, question: str
) -> None:
    texts = ("Ann Lee won the race in Leeds.", "The bridge opened on 5 May 2022.")
    scores = [reading.best() for reading in reader.read(question, [Window("", t) for t in texts])]
    [known] = reader.read(CASES[0][0], [Window("", CASES[0][1])])
    sure = known.best()
    assert sure is not None
    assert all(span is None or span.score < sure.score for span in scores)


def test_nothing_to_read_is_no_reading(reader: Reader) -> None:
    assert reader.read("Who?", []) == []


def test_text_of_any_characters_is_read(reader: Reader) -> None:
    odd = "\ud800 \x00 \u202e 𝔘 " * 300
    assert len(reader.read(odd, [Window(odd, odd), Window("", "")])) == 2


def damaged(tmp_path: Path) -> Path:
    folder = tmp_path / "weights"
    shutil.copytree(WEIGHTS, folder)
    with (folder / "reader.onnx").open("r+b") as file:
        file.seek(1000)
        file.write(b"damage")
    return folder


def test_damaged_weights_are_named_and_not_used(tmp_path: Path) -> None:
    with pytest.raises(ReaderDamagedError, match=r"reader\.onnx is not the file that was shipped"):
        Reader(damaged(tmp_path)).check()
    with pytest.raises(ReaderDamagedError, match="cannot be read"):
        Reader(tmp_path / "nowhere").load()


def request(question: str, text: str) -> AnswerRequest:
    hits = [hit(text, cosines=(0.8,) * len(split_sentences(text)))]
    return AnswerRequest(
        question, hits, None, newest_first=False, today=date(2022, 1, 1), deadline=0
    )


def test_answer_is_chosen_by_features_where_the_weights_are_damaged(tmp_path: Path) -> None:
    asked = request("Who won the race in Leeds?", "Ann Lee won the race in Leeds.")
    without = quote(asked, Reader(damaged(tmp_path)))
    assert without == quote(asked)
    assert without.found
    assert without.sentences[0].answer is None


def test_answer_leads_with_the_words_marked(reader: Reader) -> None:
    answer = quote(request(*CASES[0][:2]), reader)
    lead = answer.sentences[0]
    assert lead.answer is not None
    assert lead.divided() == ("", "Ann Lee", " won the race in Leeds.")
    assert answer.sure is not None


def test_sentence_that_begins_with_a_pronoun_follows_the_one_that_names(reader: Reader) -> None:
    text = "Ann Lee is a runner of Leeds. She was born in Toronto in 1990."
    answer = quote(request("In which year was the runner born?", text), reader)
    assert [sentence.context for sentence in answer.sentences] == [True, False]
    assert answer.sentences[1].answer is not None
    assert answer.sentences[1].answer.text == "1990"
