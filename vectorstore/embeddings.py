"""The embedders as LangChain takes them; importing this imports LangChain."""

from langchain_core.embeddings import Embeddings

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
