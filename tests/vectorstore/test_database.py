"""The SQL database: opening, migrating, and saying what is wrong."""

import sqlite3
import subprocess
import sys
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory

import vectorstore.migrations
from bot.history import answers
from bot.slack.tables import inbox
from tests.archive import found, open_library, revision
from vectorstore.database import Database
from vectorstore.errors import LedgerBusyError, LedgerDamagedError, LedgerError
from vectorstore.schema import REVISION, metadata


def test_named_revision_is_the_newest_migration() -> None:
    config = Config()
    [folder] = vectorstore.migrations.__path__
    config.set_main_option("script_location", folder)
    assert ScriptDirectory.from_config(config).get_current_head() == REVISION


def test_migrations_make_the_tables_that_the_code_reads(tmp_path: Path) -> None:
    assert {answers, inbox} < {*metadata.sorted_tables}  # the bot's register on the ledger's
    database = Database(f"sqlite:///{tmp_path / 'ledger.db'}")
    with database.reading() as connection:
        differences = compare_metadata(MigrationContext.configure(connection), metadata)
    wanted = [d for d in differences if "passages_" not in str(d) and "_version" not in str(d)]
    assert [d for d in wanted if d[0] in ("add_table", "add_column", "remove_column")] == []


def test_busy_database_is_a_clear_error(tmp_path: Path) -> None:
    database = Database(f"sqlite:///{tmp_path / 'ledger.db'}")
    other = sqlite3.connect(tmp_path / "ledger.db")
    other.execute("BEGIN IMMEDIATE")
    with pytest.raises(LedgerBusyError, match="locked by another program"), database.writing():
        pass
    other.close()


def test_file_that_is_no_database_is_a_clear_error(tmp_path: Path) -> None:
    (tmp_path / "ledger.db").write_bytes(b"something else" * 100)
    with pytest.raises(LedgerDamagedError, match=r"ledger\.db is damaged"):
        Database(f"sqlite:///{tmp_path / 'ledger.db'}")


def test_folder_in_place_of_the_file_is_a_clear_error(tmp_path: Path) -> None:
    with pytest.raises(LedgerError, match="can't be opened"):
        Database(f"sqlite:///{tmp_path}")


FILL_THE_DISK = """
import resource, sys
from pathlib import Path
from tests.archive import open_library, revision
from vectorstore.errors import DiskFullError

home = Path(sys.argv[1])
library = open_library(home)
library.write([revision("small", "Talks were held.")])
resource.setrlimit(resource.RLIMIT_FSIZE, (3_000_000, 3_000_000))
import signal; signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
try:
    for number in range(50):
        library.write([revision(f"big{number}-{i}", f"Word{i} " * 2000) for i in range(20)])
except DiskFullError as error:
    print(error)
"""


def test_full_disk_is_named_and_what_was_stored_stays(tmp_path: Path) -> None:
    run = subprocess.run(
        [sys.executable, "-c", FILL_THE_DISK, str(tmp_path)],
        capture_output=True,
        text=True,
        check=False,
    )
    assert "disk is full" in run.stdout, run.stderr
    library = open_library(tmp_path)
    library.recover()
    assert "small" in found(library, "talks were held")
    assert library.problems() == []
    assert library.write([revision("later", "Room was made.")]) == [True]


READ_ON_A_FULL_DISK = """
import resource, signal, sys
from pathlib import Path
from tests.archive import found, open_library

resource.setrlimit(resource.RLIMIT_FSIZE, (100_000, 100_000))
signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
print(found(open_library(Path(sys.argv[1])), "talks were held"))
"""


def test_reading_goes_on_where_nothing_can_be_written(tmp_path: Path) -> None:
    library = open_library(tmp_path)
    library.write([revision("small", "Talks were held.")])
    library.ledger.set_index_state(dirty=True)  # it has to be made again
    library.close()
    run = subprocess.run(
        [sys.executable, "-c", READ_ON_A_FULL_DISK, str(tmp_path)],
        capture_output=True,
        text=True,
        check=False,
    )
    assert run.stdout == "['small']\n", run.stderr
