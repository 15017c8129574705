"""The Python of the README runs as it stands there."""

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
