"""`/articles`: the newest articles that may be seen in this conversation."""

from collections.abc import Mapping
from typing import Any

from slack_bolt.async_app import AsyncApp
from slack_bolt.context.ack.async_ack import AsyncAck

from bot.slack.archive import Archive
from bot.slack.rendering import render_articles
from bot.slack.threads import Threads


class ArticlesCommand:
    def __init__(self, archive: Archive, threads: Threads) -> None:
        self._archive = archive
        self._threads = threads

    def register(self, app: AsyncApp) -> None:
        app.command("/articles")(self.listed)

    async def listed(self, ack: AsyncAck, body: Mapping[str, Any]) -> None:
        view = await self._threads.run(self._archive.view, body["channel_id"])
        shown = render_articles(view.listings, total=view.total)
        await ack(text=shown.text, blocks=list(shown.blocks))
