"""The local embedding model, all-MiniLM-L6-v2: onnxruntime and tokenizers, nothing else."""

import os
import threading
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from vectorstore.errors import ModelDamagedError
from vectorstore.minilm_files import (
    TOKENIZER_FILE,
    WEIGHTS_SHA256,
    damaged_files,
    ready_folder,
)
from vectorstore.minilm_graph import GRAPH_FILE
from vectorstore.models import Vectors

if TYPE_CHECKING:
    from onnxruntime import InferenceSession
    from tokenizers import Tokenizer

DIMENSIONS = 384
MAX_TOKENS = 256
"""Of a text, the two special ones included; what comes after is not read."""

# A batch this small stays in a core's cache: 48 passages took 1.20 s of processor time in batches
# of 256 tokens, 1.43 in 512 and 1.47 in 1,024; in 128, where none is shared, 1.35.
_BATCH_TOKENS = 256
# What is read of a text stands in its first 1,500 characters or so. The tokenizer would go through
# all of it first: 6 seconds and a gigabyte for ten million characters.
_MAX_CHARACTERS = 50_000
# The tokenizer keeps some 50 KB a passage, so it is not given a whole archive at once.
_TOKENIZED_AT_ONCE = 1024

Tokens = list[int]


class MiniLM:
    """An Embedder that runs here; its files and libraries are loaded when first needed.

    Loading raises ModelUnavailableError and ModelDamagedError. Safe to share between threads.
    """

    def __init__(self, cache: Path, *, threads: int | None = None) -> None:
        """`threads` embed at once: by default one for each processor."""
        self._cache = cache
        self._threads = threads or os.cpu_count()
        self._loading = threading.Lock()
        self._model: _Model | None = None

    @property
    def fingerprint(self) -> str:
        return f"all-MiniLM-L6-v2/{WEIGHTS_SHA256[:16]}/mean/{MAX_TOKENS}"

    @property
    def dimensions(self) -> int:
        return DIMENSIONS

    def load(self) -> None:
        """Makes ready to embed, so that the first text need not wait; does nothing if it is."""
        self._loaded()

    def embed(self, texts: Sequence[str]) -> Vectors:
        model = self._loaded()
        vectors = np.zeros((len(texts), DIMENSIONS), dtype=np.float32)
        for start in range(0, len(texts), _TOKENIZED_AT_ONCE):
            tokens = model.tokenize(texts[start : start + _TOKENIZED_AT_ONCE])
            batches = list(_batches(tokens))
            chosen = [[tokens[place] for place in batch] for batch in batches]
            rows = _in_parallel(model, chosen, self._threads)
            for batch, vector in zip(batches, rows, strict=True):
                vectors[[start + place for place in batch]] = vector
        return vectors

    def check(self) -> None:
        """Raises ModelDamagedError when a file in the cache has changed since it was written.

        Reads all 90 MB, which takes a tenth of a second: for a doctor, not for every start.
        """
        folder = ready_folder(self._cache)
        if damaged := damaged_files(folder):
            raise ModelDamagedError(
                f"{' and '.join(damaged)} of the local embedding model in {folder} changed since "
                "written: delete that folder, and it is made again"
            )

    def _loaded(self) -> "_Model":
        with self._loading:
            if self._model is None:
                self._model = _load(ready_folder(self._cache))
            return self._model


@dataclass(frozen=True, slots=True)
class _Model:
    session: "InferenceSession"
    tokenizer: "Tokenizer"
    inputs: frozenset[str]

    def tokenize(self, texts: Sequence[str]) -> list[Tokens]:
        # A lone surrogate has no UTF-8 form and would be refused.
        clean = [
            text[:_MAX_CHARACTERS].encode("utf-8", "replace").decode("utf-8") for text in texts
        ]
        return [encoding.ids for encoding in self.tokenizer.encode_batch_fast(clean)]

    def run(self, batch: Sequence[Tokens]) -> Vectors:
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
        hidden = self.session.run(None, {name: feed[name] for name in self.inputs})[0]
        return _pooled(np.asarray(hidden), mask)


def _load(folder: Path) -> _Model:
    import onnxruntime
    from tokenizers import Tokenizer

    options = onnxruntime.SessionOptions()
    options.log_severity_level = 3
    options.graph_optimization_level = onnxruntime.GraphOptimizationLevel.ORT_DISABLE_ALL
    # Several batches, each on one core, share nothing to wait for: where other programs are busy,
    # one batch on two cores was slower than on one.
    options.intra_op_num_threads = 1
    try:
        tokenizer = Tokenizer.from_file(str(folder / TOKENIZER_FILE))
        session = onnxruntime.InferenceSession(
            folder / GRAPH_FILE, options, providers=["CPUExecutionProvider"]
        )
    # What onnxruntime and tokenizers raise has no parent of its own.
    except Exception as error:
        raise ModelDamagedError(
            f"the local embedding model in {folder} cannot be loaded ({error}): "
            "delete that folder, and it is made again"
        ) from error
    tokenizer.no_padding()
    tokenizer.enable_truncation(MAX_TOKENS)
    return _Model(session, tokenizer, frozenset(value.name for value in session.get_inputs()))


def _batches(tokens: Sequence[Tokens]) -> Iterator[list[int]]:
    """Groups the places of texts of like length, longest first: little is spent on padding."""
    batch: list[int] = []
    for place in sorted(range(len(tokens)), key=lambda place: len(tokens[place]), reverse=True):
        if batch and (len(batch) + 1) * len(tokens[batch[0]]) > _BATCH_TOKENS:
            yield batch
            batch = []
        batch.append(place)
    if batch:
        yield batch


def _in_parallel(
    model: _Model, batches: Sequence[Sequence[Tokens]], threads: int | None
) -> list[Vectors]:
    if len(batches) == 1:
        return [model.run(batches[0])]
    with ThreadPoolExecutor(threads) as pool:
        return list(pool.map(model.run, batches))


def _pooled(hidden: Vectors, mask: NDArray[np.int64]) -> Vectors:
    """The mean over each text's tokens, as a vector of length 1."""
    weights = mask.astype(np.float32)[:, None, :]
    means = (weights @ hidden)[:, 0] / mask.sum(axis=1, keepdims=True)
    lengths = np.linalg.norm(means, axis=1, keepdims=True)
    return np.asarray(means / np.maximum(lengths, 1e-12), dtype=np.float32)
