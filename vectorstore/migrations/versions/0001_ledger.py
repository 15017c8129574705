"""The ledger: articles, versions, passages, keyword search, the index's state, ingest runs."""

import secrets

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    _articles()
    _passages()
    _keyword_search()
    _bookkeeping()


def _articles() -> None:
    op.create_table(
        "articles",
        sa.Column("article_id", sa.String, primary_key=True),
        sa.Column("origin", sa.String, nullable=False, index=True),
        sa.Column("container", sa.String, nullable=False, index=True),
    )
    op.create_table(
        "versions",
        sa.Column("version_id", sa.Integer, primary_key=True, autoincrement=True),
        sa.Column(
            "article_id",
            sa.String,
            sa.ForeignKey("articles.article_id", ondelete="CASCADE"),
            nullable=False,
        ),
        sa.Column("number", sa.Integer, nullable=False),
        sa.Column("state", sa.String, nullable=False),
        sa.Column("title", sa.Text, nullable=False),
        sa.Column("text", sa.Text, nullable=False),
        sa.Column("source", sa.String, nullable=False),
        sa.Column("source_folded", sa.String, nullable=False),
        sa.Column("url", sa.String),
        sa.Column("published_at", sa.String, index=True),
        sa.Column("dated_by", sa.String),
        sa.Column("private", sa.Boolean, nullable=False),
        sa.Column("digest", sa.String, nullable=False),
        sa.Column("text_digest", sa.String, nullable=False, index=True),
        sa.Column("ingested_at", sa.String, nullable=False),
        sa.CheckConstraint("state IN ('pending', 'current', 'retired')"),
        sqlite_autoincrement=True,
    )
    # At most one current and one pending version of an article, held by the database itself.
    for state in ("current", "pending"):
        op.create_index(
            f"one_{state}_version",
            "versions",
            ["article_id"],
            unique=True,
            sqlite_where=sa.text(f"state = '{state}'"),
        )
    op.create_index("numbered_versions", "versions", ["article_id", "number"], unique=True)
    op.create_table(
        "audiences",
        sa.Column(
            "version_id",
            sa.Integer,
            sa.ForeignKey("versions.version_id", ondelete="CASCADE"),
            primary_key=True,
        ),
        sa.Column("conversation", sa.String, primary_key=True),
    )


def _passages() -> None:
    op.create_table(
        "passages",
        sa.Column("id", sa.Integer, primary_key=True, autoincrement=True),
        sa.Column("passage_id", sa.String, nullable=False, unique=True),
        sa.Column(
            "version_id",
            sa.Integer,
            sa.ForeignKey("versions.version_id", ondelete="CASCADE"),
            nullable=False,
            index=True,
        ),
        sa.Column("position", sa.Integer, nullable=False),
        sa.Column("start", sa.Integer, nullable=False),
        sa.Column("end", sa.Integer, nullable=False),
        sa.Column("title", sa.Text, nullable=False),
        sa.Column("text", sa.Text, nullable=False),
        sa.Column("sentences", sa.Text, nullable=False),
        sa.Column("embedding", sa.LargeBinary, nullable=False),
        sa.Column("sentence_embeddings", sa.LargeBinary, nullable=False),
        sa.Column("embedded_with", sa.String, nullable=False),
        sqlite_autoincrement=True,
    )
    op.create_table("discarded", sa.Column("id", sa.Integer, primary_key=True, autoincrement=False))


def _keyword_search() -> None:
    # External content: the words are indexed, the text is kept once, in `passages`.
    # Deleting a row of such an index needs its old words, hence the trigger.
    for statement in (
        """CREATE VIRTUAL TABLE passages_fts USING fts5(
            title, text, content='passages', content_rowid='id',
            tokenize='porter unicode61 remove_diacritics 2')""",
        """CREATE TRIGGER passages_into_fts AFTER INSERT ON passages BEGIN
            INSERT INTO passages_fts (rowid, title, text) VALUES (new.id, new.title, new.text);
        END""",
        """CREATE TRIGGER passages_out_of_fts AFTER DELETE ON passages BEGIN
            INSERT INTO passages_fts (passages_fts, rowid, title, text)
            VALUES ('delete', old.id, old.title, old.text);
        END""",
        "CREATE VIRTUAL TABLE passages_terms USING fts5vocab('passages_fts', 'row')",
    ):
        op.execute(statement)


def _bookkeeping() -> None:
    op.create_table(
        "containers",
        sa.Column("container", sa.String, primary_key=True),
        sa.Column("digest", sa.String, nullable=False),
    )
    index_state = op.create_table(
        "index_state",
        sa.Column("archive_id", sa.String, primary_key=True),
        sa.Column("fingerprint", sa.String),
        sa.Column("dimensions", sa.Integer),
        sa.Column("generation", sa.Integer, nullable=False),
        sa.Column("folder", sa.String, nullable=False),
        sa.Column("dirty", sa.Boolean, nullable=False),
        sa.Column("seal", sa.Text, nullable=False),
    )
    op.bulk_insert(
        index_state,
        [
            {
                "archive_id": secrets.token_hex(8),
                "generation": 0,
                "folder": "chroma-0",
                "dirty": False,
                "seal": "",
            }
        ],
    )
    op.create_table(
        "ingest_runs",
        sa.Column("run_id", sa.Integer, primary_key=True, autoincrement=True),
        sa.Column("started_at", sa.String, nullable=False),
        sa.Column("seconds", sa.Float),
        *(
            sa.Column(count, sa.Integer, nullable=False, server_default="0")
            for count in ("added", "updated", "unchanged", "removed", "failed")
        ),
    )
