"""The log of ingests: when, of what, by whom, and what came of it."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import Row, insert, select

from vectorstore.database import Database
from vectorstore.schema import ingest_runs


@dataclass(frozen=True, slots=True)
class IngestRun:
    """One ingest that is over."""

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
    seconds: float
    problem: str | None
    """What ended it early."""


class Runs:
    """The runs in the ledger's database."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def add(
        self,
        started_at: datetime,
        seconds: float,
        counts: Mapping[str, int],
        *,
        started_by: str = "ingest",
        sources: Sequence[str] = (),
        problem: str | None = None,
    ) -> None:
        """Note an ingest; `counts` by status."""
        row = {
            **counts,
            "started_at": started_at.astimezone(UTC).isoformat(timespec="seconds"),
            "seconds": seconds,
            "started_by": started_by,
            "sources": json.dumps(sources, ensure_ascii=False),
            "problem": problem,
        }
        with self._database.writing() as connection:
            connection.execute(insert(ingest_runs).values(row))

    def latest(self, limit: int) -> list[IngestRun]:
        """The newest runs, newest first."""
        query = select(ingest_runs).order_by(ingest_runs.c.run_id.desc()).limit(limit)
        with self._database.reading() as connection:
            return [_run_from(row) for row in connection.execute(query)]


def _run_from(row: Row[Any]) -> IngestRun:
    values = dict(row._mapping)
    del values["run_id"]
    sources = tuple(json.loads(values.pop("sources")))
    return IngestRun(**values, sources=sources)
