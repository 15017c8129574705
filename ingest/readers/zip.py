"""Reads the files in a zip, and those in any other file of files, each by its format."""

import io
import zipfile
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import PurePosixPath, PureWindowsPath
from typing import cast

from ingest.drafts import Begun, Reading, Skipped, SourceFailure
from ingest.errors import ReadError
from ingest.files import SourceFile, read_bytes, reason_of

_ENCRYPTED = 0x1
_ZIP = ".zip"
_PACKED = (_ZIP, ".eml")
_DEEPEST = 3
"""Levels of zips and letters in a file: what was forwarded, and forwarded again."""

MOST_FILES = 20_000
MOST_UNPACKED_BYTES = 400_000_000
MOST_RATIO = 100
"""Text packs to a third or a tenth of its size; a bomb to a thousandth."""

_ALWAYS_UNPACKED_BYTES = 1_000_000
_ENTRY = b"PK\x01\x02"


@dataclass(frozen=True, slots=True)
class Part:
    """A file in a file."""

    name: str
    bytes: int
    """0 where it is unknown before it is read."""

    open: Callable[[], io.BufferedReader]
    modified_at: datetime | None = None


def read_zip(stream: io.BufferedReader, file: SourceFile) -> Iterator[Reading | Begun]:
    """Yield the articles of the files in a zip, in the order they stand in."""
    packed = open_zip(read_bytes(stream, file))
    infos = [info for info in packed.infolist() if not info.is_dir()]
    if not infos:
        raise ReadError("holds no file")
    safe = [info for info in infos if not _leads_out(info.filename)]
    for info in infos:
        if _leads_out(info.filename) and not file.parts_done:
            reason = "its name leads out of the zip: not read"
            yield SourceFailure(f"{file.origin}#{info.filename}", reason, file.container)
    shown = [info for info in safe if not _is_hidden(info.filename)]
    yield from read_parts((_part(packed, info) for info in shown), file)


def _leads_out(name: str) -> bool:
    windows = PureWindowsPath(name)
    # A drive alone is none: "Q: who?.txt" is a name everywhere but there.
    return ".." in windows.parts or bool(windows.root) or PurePosixPath(name).is_absolute()


def _is_hidden(name: str) -> bool:
    return any(part.startswith((".", "__MACOSX")) for part in PurePosixPath(name).parts)


def _part(packed: zipfile.ZipFile, info: zipfile.ZipInfo) -> Part:
    def unpack() -> io.BufferedReader:
        if info.flag_bits & _ENCRYPTED:
            raise ReadError("locked with a password: unpack it first")
        return io.BufferedReader(cast(io.RawIOBase, packed.open(info)))

    return Part(info.filename, info.file_size, unpack, _modified_at(info))


def _modified_at(info: zipfile.ZipInfo) -> datetime | None:
    try:
        return datetime(*info.date_time, tzinfo=UTC)
    except ValueError:
        return None


def is_read(part: Part) -> bool:
    """Return whether there is a reader for what a part is called."""
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


def open_zip(data: bytes) -> zipfile.ZipFile:
    """Return the zip; raises ReadError for one that is damaged, or would unpack to too much.

    The sizes that it declares can be trusted so far: zipfile reads no more of a file than that.
    """
    # Counted in the bytes, as zipfile makes an object of each before it can be asked.
    if data.count(_ENTRY) > MOST_FILES:
        raise ReadError(f"holds more than {MOST_FILES} files")
    try:
        packed = zipfile.ZipFile(io.BytesIO(data))
    except (zipfile.BadZipFile, ValueError, OSError) as error:
        raise ReadError(f"damaged: {error}") from error
    unpacked = sum(info.file_size for info in packed.infolist())
    if unpacked > MOST_UNPACKED_BYTES:
        raise ReadError(f"unpacks to more than {MOST_UNPACKED_BYTES / 1e6:.0f} MB")
    if unpacked > max(MOST_RATIO * len(data), _ALWAYS_UNPACKED_BYTES):
        raise ReadError(f"unpacks to {unpacked // len(data)} times its size, as a bomb does")
    return packed
