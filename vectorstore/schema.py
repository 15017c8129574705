"""The tables of the ledger; `migrations/` makes them."""

from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    Float,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    String,
    Table,
    Text,
    UniqueConstraint,
)

REVISION = "0005"
"""The newest migration: a database at this revision is opened without importing Alembic."""

metadata = MetaData()

articles = Table(
    "articles",
    metadata,
    Column("article_id", String, primary_key=True),
    Column("origin", String, nullable=False, index=True),
    Column("container", String, nullable=False, index=True),
)

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
    sqlite_autoincrement=True,
)
"""`story` groups near-copies, and is null without any; `story_end` is not used any more."""

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
"""`sources` is a JSON list of what the run was given, `problem` what ended it early; `seconds` is
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
"""Pages that were fetched from the web, with what a server needs to say "not modified"; of feeds
`body` is what they held, compressed."""

inbox = Table(
    "inbox",
    metadata,
    Column("id", Integer, primary_key=True, autoincrement=True),
    Column("event_id", String, nullable=False, unique=True),
    Column("place", String, unique=True),
    Column("about", String, nullable=False, index=True),
    Column("kind", String, nullable=False),
    Column("conversation", String, nullable=False),
    Column("thread", String),
    Column("person", String, nullable=False),
    Column("body", Text, nullable=False),
    Column("state", String, nullable=False),
    Column("received_at", Float, nullable=False),
    Column("claimed_by", String),
    Column("leased_until", Float),
    Column("tries", Integer, nullable=False, server_default="0"),
    Column("reply_ts", String),
    sqlite_autoincrement=True,
)
"""What Slack delivered and the bot has to do: `place` is a question's team, channel and ts,
`about` the place of the question that a piece of work concerns."""

answers = Table(
    "answers",
    metadata,
    Column("answer_id", String, primary_key=True),
    Column("question", Text, nullable=False),
    Column("answer", Text, nullable=False),
    Column("conversation", String, nullable=False),
    Column("thread", String),
    Column("message_ts", String),
    Column("person", String, nullable=False),
    Column("given_at", String, nullable=False, index=True),
    Column("retrieved", Text, nullable=False, server_default="[]"),
    Column("marked_at", String),
    Index("ix_answers_conversation", "conversation", "thread"),
)
"""`retrieved` is a JSON list of the passages it was chosen from, `marked_at` when people were told
that an article it cites has changed."""

spent = Table(
    "spent",
    metadata,
    Column("day", String, primary_key=True),
    Column("tokens_in", Integer, nullable=False),
    Column("tokens_out", Integer, nullable=False),
)
"""What chat models used, by day (UTC)."""

cited = Table(
    "cited",
    metadata,
    Column("answer_id", ForeignKey("answers.answer_id", ondelete="CASCADE"), primary_key=True),
    Column("number", Integer, primary_key=True),
    Column("article_id", String, nullable=False, index=True),
    Column("version", Integer, nullable=False),
    Column("quote", Text, nullable=False),
)
"""Which version of which article each citation of an answer stands in."""

feedback = Table(
    "feedback",
    metadata,
    Column("answer_id", ForeignKey("answers.answer_id", ondelete="CASCADE"), primary_key=True),
    Column("person", String, primary_key=True),
    Column("verdict", String),
    Column("note", Text),
    Column("given_at", String, nullable=False),
)

watches = Table(
    "watches",
    metadata,
    Column("watch_id", Integer, primary_key=True, autoincrement=True),
    Column("question", Text, nullable=False),
    Column("conversation", String, nullable=False),
    Column("thread", String, nullable=False),
    Column("person", String, nullable=False),
    Column("asked_at", String, nullable=False),
    Column("told_at", String),
    UniqueConstraint("conversation", "thread", "question"),
)
"""Questions that nothing answered yet, whose askers want to be told when something does."""
