"""What answers stood on and cost, who wrote an article, pages fetched, and how ingests went."""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    _answers()
    _versions()
    op.create_table(
        "pages",
        sa.Column("url", sa.String, primary_key=True),
        sa.Column("final_url", sa.String, nullable=False),
        sa.Column("etag", sa.String),
        sa.Column("last_modified", sa.String),
        sa.Column("fetched_at", sa.String, nullable=False),
    )
    op.create_table(
        "spent",
        sa.Column("day", sa.String, primary_key=True),
        sa.Column("tokens_in", sa.Integer, nullable=False),
        sa.Column("tokens_out", sa.Integer, nullable=False),
    )
    op.add_column(
        "ingest_runs", sa.Column("started_by", sa.String, nullable=False, server_default="ingest")
    )
    op.add_column("ingest_runs", sa.Column("sources", sa.Text, nullable=False, server_default="[]"))
    op.add_column("ingest_runs", sa.Column("problem", sa.Text))


def _answers() -> None:
    op.add_column("answers", sa.Column("retrieved", sa.Text, nullable=False, server_default="[]"))
    op.add_column("answers", sa.Column("marked_at", sa.String))
    op.create_index("ix_answers_conversation", "answers", ["conversation", "thread"])
    op.create_index("ix_answers_given_at", "answers", ["given_at"])
    op.create_table(
        "cited",
        sa.Column(
            "answer_id",
            sa.String,
            sa.ForeignKey("answers.answer_id", ondelete="CASCADE"),
            primary_key=True,
        ),
        sa.Column("number", sa.Integer, primary_key=True),
        sa.Column("article_id", sa.String, nullable=False, index=True),
        sa.Column("version", sa.Integer, nullable=False),
        sa.Column("quote", sa.Text, nullable=False),
    )


def _versions() -> None:
    for name in ("author", "updated_at", "language"):
        op.add_column("versions", sa.Column(name, sa.String))
