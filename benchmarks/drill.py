"""Kills ingests again and again, and counts what is lost, doubled or damaged: none may be.

python -m benchmarks.drill [--stepped N] [--random N] [--seconds S] [--soak S]

A drill ingests a folder that changes. Each ingest that returned is acknowledged in a file; after
every kill the archive is opened as the next start does, and held against what was acknowledged.
"""

import argparse
import json
import os
import random
import re
import signal
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path

import chromadb  # noqa: F401  imported once, before the forks

from ingest.pipeline import Pipeline
from tests.archive import found, open_library
from tests.vectorstore.killed_writes import kill_at_commit
from vectorstore.library import Library

NAMES = ("Utrecht", "Odessa", "Geneva", "Lagos", "Lima", "Hanoi", "Quito", "Turin", "Oslo", "Cork")
WORDS = (
    "harbour minister talks bank rain vote strike border bridge school court train river price "
    "union market storm treaty police museum factory doctor winter election budget"
).split()
STEPS_AFTER_A_START = 40
"""A stepped drill kills at the first commit after a start, at the second, ... and begins anew: an
ingest that updates, adds and removes has about half as many."""

LONGEST_LIFE_SECONDS = 1.5
FILES = 5
"""So many more may be open at the end: a connection more or less stands open when they are counted,
while an ingest that leaks one shows within a few."""

FLAT = 1.1
"""Memory at the end of a soak, as a multiple of what it was after its first quarter."""

State = Mapping[str, int]
"""The number of each story that is there, by its name."""


@dataclass
class Counts:
    """What a drill did, and what it found wrong."""

    kills: int = 0
    ingests: int = 0
    questions: int = 0
    wrong: Counter[str] = field(default_factory=Counter)

    def line(self, name: str, size: str) -> str:
        did = f"{self.kills} kills, {self.ingests} ingests, {self.questions} questions"
        kinds = ("lost", "doubled", "damaged", "failed")
        found_wrong = ", ".join(f"{kind} {self.wrong[kind]}" for kind in kinds)
        return f"{name:<14} {size:>7}: {did}; {found_wrong}"


class Folder:
    """A folder of stories that changes a little with every ingest, always in the same way."""

    def __init__(self, root: Path, name: str) -> None:
        self.home = root / "home"
        self.path = root / name
        self.acked = root / f"{name}.acked"
        self._seed = name
        for folder in (self.home, self.path):
            folder.mkdir(exist_ok=True)

    @property
    def done(self) -> int:
        return int(self.acked.read_text()) if self.acked.exists() else 0

    def state(self, count: int) -> State:
        """What is there after so many ingests."""
        state: dict[str, int] = {}
        for number in range(1, count + 1):
            chosen = random.Random(f"{self._seed} {number}")
            for name in chosen.sample(NAMES, 3):
                state[name] = number
            if number % 3 == 0:
                state.pop(chosen.choice(sorted(state)))
        return state

    def ingest(self, *, most: int = sys.maxsize) -> None:
        """Open the archive, and ingest the folder so many times."""
        self.ingest_into(open_library(self.home), most=most)

    def ingest_into(self, library: Library, *, most: int) -> None:
        """Ingest the folder, changed each time, and acknowledge it."""
        pipeline = Pipeline(library, max_bytes=1_000_000)
        for _ in range(most):
            number = self.done + 1
            self._write(self.state(number))
            pipeline.run([str(self.path)], prune=True)
            partial_file = self.acked.with_suffix(".new")
            partial_file.write_text(str(number))
            partial_file.replace(self.acked)

    def wrong_in(self, stored: "list[tuple[str, int]]") -> Counter[str]:
        """Hold the stories of this folder that are stored against what was acknowledged.

        The ingest that was killed may have got through with some of its stories.
        """
        wrong: Counter[str] = Counter()
        before, after = self.state(self.done), self.state(self.done + 1)
        numbers: dict[str, list[int]] = {}
        for origin, number in stored:
            if Path(origin).parent == self.path:
                numbers.setdefault(Path(origin).stem, []).append(number)
        for name in NAMES:
            held = numbers.get(name, [])
            wrong["doubled"] += len(held) > 1
            wrong["lost"] += (held[0] if held else None) not in (before.get(name), after.get(name))
        return wrong

    def _write(self, state: State) -> None:
        for name in NAMES:
            file = self.path / f"{name}.txt"
            if name in state:
                words = random.Random(f"{name} {state[name]}")
                story = " ".join(words.choices(WORDS, k=40))
                file.write_text(f"Report {state[name]} of {name}.\n\nIn {name} it was {story}.\n")
            else:
                file.unlink(missing_ok=True)


