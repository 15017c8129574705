"""A pipeline with an archive of its own, and files for it to read."""

import json
from collections.abc import Sequence
from pathlib import Path

from ingest.pipeline import Pipeline
from ingest.report import Report
from tests.archive import WordEmbedder, open_library


class Desk:
    """A pipeline with an archive of its own, and the embedder that counts."""

    def __init__(self, home: Path) -> None:
        home.mkdir()
        self.embedder = WordEmbedder()
        self.library = open_library(home, self.embedder)

    def ingest(
        self, *sources: Path, prune: bool = False, audience: str = "", jobs: int = 2
    ) -> Report:
        """`audience` is the conversations, by their ids with spaces between; "" is everyone."""
        pipeline = Pipeline(self.library, max_bytes=1_000_000, jobs=jobs)
        return pipeline.run(
            [str(source) for source in sources], prune=prune, audience=frozenset(audience.split())
        )

    @property
    def audiences(self) -> list[str]:
        return [" ".join(sorted(a.audience)) for a in self.library.ledger.articles()]


def write_records(file: Path, *texts: str, **more: str) -> Path:
    lines = [json.dumps({"id": f"r{i}", "text": text} | more) for i, text in enumerate(texts)]
    file.write_text("\n".join(lines), encoding="utf-8")
    return file


def statuses(report: Report) -> Sequence[str]:
    return [source.status for source in report.sources]
