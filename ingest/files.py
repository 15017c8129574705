"""Opens what a source points to, and only if it is a file that can be read to its end."""

import hashlib
import io
import os
import stat
import sys
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path, PurePosixPath
from typing import cast

from ingest.errors import IngestError, ReadError
from ingest.text.decode import Decoded, decode
from ingest.web.urls import host_of

STDIN = Path("-")
_KINDS = {
    stat.S_IFDIR: "a folder",
    stat.S_IFIFO: "a named pipe",
    stat.S_IFSOCK: "a socket",
    stat.S_IFCHR: "a device",
    stat.S_IFBLK: "a device",
    stat.S_IFLNK: "a link",
}


@dataclass(frozen=True, slots=True)
class SourceFile:
    """A file to read articles from: on disk, standard input, fetched, or a part of another."""

    path: Path
    """Absolute; `STDIN` for standard input; for what was fetched, a name with its ending."""

    bytes: int
    max_bytes: int
    """Of one article: of the whole file, or of one record where the file is made of records."""

    modified_at: datetime | None = None
    follow_links: bool = False
    """Whether `path` may be a symlink."""

    url: str | None = None
    """Where it was fetched from, canonical."""

    charset: str | None = None
    """The encoding that the server named."""

    part: str = ""
    """Its name in the file that it is a part of, such as a zip; of a part of a part, `a#b`."""

    parts_done: int = 0
    """How many of its own parts are not to be read again."""

    max_file_bytes: int = 0
    """Of the whole file, where it may be larger than an article: for pictures, or for many."""

    @property
    def container(self) -> str:
        return self.url or str(self.path)

    @property
    def origin(self) -> str:
        """What an article that is all of it is known by."""
        return f"{self.container}#{self.part}" if self.part else self.container

    @property
    def name(self) -> str:
        if self.part:
            return PurePosixPath(self.part.rpartition("#")[2]).name
        return "standard input" if self.path == STDIN else self.path.name

    @property
    def suffix(self) -> str:
        """The ending of its name, which says its format."""
        return PurePosixPath(self.name).suffix.lower()

    @property
    def source(self) -> str:
        """What to call the outlet of an article that names none."""
        return host_of(self.url) if self.url else self.name

    def open(self) -> io.BufferedReader:
        """Open for reading; raises ReadError for what is not a regular file, or OSError."""
        if self.path == STDIN:
            return _standard_input()
        # Without O_NONBLOCK a named pipe that took the file's place would be waited for forever.
        flags = os.O_RDONLY | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_BINARY", 0)
        if not self.follow_links:
            flags |= getattr(os, "O_NOFOLLOW", 0)
        stream = io.FileIO(os.open(self.path, flags))
        kind = _kind_of(os.fstat(stream.fileno()))
        if kind:
            stream.close()
            raise ReadError(f"not a file but {kind}")
        return io.BufferedReader(stream)

    def digest(self) -> str | None:
        """Return a digest of the content; None for what can be read only once, or not at all."""
        if self.path == STDIN:
            return None
        try:
            with self.open() as stream:
                return hashlib.file_digest(stream, "sha256").hexdigest()
        except (ReadError, OSError):
            return None


def _standard_input() -> io.BufferedReader:
    buffer = sys.stdin.buffer
    if isinstance(buffer, io.BufferedReader):
        return buffer
    return io.BufferedReader(cast(io.RawIOBase, buffer))


def look_at(path: Path, max_bytes: int, *, follow_links: bool) -> SourceFile:
    """Return what stands at a path; raises ReadError for what is no readable file, or OSError."""
    try:
        str(path).encode()
    except UnicodeEncodeError:
        raise ReadError("its name is not UTF-8: rename it") from None
    status = path.stat(follow_symlinks=follow_links)
    if kind := _kind_of(status):
        raise ReadError(f"not a file but {kind}")
    return SourceFile(path, status.st_size, max_bytes, _modified_at(status), follow_links)


def _modified_at(status: os.stat_result) -> datetime | None:
    try:
        return datetime.fromtimestamp(status.st_mtime, UTC)
    except (ValueError, OverflowError, OSError):
        return None


def _kind_of(status: os.stat_result) -> str:
    """Return what a path is if it is no regular file; "" if it is one."""
    if stat.S_ISREG(status.st_mode):
        return ""
    return _KINDS.get(stat.S_IFMT(status.st_mode), "something else")


def read_bytes(stream: io.BufferedReader, file: SourceFile) -> bytes:
    """Read all there is; raises ReadError where there is nothing, or too much of it."""
    most = file.max_file_bytes or file.max_bytes
    data = stream.read(most + 1)
    if not data:
        raise ReadError("empty")
    if len(data) > most:
        raise too_large(most, "file" if file.max_file_bytes else "article")
    return data


def read_whole(stream: io.BufferedReader, file: SourceFile) -> Decoded:
    """Read and decode one text; raises ReadError where there is none, or too much of it."""
    data = read_bytes(stream, file)
    if len(data) > file.max_bytes:
        raise too_large(file.max_bytes)
    decoded = decode(data, file.charset)
    if not decoded.text.strip():
        raise ReadError("holds nothing but white space")
    return decoded


def too_large(max_bytes: int, what: str = "article") -> ReadError:
    """Say that an article, or a file, is over the limit."""
    return ReadError(f"larger than {max_bytes / 1e6:.3g} MB, the limit for one {what}")


def reason_of(error: Exception) -> str:
    """Return in plain words why a file could not be read."""
    match error:
        case IngestError():
            return str(error)
        case FileNotFoundError():
            return "it is gone, or a link to nothing"
        case PermissionError():
            return "permission to read it is missing"
        case OSError():
            return (error.strerror or str(error)).lower()
        case RecursionError():
            return "damaged, or made to be endless: nested too deep"
    # What a parser makes of a broken file: there are more kinds of it than can be listed.
    return f"damaged: {' '.join(str(error).split())[:200] or type(error).__name__}"
