"""Reads windows of text for the words that answer a question; says so where there are none."""

import hashlib
import json
import threading
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from bot.errors import ReaderDamagedError

if TYPE_CHECKING:
    from onnxruntime import InferenceSession
    from tokenizers import Tokenizer

WEIGHTS = Path(__file__).parent / "weights"
GRAPH_FILE, TOKENIZER_FILE, MANIFEST_FILE = "reader.onnx", "tokenizer.json", "manifest.json"

MAX_TOKENS = 160
"""Of question, title and text together; the text is cut where it does not fit."""
MAX_QUESTION_TOKENS = 40
MAX_TITLE_TOKENS = 24
MAX_SPAN_TOKENS = 40

# A batch of so many tokens, padding included: larger ones are no faster on two cores.
_BATCH_TOKENS = 1024
_MAX_CHARACTERS = 4000
_CLS, _SEP = 101, 102

Floats = NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class Window:
    """A few whole sentences of an article, under its title."""

    title: str
    text: str


@dataclass(frozen=True, slots=True)
class Span:
    """Words of a window's text, in characters; `score` is their logits less those of no answer."""

    start: int
    end: int
    score: float


@dataclass(frozen=True)
class Reading:
    """What the reader makes of one window."""

    answers: float
    """Logit that the window answers the question, in whatever words: yes/no questions too."""
    starts: Floats
    """For each token of the text, the logit of a span's start there less that of no answer."""
    ends: Floats
    offsets: NDArray[np.int64]
    """Characters of each token in the window's text (tokens, 2)."""

    def best(self, start: int = 0, end: int | None = None) -> Span | None:
        """Returns the best span that begins between two characters; None where no token does."""
        inside = self.offsets[:, 0] >= start
        if end is not None:
            inside &= self.offsets[:, 0] < end
        if not inside.any():
            return None
        scores = np.where(inside[:, None], self._scores, -np.inf)
        first, last = divmod(int(scores.argmax()), scores.shape[1])
        return Span(
            start=int(self.offsets[first, 0]),
            end=int(self.offsets[last, 1]),
            score=float(scores[first, last]),
        )

    @cached_property
    def _scores(self) -> Floats:
        """The score of every span (first token, last token); -inf where it is none."""
        scores = self.starts[:, None] + self.ends[None, :]
        length = np.arange(len(self.ends))[None, :] - np.arange(len(self.starts))[:, None]
        fits = (length >= 0) & (length < MAX_SPAN_TOKENS)
        return np.where(fits, scores, -np.inf).astype(np.float32)


class Reader:
    """Loads its weights when first asked to read; safe to share between threads."""

    def __init__(self, folder: Path = WEIGHTS, *, threads: int | None = None) -> None:
        """`threads` work on one batch: by default, as many as onnxruntime chooses."""
        self._folder = folder
        self._threads = threads
        self._loading = threading.Lock()
        self._model: _Model | None = None

    @property
    def is_installed(self) -> bool:
        return (self._folder / GRAPH_FILE).exists()

    def load(self) -> None:
        """Makes ready to read; does nothing if it is. Raises ReaderDamagedError."""
        self._loaded()

    def check(self) -> None:
        """Raises ReaderDamagedError if a file is missing or not the one that was shipped."""
        _check(self._folder)

    def read(self, question: str, windows: Sequence[Window]) -> list[Reading]:
        """Reads every window for the question; a reading for each, in their order."""
        if not windows:
            return []
        return self._loaded().read(question, windows)

    def _loaded(self) -> "_Model":
        with self._loading:
            if self._model is None:
                self._model = _load(self._folder, self._threads)
            return self._model


@dataclass(frozen=True, slots=True)
class _Encoded:
    ids: list[int]
    second: int
    text: int
    offsets: list[tuple[int, int]]


