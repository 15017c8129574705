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


def test_words_that_are_no_secrets_stay() -> None:
    said = "The task-force met; sk-8 and xoxb- alone are nothing."
    assert redacted(said) == said


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
