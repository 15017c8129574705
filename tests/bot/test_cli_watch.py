"""`newsdesk watch` and `runs`, as they are typed, and as a process that is told to stop."""

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from bot.cli.watch import seconds_in
from tests.bot.conftest import Run


def write(file: Path, text: str) -> None:
    file.parent.mkdir(exist_ok=True)
    file.write_text(f"Title\n\n{text}\n", encoding="utf-8")


def test_once_takes_in_what_is_new_and_ends(run: Run, tmp_path: Path) -> None:
    write(tmp_path / "wire" / "a.txt", "Talks were held.")
    first, second = run("watch", "wire", "--once"), run("watch", "wire", "--once")
    assert first.code == second.code == 0
    assert first.out.split()[1:] == ["added", str(tmp_path / "wire" / "a.txt")]
    assert second.out == ""
    (tmp_path / "wire" / "b.txt").write_bytes(b"")
    assert run("watch", "wire", "--once").code == 1


def test_runs_tell_when_by_whom_and_what_came_of_it(run: Run, tmp_path: Path) -> None:
    assert "No ingests yet" in run("runs").out
    write(tmp_path / "wire" / "a.txt", "Talks were held.")
    run("ingest", "wire")
    run("watch", "wire", "--once")
    newest, oldest = run("runs", "--json").json
    assert (newest["started_by"], newest["added"], newest["unchanged"]) == ("watch", 0, 1)
    assert (oldest["started_by"], oldest["added"], oldest["sources"]) == ("ingest", 1, ["wire"])
    assert len(run("runs", "--limit", 1, "--json").json) == 1
    assert "watch" in run("runs").out


def test_watch_is_stopped_cleanly_by_a_signal(tmp_path: Path) -> None:
    write(tmp_path / "wire" / "a.txt", "Talks were held.")
    command = [sys.executable, "-c", "from bot.cli import main; main()", "watch", "wire"]
    environment = os.environ | {"NEWSDESK_HOME": str(tmp_path / "home")}
    with subprocess.Popen(
        command, cwd=tmp_path, env=environment, stdout=subprocess.PIPE, stderr=subprocess.PIPE
    ) as watch:
        assert watch.stdout
        assert b"added" in watch.stdout.readline()
        watch.send_signal(signal.SIGTERM)
        said = watch.communicate(timeout=30)[1]
    assert watch.returncode == 0
    assert b"Stopping." in said
    assert b"Traceback" not in said


@pytest.mark.parametrize("wrong", [["-"], ["wire", "--every", "often"], ["wire", "--every", "1s"]])
def test_wrong_use_of_watch_is_said(run: Run, wrong: list[str]) -> None:
    assert run("watch", *wrong).code == 2


def test_intervals_are_written_with_a_unit() -> None:
    assert [seconds_in(every) for every in ("90s", "15m", "1.5h", "1d")] == [90, 900, 5400, 86_400]
