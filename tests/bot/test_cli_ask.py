"""`newsdesk ask` and `search`, as they are typed."""

import json
from pathlib import Path

import pytest

from tests.bot.conftest import Run


@pytest.fixture
def archive(run: Run, sample: Path) -> Run:
    assert run("ingest", sample).code == 0
    return run


def test_question_is_answered_with_sentences_of_the_article(archive: Run, sample: Path) -> None:
    answer = archive("ask", "what sanctions were threatened?", "--json").json
    assert answer["found"] is True
    assert answer["mode"] == "quoted"
    assert "US sanctions could target Russia’s new Nord Stream 2 gas pipeline" in answer["text"]
    original = sample.read_text(encoding="utf-8")
    assert all(sentence["text"] in original for sentence in answer["sentences"])


def test_every_sentence_carries_a_citation_that_stands_in_the_stored_text(archive: Run) -> None:
    answer = archive("ask", "what sanctions were threatened?", "--json").json
    citations = {citation["number"]: citation for citation in answer["citations"]}
    assert all(sentence["citations"] for sentence in answer["sentences"])
    for sentence in answer["sentences"]:
        for number in sentence["citations"]:
            assert citations[number]["quote"] == sentence["text"]
    for citation in citations.values():
        article = archive("articles", "show", citation["article_id"], "--json").json
        assert article["text"][citation["start"] : citation["end"]] == citation["quote"]
        assert citation["title"].startswith("Biden and Putin to hold talks")
        assert citation["published_at"] == "2021-12-03"
    assert answer["as_of"] == "2021-12-03"


def test_json_of_an_answer_has_the_agreed_keys(archive: Run) -> None:
    answer = archive("ask", "who met in Stockholm?", "--json").json
    assert set(answer) >= {
        "question",
        "standalone_question",
        "found",
        "mode",
        "text",
        "sentences",
        "citations",
        "as_of",
        "seconds",
    }
    assert set(answer["citations"][0]) >= {
        "number",
        "quote",
        "title",
        "source",
        "url",
        "published_at",
        "article_id",
        "passage_id",
        "start",
        "end",
    }


def test_first_sentence_has_the_exact_words_that_answer(archive: Run) -> None:
    answer = archive("ask", "How long was the meeting of Blinken and Lavrov?", "--json").json
    lead = answer["sentences"][0]
    marked = lead["answer"]
    assert lead["text"][marked["start"] : marked["end"]] == marked["text"]
    assert "40" in marked["text"]
    assert 0 < answer["sure"] <= 1


@pytest.mark.parametrize(
    "question", ["who won the world cup?", "what is the capital of Brazil?", "?!", "🐈"]
)
def test_what_the_archive_does_not_say_is_said_to_be_missing(archive: Run, question: str) -> None:
    answer = archive("ask", question, "--json").json
    assert answer["found"] is False
    assert answer["sentences"] == answer["citations"] == []
    shown = archive("ask", question).out
    assert "does not answer this" in shown
    assert "Biden and Putin to hold talks" in shown
    assert "3 December 2021" in shown


@pytest.mark.parametrize("question", ["what is BaaghiTV?", "what does the EU say about Omicron?"])
def test_promotion_and_headline_at_the_end_are_no_evidence(archive: Run, question: str) -> None:
    assert archive("ask", question, "--json").json["found"] is False


def test_terminal_shows_sentences_then_citations_then_as_of(archive: Run) -> None:
    shown = archive("ask", "what sanctions were threatened?").out
    sentence = shown.index("US sanctions could target")
    citation = shown.index("biden-putin-talks.txt · 3 December 2021 · characters")
    assert sentence < citation < shown.index("As of 3 December 2021.")
    assert "\x1b" not in shown


def test_empty_archive_says_how_to_fill_it(run: Run) -> None:
    ran = run("ask", "what sanctions were threatened?")
    assert ran.code == 1
    assert "newsdesk ingest" in ran.err


