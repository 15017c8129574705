"""LangChain's face of the hybrid search: hits as Documents, for chains."""

from typing import Any

from langchain_core.callbacks import CallbackManagerForRetrieverRun
from langchain_core.documents import Document
from langchain_core.retrievers import BaseRetriever
from pydantic import ConfigDict, Field, PrivateAttr

from vectorstore.library import Library
from vectorstore.models import Filters, Hit


class PassageDocument(Document):
    """A passage as a Document, with the hit it was made from."""

    _hit: Hit = PrivateAttr()

    @property
    def hit(self) -> Hit:
        return self._hit


class HybridRetriever(BaseRetriever):
    """Retrieves the best passages for a question, best first."""

    model_config = ConfigDict(arbitrary_types_allowed=True)

    library: Library
    k: int = Field(default=10, gt=0)
    per_article: int = Field(default=3, gt=0)
    filters: Filters = Filters()

    def _get_relevant_documents(
        self,
        query: str,
        *,
        run_manager: CallbackManagerForRetrieverRun,
        k: int | None = None,
        filters: Filters | None = None,
        **_: Any,
    ) -> list[Document]:
        hits = self.library.search(
            query,
            limit=k or self.k,
            per_article=self.per_article,
            filters=self.filters if filters is None else filters,
        )
        return [document_from(hit) for hit in hits]


def document_from(hit: Hit) -> PassageDocument:
    """The hit's passage, with what a citation needs in the metadata."""
    document = PassageDocument(
        id=hit.passage.passage_id,
        page_content=hit.passage.text,
        metadata={
            "article_id": hit.passage.article_id,
            "title": hit.title,
            "source": hit.source,
            "url": hit.url,
            "published_at": hit.published_at,
            "start": hit.passage.start,
            "end": hit.passage.end,
            "score": hit.score,
        },
    )
    document._hit = hit
    return document
