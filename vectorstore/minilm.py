"""The local embedding model, all-MiniLM-L6-v2: onnxruntime and tokenizers, nothing else."""

import threading
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from vectorstore.errors import ModelDamaged
from vectorstore.minilm_files import TOKENIZER_FILE, WEIGHTS_SHA256, ready_folder
from vectorstore.models import Vectors

if TYPE_CHECKING:
    from onnxruntime import InferenceSession
    from tokenizers import Tokenizer

DIMENSIONS = 384
MAX_TOKENS = 256
"""Of a text, the two special ones included; the rest of the text does not count."""

_BATCH_TOKENS = 4096
_TOKENIZED_AT_ONCE = 1024

Batch = tuple[list[int], list[list[int]]]
"""Places of the texts among those asked for, and their tokens."""


@dataclass(frozen=True, slots=True)
class _Model:
    session: "InferenceSession"
    tokenizer: "Tokenizer"
    inputs: frozenset[str]


class MiniLM:
    """An Embedder that runs here; files and libraries are loaded when first needed.

    Loading and embedding raise ModelUnavailable and ModelDamaged. Thread-safe.
    """

    def __init__(self, cache: Path) -> None:
        self._cache = cache
        self._lock = threading.Lock()
        self._model: _Model | None = None

    @property
    def fingerprint(self) -> str:
        return f"all-MiniLM-L6-v2/{WEIGHTS_SHA256[:16]}/mean/{MAX_TOKENS}"

    @property
    def dimensions(self) -> int:
        return DIMENSIONS

    def load(self) -> None:
        """Gets ready to embed; a second call does nothing."""
        self._loaded()

    def embed(self, texts: Sequence[str]) -> Vectors:
        model = self._loaded()
        vectors = np.zeros((len(texts), DIMENSIONS), dtype=np.float32)
        for start in range(0, len(texts), _TOKENIZED_AT_ONCE):
            tokens = _tokenize(model.tokenizer, texts[start : start + _TOKENIZED_AT_ONCE])
            for places, batch in _batches(tokens):
                vectors[[start + place for place in places]] = _run(model, batch)
        return vectors

    def _loaded(self) -> _Model:
        if self._model is None:
            with self._lock:
                if self._model is None:
                    self._model = _load(ready_folder(self._cache))
        return self._model


def _load(folder: Path) -> _Model:
    import onnxruntime
    from tokenizers import Tokenizer

    options = onnxruntime.SessionOptions()
    options.log_severity_level = 3
    try:
        tokenizer = Tokenizer.from_file(str(folder / TOKENIZER_FILE))
        session = onnxruntime.InferenceSession(
            folder / "model.onnx", options, providers=["CPUExecutionProvider"]
        )
    # Both libraries raise bare Exception and its children without a common parent of their own.
    except Exception as error:
        raise ModelDamaged(
            f"the local embedding model in {folder} cannot be loaded ({error}): "
            "delete that folder and it is made again"
        ) from error
    tokenizer.no_padding()
    tokenizer.enable_truncation(MAX_TOKENS)
    return _Model(session, tokenizer, frozenset(value.name for value in session.get_inputs()))


def _tokenize(tokenizer: "Tokenizer", texts: Sequence[str]) -> list[list[int]]:
    # A lone surrogate has no UTF-8 form and would be refused.
    clean = [text.encode("utf-8", "replace").decode("utf-8") for text in texts]
    return [encoding.ids for encoding in tokenizer.encode_batch_fast(clean)]


def _batches(tokens: list[list[int]]) -> Iterator[Batch]:
    """Groups texts of like length, so that little is spent on padding."""
    places: list[int] = []
    for place in sorted(range(len(tokens)), key=lambda place: len(tokens[place]), reverse=True):
        if places and (len(places) + 1) * len(tokens[places[0]]) > _BATCH_TOKENS:
            yield places, [tokens[place] for place in places]
            places = []
        places.append(place)
    if places:
        yield places, [tokens[place] for place in places]


def _run(model: _Model, batch: list[list[int]]) -> Vectors:
    longest = max(map(len, batch))
    ids = np.zeros((len(batch), longest), dtype=np.int64)
    mask = np.zeros_like(ids)
    for row, tokens in enumerate(batch):
        ids[row, : len(tokens)] = tokens
        mask[row, : len(tokens)] = 1
    feed = {
        "input_ids": ids,
        "attention_mask": mask,
        "position_ids": np.arange(longest),
        "token_type_ids": np.zeros_like(ids),
    }
    hidden = model.session.run(None, {name: feed[name] for name in model.inputs})[0]
    return _pooled(np.asarray(hidden, dtype=np.float32), mask)


def _pooled(hidden: Vectors, mask: NDArray[np.int64]) -> Vectors:
    weights = mask.astype(np.float32)[:, None, :]
    means = (weights @ hidden)[:, 0] / mask.sum(axis=1, keepdims=True)
    lengths = np.linalg.norm(means, axis=1, keepdims=True)
    return np.asarray(means / np.maximum(lengths, 1e-12), dtype=np.float32)
