"""Tries the whole way: `python -m training.check --data FOLDER`, about two minutes.

Trains three steps, goes on from the checkpoint for three more, exports, and compares what
onnxruntime and torch make of ten rows: int8 may move a logit a little, but not the best span.
"""

import argparse
import subprocess
import sys
import tempfile
from pathlib import Path

import numpy as np
import torch

from bot.reader import Reader as OnnxReader
from bot.reader import Window
from training.encoding import Encoder
from training.examples import Example
from training.export import reader_of, write_weights
from training.mix import read_rows
from training.model import base_folder

ROWS = 10
TOLERANCE = 1.0
"""In logits, which range over some 20."""


def train(folder: Path, data: Path, steps: int) -> str:
    command = [sys.executable, "-m", "training.train", str(folder), "--data", str(data)]
    limits = ["--steps", str(steps), "--rows", "400", "--hours", "0.2"]
    run = subprocess.run([*command, *limits], check=True, capture_output=True, text=True)
    return run.stdout


def difference(folder: Path, weights: Path, data: Path) -> float:
    """The largest difference of a window's logit "answers", over ten rows."""
    reader = reader_of(folder, averaged=False)
    onnx = OnnxReader(weights)
    encoder = Encoder(base_folder() / "tokenizer.json")
    differences = []
    for row, _ in zip(read_rows(data / "reading" / "dev.jsonl.gz"), range(ROWS), strict=False):
        text = row.text[:300]
        encoded = encoder.encode(Example(row.question, row.title, text, None, False))
        assert encoded is not None
        ids = torch.tensor([encoded.ids])
        types = (torch.arange(ids.shape[1]) >= encoded.second).long()[None]
        with torch.no_grad():
            ours = float(reader(ids, types, torch.ones(ids.shape))[2][0])
        [reading] = onnx.read(row.question, [Window(row.title, text)])
        differences.append(abs(ours - reading.answers))
    return float(np.max(differences))


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, prog="python -m training.check")
    parser.add_argument("--data", type=Path, required=True)
    data = parser.parse_args().data
    with tempfile.TemporaryDirectory() as work:
        folder, weights = Path(work, "checkpoints"), Path(work, "weights")
        assert '"resumed": false' in train(folder, data, 3)
        assert '"resumed": true' in train(folder, data, 6)
        write_weights(reader_of(folder, averaged=False), weights)
        largest = difference(folder, weights, data)
        print(f"onnxruntime against torch, {ROWS} rows: at most {largest:.3f} logits apart")
        if largest > TOLERANCE:
            raise SystemExit(f"more than {TOLERANCE}")


if __name__ == "__main__":
    main()
