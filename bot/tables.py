"""The bot's tables in the ledger's database: answers given, feedback, token use."""

from sqlalchemy import Column, ForeignKey, Index, Integer, String, Table, Text

from vectorstore.schema import metadata

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
"""`retrieved` is a JSON list of the passages it was chosen from, `marked_at` the time when its
readers learned that an article it cites has changed."""

cited = Table(
    "cited",
    metadata,
    Column("answer_id", ForeignKey("answers.answer_id", ondelete="CASCADE"), primary_key=True),
    Column("number", Integer, primary_key=True),
    Column("article_id", String, nullable=False, index=True),
    Column("version", Integer, nullable=False),
    Column("quote", Text, nullable=False),
)
"""Which version of which article each citation of an answer quotes."""

feedback = Table(
    "feedback",
    metadata,
    Column("answer_id", ForeignKey("answers.answer_id", ondelete="CASCADE"), primary_key=True),
    Column("person", String, primary_key=True),
    Column("verdict", String),
    Column("note", Text),
    Column("given_at", String, nullable=False),
)

spent = Table(
    "spent",
    metadata,
    Column("day", String, primary_key=True),
    Column("tokens_in", Integer, nullable=False),
    Column("tokens_out", Integer, nullable=False),
)
"""What chat models used, by day (UTC)."""
