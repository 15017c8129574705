"""Backup and restore: the ledger and the uploads in one file, taken while they are in use.

A backup is a zip of the ledger, as it was at one moment, the uploads, and a manifest with the
size and SHA-256 of each. The index is not in it: a restore makes it again from the ledger.
"""

import hashlib
import json
import os
import secrets
import shutil
import sqlite3
import zipfile
import zlib
from collections.abc import Iterator, Mapping
from contextlib import closing, contextmanager, suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path, PurePosixPath
from typing import IO, Any

from bot.errors import BackupError
from vectorstore.database import Database
from vectorstore.errors import DiskFullError, LedgerError
from vectorstore.schema import REVISION

FORMAT = 1
LEDGER = "ledger.db"
UPLOADS = "slack"
"""The folder of the files that were given in Slack."""

MANIFEST = "manifest.json"

STAGING = "restoring"
"""The folder in the data folder where a restore unpacks."""

MARKER = "restore.json"
"""When this file is in the data folder, what is unpacked replaces what is there, whatever stops."""

LOCK = "restore.lock"
LOCK_TIMEOUT_SECONDS = 300.0
BACKUP_LOCK = "backup.lock"
IN_USE_SECONDS = 2.0
PIECE_BYTES = 1_048_576

ANY_DATA = """SELECT 1 FROM articles UNION ALL SELECT 1 FROM answers
UNION ALL SELECT 1 FROM inbox LIMIT 1"""

DAMAGED = (sqlite3.SQLITE_NOTADB, sqlite3.SQLITE_CORRUPT)
UNREADABLE = (
    *(zipfile.BadZipFile, zlib.error, EOFError, ValueError, KeyError),
    *(NotImplementedError, RuntimeError, OverflowError),
)
"""What reading a damaged zip raises."""

BUSY = (sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED)


@dataclass(frozen=True, slots=True)
class Manifest:
    """What a backup holds."""

    made_at: str
    schema: str
    articles: int
    files: Mapping[str, Mapping[str, Any]]
    """The `bytes` and `sha256` of each file, by its name."""

    @property
    def uploads(self) -> int:
        return len(self.files) - 1

    @property
    def bytes(self) -> int:
        return sum(int(about["bytes"]) for about in self.files.values())

    def as_json(self) -> dict[str, Any]:
        return {
            "format": FORMAT,
            "made_at": self.made_at,
            "schema": self.schema,
            "articles": self.articles,
            "files": dict(self.files),
        }


def back_up(database: Database, *, home: Path, file: Path) -> Manifest:
    """Write a backup, which is in its place only when it is whole and on the disk.

    Raises `BackupError`, also where `file` is something else than an earlier backup.
    """
    _require_outside(file, home)
    if file.exists() and not _is_backup(file):
        raise BackupError(
            f"{file} is there already, and is no backup: it is left as it is. Name another file."
        )
    from filelock import FileLock, Timeout

    partial, copy = (file.with_name(f".{file.name}.{end}") for end in ("partial", "ledger"))
    try:
        with FileLock(home / BACKUP_LOCK, timeout=0), _removed(partial, copy):
            database.copy_to(copy)
            with _created(partial) as out:
                manifest = _write(out, copy, home / UPLOADS)
            partial.replace(file)
            _sync_folder(file.parent)
    except Timeout:
        raise BackupError(f"Another backup of {home} is being made. Wait for it.") from None
    except (OSError, LedgerError) as error:
        raise BackupError(f"The backup {file} can't be written: {_reason(error)}.") from error
    return manifest


def restore(file: Path, *, home: Path, ledger: Path, replace: bool) -> Manifest:
    """Put the archive of a backup into a data folder, in place of what is there.

    Until everything is checked and unpacked nothing is changed; from then on `finish_restore`
    completes it, now or at the next start. Raises `BackupError` for a file that is not whole,
    an archive that is in use, and one that would be replaced though `replace` is False.
    """
    from filelock import FileLock, Timeout

    if not replace and _holds_data(home, ledger):
        raise BackupError(
            f"{home} holds an archive already, which the backup would replace. Add --yes to "
            "replace it; newsdesk backup FILE keeps it before that."
        )
    try:
        with FileLock(home / LOCK, timeout=0):
            _apply(home)
            manifest = _unpack(file, home / STAGING)
            _require_unused(ledger)
            _prepare(home / STAGING / LEDGER, ledger)
            _write_marker(home, ledger)
            _apply(home)
    except Timeout:
        raise BackupError(f"Another restore into {home} is going on. Wait for it.") from None
    except OSError as error:
        raise BackupError(f"{file} can't be restored: {_reason(error)}.") from error
    return manifest