def stepped(root: Path, kills: int) -> Counts:
    """Kill at the first commit after a start, then at the second, and so on."""
    folder, counts = Folder(root, "wire"), Counts()
    step = 0
    while counts.kills < kills:
        code = _wait(_fork(partial(_ingest_until_step, folder, step)))
        counts.kills += code == -signal.SIGKILL
        step = (step + 1) % STEPS_AFTER_A_START
        _look(folder.home, [folder], counts)
    counts.ingests = folder.done
    return counts


def at_random(root: Path, kills: int) -> Counts:
    """Kill at any moment."""
    folder, counts = Folder(root, "wire"), Counts()
    for _ in range(kills):
        child = _fork(folder.ingest)
        time.sleep(random.uniform(0, LONGEST_LIFE_SECONDS))
        os.kill(child, signal.SIGKILL)
        counts.kills += _wait(child) == -signal.SIGKILL
        _look(folder.home, [folder], counts)
    counts.ingests = folder.done
    return counts


def two_processes(root: Path, seconds: float) -> Counts:
    """Two ingests of one archive, killed and started again, while a third process asks."""
    folders, counts = [Folder(root, "wire"), Folder(root, "desk")], Counts()
    children = {_fork(folder.ingest): folder for folder in folders}
    asking = _fork(partial(_ask, folders[0].home, root / "asked"))
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        time.sleep(random.uniform(0, 2 * LONGEST_LIFE_SECONDS))
        child = random.choice(sorted(children))
        folder = children.pop(child)
        os.kill(child, signal.SIGKILL)
        counts.kills += _wait(child) == -signal.SIGKILL
        children[_fork(folder.ingest)] = folder
    for child in children:
        os.kill(child, signal.SIGKILL)
        counts.kills += _wait(child) == -signal.SIGKILL
    (root / "asked.stop").touch()
    counts.wrong["failed"] += _wait(asking) != 0
    counts.questions = int((root / "asked").read_text())
    counts.ingests = sum(folder.done for folder in folders)
    _look(folders[0].home, folders, counts)
    return counts


