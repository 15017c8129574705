"""Tokens and keys never reach the log."""

import io
import logging

import pytest

from bot.redaction import RedactingFormatter, redacted


@pytest.mark.parametrize(
    "secret",
    ["xoxb-123-456-abcDEF", "xapp-1-A1-2-abc", "xoxe-1-abcdef", "sk-proj-abc_DEF123"],
)
def test_secret_is_taken_out_wherever_it_stands(secret: str) -> None:
    said = redacted(f"GET https://slack.example/?token={secret}: refused")
    assert secret not in said
    assert said.endswith("-...: refused")


@pytest.mark.parametrize(
    "url",
    [
        "postgresql+psycopg://desk:hunter2@db:5432/news",
        "postgresql://desk:hunter2/x@y@db/news",
        "https://desk:hunter2@chroma.example:8000",
        "https://chroma.example/v1?api_key=hunter2&x=1",
        "postgresql://db/news?user=desk&password=hunter2",
    ],
)
def test_password_of_a_url_is_taken_out(url: str) -> None:
    assert "hunter2" not in redacted(f"DATABASE_URL='{url}': refused")


@pytest.mark.parametrize(
    "text",
    [
        "The task-force met; sk-8 and xoxb- alone are nothing.",
        "https://news.example/@editor/story?id=7 and mail desk@news.example: both stay.",
        "http://127.0.0.1:8000/api refused",
    ],
)
def test_words_that_are_no_secrets_stay(text: str) -> None:
    assert redacted(text) == text


def test_traceback_is_redacted_too() -> None:
    stream = io.StringIO()
    handler = logging.StreamHandler(stream)
    handler.setFormatter(RedactingFormatter("%(message)s"))
    logger = logging.Logger("alone")
    logger.addHandler(handler)
    try:
        raise ValueError("bad key sk-abcdef123456")
    except ValueError:
        logger.exception("It failed with %s", "xoxb-1-22-333")
    assert "ValueError" in stream.getvalue()
    assert "abcdef" not in stream.getvalue()
    assert "22-333" not in stream.getvalue()