def finish_restore(home: Path) -> None:
    """Complete a restore that was stopped, or remove what it unpacked in vain."""
    if not (home / MARKER).exists() and not (home / STAGING).exists():
        return
    from filelock import FileLock, Timeout

    timeout = LOCK_TIMEOUT_SECONDS if (home / MARKER).exists() else 0
    with suppress(Timeout), FileLock(home / LOCK, timeout=timeout):
        _apply(home)
    if (home / MARKER).exists():
        raise BackupError(f"A restore into {home} is going on. Try again when it is done.")


def _require_outside(file: Path, home: Path) -> None:
    if file.absolute().parent.resolve().is_relative_to(home.resolve()):
        raise BackupError(f"{file} is in the data folder {home}: keep backups elsewhere.")
    if file.is_dir():
        raise BackupError(f"{file} is a folder: name the file that the backup is to be.")


@contextmanager
def _removed(*paths: Path) -> Iterator[None]:
    """Remove what a stopped backup left there, and at the end what this one leaves."""
    ends = ("", "-journal")
    for path in (path.with_name(path.name + end) for path in paths for end in ends):
        path.unlink(missing_ok=True)
    try:
        yield
    finally:
        for path in (path.with_name(path.name + end) for path in paths for end in ends):
            path.unlink(missing_ok=True)


def _is_backup(file: Path) -> bool:
    try:
        with zipfile.ZipFile(file) as backup:
            return MANIFEST in backup.namelist()
    except (zipfile.BadZipFile, OSError):
        return False


@contextmanager
def _created(path: Path) -> Iterator[IO[bytes]]:
    """A new file for its owner alone; on the disk when the block has ended."""
    with os.fdopen(os.open(path, os.O_CREAT | os.O_EXCL | os.O_RDWR, 0o600), "w+b") as out:
        yield out
        out.flush()
        os.fsync(out.fileno())


def _write(out: IO[bytes], ledger: Path, uploads: Path) -> Manifest:
    files: dict[str, Mapping[str, Any]] = {}
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as backup:
        files[LEDGER] = _pack(backup, ledger, LEDGER)
        for path in sorted(uploads.rglob("*")):
            name = f"{UPLOADS}/{path.relative_to(uploads).as_posix()}"
            # An upload whose article is removed meanwhile is gone; the ledger's copy is older.
            with suppress(FileNotFoundError):
                if path.is_file() and not path.is_symlink():
                    files[name] = _pack(backup, path, name)
        manifest = Manifest(
            datetime.now(UTC).isoformat(timespec="seconds"), REVISION, _articles(ledger), files
        )
        # The last one: a backup with a manifest was written to its end.
        backup.writestr(MANIFEST, json.dumps(manifest.as_json(), indent=1))
    return manifest


def _pack(backup: zipfile.ZipFile, path: Path, name: str) -> dict[str, Any]:
    with path.open("rb") as source, backup.open(name, "w", force_zip64=True) as packed:
        return _copy(source, packed)


def _copy(source: IO[bytes], out: IO[bytes]) -> dict[str, Any]:
    digest, size = hashlib.sha256(), 0
    while piece := source.read(PIECE_BYTES):
        out.write(piece)
        digest.update(piece)
        size += len(piece)
    return {"bytes": size, "sha256": digest.hexdigest()}


def _unpack(file: Path, staging: Path) -> Manifest:
    """Unpack a backup and hold every file against the manifest."""
    shutil.rmtree(staging, ignore_errors=True)
    (staging / UPLOADS).mkdir(mode=0o700, parents=True)
    try:
        with zipfile.ZipFile(file) as backup:
            manifest = _manifest(backup)
            for name, about in manifest.files.items():
                path = staging / _inner(name)
                path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
                with backup.open(name) as packed, _created(path) as out:
                    if _copy(packed, out) != about:
                        raise ValueError(f"{name} fails its checksum")
        return manifest
    except FileNotFoundError as error:
        shutil.rmtree(staging, ignore_errors=True)
        raise BackupError(f"There is no file {file}.") from error
    except UNREADABLE as error:
        shutil.rmtree(staging, ignore_errors=True)
        raise BackupError(
            f"{file} is no whole backup ({_reason(error)}): nothing was changed. Take another one."
        ) from error
    except BaseException:
        shutil.rmtree(staging, ignore_errors=True)
        raise


def _manifest(backup: zipfile.ZipFile) -> Manifest:
    try:
        stored = json.loads(backup.read(MANIFEST))
        manifest = Manifest(
            stored["made_at"], stored["schema"], int(stored["articles"]), dict(stored["files"])
        )
        form = int(stored["format"])
    except (KeyError, TypeError, ValueError, AttributeError) as error:
        raise ValueError("it has no manifest that can be read") from error
    if form > FORMAT or manifest.schema > REVISION:
        raise BackupError(
            f"{backup.filename} was made by a newer Newsdesk. Restore it with that version."
        )
    if LEDGER not in manifest.files:
        raise ValueError("it holds no ledger")
    return manifest


