"""Parses untrusted files in a child process, with limits of time and memory.

A PDF of a few kilobytes can ask for all the memory there is, or never end; in a child it costs
the file and nothing else.
"""

import atexit
import functools
import io
import json
import os
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import asdict, replace
from datetime import datetime
from pathlib import Path
from typing import Any

from ingest.drafts import Begun, Draft, Reading, Skipped, SourceFailure
from ingest.errors import ReadError
from ingest.files import SourceFile, read_bytes, reason_of, too_large
from ingest.readers import READERS
from ingest.web.feeds import Feed, Item, read_feed

SECONDS = 45
MEMORY_BYTES = 768_000_000
_START_SECONDS = 60
"""For Python itself to start, whatever the file."""

_MOST_LOST_PARTS = 3
"""Parts of a zip that may end the child each, before the rest is given up: sooner where they took
all the time there is for a file."""

_OF_PARTS = frozenset({".zip", ".eml"})
_BYTES_PER_CHARACTER = 6
"""Of a text, at most, as JSON."""

_KEPT_VARIABLES = ("PATH", "PYTHONPATH", "LD_LIBRARY_PATH", "SYSTEMROOT", "TMPDIR", "LANG")
"""What Python may need to start: the tokens in the environment are no business of a parser."""

OUT_OF_MEMORY = 3
"""Exit code."""

READY = b"ready\n"
"""The first line of the child."""

FEED_SUFFIX = ".feed"
"""Of the name of what is to be read as a feed: its items, and not the articles they lead to."""

Answer = Reading | Begun | Feed
_KINDS = {kind.__name__: kind for kind in (Draft, SourceFailure, Skipped, Begun)}
_DONE = "done"
_FAILED = "failed"


class Sandbox:
    """Children that parse, kept for the next file; safe to use from several threads.

    `seconds` bounds the time to the next article of a file, `memory_bytes` each child (where the
    system can do that: macOS can't).
    """

    def __init__(self, *, seconds: int = SECONDS, memory_bytes: int = MEMORY_BYTES) -> None:
        self._seconds = seconds
        self._memory_bytes = memory_bytes
        self._idle: list[_Child] = []

    def read(self, stream: io.BufferedReader, file: SourceFile) -> Iterator[Reading]:
        """Yield the articles of a file; raises IngestError, and so names the limit it broke.

        A part that ends the child, in a file of many, is a failure of its own.
        """
        data = read_bytes(stream, file)
        part = ""
        left = float(self._seconds)
        for _ in range(_MOST_LOST_PARTS):
            begun = time.monotonic()
            try:
                for answer in self._run(data, file, left / 2 if file.suffix in _OF_PARTS else left):
                    begun = time.monotonic()
                    if isinstance(answer, Begun):
                        part = answer.part
                        file = replace(file, parts_done=file.parts_done + 1)
                    elif not isinstance(answer, Feed):
                        yield answer
                return
            except _ChildEndedError as error:
                if not part:
                    raise
                yield SourceFailure(f"{file.origin}#{part}", str(error), file.container)
            left -= time.monotonic() - begun
            if left < 1:
                break
        raise ReadError(f"given up behind {part}: too many parts could not be read")

    def read_feed(self, data: bytes, url: str) -> Feed:
        """Return the feed that came from a url; raises IngestError."""
        file = SourceFile(Path(f"feed{FEED_SUFFIX}"), len(data), len(data), url=url)
        for answer in self._run(data, file, float(self._seconds)):
            if isinstance(answer, Feed):
                return answer
        raise ReadError("not an RSS or Atom feed")

    def close(self) -> None:
        """End the children that are idle."""
        for child in self._all_idle():
            child.close()

    def _run(self, data: bytes, file: SourceFile, seconds: float) -> Iterator[Answer]:
        child = self._take()
        try:
            yield from child.read(data, file, seconds)
        finally:
            # Of one that was left in the middle nobody knows what it would answer next.
            if child.is_ready:
                self._idle.append(child)
            else:
                child.close()

    def _take(self) -> "_Child":
        for child in self._all_idle():
            if child.is_alive:
                return child
            child.close()
        return _Child(self._seconds, self._memory_bytes)

    def _all_idle(self) -> "Iterator[_Child]":
        """Yield the idle children, each to one caller alone."""
        # Asking first whether there is one would be a race between threads.
        with suppress(IndexError):
            while True:
                yield self._idle.pop()


@functools.cache
def shared_sandbox() -> Sandbox:
    """The one of this process, as children are costly to start; it ends with the process."""
    sandbox = Sandbox()
    atexit.register(sandbox.close)
    return sandbox


class _ChildEndedError(ReadError):
    """The child broke a limit, or broke down."""


