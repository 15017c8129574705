"""Several processes work on one archive at the same time."""

import json
import subprocess
import sys
from pathlib import Path

from tests.archive import found, open_library

WRITER = """
import sys
from pathlib import Path
from tests.archive import open_library, revision

home, name, shared = Path(sys.argv[1]), sys.argv[2], 10
library = open_library(home)
for batch in range(6):
    own = [revision(f"{name}-{batch}-{i}", f"Story {batch} {i} by {name}.") for i in range(10)]
    same = [revision(f"both-{batch}-{i}", f"Story {batch} {i} of both.") for i in range(shared)]
    library.write(own + same)
"""

READER = """
import json, sys
from pathlib import Path
from tests.archive import found, open_library

home = Path(sys.argv[1])
library = open_library(home)
sizes = []
while not (home / "stop").exists():
    sizes.append(len(found(library, "Story by one of both")))
fresh = found(library, "Story 5 9 by one.")
print(json.dumps({"asked": len(sizes), "first": fresh[0]}))
"""


def _start(script: str, *arguments: object) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, "-c", script, *map(str, arguments)],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


def _finish(process: subprocess.Popen[str]) -> str:
    out, err = process.communicate(timeout=90)
    assert process.returncode == 0, err
    return out


def test_two_ingests_at_once_leave_the_union_once(tmp_path: Path) -> None:
    open_library(tmp_path).close()
    writers = [_start(WRITER, tmp_path, name) for name in ("one", "two")]
    for writer in writers:
        _finish(writer)
    library = open_library(tmp_path)
    assert library.ledger.counts() == {"articles": 180, "passages": 180}
    assert {listing.version for listing in library.ledger.listings()} == {1}
    assert library.problems() == []


def test_questions_in_another_process_during_an_ingest_stay_answered_and_fresh(
    tmp_path: Path,
) -> None:
    open_library(tmp_path).close()
    reader = _start(READER, tmp_path)
    _finish(_start(WRITER, tmp_path, "one"))
    (tmp_path / "stop").touch()
    told = json.loads(_finish(reader))
    assert told["asked"] > 0
    assert told["first"] == "one-5-9"
    assert found(open_library(tmp_path), "Story 5 9 by one.")[0] == "one-5-9"
