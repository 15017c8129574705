"""What a big archive costs: memory, text work beside embedding, and reading it all again.

python -m benchmarks.archive [--articles 10000] [--real 300] [--sets FOLDER] [--profile]

The articles have three passages each, of made-up words or, with --sets, of sentences drawn from
time. The first of the many are embedded with the real model, all others by counting words:
embedding is linear, and all of it would take an hour. So what is compared is the embedding of
those, and the text work of all: everything that an ingest does but the embedding.
"""

import argparse
import cProfile
import json
import pstats
import random
import resource
import subprocess
import sys
import tempfile
import time
import zlib
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass
from itertools import accumulate
from pathlib import Path

import numpy as np

from benchmarks.table import Figure, print_table
from bot.newsdesk import Newsdesk
from bot.settings import Settings
from ingest.pipeline import Pipeline
from ingest.text.sentences import split_sentences
from vectorstore.library import Library
from vectorstore.models import Embedder, Vectors

SEED = 1963
CHARACTERS = 2_600
"""Of an article: three passages."""

FEW = 1_000


@dataclass(frozen=True, slots=True)
class Measured:
    """What a child process tells of its ingests, in seconds and megabytes."""

    articles: int
    passages: int
    first: float
    embedding: float
    """Part of `first`."""

    embedding_an_article: float
    """With the real model."""

    again: float
    peak_mb: float


class MostlyCounting:
    """The real model for the first articles, then vectors of word counts; keeps its time."""

    def __init__(self, real: Embedder, articles: int) -> None:
        self.fingerprint = real.fingerprint
        self.dimensions = real.dimensions
        self.seconds = 0.0
        self._real = real
        self._left = articles
        self._articles = articles
        self._real_seconds = 0.0

    @property
    def seconds_an_article(self) -> float:
        """With the real model."""
        return self._real_seconds / max(1, self._articles - self._left)

    def embed(self, texts: Sequence[str]) -> Vectors:
        started = time.perf_counter()
        vectors = self._real.embed(texts) if self._left > 0 else self._count(texts)
        seconds = time.perf_counter() - started
        self.seconds += seconds
        if self._left > 0:
            # Passages begin with the title and its number, sentences don't.
            articles = len({text.split("\n")[0] for text in texts if "\n" in text})
            self._left -= articles
            self._real_seconds += seconds
        return vectors

    def _count(self, texts: Sequence[str]) -> Vectors:
        vectors = np.zeros((len(texts), self.dimensions), dtype=np.float32)
        for row, text in zip(vectors, texts, strict=True):
            for word in text.split():
                row[zlib.crc32(word.encode()) % self.dimensions] += 1
        return np.asarray(vectors / np.linalg.norm(vectors, axis=1, keepdims=True), np.float32)


def write_archive(file: Path, articles: int, sentences: Iterator[str]) -> None:
    """Write records of three passages each."""
    with file.open("w", encoding="utf-8") as out:
        for number in range(articles):
            text = ""
            while len(text) < CHARACTERS:
                text += next(sentences) + " "
            day = f"{1960 + number % 60}-{1 + number % 12:02}-{1 + number % 28:02}"
            record = {"id": f"a{number}", "title": f"Report number {number}", "source": "TIME"}
            out.write(json.dumps(record | {"published_at": day, "text": text}) + "\n")


def made_up_sentences() -> Iterator[str]:
    """Sentences of made-up words, as often as words are: the n-th one in 1/n of the places."""
    chosen = random.Random(SEED)
    syllables = [c + v for c in "bdfgklmnprstvz" for v in "aeiou"]
    words = ["".join(chosen.choices(syllables, k=chosen.randint(1, 4))) for _ in range(20_000)]
    weights = list(accumulate(1 / rank for rank in range(1, len(words) + 1)))
    while True:
        drawn = chosen.choices(words, cum_weights=weights, k=chosen.randint(8, 28))
        yield " ".join(drawn).capitalize() + "."