def soak(root: Path, seconds: float) -> Counts:
    """Ingest and ask in one process, whose memory and open files are to stay as they are."""
    folder, counts = Folder(root, "wire"), Counts()
    out = root / "sizes"
    counts.wrong["failed"] += _wait(_fork(partial(_live, folder, seconds, out))) != 0
    if out.exists():
        sizes = json.loads(out.read_text())
        # Connections and caches fill while it runs: what grows past the first half's most leaks.
        early, (memory_after, files_after) = sizes[: len(sizes) // 2 + 1], sizes[-1]
        memory, files = max(size for size, _ in early), max(count for _, count in early)
        counts.wrong["failed"] += memory_after > FLAT * memory or files_after > files + FILES
        counts.questions = len(sizes) * len(NAMES)
        sys.stdout.write(
            f"{'':<24}memory {memory:.0f} MB, at the end {memory_after:.0f} MB; "
            f"open files {files}, at the end {files_after}\n"
        )
    counts.ingests = folder.done
    _look(folder.home, [folder], counts)
    return counts


def _live(folder: Folder, seconds: float, out: Path) -> None:
    """Ingest and ask; notes the process's size after each ingest. A process that forks others
    can't do it, for it begins threads."""
    library = open_library(folder.home)
    sizes: list[tuple[float, int]] = []
    end = time.monotonic() + seconds
    while time.monotonic() < end or not sizes:
        folder.ingest_into(library, most=1)
        for name in NAMES:
            found(library, f"What was reported of {name}?")
        sizes.append(_size())
    library.close()
    out.write_text(json.dumps(sizes))


def _ingest_until_step(folder: Folder, step: int) -> None:
    kill_at_commit(step)
    folder.ingest(most=3)


def _ask(home: Path, asked: Path) -> None:
    """Ask until told to stop; an answer that can't be had ends it with an error."""
    library = open_library(home)
    count = 0
    while not asked.with_suffix(".stop").exists():
        found(library, f"What was reported of {NAMES[count % len(NAMES)]}?")
        count += 1
    asked.write_text(str(count))


def _look(home: Path, folders: list[Folder], counts: Counts) -> None:
    """Open the archive as the next start does, in a process of its own, and compare."""
    out = home.with_suffix(".seen")
    out.unlink(missing_ok=True)
    if _wait(_fork(partial(_note, home, out))) != 0:
        counts.wrong["damaged"] += 1
        return
    seen = json.loads(out.read_text())
    counts.wrong["damaged"] += bool(seen["problems"])
    counts.questions += len(seen["stored"])
    counts.wrong["lost"] += seen["not_found"]
    for folder in folders:
        counts.wrong.update(
            folder.wrong_in([(origin, number) for origin, number in seen["stored"]])
        )


def _note(home: Path, out: Path) -> None:
    library = open_library(home)
    library.recover()
    articles = list(library.ledger.articles())
    numbers = [re.search(r"Report (\d+)", f"{a.title} {a.text}") for a in articles]
    stored = [
        (article.origin, int(number[1]) if number else -1)
        for article, number in zip(articles, numbers, strict=True)
    ]
    missing = sum(not found(library, article.text[:200]) for article in articles)
    seen = {"stored": stored, "problems": library.problems(), "not_found": missing}
    out.write_text(json.dumps(seen))


def _fork(work: Callable[[], object]) -> int:
    """Run work in a fork; returns its process id."""
    sys.stdout.flush()
    child = os.fork()
    if child == 0:
        code = 1
        try:
            work()
            code = 0
        finally:
            os._exit(code)
    return child


def _wait(child: int) -> int:
    """The exit code of a child, negative if a signal ended it."""
    return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])


def _size() -> tuple[float, int]:
    """Megabytes of memory, and open files; 0 where the system does not show them."""
    statm = Path("/proc/self/statm")
    if not statm.exists():
        return 0.0, 0
    pages = int(statm.read_text().split()[1])
    return pages * os.sysconf("SC_PAGE_SIZE") / 1e6, len(list(Path("/proc/self/fd").iterdir()))


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument(
        "--stepped", type=int, default=500, help="kills at one commit after another"
    )
    parser.add_argument("--random", type=int, default=200, help="kills at any moment")
    parser.add_argument("--seconds", type=float, default=600, help="of two ingests at once")
    parser.add_argument("--soak", type=float, default=600, help="seconds in one process")
    sizes = parser.parse_args()
    drills: tuple[tuple[str, float, Callable[[Path], Counts]], ...] = (
        ("stepped kills", sizes.stepped, lambda root: stepped(root, sizes.stepped)),
        ("random kills", sizes.random, lambda root: at_random(root, sizes.random)),
        ("two processes", sizes.seconds, lambda root: two_processes(root, sizes.seconds)),
        ("soak", sizes.soak, lambda root: soak(root, sizes.soak)),
    )
    wrong = 0
    for name, size, drill in drills:
        if not size:
            continue
        with tempfile.TemporaryDirectory() as root:
            counts = drill(Path(root))
        wrong += counts.wrong.total()
        sys.stdout.write(counts.line(name, f"{size:g}") + "\n")
        sys.stdout.flush()
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
