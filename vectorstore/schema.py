"""The ledger's tables; `migrations/` creates them, and the bot's, which register here too."""

from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    Float,
    ForeignKey,
    Integer,
    LargeBinary,
    MetaData,
    String,
    Table,
    Text,
)

REVISION = "0007"
"""The newest migration: a database at this revision is opened without importing Alembic."""

metadata = MetaData()
"""All tables of the database; the bot's are in `bot/tables.py` and `bot/slack/tables.py`."""

articles = Table(
    "articles",
    metadata,
    Column("article_id", String, primary_key=True),
    Column("origin", String, nullable=False, index=True),
    Column("container", String, nullable=False, index=True),
    Column("status", String),
    Column("status_reason", Text),
    Column("status_at", String),
    Column("superseded_by", String),
)
"""`status` is what a person or a notice set, null where that of the copy is in force."""

versions = Table(
    "versions",
    metadata,
    Column("version_id", Integer, primary_key=True, autoincrement=True),
    Column("article_id", ForeignKey("articles.article_id", ondelete="CASCADE"), nullable=False),
    Column("number", Integer, nullable=False),
    Column("state", String, nullable=False),
    Column("title", Text, nullable=False),
    Column("text", Text, nullable=False),
    Column("source", String, nullable=False),
    Column("source_folded", String, nullable=False),
    Column("url", String),
    Column("published_at", String, index=True),
    Column("dated_by", String),
    Column("private", Boolean, nullable=False),
    Column("digest", String, nullable=False),
    Column("text_digest", String, nullable=False, index=True),
    Column("ingested_at", String, nullable=False),
    Column("author", String),
    Column("updated_at", String),
    Column("language", String),
    Column("story", Integer, index=True),
    Column("story_end", Integer),
    Column("status", String, nullable=False, server_default="published"),
    Column("embargo_until", String),
    Column("expires_at", String),
    Column("status_reason", Text),
    Column("superseded_by", String),
    Column("slug", String),
    Column("notice", String),
    Column("concerns", Text),
    Column("corrected_at", String),
    sqlite_autoincrement=True,
)
"""`status` is that of the copy; `notice` is kill or correction, and `concerns` the story it names.
`story` groups near-copies, and is null without any; `story_end` is not used any more."""

signatures = Table(
    "signatures",
    metadata,
    Column("band", BigInteger, primary_key=True),
    Column(
        "version_id",
        ForeignKey("versions.version_id", ondelete="CASCADE"),
        primary_key=True,
        index=True,
    ),
    sqlite_with_rowid=False,
)
"""The bands by which near-copies of a version are found."""

audiences = Table(
    "audiences",
    metadata,
    Column(
        "version_id",
        ForeignKey("versions.version_id", ondelete="CASCADE"),
        primary_key=True,
    ),
    Column("conversation", String, primary_key=True),
)

passages = Table(
    "passages",
    metadata,
    Column("id", Integer, primary_key=True, autoincrement=True),
    Column("passage_id", String, nullable=False, unique=True),
    Column(
        "version_id",
        ForeignKey("versions.version_id", ondelete="CASCADE"),
        nullable=False,
        index=True,
    ),
    Column("position", Integer, nullable=False),
    Column("start", Integer, nullable=False),
    Column("end", Integer, nullable=False),
    Column("title", Text, nullable=False),
    Column("text", Text, nullable=False),
    Column("sentences", Text, nullable=False),
    Column("embedding", LargeBinary, nullable=False),
    Column("sentence_embeddings", LargeBinary, nullable=False),
    Column("embedded_with", String, nullable=False),
    sqlite_autoincrement=True,
)

discarded = Table(
    "discarded",
    metadata,
    Column("id", Integer, primary_key=True, autoincrement=False),
)
"""Passages that are gone from the ledger, and whose vectors the index has yet to drop."""

containers = Table(
    "containers",
    metadata,
    Column("container", String, primary_key=True),
    Column("digest", String, nullable=False),
)

index_state = Table(
    "index_state",
    metadata,
    Column("archive_id", String, primary_key=True),
    Column("fingerprint", String),
    Column("dimensions", Integer),
    Column("generation", Integer, nullable=False),
    Column("folder", String, nullable=False),
    Column("dirty", Boolean, nullable=False),
    Column("seal", Text, nullable=False),
)

ingest_runs = Table(
    "ingest_runs",
    metadata,
    Column("run_id", Integer, primary_key=True, autoincrement=True),
    Column("started_at", String, nullable=False),
    Column("seconds", Float),
    Column("added", Integer, nullable=False, server_default="0"),
    Column("updated", Integer, nullable=False, server_default="0"),
    Column("unchanged", Integer, nullable=False, server_default="0"),
    Column("removed", Integer, nullable=False, server_default="0"),
    Column("failed", Integer, nullable=False, server_default="0"),
    Column("started_by", String, nullable=False, server_default="ingest"),
    Column("sources", Text, nullable=False, server_default="[]"),
    Column("problem", Text),
)
"""`sources` is a JSON list of the sources of the run, `problem` what ended it early; `seconds` is
null until it is over."""

pages = Table(
    "pages",
    metadata,
    Column("url", String, primary_key=True),
    Column("final_url", String, nullable=False),
    Column("etag", String),
    Column("last_modified", String),
    Column("fetched_at", String, nullable=False),
    Column("body", LargeBinary),
)
"""Pages that were fetched from the web, with what a server needs to answer "not modified"; of feeds
`body` is what they held, compressed."""
