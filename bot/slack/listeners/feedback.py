"""Thumbs up or down, and a note: stored with the answer they are about."""

from collections.abc import Mapping
from typing import Any

from slack_bolt.async_app import AsyncApp
from slack_bolt.context.ack.async_ack import AsyncAck
from slack_sdk.web.async_client import AsyncWebClient

from bot.memory import Memory
from bot.slack.rendering import note_view
from bot.slack.threads import Threads


class Feedback:
    """Stores first and acknowledges then, so that nothing acknowledged is lost."""

    def __init__(self, client: AsyncWebClient, memory: Memory, threads: Threads) -> None:
        self._client = client
        self._memory = memory
        self._threads = threads

    def register(self, app: AsyncApp) -> None:
        app.action("feedback")(self.judged)
        app.action("add_note")(self.asked_for_note)
        app.view("note")(self.noted)

    async def judged(self, ack: AsyncAck, body: Mapping[str, Any]) -> None:
        answer_id, _, verdict = body["actions"][0]["value"].rpartition(":")
        await self._store(answer_id, body, verdict=verdict)
        await ack()

    async def asked_for_note(self, ack: AsyncAck, body: Mapping[str, Any]) -> None:
        await ack()
        view = note_view(body["actions"][0]["value"])
        await self._client.views_open(trigger_id=body["trigger_id"], view=view)

    async def noted(self, ack: AsyncAck, body: Mapping[str, Any]) -> None:
        note = body["view"]["state"]["values"]["note"]["note"]["value"] or ""
        await self._store(body["view"]["private_metadata"], body, note=note)
        await ack()

    async def _store(self, answer_id: str, body: Mapping[str, Any], **told: str) -> None:
        await self._threads.run(self._memory.judge, answer_id, body["user"]["id"], **told)
