"""`newsdesk ingest` and `articles`, as they are typed."""

import json
from pathlib import Path
from typing import NoReturn

import pytest

from ingest.pipeline import Pipeline
from ingest.report import Report, SourceReport
from tests.archive import open_library, revision
from tests.bot.conftest import Run
from vectorstore.database import Database
from vectorstore.errors import DiskFullError
from vectorstore.runs import Runs


def statuses(report: dict[str, object]) -> dict[str, object]:
    return {key: report[key] for key in ("added", "updated", "unchanged", "removed", "failed")}


def test_report_has_the_agreed_keys(run: Run, sample: Path) -> None:
    report = run("ingest", sample, "--json").json
    assert set(report) == {
        "added",
        "updated",
        "unchanged",
        "removed",
        "failed",
        "sources",
        "seconds",
    }
    assert set(report["sources"][0]) == {"source", "status", "article_id", "reason"}
    assert statuses(report) == {
        "added": 1,
        "updated": 0,
        "unchanged": 0,
        "removed": 0,
        "failed": 0,
    }


def test_unchanged_file_is_skipped_and_changed_one_replaced(run: Run, tmp_path: Path) -> None:
    story = tmp_path / "story.txt"
    story.write_text("Talks in Geneva\n\nThe envoys met in Geneva on Monday.\n")
    assert run("ingest", story, "--json").json["added"] == 1
    assert run("ingest", story, "--json").json["unchanged"] == 1
    story.write_text("Talks in Geneva\n\nThe envoys met in Vienna on Monday.\n")
    assert run("ingest", story, "--json").json["updated"] == 1
    answer = run("ask", "where did the envoys meet?", "--json").json
    assert answer["text"] == "The envoys met in Vienna on Monday."
    assert [a["version"] for a in run("articles", "list", "--json").json] == [2]


def test_prune_removes_what_is_gone_from_the_folder_and_nothing_else(
    run: Run, tmp_path: Path
) -> None:
    folder, other = tmp_path / "news", tmp_path / "other"
    for place, name in ((folder, "a"), (folder, "b"), (other, "c")):
        place.mkdir(exist_ok=True)
        (place / f"{name}.txt").write_text(f"Title {name}\n\nThe story of {name} was told.\n")
    run("ingest", folder, other)
    (folder / "a.txt").unlink()
    (other / "c.txt").unlink()
    assert run("ingest", folder, "--json").json["removed"] == 0
    assert run("ingest", folder, "--prune", "--json").json["removed"] == 1
    titles = {a["title"] for a in run("articles", "list", "--json").json}
    assert titles == {"Title b", "Title c"}


def test_prune_of_a_folder_that_is_not_there_removes_nothing(run: Run, tmp_path: Path) -> None:
    folder = tmp_path / "news"
    folder.mkdir()
    (folder / "a.txt").write_text("Title\n\nThe story was told.\n")
    run("ingest", folder)
    folder.rename(tmp_path / "unmounted")
    report = run("ingest", folder, "--prune", "--json").json
    assert statuses(report)["removed"] == 0
    assert statuses(report)["failed"] == 1
    assert len(run("articles", "list", "--json").json) == 1


def test_record_gone_from_a_jsonl_file_is_pruned(run: Run, tmp_path: Path) -> None:
    export = tmp_path / "export.jsonl"
    lines = [json.dumps({"id": f"r{i}", "text": f"Story number {i} was told."}) for i in range(3)]
    export.write_text("\n".join(lines))
    assert run("ingest", export, "--json").json["added"] == 3
    export.write_text("\n".join(lines[:2]))
    assert run("ingest", export, "--prune", "--json").json["removed"] == 1
    assert {a["article_id"] for a in run("articles", "list", "--json").json} == {"r0", "r1"}


def test_moved_file_is_said_not_guessed(run: Run, tmp_path: Path) -> None:
    old = tmp_path / "old.txt"
    old.write_text("Title\n\nThe story was told.\n")
    run("ingest", old)
    old.rename(tmp_path / "new.txt")
    [moved] = run("ingest", tmp_path / "new.txt", "--json").json["sources"]
    assert moved["status"] == "added"
    assert str(old) in moved["reason"]
    assert "gone" in moved["reason"]


