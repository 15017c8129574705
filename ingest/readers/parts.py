"""Reads the files in a file, such as a zip or a letter, each by the reader of its format."""

import io
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import datetime

from ingest.drafts import Begun, Reading, Skipped, SourceFailure
from ingest.errors import ReadError
from ingest.files import SourceFile, reason_of

_PACKED = (".zip", ".eml")


@dataclass(frozen=True, slots=True)
class Part:
    """A file in a file."""

    name: str
    bytes: int
    open: Callable[[], io.BufferedReader]
    modified_at: datetime | None = None


def read_parts(parts: Iterable[Part], file: SourceFile) -> Iterator[Reading | Begun]:
    """Yield the articles of all parts; one that cannot be read is a failure of its own."""
    # Not above: the table of readers names the readers that use this.
    from ingest.readers import READERS

    passed_over: Counter[str] = Counter()
    number = 0
    for part in parts:
        inside = _inside(part, file)
        if inside.suffix not in READERS:
            passed_over[inside.suffix or "no ending"] += 1
            continue
        number += 1
        if number <= file.parts_done:
            continue
        if not file.part:
            yield Begun(part.name)
        try:
            _refuse_boxes_in_boxes(inside, file)
            with part.open() as stream:
                yield from READERS[inside.suffix](stream, inside)
        except MemoryError:
            raise
        except Exception as error:
            yield SourceFailure(inside.origin, reason_of(error), file.container)
    if passed_over:
        kinds = ", ".join(sorted(passed_over))
        reason = f"of a kind that is not read ({kinds})"
        yield Skipped(file.origin, passed_over.total(), reason)


def _inside(part: Part, file: SourceFile) -> SourceFile:
    return replace(
        file,
        bytes=part.bytes,
        part=f"{file.part}#{part.name}" if file.part else part.name,
        modified_at=part.modified_at,
        charset=None,
        parts_done=0,
    )


def _refuse_boxes_in_boxes(inside: SourceFile, file: SourceFile) -> None:
    """A zip in a zip, or a third level of anything, is how little becomes endless."""
    if inside.suffix in _PACKED and (file.part or file.suffix == inside.suffix == ".zip"):
        raise ReadError("packed too deep: unpack it first")
