"""The publication status of articles: what is not published is shown nowhere."""

import json
import time
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from tests.bot.conftest import Run

QUESTION = "How many passengers were aboard the ferry?"


@pytest.fixture
def ferry(run: Run, tmp_path: Path) -> str:
    """The id of an ingested article."""
    file = tmp_path / "ferry.txt"
    file.write_text(
        "Ferry runs aground off Gotland\n\nVISBY, 2 March 2022 - A ferry with 21 passengers aboard "
        "ran aground off Gotland on Wednesday.\n\nThe coastguard sent three boats.\n"
    )
    (source,) = run("ingest", file, "--json").json["sources"]
    return str(source["article_id"])


def assert_shown_nowhere(run: Run, article_id: str, secret: str) -> None:
    for command in (
        ("ask", QUESTION, "--json"),
        ("search", QUESTION, "--json"),
        ("articles", "list", "--json"),
        ("articles", "export"),
        ("articles", "show", article_id),
    ):
        ran = run(*command)
        assert secret not in ran.out, command
        assert "Gotland" not in ran.out, command
        assert "Gotland" not in ran.err, command


def test_held_article_is_shown_nowhere_until_it_is_released(run: Run, ferry: str) -> None:
    held = run("articles", "hold", ferry, "--reason", "legal").out
    assert "held: legal" in held
    assert_shown_nowhere(run, ferry, "21 passengers")
    (listed,) = run("articles", "list", "--status", "held", "--json").json
    assert listed["article_id"] == ferry
    assert (listed["publication"], listed["publication_reason"]) == ("held", "legal")
    assert "21 passengers" in run("articles", "show", ferry, "--held").out
    assert run("articles", "release", ferry).code == 0
    assert "21 passengers" in run("ask", QUESTION, "--json").json["text"]
    assert run("articles", "list", "--status", "held", "--json").json == []


def test_killed_article_stays_killed_when_its_file_is_ingested_again(
    run: Run, ferry: str, tmp_path: Path
) -> None:
    run("articles", "kill", ferry, "--reason", "wrong numbers")
    file = tmp_path / "ferry.txt"
    file.write_text(file.read_text().replace("21", "22"))
    (source,) = run("ingest", file, "--json").json["sources"]
    assert source["status"] == "updated"
    assert source["publication"] == "killed"
    assert source["publication_reason"] == "wrong numbers"
    assert_shown_nowhere(run, ferry, "22 passengers")


def test_superseded_article_gives_way_to_the_other(run: Run, ferry: str, tmp_path: Path) -> None:
    newer = tmp_path / "newer.txt"
    newer.write_text(
        "Ferry accident: the count\n\nVISBY, 3 March 2022 - There were 12 passengers aboard the "
        "ferry, the coastguard said.\n\nAll are well.\n"
    )
    (source,) = run("ingest", newer, "--json").json["sources"]
    assert run("articles", "supersede", ferry, source["article_id"]).code == 0
    text = run("ask", QUESTION, "--json").json["text"]
    assert "12 passengers" in text
    assert "21" not in text
    (listed,) = run("articles", "list", "--status", "superseded", "--json").json
    assert listed["superseded_by"] == source["article_id"]


def test_all_articles_are_listed_with_their_status(run: Run, ferry: str, sample: Path) -> None:
    run("ingest", sample)
    run("articles", "hold", ferry)
    assert len(run("articles", "list", "--json").json) == 1
    assert len(run("articles", "list", "--status", "all", "--json").json) == 2
    assert "held" in run("articles", "list", "--status", "all").out


def test_doctor_counts_what_is_not_published_and_why(run: Run, ferry: str) -> None:
    run("articles", "hold", ferry, "--reason", "legal")
    ran = run("doctor")
    assert "1 article held (1 legal)" in " ".join(ran.out.split())
    assert ran.code == 0


