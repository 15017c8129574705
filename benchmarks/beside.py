"""How long questions wait while another process ingests.

python -m benchmarks.beside --corpus FILE.jsonl
"""

import argparse
import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from statistics import median

from benchmarks.table import Figure, print_table
from bot.newsdesk import Newsdesk
from bot.settings import Settings

QUESTION = "What was said of the talks?"
QUESTIONS_ALONE = 50


def measure(corpus: Path) -> list[Figure]:
    with tempfile.TemporaryDirectory() as folder:
        settings = Settings(newsdesk_home=Path(folder))
        with Newsdesk.from_settings(settings) as newsdesk:
            newsdesk.pipeline().run([str(_first_lines(corpus, Path(folder) / "first.jsonl"))])
            alone = [_seconds(newsdesk) for _ in range(QUESTIONS_ALONE)]
            command = [str(Path(sys.executable).with_name("newsdesk")), "ingest", str(corpus)]
            environment = {**os.environ, "NEWSDESK_HOME": folder}
            ingest = subprocess.Popen(command, env=environment, stdout=subprocess.DEVNULL)
            beside = []
            while ingest.poll() is None:
                beside.append(_seconds(newsdesk))
                time.sleep(0.05)
            return [
                Figure("questions asked during the ingest", len(beside)),
                Figure("alone: median seconds", median(alone)),
                Figure("beside: median seconds", median(beside)),
                Figure("beside: longest, seconds", max(beside)),
            ]


def _first_lines(corpus: Path, file: Path) -> Path:
    lines = corpus.read_text(encoding="utf-8").splitlines()[:50]
    file.write_text("\n".join(lines), encoding="utf-8")
    return file


def _seconds(newsdesk: Newsdesk) -> float:
    started = time.perf_counter()
    newsdesk.ask(QUESTION)
    return time.perf_counter() - started


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--corpus", type=Path, required=True, help="JSON lines with a `text` each")
    print_table(measure(parser.parse_args().corpus))
