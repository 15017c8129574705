"""A writer that is killed at any step leaves an archive that the next start puts right."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

from tests.vectorstore.killed_writes import WANTED, WITHIN_INDEX_WRITE_SECONDS

BEFORE = {"kept": "The talks began in Geneva.", "old": "Troops stand ready."}
BETWEEN = {**WANTED, "old": "Troops stand ready."}


@pytest.mark.timeout(300)
def test_killed_writer_loses_nothing_acknowledged_and_doubles_nothing(tmp_path: Path) -> None:
    run = subprocess.run(
        [sys.executable, "-m", "tests.vectorstore.killed_writes", str(tmp_path)],
        capture_output=True,
        text=True,
        check=False,
    )
    assert run.returncode == 0, run.stderr
    steps = [json.loads(line) for line in run.stdout.splitlines()]
    assert len(steps) > 20 + len(WITHIN_INDEX_WRITE_SECONDS)
    for step in steps:
        allowed = {0: [BEFORE, BETWEEN], 1: [BETWEEN, WANTED], 2: [WANTED]}[len(step["acked"])]
        assert step["left"]["texts"] in allowed
        assert step["left"]["found"] == sorted(step["left"]["texts"])
        assert step["left"]["problems"] == []
        assert step["after"] == {"texts": WANTED, "found": ["kept", "new"], "problems": []}
