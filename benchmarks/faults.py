"""Seconds and memory of the child process for files made to do harm, at full size.

python -m benchmarks.faults
"""

import io
import os
import sys
import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from rich.console import Console
from rich.markup import escape

from benchmarks.table import Figure, print_table
from ingest.errors import IngestError
from ingest.files import SourceFile
from ingest.readers.sandbox import Sandbox
from ingest.sources import MAX_BYTES, find_sources
from tests.ingest.readers.bombs import BOMBS

LARGE_BYTES = 100_000_000


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of a file."""

    name: str
    megabytes: float
    seconds: float
    child_megabytes: float
    result: str


def measure() -> Iterator[Outcome]:
    """Read each bomb in a process of its own, as memory is counted by the process."""
    yield _too_large()
    for name in BOMBS:
        yield _apart(name)


def read_bomb(name: str) -> Outcome:
    """Read a bomb in a new child; what it took of memory is known when it has ended."""
    sandbox = Sandbox()
    # Started while this process is small: what it holds then counts as the child's.
    _read(sandbox, "harmless.txt", b"The minister left.")
    data = BOMBS[name](1)
    started = time.perf_counter()
    try:
        result = f"{_read(sandbox, name, data)} articles or failures"
    except IngestError as error:
        result = str(error)
    seconds = time.perf_counter() - started
    sandbox.close()
    return Outcome(name, len(data) / 1e6, seconds, _peak_of_children(), result)


def _read(sandbox: Sandbox, name: str, data: bytes) -> int:
    file = SourceFile(Path("/bombs") / name, len(data), MAX_BYTES)
    return sum(1 for _ in sandbox.read(io.BufferedReader(io.BytesIO(data)), file))


def _apart(name: str) -> Outcome:
    """Fork: the largest child of this process would hide all that come later."""
    receiving, sending = os.pipe()
    pid = os.fork()
    if pid == 0:
        outcome = read_bomb(name)
        fields = [outcome.megabytes, outcome.seconds, outcome.child_megabytes, outcome.result]
        os.write(sending, "\n".join(map(str, fields)).encode())
        os._exit(0)
    os.close(sending)
    with os.fdopen(receiving) as received:
        megabytes, seconds, child_megabytes, result = received.read().split("\n", 3)
    os.waitpid(pid, 0)
    return Outcome(name, float(megabytes), float(seconds), float(child_megabytes), result)


def _peak_of_children() -> float:
    import resource

    unit = 1 if sys.platform == "darwin" else 1024
    return resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss * unit / 1e6


def _too_large() -> Outcome:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "large.txt"
        path.write_bytes(b"The minister left. " * (LARGE_BYTES // 19))
        started = time.perf_counter()
        result = "; ".join(str(getattr(found, "reason", "")) for found in find_sources([str(path)]))
        return Outcome(path.name, LARGE_BYTES / 1e6, time.perf_counter() - started, 0, result)


def print_outcomes(outcomes: list[Outcome]) -> None:
    out = Console(width=150)
    for outcome in outcomes:
        figures = f"{outcome.megabytes:6.1f} MB {outcome.seconds:6.1f} s"
        memory = f"{outcome.child_megabytes:5.0f} MB in the child"
        out.print(f"{outcome.name:<14} {figures} {memory}  {escape(outcome.result[:80])}")
    print_table(
        [
            Figure("longest, seconds", max(o.seconds for o in outcomes), at_most=60),
            Figure("most memory, MB", max(o.child_megabytes for o in outcomes), at_most=1000),
        ]
    )


if __name__ == "__main__":
    print_outcomes(list(measure()))
