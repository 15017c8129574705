"""`make drill`, in its shortest form."""

import subprocess
import sys

import pytest

SHORT = ("--stepped", "6", "--random", "3", "--seconds", "3", "--soak", "3")


@pytest.mark.timeout(300)
def test_short_drill_finds_nothing_lost_doubled_or_damaged() -> None:
    ran = subprocess.run(
        [sys.executable, "-m", "benchmarks.drill", *SHORT],
        capture_output=True,
        text=True,
        check=False,
    )
    assert ran.returncode == 0, ran.stdout + ran.stderr
    lines = [line for line in ran.stdout.splitlines() if "kills," in line]
    assert len(lines) == 4
    assert all(line.endswith("lost 0, doubled 0, damaged 0, failed 0") for line in lines)
