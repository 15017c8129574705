"""Writes a checkpoint as an int8 graph for onnxruntime: `python -m training.export CHECKPOINTS`.

Weights are int8, a scale for each column; activations are quantized as they come, a scale for each
product. That is onnxruntime's DynamicQuantizeMatMul: six times as fast as float32 on a processor
with AMX, a third of the time with AVX-512 VNNI. MatMulNBits kept a little more precision and was no
faster than float32.
"""

import argparse
import hashlib
import json
import shutil
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray
from onnx import ModelProto, TensorProto, helper, numpy_helper

from training.model import EPSILON, HEADS, LAYERS, Reader, base_folder
from training.train import CHECKPOINT_FILE, ROOT

WEIGHTS = ROOT / "bot" / "weights"
GRAPH_FILE, TOKENIZER_FILE, MANIFEST_FILE = "reader.onnx", "tokenizer.json", "manifest.json"

_ONNXRUNTIME = "com.microsoft"
_OPSETS = {"": 17, _ONNXRUNTIME: 1}
_IR_VERSION = 8

Array = NDArray[Any]


def write_weights(reader: Reader, folder: Path) -> None:
    """Writes the graph, the tokenizer and the manifest with their checksums."""
    folder.mkdir(parents=True, exist_ok=True)
    (folder / GRAPH_FILE).write_bytes(graph_of(reader).SerializeToString())
    shutil.copyfile(base_folder() / TOKENIZER_FILE, folder / TOKENIZER_FILE)
    files = {}
    for name in (GRAPH_FILE, TOKENIZER_FILE):
        data = (folder / name).read_bytes()
        files[name] = {"bytes": len(data), "sha256": hashlib.sha256(data).hexdigest()}
    (folder / MANIFEST_FILE).write_text(json.dumps(files, indent=2) + "\n", encoding="utf-8")


def graph_of(reader: Reader) -> ModelProto:
    """Inputs: `input_ids`, `token_type_ids`, `attention_mask` (texts, tokens), int64.

    Outputs: `span` (texts, tokens, 2) with the logits of start and end, `answers` (texts, 1).
    """
    state = {name: value.detach().float().numpy() for name, value in reader.state_dict().items()}
    graph = _Graph(state)
    hidden = _embeddings(graph)
    for layer in range(LAYERS):
        hidden = _layer(graph, f"layers.{layer}", hidden)
    _heads(graph, hidden)
    return graph.model()


def _embeddings(graph: "_Graph") -> str:
    words, scales = _quantized(graph.state["embeddings.word_embeddings.weight"].T)
    graph.constant("words.int8", words.T)
    graph.constant("words.scales", scales[:, None])
    graph.node("Gather", ["words.int8", "input_ids"], "words.rows")
    graph.node("Cast", ["words.rows"], "words.float", to=TensorProto.FLOAT)
    graph.node("Gather", ["words.scales", "input_ids"], "words.scale")
    graph.node("Mul", ["words.float", "words.scale"], "words")
    graph.weight("embeddings.token_type_embeddings.weight")
    graph.node("Gather", ["embeddings.token_type_embeddings.weight", "token_type_ids"], "types")
    graph.weight("embeddings.position_embeddings.weight")
    graph.node("Gather", ["embeddings.position_embeddings.weight", "position_ids"], "positions")
    graph.node("Add", ["words", "types"], "words_and_types")
    graph.node("Add", ["words_and_types", "positions"], "tokens")
    return graph.norm("embeddings.LayerNorm", "tokens")


def _layer(graph: "_Graph", name: str, hidden: str) -> str:
    graph.product(f"{name}.qkv", hidden)
    graph.node("Split", [f"{name}.qkv"], f"{name}.q", f"{name}.k", f"{name}.v", axis=-1)
    graph.node(
        "MultiHeadAttention",
        [f"{name}.q", f"{name}.k", f"{name}.v", "", "mask"],
        f"{name}.attended",
        domain=_ONNXRUNTIME,
        num_heads=HEADS,
    )
    graph.product(f"{name}.out", f"{name}.attended")
    graph.node("Add", [hidden, f"{name}.out"], f"{name}.out.sum")
    hidden = graph.norm(f"{name}.out_norm", f"{name}.out.sum")
    graph.product(f"{name}.wide", hidden, bias=False)
    graph.weight(f"{name}.wide.bias")
    inputs = [f"{name}.wide", f"{name}.wide.bias"]
    graph.node("BiasGelu", inputs, f"{name}.gelu", domain=_ONNXRUNTIME)
    graph.product(f"{name}.narrow", f"{name}.gelu")
    graph.node("Add", [hidden, f"{name}.narrow"], f"{name}.narrow.sum")
    return graph.norm(f"{name}.narrow_norm", f"{name}.narrow.sum")


