"""Quoted answers: which sentences, in which order, and when there is none."""

from collections.abc import Sequence
from dataclasses import replace

import pytest

from bot.answers import Answer
from bot.quoted import answer_from_hits
from ingest.text.sentences import split_sentences
from vectorstore.models import Hit, Passage

NEAR = 0.6
FAR = 0.0
NAMES = ("Oslo", "Bergen", "Tromsø", "Bodø")


def hit(
    text: str,
    *,
    article: str = "a",
    title: str = "",
    cosines: Sequence[float] = (),
    score: float = 0.0,
    published_at: str | None = None,
    start: int = 0,
) -> Hit:
    """A hit whose passage stands at `start` in its article; it is as near as its sentences."""
    spans = tuple((start + begin, start + end) for begin, end in split_sentences(text))
    passage = Passage(f"{article}:{start}", article, 0, start, start + len(text), text, spans)
    return Hit(
        passage=passage,
        score=score,
        cosine=max(cosines, default=NEAR),
        bm25=0.0,
        title=title,
        source="wire",
        url=None,
        published_at=published_at,
        sentence_cosines=tuple(cosines),
    )


def quotes(answer: Answer) -> list[str]:
    return [sentence.text for sentence in answer.sentences]


def best(question: str, *hits: Hit) -> str:
    (sentence,) = quotes(answer_from_hits(question, hits, max_sentences=1))
    return sentence


def test_sentence_that_says_what_is_asked_is_quoted() -> None:
    talks = hit("Talks ended early. Sanctions on the bank were threatened. Snow fell.")
    assert best("What sanctions were threatened?", talks) == (
        "Sanctions on the bank were threatened."
    )


def test_nearer_sentence_is_quoted_where_words_do_not_decide() -> None:
    talks = hit("Penalties may follow. Snow fell on the town.", cosines=(0.7, 0.2))
    assert best("Sanctions?", talks) == "Penalties may follow."


@pytest.mark.parametrize(
    ("question", "answer"),
    [
        ("When did the council meet?", "The council of the city met on Monday."),
        ("What year did the council meet?", "The council of the city met in 1984."),
        ("How many met in the council?", "The council of the city met, all twelve."),
        ("Who met the council?", "The council of the city met Olaf Berg."),
    ],
)
def test_sentence_holds_the_kind_of_thing_asked_for(question: str, answer: str) -> None:
    other = "The council of the city met again."
    assert best(question, hit(f"{other} {answer} {other}")) == answer


def test_sentence_of_another_year_comes_after() -> None:
    text = "In 2012 the list had Ann Lee on it. In 2013 the list had Bo Ek on it."
    assert best("Who was on the list in 2013?", hit(text)) == "In 2013 the list had Bo Ek on it."


def test_he_is_who_the_sentence_before_named() -> None:
    text = "Blinken flew to Kyiv. He called for restraint. Others called for restraint. All ate."
    assert best("What did Blinken call for?", hit(text)) != "Others called for restraint."


def test_title_tells_whom_an_article_is_about() -> None:
    wrong = hit("The mayor opened the bridge.", article="a", title="Storms in Oslo")
    right = hit("The mayor opened the bridge in May.", article="b", title="Bergen celebrates")
    assert best("What did the mayor of Bergen open?", wrong, right) == right.passage.text


def test_typo_in_the_question_is_passed_over() -> None:
    text = "Spending grew. Sanctions on the bank followed. Snow fell."
    assert best("What about the sactions?", hit(text)) == "Sanctions on the bank followed."


def test_word_that_nobody_says_is_not_bent_into_a_common_one() -> None:
    text = "They would not say who had won."
    assert not answer_from_hits("Who won the world cup?", [hit(text, cosines=(0.4,))]).found


def test_text_in_capitals_is_quoted_too() -> None:
    text = "SNOW FELL ON PARIS. KHRUSHCHEV MET KENNEDY IN VIENNA. PRICES ROSE."
    assert best("Who met Kennedy?", hit(text)) == "KHRUSHCHEV MET KENNEDY IN VIENNA."


def test_quotes_stand_in_the_article_where_the_citation_says() -> None:
    article = "Snow fell. " * 9 + "Sanctions were threatened. The bank was named in the sanctions."
    start = article.index("Sanctions")
    answer = answer_from_hits(
        "What sanctions were threatened?", [hit(article[start:], start=start)]
    )
    assert answer.found
    assert [(c.quote, c.number) for c in answer.citations] == [
        (sentence.text, number) for number, sentence in enumerate(answer.sentences, 1)
    ]
    assert [s.citations for s in answer.sentences] == [(c.number,) for c in answer.citations]
    assert all(article[c.start : c.end] == c.quote for c in answer.citations)


def test_sentences_of_an_article_are_in_reading_order() -> None:
    early = hit("The envoy threatened sanctions.", start=0, cosines=(0.5,), score=-1.0)
    late = hit("New sanctions were threatened by the envoy.", start=90, cosines=(0.7,), score=1.0)
    answer = answer_from_hits("What sanctions were threatened?", [late, early])
    assert quotes(answer) == [early.passage.text, late.passage.text]


