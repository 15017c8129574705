"""A hundred questions at once from twenty people in Slack: how soon each is acknowledged, signed
for and answered. Run with `python -m benchmarks.slack`; the Slack is the one of the tests.
"""

import asyncio
import logging
import tempfile
import time
from pathlib import Path

from bot.newsdesk import Newsdesk
from tests.archive import open_library, revision
from tests.slack.conftest import running, settings_for
from tests.slack.fake_slack import FakeSlack

QUESTIONS, PEOPLE = 100, 20


def percentile(values: list[float], share: float) -> float:
    return sorted(values)[min(len(values) - 1, int(share * len(values)))]


async def measure(home: Path) -> None:
    library = open_library(home)
    library.write([revision(f"a{n}", f"The envoys met in town {n} on Monday.") for n in range(50)])
    newsdesk = Newsdesk(library, home=home, max_article_bytes=1_000)
    newsdesk.search("warm", limit=1)
    slack = FakeSlack()
    await slack.start()
    async with running(newsdesk, settings_for(slack, home)):
        signed: dict[str, float] = {}
        slack.on_call = lambda method, arguments: signed.setdefault(
            arguments.get("thread_ts", ""), time.perf_counter()
        )
        began = time.perf_counter()
        asked = [
            slack.direct(f"Where did the envoys meet, town {n}?", user=f"U{n % PEOPLE}")
            for n in range(QUESTIONS)
        ]
        channels = [f"DU{n % PEOPLE}" for n in range(QUESTIONS)]
        where = list(zip(channels, asked, strict=True))
        deliveries = list(slack.deliveries)
        await asyncio.gather(*(delivery.acked for delivery in deliveries))
        await slack.until(lambda: all(slack.posts(*place) for place in where), 120)
        ended = time.perf_counter()
        await asyncio.sleep(0.5)
    await slack.stop()
    acks = [delivery.ack_seconds for delivery in deliveries]
    signs = [signed[ts] - began for ts in asked]
    counts = [len(slack.posts(*place)) for place in where]
    print(f"acknowledged: median {percentile(acks, 0.5) * 1000:.0f} ms,", end=" ")
    print(f"99% within {percentile(acks, 0.99) * 1000:.0f} ms")
    print(f"first sign: 95% within {percentile(signs, 0.95):.2f} s")
    print(f"answered: {counts.count(1)} of {QUESTIONS} exactly once, in {ended - began:.1f} s")


if __name__ == "__main__":
    logging.disable(logging.WARNING)
    with tempfile.TemporaryDirectory() as folder:
        asyncio.run(measure(Path(folder)))