def real_sentences(sets: Path) -> Iterator[str]:
    """Sentences of time, drawn by lot."""
    lines = (sets / "time" / "corpus.jsonl").read_text(encoding="utf-8").splitlines()
    texts = [json.loads(line)["text"] for line in lines]
    pool = [text[start:end] for text in texts for start, end in split_sentences(text)]
    chosen = random.Random(SEED)
    while True:
        yield chosen.choice(pool)


def ingest_twice(corpus: Path, home: Path, really_embedded: int) -> Measured:
    """Ingest an archive into an empty folder, then again unchanged."""
    with Newsdesk.from_settings(Settings(newsdesk_home=home)) as newsdesk:
        library = newsdesk.library
        if really_embedded:
            library.embedder.embed(["The first text loads the model."])
        embedder = MostlyCounting(library.embedder, really_embedded)
        pipeline = Pipeline(
            Library(library.ledger, library.index, embedder, home=home), max_bytes=20_000_000
        )
        first = pipeline.run([str(corpus)])
        again = pipeline.run([str(corpus)])
        counts = library.ledger.counts()
    assert first.counts["added"] == again.counts["unchanged"] == counts["articles"]
    return Measured(
        counts["articles"],
        counts["passages"],
        first.seconds,
        embedder.seconds,
        embedder.seconds_an_article,
        again.seconds,
        resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024,
    )


def measure(articles: int, really_embedded: int, sets: Path | None) -> list[Figure]:
    with tempfile.TemporaryDirectory() as folder:
        few = _in_a_child(Path(folder), FEW, 0, sets)
        many = _in_a_child(Path(folder), articles, really_embedded, sets)
    text_work, text_work_of_few = (
        (measured.first - measured.embedding) / measured.articles for measured in (many, few)
    )
    return [
        Figure("articles", many.articles),
        Figure("passages an article", many.passages / many.articles),
        Figure("peak memory, model included: MB", many.peak_mb, at_most=600),
        Figure(f"without the model, {FEW:,} articles: MB", few.peak_mb),
        Figure("embedding an article: ms", 1000 * many.embedding_an_article),
        Figure("all else for an article: ms", 1000 * text_work),
        Figure("embedding / all else", many.embedding_an_article / text_work, at_least=20),
        Figure(f"all else, against {FEW:,} articles", text_work / text_work_of_few, at_most=1.3),
        Figure("unchanged, again: seconds", many.again, at_most=30),
    ]


def _in_a_child(folder: Path, articles: int, really_embedded: int, sets: Path | None) -> Measured:
    """Measure in a process of its own, whose memory is that of the ingest alone."""
    corpus = folder / f"{articles}.jsonl"
    write_archive(corpus, articles, real_sentences(sets) if sets else made_up_sentences())
    command = [sys.executable, "-m", "benchmarks.archive", "--ingest", str(corpus)]
    command += ["--real", str(really_embedded)]
    run = subprocess.run(command, stdout=subprocess.PIPE, check=True)
    return Measured(**json.loads(run.stdout))


def _profiled(folder: Path, articles: int, really_embedded: int, sets: Path | None) -> None:
    """Print which functions of the ingest take most time."""
    corpus = folder / "corpus.jsonl"
    write_archive(corpus, articles, real_sentences(sets) if sets else made_up_sentences())
    profile = cProfile.Profile()
    profile.runcall(ingest_twice, corpus, folder / "home", really_embedded)
    pstats.Stats(profile).sort_stats("cumulative").print_stats(45)


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--articles", type=int, default=10_000)
    parser.add_argument("--real", type=int, default=300, help="articles for the real model")
    parser.add_argument("--sets", type=Path, help="the folder with time, for real sentences")
    parser.add_argument("--profile", action="store_true", help="show where the time goes instead")
    parser.add_argument("--ingest", type=Path, help=argparse.SUPPRESS)
    given = parser.parse_args()
    if given.ingest:
        home = given.ingest.with_suffix("")
        sys.stdout.write(json.dumps(asdict(ingest_twice(given.ingest, home, given.real))))
    elif given.profile:
        with tempfile.TemporaryDirectory() as folder:
            _profiled(Path(folder), given.articles, given.real, given.sets)
    else:
        print_table(measure(given.articles, given.real, given.sets))
