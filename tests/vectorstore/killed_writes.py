"""Kills a write at every step in turn, and prints what each left behind; see test_crashes.

Runs as a process of its own, for each step is a fork: quick, but only where no thread runs.
A step is the moment before or after a transaction of the ledger ends, or some milliseconds
after the writing of the index has begun.
"""

import json
import os
import shutil
import signal
import sys
import threading
import time
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any

import chromadb  # noqa: F401  imported once, before the forks
from sqlalchemy import Connection, Engine, Pool, event

from tests.archive import found, open_library, revision

WITHIN_INDEX_WRITE_SECONDS = (0.0, 0.001, 0.003, 0.006, 0.012, 0.025)

FIRST = [revision("kept", "The talks began in Geneva."), revision("old", "Troops stand ready.")]
SECOND = [revision("kept", "The talks ended in Geneva."), revision("new", "Sanctions threaten.")]
WANTED = {"kept": "The talks ended in Geneva.", "new": "Sanctions threaten."}


def write_first(home: Path) -> None:
    library = open_library(home)
    library.write(FIRST)
    library.close()


def write_all(home: Path) -> None:
    library = open_library(home)
    library.recover()
    library.write(SECOND)
    _acknowledge(home, "written")
    library.remove(["old"])
    _acknowledge(home, "removed")


def look(home: Path) -> None:
    """Open what was left as the next start does, note it, write everything again, note it."""
    library = open_library(home)
    library.recover()
    left = _state(library)
    library.write(SECOND)
    library.remove(["old"])
    seen = {"acked": _acked(home), "left": left, "after": _state(library)}
    sys.stdout.write(json.dumps(seen) + "\n")


def _state(library: Any) -> dict[str, object]:
    return {
        "texts": {article.article_id: article.text for article in library.ledger.articles()},
        "found": sorted(found(library, "talks troops sanctions")),
        "problems": library.problems(),
    }


def kill_at_commit(step: int) -> None:
    """Even steps kill before a commit of a writing transaction, odd ones after it."""
    passed = 0
    committed = False

    def pass_by() -> None:
        nonlocal passed
        if passed == step:
            os.kill(os.getpid(), signal.SIGKILL)
        passed += 1

    def before(connection: Connection) -> None:
        nonlocal committed
        if connection.get_execution_options().get("begin") == "BEGIN IMMEDIATE":
            committed = True
            pass_by()

    def after(*_: object) -> None:
        nonlocal committed
        if committed:
            committed = False
            pass_by()

    event.listen(Engine, "commit", before)
    event.listen(Pool, "checkin", after)


def kill_in_index(delay_seconds: float) -> None:
    from vectorstore import index

    upsert = index._upsert

    def die_soon(*arguments: Any) -> None:
        threading.Thread(target=_die_after, args=(delay_seconds,)).start()
        upsert(*arguments)

    vars(index)["_upsert"] = die_soon


def _die_after(delay_seconds: float) -> None:
    time.sleep(delay_seconds)
    os.kill(os.getpid(), signal.SIGKILL)


def _acknowledge(home: Path, what: str) -> None:
    with (home / "acked").open("a", encoding="utf-8") as out:
        out.write(what + "\n")


def _acked(home: Path) -> list[str]:
    acked = home / "acked"
    return acked.read_text(encoding="utf-8").split() if acked.exists() else []


def _forked(work: Callable[[], None]) -> int:
    """Run work in a fork; returns its exit code, negative if a signal ended it."""
    child = os.fork()
    if child == 0:
        code = 1
        try:
            work()
            code = 0
        finally:
            sys.stdout.flush()
            os._exit(code)
    return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])


def _killed(home: Path, arm: Callable[[], None]) -> bool:
    """Write in a fork that `arm` lets be killed, then look in another; False if it lived."""
    shutil.copytree(home.parent / "first", home)  # with its times, which the index's seal holds

    def work() -> None:
        arm()
        write_all(home)

    ended = _forked(work)
    if ended not in (0, -signal.SIGKILL):
        raise RuntimeError(f"the writer ended with {ended}")
    if _forked(partial(look, home)):
        raise RuntimeError("the archive could not be opened afterwards")
    return ended != 0


def main(root: Path) -> None:
    (root / "first").mkdir()
    if _forked(partial(write_first, root / "first")):
        raise RuntimeError("the first write failed")
    step = 0
    while _killed(root / f"commit-{step}", partial(kill_at_commit, step)):
        step += 1
    for delay in WITHIN_INDEX_WRITE_SECONDS:
        _killed(root / f"index-{delay}", partial(kill_in_index, delay))


if __name__ == "__main__":
    main(Path(sys.argv[1]))
