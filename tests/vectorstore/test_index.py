"""Reading goes on where the disk is too full for an index."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from tests.archive import WordEmbedder, found, open_library, revision
from vectorstore.chroma import EmbeddedChroma
from vectorstore.errors import DiskFullError, IndexDamagedError
from vectorstore.index import Index
from vectorstore.library import Library
from vectorstore.models import Filters

if TYPE_CHECKING:
    from chromadb.api.models.Collection import Collection


class FullDisk(EmbeddedChroma):
    """Is damaged, and there is no room for another."""

    @contextmanager
    def reading(self) -> "Iterator[Collection]":
        raise IndexDamagedError("damaged")
        yield

    @contextmanager
    def making(self, name: str) -> "Iterator[Collection]":
        raise DiskFullError("full")
        yield


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    home = tmp_path_factory.mktemp("home")
    secret = frozenset({"C1"})
    library = open_library(home)
    library.write(
        [
            revision("secret", "Talks on talks.", published_at="2021-01-01", audience=secret),
            revision("old", "Talks were held.", published_at="2020-05-01", source="AP"),
            revision("new", "Talks on rain.", published_at="2022-01-05", source="Reuters"),
            *(revision(f"many{n}", f"Talks on talks {n}.", source="Many") for n in range(120)),
        ]
    )
    library.close()
    return home


@pytest.mark.parametrize(
    "filters",
    [
        Filters(),
        Filters(sources=("AP", "reuters")),
        Filters(since="2021"),
        Filters(until="2021-12-31"),
        Filters(since="2021", until="2021", conversations=frozenset({"C1", "C2"})),
        Filters(since="2021", until="2021"),
    ],
)
def test_full_disk_finds_the_same_without_an_index(home: Path, filters: Filters) -> None:
    usual = open_library(home)
    wanted = found(usual, "Talks", filters)
    place = FullDisk(home, usual.ledger)
    full = Library(usual.ledger, Index(place, usual.ledger), WordEmbedder(), home=home)
    assert found(full, "Talks", filters) == wanted
    assert bool(wanted) == (filters != Filters(since="2021", until="2021"))