def _heads(graph: "_Graph", hidden: str) -> None:
    for name in ("span", "answers"):
        graph.constant(f"{name}.weight", graph.state[f"{name}.weight"].T)
        graph.weight(f"{name}.bias")
    graph.node("MatMul", [hidden, "span.weight"], "span.product")
    graph.node("Add", ["span.product", "span.bias"], "span")
    graph.constant("first", np.array(0, np.int64))
    graph.node("Gather", [hidden, "first"], "first_token", axis=1)
    graph.node("MatMul", ["first_token", "answers.weight"], "answers.product")
    graph.node("Add", ["answers.product", "answers.bias"], "answers")


class _Graph:
    """Collects nodes, named by what they compute."""

    def __init__(self, state: dict[str, Array]) -> None:
        self.state = state
        self._tensors: dict[str, TensorProto] = {}
        self._nodes = [
            helper.make_node("Cast", ["attention_mask"], ["mask"], to=TensorProto.INT32),
        ]

    def constant(self, name: str, array: Array) -> None:
        self._tensors[name] = numpy_helper.from_array(np.asarray(array, order="C"), name)

    def weight(self, name: str) -> None:
        self.constant(name, self.state[name].astype(np.float32))

    def node(self, operator: str, inputs: Sequence[str], *outputs: str, **attributes: Any) -> None:
        name = outputs[0]
        self._nodes.append(helper.make_node(operator, inputs, outputs, name=name, **attributes))

    def product(self, name: str, hidden: str, *, bias: bool = True) -> None:
        weight, scales = _quantized(self.state[f"{name}.weight"].T)
        self.constant(f"{name}.int8", weight)
        self.constant(f"{name}.scales", scales)
        self.constant(f"{name}.zeros", np.zeros(len(scales), np.int8))
        inputs = [hidden, f"{name}.int8", f"{name}.scales", f"{name}.zeros"]
        if bias:
            self.weight(f"{name}.bias")
            inputs.append(f"{name}.bias")
        self.node("DynamicQuantizeMatMul", inputs, name, domain=_ONNXRUNTIME)

    def norm(self, name: str, hidden: str) -> str:
        for kind in ("weight", "bias"):
            self.weight(f"{name}.{kind}")
        inputs = [hidden, f"{name}.weight", f"{name}.bias"]
        self.node("LayerNormalization", inputs, name, axis=-1, epsilon=EPSILON)
        return name

    def model(self) -> ModelProto:
        value = helper.make_tensor_value_info
        names = ("input_ids", "token_type_ids", "attention_mask")
        inputs = [value(name, TensorProto.INT64, ["texts", "tokens"]) for name in names]
        graph = helper.make_graph(
            self._nodes,
            "reader",
            [*inputs, value("position_ids", TensorProto.INT64, ["tokens"])],
            [
                value("span", TensorProto.FLOAT, ["texts", "tokens", 2]),
                value("answers", TensorProto.FLOAT, ["texts", 1]),
            ],
            list(self._tensors.values()),
        )
        opsets = [helper.make_opsetid(domain, version) for domain, version in _OPSETS.items()]
        return helper.make_model(graph, opset_imports=opsets, ir_version=_IR_VERSION)


def _quantized(weight: Array) -> tuple[NDArray[np.int8], NDArray[np.float32]]:
    """Returns the matrix in int8, and the scale of each column."""
    scales = np.maximum(np.abs(weight).max(axis=0), 1e-12) / 127
    rounded = np.round(weight / scales).astype(np.int8)
    return rounded, scales.astype(np.float32)


def reader_of(checkpoints: Path, *, averaged: bool) -> Reader:
    saved = torch.load(checkpoints / CHECKPOINT_FILE, weights_only=True)
    reader = Reader()
    reader.load_state_dict(saved["average" if averaged else "reader"])
    return reader.eval()


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, prog="python -m training.export")
    parser.add_argument("checkpoints", type=Path, help="folder that training wrote to")
    parser.add_argument("--to", type=Path, default=WEIGHTS, help="folder of the weights")
    parser.add_argument("--last", action="store_true", help="the last weights, not the average")
    options = parser.parse_args()
    write_weights(reader_of(options.checkpoints, averaged=not options.last), options.to)
    print(f"{sum(f.stat().st_size for f in options.to.iterdir()) / 1e6:.1f} MB in {options.to}")


if __name__ == "__main__":
    main()
