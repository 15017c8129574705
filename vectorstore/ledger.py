"""The ledger: articles, versions and passages in SQL, the truth that the index is derived from."""

from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, Row, delete, func, insert, select, update

from vectorstore.database import Database
from vectorstore.errors import EmbeddingModelChangedError
from vectorstore.models import (
    PUBLISHED,
    Article,
    Embedded,
    Entry,
    Filters,
    Listing,
    Passage,
    Publication,
    Revision,
    Status,
)
from vectorstore.notices import act, mark, pending_notices, unmatched_notices
from vectorstore.rows import (
    article_from,
    current_articles,
    entry_from,
    one_passage_from,
    pack_sentences,
    pack_vector,
    passage_from,
)
from vectorstore.schema import (
    articles,
    containers,
    discarded,
    index_state,
    passages,
    versions,
)
from vectorstore.versions import discard_passages, forget_container, text_digest, write_versions
from vectorstore.visibility import audiences_of, publication_of, published, status_columns, visible

ENTRIES_A_BATCH = 1_000
EMBEDDED_A_BATCH = 256


@dataclass(frozen=True, slots=True)
class IndexState:
    """What the ledger knows of the index."""

    archive_id: str
    fingerprint: str | None
    dimensions: int | None
    generation: int
    folder: str
    dirty: bool
    seal: str


@dataclass(frozen=True, slots=True)
class State:
    """What shows whether an article that arrives again is stored as it is."""

    digest: str
    audience: frozenset[str]
    container: str
    title: str


@dataclass(frozen=True, slots=True)
class Twin:
    """Another article with the same text, and the file or page that it stands in."""

    article_id: str
    origin: str
    container: str