def _inner(name: str) -> PurePosixPath:
    """A file's name in the staging folder; raises ValueError for one that leads out of it."""
    path = PurePosixPath(name)
    if name != LEDGER and (path.parts[:1] != (UPLOADS,) or ".." in path.parts or "\\" in name):
        raise ValueError(f"it holds a file with the name {name!r}")
    return path


def _prepare(staged: Path, ledger: Path) -> None:
    """Have the index made again, and let only this archive have its name on a Chroma server."""
    here = _archive_id(ledger)
    with closing(sqlite3.connect(staged, isolation_level=None)) as connection:
        [[archive_id]] = connection.execute("SELECT archive_id FROM index_state").fetchall()
        if archive_id != here:
            archive_id = secrets.token_hex(8)
        connection.execute(
            "UPDATE index_state SET archive_id = ?, dirty = 1, seal = ''", (archive_id,)
        )


def _archive_id(ledger: Path) -> str | None:
    if not ledger.exists():
        return None
    try:
        with closing(sqlite3.connect(ledger)) as connection:
            row = connection.execute("SELECT archive_id FROM index_state").fetchone()
    except sqlite3.Error:
        return None
    return None if row is None else str(row[0])


def _articles(ledger: Path) -> int:
    with closing(sqlite3.connect(ledger)) as connection:
        query = "SELECT count(DISTINCT article_id) FROM versions WHERE state = 'current'"
        return int(connection.execute(query).fetchone()[0])


def _holds_data(home: Path, ledger: Path) -> bool:
    if any(path.is_file() for path in (home / UPLOADS).rglob("*")):
        return True
    if not ledger.exists() or not ledger.stat().st_size:
        return False
    try:
        with closing(sqlite3.connect(ledger)) as connection:
            return connection.execute(ANY_DATA).fetchone() is not None
    except sqlite3.Error:
        return True


def _require_unused(ledger: Path) -> None:
    """Raise `BackupError` where another program has the ledger open: it would write on, in vain.

    Only the last program that has a database open may take it out of write-ahead mode.
    """
    if not ledger.exists():
        return
    try:
        with closing(sqlite3.connect(ledger, timeout=IN_USE_SECONDS)) as connection:
            connection.execute("PRAGMA journal_mode = DELETE")
    except sqlite3.DatabaseError as error:
        if _code(error) in BUSY:
            raise BackupError(
                f"The archive {ledger} is in use by another program. Stop newsdesk slack, watch "
                "and ingest, then restore again; nothing was changed."
            ) from error
        if _code(error) not in DAMAGED:
            raise BackupError(f"The archive {ledger} can't be replaced: {error}.") from error


def _write_marker(home: Path, ledger: Path) -> None:
    partial = home / STAGING / MARKER
    with _created(partial) as out:
        out.write(json.dumps({"ledger": str(ledger.absolute())}).encode())
    partial.replace(home / MARKER)
    _sync_folder(home)


def _apply(home: Path) -> None:
    """Replace ledger and uploads by what is staged, if it is marked; may be done again and again.

    The ledger is replaced in one transaction, not by a rename: whoever opens it at the same
    moment sees the old one or the new one.
    """
    staging, marker = home / STAGING, home / MARKER
    if marker.exists():
        _overwrite(staging / LEDGER, Path(json.loads(marker.read_text("utf-8"))["ledger"]))
        if (staging / UPLOADS).exists():
            shutil.rmtree(home / UPLOADS, ignore_errors=True)
            (staging / UPLOADS).replace(home / UPLOADS)
        marker.unlink()
    shutil.rmtree(staging, ignore_errors=True)


def _overwrite(staged: Path, ledger: Path) -> None:
    ledger.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    try:
        _copy_database(staged, ledger)
    except sqlite3.DatabaseError as error:
        if _code(error) not in DAMAGED:
            raise BackupError(
                f"The ledger {ledger} can't be replaced yet: {error}. The restore is completed by "
                "the next command."
            ) from error
        for end in ("", "-wal", "-shm", "-journal"):
            ledger.with_name(ledger.name + end).unlink(missing_ok=True)
        _copy_database(staged, ledger)


def _copy_database(source: Path, target: Path) -> None:
    with closing(sqlite3.connect(source)) as staged, closing(sqlite3.connect(target)) as ledger:
        staged.backup(ledger, pages=1000, progress=lambda *_: None)


def _sync_folder(folder: Path) -> None:
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def _code(error: sqlite3.Error) -> int:
    """SQLite's primary result code (sqlite.org/rescode.html)."""
    return int(getattr(error, "sqlite_errorcode", 0) or 0) & 0xFF


def _reason(error: BaseException) -> str:
    if isinstance(error, DiskFullError):
        return "the disk is full"
    return (getattr(error, "strerror", None) or str(error).strip("'") or "unreadable").rstrip(".")
