"""The bot's own tables: what Slack delivered, answers given, feedback, questions kept open."""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    _inbox()
    _answers()
    op.create_table(
        "watches",
        sa.Column("watch_id", sa.Integer, primary_key=True, autoincrement=True),
        sa.Column("question", sa.Text, nullable=False),
        sa.Column("conversation", sa.String, nullable=False),
        sa.Column("thread", sa.String, nullable=False),
        sa.Column("person", sa.String, nullable=False),
        sa.Column("asked_at", sa.String, nullable=False),
        sa.Column("told_at", sa.String),
        sa.UniqueConstraint("conversation", "thread", "question"),
    )


def _inbox() -> None:
    op.create_table(
        "inbox",
        sa.Column("id", sa.Integer, primary_key=True, autoincrement=True),
        sa.Column("event_id", sa.String, nullable=False, unique=True),
        sa.Column("place", sa.String, unique=True),
        sa.Column("about", sa.String, nullable=False, index=True),
        sa.Column("kind", sa.String, nullable=False),
        sa.Column("conversation", sa.String, nullable=False),
        sa.Column("thread", sa.String),
        sa.Column("person", sa.String, nullable=False),
        sa.Column("body", sa.Text, nullable=False),
        sa.Column("state", sa.String, nullable=False),
        sa.Column("received_at", sa.Float, nullable=False),
        sa.Column("claimed_by", sa.String),
        sa.Column("leased_until", sa.Float),
        sa.Column("tries", sa.Integer, nullable=False, server_default="0"),
        sa.Column("reply_ts", sa.String),
        sa.CheckConstraint("state IN ('waiting', 'done', 'cancelled')"),
        sqlite_autoincrement=True,
    )
    # What is waiting is looked for all the time, and is little among what is done.
    op.create_index("inbox_waiting", "inbox", ["id"], sqlite_where=sa.text("state = 'waiting'"))
    op.create_index("inbox_threads", "inbox", ["conversation", "thread"])
    op.create_index("inbox_people", "inbox", ["person", "received_at"])


def _answers() -> None:
    op.create_table(
        "answers",
        sa.Column("answer_id", sa.String, primary_key=True),
        sa.Column("question", sa.Text, nullable=False),
        sa.Column("answer", sa.Text, nullable=False),
        sa.Column("conversation", sa.String, nullable=False),
        sa.Column("thread", sa.String),
        sa.Column("message_ts", sa.String),
        sa.Column("person", sa.String, nullable=False),
        sa.Column("given_at", sa.String, nullable=False),
    )
    op.create_table(
        "feedback",
        sa.Column(
            "answer_id",
            sa.String,
            sa.ForeignKey("answers.answer_id", ondelete="CASCADE"),
            primary_key=True,
        ),
        sa.Column("person", sa.String, primary_key=True),
        sa.Column("verdict", sa.String),
        sa.Column("note", sa.Text),
        sa.Column("given_at", sa.String, nullable=False),
    )