def test_newer_article_comes_first_among_equals() -> None:
    old = hit("The toll of the storm is 40.", article="old", published_at="2021-05-01")
    new = hit("The toll of the storm is 52.", article="new", published_at="2021-05-03")
    for hits in ([old, new], [new, old]):
        answer = answer_from_hits("What is the toll of the storm?", hits)
        assert quotes(answer) == [new.passage.text, old.passage.text]
        assert answer.as_of == "2021-05-03"


def test_better_article_comes_before_a_newer_one() -> None:
    good = hit("The toll of the storm is 52.", article="a", published_at="2021-05-01")
    poor = hit("The storm moved on.", article="b", published_at="2021-05-03", cosines=(0.45,))
    assert quotes(answer_from_hits("What is the toll of the storm?", [poor, good]))[0] == (
        good.passage.text
    )


def test_latest_is_of_the_newest_article_that_answers() -> None:
    text = "The toll of the storm is 40. The toll of the storm was 38. The storm had a toll of 9."
    old = hit(text, article="old", published_at="2021-05-01", score=1.0)
    new = hit("The storm's toll is 52 now.", article="new", published_at="2021-05-03")
    question = "What is the latest toll of the storm?"
    assert new.passage.text not in quotes(answer_from_hits(question, [old, new]))
    latest = answer_from_hits(question, [old, new], newest_first=True)
    assert quotes(latest)[0] == new.passage.text
    assert {citation.article_id for citation in latest.citations} == {"old", "new"}


def test_latest_is_not_of_an_article_that_answers_far_worse() -> None:
    good = hit("The toll of the storm is 52.", article="a", published_at="2021-05-01")
    poor = hit("The storm moved on.", article="b", published_at="2021-05-03", cosines=(0.2,))
    answer = answer_from_hits("What is the latest toll?", [poor, good], newest_first=True)
    assert quotes(answer)[0] == good.passage.text


def test_one_wire_story_in_two_articles_is_quoted_once_from_the_newer() -> None:
    text = "The storm in Oslo killed two people on the coast, police said."
    old = hit(text, article="old", published_at="2021-05-01", score=0.3)
    new = hit(text[:-1] + " today.", article="new", published_at="2021-05-02", score=0.2)
    answer = answer_from_hits("Whom did the storm in Oslo kill?", [old, new])
    assert [citation.article_id for citation in answer.citations] == ["new"]


@pytest.mark.parametrize(
    "other",
    [
        "The storm in Oslo killed three people on the coast, police said.",
        "The storm in Oslo killed not two people on the coast, police said.",
        "The storm in Bergen killed two people on the coast, police said.",
    ],
)
def test_sentences_that_disagree_are_both_quoted(other: str) -> None:
    text = "The storm in Oslo killed two people on the coast, police said."
    hits = [hit(text, article="a"), hit(other, article="b")]
    assert len(answer_from_hits("How many did the storm kill?", hits).sentences) == 2


def test_no_more_sentences_than_asked_for_and_none_far_behind() -> None:
    text = " ".join(f"Sanctions were threatened by {name}." for name in NAMES)
    question = "What sanctions were threatened?"
    assert len(answer_from_hits(question, [hit(text)], max_sentences=2).sentences) == 2
    lonely = hit("Sanctions were threatened. Snow fell.", cosines=(0.8, 0.1))
    assert quotes(answer_from_hits(question, [lonely])) == ["Sanctions were threatened."]


def test_foreign_question_finds_nothing_but_the_nearest_headlines() -> None:
    hits = [
        hit("Snow fell.", article=name, title=name.upper(), cosines=(FAR,), published_at="2021")
        for name in ("a", "b", "a", "c", "d")
    ]
    answer = answer_from_hits("Who won the world cup?", hits)
    assert not answer.found
    assert not answer.sentences
    assert not answer.citations
    assert [(h.article_id, h.title) for h in answer.nearest] == [("a", "A"), ("b", "B"), ("c", "C")]


def test_sharing_a_few_words_is_not_enough() -> None:
    text = "The capital of the bank grew."
    assert not answer_from_hits("What is the capital of Brazil?", [hit(text, cosines=(0.1,))]).found


@pytest.mark.parametrize("hits", [[], [hit("")]])
def test_without_sentences_nothing_is_found(hits: list[Hit]) -> None:
    assert not answer_from_hits("What sanctions?", hits).found


@pytest.mark.parametrize("question", ["", "?", "\0", " \n"])
def test_question_without_words_finds_nothing(question: str) -> None:
    assert not answer_from_hits(question, [hit("Sanctions were threatened.")]).found


@pytest.mark.parametrize("question", ["sanctions?", "SANCTIONS", "the sanctions"])
def test_one_word_is_a_question(question: str) -> None:
    assert answer_from_hits(question, [hit("Sanctions were threatened.", cosines=(0.4,))]).found


def test_without_cosines_of_sentences_the_passage_stands_in() -> None:
    passage = hit("Snow fell. Sanctions on the bank were threatened.", cosines=(0.4, 0.6))
    bare = replace(passage, sentence_cosines=())
    assert best("What sanctions were threatened?", bare) == "Sanctions on the bank were threatened."
