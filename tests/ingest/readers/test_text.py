from pathlib import Path

from ingest.drafts import Draft
from ingest.sources import SourceFile, find_sources, read_source


def test_guessed_encoding_is_noted(tmp_path: Path) -> None:
    path = tmp_path / "a.txt"
    path.write_bytes("It’s over for £40.".encode("cp1252"))
    (file,) = find_sources([str(path)])
    assert isinstance(file, SourceFile)
    (draft,) = read_source(file)
    assert isinstance(draft, Draft)
    assert (draft.text, draft.notes) == ("It’s over for £40.", ("encoding guessed: cp1252",))
