"""What `vectorstore` exports, and that importing it imports nothing heavy."""

import subprocess
import sys
from pathlib import Path

import vectorstore

HEAVY = ("chromadb", "langchain_core", "onnxruntime", "sqlalchemy", "numpy")


def test_every_exported_name_is_there() -> None:
    assert all(getattr(vectorstore, name) for name in vectorstore.__all__)


def test_importing_the_package_imports_nothing_heavy() -> None:
    code = "import sys, vectorstore; print([m for m in sys.argv[1:] if m in sys.modules])"
    run = subprocess.run(
        [sys.executable, "-c", code, *HEAVY], capture_output=True, text=True, check=True
    )
    assert run.stdout == "[]\n"


def test_local_embeddings_embed_without_a_key(model_cache: Path) -> None:
    [vector] = vectorstore.LocalEmbeddings(model_cache).embed_documents(["Talks were held."])
    assert len(vector) == 384
