"""Slack's tables in the ledger's database: the inbox, and open questions."""

from sqlalchemy import Column, Float, Integer, String, Table, Text, UniqueConstraint

from vectorstore.schema import metadata

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
`about` the same of the question that a piece of work concerns."""

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
"""Open questions, whose askers get a reply when an article answers them."""