def test_dates_narrow_the_answer(archive: Run) -> None:
    question = "what sanctions were threatened?"
    assert archive("ask", question, "--since", "2021-12-03", "--json").json["found"] is True
    assert archive("ask", question, "--since", "2022", "--json").json["found"] is False
    assert archive("ask", question, "--until", "2021-11", "--json").json["found"] is False


def test_source_narrows_the_answer(archive: Run) -> None:
    question = "what sanctions were threatened?"
    here = archive("ask", question, "--source", "Biden-Putin-talks.txt", "--json").json
    assert here["found"] is True
    assert archive("ask", question, "--source", "Reuters", "--json").json["found"] is False


def test_batch_answers_each_question_in_a_line(archive: Run, tmp_path: Path) -> None:
    questions = tmp_path / "questions.jsonl"
    questions.write_text(
        '{"id": "a", "question": "who met in Stockholm?"}\n\n'
        '{"id": 7, "question": "who won the world cup?", "history": ["hello"]}\n'
    )
    ran = archive("ask", "--batch", questions)
    answers = [json.loads(line) for line in ran.out.splitlines()]
    assert [(a["id"], a["found"]) for a in answers] == [("a", True), (7, False)]
    hits = [json.loads(line) for line in archive("search", "--batch", questions).out.splitlines()]
    assert [line["id"] for line in hits] == ["a", 7]


def test_batch_names_its_bad_lines_and_answers_the_rest(archive: Run, tmp_path: Path) -> None:
    typed = '{"id": 1, "question": "who met?"}\nnot json\n{"id": 2}\n{"question": "who?"}\n'
    ran = archive("ask", "--batch", "-", typed=typed)
    assert ran.code == 1
    assert [json.loads(line)["id"] for line in ran.out.splitlines()] == [1]
    assert "line 2: not JSON" in ran.err
    assert 'line 3: no "question"' in ran.err
    assert 'line 4: not an object with an "id"' in ran.err


def test_batch_file_that_is_not_there_is_named(archive: Run) -> None:
    ran = archive("ask", "--batch", "nowhere.jsonl")
    assert ran.code == 1
    assert "nowhere.jsonl" in ran.err


def test_search_shows_hits_best_first(archive: Run) -> None:
    found = archive("search", "Nord Stream 2", "--limit", "2", "--json").json
    assert set(found) >= {"question", "hits"}
    assert set(found["hits"][0]) >= {
        "passage_id",
        "article_id",
        "score",
        "title",
        "source",
        "published_at",
        "text",
    }
    assert "Nord Stream 2" in found["hits"][0]["text"]
    scores = [hit["score"] for hit in found["hits"]]
    assert scores == sorted(scores, reverse=True)
    assert "Nord Stream 2" in archive("search", "Nord Stream 2").out


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["ask"], "give a question"),
        (["ask", "  "], "give a question"),
        (["ask", "who?", "--batch", "x.jsonl"], "give a question"),
        (["ask", "who?", "--since", "yesterday"], "is not a date"),
        (["ask", "who?", "--since", "2022", "--until", "2021"], "later than"),
        (["ask", "who?", "--limit", "0"], "limit"),
        (["search"], "give a question"),
        (["nonsense"], "nonsense"),
    ],
)
def test_wrong_use_exits_2_and_says_what_is_wrong(
    run: Run, arguments: list[str], said: str
) -> None:
    ran = run(*arguments)
    assert ran.code == 2
    assert said in " ".join(ran.err.split())


@pytest.mark.parametrize(
    "command",
    ["ask", "search", "ingest", "doctor", "articles list", "articles show", "articles export"],
)
def test_help_shows_an_example(run: Run, command: str) -> None:
    ran = run(*command.split(), "--help")
    assert ran.code == 0
    assert "Example" in ran.out
    assert f"newsdesk {command}" in ran.out
