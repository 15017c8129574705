"""The button "Show passages": a modal with the quotes in their text, page by page."""

from collections.abc import Mapping
from typing import Any

from slack_bolt.async_app import AsyncApp
from slack_bolt.context.ack.async_ack import AsyncAck
from slack_sdk.web.async_client import AsyncWebClient

from bot.memory import Memory
from bot.slack.archive import Archive
from bot.slack.rendering import passages_view
from bot.slack.threads import Threads


class Passages:
    def __init__(
        self, client: AsyncWebClient, memory: Memory, archive: Archive, threads: Threads
    ) -> None:
        self._client = client
        self._memory = memory
        self._archive = archive
        self._threads = threads

    def register(self, app: AsyncApp) -> None:
        app.action("show_passages")(self.opened)
        app.action("page_back")(self.turned)
        app.action("page_on")(self.turned)

    async def opened(self, ack: AsyncAck, body: Mapping[str, Any]) -> None:
        await ack()
        answer_id = body["actions"][0]["value"]
        view = await self._threads.run(self._view, answer_id, 0, body["channel"]["id"])
        if view is not None:
            await self._client.views_open(trigger_id=body["trigger_id"], view=view)

    async def turned(self, ack: AsyncAck, body: Mapping[str, Any]) -> None:
        await ack()
        action = body["actions"][0]
        answer_id, _, page = action["value"].rpartition(":")
        page = int(page) + (1 if action["action_id"] == "page_on" else -1)
        view = await self._threads.run(self._view, answer_id, page, None)
        if view is not None:
            await self._client.views_update(
                view_id=body["view"]["id"], hash=body["view"]["hash"], view=view
            )

    def _view(self, answer_id: str, page: int, conversation: str | None) -> dict[str, Any] | None:
        """The modal; `conversation` is where the button was, None within the modal itself."""
        given = self._memory.given(answer_id)
        if given is None or conversation not in (None, given.conversation):
            return None
        return passages_view(self._archive.passages(given), page=page, answer_id=answer_id)
