"""Writes all-MiniLM-L6-v2 as a graph that onnxruntime runs as it stands."""

from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any, BinaryIO

import numpy as np
from numpy.typing import NDArray

if TYPE_CHECKING:
    from onnx import ModelProto, NodeProto, TensorProto

GRAPH_VERSION = 2
"""Counts changes to what is written; a folder of another version is not used."""

GRAPH_FILE = "model.onnx"
WEIGHTS_FILE = "model.weights"

State = Mapping[str, NDArray[np.float32]]
"""The model's weights by their names in its release."""

_DIMENSIONS, _LAYERS, _HEADS, _EPSILON = 384, 6, 12, 1e-12

# Attention and BiasGelu are onnxruntime's own; written here, nothing is left for its optimizer,
# which would put its SkipLayerNormalization for add and norm: the whole model took 12% longer.
_ONNXRUNTIME = "com.microsoft"
_OPSETS = {"": 17, _ONNXRUNTIME: 1}
_IR_VERSION = 8
_PAGE_BYTES = 4096


def write_graph(state: State, folder: Path) -> None:
    """Writes GRAPH_FILE and WEIGHTS_FILE, which belong side by side, to `folder`.

    Input: `input_ids` and `attention_mask` (texts, tokens), `position_ids` (tokens,), all int64.
    Output: the last hidden state (texts, tokens, 384), not yet pooled.
    """
    # Weights in a file of their own are mapped into memory: a session in 60 ms instead of 210.
    with (folder / WEIGHTS_FILE).open("wb") as weights:
        graph = _Graph(state, weights)
        hidden = _embeddings(graph)
        for layer in range(_LAYERS):
            attended = _attention(graph, f"encoder.layer.{layer}.attention", hidden)
            hidden = _feed_forward(graph, f"encoder.layer.{layer}", attended)
    (folder / GRAPH_FILE).write_bytes(graph.model(hidden).SerializeToString())


def _embeddings(graph: "_Graph") -> str:
    words = graph.weight("embeddings.word_embeddings.weight")
    # Every token is of type 0, so that row is a constant part of every position's.
    positions = graph.tensor(
        "positions",
        graph.state["embeddings.position_embeddings.weight"]
        + graph.state["embeddings.token_type_embeddings.weight"][0],
    )
    graph.node("Gather", [words, "input_ids"], "words")
    graph.node("Gather", [positions, "position_ids"], "places")
    graph.node("Add", ["words", "places"], "tokens")
    return graph.norm("embeddings.LayerNorm", "tokens")


def _attention(graph: "_Graph", name: str, hidden: str) -> str:
    parts = [f"{name}.self.{part}" for part in ("query", "key", "value")]
    weight = np.concatenate([graph.state[f"{part}.weight"].T for part in parts], axis=1)
    bias = np.concatenate([graph.state[f"{part}.bias"] for part in parts])
    inputs = [
        hidden,
        graph.tensor(f"{name}.qkv.weight", weight),
        graph.tensor(f"{name}.qkv.bias", bias),
        "mask",
    ]
    graph.node("Attention", inputs, f"{name}.heads", domain=_ONNXRUNTIME, num_heads=_HEADS)
    return graph.add_and_norm(f"{name}.output", f"{name}.heads", hidden)


def _feed_forward(graph: "_Graph", name: str, hidden: str) -> str:
    product = graph.product(f"{name}.intermediate.dense", hidden)
    bias = graph.weight(f"{name}.intermediate.dense.bias")
    graph.node("BiasGelu", [product, bias], f"{name}.wide", domain=_ONNXRUNTIME)
    return graph.add_and_norm(f"{name}.output", f"{name}.wide", hidden)


class _Graph:
    """Collects nodes, named by what they compute; weights go to their file as they come."""

    def __init__(self, state: State, weights: BinaryIO) -> None:
        self.state = state
        self._weights = weights
        self._tensors: list[TensorProto] = []
        self._nodes: list[NodeProto] = []

    def weight(self, name: str) -> str:
        return self.tensor(name, self.state[name])

    def tensor(self, name: str, array: NDArray[np.float32]) -> str:
        from onnx import TensorProto

        data = np.ascontiguousarray(array, dtype="<f4").tobytes()
        self._weights.write(bytes(-self._weights.tell() % _PAGE_BYTES))
        external = {"location": WEIGHTS_FILE, "offset": self._weights.tell(), "length": len(data)}
        self._weights.write(data)
        tensor = TensorProto(name=name, dims=array.shape, data_type=TensorProto.FLOAT)
        tensor.data_location = TensorProto.EXTERNAL
        for key, value in external.items():
            tensor.external_data.add(key=key, value=str(value))
        self._tensors.append(tensor)
        return name

    def node(self, operator: str, inputs: list[str], output: str, **attributes: Any) -> None:
        from onnx import helper

        self._nodes.append(helper.make_node(operator, inputs, [output], name=output, **attributes))

    def product(self, name: str, hidden: str) -> str:
        weight = self.tensor(f"{name}.weight", self.state[f"{name}.weight"].T)
        self.node("MatMul", [hidden, weight], f"{name}.product")
        return f"{name}.product"

    def add_and_norm(self, name: str, inner: str, residual: str) -> str:
        product, bias = self.product(f"{name}.dense", inner), self.weight(f"{name}.dense.bias")
        self.node("Add", [product, bias], f"{name}.dense")
        self.node("Add", [f"{name}.dense", residual], f"{name}.sum")
        return self.norm(f"{name}.LayerNorm", f"{name}.sum")

    def norm(self, name: str, hidden: str) -> str:
        inputs = [hidden, self.weight(f"{name}.weight"), self.weight(f"{name}.bias")]
        self.node("LayerNormalization", inputs, name, axis=-1, epsilon=_EPSILON)
        return name

    def model(self, hidden: str) -> "ModelProto":
        from onnx import TensorProto, helper

        mask = helper.make_node("Cast", ["attention_mask"], ["mask"], to=TensorProto.INT32)
        value = helper.make_tensor_value_info
        graph = helper.make_graph(
            [mask, *self._nodes],
            "all-MiniLM-L6-v2",
            [
                value("input_ids", TensorProto.INT64, ["texts", "tokens"]),
                value("attention_mask", TensorProto.INT64, ["texts", "tokens"]),
                value("position_ids", TensorProto.INT64, ["tokens"]),
            ],
            [value(hidden, TensorProto.FLOAT, ["texts", "tokens", _DIMENSIONS])],
            self._tensors,
        )
        opsets = [helper.make_opsetid(domain, version) for domain, version in _OPSETS.items()]
        return helper.make_model(graph, opset_imports=opsets, ir_version=_IR_VERSION)
