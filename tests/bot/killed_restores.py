"""Kills a restore at every step in turn, and prints what each left behind; see test_backup.

Runs as a process of its own, for each step is a fork. A step is the moment before the restore
opens, moves or removes a file in the data folder; SQLite's own steps within one of them are its.
"""

import json
import os
import shutil
import signal
import sys
from collections.abc import Callable
from functools import partial
from pathlib import Path

import chromadb  # noqa: F401  imported once, before the forks

from bot.backup import back_up
from bot.newsdesk import Newsdesk, restore_archive
from bot.settings import Settings
from tests.archive import open_library, revision

EVENTS = ("open", "os.rename", "os.remove", "os.rmdir", "os.mkdir", "sqlite3.connect")
OLD = {"old": "Troops stand ready.", "kept": "The talks began in Geneva."}
NEW = {"new": "Sanctions threaten.", "kept": "The talks ended in Geneva."}


def settings_of(home: Path) -> Settings:
    return Settings(_env_file=None, newsdesk_home=home)  # type: ignore[call-arg]


def write_archive(home: Path, texts: dict[str, str]) -> None:
    """An archive whose uploads are named as its articles."""
    library = open_library(home)
    library.write([revision(name, text) for name, text in texts.items()])
    for name, text in texts.items():
        upload = home / "slack" / "C1" / name
        upload.parent.mkdir(parents=True, exist_ok=True)
        upload.write_text(text, encoding="utf-8")
    library.close()


def write_both(root: Path) -> None:
    for name, texts in (("first", OLD), ("other", NEW)):
        (root / name).mkdir()
        write_archive(root / name, texts)
    library = open_library(root / "other")
    back_up(library.database, home=root / "other", file=root / "backup.zip")
    library.close()


def look(home: Path) -> None:
    """Open what was left as the next start does, and note it."""
    with Newsdesk.from_settings(settings_of(home)) as newsdesk:
        newsdesk.library.recover()
        uploads = sorted(path.name for path in (home / "slack").rglob("*") if path.is_file())
        seen = {
            "texts": {a.article_id: a.text for a in newsdesk.library.ledger.articles()},
            "uploads": uploads,
            "problems": newsdesk.library.problems(),
            "rest": sorted(path.name for path in home.glob("restor*") if path.suffix != ".lock"),
        }
    sys.stdout.write(json.dumps(seen) + "\n")


def kill_at(step: int, home: Path) -> None:
    passed = 0

    def pass_by(event: str, arguments: tuple[object, ...]) -> None:
        nonlocal passed
        if event in EVENTS and str(home) in str(arguments[0]):
            if passed == step:
                os.kill(os.getpid(), signal.SIGKILL)
            passed += 1

    sys.addaudithook(pass_by)


def forked(work: Callable[[], object]) -> int:
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


def killed(home: Path, step: int) -> bool:
    """Restore in a fork that is killed at a step, then look in another; False if it lived."""
    shutil.copytree(home.parent / "first", home)

    def work() -> None:
        kill_at(step, home)
        restore_archive(settings_of(home), home.parent / "backup.zip", replace=True)

    ended = forked(work)
    if ended not in (0, -signal.SIGKILL):
        raise RuntimeError(f"the restore ended with {ended}")
    if forked(partial(look, home)):
        raise RuntimeError(f"the archive could not be opened after step {step}")
    shutil.rmtree(home)
    return ended != 0


def main(root: Path) -> None:
    if forked(partial(write_both, root)):
        raise RuntimeError("the archives could not be written")
    step = 0
    while killed(root / f"step-{step}", step):
        step += 1


if __name__ == "__main__":
    main(Path(sys.argv[1]))