def test_export_of_what_is_held_makes_the_same_archive(
    run: Run, ferry: str, sample: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    run("ingest", sample)
    run("articles", "hold", ferry, "--reason", "legal")
    plain, full = tmp_path / "plain.jsonl", tmp_path / "full.jsonl"
    assert "1 article left out: not published" in run("articles", "export", plain).err
    run("articles", "export", full, "--held")
    assert len(plain.read_text().splitlines()) == 1
    exported = {r["id"]: r for r in map(json.loads, full.read_text().splitlines())}
    assert (exported[ferry]["status"], exported[ferry]["status_reason"]) == ("held", "legal")
    before = run("articles", "list", "--status", "all", "--json").json
    monkeypatch.setenv("NEWSDESK_HOME", str(tmp_path / "other"))
    run("ingest", full)
    assert run("articles", "list", "--status", "all", "--json").json == before
    assert_shown_nowhere(run, ferry, "21 passengers")


@pytest.mark.parametrize("command", ["hold", "release", "kill", "supersede"])
def test_unknown_article_is_named(run: Run, ferry: str, command: str) -> None:
    ran = run("articles", command, "nothing", *([ferry] if command == "supersede" else []))
    assert ran.code == 1
    assert "nothing" in ran.err


FUTURE, PAST = "2091-05-05T10:00:00Z", "2021-05-05T10:00:00Z"


def write(file: Path, *records: Mapping[str, object]) -> Path:
    file.write_text("\n".join(json.dumps(record) for record in records))
    return file


def story(**more: object) -> dict[str, object]:
    return {
        "id": "ferry",
        "title": "Ferry runs aground off Gotland",
        "text": "A ferry with 21 passengers aboard ran aground off Gotland on Wednesday.",
        "source": "Wire",
        "published_at": "2022-03-02",
        **more,
    }


@pytest.mark.parametrize(
    ("stated", "publication", "reason"),
    [
        ({"status": "draft"}, "held", "draft"),
        ({"status": "private"}, "held", "private"),
        ({"status": "pending review"}, "held", "pending review"),
        ({"status": "something else"}, "held", "something else"),
        ({"draft": True}, "held", "draft"),
        ({"published": False}, "held", "not published yet"),
        ({"visibility": "private"}, "held", "private"),
        ({"post_password": "hunter2"}, "held", "password"),
        ({"status": "withdrawn"}, "killed", "withdrawn"),
        ({"status": "embargoed"}, "held", "without a moment"),
        ({"embargo": FUTURE}, "embargoed", FUTURE),
        ({"embargo": "2091-05-05 10:00"}, "held", "NEWSDESK_ZONE"),
        ({"embargo": "the day after tomorrow"}, "held", "can't be read"),
        ({"status": "published", "embargo": FUTURE}, "embargoed", FUTURE),
        ({"expires": PAST}, "held", "ended"),
        ({"expires": "soon"}, "held", "can't be read"),
    ],
)
def test_record_states_that_it_is_not_published(
    run: Run, tmp_path: Path, stated: dict[str, object], publication: str, reason: str
) -> None:
    file = write(tmp_path / "x.jsonl", story(**stated))
    (source,) = run("ingest", file, "--json").json["sources"]
    assert (source["status"], source["publication"]) == ("added", publication)
    assert reason in source["publication_reason"]
    assert_shown_nowhere(run, "ferry", "21 passengers")


@pytest.mark.parametrize(
    "stated",
    [
        {"status": "publish"},
        {"status": "Published", "embargo": PAST},
        {"embargo": "no"},
        {"expires": FUTURE},
        {"draft": False},
        {"slug": "ferry"},
    ],
)
def test_record_that_is_published_is_answered_from(
    run: Run, tmp_path: Path, stated: dict[str, object]
) -> None:
    run("ingest", write(tmp_path / "x.jsonl", story(**stated)))
    assert "21 passengers" in run("ask", QUESTION, "--json").json["text"]


def test_embargo_without_a_zone_is_in_that_of_the_settings(
    run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("NEWSDESK_ZONE", "Europe/Berlin")
    file = write(tmp_path / "x.jsonl", story(embargo="2091-05-05 10:00"))
    (source,) = run("ingest", file, "--json").json["sources"]
    assert source["publication_reason"] == "embargo until 2091-05-05T08:00:00Z"
    monkeypatch.setenv("NEWSDESK_ZONE", "Middle/Earth")
    ran = run("articles", "list")
    assert ran.code == 1
    assert "NEWSDESK_ZONE='Middle/Earth'" in ran.err


def test_embargo_ends_and_publication_expires_by_themselves(run: Run, tmp_path: Path) -> None:
    soon = (datetime.now(UTC) + timedelta(seconds=4)).isoformat()
    run(
        "ingest",
        write(
            tmp_path / "x.jsonl",
            story(embargo=soon),
            story(id="lake", title="Lake dries up", text="The lake is dry now.", expires=soon),
        ),
    )
    assert [a["article_id"] for a in run("articles", "list", "--json").json] == ["lake"]
    assert "21 passengers" not in run("ask", QUESTION, "--json").out
    time.sleep(4)
    assert [a["article_id"] for a in run("articles", "list", "--json").json] == ["ferry"]
    assert "21 passengers" in run("ask", QUESTION, "--json").json["text"]
    assert "is dry" not in run("search", "is the lake dry", "--json").out


def test_front_matter_states_that_it_is_a_draft(run: Run, tmp_path: Path) -> None:
    for number, stated in enumerate(
        ("draft: true", "status: embargoed\nembargo: 2091-05-05T10:00Z")
    ):
        file = tmp_path / f"{number}.md"
        file.write_text(
            f"---\ntitle: Ferry\n{stated}\n---\nA ferry with 21 passengers off Gotland.\n"
        )
        (source,) = run("ingest", file, "--json").json["sources"]
        assert source["publication"] == ("held", "embargoed")[number]
        assert_shown_nowhere(run, source["article_id"], "21 passengers")


@pytest.mark.parametrize(
    ("line", "publication"),
    [
        ("EMBARGOED UNTIL 10:00 GMT, 5 May 2091", "embargoed"),
        ("*** STRICTLY EMBARGOED UNTIL 00:01 BST ON THURSDAY 5 MAY 2091 ***", "embargoed"),
        ("Embargo: 5 May 2091, 10.00 CET", "embargoed"),
        ("NOT FOR PUBLICATION BEFORE 10:00 GMT 5 MAY 2091", "embargoed"),
        ("EMBARGOED UNTIL THURSDAY", "held"),
        ("EMBARGOED", "held"),
        ("Embargoed until 10:00 on 5 May 2091", "held"),
        ("NOT FOR PUBLICATION", "held"),
    ],
)
def test_first_line_says_that_the_article_is_not_published(
    run: Run, tmp_path: Path, line: str, publication: str
) -> None:
    file = tmp_path / "ferry.txt"
    file.write_text(
        f"{line}\n\nFerry runs aground off Gotland\n\nVISBY, 2 March 2022 - A ferry with 21 "
        "passengers aboard ran aground off Gotland on Wednesday.\n"
    )
    (source,) = run("ingest", file, "--json").json["sources"]
    assert source["publication"] == publication
    assert_shown_nowhere(run, source["article_id"], "21 passengers")
    shown = run("articles", "show", source["article_id"], "--held", "--json").json
    assert shown["title"] == "Ferry runs aground off Gotland"
    assert "EMBARGO" not in shown["text"].upper()


@pytest.mark.parametrize(
    "line",
    [
        "Kill switch for cars",
        "KILL SWITCH FOR CARS",
        "Kill: a novel of the sea",
        "Embargo on Russian oil begins",
        "EMBARGO ON RUSSIAN OIL BEGINS",
        "Embargoed until 10:00 GMT, 5 May 2021",
        "Corrected figures show growth",
        "Correction: an earlier version of this story gave a wrong name.",
        "Withdrawn troops return home",
        "FOR IMMEDIATE RELEASE",
        "Draft picks of the season",
    ],
)
def test_other_first_lines_leave_the_article_published(run: Run, tmp_path: Path, line: str) -> None:
    file = tmp_path / "ferry.txt"
    file.write_text(
        f"{line}\n\nVISBY, 2 March 2022 - A ferry with 21 passengers aboard ran aground off "
        "Gotland on Wednesday.\n"
    )
    run("ingest", file)
    assert "21 passengers" in run("ask", QUESTION, "--json").json["text"]


def test_kill_acts_on_the_story_of_its_own_source_alone(run: Run, tmp_path: Path) -> None:
    other = story(id="other", source="Gazette", text="The ferry off Gotland had 30 passengers.")
    run("ingest", write(tmp_path / "x.jsonl", story(slug="ferry-gotland"), other))
    kill = {
        "id": "k",
        "text": "KILL: FERRY-GOTLAND\n\nEditors: kill the story. The numbers are wrong.",
        "source": "Wire",
    }
    (source,) = run("ingest", write(tmp_path / "k.jsonl", kill), "--json").json["sources"]
    assert source["publication_reason"] == "kills ferry"
    assert [a["article_id"] for a in run("articles", "list", "--json").json] == ["other"]
    (killed,) = run("articles", "list", "--status", "killed", "--json").json
    assert killed["article_id"] == "ferry"
    text = run("ask", QUESTION, "--json").json["text"]
    assert "30 passengers" in text
    assert "21" not in text
    assert "Editors" not in text


def test_notice_without_its_story_is_held_with_a_note(run: Run, tmp_path: Path) -> None:
    kill = story(id="k", title="KILL: Another story", text="The numbers in it are wrong, alas.")
    file = write(tmp_path / "k.jsonl", story(), kill)
    _, source = run("ingest", file, "--json").json["sources"]
    assert source["publication"] == "held"
    assert "not here" in source["publication_reason"]
    assert [a["article_id"] for a in run("articles", "list", "--json").json] == ["ferry"]


def test_correction_supersedes_and_says_so(run: Run, tmp_path: Path) -> None:
    run("ingest", write(tmp_path / "x.jsonl", story()))
    correction = story(
        id="c",
        title="CORRECTED: Ferry runs aground off Gotland",
        text="A ferry with 12 passengers aboard ran aground off Gotland on Wednesday.",
        published_at="2022-03-03",
    )
    run("ingest", write(tmp_path / "c.jsonl", correction))
    ran = run("ask", QUESTION, "--json").json
    assert "12 passengers" in ran["text"]
    assert "21" not in ran["text"]
    assert "corrected on 3 March 2022" in run("ask", QUESTION).out
    (old,) = run("articles", "list", "--status", "superseded", "--json").json
    assert (old["article_id"], old["superseded_by"]) == ("ferry", "c")


def test_notices_act_whichever_file_is_read_first(run: Run, tmp_path: Path) -> None:
    folder = tmp_path / "in"
    folder.mkdir()
    write(
        folder / "a.jsonl",
        {
            "id": "k",
            "title": "KILL: Ferry runs aground off Gotland",
            "text": "The numbers are wrong.",
            "source": "Wire",
        },
    )
    write(folder / "b.jsonl", story())
    run("ingest", folder)
    assert run("articles", "list", "--json").json == []


def test_same_article_that_comes_as_a_kill_is_killed(run: Run, tmp_path: Path) -> None:
    run("ingest", write(tmp_path / "x.jsonl", story()))
    run(
        "ingest",
        write(tmp_path / "x.jsonl", story(text="KILL\n\nThe ferry off Gotland had 21 passengers.")),
    )
    assert_shown_nowhere(run, "ferry", "21 passengers")
    assert len(run("articles", "list", "--status", "killed", "--json").json) == 1


def test_corrected_and_killed_articles_survive_an_export(
    run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    correction = story(
        id="c", title="CORRECTED: Ferry runs aground off Gotland", text="There were 12 aboard."
    )
    kill = story(id="k", title="KILL: Lake dries up", text="It did not.")
    lake = story(id="lake", title="Lake dries up", text="The lake dried up.", expires=FUTURE)
    run("ingest", write(tmp_path / "1.jsonl", story(), lake, story(id="d", status="draft")))
    run("ingest", write(tmp_path / "2.jsonl", correction, kill))
    run("articles", "export", tmp_path / "full.jsonl", "--held")
    listed = [run("articles", "list", "--status", "all", "--json").json]
    listed.append(run("articles", "list", "--json").json)
    assert len(listed[0]) == 5
    assert len(listed[1]) == 1
    monkeypatch.setenv("NEWSDESK_HOME", str(tmp_path / "other"))
    run("ingest", tmp_path / "full.jsonl")
    assert run("articles", "list", "--status", "all", "--json").json == listed[0]
    assert run("articles", "list", "--json").json == listed[1]
    run("articles", "export", tmp_path / "again.jsonl", "--held")
    assert (tmp_path / "again.jsonl").read_text() == (tmp_path / "full.jsonl").read_text()


def test_kill_marks_the_answers_that_were_given_and_withholds_their_quotes(
    run: Run, ferry: str
) -> None:
    run("ask", QUESTION)
    run("articles", "kill", ferry, "--reason", "wrong numbers")
    (answer,) = run("answers", "list", "--outdated", "--json").json
    assert "21 passengers" not in json.dumps(answer)
    assert answer["outdated"][0]["publication"] == "killed"
    shown = run("answers", "show", answer["answer_id"]).out
    assert "[1] The article has been killed since" in shown
    assert "21 passengers" not in shown


def test_answer_from_a_corrected_story_says_when_it_was_corrected(run: Run, tmp_path: Path) -> None:
    run("ingest", write(tmp_path / "x.jsonl", story()))
    run("ask", QUESTION)
    correction = story(
        id="c",
        title="CORRECTED: Ferry runs aground off Gotland",
        text="A ferry with 12 passengers aboard ran aground off Gotland on Wednesday.",
        published_at="2022-03-03",
    )
    run("ingest", write(tmp_path / "c.jsonl", correction))
    (answer,) = run("answers", "list", "--outdated", "--json").json
    shown = run("answers", "show", answer["answer_id"]).out
    assert "corrected on 3 March 2022" in shown