class _Child:
    """A process that reads one file after the other."""

    def __init__(self, seconds: int, memory_bytes: int) -> None:
        self._memory_bytes = memory_bytes
        self.is_ready = True
        self._started = False
        # -P: a file named like a module must not be imported from the folder we stand in.
        command = [
            sys.executable,
            "-P",
            "-m",
            "ingest.readers.sandbox",
            str(seconds),
            str(memory_bytes),
        ]
        kept = {name: os.environ[name] for name in _KEPT_VARIABLES if name in os.environ}
        self._process = subprocess.Popen(  # noqa: S603
            command,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            env=kept,
        )

    @property
    def is_alive(self) -> bool:
        return self._process.poll() is None

    def read(self, data: bytes, file: SourceFile, seconds: float) -> Iterator[Answer]:
        """Yield what the child reads, each within so many seconds.

        `is_ready` is afterwards whether it can read another file.
        """
        self.is_ready = False
        if not self._started:
            self._exchange(longest=len(READY), seconds=_START_SECONDS)
            self._started = True
        longest = _BYTES_PER_CHARACTER * file.max_bytes + 10_000
        line = self._exchange(to_request(file, len(data)), data, longest=longest, seconds=seconds)
        while True:
            try:
                reading = from_answer(line)
            except ReadError:
                self.is_ready = True
                raise
            if reading is None:
                self.is_ready = True
                return
            yield reading
            line = self._exchange(longest=longest, seconds=seconds)

    def close(self) -> None:
        """End it, whatever it is doing."""
        self._process.kill()
        with suppress(BrokenPipeError), self._process:
            pass

    def _exchange(self, *sent: bytes, longest: int, seconds: float) -> bytes:
        """Send something, and return the next line of the child."""
        assert self._process.stdin and self._process.stdout  # noqa: S101
        expired = threading.Event()
        clock = threading.Timer(seconds, self._stop, [expired])
        clock.start()
        try:
            for piece in sent:
                self._process.stdin.write(piece)
            self._process.stdin.flush()
            line = self._process.stdout.readline(longest)
        except BrokenPipeError:
            line = b""
        finally:
            clock.cancel()
        if line.endswith(b"\n"):
            return line
        taken = seconds if expired.is_set() else None
        raise _ChildEndedError(self._why_ended(taken, too_long=bool(line)))

    def _stop(self, expired: threading.Event) -> None:
        expired.set()
        self._process.kill()

    def _why_ended(self, taken_seconds: float | None, *, too_long: bool) -> str:
        self._process.kill()
        code = self._process.wait()
        if taken_seconds is not None:
            return f"takes more than {taken_seconds:.0f} s to read"
        memory = f"takes more than {self._memory_bytes / 1e6:.0f} MB of memory to read"
        if code == OUT_OF_MEMORY:
            return memory
        if too_long:
            return "holds far more text than an article may"
        return f"its parser broke down (exit code {code}): it is damaged, or {memory}"


def to_request(file: SourceFile, length: int) -> bytes:
    """Write down a file, whose bytes follow."""
    fields = {name: getattr(file, name) for name in SourceFile.__slots__}
    request = fields | {"path": str(file.path), "length": length}
    return json.dumps(request, default=datetime.isoformat).encode() + b"\n"


def from_answer(line: bytes) -> Answer | None:
    """Read a line of the child; None for the last one. Raises ReadError if it reports one."""
    name, fields = json.loads(line)
    if name == _DONE:
        return None
    if name == _FAILED:
        raise ReadError(str(fields))
    if name == Feed.__name__:
        items = tuple(Item(**item) for item in fields.pop("items"))
        return Feed(**fields, items=items)
    if fields.get("modified_at"):
        fields["modified_at"] = datetime.fromisoformat(fields["modified_at"])
    if "notes" in fields:
        fields["notes"] = tuple(fields["notes"])
    reading: Reading | Begun = _KINDS[name](**fields)
    return reading


def _from_request(line: bytes) -> tuple[SourceFile, int]:
    fields: dict[str, Any] = json.loads(line)
    length = fields.pop("length")
    fields["path"] = Path(fields["path"])
    if fields["modified_at"]:
        fields["modified_at"] = datetime.fromisoformat(fields["modified_at"])
    return SourceFile(**fields), length


def _answers(data: bytes, file: SourceFile) -> Iterator[tuple[str, object]]:
    try:
        for reading in _read(data, file):
            if isinstance(reading, Draft) and len(reading.text) > file.max_bytes:
                raise too_large(file.max_bytes)
            yield type(reading).__name__, asdict(reading)
        yield _DONE, None
    except MemoryError:
        os._exit(OUT_OF_MEMORY)
    except Exception as error:
        yield _FAILED, reason_of(error)


def _read(data: bytes, file: SourceFile) -> Iterator[Answer]:
    if file.suffix == FEED_SUFFIX:
        yield read_feed(data, file.url)
    else:
        yield from READERS[file.suffix](io.BufferedReader(io.BytesIO(data)), file)


def _limit(seconds: int, memory_bytes: int | None = None) -> None:
    """Bound what this process may take from here on, where the platform can.

    The parent's clock stops it too; this one also stops a child whose parent was killed.
    """
    try:
        import resource
    except ImportError:
        return
    usage = resource.getrusage(resource.RUSAGE_SELF)
    used = int(usage.ru_utime + usage.ru_stime)
    _, hard = resource.getrlimit(resource.RLIMIT_CPU)
    resource.setrlimit(resource.RLIMIT_CPU, (used + seconds + 1, hard))
    if memory_bytes:
        resource.setrlimit(resource.RLIMIT_AS, (memory_bytes, memory_bytes))


def answer_requests() -> None:
    """Run the child: read files, and write drafts of articles as lines of JSON."""
    seconds, memory_bytes = map(int, sys.argv[1:])
    _limit(seconds, memory_bytes)
    # What a library prints must not stand between the answers.
    answers = os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)
    answers.write(READY)
    answers.flush()
    requests = sys.stdin.buffer
    while line := requests.readline():
        file, length = _from_request(line)
        data = requests.read(length)
        _limit(seconds)
        for answer in _answers(data, file):
            answers.write(json.dumps(answer, default=datetime.isoformat).encode() + b"\n")
            answers.flush()
            _limit(seconds)


if __name__ == "__main__":
    answer_requests()
