"""The commands and the Python of the README run as they stand there."""

import os
import re
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[2]


def test_python_of_the_readme_answers_from_the_sample(tmp_path: Path) -> None:
    [block] = re.findall(
        r"^```python\n(.*?)^```", (ROOT / "README.md").read_text("utf-8"), re.M | re.S
    )
    (tmp_path / "samples").symlink_to(ROOT / "samples")
    run = subprocess.run(
        [sys.executable, "-c", f"{block}    print(chain.invoke('who met in Stockholm?'))"],
        cwd=tmp_path,
        capture_output=True,
        text=True,
        check=True,
    )
    assert "Swiftbank’s messaging system" in run.stdout
    assert "[1] Biden and Putin to hold talks" in run.stdout
    assert "Stockholm" in run.stdout


def test_lines_to_try_by_hand_work_one_after_the_other(tmp_path: Path) -> None:
    [block] = re.findall(r"^```sh\n(.*?)^```", (ROOT / "README.md").read_text("utf-8"), re.M | re.S)
    activate, *lines = block.splitlines()
    assert activate == ". .venv/bin/activate"
    (tmp_path / "samples").symlink_to(ROOT / "samples")
    path = f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"
    environment = os.environ | {"PATH": path, "NEWSDESK_HOME": str(tmp_path / "home")}
    printed = ""
    for line in lines:
        run = subprocess.run(
            line, shell=True, cwd=tmp_path, env=environment, capture_output=True, text=True,
            stdin=subprocess.DEVNULL,
        )  # fmt: skip
        assert run.returncode == 0, (line, run.stderr)
        printed += run.stdout
    assert len(lines) == 6
    assert "Stockholm" in printed
