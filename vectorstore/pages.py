"""Remembers the pages that were fetched from the web, so that they need not be sent again."""

from dataclasses import dataclass
from datetime import UTC, datetime

from sqlalchemy import delete, insert, select

from vectorstore.database import Database
from vectorstore.schema import pages


@dataclass(frozen=True, slots=True)
class FetchedPage:
    """What a server said of a page: how it names the state that it sent."""

    url: str
    final_url: str
    etag: str | None
    last_modified: str | None


class Pages:
    """The pages in the ledger's database.

    To be told of a page only when what was read from it is stored: what is remembered here lets
    a server send nothing.
    """

    def __init__(self, database: Database) -> None:
        self._database = database

    def get(self, url: str) -> FetchedPage | None:
        query = select(pages.c.url, pages.c.final_url, pages.c.etag, pages.c.last_modified)
        with self._database.reading() as connection:
            row = connection.execute(query.where(pages.c.url == url)).first()
        return FetchedPage(*row) if row else None

    def remember(self, page: FetchedPage) -> None:
        fetched_at = datetime.now(UTC).isoformat(timespec="seconds")
        with self._database.writing() as connection:
            connection.execute(delete(pages).where(pages.c.url == page.url))
            connection.execute(
                insert(pages).values(
                    url=page.url,
                    final_url=page.final_url,
                    etag=page.etag,
                    last_modified=page.last_modified,
                    fetched_at=fetched_at,
                )
            )
