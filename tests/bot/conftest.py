"""Types commands into a terminal that is not one, in this process, with an archive of their own."""

import io
import json
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from bot.cli.app import app
from bot.cli.terminal import run_or_explain

SAMPLE = Path(__file__).parents[2] / "samples" / "biden-putin-talks.txt"


@dataclass(frozen=True, slots=True)
class Ran:
    """What a command left: its exit code, and what it printed."""

    code: int
    out: str
    err: str

    @property
    def json(self) -> Any:
        return json.loads(self.out)


Run = Callable[..., Ran]


@pytest.fixture
def run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Run:
    """Run `newsdesk` with these arguments; `typed` is its standard input."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("NEWSDESK_HOME", str(tmp_path / "home"))
    monkeypatch.setenv("COLUMNS", "80")

    def run_command(*arguments: object, typed: str = "") -> Ran:
        monkeypatch.setattr(sys, "argv", ["newsdesk", *map(str, arguments)])
        monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(typed.encode())))
        capsys.readouterr()
        code = run_or_explain(app)
        captured = capsys.readouterr()
        return Ran(code, captured.out, captured.err)

    return run_command


@pytest.fixture
def sample() -> Path:
    """The project's sample: the article of 3 December 2021 on talks about Ukraine."""
    return SAMPLE
