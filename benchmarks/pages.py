"""How much of the story the page reader finds on real pages, beside trafilatura alone.

python -m benchmarks.pages --sets FOLDER [--each]

FOLDER/pages/pages.jsonl.gz has a page a line: `url`, `html_base64`, the text of its story in
`main_content`, and `title`, `author` and `publish_date` where they are known.
"""

import argparse
import base64
import gzip
import json
import logging
import re
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from statistics import fmean
from typing import Any

from benchmarks.table import Figure, print_table
from ingest.dates.find import date_article
from ingest.drafts import Draft
from ingest.errors import IngestError
from ingest.files import SourceFile
from ingest.html.extract import DOUBT, extract_paragraphs
from ingest.html.hidden import remove_hidden
from ingest.readers.html import parse_page, read_page
from ingest.text.clean import clean
from ingest.text.decode import decode

_WORD = re.compile(r"\w+")
_MOST_BYTES = 20_000_000
_LOST = 1 / 4
"""Of the story's words: with fewer, the stored text is another."""


@dataclass(frozen=True, slots=True)
class Measured:
    """One page: how well it was read, and by trafilatura alone."""

    url: str
    f1: float
    f1_alone: float
    recall: float
    seconds: float
    seconds_alone: float
    refusal: str
    notes: tuple[str, ...]
    """Of doubt whether the text is the story."""

    right: dict[str, bool]
    """Of title, author and date, those that the set has."""

    @property
    def is_lost_silently(self) -> bool:
        return not self.refusal and not self.notes and self.recall < _LOST


def measure(folder: Path) -> Iterator[Measured]:
    """Yield what is measured of each page."""
    with gzip.open(folder / "pages" / "pages.jsonl.gz", "rt", encoding="utf-8") as lines:
        for line in lines:
            yield _measure_page(json.loads(line))


def figures(pages: Sequence[Measured]) -> list[Figure]:
    """Sum up what is measured of all pages."""
    alone = fmean(page.f1_alone for page in pages)
    seconds = sum(page.seconds for page in pages)
    return [
        Figure("F1 of words, before the gate", fmean(page.f1 for page in pages), at_least=alone),
        Figure("F1 of trafilatura alone", alone),
        Figure("pages refused", sum(bool(page.refusal) for page in pages), at_most=3),
        Figure("pages stored with a note", sum(bool(page.notes) for page in pages)),
        Figure("stories lost silently", sum(page.is_lost_silently for page in pages), at_most=0),
        Figure(
            "CPU time, in that of trafilatura alone",
            seconds / sum(page.seconds_alone for page in pages),
            at_most=1.8,
        ),
        Figure("CPU time of a page, in ms", 1_000 * seconds / len(pages)),
        *(
            Figure(f"{name} right", _share_right(pages, name))
            for name in ("title", "author", "date")
        ),
    ]


def _measure_page(row: dict[str, Any]) -> Measured:
    from trafilatura import extract as extract_alone

    data = base64.b64decode(row["html_base64"])
    html, story = decode(data, None).text, row["main_content"]
    begin = time.process_time()
    alone = extract_alone(html, include_comments=False) or ""
    middle = time.process_time()
    text = _text_before_gate(data)
    end = time.process_time()
    refusal, draft = "", None
    try:
        draft = read_page(
            data, SourceFile(Path("page.html"), len(data), _MOST_BYTES, url=row["url"])
        )
    except IngestError as error:
        refusal = str(error)
    return Measured(
        url=row["url"],
        f1=_scores(text, story)[0],
        f1_alone=_scores(alone, story)[0],
        recall=_scores(clean(draft.text, draft.title).text, story)[1] if draft else 0.0,
        seconds=end - middle,
        seconds_alone=middle - begin,
        refusal=refusal,
        notes=tuple(n for n in draft.notes if n.startswith(DOUBT)) if draft else (),
        right=_facts_right(draft, row),
    )


def _text_before_gate(data: bytes) -> str:
    """Read a page as an ingest does, without its facts and without asking if it is a story."""
    page, _ = parse_page(data, None)
    title = page.findtext(".//title")
    remove_hidden(page)
    return clean("\n\n".join(extract_paragraphs(page)), title).text


def _scores(text: str, story: str) -> tuple[float, float]:
    """Return F1 and recall of the words of a text, each counted as often as it stands there."""
    ours, theirs = _words(text), _words(story)
    common = (ours & theirs).total()
    if not common:
        return 0.0, 0.0
    precision, recall = common / ours.total(), common / theirs.total()
    return 2 * precision * recall / (precision + recall), recall


def _words(text: str) -> Counter[str]:
    return Counter(_WORD.findall(text.casefold()))


def _facts_right(draft: Draft | None, row: dict[str, Any]) -> dict[str, bool]:
    read: dict[str, str | None] = {}
    if draft:
        read = {"title": draft.title, "author": draft.author, "date": _day(draft)}
    known = {"title": row["title"], "author": row["author"], "date": row["publish_date"]}
    return {
        name: _words(read.get(name) or "") == _words(value)
        for name, value in known.items()
        if value
    }


def _day(draft: Draft) -> str:
    dated = date_article(
        clean(draft.text, draft.title).text,
        today=datetime.now(UTC).date(),
        title=draft.title or "",
        metadata=draft.published_at,
        url=draft.url,
    )
    return (dated.published_at or "")[:10]


def _share_right(pages: Sequence[Measured], name: str) -> float:
    return fmean(page.right[name] for page in pages if name in page.right)


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--sets", type=Path, required=True, help="the folder with the sets")
    parser.add_argument("--each", action="store_true", help="show every page, too")
    arguments = parser.parse_args()
    logging.getLogger("trafilatura").setLevel(logging.CRITICAL)
    measured = list(measure(arguments.sets))
    if arguments.each:
        for page in measured:
            wrong = ",".join(name for name, is_right in page.right.items() if not is_right)
            print(
                f"{page.f1:.3f} {page.f1_alone:.3f} {page.recall:.3f} wrong:{wrong} {page.url}"
                f" {page.refusal} {page.notes}"
            )
    print_table(figures(measured))
