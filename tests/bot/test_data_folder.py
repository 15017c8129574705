"""The data folder belongs to its owner alone."""

import os
import stat
import subprocess
import sys
from pathlib import Path

import pytest

from bot.errors import SettingsError
from bot.settings import prepare_home

NEWSDESK = Path(sys.executable).with_name("newsdesk")


def modes(home: Path) -> set[tuple[str, int]]:
    paths = [home, *home.rglob("*")]
    return {
        ("folder" if path.is_dir() else "file", stat.S_IMODE(path.stat().st_mode)) for path in paths
    }


def test_everything_that_commands_write_there_is_for_the_owner_alone(
    tmp_path: Path, sample: Path
) -> None:
    home = tmp_path / "home"
    environment = os.environ | {"NEWSDESK_HOME": str(home)}
    for arguments in (["ingest", sample], ["ask", "who met in Stockholm?"]):
        subprocess.run([NEWSDESK, *arguments], env=environment, check=True, capture_output=True)
    assert modes(home) == {("folder", 0o700), ("file", 0o600)}


def test_folder_of_an_older_version_is_closed_to_others(tmp_path: Path) -> None:
    home = tmp_path / "home"
    upload = home / "slack" / "G1" / "F1" / "draft.txt"
    upload.parent.mkdir(parents=True)
    upload.write_text("Confidential.")
    upload.chmod(0o644)
    home.chmod(0o755)
    prepare_home(home)
    assert modes(home) == {("folder", 0o700), ("file", 0o600)}


def test_file_of_another_user_is_named_with_its_owner(as_nobody: Path) -> None:
    home = as_nobody / "home"
    prepare_home(home)
    if os.getuid() != 0:
        pytest.skip("only root can make a file of another user")
    os.seteuid(0)
    (home / "ledger.db").touch(mode=0o600)
    os.seteuid(65534)
    with pytest.raises(SettingsError, match=r"ledger\.db can't be read: it belongs to root"):
        prepare_home(home)
