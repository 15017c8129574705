"""The index on a Chroma server, or in Chroma Cloud."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from vectorstore.errors import IndexDamagedError, IndexUnavailableError, VectorIndexError
from vectorstore.ledger import Ledger
from vectorstore.places import HNSW, quiet_settings

if TYPE_CHECKING:
    from chromadb.api import ClientAPI
    from chromadb.api.models.Collection import Collection


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
        places = {"tenant": self._tenant, "database": self._database}
        return chromadb.HttpClient(
            host=parts.hostname or "",
            port=parts.port or (443 if secure else 80),
            ssl=secure,
            headers={"x-chroma-token": self._api_key} if self._api_key else None,
            settings=quiet_settings(),
            **{key: value for key, value in places.items() if value},
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
