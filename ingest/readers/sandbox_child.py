"""The child process of the sandbox: reads files, writes drafts of articles as lines of JSON.

It is started with `python -P -m ingest.readers.sandbox_child SECONDS BYTES`.
"""

import io
import json
import os
import sys
from collections.abc import Iterator
from dataclasses import asdict
from datetime import datetime
from pathlib import Path
from typing import Any

from ingest.drafts import Begun, Draft, Reading, Skipped, SourceFailure
from ingest.errors import ReadError
from ingest.files import SourceFile, reason_of, too_large
from ingest.readers import READERS
from ingest.web.feeds import Feed, Item, read_feed

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


def main() -> None:
    """Answer requests until there are no more."""
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
    main()
