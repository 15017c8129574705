"""`newsdesk backup` and `newsdesk restore`."""

import json
import os
import shutil
import sqlite3
import subprocess
import sys
import time
import zipfile
from pathlib import Path

import pytest

from tests.archive import open_library, revision
from tests.bot.conftest import Run
from tests.bot.killed_restores import NEW, OLD, write_archive

INGEST = """
import sys
from pathlib import Path
from tests.archive import open_library, revision

home = Path(sys.argv[1])
library = open_library(home)
batch = 0
while not (home / "stop").exists():
    library.write([revision(f"{batch}-{i}", f"Story {batch} {i}. " * 40) for i in range(10)])
    batch += 1
    (home / "acked").write_text(str(batch))
"""

COMMAND = "from bot.cli.app import main; main()"


@pytest.fixture
def home(tmp_path: Path) -> Path:
    home = tmp_path / "home"
    home.mkdir()
    return home


def _listed(run: Run) -> set[str]:
    return {article["article_id"] for article in run("articles", "list", "--json").json}


def _damaged(file: Path, at: float) -> None:
    content = bytearray(file.read_bytes())
    content[int(len(content) * at)] ^= 0xFF
    file.write_bytes(content)


def test_restored_archive_is_the_one_that_was_backed_up(
    run: Run, sample: Path, home: Path, tmp_path: Path
) -> None:
    run("ingest", sample)
    before = run("ask", "what sanctions were threatened?").out
    upload = home / "slack" / "C1" / "F1" / "memo.txt"
    upload.parent.mkdir(parents=True)
    upload.write_text("A memo.", encoding="utf-8")
    ran = run("backup", tmp_path / "kept.zip")
    assert ran.code == 0
    assert "1 article and 1 uploaded file" in ran.out
    assert (tmp_path / "kept.zip").stat().st_mode & 0o077 == 0
    shutil.rmtree(home)
    ran = run("restore", tmp_path / "kept.zip")
    assert (ran.code, ran.err) == (0, "")
    assert "1 article restored" in ran.out
    assert run("doctor").code == 0
    assert run("ask", "what sanctions were threatened?").out == before
    assert upload.read_text(encoding="utf-8") == "A memo."


def test_home_with_data_is_replaced_only_with_yes(run: Run, home: Path, tmp_path: Path) -> None:
    write_archive(home, NEW)
    run("backup", tmp_path / "new.zip")
    shutil.rmtree(home)
    home.mkdir()
    write_archive(home, OLD)
    ran = run("restore", tmp_path / "new.zip")
    assert ran.code == 1
    assert "--yes" in ran.err
    assert _listed(run) == set(OLD)
    assert run("restore", tmp_path / "new.zip", "--yes").code == 0
    assert _listed(run) == set(NEW)
    assert {path.name for path in (home / "slack" / "C1").iterdir()} == set(NEW)


@pytest.mark.parametrize("at", [0.02, 0.3, 0.6])
def test_damaged_backup_is_refused_and_changes_nothing(
    run: Run, home: Path, tmp_path: Path, at: float
) -> None:
    write_archive(home, OLD)
    run("backup", tmp_path / "old.zip")
    _damaged(tmp_path / "old.zip", at)
    ran = run("restore", tmp_path / "old.zip", "--yes")
    assert ran.code == 1
    assert "no whole backup" in ran.err
    assert _listed(run) == set(OLD)
    assert not (home / "restoring").exists()


