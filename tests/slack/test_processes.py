"""The bot as a process that is killed, stopped, refused and started again."""

import asyncio
import os
import random
import signal
import sys
from asyncio.subprocess import PIPE, Process
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

from sqlalchemy import func, select

from bot.newsdesk import Newsdesk
from bot.slack.tables import inbox
from tests.slack.conftest import QUESTION
from tests.slack.fake_slack import FakeSlack

ROOT = Path(__file__).parents[2]


@asynccontextmanager
async def bot_process(slack: FakeSlack, home: Path) -> AsyncIterator[Process]:
    """A bot that is connected, or has ended."""
    connections = slack.connections
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "tests.slack.bot_process", home, slack.url,
        cwd=ROOT, stderr=PIPE, env=_environment(),
    )  # fmt: skip
    try:
        ended = asyncio.create_task(process.wait())
        connected = asyncio.create_task(slack.until(lambda: slack.connections > connections, 60))
        await asyncio.wait((ended, connected), return_when=asyncio.FIRST_COMPLETED)
        connected.cancel()
        yield process
    finally:
        if process.returncode is None:
            process.kill()
        await process.wait()
        await ended


async def until_claimed(newsdesk: Newsdesk, count: int) -> None:
    """So many questions are being worked on."""
    claimed = select(func.count()).where(inbox.c.claimed_by.is_not(None))
    found = 0
    while found < count:
        with newsdesk.library.database.reading() as connection:
            found = connection.scalar(claimed) or 0
        await asyncio.sleep(0.01)


def _environment() -> dict[str, str]:
    hidden = ("PROXY", "SLACK_")
    return {k: v for k, v in os.environ.items() if not any(word in k.upper() for word in hidden)}


async def test_question_acked_before_a_kill_is_answered_after_the_restart(
    slack: FakeSlack, newsdesk: Newsdesk, tmp_path: Path
) -> None:
    (tmp_path / "closed").touch()
    async with bot_process(slack, tmp_path) as bot:
        ts = slack.mention(QUESTION)
        await asyncio.gather(*(delivery.acked for delivery in slack.deliveries))
        bot.kill()
        await bot.wait()
    assert slack.posts("C1", ts) == []
    (tmp_path / "closed").unlink()
    async with bot_process(slack, tmp_path):
        await slack.until(lambda: slack.posts("C1", ts), 90)


async def test_stopped_bot_ends_well_and_the_next_answers_what_is_left(
    slack: FakeSlack, newsdesk: Newsdesk, tmp_path: Path
) -> None:
    (tmp_path / "closed").touch()
    async with bot_process(slack, tmp_path) as bot:
        asked = [slack.mention(QUESTION, user=f"U{n}") for n in range(8)]
        await asyncio.gather(*(delivery.acked for delivery in slack.deliveries))
        await until_claimed(newsdesk, 4)
        bot.send_signal(signal.SIGTERM)
        await asyncio.sleep(0.2)
        (tmp_path / "closed").unlink()
        said = (await bot.communicate())[1].decode()
        assert bot.returncode == 0, said
    first = [ts for ts in asked if slack.posts("C1", ts)]
    assert len(first) == 4, said
    async with bot_process(slack, tmp_path):
        await slack.until(lambda: all(slack.posts("C1", ts) for ts in asked))
        await asyncio.sleep(0.5)
    assert [len(slack.posts("C1", ts)) for ts in asked] == [1] * 8


async def test_revoked_token_is_said_in_one_line_and_the_bot_ends(
    slack: FakeSlack, newsdesk: Newsdesk, tmp_path: Path
) -> None:
    slack.revoke()
    async with bot_process(slack, tmp_path) as bot:
        _, said = await asyncio.wait_for(bot.communicate(), 60)
    loud = [line for line in said.decode().splitlines() if "CRITICAL" in line]
    assert bot.returncode == 1
    assert len(loud) == 1
    assert "token_revoked" in loud[0]
    assert "Traceback" not in said.decode()
    assert "xoxb-fake" not in said.decode()


async def test_kills_at_random_and_redeliveries_leave_one_answer_each(
    slack: FakeSlack, newsdesk: Newsdesk, tmp_path: Path
) -> None:
    dice = random.Random(7)
    asked: list[str] = []
    for _ in range(2):
        async with bot_process(slack, tmp_path) as bot:
            for _ in range(15):
                asked.append(slack.direct(QUESTION, user=f"U{len(asked)}"))
                if dice.random() < 0.3:
                    slack.deliver_again(slack.deliveries[-1])
            await asyncio.sleep(dice.uniform(0.02, 0.4))
            bot.kill()
            await bot.wait()
    answers = {ts: f"DU{n}" for n, ts in enumerate(asked)}
    async with bot_process(slack, tmp_path):
        await slack.until(lambda: all(slack.posts(c, ts) for ts, c in answers.items()), 100)
        await asyncio.sleep(0.5)
    assert [len(slack.posts(channel, ts)) for ts, channel in answers.items()] == [1] * 30
