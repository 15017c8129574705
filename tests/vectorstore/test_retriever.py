"""LangChain's standard tests for retrievers, and what a Document carries."""

from pathlib import Path

import pytest
from langchain_core.retrievers import BaseRetriever
from langchain_tests.integration_tests import RetrieversIntegrationTests

from tests.archive import open_library, revision
from vectorstore.library import Library
from vectorstore.retriever import HybridRetriever


@pytest.fixture(scope="module")
def library(tmp_path_factory: pytest.TempPathFactory) -> Library:
    library = open_library(tmp_path_factory.mktemp("home"))
    library.write(
        [revision(f"a{i}", f"Story {i} was told.", published_at="2021-12-03") for i in range(12)]
    )
    return library


class TestHybridRetriever(RetrieversIntegrationTests):
    @pytest.fixture(autouse=True)
    def _archive(self, library: Library) -> None:
        type(self).library = library

    library: Library

    @property
    def retriever_constructor(self) -> type[BaseRetriever]:
        return HybridRetriever

    @property
    def retriever_constructor_params(self) -> dict[str, object]:
        return {"library": self.library}

    @property
    def retriever_query_example(self) -> str:
        return "Story 7"


def test_document_carries_what_a_citation_needs(tmp_path: Path, library: Library) -> None:
    [document] = HybridRetriever(library=library, k=1).invoke("Story 7 was told")
    assert document.page_content == "Story 7 was told."
    assert document.id == "a7:1:0"
    assert document.metadata == {
        "article_id": "a7",
        "title": "a7",
        "source": "wire",
        "url": None,
        "published_at": "2021-12-03",
        "start": 0,
        "end": 17,
        "score": document.metadata["score"],
    }
