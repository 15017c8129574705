"""`newsdesk doctor`, and what commands say when something is broken."""

import shutil
import sqlite3
from pathlib import Path

import pytest

from tests.bot.conftest import Run


def test_healthy_archive_passes_every_check(run: Run, sample: Path) -> None:
    run("ingest", sample)
    ran = run("doctor")
    assert ran.code == 0
    assert "FAIL" not in ran.out
    assert "1 article in" in ran.out


def test_destroyed_index_is_named_with_the_command_and_rebuilt(
    run: Run, sample: Path, tmp_path: Path
) -> None:
    run("ingest", sample)
    before = run("ask", "what sanctions were threatened?").out
    for folder in (tmp_path / "home").glob("chroma-*"):
        shutil.rmtree(folder)
    ran = run("doctor")
    assert ran.code == 1
    assert "doctor --rebuild" in ran.out
    assert run("doctor", "--rebuild").code == 0
    assert run("doctor").code == 0
    assert run("ask", "what sanctions were threatened?").out == before


def test_damaged_ledger_is_named(run: Run, sample: Path, tmp_path: Path) -> None:
    run("ingest", sample)
    (tmp_path / "home" / "ledger.db").write_bytes(b"not a database, by any means" * 100)
    ran = run("ask", "what sanctions were threatened?")
    assert ran.code == 1
    assert "ledger.db is damaged" in ran.err
    assert len(ran.err.splitlines()) <= 2


def test_locked_ledger_is_a_clear_error(run: Run, sample: Path, tmp_path: Path) -> None:
    run("ingest", sample)
    with sqlite3.connect(tmp_path / "home" / "ledger.db") as other:
        other.execute("BEGIN EXCLUSIVE")
        ran = run("ingest", "-", typed="Another story was told.")
        assert ran.code == 1
        assert "locked by another program" in ran.err
        other.rollback()
    other.close()


@pytest.mark.parametrize(
    ("name", "value", "said"),
    [
        ("EMBEDDINGS", "magic", "'local' or 'openai'"),
        ("CHROMA_URL", "localhost:8000", "http://"),
        ("DATABASE_URL", "postgresql://x", "sqlite:///"),
        ("MAX_ARTICLE_BYTES", "many", "integer"),
        ("NEWSDESK_HOME", "/dev/null/x", "can't be made"),
    ],
)
def test_wrong_setting_is_named_with_what_is_allowed(
    run: Run, monkeypatch: pytest.MonkeyPatch, name: str, value: str, said: str
) -> None:
    monkeypatch.setenv(name, value)
    ran = run("doctor")
    assert ran.code == 1
    assert name in ran.err
    assert said in ran.err


def test_other_embedding_model_is_refused_with_the_command(
    run: Run, sample: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    run("ingest", sample)
    monkeypatch.setenv("EMBEDDINGS", "openai")
    monkeypatch.setenv("OPENAI_API_KEY", "sk-test-1234567890")
    monkeypatch.setenv("OPENAI_BASE_URL", "http://127.0.0.1:9/v1")
    for command in (["ingest", str(sample)], ["ask", "what sanctions were threatened?"]):
        ran = run(*command)
        assert ran.code == 1
        assert "doctor --reembed" in ran.err
        assert "sk-test" not in ran.err
