"""Writes the versions of articles: the statements inside the ledger's transactions."""

import hashlib
import json
from collections.abc import Iterator
from datetime import UTC, datetime

from sqlalchemy import Connection, delete, insert, select, update

from vectorstore.audiences import widened
from vectorstore.models import Embedded, Revision
from vectorstore.packing import pack_sentences, pack_vector
from vectorstore.rows import audiences_of
from vectorstore.schema import articles, audiences, containers, discarded, passages, versions
from vectorstore.stories import forget_signature, join_story


def write_version(
    connection: Connection, revision: Revision, embedded: Embedded, fingerprint: str
) -> bool:
    """Write a version as pending; False where it is current already, for all it is given to.

    Whoever sees the article now goes on to see it.
    """
    article = revision.article
    latest = connection.execute(
        select(versions.c.version_id, versions.c.number, versions.c.state, versions.c.digest)
        .where(versions.c.article_id == article.article_id)
        .order_by(versions.c.number.desc())
    ).first()
    audience = article.audience
    if latest is not None and latest.state == "current":
        stored = audiences_of(connection, {latest.version_id}).get(latest.version_id, frozenset())
        audience = widened(stored, audience)
        if latest.digest == revision.digest and audience == stored:
            return False
    _claim(connection, revision)
    number = 1 if latest is None else latest.number + 1
    version_id = connection.execute(
        insert(versions)
        .values(
            article_id=article.article_id,
            number=number,
            state="pending",
            title=article.title,
            text=article.text,
            source=article.source,
            source_folded=article.source.casefold(),
            url=article.url,
            published_at=article.published_at,
            dated_by=article.dated_by,
            private=bool(audience),
            digest=revision.digest,
            text_digest=text_digest(article.text),
            ingested_at=datetime.now(UTC).isoformat(timespec="seconds"),
            author=article.author,
            updated_at=article.updated_at,
            language=article.language,
        )
        .returning(versions.c.version_id)
    ).scalar_one()
    if audience:
        connection.execute(
            insert(audiences),
            [{"version_id": version_id, "conversation": c} for c in sorted(audience)],
        )
    join_story(connection, version_id, article.article_id, article.text)
    if revision.chunks:
        rows = _passage_rows(revision, embedded, number)
        connection.execute(
            insert(passages),
            [row | {"version_id": version_id, "embedded_with": fingerprint} for row in rows],
        )
    return True


def _claim(connection: Connection, revision: Revision) -> None:
    """Record where the article stands now; a file it stood in before is not whole any more."""
    article_id = revision.article.article_id
    known = connection.execute(
        select(articles.c.container).where(articles.c.article_id == article_id)
    ).scalar()
    if known is None:
        connection.execute(
            insert(articles).values(
                article_id=article_id,
                origin=revision.article.origin,
                container=revision.container,
            )
        )
    elif known != revision.container:
        forget_container(connection, known)
        connection.execute(
            update(articles)
            .where(articles.c.article_id == article_id)
            .values(origin=revision.article.origin, container=revision.container)
        )


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
