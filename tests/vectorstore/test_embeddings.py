"""LangChain's own suite for embeddings, on both embedders."""

from collections.abc import Iterator

import numpy as np
import pytest
from langchain_core.embeddings import Embeddings
from langchain_tests.integration_tests import EmbeddingsIntegrationTests
from langchain_tests.unit_tests import EmbeddingsUnitTests

from tests.vectorstore.embedding_server import embedding_server
from vectorstore.embeddings import LangChainEmbeddings
from vectorstore.minilm import MiniLM
from vectorstore.models import Embedder
from vectorstore.openai_embedder import OpenAIEmbedder

# The suite's async tests carry no mark of their own; on the others this one means nothing.
pytestmark = pytest.mark.anyio


@pytest.fixture
def anyio_backend() -> str:
    return "asyncio"


@pytest.fixture
def openai() -> Iterator[OpenAIEmbedder]:
    with embedding_server() as server:
        yield OpenAIEmbedder("key", base_url=server.url, model="three-dimensions", max_retries=0)


class _Local:
    @pytest.fixture(autouse=True)
    def _embedder(self, minilm: MiniLM) -> None:
        self.embedder: Embedder = minilm

    @property
    def embeddings_class(self) -> type[Embeddings]:
        return LangChainEmbeddings

    @property
    def embedding_model_params(self) -> dict[str, Embedder]:
        return {"embedder": self.embedder}


class _OpenAI(_Local):
    @pytest.fixture(autouse=True)
    def _embedder(self, openai: OpenAIEmbedder) -> None:
        self.embedder = openai


class TestLocalUnits(_Local, EmbeddingsUnitTests): ...


class TestLocalIntegration(_Local, EmbeddingsIntegrationTests): ...


class TestOpenAIUnits(_OpenAI, EmbeddingsUnitTests): ...


class TestOpenAIIntegration(_OpenAI, EmbeddingsIntegrationTests): ...


def test_a_question_and_a_passage_of_the_same_words_have_the_same_vector(minilm: MiniLM) -> None:
    embeddings = LangChainEmbeddings(minilm)

    query = embeddings.embed_query("harbour bridge")

    assert np.allclose(query, embeddings.embed_documents(["harbour bridge"])[0], atol=1e-6)
    assert len(query) == minilm.dimensions
