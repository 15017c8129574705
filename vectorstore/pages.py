"""Remembers the pages that were fetched from the web, so that they need not be sent again."""

import zlib
from dataclasses import dataclass
from datetime import UTC, datetime

from sqlalchemy import delete, insert, select

from vectorstore.database import Database
from vectorstore.schema import pages


@dataclass(frozen=True, slots=True)
class FetchedPage:
    """A page as a server sent it, and how it names that state."""

    url: str
    final_url: str
    etag: str | None
    last_modified: str | None
    body: bytes | None = None
    """What it held, where that leads on to other pages, as a feed does."""

    fetched_at: str | None = None
    """When it was last sent whole or found unchanged: ISO 8601, in UTC."""


class Pages:
    """The pages in the ledger's database.

    Remember a page only when its article is stored: afterwards the server need not send it again.
    """

    def __init__(self, database: Database) -> None:
        self._database = database

    def get(self, url: str) -> FetchedPage | None:
        with self._database.reading() as connection:
            row = connection.execute(select(pages).where(pages.c.url == url)).first()
        if row is None:
            return None
        values = row._mapping
        body = zlib.decompress(row.body) if row.body is not None else None
        return FetchedPage(**{**values, "body": body})

    def remember(self, page: FetchedPage) -> None:
        """Remember a page as fetched now."""
        values = {
            "url": page.url,
            "final_url": page.final_url,
            "etag": page.etag,
            "last_modified": page.last_modified,
            "fetched_at": datetime.now(UTC).isoformat(timespec="seconds"),
            "body": zlib.compress(page.body) if page.body is not None else None,
        }
        with self._database.writing() as connection:
            connection.execute(delete(pages).where(pages.c.url == page.url))
            connection.execute(insert(pages).values(values))
