"""`newsdesk slack` on an archive of tests, as a process that can be killed.

Arguments: the data folder, and what its Slack is called. While there is a file `closed` in the
folder, no question is answered.
"""

import sys
import time
from collections.abc import Sequence
from pathlib import Path

from bot.errors import BotError
from bot.newsdesk import Newsdesk
from bot.redaction import log_to_stderr
from bot.settings import Settings
from bot.slack.app import serve_socket
from bot.slack.worker import Pace
from tests.archive import WordEmbedder, open_library
from vectorstore.models import Vectors


class WaitingEmbedder(WordEmbedder):
    """Embeds a question only while nothing stands in the way."""

    def __init__(self, home: Path) -> None:
        super().__init__()
        self._home = home

    def embed(self, texts: Sequence[str]) -> Vectors:
        while len(texts) == 1 and (self._home / "closed").exists():
            time.sleep(0.005)
        return super().embed(texts)


def main(home: Path, url: str) -> int:
    settings = Settings(
        newsdesk_home=home,
        slack_bot_token="xoxb-fake-1",  # type: ignore[arg-type]
        slack_app_token="xapp-fake-1",  # type: ignore[arg-type]
        slack_api_url=url,
        slack_grace_seconds=30.0,
    )
    log_to_stderr()
    library = open_library(home, WaitingEmbedder(home))
    with Newsdesk(library, home=home, max_article_bytes=1_000) as newsdesk:
        try:
            serve_socket(newsdesk, settings, Pace(lease=1.5, poll=0.2))
        except BotError as error:
            sys.stderr.write(f"{error}\n")
            return 1
    return 0


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1]), sys.argv[2]))
