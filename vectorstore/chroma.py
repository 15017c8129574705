"""Chroma, which holds the index: in a folder that several processes share, or on a server."""

import hashlib
import shutil
import threading
import time
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from vectorstore.errors import (
    DiskFullError,
    IndexBusyError,
    IndexDamagedError,
    IndexUnavailableError,
    VectorIndexError,
    VectorstoreError,
)
from vectorstore.ledger import IndexState, Ledger

if TYPE_CHECKING:
    from chromadb.api import ClientAPI
    from chromadb.api.collection_configuration import CreateCollectionConfiguration
    from chromadb.api.models.Collection import Collection
    from chromadb.config import Settings

COLLECTION = "passages"

HNSW: "CreateCollectionConfiguration" = {"hnsw": {"space": "cosine", "ef_search": 200}}

LOCK_TIMEOUT_SECONDS = 60.0

FULL = ("full", "No space left", "(code: 778)", "(code: 4874)")
"""In messages of Chroma when the disk is full; the last two where a quota or a limit on the size
of files was reached: a write that failed, and shared memory that could not be had
(sqlite.org/rescode.html)."""

READERS_TURN_SECONDS = 0.02
"""How long a writer stays away from the lock after each batch.

Without it the writer's next batch takes the lock before a waiting reader wakes up: measured,
a reader waited for a whole ingest of 20 batches; with it, for one.
"""


class EmbeddedChroma:
    """A Chroma folder that several processes share.

    Embedded Chroma knows nothing of other processes: two writers break it, a reader does not
    see what another process wrote. So all work is done under a lock between processes, and a
    generation number in the ledger makes a reader open the folder again. The ledger is marked
    before a write begins and after it ended; a write that never ended, or files that are not
    as the last write left them, mean `IndexDamagedError`.
    """

    def __init__(self, home: Path, ledger: Ledger) -> None:
        from filelock import ReadWriteLock

        self._home = home
        self._ledger = ledger
        self._mutex = threading.RLock()  # the file lock knows processes, not threads
        self._lock = ReadWriteLock(
            home / "index.lock.db", timeout=LOCK_TIMEOUT_SECONDS, is_singleton=False
        )
        self._client: ClientAPI | None = None
        self._collection: Collection | None = None
        self._opened: tuple[str, int] | None = None

    @contextmanager
    def reading(self) -> "Iterator[Collection]":
        while True:
            with self._locked(self._lock.read_lock()):
                collection = self._current(self._finished_state())
                if collection is not None:
                    with _mapped():
                        yield collection
                    return
            with self._locked(self._lock.write_lock()):
                self._open(self._finished_state())

    @contextmanager
    def writing(self) -> "Iterator[Collection]":
        with self._locked(self._lock.write_lock()):
            state = self._finished_state()
            collection = self._current(state) or self._open(state)
            generation = state.generation + 1
            self._ledger.set_index_state(generation=generation, dirty=True)
            with _mapped():
                yield collection
            self._opened = (state.folder, generation)
            self._ledger.set_index_state(dirty=False, seal=self._seal(state.folder))
        time.sleep(READERS_TURN_SECONDS)

    @contextmanager
    def making(self, name: str) -> "Iterator[Collection]":
        folder = self._home / name
        shutil.rmtree(folder, ignore_errors=True)
        try:
            with _mapped(), _collection_in(folder) as collection:
                yield collection
        except BaseException:
            # What was made takes room that may be needed.
            shutil.rmtree(folder, ignore_errors=True)
            raise
        with self._locked(self._lock.write_lock()):
            self.close()
            state = self._ledger.index_state()
            self._ledger.set_index_state(
                folder=name, generation=state.generation + 1, dirty=False, seal=self._seal(name)
            )
        self._sweep(keep=name)

    def check(self) -> str | None:
        with self._locked(self._lock.read_lock()):
            state = self._ledger.index_state()
            if state.dirty:
                return "a write was cut off"
            if state.fingerprint is not None and self._seal(state.folder) != state.seal:
                return "its files are not as they were last written"
        return None

    def close(self) -> None:
        with self._mutex:
            if self._client is not None:
                _close(self._client)
            self._client = self._collection = self._opened = None

    def _finished_state(self) -> IndexState:
        state = self._ledger.index_state()
        if state.dirty:
            raise IndexDamagedError("The index was being written when its writer was stopped.")
        return state

    def _current(self, state: IndexState) -> "Collection | None":
        """The open collection, unless another process has written since."""
        return self._collection if self._opened == (state.folder, state.generation) else None

    def _open(self, state: IndexState) -> "Collection":
        """Open the folder anew; needs the write lock.

        For Chroma writes when it opens: what came since it last saved is put into its files.
        The first query does the same, so it is made here. And the files are held against the
        seal before that, because some damage kills the process that opens it.
        """
        if self._seal(state.folder) != state.seal:
            raise IndexDamagedError("The index's files are not as they were last written.")
        self.close()
        with _mapped():
            self._client, self._collection = _open_folder(self._home / state.folder)
            if state.dimensions:
                self._collection.query(query_embeddings=[1.0] * state.dimensions, n_results=1)
        self._opened = (state.folder, state.generation)
        seal = self._seal(state.folder)
        if seal != state.seal:
            self._ledger.set_index_state(seal=seal)
        return self._collection

    def _seal(self, folder: str) -> str:
        """A digest of the names and sizes of the index's files, and of when they were written.

        Opening a folder touches the time of its SQLite file, so that one goes by its size.
        """
        root = self._home / folder
        if not root.exists():
            return ""
        lines = []
        for path in sorted(root.rglob("*")):
            if path.is_file() and not path.name.endswith(("-journal", "-wal", "-shm")):
                stat = path.stat()
                when = 0 if path.suffix == ".sqlite3" else stat.st_mtime_ns
                lines.append(f"{path.relative_to(root)} {stat.st_size} {when}")
        return hashlib.sha256("\n".join(lines).encode()).hexdigest()

    def _sweep(self, *, keep: str) -> None:
        for folder in self._home.glob("chroma-*"):
            if folder.name != keep:
                shutil.rmtree(folder, ignore_errors=True)

    @contextmanager
    def _locked(self, lock: AbstractContextManager[None]) -> Iterator[None]:
        from filelock import Timeout

        with self._mutex:
            try:
                lock.__enter__()
            except Timeout as error:
                raise IndexBusyError(
                    f"The index in {self._home} has been held by another Newsdesk process for "
                    f"more than {LOCK_TIMEOUT_SECONDS:.0f} seconds. Try again when it is done."
                ) from error
            try:
                yield
            finally:
                lock.__exit__(None, None, None)


