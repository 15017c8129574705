"""The index on a Chroma server: the real server, on loopback."""

import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.archive import WordEmbedder, found, revision
from vectorstore.chroma import ChromaServer
from vectorstore.database import Database
from vectorstore.errors import IndexUnavailableError
from vectorstore.index import Index
from vectorstore.ledger import Ledger
from vectorstore.library import Library
from vectorstore.models import Filters


def _free_port() -> int:
    with socket.socket() as sock:
        sock.bind(("127.0.0.1", 0))
        port: int = sock.getsockname()[1]
        return port


def _answers(port: int) -> bool:
    with socket.socket() as sock:
        return sock.connect_ex(("127.0.0.1", port)) == 0


@pytest.fixture
def server(tmp_path: Path) -> Iterator[str]:
    port = _free_port()
    chroma = Path(sys.executable).with_name("chroma")
    command = [str(chroma), "run", "--path", str(tmp_path / "served"), "--port", str(port)]
    process = subprocess.Popen(
        [*command, "--host", "127.0.0.1"], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    )
    try:
        while not _answers(port):
            assert process.poll() is None
            time.sleep(0.1)
        yield f"http://127.0.0.1:{port}"
    finally:
        process.terminate()
        process.wait()


def _library(home: Path, url: str) -> Library:
    ledger = Ledger(Database(f"sqlite:///{home / 'ledger.db'}"))
    return Library(ledger, Index(ChromaServer(url, ledger), ledger), WordEmbedder(), home=home)


def test_archive_on_a_server_is_written_searched_filtered_and_rebuilt(
    tmp_path: Path, server: str
) -> None:
    library = _library(tmp_path, server)
    library.write([revision("talks", "Blinken met Lavrov."), revision("rain", "It rained today.")])
    assert found(library, "Who met Lavrov?")[0] == "talks"
    library.write([revision("talks", "Blinken met Kuleba.")])
    library.remove(["rain"])
    assert found(library, "Who met Lavrov?") == ["talks"]
    assert found(library, "Blinken", Filters(sources=("nobody",))) == []
    assert library.problems() == []
    assert library.rebuild() == 1
    assert library.problems() == []
    assert found(_library(tmp_path, server), "Blinken") == ["talks"]


def test_two_archives_on_one_server_are_apart(tmp_path: Path, server: str) -> None:
    homes = [tmp_path / "one", tmp_path / "two"]
    for home in homes:
        home.mkdir()
        _library(home, server).write([revision(home.name, "Talks were held.")])
    assert [found(_library(home, server), "talks") for home in homes] == [["one"], ["two"]]


def test_lost_collection_is_made_again_by_asking(tmp_path: Path, server: str) -> None:
    import chromadb

    library = _library(tmp_path, server)
    library.write([revision("talks", "Blinken met Lavrov.")])
    client = chromadb.HttpClient(host="127.0.0.1", port=int(server.rpartition(":")[2]))
    for collection in client.list_collections():
        client.delete_collection(collection.name)
    assert found(_library(tmp_path, server), "Who met Lavrov?") == ["talks"]


def test_server_that_is_not_there_is_a_clear_error(tmp_path: Path) -> None:
    library = _library(tmp_path, f"http://127.0.0.1:{_free_port()}")
    with pytest.raises(IndexUnavailableError, match="CHROMA_URL"):
        library.write([revision("talks", "Blinken met Lavrov.")])
