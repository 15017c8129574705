"""Files being read."""

from collections.abc import Callable
from pathlib import Path

import pytest

from ingest.drafts import Reading
from ingest.files import SourceFile
from ingest.readers.formats import read_source
from ingest.sources import find_sources

Read = Callable[[str, bytes | str], list[Reading]]


@pytest.fixture
def read(tmp_path: Path) -> Read:
    """Reads a file of this name and content as an ingest does."""

    def read(name: str, content: bytes | str) -> list[Reading]:
        path = tmp_path / name
        path.write_bytes(content if isinstance(content, bytes) else content.encode())
        (file,) = find_sources([str(path)], max_bytes=1_000_000)
        assert isinstance(file, SourceFile)
        return list(read_source(file))

    return read
