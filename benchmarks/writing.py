"""Written answers: how long after the model's first sentence it is on the screen.

python -m benchmarks.writing
"""

import tempfile
import time
from pathlib import Path
from statistics import median

from benchmarks.table import Figure, print_table
from bot.answers import SentenceReady
from bot.newsdesk import Newsdesk
from bot.settings import Settings
from tests.bot.chat_server import ChatServer, Handler, Reply, chat_server, words

SAMPLE = Path(__file__).parents[1] / "samples" / "biden-putin-talks.txt"
QUESTION = "How many troops did Russia deploy?"
FIRST = "Russia deployed an estimated 100,000 troops, which could lead to a major conflict. [1] "
SECOND = "The talks took place in Stockholm. [1]"
ROUNDS = 20
THINKING_SECONDS = 0.3
TOKEN_SECONDS = 0.02
"""About what small hosted models take to begin, and for each token after."""


def main() -> None:
    with tempfile.TemporaryDirectory() as home, chat_server() as server:
        settings = Settings(newsdesk_home=Path(home), openai_base_url=server.url)
        with Newsdesk.from_settings(settings) as newsdesk:
            newsdesk.pipeline().run([str(SAMPLE)])
            ratios = [_ratio(newsdesk, server) for _ in range(ROUNDS + 1)][1:]
    print_table(
        [
            Figure(
                "first sentence ready, against the model's own time to its end: median",
                median(ratios),
                at_most=1.2,
            ),
            Figure("the same, the slowest of 20", max(ratios)),
        ],
    )


def _ratio(newsdesk: Newsdesk, server: ChatServer) -> float:
    """Time from the question to its first sentence, against that the model took to write it."""
    ended: list[float] = []
    server.plays(_writes(ended))
    asked = time.perf_counter()
    for event in newsdesk.stream(QUESTION):
        if isinstance(event, SentenceReady):
            return (time.perf_counter() - asked) / ended[0]
    raise AssertionError("the sentence was not let through")


def _writes(ended: list[float]) -> Reply:
    def reply(handler: Handler) -> None:
        began = time.perf_counter()
        handler.begin()
        time.sleep(THINKING_SECONDS)
        for piece in words(FIRST):
            time.sleep(TOKEN_SECONDS)
            handler.piece(piece)
        ended.append(time.perf_counter() - began)
        for piece in words(SECOND):
            time.sleep(TOKEN_SECONDS)
            handler.piece(piece)
        handler.piece("", "stop")
        handler.wfile.write(b"data: [DONE]\n\n")

    return reply


if __name__ == "__main__":
    main()
