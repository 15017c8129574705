"""Trains the reader in the background: `python -m training.train CHECKPOINTS --until 18:30`.

Several threads each read a batch and compute its gradients in bfloat16; whoever is ready steps the
float32 weights that they share. No thread waits for another, so a busy machine costs no more than
its share. The learning rate falls with the clock, to nothing at the end, however many windows that
makes. Runs again with the same folder, it goes on from the last checkpoint.
"""

import argparse
import copy
import datetime
import json
import random
import threading
import time
from collections import Counter, deque
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import torch
from torch import Tensor
from torch.nn import functional

from training.encoding import Encoded, Encoder, batches
from training.examples import ExampleMaker, Shares
from training.hard import hard_passages
from training.mix import HeldOut, clean_rows, held_out_texts, read_rows, sample_rows
from training.model import NO_SPAN, Reader, base_folder, base_reader

ROOT = Path(__file__).parents[1]
SAMPLE = ROOT / "samples" / "biden-putin-talks.txt"
CHECKPOINT_FILE, LOG_FILE = "checkpoint.pt", "log.jsonl"


@dataclass(frozen=True, slots=True)
class Plan:
    """The settings of a run."""

    batch: int = 32
    rate: float = 2e-4
    head_rate: float = 1e-3
    warm_up_steps: int = 100
    weight_decay: float = 0.01
    average_steps: int = 400
    """About how many of the last steps the averaged weights cover."""
    workers: int = 2
    seed: int = 1


@dataclass(frozen=True, slots=True)
class Batch:
    """Tensors of (texts, tokens), and the labels of (texts,)."""

    ids: Tensor
    types: Tensor
    mask: Tensor
    spans: Tensor
    """Where a span may stand: the text, and the first token for none."""
    start: Tensor
    end: Tensor
    answerable: Tensor
    span_known: Tensor


def collate(items: list[Encoded]) -> Batch:
    shape = (len(items), max(len(item.ids) for item in items))
    ids, types = torch.zeros(shape, dtype=torch.long), torch.zeros(shape, dtype=torch.long)
    mask, spans = torch.zeros(shape), torch.zeros(shape, dtype=torch.bool)
    spans[:, 0] = True
    for number, item in enumerate(items):
        length = len(item.ids)
        ids[number, :length] = torch.tensor(item.ids)
        types[number, item.second : length] = 1
        mask[number, :length] = 1
        spans[number, item.text : length - 1] = True
    return Batch(
        ids=ids,
        types=types,
        mask=mask,
        spans=spans,
        start=torch.tensor([item.start for item in items]),
        end=torch.tensor([item.end for item in items]),
        answerable=torch.tensor([float(item.answerable) for item in items]),
        span_known=torch.tensor([float(item.span_known) for item in items]),
    )


def losses(reader: Reader, batch: Batch) -> tuple[Tensor, Tensor]:
    """Returns the mean loss of the spans and that of "answers"."""
    starts, ends, answers = reader(batch.ids, batch.types, batch.mask)
    starts = starts.masked_fill(~batch.spans, NO_SPAN)
    ends = ends.masked_fill(~batch.spans, NO_SPAN)
    span = functional.cross_entropy(starts, batch.start, reduction="none")
    span = (span + functional.cross_entropy(ends, batch.end, reduction="none")) / 2
    known = batch.span_known
    span_loss = (span * known).sum() / known.sum().clamp(min=1)
    return span_loss, functional.binary_cross_entropy_with_logits(answers, batch.answerable)


