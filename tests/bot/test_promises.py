"""Each promise in the documents names a test that exists."""

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]


@pytest.fixture(scope="module")
def defined() -> set[str]:
    return {
        name
        for file in (ROOT / "tests").rglob("test_*.py")
        for name in re.findall(r"^(?:async )?def (test_\w+)", file.read_text("utf-8"), re.MULTILINE)
    }


@pytest.mark.parametrize("document", ["RELIABILITY.md", "SECURITY.md"])
def test_every_test_that_a_promise_names_exists(document: str, defined: set[str]) -> None:
    named = set(re.findall(r"`(test_\w+)`", (ROOT / "docs" / document).read_text("utf-8")))
    assert len(named) > 20
    assert named - defined == set()


@pytest.mark.parametrize("document", ["RELIABILITY.md", "SECURITY.md"])
def test_every_row_of_promises_names_a_test(document: str) -> None:
    lines = (ROOT / "docs" / document).read_text("utf-8").splitlines()
    rows = [line for line in lines if line.startswith("| ") and "held by" not in line]
    assert [row for row in rows if "---" not in row and "`test_" not in row] == []
