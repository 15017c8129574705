"""The publication status of articles: that of their copy, and what a person or a notice set."""

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0005"
branch_labels = None
depends_on = None


def upgrade() -> None:
    for column in (
        sa.Column("status", sa.String, nullable=False, server_default="published"),
        sa.Column("embargo_until", sa.String),
        sa.Column("expires_at", sa.String),
        sa.Column("status_reason", sa.Text),
        sa.Column("superseded_by", sa.String),
        sa.Column("slug", sa.String),
        sa.Column("notice", sa.String),
        sa.Column("concerns", sa.Text),
        sa.Column("corrected_at", sa.String),
    ):
        op.add_column("versions", column)
    for column in (
        sa.Column("status", sa.String),
        sa.Column("status_reason", sa.Text),
        sa.Column("status_at", sa.String),
        sa.Column("superseded_by", sa.String),
    ):
        op.add_column("articles", column)
    # Few articles have a status of their own, and every search asks which.
    op.create_index(
        "ix_articles_status", "articles", ["status"], sqlite_where=sa.text("status IS NOT NULL")
    )
