from pathlib import Path

import pytest

from ingest.drafts import Draft, SourceFailure
from ingest.files import SourceFile
from ingest.readers.formats import read_source
from ingest.readers.markdown import read_text
from ingest.sources import find_sources


def test_guessed_encoding_is_noted(tmp_path: Path) -> None:
    path = tmp_path / "a.txt"
    path.write_bytes("It’s over for £40.".encode("cp1252"))
    (file,) = find_sources([str(path)])
    assert isinstance(file, SourceFile)
    (draft,) = read_source(file)
    assert isinstance(draft, Draft)
    assert (draft.text, draft.notes) == ("It’s over for £40.", ("encoding guessed: cp1252",))


def test_whatever_a_reader_raises_fails_its_file_alone(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*_: object) -> None:
        raise ZeroDivisionError("division by zero")

    for name in ("a.csv", "b.txt"):
        (tmp_path / name).write_text("She left.")
    monkeypatch.setattr("ingest.readers.formats.READERS", {".csv": broken, ".txt": read_text})
    files = [file for file in find_sources([str(tmp_path)]) if isinstance(file, SourceFile)]
    failure, draft = (reading for file in files for reading in read_source(file))
    assert isinstance(failure, SourceFailure)
    assert failure.reason == "damaged: division by zero"
    assert isinstance(draft, Draft)
