"""A running bot forgets what the settings keep no longer."""

import asyncio
from pathlib import Path

from sqlalchemy import update

from bot.history import AnswerLog, answers
from bot.newsdesk import Newsdesk
from bot.retention import Retention
from tests.slack.conftest import QUESTION, Start


async def test_old_answers_are_forgotten_when_the_bot_starts(
    newsdesk: Newsdesk, start: Start, tmp_path: Path
) -> None:
    kept, old = (newsdesk.remember(newsdesk.ask(QUESTION), conversation="C") for _ in range(2))
    with newsdesk.library.database.writing() as connection:
        long_ago = "2001-01-01T00:00:00+00:00"
        connection.execute(
            update(answers).where(answers.c.answer_id == old).values(given_at=long_ago)
        )
    newsdesk.retention = Retention(answers_days=10)
    await start()
    log = AnswerLog(newsdesk.library.database)
    while log.get(str(old)) is not None:
        await asyncio.sleep(0.01)
    assert log.get(str(kept)) is not None
