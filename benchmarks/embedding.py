"""Passages embedded per second by MiniLM and by Chroma's default embedding function.

python -m benchmarks.embedding --corpus FILE.jsonl
"""

import argparse
import json
import shutil
import statistics
import tempfile
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from ingest.text.chunk import chunk
from vectorstore.minilm import DIMENSIONS, MAX_TOKENS, TOKENIZER_FILE, MiniLM, ready_folder
from vectorstore.minilm_graph import GRAPH_FILE
from vectorstore.models import Vectors

if TYPE_CHECKING:
    from chromadb.utils.embedding_functions.onnx_mini_lm_l6_v2 import ONNXMiniLM_L6_V2

Embed = Callable[[Sequence[str]], Vectors]


def main() -> None:
    arguments = _arguments()
    passages = _passages(arguments.corpus, arguments.passages)
    with tempfile.TemporaryDirectory() as scratch:
        cache = arguments.cache or Path(scratch, "minilm")
        minilm, chroma = MiniLM(cache), chroma_default(cache, Path(scratch, "chroma"))
        contenders: dict[str, Embed] = {
            "Chroma's default": lambda texts: np.array(chroma(list(texts))),
            "MiniLM": minilm.embed,
        }
        _same_vectors(contenders, passages[:32])
        _print_table(passages, _seconds(contenders, passages, arguments.rounds))
        _print_table([_QUESTION], _seconds(contenders, [_QUESTION], 20 * arguments.rounds))


_QUESTION = "Which sanctions were threatened?"


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--corpus", type=Path, required=True, help="JSON lines with a `text` each")
    parser.add_argument("--passages", type=int, default=128, help="how many, spread over the file")
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--cache", type=Path, help="where the model is kept (default: a new one)")
    return parser.parse_args()


def _passages(corpus: Path, count: int) -> list[str]:
    texts = [json.loads(line)["text"] for line in corpus.read_text("utf-8").splitlines()]
    passages = [text[part.start : part.end] for text in texts for part in chunk(text)]
    return passages[:: max(1, len(passages) // count)][:count]


def chroma_default(cache: Path, folder: Path) -> "ONNXMiniLM_L6_V2":
    """Chroma's function as it is, with our graph where it would download its own.

    Its own is the same model in fp32; ours spares the download and gives it the better kernels.
    """
    import onnx
    from chromadb.utils.embedding_functions.onnx_mini_lm_l6_v2 import ONNXMiniLM_L6_V2
    from onnx import TensorProto, helper, numpy_helper

    ready = ready_folder(cache)
    chroma = ONNXMiniLM_L6_V2()
    chroma.DOWNLOAD_PATH = folder
    extracted = folder / chroma.EXTRACTED_FOLDER_NAME
    extracted.mkdir(parents=True)
    shutil.copyfile(ready / TOKENIZER_FILE, extracted / TOKENIZER_FILE)
    for unread in ("config", "special_tokens_map", "tokenizer_config"):
        (extracted / f"{unread}.json").touch()
    (extracted / "vocab.txt").touch()

    model = onnx.load(ready / GRAPH_FILE)
    del model.graph.input[2]
    types = helper.make_tensor_value_info("token_type_ids", TensorProto.INT64, ["texts", "tokens"])
    model.graph.input.append(types)
    # Chroma pads every text to MAX_TOKENS, so its places are constant.
    places = numpy_helper.from_array(np.arange(MAX_TOKENS), "position_ids")
    model.graph.initializer.append(places)
    onnx.save(model, extracted / "model.onnx")
    return chroma


def _same_vectors(contenders: dict[str, Embed], texts: Sequence[str]) -> None:
    """Warms both up, and makes sure that they do the same work."""
    first, second = (embed(texts) for embed in contenders.values())
    cosine = float((first * second).sum(axis=1).min())
    if first.shape != (len(texts), DIMENSIONS) or cosine < 0.99999:
        raise SystemExit(f"the vectors differ: cosine {cosine:.6f}")


def _seconds(
    contenders: dict[str, Embed], texts: Sequence[str], rounds: int
) -> dict[str, list[float]]:
    """Times them in turns, so that whatever else the machine does falls on both."""
    seconds: dict[str, list[float]] = {name: [] for name in contenders}
    for _ in range(rounds):
        for name, embed in contenders.items():
            start = time.perf_counter()
            embed(texts)
            seconds[name].append(time.perf_counter() - start)
    return seconds


def _print_table(texts: Sequence[str], seconds: dict[str, list[float]]) -> None:
    medians = {name: statistics.median(times) for name, times in seconds.items()}
    slowest = medians["Chroma's default"]
    length = statistics.mean(map(len, texts))
    print(f"{len(texts)} passages of {length:.0f} characters" if len(texts) > 1 else texts[0])
    for name, median in medians.items():
        rate, ratio = len(texts) / median, slowest / median
        print(f"  {name:<18}{median * 1000:>9.1f} ms{rate:>8.1f} a second{ratio:>7.2f} times")


if __name__ == "__main__":
    main()
