"""What the tests of the archive share."""

import os
from pathlib import Path

import pytest

from vectorstore.minilm import MiniLM


@pytest.fixture(scope="session")
def model_cache(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The local model's cache folder, written once a run: pytest-xdist's workers share it."""
    folder = tmp_path_factory.getbasetemp()
    return (folder.parent if "PYTEST_XDIST_WORKER" in os.environ else folder) / "models"


@pytest.fixture(scope="session")
def minilm(model_cache: Path) -> MiniLM:
    return MiniLM(model_cache)