class Trainer:
    """Holds the shared weights, the optimizer and the place in the schedule."""

    def __init__(self, reader: Reader, plan: Plan, folder: Path, ends_at: float) -> None:
        self.reader = reader
        self.plan = plan
        self.folder = folder
        self.ends_at = ends_at
        self.started_at = time.time()
        self.steps = self.windows = 0
        reader.embeddings.requires_grad_(False)
        self.weights = [weight for weight in reader.parameters() if weight.requires_grad]
        heads = [*reader.span.parameters(), *reader.answers.parameters()]
        self.average = copy.deepcopy(reader)
        self._optimizer = torch.optim.AdamW(
            [
                {"params": list(reader.layers.parameters()), "peak": plan.rate},
                {"params": heads, "peak": plan.head_rate},
            ],
            weight_decay=plan.weight_decay,
            fused=True,
        )
        self._lock = threading.Lock()
        self._recent: deque[tuple[float, float]] = deque(maxlen=100)
        self._logged_at, self._logged_windows = time.time(), 0
        self._saved_at = time.time()

    def resume(self) -> bool:
        file = self.folder / CHECKPOINT_FILE
        if not file.exists():
            return False
        saved = torch.load(file, weights_only=True)
        self.reader.load_state_dict(saved["reader"])
        self.average.load_state_dict(saved["average"])
        self._optimizer.load_state_dict(saved["optimizer"])
        self.steps, self.windows = saved["steps"], saved["windows"]
        self.started_at = saved["started_at"]
        self._logged_windows = self.windows
        return True

    def save(self) -> None:
        state = {
            "reader": self.reader.state_dict(),
            "average": self.average.state_dict(),
            "optimizer": self._optimizer.state_dict(),
            "steps": self.steps,
            "windows": self.windows,
            "started_at": self.started_at,
        }
        part = self.folder / "checkpoint.part"
        torch.save(state, part)
        part.replace(self.folder / CHECKPOINT_FILE)
        self._saved_at = time.time()

    def progress(self) -> float:
        return (time.time() - self.started_at) / (self.ends_at - self.started_at)

    def work(self, stream: Iterator[list[Encoded]], max_steps: int | None) -> None:
        """Trains until the end, in the calling thread; several may."""
        torch.set_num_threads(1)
        own = copy.deepcopy(self.reader)
        own.layers.bfloat16()
        # Looked up once in float32, embeddings are rounded only where the layers begin.
        own.embeddings.bfloat16()
        weights = [weight for weight in own.parameters() if weight.requires_grad]
        while self.progress() < 1 and (max_steps is None or self.steps < max_steps):
            with self._lock, torch.no_grad():
                items = next(stream)
                torch._foreach_copy_(weights, self.weights)
            span, answers = losses(own, collate(items))
            gradients = torch.autograd.grad(span + answers, weights)
            with self._lock:
                self._step(gradients, (span.item(), answers.item()), len(items))

    def _step(self, gradients: Any, loss: tuple[float, float], windows: int) -> None:
        rate = min(1.0, (self.steps + 1) / self.plan.warm_up_steps)
        rate *= max(0.01, 1 - self.progress())
        for group in self._optimizer.param_groups:
            group["lr"] = group["peak"] * rate
        for weight, gradient in zip(self.weights, gradients, strict=True):
            weight.grad = gradient.float()
        torch.nn.utils.clip_grad_norm_(self.weights, 1.0)
        self._optimizer.step()
        self.steps += 1
        self.windows += windows
        self._recent.append(loss)
        if self.steps % 10 == 0:
            self._update_average()
        if self.steps % 100 == 0:
            self._log(rate)
        if time.time() - self._saved_at > 240:
            self.save()

    def _update_average(self) -> None:
        # The first steps forget quickly, or the untrained heads would linger.
        keep = max(0.0, 1 - 10 / min(self.plan.average_steps, self.steps / 4 + 10))
        pairs = zip(self.average.parameters(), self.reader.parameters(), strict=True)
        with torch.no_grad():
            for old, new in pairs:
                if new.requires_grad:
                    old.lerp_(new, 1 - keep)

    def _log(self, rate: float) -> None:
        now = time.time()
        pace = (self.windows - self._logged_windows) / (now - self._logged_at)
        self._logged_at, self._logged_windows = now, self.windows
        spans, answers = zip(*self._recent, strict=True)
        entry = {
            "time": datetime.datetime.now(datetime.UTC).strftime("%H:%M:%S"),
            "step": self.steps,
            "windows": self.windows,
            "rate": round(rate, 4),
            "span_loss": round(sum(spans) / len(spans), 4),
            "answers_loss": round(sum(answers) / len(answers), 4),
            "windows_per_second": round(pace, 1),
        }
        with (self.folder / LOG_FILE).open("a") as log:
            log.write(json.dumps(entry) + "\n")


def stream_of(data: Path, plan: Plan, shares: Shares, limit: int | None, skip: int) -> Any:
    """Returns batches without end, and prints what the mix holds."""
    rng = random.Random(plan.seed * 1_000_003 + skip)
    held_out = HeldOut(held_out_texts(data, SAMPLE))
    rows, dropped = clean_rows(read_rows(data / "reading" / "train.jsonl.gz"), held_out)
    print(f"{len(rows)} rows; {dropped} left out that share text with what is measured on")
    rows = sample_rows(rows, rng)
    if limit:
        rows = rng.sample(rows, limit)
    print(json.dumps(Counter(row.set for row in rows)))
    maker = ExampleMaker(rows, hard_passages(rows), shares=shares, rng=rng)
    encoder = Encoder(base_folder() / "tokenizer.json")
    encoded = (item for example in maker if (item := encoder.encode(example)))
    return batches(encoded, plan.batch, rng)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, prog="python -m training.train")
    parser.add_argument("checkpoints", type=Path, help="folder of the checkpoint and the log")
    parser.add_argument("--data", type=Path, default=ROOT / "../shared/data")
    parser.add_argument("--until", default="", help="time of day to end at, as 18:30")
    parser.add_argument("--hours", type=float, default=2.0, help="how long, without --until")
    parser.add_argument("--steps", type=int, help="end after so many steps")
    parser.add_argument("--rows", type=int, help="use only so many rows")
    parser.add_argument("--workers", type=int, default=2)
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args()
    plan = Plan(workers=options.workers, seed=options.seed)
    shares = Shares()
    torch.manual_seed(plan.seed)
    torch.set_num_threads(1)
    options.checkpoints.mkdir(parents=True, exist_ok=True)
    ends_at = _time_of(options.until) if options.until else time.time() + options.hours * 3600
    trainer = Trainer(base_reader(base_folder()), plan, options.checkpoints, ends_at)
    resumed = trainer.resume()
    print(json.dumps({"plan": asdict(plan), "shares": asdict(shares), "resumed": resumed}))
    stream = stream_of(options.data, plan, shares, options.rows, trainer.steps)
    if not resumed:
        trainer.started_at = time.time()
    threads = [
        threading.Thread(target=trainer.work, args=(stream, options.steps))
        for _ in range(plan.workers)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    trainer.save()
    print(f"{trainer.steps} steps, {trainer.windows} windows")


def _time_of(text: str) -> float:
    """Returns the next moment that the clock shows this time of day, in UTC."""
    hour, minute = map(int, text.split(":"))
    now = datetime.datetime.now(datetime.UTC)
    end = now.replace(hour=hour, minute=minute, second=0, microsecond=0)
    return (end if end > now else end + datetime.timedelta(days=1)).timestamp()


if __name__ == "__main__":
    main()
