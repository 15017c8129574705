"""The SQL database of the ledger: connections, transactions, migrations, errors by name."""

import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, Engine, create_engine, event, exc, make_url

from vectorstore.errors import (
    DiskFullError,
    LedgerBusyError,
    LedgerDamagedError,
    LedgerError,
)
from vectorstore.schema import REVISION

BUSY_TIMEOUT_SECONDS = 5.0

PAGES_A_STEP = 1000
"""Pages copied between two looks at Ctrl-C: 4 MB."""

OPERATIONS_A_STEP = 10_000
"""Operations of SQLite's virtual machine between two looks at Ctrl-C."""


class Database:
    """A SQLite database in write-ahead mode, brought to the newest schema when opened.

    Any number of processes may read while one writes. A writer takes its lock when its
    transaction begins, so that two writers wait for each other rather than fail half-way.
    """

    def __init__(self, url: str) -> None:
        self.url = make_url(url)
        self.path = database_path(url)
        self._engine = _engine(url)
        with self._mapped():
            self._migrate()

    @contextmanager
    def reading(self) -> Iterator[Connection]:
        """A transaction that sees one state of the database throughout."""
        with self._mapped(), self._engine.connect() as connection, connection.begin():
            yield connection

    @contextmanager
    def writing(self) -> Iterator[Connection]:
        """A transaction that holds the database's only write lock from its first statement."""
        with (
            self._mapped(),
            self._engine.connect().execution_options(begin="BEGIN IMMEDIATE") as connection,
            connection.begin(),
        ):
            yield connection

    def close(self) -> None:
        self._engine.dispose()

    def copy_to(self, path: Path) -> None:
        """Copy one state of the database into a new file, while other processes go on writing."""
        with self.reading() as connection, closing(sqlite3.connect(path)) as copy:
            # What is read first fixes the state; the copy is made within the same transaction.
            connection.exec_driver_sql("SELECT count(*) FROM sqlite_master").scalar()
            source: Any = connection.connection.driver_connection
            source.backup(copy, pages=PAGES_A_STEP, progress=lambda *_: None)

    def compact(self) -> None:
        """Give the space of what was deleted back to the disk; writers wait meanwhile."""
        with self.writing() as connection:
            connection.exec_driver_sql("INSERT INTO passages_fts(passages_fts) VALUES ('optimize')")
        with self._mapped(), closing(self._engine.raw_connection()) as pooled:
            raw: Any = pooled.driver_connection
            raw.set_progress_handler(lambda: 0, OPERATIONS_A_STEP)
            try:
                raw.execute("VACUUM")
            except sqlite3.OperationalError as error:
                if error.sqlite_errorname == "SQLITE_INTERRUPT":
                    raise KeyboardInterrupt from error
                raise
            finally:
                raw.set_progress_handler(None, 0)
            raw.execute("PRAGMA wal_checkpoint(TRUNCATE)")

    def check(self) -> list[str]:
        """What SQLite's own integrity check finds wrong; empty when all is well."""
        with self.reading() as connection:
            found = connection.exec_driver_sql("PRAGMA integrity_check(20)").scalars().all()
        return [str(line) for line in found if line != "ok"]

    def _migrate(self) -> None:
        if self._revision() == REVISION:
            return
        # 0.5 s to import, so only a database that needs it pays.
        from vectorstore.migrations import upgrade

        with (
            self._engine.connect().execution_options(begin="BEGIN IMMEDIATE") as connection,
            connection.begin(),
        ):
            upgrade(connection)

    def _revision(self) -> str | None:
        with self._engine.connect() as connection:
            if not connection.dialect.has_table(connection, "alembic_version"):
                return None
            found = connection.exec_driver_sql("SELECT version_num FROM alembic_version").scalar()
        return None if found is None else str(found)

    @contextmanager
    def _mapped(self) -> Iterator[None]:
        try:
            yield
        except exc.DBAPIError as error:
            raise _named(error.orig, self.path) from error
        except sqlite3.Error as error:
            raise _named(error, self.path) from error


def database_path(url: str) -> Path:
    """The file of a SQLite address; raises `LedgerError` for any other."""
    parsed = make_url(url)
    if parsed.get_backend_name() != "sqlite" or not parsed.database:
        raise LedgerError(
            f"The database {parsed.render_as_string()} can't be used: "
            "only SQLite files (sqlite:///path/to/file.db) can hold the ledger so far."
        )
    return Path(parsed.database)


def _engine(url: str) -> Engine:
    engine = create_engine(
        url, connect_args={"timeout": BUSY_TIMEOUT_SECONDS, "check_same_thread": False}
    )

    @event.listens_for(engine, "connect")
    def configure(connection: Any, _record: object) -> None:
        connection.isolation_level = None  # the begin event below opens transactions
        connection.execute("PRAGMA journal_mode = WAL")
        connection.execute("PRAGMA synchronous = FULL")
        connection.execute("PRAGMA foreign_keys = ON")

    @event.listens_for(engine, "begin")
    def begin(connection: Connection) -> None:
        connection.exec_driver_sql(connection.get_execution_options().get("begin", "BEGIN"))

    return engine


def _named(error: BaseException | None, path: Path) -> LedgerError:
    """The error of ours for SQLite's result code (sqlite.org/rescode.html)."""
    code = str(getattr(error, "sqlite_errorname", ""))
    if code.startswith(("SQLITE_BUSY", "SQLITE_LOCKED")):
        return LedgerBusyError(
            f"The archive's ledger {path} has been locked by another program for more than "
            f"{BUSY_TIMEOUT_SECONDS:.0f} seconds. Try again when that program has finished."
        )
    # A limit on the size of files, or a quota, shows as a failed write. Even reading needs 32 KB,
    # which SQLite shares between processes.
    if code in ("SQLITE_FULL", "SQLITE_IOERR_WRITE", "SQLITE_IOERR_SHMSIZE"):
        return DiskFullError(
            f"The disk is full: the ledger {path} could not be written. Nothing that was stored "
            "is lost; make room and run the command again."
        )
    if code.startswith(("SQLITE_CORRUPT", "SQLITE_NOTADB")):
        return LedgerDamagedError(
            f"The archive's ledger {path} is damaged ({error}). Restore it from a backup, "
            "or move it away and ingest the articles again."
        )
    if code.startswith(("SQLITE_CANTOPEN", "SQLITE_READONLY", "SQLITE_IOERR")):
        return LedgerError(
            f"The archive's ledger {path} can't be opened or written: {error}. Look whether "
            f"you may write to it, and to its folder {path.parent}: even reading needs that."
        )
    return LedgerError(f"The archive's ledger {path} refused an operation: {error}.")
