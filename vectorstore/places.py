"""Where the index can live, and how Chroma is set up there."""

from contextlib import AbstractContextManager
from typing import TYPE_CHECKING, Any, Protocol

if TYPE_CHECKING:
    from chromadb.api.collection_configuration import CreateCollectionConfiguration
    from chromadb.api.models.Collection import Collection

HNSW: "CreateCollectionConfiguration" = {"hnsw": {"space": "cosine", "ef_search": 200}}


class Place(Protocol):
    """Lends the collection of passages for one piece of work."""

    def reading(self) -> AbstractContextManager["Collection"]: ...

    def writing(self) -> AbstractContextManager["Collection"]: ...

    def making(self, name: str) -> AbstractContextManager["Collection"]:
        """A new and empty collection that takes the place of the old one at the end."""
        ...

    def check(self) -> str | None:
        """What is wrong with the place, at a glance; None when nothing is."""
        ...

    def close(self) -> None: ...


def quiet_settings() -> Any:
    """Chroma's settings, without its telemetry."""
    from chromadb.config import Settings

    return Settings(anonymized_telemetry=False)
