"""Reads the files in a file, such as a zip or a letter, each by the reader of its format."""

import io
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import PurePosixPath

from ingest.drafts import Begun, Reading, Skipped, SourceFailure
from ingest.errors import ReadError
from ingest.files import SourceFile, reason_of

_ZIP = ".zip"
_PACKED = (_ZIP, ".eml")
_DEEPEST = 3
"""Levels of zips and letters in a file: what was forwarded, and forwarded again."""


@dataclass(frozen=True, slots=True)
class Part:
    """A file in a file."""

    name: str
    bytes: int
    """0 where only reading it tells."""

    open: Callable[[], io.BufferedReader]
    modified_at: datetime | None = None


def is_read(part: Part) -> bool:
    """Tell whether there is a reader for what a part is called."""
    # Not above, nor there below: the table of readers names the readers that use this.
    from ingest.readers import READERS

    return PurePosixPath(part.name).suffix.lower() in READERS


def read_parts(parts: Iterable[Part], file: SourceFile) -> Iterator[Reading | Begun]:
    """Yield the articles of all parts; one that cannot be read is a failure of its own."""
    from ingest.readers import READERS

    passed_over: Counter[str] = Counter()
    names: Counter[str] = Counter()
    number = 0
    for part in parts:
        inside = _inside(part, _own_name(part.name, names), file)
        if inside.suffix not in READERS:
            passed_over[inside.suffix or "no ending"] += 1
            continue
        number += 1
        if number <= file.parts_done:
            continue
        if not file.part:
            yield Begun(inside.part)
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


def _own_name(name: str, names: Counter[str]) -> str:
    """Return a name, numbered if it was taken: of two articles known by one, one would be lost."""
    path = PurePosixPath(name)
    own = name
    while own in names:
        names[name] += 1
        own = name.removesuffix(path.suffix) + f"-{names[name]}{path.suffix}"
    names[own] = 1
    return own


def _inside(part: Part, name: str, file: SourceFile) -> SourceFile:
    return replace(
        file,
        bytes=part.bytes,
        part=f"{file.part}#{name}" if file.part else name,
        modified_at=part.modified_at,
        charset=None,
        parts_done=0,
    )


def _refuse_boxes_in_boxes(inside: SourceFile, file: SourceFile) -> None:
    """A zip in a zip, or endless levels of anything, is how little becomes endless."""
    if inside.suffix not in _PACKED:
        return
    around = [file.path.name, *file.part.split("#")]
    zip_in_zip = inside.suffix == _ZIP and any(name.lower().endswith(_ZIP) for name in around)
    if zip_in_zip or inside.part.count("#") >= _DEEPEST:
        raise ReadError("packed too deep: unpack it first")
