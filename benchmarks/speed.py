"""Speed, as ratios measured side by side in one run.

python -m benchmarks.speed --sets FOLDER
"""

import argparse
import json
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from functools import partial
from pathlib import Path
from statistics import median

from platformdirs import user_cache_path

from benchmarks.embedding import chroma_default
from benchmarks.table import Figure, print_table
from bot.chain import PASSAGES_READ
from bot.newsdesk import Newsdesk
from bot.settings import Settings

NEWSDESK = str(Path(sys.executable).with_name("newsdesk"))
ROUNDS = 7
QUESTIONS = 200


def cold(arguments: list[str], home: Path) -> float:
    """How many times as long a command takes as importing chromadb, each in a new process."""
    command = [NEWSDESK, *arguments]
    imported = [sys.executable, "-c", "import chromadb"]
    ratios = []
    for _ in range(ROUNDS + 1):
        ours = _seconds(lambda: _run(command, home))
        theirs = _seconds(lambda: _run(imported, home))
        ratios.append(ours / theirs)
    return median(ratios[1:])  # the first round fills the disk cache


def warm(newsdesk: Newsdesk, questions: list[str], folder: Path) -> float:
    """How many times as long a question takes as Chroma's default embedding function takes for
    the texts of its ten hits, one after the other in turn."""
    default = chroma_default(user_cache_path("newsdesk", appauthor=False), folder)
    default(["warm"])
    ours, theirs = [], []
    for question in questions:
        hits = newsdesk.search(question, limit=PASSAGES_READ, per_article=PASSAGES_READ)
        texts = [hit.passage.text for hit in hits]
        theirs.append(_seconds(partial(default, texts)))
        ours.append(_seconds(partial(newsdesk.ask, question)))
    return median(ours) / median(theirs)


def ingested(corpus: Path, home: Path) -> float:
    """Seconds that `newsdesk ingest` says it took for a corpus."""
    report = json.loads(_run([NEWSDESK, "ingest", str(corpus), "--json"], home))
    assert report["added"] + report["unchanged"] > 0
    return float(report["seconds"])


def measure(sets: Path) -> list[Figure]:
    """Measure the commands first: this process is small then, and idle beside them."""
    corpus = sets / "squad2-train" / "corpus.jsonl"
    lines = (sets / "squad2-train" / "questions.jsonl").read_text(encoding="utf-8").splitlines()
    questions = [json.loads(line)["question"] for line in lines[::20]][:QUESTIONS]
    with tempfile.TemporaryDirectory() as folder:
        home = Path(folder)
        first, second = ingested(corpus, home), ingested(corpus, home)
        asked, helped = cold(["ask", questions[0]], home), cold(["--help"], home)
        with Newsdesk.from_settings(Settings(newsdesk_home=home)) as newsdesk:
            for question in questions[:20]:
                newsdesk.ask(question)
            times = warm(newsdesk, questions, home / "chroma-default")
    return [
        Figure("first ingest / unchanged re-ingest", first / second, at_least=100),
        Figure("warm question / Chroma's embedding of its ten hits", times, at_most=0.5),
        Figure("newsdesk ask, cold / import chromadb", asked, at_most=1.7),
        Figure("newsdesk --help / import chromadb", helped, at_most=0.35),
    ]


def _run(command: list[str], home: Path) -> bytes:
    environment = {**os.environ, "NEWSDESK_HOME": str(home)}
    return subprocess.run(command, env=environment, stdout=subprocess.PIPE, check=True).stdout


def _seconds(work: Callable[[], object]) -> float:
    started = time.perf_counter()
    work()
    return time.perf_counter() - started


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--sets", type=Path, required=True, help="the folder with squad2-train")
    print_table(measure(parser.parse_args().sets))
