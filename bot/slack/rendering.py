"""Everything that Slack is given to show: pure functions from values to texts and blocks."""

from bot.slack.messages import (
    Message,
    marked,
    render_answer,
    render_ephemeral,
    sentence_markdown,
    text_alone,
)
from bot.slack.notices import render_articles, render_help, render_plain, render_receipts
from bot.slack.text import escape
from bot.slack.views import (
    CitedPassage,
    home_view,
    note_view,
    passages_view,
    suggested_prompts,
)

__all__ = [
    "CitedPassage",
    "Message",
    "escape",
    "home_view",
    "marked",
    "note_view",
    "passages_view",
    "render_answer",
    "render_articles",
    "render_ephemeral",
    "render_help",
    "render_plain",
    "render_receipts",
    "sentence_markdown",
    "suggested_prompts",
    "text_alone",
]
