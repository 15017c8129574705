"""A data folder that Newsdesk 0.1.0 wrote, without its vector index, opens and answers today.

`tests/data/home-0.1.0.zip` holds the ledger of two ingested files, one of them ingested again with
other numbers, an article given to one private conversation, and two stored answers.
"""

from pathlib import Path
from zipfile import ZipFile

import pytest

from tests.bot.conftest import Run

HOME = Path(__file__).parents[1] / "data" / "home-0.1.0.zip"


@pytest.fixture
def archive(run: Run, tmp_path: Path) -> Run:
    with ZipFile(HOME) as file:
        file.extractall(tmp_path / "home")
    return run


def test_question_is_answered_from_the_updated_article(archive: Run) -> None:
    answer = archive("ask", "How many passengers were brought ashore?", "--json").json
    assert answer["found"] is True
    assert "12 passengers were brought ashore by the coastguard" in answer["text"]
    assert "21" not in answer["text"]


def test_question_is_answered_from_the_sample(archive: Run) -> None:
    answer = archive("ask", "what sanctions were threatened?", "--json").json
    assert "Nord Stream 2" in answer["text"]
    assert {citation["article_id"] for citation in answer["citations"]} == {"62d2d0d1d836"}


def test_private_article_is_answered_to_nobody_else(archive: Run) -> None:
    answer = archive("ask", "who warned about the harbour budget?", "--json").json
    assert "Quist" not in answer["text"]
    hits = archive("search", "dredging budget of the harbour authority", "--json").json["hits"]
    assert all("harbour" not in hit["text"] for hit in hits)


def test_articles_keep_their_ids_versions_and_dates(archive: Run) -> None:
    listed = archive("articles", "list", "--json").json
    assert {(a["article_id"], a["version"], a["published_at"]) for a in listed} >= {
        ("0a862d050bc6", 2, "2022-03-02"),
        ("62d2d0d1d836", 1, "2021-12-03"),
    }


def test_stored_answers_are_listed_and_the_stale_one_is_marked(archive: Run) -> None:
    listed = archive("answers", "list").out
    assert "what sanctions were threatened?" in listed
    (line,) = (line for line in listed.splitlines() if "passengers" in line)
    assert "outdated" in line


def test_index_is_rebuilt_from_the_ledger(archive: Run) -> None:
    assert archive("doctor", "--rebuild").code == 0
    assert archive("doctor").code == 0
    answer = archive("ask", "who met in Stockholm?", "--json").json
    assert answer["found"] is True


def test_articles_can_still_be_added(archive: Run, sample: Path, tmp_path: Path) -> None:
    story = tmp_path / "bridge.txt"
    story.write_text(
        "Bridge opens in Aalborg\n\n5 May 2022\n\nThe new bridge opened on Thursday.\n"
    )
    assert archive("ingest", story).code == 0
    answer = archive("ask", "When did the bridge in Aalborg open?", "--json").json
    assert "The new bridge opened on Thursday." in answer["text"]
