"""Keeps articles and finds passages: SQL holds the truth, Chroma an index made from it."""

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from vectorstore.embeddings import LocalEmbeddings
    from vectorstore.library import Library
    from vectorstore.models import Article, Filters, Hit, Passage
    from vectorstore.retriever import HybridRetriever

__all__ = [
    "Article",
    "Filters",
    "Hit",
    "HybridRetriever",
    "Library",
    "LocalEmbeddings",
    "Passage",
]

_MODULES = {
    "HybridRetriever": "vectorstore.retriever",
    "Library": "vectorstore.library",
    "LocalEmbeddings": "vectorstore.embeddings",
}


def __getattr__(name: str) -> Any:
    """Import an exported name when it is first used: `import vectorstore` stays instant."""
    if name in __all__:
        return getattr(import_module(_MODULES.get(name, "vectorstore.models")), name)
    raise AttributeError(f"module 'vectorstore' has no attribute {name!r}")
