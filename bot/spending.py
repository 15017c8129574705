"""Counts the tokens that chat models use, and stops at a day's limit."""

from datetime import UTC, datetime

from sqlalchemy import select
from sqlalchemy.dialects.sqlite import insert

from bot.answers import Usage
from bot.tables import spent
from vectorstore.database import Database


class Spending:
    """A day's tokens, shared by all processes of an archive; days are counted in UTC."""

    def __init__(self, database: Database, *, tokens_per_day: int) -> None:
        self._database = database
        self._tokens_per_day = tokens_per_day

    def add(self, usage: Usage) -> None:
        if usage == Usage():
            return
        values = {"tokens_in": usage.tokens_in, "tokens_out": usage.tokens_out}
        more = {name: spent.c[name] + count for name, count in values.items()}
        with self._database.writing() as connection:
            connection.execute(
                insert(spent)
                .values(day=_today(), **values)
                .on_conflict_do_update(index_elements=["day"], set_=more)
            )

    def today(self) -> Usage:
        with self._database.reading() as connection:
            row = connection.execute(select(spent).where(spent.c.day == _today())).first()
        return Usage(row.tokens_in, row.tokens_out) if row else Usage()

    def is_over(self) -> bool:
        """Whether the day's limit is reached; 0 means that there is none."""
        if not self._tokens_per_day:
            return False
        today = self.today()
        return today.tokens_in + today.tokens_out >= self._tokens_per_day


def _today() -> str:
    return datetime.now(UTC).date().isoformat()
