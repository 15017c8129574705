"""Keeps tokens and keys out of the log."""

import logging
import re

SECRET = re.compile(r"\b(xox[a-z]|xapp|xwfp|sk)-[A-Za-z0-9_-]{4,}")


def redacted(text: str) -> str:
    """The text with what looks like a token of Slack or a key of OpenAI taken out."""
    return SECRET.sub(r"\1-...", text)


class RedactingFormatter(logging.Formatter):
    """Formats a record whole, its traceback too, and then takes the secrets out."""

    def format(self, record: logging.LogRecord) -> str:
        return redacted(super().format(record))


def log_to_stderr() -> None:
    """Send the log of the bot and of the libraries below it to stderr, without secrets."""
    handler = logging.StreamHandler()
    handler.setFormatter(RedactingFormatter("%(asctime)s %(levelname)s %(name)s: %(message)s"))
    logging.basicConfig(level=logging.WARNING, handlers=[handler], force=True)
    logging.getLogger("bot.slack").setLevel(logging.INFO)
