"""The log of ingests: when, of what, by whom, and what came of it."""

import json
import time
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from sqlalchemy import Row, insert, select, update

from vectorstore.database import Database
from vectorstore.schema import ingest_runs

CUT_OFF = "cut off"


@dataclass(frozen=True, slots=True)
class IngestRun:
    """One ingest."""

    started_at: str
    """ISO 8601, in UTC."""

    started_by: str
    """ingest, watch or slack."""

    sources: tuple[str, ...]
    added: int
    updated: int
    unchanged: int
    removed: int
    failed: int
    seconds: float | None
    """None where it is not over, or was cut off: the counts are those of its last batch then."""

    problem: str | None
    """What ended it early."""


class Runs:
    """The runs in the ledger's database."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def begin(self, *, started_by: str = "ingest", sources: Sequence[str] = ()) -> "OpenRun":
        """Note that an ingest begins."""
        row = {
            "started_at": datetime.now(UTC).isoformat(timespec="seconds"),
            "started_by": started_by,
            "sources": json.dumps(sources, ensure_ascii=False),
        }
        with self._database.writing() as connection:
            new = insert(ingest_runs).values(row).returning(ingest_runs.c.run_id)
            run_id = connection.execute(new).scalar_one()
            # Within the transaction: who can see the run can see that it is under way.
            return OpenRun(self._database, run_id)

    def latest(self, limit: int) -> list[IngestRun]:
        """The newest runs, newest first."""
        query = select(ingest_runs).order_by(ingest_runs.c.run_id.desc()).limit(limit)
        with self._database.reading() as connection:
            rows = connection.execute(query).all()
        return [self._run_from(row) for row in rows]

    def _run_from(self, row: Row[Any]) -> IngestRun:
        values = dict(row._mapping)
        lock = _lock_file(self._database, values.pop("run_id"))
        if row.seconds is None and not _is_held(lock):
            values["problem"] = CUT_OFF
        sources = tuple(json.loads(values.pop("sources")))
        return IngestRun(**values, sources=sources)


class OpenRun:
    """An ingest under way. It holds a lock, which falls with its process, however that ends."""

    def __init__(self, database: Database, run_id: int) -> None:
        from filelock import FileLock

        self._database = database
        self._run_id = run_id
        self._started = time.perf_counter()
        self._lock = FileLock(_lock_file(database, run_id), timeout=0)
        with suppress(OSError):  # the log is no reason not to ingest
            self._lock.acquire()

    def note(self, counts: Mapping[str, int]) -> None:
        """Note what came of it so far: `counts` by status."""
        self._update(**counts)

    def end(self, counts: Mapping[str, int], problem: str | None = None) -> None:
        """Note that it is over, and what ended it early."""
        try:
            self._update(**counts, seconds=self.seconds, problem=problem)
        finally:
            self.leave()

    def leave(self) -> None:
        """Leave it as it is noted: cut off, if it was not ended."""
        self._lock.release()
        _forget(_lock_file(self._database, self._run_id))

    @property
    def seconds(self) -> float:
        """How long it has been going on."""
        return round(time.perf_counter() - self._started, 3)

    def _update(self, **values: object) -> None:
        with self._database.writing() as connection:
            this = ingest_runs.c.run_id == self._run_id
            connection.execute(update(ingest_runs).where(this).values(values))


def _lock_file(database: Database, run_id: int) -> Path:
    return database.path.with_name(f"{database.path.name}-run-{run_id}.lock")


def _is_held(lock: Path) -> bool:
    """Whether a process holds the lock; one that fell with its process is cleared away."""
    from filelock import FileLock, Timeout

    if not lock.exists():
        return False
    probe = FileLock(lock, timeout=0)
    try:
        probe.acquire()
    except Timeout:
        return True
    except OSError:  # a folder that can't be written to: nothing is ingested there
        return False
    probe.release()
    _forget(lock)
    return False


def _forget(lock: Path) -> None:
    with suppress(OSError):  # a folder that can't be written to
        lock.unlink(missing_ok=True)
