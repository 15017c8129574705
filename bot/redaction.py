"""Keeps tokens, keys and passwords out of messages and logs."""

import logging
import re

SECRET = re.compile(r"\b(xox[a-z]|xapp|xwfp|sk)-[A-Za-z0-9_-]{4,}")

# A password may hold any character, so all up to the last @ is taken out.
_USERINFO = re.compile(r"(\b[a-z][a-z0-9+.-]*://)[^\s'\"/@]*:[^\s'\"]*@", re.IGNORECASE)
_PARAMETER = re.compile(
    r"([?&;](?:[\w-]*(?:key|password|passwd|token|secret))=)(?!\w+-\.\.\.)[^\s&;'\"]+",
    re.IGNORECASE,
)


def redacted(text: str) -> str:
    """The text without what looks like a token of Slack, a key of OpenAI, or a URL's password.

    >>> redacted("postgresql://desk:hunter2@db/news?password=hunter3")
    'postgresql://***@db/news?password=***'
    """
    text = SECRET.sub(r"\1-...", text)
    return _PARAMETER.sub(r"\1***", _USERINFO.sub(r"\1***@", text))


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
