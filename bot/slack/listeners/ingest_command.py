"""`/ingest`: for those who may; links can't be read yet, and it says so."""

from collections.abc import Mapping
from typing import Any

from slack_bolt.async_app import AsyncApp
from slack_bolt.context.ack.async_ack import AsyncAck

from bot.slack.permission import REFUSED, Permission
from bot.slack.rendering import render_plain

NOT_YET = (
    "I can't read links yet, so nothing was added. Send me the article as a text file (.txt or "
    ".md) in a direct message, or in a channel with a mention of me."
)


class IngestCommand:
    def __init__(self, permission: Permission) -> None:
        self._permission = permission

    def register(self, app: AsyncApp) -> None:
        app.command("/ingest")(self.asked)

    async def asked(self, ack: AsyncAck, body: Mapping[str, Any]) -> None:
        allowed = self._permission.asked(body["user_id"], "ingest")
        shown = render_plain(NOT_YET if allowed else REFUSED)
        await ack(text=shown.text, blocks=list(shown.blocks))