def test_bad_sources_are_named_and_the_good_ones_stored(run: Run, tmp_path: Path) -> None:
    (tmp_path / "good.txt").write_text("Title\n\nThe story was told.\n")
    (tmp_path / "empty.txt").write_text("")
    (tmp_path / "program.txt").write_bytes(b"\x7fELF\x02\x01\x01" + bytes(200))
    ran = run("ingest", "good.txt", "empty.txt", "program.txt", "missing.txt", "--json")
    assert ran.code == 1
    report = ran.json
    assert statuses(report)["added"] == 1
    failed = {
        Path(s["source"]).name: s["reason"] for s in report["sources"] if s["status"] == "failed"
    }
    assert set(failed) == {"empty.txt", "program.txt", "missing.txt"}
    assert all(failed.values())


def test_failures_come_last_above_the_counts(run: Run, tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text("")
    (tmp_path / "b.txt").write_text("Title\n\nThe story was told.\n")
    *_, added, failed, counts = run("ingest", tmp_path).out.splitlines()
    assert added.startswith("added")
    assert failed.startswith("failed")
    assert counts.startswith("1 added, 1 failed")


@pytest.mark.parametrize("as_json", [False, True])
def test_what_was_stored_before_an_error_is_told(
    run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, as_json: bool
) -> None:
    def store_one_and_fail(*_: object, report: Report, **__: object) -> NoReturn:
        report.sources.append(SourceReport("/news/a.txt", "added", "a"))
        raise DiskFullError("The disk is full.")

    monkeypatch.setattr(Pipeline, "run", store_one_and_fail)
    ran = run("ingest", "a.txt", *(["--json"] if as_json else []))
    assert ran.code == 1
    assert ran.json["added"] == 1 if as_json else ran.out.startswith("added      /news/a.txt\n")
    assert "The disk is full." in ran.err


def test_name_of_a_file_cannot_forge_a_line_of_the_report(run: Run, tmp_path: Path) -> None:
    (tmp_path / "a\nadded b\u202e.txt").write_text("Title\n\nThe story was told.\n")
    added, _ = run("ingest", tmp_path).out.splitlines()
    assert added.endswith(r"a\nadded b\u202e.txt")


def test_runs_tell_what_ended_them(run: Run, tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text("Title\n\nThe story was told.\n")
    run("ingest", "a.txt")
    database = Database(f"sqlite:///{tmp_path / 'home' / 'ledger.db'}")
    Runs(database).begin().leave()
    under_way = Runs(database).begin()
    lines = run("runs").out.splitlines()
    under_way.leave()
    database.close()
    head, _, newest, _, killed, whole = (line.strip() for line in lines)
    assert (head[:7], newest, killed) == ("Started", "under way", "cut off")
    assert whole.split()[2:8] == ["ingest", "1", "0", "0", "0", "0"]
    assert max(map(len, lines)) <= 80


def test_bad_lines_of_jsonl_are_named_by_number(run: Run, tmp_path: Path) -> None:
    (tmp_path / "x.jsonl").write_text('{"text": "A story."}\nnonsense\n{"title": "no text"}\n')
    ran = run("ingest", "x.jsonl")
    assert ran.code == 1
    assert "line 2" in ran.out
    assert "line 3" in ran.out


def test_same_id_twice_in_one_file_keeps_the_last(run: Run, tmp_path: Path) -> None:
    (tmp_path / "x.jsonl").write_text(
        '{"id": "a", "text": "The first wording."}\n{"id": "a", "text": "The second wording."}\n'
    )
    assert run("ingest", "x.jsonl").code == 0
    assert "second" in run("articles", "show", "a").out


def test_standard_input_takes_a_text_or_records(run: Run) -> None:
    assert run("ingest", "-", "--json", typed="The story came by wire.").json["added"] == 1
    records = '{"id": "a", "text": "One."}\n{"id": "b", "text": "Two."}\n'
    assert run("ingest", "-", "--json", typed=records).json["added"] == 2


def test_given_id_is_the_article_id(run: Run, tmp_path: Path) -> None:
    record = {"id": "sq:Beyoncé:0", "title": "Beyoncé", "text": "She sings.", "source": "Wiki"}
    (tmp_path / "x.jsonl").write_text(json.dumps(record | {"published_at": "2016-02-07"}))
    run("ingest", "x.jsonl")
    [listed] = run("articles", "list", "--json").json
    assert listed == {
        "article_id": "sq:Beyoncé:0",
        "title": "Beyoncé",
        "source": "Wiki",
        "url": None,
        "published_at": "2016-02-07",
        "passages": 1,
        "version": 1,
    }


def test_exported_archive_comes_back_the_same(run: Run, sample: Path, tmp_path: Path) -> None:
    run("ingest", sample)
    record = {
        "id": "b",
        "title": "T",
        "text": "One story.",
        "url": "https://a.example/x",
        "author": "Ana Ruiz",
        "updated_at": "2021-12-04T10:00:00Z",
        "language": "en",
    }
    run("ingest", "-", typed=json.dumps(record))
    assert "Ana Ruiz" in run("articles", "show", "b").out
    assert run("articles", "export", "all.jsonl").code == 0
    before = run("articles", "export").out
    exported = {line["id"]: line for line in map(json.loads, before.splitlines())}
    assert record.items() <= exported["b"].items()
    assert before == (tmp_path / "all.jsonl").read_text(encoding="utf-8")
    for article in run("articles", "list", "--json").json:
        assert run("articles", "remove", article["article_id"], "--yes").code == 0
    assert run("articles", "list", "--json").json == []
    assert run("ingest", "all.jsonl", "--json").json["added"] == 2
    assert run("articles", "export").out == before


def test_export_tells_how_the_dates_were_found(run: Run, tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text("Title\n\nThe story was told.\n")
    run("ingest", "a.txt")
    exported = run("articles", "export").out
    record = json.loads(exported)
    assert record["dated_by"] == "file"
    run("articles", "remove", record["id"], "--yes")
    run("ingest", "-", typed=exported)
    assert run("articles", "show", record["id"], "--json").json["dated_by"] == "file"


def test_export_taken_into_the_archive_it_came_from_changes_nothing(
    run: Run, sample: Path, tmp_path: Path
) -> None:
    run("ingest", sample)
    report = run("ingest", "-", "--json", typed=run("articles", "export").out).json
    assert (report["updated"], report["unchanged"]) == (0, 1)
    assert run("ingest", sample, "--json").json["unchanged"] == 1


def test_text_that_looks_like_html_comes_back_as_the_text_it_is(run: Run, tmp_path: Path) -> None:
    text = "Editors may write &amp; or <b>bold</b> now.\n\nThey did so on Monday, in all stories."
    (tmp_path / "a.txt").write_text(f"New rules\n\n{text}\n")
    run("ingest", "a.txt")
    exported = run("articles", "export").out
    assert json.loads(exported)["text"] == text
    run("articles", "remove", json.loads(exported)["id"], "--yes")
    run("ingest", "-", typed=exported)
    assert run("articles", "export").out == exported


def test_export_says_how_many_private_articles_it_leaves_out(run: Run, tmp_path: Path) -> None:
    (tmp_path / "home").mkdir()
    library = open_library(tmp_path / "home")
    private = revision("b", "Two.", audience=frozenset({"C1"}))
    library.write([revision("a", "One."), private])
    library.close()
    for exported in (run("articles", "export"), run("articles", "export", "all.jsonl")):
        assert "1 article left out" in exported.err
    assert len((tmp_path / "all.jsonl").read_text().splitlines()) == 1


def test_removed_article_is_not_found_and_comes_back_when_ingested(run: Run, sample: Path) -> None:
    [source] = run("ingest", sample, "--json").json["sources"]
    assert run("articles", "remove", source["article_id"], "--yes").code == 0
    assert run("ask", "what sanctions were threatened?").code == 1
    assert run("ingest", sample, "--json").json["added"] == 1


def test_removing_asks_first(run: Run, sample: Path) -> None:
    [source] = run("ingest", sample, "--json").json["sources"]
    assert run("articles", "remove", source["article_id"], typed="n\n").code == 1
    assert len(run("articles", "list", "--json").json) == 1


def test_unknown_article_is_said(run: Run) -> None:
    for command in ("show", "remove"):
        ran = run("articles", command, "nope")
        assert ran.code == 1
        assert "nope" in ran.err


def test_control_characters_of_a_title_are_not_obeyed(run: Run) -> None:
    record = {
        "id": "a",
        "title": "\x1b[31mRed\nline",
        "text": "A story was told.",
        "source": "\x07s",
    }
    run("ingest", "-", typed=json.dumps(record))
    for command in (["articles", "list"], ["articles", "show", "a"], ["ask", "what was told?"]):
        shown = run(*command).out
        assert "\x1b" not in shown
        assert "\x07" not in shown


def test_jobs_are_a_number_of_one_or_more(run: Run, sample: Path) -> None:
    assert run("ingest", sample, "--jobs", "0").code == 2
    assert run("ingest", sample, "--jobs", "3", "--json").json["added"] == 1
