"""Reads a zip: each file in it that can be read, without unpacking anything to disk."""

import io
import zipfile
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import PurePosixPath, PureWindowsPath
from typing import cast

from ingest.drafts import Begun, Reading, SourceFailure
from ingest.errors import ReadError
from ingest.files import SourceFile, read_bytes
from ingest.readers.parts import Part, read_parts
from ingest.readers.unpack import open_zip

_ENCRYPTED = 0x1


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