def _open_folder(folder: Path) -> "tuple[ClientAPI, Collection]":
    import chromadb

    client = chromadb.PersistentClient(path=str(folder), settings=_quiet_settings())
    try:
        return client, client.get_collection(COLLECTION, embedding_function=None)
    except chromadb.errors.NotFoundError:
        collection = client.create_collection(
            COLLECTION, embedding_function=None, configuration=HNSW
        )
        return client, collection


@contextmanager
def _collection_in(folder: Path) -> "Iterator[Collection]":
    client, collection = _open_folder(folder)
    try:
        yield collection
    finally:
        _close(client)


def _close(client: "ClientAPI") -> None:
    """Close a client, so that opening its folder again reads the files again."""
    from chromadb.api.client import Client

    if isinstance(client, Client):
        client.close()


@contextmanager
def _mapped() -> Iterator[None]:
    """Give what the embedded Chroma raises a name of ours."""
    try:
        yield
    except (VectorstoreError, KeyboardInterrupt, SystemExit, GeneratorExit):
        raise
    except BaseException as error:  # its Rust part panics with a BaseException of its own
        if any(sign in str(error) for sign in FULL):
            raise DiskFullError(
                "The disk is full: the index could not be written. Nothing that was stored is "
                "lost; make room and run the command again."
            ) from error
        raise IndexDamagedError(f"The index could not be used: {error}") from error


class ChromaServer:
    """A Chroma server, or Chroma Cloud: it minds its own readers and writers."""

    def __init__(
        self, url: str, ledger: Ledger, *, api_key: str = "", tenant: str = "", database: str = ""
    ) -> None:
        self._url = url
        self._ledger = ledger
        self._api_key = api_key
        self._tenant = tenant
        self._database = database
        self._client: ClientAPI | None = None
        self._mutex = threading.Lock()
        self._collections: dict[str, Collection] = {}

    @contextmanager
    def reading(self) -> "Iterator[Collection]":
        with self._reached():
            yield self._collection(self._ledger.index_state().folder)

    @contextmanager
    def writing(self) -> "Iterator[Collection]":
        with self._reached():
            yield self._collection(self._ledger.index_state().folder)

    @contextmanager
    def making(self, name: str) -> "Iterator[Collection]":
        state = self._ledger.index_state()
        with self._reached():
            client = self._connect()
            new = self._name(name)
            if new in {collection.name for collection in client.list_collections()}:
                client.delete_collection(new)
            yield client.create_collection(new, embedding_function=None, configuration=HNSW)
            self._ledger.set_index_state(folder=name, generation=state.generation + 1)
            self._collections.clear()
            self._drop(self._name(state.folder))

    def check(self) -> str | None:
        try:
            with self.reading():
                return None
        except VectorIndexError as error:
            return str(error)

    def close(self) -> None:
        self._client = None
        self._collections.clear()

    def _name(self, folder: str) -> str:
        return f"newsdesk-{self._ledger.index_state().archive_id}-{folder}"

    def _collection(self, folder: str) -> "Collection":
        if folder not in self._collections:
            client = self._connect()
            self._collections[folder] = client.get_collection(
                self._name(folder), embedding_function=None
            )
        return self._collections[folder]

    def _drop(self, name: str) -> None:
        from chromadb.errors import NotFoundError

        try:
            self._connect().delete_collection(name)
        except NotFoundError:
            return

    def _connect(self) -> "ClientAPI":
        with self._mutex:
            if self._client is None:
                self._client = self._new_client()
            return self._client

    def _new_client(self) -> "ClientAPI":
        import chromadb

        parts = urlsplit(self._url)
        secure = parts.scheme == "https"
        scope = {"tenant": self._tenant, "database": self._database}
        return chromadb.HttpClient(
            host=parts.hostname or "",
            port=parts.port or (443 if secure else 80),
            ssl=secure,
            headers={"x-chroma-token": self._api_key} if self._api_key else None,
            settings=_quiet_settings(),
            **{key: value for key, value in scope.items() if value},
        )

    @contextmanager
    def _reached(self) -> Iterator[None]:
        from chromadb.errors import ChromaError, NotFoundError
        from httpx import HTTPError  # chromadb's own client: it lets these through

        try:
            yield
        except NotFoundError as error:
            raise IndexDamagedError(
                f"The Chroma server at {self._url} does not have this archive's collection."
            ) from error
        except (ChromaError, HTTPError, ValueError, OSError) as error:
            self.close()
            raise IndexUnavailableError(
                f"The Chroma server at {self._url} did not answer as it should ({error}). Check "
                "CHROMA_URL, and that the server runs."
            ) from error


def _quiet_settings() -> "Settings":
    """Chroma's settings, without its telemetry."""
    from chromadb.config import Settings

    return Settings(anonymized_telemetry=False)
