"""A thousand questions in Slack, three in ten of them delivered again, while the bot is killed and
started anew five times: each is answered exactly once. Run with
`python -m benchmarks.slack_restarts`; it takes about two minutes. The Slack is the one of the
tests.
"""

import asyncio
import os
import random
import sys
import tempfile
import time
from asyncio.subprocess import DEVNULL, Process
from collections import Counter
from pathlib import Path

from tests.archive import open_library, revision
from tests.slack.fake_slack import FakeSlack

QUESTIONS, PEOPLE, RESTARTS, REDELIVERED = 1_000, 20, 5, 0.3
QUESTIONS_A_SECOND = 25
ROOT = Path(__file__).parents[1]


class Trial:
    """People who ask, a Slack that repeats itself, and a bot that is killed again and again."""

    def __init__(self, slack: FakeSlack, home: Path, dice: random.Random) -> None:
        self._slack = slack
        self._home = home
        self._dice = dice
        self._places: list[tuple[str, str]] = []
        self.again = 0

    async def run(self) -> Counter[int]:
        """How many questions have how many answers."""
        asking = asyncio.create_task(self._ask())
        for restart in range(RESTARTS + 1):
            bot = await self._start()
            last = restart == RESTARTS
            share = 1.0 if last else (restart + self._dice.random()) / (RESTARTS + 1)
            await self._slack.until(lambda share=share: self._answered() >= share * QUESTIONS, 600)  # type: ignore[misc]
            if last:
                await asking
                await asyncio.sleep(5)
            bot.kill()
            await bot.wait()
        return Counter(len(self._slack.posts(*place)) for place in self._places)

    async def _ask(self) -> None:
        repeated = []
        for number in range(QUESTIONS):
            person = f"U{number % PEOPLE}"
            question = f"Where did the envoys meet, town {number % 50}?"
            self._places.append((f"D{person}", self._slack.direct(question, user=person)))
            if self._dice.random() < REDELIVERED:
                repeated.append(self._slack.deliveries[-1])
            # Some come again at once, some much later, after a restart.
            while repeated and self._dice.random() < 0.3:
                self._slack.deliver_again(repeated.pop(self._dice.randrange(len(repeated))))
                self.again += 1
            await asyncio.sleep(1 / QUESTIONS_A_SECOND)
        for delivery in repeated:
            self._slack.deliver_again(delivery)
            self.again += 1

    def _answered(self) -> int:
        messages = self._slack.messages.values()
        return len({(m["channel"], m["thread_ts"]) for m in messages if "bot_id" in m})

    async def _start(self) -> Process:
        hidden = ("PROXY", "SLACK_")
        inherited = {k: v for k, v in os.environ.items() if not any(h in k.upper() for h in hidden)}
        before = self._slack.connections
        bot = await asyncio.create_subprocess_exec(
            sys.executable, "-m", "tests.slack.bot_process", self._home, self._slack.url,
            cwd=ROOT, stderr=DEVNULL, env=inherited,
        )  # fmt: skip
        await self._slack.until(lambda: self._slack.connections > before, 60)
        return bot


async def measure(home: Path) -> None:
    library = open_library(home)
    library.write([revision(f"a{n}", f"The envoys met in town {n} on Monday.") for n in range(50)])
    library.close()
    slack = FakeSlack()
    await slack.start()
    began = time.perf_counter()
    trial = Trial(slack, home, random.Random(4))
    counts = await trial.run()
    seconds = time.perf_counter() - began
    await slack.stop()
    print(f"{QUESTIONS} questions, {trial.again} delivered again, {RESTARTS} kills:", end=" ")
    print(f"{counts[1]} answered exactly once, {counts[0]} not,", end=" ")
    print(f"{sum(counts.values()) - counts[0] - counts[1]} more than once, in {seconds:.0f} s")


if __name__ == "__main__":
    with tempfile.TemporaryDirectory() as folder:
        asyncio.run(measure(Path(folder)))
