"""What is imported when: heavy libraries only where they are used."""

import subprocess
import sys
from pathlib import Path

import pytest

from tests.bot.conftest import Run

HEAVY = (
    "chromadb openai langchain langchain_core langchain_openai onnxruntime sqlalchemy slack_bolt"
)


def _modules(script: str, *, home: Path) -> set[str]:
    run = subprocess.run(
        [sys.executable, "-c", f"{script}\nimport sys; print(*sys.modules)"],
        env={"NEWSDESK_HOME": str(home), "PATH": ""},
        capture_output=True,
        text=True,
        check=True,
    )
    return {name.partition(".")[0] for name in run.stdout.split()}


def test_command_line_itself_imports_nothing_heavy(tmp_path: Path) -> None:
    assert _modules("import bot.cli", home=tmp_path).isdisjoint(HEAVY.split())


def test_quoted_answer_imports_no_langchain_and_no_openai(
    run: Run, sample: Path, tmp_path: Path
) -> None:
    run("ingest", sample)
    asking = """
from bot.newsdesk import Newsdesk
from bot.settings import read_settings
with Newsdesk.from_settings(read_settings()) as newsdesk:
    assert newsdesk.ask("what sanctions were threatened?").found
"""
    imported = _modules(asking, home=tmp_path / "home")
    assert "chromadb" in imported
    assert imported.isdisjoint({"langchain", "langchain_core", "openai", "alembic", "pydantic_ai"})


@pytest.mark.parametrize("module", ["vectorstore.search", "vectorstore.chroma", "ingest.pipeline"])
def test_importing_a_module_opens_nothing(module: str, tmp_path: Path) -> None:
    imported = _modules(f"import {module}", home=tmp_path)
    assert imported.isdisjoint({"chromadb", "onnxruntime", "langchain_core"})
    assert list(tmp_path.iterdir()) == []