@dataclass(frozen=True, slots=True)
class _Model:
    session: "InferenceSession"
    tokenizer: "Tokenizer"

    def read(self, question: str, windows: Sequence[Window]) -> list[Reading]:
        asked = self._ids(question)[:MAX_QUESTION_TOKENS]
        encoded = [self._encode(asked, window) for window in windows]
        readings: dict[int, Reading] = {}
        for batch in _batches(encoded):
            chosen = [encoded[place] for place in batch]
            readings.update(zip(batch, self._run(chosen), strict=True))
        return [readings[place] for place in range(len(windows))]

    def _encode(self, question: list[int], window: Window) -> _Encoded:
        """Lays out [CLS] question [SEP] title . text [SEP], as the reader was trained."""
        title = self._ids(window.title)[:MAX_TITLE_TOKENS] if window.title else []
        if title:
            title = [*title, *self._ids(".")]
        text = self.tokenizer.encode(_utf8(window.text), add_special_tokens=False)
        room = MAX_TOKENS - 3 - len(question) - len(title)
        ids = [_CLS, *question, _SEP, *title, *text.ids[:room], _SEP]
        second = 2 + len(question)
        return _Encoded(ids, second, second + len(title), text.offsets[:room])

    def _ids(self, text: str) -> list[int]:
        ids: list[int] = self.tokenizer.encode(_utf8(text), add_special_tokens=False).ids
        return ids

    def _run(self, batch: Sequence[_Encoded]) -> Iterator[Reading]:
        longest = max(len(item.ids) for item in batch)
        ids = np.zeros((len(batch), longest), dtype=np.int64)
        types, mask = np.zeros_like(ids), np.zeros_like(ids)
        for row, item in enumerate(batch):
            ids[row, : len(item.ids)] = item.ids
            types[row, item.second : len(item.ids)] = 1
            mask[row, : len(item.ids)] = 1
        feed = {
            "input_ids": ids,
            "token_type_ids": types,
            "attention_mask": mask,
            "position_ids": np.arange(longest),
        }
        spans, answers = (np.asarray(value) for value in self.session.run(None, feed))
        for row, item in enumerate(batch):
            logits = spans[row, item.text : item.text + len(item.offsets)] - spans[row, 0]
            yield Reading(
                answers=float(answers[row, 0]),
                starts=logits[:, 0],
                ends=logits[:, 1],
                offsets=np.array(item.offsets, dtype=np.int64).reshape(-1, 2),
            )


def _utf8(text: str) -> str:
    """Cuts the text to what could be read, without lone surrogates, which have no UTF-8 form."""
    return text[:_MAX_CHARACTERS].encode("utf-8", "replace").decode("utf-8")


def _batches(encoded: Sequence[_Encoded]) -> Iterator[list[int]]:
    """Groups windows of like length, so that little is spent on padding."""
    batch: list[int] = []
    for place in sorted(range(len(encoded)), key=lambda place: -len(encoded[place].ids)):
        if batch and (len(batch) + 1) * len(encoded[batch[0]].ids) > _BATCH_TOKENS:
            yield batch
            batch = []
        batch.append(place)
    if batch:
        yield batch


def _load(folder: Path, threads: int | None) -> _Model:
    import onnxruntime
    from tokenizers import Tokenizer

    _check(folder)
    options = onnxruntime.SessionOptions()
    options.log_severity_level = 3
    # The graph is written as it should run.
    options.graph_optimization_level = onnxruntime.GraphOptimizationLevel.ORT_DISABLE_ALL
    if threads is not None:
        options.intra_op_num_threads = threads
    # Threads that spin while they wait take the processor from whatever else runs.
    options.add_session_config_entry("session.intra_op.allow_spinning", "0")
    session = onnxruntime.InferenceSession(
        folder / GRAPH_FILE, options, providers=["CPUExecutionProvider"]
    )
    tokenizer = Tokenizer.from_file(str(folder / TOKENIZER_FILE))
    tokenizer.no_padding()
    tokenizer.no_truncation()
    return _Model(session, tokenizer)


def _check(folder: Path) -> None:
    """Compares the files with the manifest; 23 MB take about 15 ms."""
    try:
        manifest = json.loads((folder / MANIFEST_FILE).read_text(encoding="utf-8"))
        for name, file in manifest.items():
            with (folder / name).open("rb") as handle:
                found = hashlib.file_digest(handle, "sha256").hexdigest()
            if found != file["sha256"]:
                raise ReaderDamagedError(
                    f"{folder / name} is not the file that was shipped (SHA-256 expected "
                    f"{file['sha256']}, found {found}): install Newsdesk again"
                )
    except (OSError, ValueError, TypeError, KeyError) as error:
        raise ReaderDamagedError(
            f"the reader's weights in {folder} cannot be read ({error}): install Newsdesk again"
        ) from error
