"""Exports: the archive as JSONL that `newsdesk ingest` takes back, a conversation as Markdown."""

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from bot.answers import Answer, without_marks
from bot.errors import ExportError
from bot.phrasing import also_in, remarks, written_day
from vectorstore.models import Article, Publication


def records(
    articles: Iterable[Article], publications: Mapping[str, Publication]
) -> Iterator[dict[str, Any]]:
    """Each article as a record of such a file; what it does not have is left out.

    Of those in `publications` the record has the status that is in force.
    """
    for article in articles:
        # What is published has no need to say so, unless its text reads like a notice.
        publication = publications.get(
            article.article_id, Publication(expires=article.publication.expires)
        )
        is_plain = publication.status == "published" and article.notice is None
        record = {
            "id": article.article_id,
            "title": article.title,
            "text": article.text,
            "format": "text",
            "url": article.url,
            "source": article.source,
            "published_at": article.published_at,
            "dated_by": article.dated_by,
            "updated_at": article.updated_at,
            "author": article.author,
            "language": article.language,
            "slug": article.slug,
            "status": None if is_plain else publication.status,
            "status_reason": publication.reason,
            "embargo": publication.until if publication.status == "embargoed" else None,
            "expires": publication.expires,
            "superseded_by": publication.superseded_by,
            "corrected_at": article.corrected_at,
        }
        yield {key: value for key, value in record.items() if value}


def write_jsonl(file: Path, lines: Iterable[dict[str, Any]]) -> int:
    """Write the file whole or not at all; returns how many lines it has."""
    draft = file.with_name(file.name + ".part")
    count = 0
    try:
        with draft.open("w", encoding="utf-8") as out:
            for line in lines:
                out.write(json.dumps(line, ensure_ascii=False) + "\n")
                count += 1
        draft.replace(file)
    except OSError as error:
        raise ExportError(f"{file} can't be written: {error.strerror}.") from error
    finally:
        draft.unlink(missing_ok=True)
    return count


def transcript(answers: Sequence[Answer]) -> str:
    """Questions as headings, answers with numbered citations below them."""
    return "\n\n".join("\n".join(_turn(answer)) for answer in answers) + "\n"


def _turn(answer: Answer) -> Iterator[str]:
    yield f"## {' '.join(answer.question.split())}"
    yield ""
    if not answer.found:
        yield answer.text
    for sentence in answer.sentences:
        yield f"{without_marks(sentence.text)} {sentence.marks}"
    if answer.citations:
        yield ""
    for citation in answer.citations:
        about = (
            citation.title,
            citation.source,
            written_day(citation.published_at),
            citation.url,
            also_in(citation.also_in),
        )
        yield f"{citation.number}. “{citation.quote}” {', '.join(part for part in about if part)}"
    for remark in remarks(answer):
        yield f"\n*{remark}*"
