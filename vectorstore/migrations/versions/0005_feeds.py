"""What a feed held when it was last sent, for when its server says that it has not changed."""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("pages", sa.Column("body", sa.LargeBinary))