def test_cut_off_backup_is_refused(run: Run, home: Path, tmp_path: Path) -> None:
    write_archive(home, OLD)
    run("backup", tmp_path / "old.zip")
    content = (tmp_path / "old.zip").read_bytes()
    (tmp_path / "old.zip").write_bytes(content[: len(content) // 2])
    ran = run("restore", tmp_path / "old.zip", "--yes")
    assert ran.code == 1
    assert "no whole backup" in ran.err
    assert _listed(run) == set(OLD)


def test_exchanged_file_fails_its_checksum(run: Run, home: Path, tmp_path: Path) -> None:
    write_archive(home, OLD)
    run("backup", tmp_path / "old.zip")
    with (
        zipfile.ZipFile(tmp_path / "old.zip") as before,
        zipfile.ZipFile(tmp_path / "forged.zip", "w") as after,
    ):
        for name in before.namelist():
            after.writestr(name, before.read(name) + (b" " if name == "slack/C1/old" else b""))
    ran = run("restore", tmp_path / "forged.zip", "--yes")
    assert ran.code == 1
    assert "slack/C1/old fails its checksum" in ran.err


def test_name_that_leads_out_of_the_home_is_refused(run: Run, home: Path, tmp_path: Path) -> None:
    write_archive(home, OLD)
    run("backup", tmp_path / "old.zip")
    with (
        zipfile.ZipFile(tmp_path / "old.zip") as before,
        zipfile.ZipFile(tmp_path / "forged.zip", "w") as after,
    ):
        manifest = json.loads(before.read("manifest.json"))
        manifest["files"]["slack/../../escaped"] = manifest["files"]["slack/C1/old"]
        for name in before.namelist():
            if name != "manifest.json":
                after.writestr(name, before.read(name))
        after.writestr("slack/../../escaped", before.read("slack/C1/old"))
        after.writestr("manifest.json", json.dumps(manifest))
    ran = run("restore", tmp_path / "forged.zip", "--yes")
    assert ran.code == 1
    assert "slack/../../escaped" in ran.err
    assert not (tmp_path / "escaped").exists()


@pytest.mark.parametrize("content", [b"", b"An article.", None])
def test_file_that_is_no_backup_is_refused(run: Run, tmp_path: Path, content: bytes | None) -> None:
    if content is not None:
        (tmp_path / "article.txt").write_bytes(content)
    ran = run("restore", tmp_path / "article.txt")
    assert ran.code == 1
    assert "article.txt" in ran.err
    assert len(ran.err.splitlines()) == 1


def test_backup_replaces_an_earlier_one_and_nothing_else(
    run: Run, home: Path, tmp_path: Path
) -> None:
    write_archive(home, OLD)
    assert run("backup", tmp_path / "old.zip").code == 0
    assert run("backup", tmp_path / "old.zip").code == 0
    (tmp_path / "article.txt").write_text("An article.")
    ran = run("backup", tmp_path / "article.txt")
    assert ran.code == 1
    assert "is no backup" in ran.err
    assert (tmp_path / "article.txt").read_text() == "An article."
    assert run("backup", home / "inside.zip").code == 1
    assert run("backup", tmp_path / "missing" / "old.zip").code == 1


def test_backup_of_a_newer_version_is_refused(run: Run, home: Path, tmp_path: Path) -> None:
    write_archive(home, OLD)
    run("backup", tmp_path / "old.zip")
    with (
        zipfile.ZipFile(tmp_path / "old.zip") as before,
        zipfile.ZipFile(tmp_path / "newer.zip", "w") as after,
    ):
        for name in before.namelist():
            content = before.read(name)
            if name == "manifest.json":
                content = json.dumps(json.loads(content) | {"schema": "9999"}).encode()
            after.writestr(name, content)
    ran = run("restore", tmp_path / "newer.zip", "--yes")
    assert ran.code == 1
    assert "newer Newsdesk" in ran.err
    assert _listed(run) == set(OLD)


def test_archive_in_use_is_not_replaced(run: Run, home: Path, tmp_path: Path) -> None:
    write_archive(home, NEW)
    run("backup", tmp_path / "new.zip")
    library = open_library(home)
    library.write([revision("fresh", "The envoys left.")])
    ran = run("restore", tmp_path / "new.zip", "--yes")
    library.close()
    assert ran.code == 1
    assert "in use" in ran.err
    assert _listed(run) == {*NEW, "fresh"}


def test_destroyed_ledger_is_replaced(run: Run, home: Path, tmp_path: Path) -> None:
    write_archive(home, OLD)
    run("backup", tmp_path / "old.zip")
    (home / "ledger.db").write_bytes(b"not a database, by any means" * 1000)
    assert run("restore", tmp_path / "old.zip").code == 1
    assert run("restore", tmp_path / "old.zip", "--yes").code == 0
    assert _listed(run) == set(OLD)


def test_backups_during_an_ingest_hold_whole_batches_and_all_that_was_reported(
    run: Run, home: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    writer = subprocess.Popen([sys.executable, "-c", INGEST, str(home)], cwd=Path.cwd())
    acked: list[int] = []
    for number in range(4):
        while not (home / "acked").exists() or (number and _acked(home) < acked[-1] + 3):
            assert writer.poll() is None
            time.sleep(0.02)
        acked.append(_acked(home))
        assert run("backup", tmp_path / f"{number}.zip").code == 0
    after = _acked(home) + 1
    (home / "stop").touch()
    writer.wait(60)
    for number, least in enumerate(acked):
        monkeypatch.setenv("NEWSDESK_HOME", str(tmp_path / f"home-{number}"))
        assert run("restore", tmp_path / f"{number}.zip").code == 0
        listed = _listed(run)
        batches = {name.split("-")[0] for name in listed}
        assert least <= len(batches) <= after
        assert listed == {f"{batch}-{i}" for batch in range(len(batches)) for i in range(10)}
        checks = run("doctor", "--json").json["checks"]
        assert [c["ok"] for c in checks if c["name"] in ("ledger", "index")] == [True, True]


def _acked(home: Path) -> int:
    return int((home / "acked").read_text() or 0)


@pytest.mark.timeout(300)
def test_killed_restore_leaves_the_old_home_or_the_new_one(tmp_path: Path) -> None:
    ran = subprocess.run(
        [sys.executable, "-m", "tests.bot.killed_restores", str(tmp_path)],
        capture_output=True,
        text=True,
        check=False,
    )
    assert ran.returncode == 0, ran.stderr
    steps = [json.loads(line) for line in ran.stdout.splitlines()]
    assert len(steps) > 20
    for step in steps:
        assert step["texts"] in (OLD, NEW)
        assert step["uploads"] == sorted(step["texts"])
        assert step["problems"] == []
        assert step["rest"] == []
    assert [step["texts"] for step in steps] == sorted((s["texts"] for s in steps), key=NEW.__eq__)


def test_killed_backup_leaves_the_one_before(home: Path, tmp_path: Path) -> None:
    write_archive(home, OLD)
    kept = tmp_path / "kept" / "old.zip"
    kept.parent.mkdir()
    command = [sys.executable, "-c", COMMAND, "backup", str(kept)]
    environment = {**os.environ, "NEWSDESK_HOME": str(home)}
    subprocess.run(command, check=True, capture_output=True, env=environment)
    before = kept.read_bytes()
    with sqlite3.connect(home / "ledger.db") as connection:
        connection.execute("CREATE TABLE filling (content)")
        connection.execute("INSERT INTO filling VALUES (randomblob(60000000))")
    connection.close()
    backup = subprocess.Popen(command, env=environment, stdout=subprocess.DEVNULL)
    while not (kept.parent / ".old.zip.partial").exists():
        assert backup.poll() is None
        time.sleep(0.002)
    backup.kill()
    backup.wait()
    assert kept.read_bytes() == before
    subprocess.run(command, check=True, capture_output=True, env=environment)
    assert list(kept.parent.iterdir()) == [kept]