class Ledger:
    """Stores versions of articles; every method is one transaction.

    A version is written `pending` and made `current` when the index has its vectors. Only
    current versions are ever read as articles.
    """

    def __init__(self, database: Database) -> None:
        self.database = database

    def add_pending(
        self, revisions: Sequence[Revision], embedded: Sequence[Embedded], *, fingerprint: str
    ) -> list[bool]:
        """Write new versions of different articles with their vectors.

        True for each that was written: not when its digest is already current, as
        happens when two ingests of the same file run at once.
        """
        with self.database.writing() as connection:
            return write_versions(connection, revisions, embedded, fingerprint)

    def make_current(self) -> set[str]:
        """Turn all pending versions into the current ones and retire those they replace.

        Notices among them act in the same transaction: returns the ids of the articles that they
        withdraw or supersede.
        """
        with self.database.writing() as connection:
            changed = act(connection, pending_notices(connection))
            pending = select(versions.c.article_id).where(versions.c.state == "pending")
            replaced = (
                connection.execute(
                    select(versions.c.version_id).where(
                        versions.c.state == "current", versions.c.article_id.in_(pending)
                    )
                )
                .scalars()
                .all()
            )
            for version_id in replaced:
                discard_passages(connection, version_id)
                connection.execute(
                    update(versions)
                    .where(versions.c.version_id == version_id)
                    .values(state="retired")
                )
            connection.execute(
                update(versions).where(versions.c.state == "pending").values(state="current")
            )
        return changed

    def match_notices(self, article_ids: Sequence[str]) -> set[str]:
        """Let those of these articles act that are notices, and found no story before.

        Returns the ids of the articles whose status changed.
        """
        with self.database.reading() as connection:
            if not unmatched_notices(connection, article_ids):
                return set()
        with self.database.writing() as connection:
            return act(connection, unmatched_notices(connection, article_ids))

    def remove(self, article_ids: Iterable[str]) -> int:
        """Remove articles with all their versions; returns how many there were."""
        removed = 0
        with self.database.writing() as connection:
            for article_id in article_ids:
                owner = select(articles.c.container).where(articles.c.article_id == article_id)
                container = connection.execute(owner).scalar()
                if container is None:
                    continue
                removed += 1
                for version_id in connection.execute(
                    select(versions.c.version_id).where(versions.c.article_id == article_id)
                ).scalars():
                    discard_passages(connection, version_id)
                connection.execute(delete(articles).where(articles.c.article_id == article_id))
                forget_container(connection, container)
        return removed

    def entries(self, state: str) -> Iterator[list[Entry]]:
        """The index entries of all versions in this state, in batches, in order of their keys."""
        after = 0
        while batch := self._entries_after(after, state):
            yield batch
            after = batch[-1].key

    def entries_of(self, article_id: str) -> list[Entry]:
        """The index entries of an article's current version."""
        return self._entries(
            _entries().where(versions.c.state == "current", versions.c.article_id == article_id)
        )

    def _entries_after(self, key: int, state: str) -> list[Entry]:
        after = _entries().where(versions.c.state == state, passages.c.id > key)
        return self._entries(after.order_by(passages.c.id).limit(ENTRIES_A_BATCH))

    def _entries(self, query: Any) -> list[Entry]:
        with self.database.reading() as connection:
            rows = connection.execute(query).all()
            given_to = audiences_of(connection, {row.version_id for row in rows if row.private})
        return [entry_from(row, given_to.get(row.version_id, frozenset())) for row in rows]

    def keys(self) -> list[int]:
        """The keys of all passages of current versions."""
        with self.database.reading() as connection:
            return list(
                connection.execute(
                    select(passages.c.id)
                    .join(versions, versions.c.version_id == passages.c.version_id)
                    .where(versions.c.state == "current")
                ).scalars()
            )

    def embedded_otherwise(self, fingerprint: str) -> list[tuple[int, Revision]]:
        """The next passages embedded with another model, each as a revision of one chunk."""
        query = (
            select(passages)
            .where(passages.c.embedded_with != fingerprint)
            .order_by(passages.c.id)
            .limit(EMBEDDED_A_BATCH)
        )
        with self.database.reading() as connection:
            return [(row.id, one_passage_from(row)) for row in connection.execute(query)]

    def set_vectors(
        self, keys: Sequence[int], embedded: Sequence[Embedded], *, fingerprint: str
    ) -> None:
        """Exchange the vectors of passages, in the form of revisions of one chunk each."""
        with self.database.writing() as connection:
            for key, vectors in zip(keys, embedded, strict=True):
                connection.execute(
                    update(passages)
                    .where(passages.c.id == key)
                    .values(
                        embedding=pack_vector(vectors.passages[0]),
                        sentence_embeddings=pack_sentences(vectors.sentences[0]),
                        embedded_with=fingerprint,
                    )
                )

    def discarded(self) -> list[int]:
        with self.database.reading() as connection:
            return list(connection.execute(select(discarded.c.id)).scalars())

    def forget_discarded(self, keys: Sequence[int]) -> None:
        with self.database.writing() as connection:
            for start in range(0, len(keys), ENTRIES_A_BATCH):
                batch = keys[start : start + ENTRIES_A_BATCH]
                connection.execute(delete(discarded).where(discarded.c.id.in_(batch)))

    def is_settled(self) -> bool:
        """Whether nothing is pending and no vector is left to drop."""
        with self.database.reading() as connection:
            pending = select(versions.c.version_id).where(versions.c.state == "pending").limit(1)
            return (
                connection.execute(pending).first() is None
                and connection.execute(select(discarded.c.id).limit(1)).first() is None
            )

    def index_state(self) -> IndexState:
        with self.database.reading() as connection:
            return IndexState(*connection.execute(select(index_state)).one())

    def require_model(self, fingerprint: str, connection: Connection) -> bool:
        """Whether anything was embedded yet.

        Raises `EmbeddingModelChangedError` if it was, with another model.
        """
        stored = connection.execute(select(index_state.c.fingerprint)).scalar()
        if stored is not None and stored != fingerprint:
            raise EmbeddingModelChangedError(
                f"The archive was embedded with {stored}, but the settings name {fingerprint}. "
                "Vectors of two models can't be compared: set EMBEDDINGS back, or embed "
                "everything anew with: newsdesk doctor --reembed"
            )
        return stored is not None

    def set_index_state(self, **values: object) -> None:
        """Change columns of the one row about the index."""
        with self.database.writing() as connection:
            connection.execute(update(index_state).values(**values))

    def states(self, article_ids: Sequence[str]) -> dict[str, State]:
        """The state of the current version of each of these articles that is stored."""
        found: dict[str, State] = {}
        query = select(
            versions.c.article_id,
            versions.c.version_id,
            versions.c.digest,
            versions.c.private,
            versions.c.title,
            articles.c.container,
        ).join(articles, articles.c.article_id == versions.c.article_id)
        with self.database.reading() as connection:
            for start in range(0, len(article_ids), ENTRIES_A_BATCH):
                batch = article_ids[start : start + ENTRIES_A_BATCH]
                rows = connection.execute(
                    query.where(versions.c.state == "current", versions.c.article_id.in_(batch))
                ).all()
                private = {row.version_id for row in rows if row.private}
                given_to = audiences_of(connection, private) if private else {}
                for row in rows:
                    audience = given_to.get(row.version_id, frozenset())
                    state = State(row.digest, audience, row.container, row.title)
                    found[row.article_id] = state
        return found

    def container_digests(self) -> dict[str, str]:
        """The digest of each file that was ingested whole, by its path."""
        with self.database.reading() as connection:
            return {row.container: row.digest for row in connection.execute(select(containers))}

    def set_containers(self, digests: Mapping[str, str]) -> None:
        """Note the digests of files that were ingested whole, by their paths."""
        if not digests:
            return
        with self.database.writing() as connection:
            for container, digest in digests.items():
                forget_container(connection, container)
                connection.execute(insert(containers).values(container=container, digest=digest))

    def in_containers(self) -> dict[str, list[str]]:
        """The ids of the stored articles, by the file they came from."""
        found: dict[str, list[str]] = {}
        with self.database.reading() as connection:
            for row in connection.execute(select(articles.c.container, articles.c.article_id)):
                found.setdefault(row.container, []).append(row.article_id)
        return found

    def same_texts(self, others: Sequence[Article]) -> dict[str, list[Twin]]:
        """The current articles with exactly the same text as others, by the ids of those."""
        digests = {article.article_id: text_digest(article.text) for article in others}
        query = (
            select(
                versions.c.text_digest,
                articles.c.article_id,
                articles.c.origin,
                articles.c.container,
            )
            .join(versions, versions.c.article_id == articles.c.article_id)
            .where(
                *published(),
                versions.c.text_digest.in_(digests.values()),
                versions.c.private.is_(False),
            )
            .order_by(articles.c.origin)
        )
        with self.database.reading() as connection:
            rows = connection.execute(query).all()
        return {
            article_id: [
                Twin(row.article_id, row.origin, row.container)
                for row in rows
                if row.text_digest == digest and row.article_id != article_id
            ]
            for article_id, digest in digests.items()
        }

    def listings(
        self,
        filters: Filters | None = None,
        *,
        limit: int | None = None,
        statuses: Collection[Status] = PUBLISHED,
    ) -> list[Listing]:
        """The articles with these statuses, newest first, undated last.

        Without filters, of all audiences; with filters only what is published.
        """
        count = func.count(passages.c.id)
        only_published = filters is not None or tuple(statuses) == PUBLISHED
        current = published() if only_published else [versions.c.state == "current"]
        query = (
            select(versions, *status_columns()[5:], count.label("passages"))
            .join(articles, articles.c.article_id == versions.c.article_id)
            .join(passages, passages.c.version_id == versions.c.version_id, isouter=True)
            .where(*(visible(filters) if filters else current))
            .group_by(versions.c.version_id)
            .order_by(versions.c.published_at.desc().nulls_last(), versions.c.article_id)
            .limit(limit)
        )
        with self.database.reading() as connection:
            listed = [_listing(row) for row in connection.execute(query)]
        return [one for one in listed if only_published or one.publication.status in statuses]

    def publication(self, article_id: str) -> Publication | None:
        """What is in force for an article; None where there is none with this id."""
        query = (
            select(*status_columns())
            .join(articles, articles.c.article_id == versions.c.article_id)
            .where(versions.c.state == "current", versions.c.article_id == article_id)
        )
        with self.database.reading() as connection:
            row = connection.execute(query).first()
        return None if row is None else publication_of(row)

    def publications(self, article_ids: Sequence[str] | None = None) -> dict[str, Publication]:
        """What is in force for each of these articles, or for all, by its id."""
        query = (
            select(versions.c.article_id, *status_columns())
            .join(articles, articles.c.article_id == versions.c.article_id)
            .where(versions.c.state == "current")
        )
        queries = [query]
        if article_ids is not None:
            queries = [
                query.where(versions.c.article_id.in_(article_ids[at : at + ENTRIES_A_BATCH]))
                for at in range(0, len(article_ids), ENTRIES_A_BATCH)
            ]
        with self.database.reading() as connection:
            rows = [row for one in queries for row in connection.execute(one)]
        return {row.article_id: publication_of(row) for row in rows}

    def is_marked(self, article_id: str) -> bool:
        """Whether a person or a notice set a status over that of the copy."""
        with self.database.reading() as connection:
            query = select(articles.c.status).where(articles.c.article_id == article_id)
            return connection.execute(query).scalar() is not None

    def unpublished(self, *, for_everyone: bool = False) -> dict[Status, Counter[str]]:
        """How many articles are not published, by status and reason.

        Of all audiences, or only those `for_everyone`.
        """
        not_published = versions.c.version_id.not_in(
            select(versions.c.version_id).where(*published())
        )
        query = (
            select(*status_columns())
            .join(articles, articles.c.article_id == versions.c.article_id)
            .where(versions.c.state == "current", not_published)
            .where(*([versions.c.private.is_(False)] if for_everyone else []))
        )
        counts: dict[Status, Counter[str]] = {}
        with self.database.reading() as connection:
            for row in connection.execute(query):
                publication = publication_of(row)
                counts.setdefault(publication.status, Counter())[publication.reason or ""] += 1
        return counts

    def set_status(
        self,
        article_id: str,
        status: Status | None,
        *,
        reason: str | None = None,
        superseded_by: str | None = None,
    ) -> None:
        """Set the status of an article over that of its copy; None lets the copy's be in force."""
        with self.database.writing() as connection:
            mark(connection, [article_id], status, reason=reason, superseded_by=superseded_by)

    def article(self, article_id: str, *, unpublished: bool = False) -> Article | None:
        """A published article; with `unpublished`, whatever its status is."""
        query = current_articles(unpublished=unpublished)
        with self.database.reading() as connection:
            row = connection.execute(query.where(versions.c.article_id == article_id)).first()
            if row is None:
                return None
            return article_from(row, audiences_of(connection, {row.version_id}).get(row.version_id))

    def articles(self, *, unpublished: bool = False) -> Iterator[Article]:
        """All published articles, in the order of their ids; with `unpublished`, the rest too."""
        query = current_articles(unpublished=unpublished).order_by(versions.c.article_id)
        with self.database.reading() as connection:
            given_to = audiences_of(connection, None)
            for row in connection.execute(query):
                yield article_from(row, given_to.get(row.version_id))

    def passages(self, article_id: str, *, unpublished: bool = False) -> list[Passage]:
        """The passages of a published article's current version, in reading order."""
        query = (
            select(passages, versions.c.article_id)
            .join(versions, versions.c.version_id == passages.c.version_id)
            .where(
                *([versions.c.state == "current"] if unpublished else published()),
                versions.c.article_id == article_id,
            )
            .order_by(passages.c.position)
        )
        with self.database.reading() as connection:
            return [passage_from(row) for row in connection.execute(query)]

    def dates_covered(self, filters: Filters | None = None) -> tuple[str, str] | None:
        """The first and the last published date of the articles the asker may see."""
        query = select(func.min(versions.c.published_at), func.max(versions.c.published_at)).where(
            *visible(filters or Filters())
        )
        with self.database.reading() as connection:
            first, last = connection.execute(query).one()
        return (first, last) if first else None

    def counts(self, filters: Filters | None = None) -> dict[str, int]:
        """How many published articles and passages there are; of all audiences without filters."""
        seen = visible(filters) if filters else published()
        current = select(versions.c.version_id).where(*seen)
        with self.database.reading() as connection:
            return {
                "articles": connection.scalar(select(func.count()).select_from(current.subquery()))
                or 0,
                "passages": connection.scalar(
                    select(func.count())
                    .select_from(passages)
                    .where(passages.c.version_id.in_(current))
                )
                or 0,
            }


def _listing(row: Row[Any]) -> Listing:
    return Listing(
        row.article_id,
        row.title,
        row.source,
        row.url,
        row.published_at,
        row.passages,
        row.number,
        publication_of(row),
    )


def _entries() -> Any:
    """What the index keeps of passages."""
    return (
        select(
            passages.c.id,
            passages.c.embedding,
            versions.c.version_id,
            versions.c.article_id,
            versions.c.source,
            versions.c.published_at,
            versions.c.private,
            versions.c.status,
            articles.c.status.label("mark"),
        )
        .join(versions, versions.c.version_id == passages.c.version_id)
        .join(articles, articles.c.article_id == versions.c.article_id)
    )
