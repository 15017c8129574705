"""Which article a file, a page or a record is, run after run: none lost, none twice."""

import json
import os
from pathlib import Path

import pytest

from tests.ingest.desk import Desk, statuses, write_records


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    return Desk(tmp_path / "home")


def saved_page(folder: Path, name: str, title: str, address: str) -> Path:
    file = folder / f"{name}.html"
    head = f"<title>{title}</title><link rel='canonical' href='{address}'>"
    body = f"<h1>{title}</h1><p>The story of {title} was told on Monday, and in full.</p>"
    file.write_text(f"<html><head>{head}</head><body>{body}</body></html>")
    return file


def test_saved_pages_that_name_one_address_stay_apart(desk: Desk, tmp_path: Path) -> None:
    folder = tmp_path / "news"
    folder.mkdir()
    for name in ("a", "b", "c"):
        saved_page(folder, name, f"Talks {name}", "https://news.example/story")
    report = desk.ingest(folder)
    assert statuses(report) == ["added"] * 3
    reasons = [source.reason for source in report.sources if source.reason]
    assert reasons == ["another story has its address https://news.example/story"] * 2
    assert statuses(desk.ingest(folder)) == ["unchanged"] * 3
    assert len([*desk.library.ledger.articles()]) == 3


def test_file_of_one_article_that_names_another_address_has_it_once(
    desk: Desk, tmp_path: Path
) -> None:
    file = saved_page(tmp_path, "a", "Talks", "https://news.example/old")
    desk.ingest(file)
    saved_page(tmp_path, "a", "Talks", "https://news.example/new")
    assert sorted(statuses(desk.ingest(file))) == ["added", "removed"]
    assert [a.url for a in desk.library.ledger.articles()] == ["https://news.example/new"]


def test_pruning_a_file_leaves_its_articles_that_stand_in_another(
    desk: Desk, tmp_path: Path
) -> None:
    folder = tmp_path / "news"
    folder.mkdir()
    write_records(folder / "a.jsonl", "Talks were held.", "It rained.")
    other = write_records(folder / "b.jsonl", "Talks were held.")
    desk.ingest(folder)
    desk.ingest(folder)
    other.unlink()
    assert "removed" not in statuses(desk.ingest(folder, prune=True))
    assert "removed" not in statuses(desk.ingest(folder, prune=True))
    assert len([*desk.library.ledger.articles()]) == 2


@pytest.mark.parametrize("goes", ["a.jsonl", "b.jsonl"])
def test_article_of_two_like_files_stays_while_one_of_them_does(
    desk: Desk, tmp_path: Path, goes: str
) -> None:
    folder = tmp_path / "news"
    folder.mkdir()
    for name in ("a.jsonl", "b.jsonl"):
        write_records(folder / name, "Talks were held.", source="The Wire")
    desk.ingest(folder)
    desk.ingest(folder)
    (folder / goes).unlink()
    for _ in range(2):
        desk.ingest(folder, prune=True)
        assert len([*desk.library.ledger.articles()]) == 1


def test_record_that_is_gone_is_pruned_also_later(desk: Desk, tmp_path: Path) -> None:
    file = write_records(tmp_path / "x.jsonl", "Talks were held.", "It rained.", "It snowed.")
    desk.ingest(file)
    write_records(file, "Talks were held.", "It rained.")
    assert statuses(desk.ingest(file)) == ["unchanged"] * 2
    assert statuses(desk.ingest(file, prune=True)) == ["unchanged", "unchanged", "removed"]
    assert statuses(desk.ingest(file, prune=True)) == ["unchanged"] * 2


def test_text_that_stands_in_another_file_too_is_not_said_to_be_gone(
    desk: Desk, tmp_path: Path
) -> None:
    desk.ingest(write_records(tmp_path / "a.jsonl", "Talks were held."))
    (tmp_path / "b.jsonl").write_text(json.dumps({"id": "other", "text": "Talks were held."}))
    [added] = desk.ingest(tmp_path / "b.jsonl").sources
    assert added.reason == f"same text as {tmp_path / 'a.jsonl'}#r0"


def test_of_files_that_share_an_id_the_newest_has_it(desk: Desk, tmp_path: Path) -> None:
    folder = tmp_path / "news"
    folder.mkdir()
    old = write_records(folder / "b.jsonl", "Talks were held.")
    write_records(folder / "a.jsonl", "The talks failed.")
    os.utime(old, (1, 1))
    for _ in range(3):
        report = desk.ingest(folder)
        assert [a.text for a in desk.library.ledger.articles()] == ["The talks failed."]
    assert statuses(report) == ["unchanged", "unchanged"]
    assert "is newer, and has an article with this id" in str(report.sources[-1].reason)
