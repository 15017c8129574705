"""Which versions tell one story, and the signatures that find them."""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("versions", sa.Column("story", sa.Integer))
    op.add_column("versions", sa.Column("story_end", sa.Integer))
    op.create_index("ix_versions_story", "versions", ["story"])
    op.create_table(
        "signatures",
        sa.Column("band", sa.BigInteger, primary_key=True),
        sa.Column(
            "version_id",
            sa.Integer,
            sa.ForeignKey("versions.version_id", ondelete="CASCADE"),
            primary_key=True,
            index=True,
        ),
        sqlite_with_rowid=False,
    )
