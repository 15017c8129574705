"""Writes the versions of articles: the statements inside the ledger's transactions."""

import hashlib
import json
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import Connection, delete, insert, select, update

from vectorstore.duplicates import forget_signature, join_story
from vectorstore.models import Embedded, Revision
from vectorstore.rows import pack_sentences, pack_vector
from vectorstore.schema import articles, audiences, containers, discarded, passages, versions
from vectorstore.visibility import audiences_of, widened


def write_versions(
    connection: Connection,
    revisions: Sequence[Revision],
    embedded: Sequence[Embedded],
    fingerprint: str,
) -> list[bool]:
    """Write versions of different articles as pending.

    True for each that was written: not where it is current already for its whole audience.
    Whoever sees an article now goes on to see it.
    """
    latest = _latest(connection, [revision.article.article_id for revision in revisions])
    current = {row.version_id for row in latest.values() if row.state == "current"}
    seen_by = audiences_of(connection, current) if current else {}
    new: list[tuple[Revision, Embedded, frozenset[str], int]] = []
    written = []
    for revision, vectors in zip(revisions, embedded, strict=True):
        before = latest.get(revision.article.article_id)
        audience = revision.article.audience
        if before is not None and before.state == "current":
            stored = seen_by.get(before.version_id, frozenset())
            audience = widened(stored, audience)
            if before.digest == revision.digest and audience == stored:
                written.append(False)
                continue
        new.append((revision, vectors, audience, before.number + 1 if before is not None else 1))
        written.append(True)
    if new:
        _claim(connection, [revision for revision, *_ in new])
        _insert(connection, new, fingerprint)
    return written


def _latest(connection: Connection, article_ids: Sequence[str]) -> dict[str, Any]:
    """The row of the version of each article that has the highest number."""
    query = (
        select(
            versions.c.article_id,
            versions.c.version_id,
            versions.c.number,
            versions.c.state,
            versions.c.digest,
        )
        .where(versions.c.article_id.in_(article_ids))
        .order_by(versions.c.number)
    )
    return {row.article_id: row for row in connection.execute(query)}


def _claim(connection: Connection, revisions: Sequence[Revision]) -> None:
    """Record where the articles stand now; a file one stood in before is not whole any more."""
    ids = [revision.article.article_id for revision in revisions]
    query = select(articles.c.article_id, articles.c.container)
    rows = connection.execute(query.where(articles.c.article_id.in_(ids)))
    known = {row.article_id: row.container for row in rows}
    fresh = []
    for revision in revisions:
        article_id = revision.article.article_id
        position = {"origin": revision.article.origin, "container": revision.container}
        if article_id not in known:
            fresh.append(position | {"article_id": article_id})
        elif known[article_id] != revision.container:
            forget_container(connection, known[article_id])
            connection.execute(
                update(articles).where(articles.c.article_id == article_id).values(position)
            )
    if fresh:
        connection.execute(insert(articles), fresh)


def _insert(
    connection: Connection,
    new: Sequence[tuple[Revision, Embedded, frozenset[str], int]],
    fingerprint: str,
) -> None:
    """Insert versions, each with its vectors, its audience and its number."""
    ingested_at = datetime.now(UTC).isoformat(timespec="seconds")
    returning = insert(versions).returning(versions.c.version_id, sort_by_parameter_order=True)
    rows = [_version_row(r, audience, number, ingested_at) for r, _, audience, number in new]
    version_ids = list(connection.execute(returning, rows).scalars())
    given_to = [
        {"version_id": version_id, "conversation": conversation}
        for version_id, (_, _, audience, _) in zip(version_ids, new, strict=True)
        for conversation in sorted(audience)
    ]
    if given_to:
        connection.execute(insert(audiences), given_to)
    cut: list[dict[str, object]] = []
    for version_id, (revision, vectors, _, number) in zip(version_ids, new, strict=True):
        more = {"version_id": version_id, "embedded_with": fingerprint}
        cut += [row | more for row in _passage_rows(revision, vectors, number)]
    if cut:
        connection.execute(insert(passages), cut)
    for version_id, (revision, *_) in zip(version_ids, new, strict=True):
        join_story(connection, version_id, revision.article.article_id, revision.article.text)


def _version_row(
    revision: Revision, audience: frozenset[str], number: int, ingested_at: str
) -> dict[str, object]:
    article = revision.article
    return {
        "article_id": article.article_id,
        "number": number,
        "state": "pending",
        "title": article.title,
        "text": article.text,
        "source": article.source,
        "source_folded": article.source.casefold(),
        "url": article.url,
        "published_at": article.published_at,
        "dated_by": article.dated_by,
        "private": bool(audience),
        "digest": revision.digest,
        "text_digest": text_digest(article.text),
        "ingested_at": ingested_at,
        "author": article.author,
        "updated_at": article.updated_at,
        "language": article.language,
        "slug": article.slug,
        "status": article.publication.status,
        "status_reason": article.publication.reason,
        "embargo_until": article.publication.until,
        "expires_at": article.publication.expires,
        "superseded_by": article.publication.superseded_by,
        "notice": article.notice.kind if article.notice else None,
        "corrected_at": article.corrected_at,
        "concerns": article.notice.concerns if article.notice else None,
    }


def _passage_rows(
    revision: Revision, embedded: Embedded, number: int
) -> Iterator[dict[str, object]]:
    article = revision.article
    for position, chunk in enumerate(revision.chunks):
        yield {
            "passage_id": f"{article.article_id}:{number}:{position}",
            "position": position,
            "start": chunk.start,
            "end": chunk.end,
            "title": article.title,
            "text": article.text[chunk.start : chunk.end],
            "sentences": json.dumps(chunk.sentences, separators=(",", ":")),
            "embedding": pack_vector(embedded.passages[position]),
            "sentence_embeddings": pack_sentences(embedded.sentences[position]),
        }


def discard_passages(connection: Connection, version_id: int) -> None:
    """Delete a version's passages, noting that their vectors are still in the index.

    Nor is it found as a near-copy any more.
    """
    forget_signature(connection, version_id)
    of_version = passages.c.version_id == version_id
    connection.execute(
        insert(discarded).from_select(["id"], select(passages.c.id).where(of_version))
    )
    connection.execute(delete(passages).where(of_version))


def forget_container(connection: Connection, container: str) -> None:
    connection.execute(delete(containers).where(containers.c.container == container))


def text_digest(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()
