"""The embedders as LangChain takes them; importing this imports LangChain."""

from pathlib import Path

from langchain_core.embeddings import Embeddings

from vectorstore.minilm import MiniLM
from vectorstore.models import Embedder


class LangChainEmbeddings(Embeddings):
    """MiniLM, OpenAIEmbedder or any other Embedder, as LangChain's Embeddings.

    Its async methods run the embedder in a thread.
    """

    def __init__(self, embedder: Embedder) -> None:
        self._embedder = embedder

    def embed_documents(self, texts: list[str]) -> list[list[float]]:
        rows: list[list[float]] = self._embedder.embed(texts).tolist()
        return rows

    def embed_query(self, text: str) -> list[float]:
        return self.embed_documents([text])[0]


class LocalEmbeddings(LangChainEmbeddings):
    """all-MiniLM-L6-v2 as LangChain's Embeddings; runs here, needs no key."""

    def __init__(self, cache: Path | None = None) -> None:
        """`cache` is the folder for the model's files: by default the one that Newsdesk uses."""
        from platformdirs import user_cache_path

        super().__init__(MiniLM(cache or user_cache_path("newsdesk", appauthor=False)))
