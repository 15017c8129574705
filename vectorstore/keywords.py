"""Keyword search in the ledger: SQLite's FTS5 with BM25 and the porter stemmer."""

import json
from collections.abc import Sequence

from sqlalchemy import Connection, Executable, literal_column, select, text

from vectorstore.models import Filters
from vectorstore.schema import passages, versions
from vectorstore.visibility import visible

_MATCHES = text(
    """SELECT rowid AS key, -bm25(passages_fts, :title_weight, 1.0) AS bm25
    FROM passages_fts WHERE passages_fts MATCH :words"""
)
_BEST = text(
    """SELECT rowid AS key, -bm25(passages_fts, :title_weight, 1.0) AS bm25
    FROM passages_fts WHERE passages_fts MATCH :words ORDER BY bm25 DESC LIMIT :limit"""
)
# The plus keeps FTS5 from running the match anew for every row asked for: 13 times slower.
_AMONG = text(
    """SELECT rowid AS key, -bm25(passages_fts, :title_weight, 1.0) AS bm25
    FROM passages_fts WHERE passages_fts MATCH :words
    AND +rowid IN (SELECT value FROM json_each(:keys))"""
)


class Keywords:
    """Ranks passages by BM25 for a few words, any of which may match.

    All methods give the keys of passages with their BM25, the higher the better.
    """

    def __init__(self, *, title_weight: float) -> None:
        self._title_weight = title_weight

    def best(self, connection: Connection, words: Sequence[str], *, limit: int) -> dict[int, float]:
        """The best passages of all, best first, whoever may see them."""
        return self._scores(connection, _BEST, words, limit=limit)

    def best_visible(
        self, connection: Connection, words: Sequence[str], *, limit: int, filters: Filters
    ) -> dict[int, float]:
        """The best passages that the filters let through, best first.

        Every match is held against the filters before the ranking, which costs half as much
        again: measured at 39,000 passages.
        """
        matches = _MATCHES.columns(literal_column("key"), literal_column("bm25")).subquery()
        query = (
            select(matches.c.key, matches.c.bm25)
            .join(passages, passages.c.id == matches.c.key)
            .join(versions, versions.c.version_id == passages.c.version_id)
            .where(*visible(filters))
            .order_by(matches.c.bm25.desc())
            .limit(limit)
        )
        return self._scores(connection, query, words)

    def among(
        self, connection: Connection, words: Sequence[str], keys: Sequence[int]
    ) -> dict[int, float]:
        """Those of these passages that match."""
        return self._scores(connection, _AMONG, words, keys=json.dumps(keys)) if keys else {}

    def _scores(
        self,
        connection: Connection,
        query: Executable,
        words: Sequence[str],
        **values: object,
    ) -> dict[int, float]:
        if not words:
            return {}
        values |= {"words": any_of(words), "title_weight": self._title_weight}
        return {row.key: row.bm25 for row in connection.execute(query, values)}


def any_of(words: Sequence[str]) -> str:
    """An FTS5 query that any of the words fulfils; quoted, so that no word is an operator."""
    return " OR ".join('"' + word.replace('"', '""') + '"' for word in words)
