"""Thumbs up or down, and a note: stored with the answer they are about."""

import logging
from collections.abc import Mapping
from typing import Any

from slack_bolt.async_app import AsyncApp
from slack_bolt.context.ack.async_ack import AsyncAck
from slack_bolt.context.respond.async_respond import AsyncRespond
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient

from bot.history import AnswerLog
from bot.slack.client import Threads
from bot.slack.home import Archive
from bot.slack.messages import render_answer, render_plain
from bot.slack.queue import Inbox, Work, streams_stopped
from bot.slack.reply import Replies, is_unreachable
from bot.slack.views import note_view, passages_view

log = logging.getLogger(__name__)

NOT_HERE = "I can't post in this channel: invite me first, then press the button again."


class FeedbackButtons:
    """Stores first and acknowledges then, so that nothing acknowledged is lost."""

    def __init__(self, client: AsyncWebClient, memory: AnswerLog, threads: Threads) -> None:
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

    async def _store(self, answer_id: str, body: Mapping[str, Any], **judgement: str) -> None:
        await self._threads.run(
            self._memory.add_feedback, answer_id, body["user"]["id"], **judgement
        )


class PassagesButton:
    def __init__(
        self, client: AsyncWebClient, memory: AnswerLog, archive: Archive, threads: Threads
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
        given = self._memory.get(answer_id)
        if given is None or conversation not in (None, given.conversation):
            return None
        return passages_view(self._archive.passages(given), page=page, answer_id=answer_id)


class ShareButton:
    def __init__(self, replies: Replies, memory: AnswerLog, threads: Threads) -> None:
        self._replies = replies
        self._memory = memory
        self._threads = threads

    def register(self, app: AsyncApp) -> None:
        app.action("share")(self.shared)

    async def shared(self, ack: AsyncAck, respond: AsyncRespond, body: Mapping[str, Any]) -> None:
        await ack()
        given = await self._threads.run(self._memory.get, body["actions"][0]["value"])
        # An answer holds what may be seen in its conversation, so it goes nowhere else.
        if given is None or given.conversation != body["channel"]["id"]:
            return
        if not await self._threads.run(self._memory.claim_sharing, given.answer_id):
            return
        messages = render_answer(given.answer, answer_id=given.answer_id, with_question=True)
        try:
            first = await self._replies.post(given.conversation, messages[0])
            for message in messages[1:]:
                await self._replies.post(given.conversation, message, thread=first)
        except SlackApiError as error:
            await self._threads.run(self._memory.note_message, given.answer_id, None)
            if not is_unreachable(error):
                raise
            shown = render_plain(NOT_HERE)
            await respond(text=shown.text, blocks=list(shown.blocks), replace_original=False)
            return
        await self._threads.run(self._memory.note_message, given.answer_id, first)
        await respond(delete_original=True)


class RetractionHandler:
    """The inbox has cancelled the question already, when it took the event in."""

    def __init__(self, inbox: Inbox, replies: Replies, threads: Threads) -> None:
        self._inbox = inbox
        self._replies = replies
        self._threads = threads

    async def __call__(self, work: Work) -> None:
        stopped = streams_stopped(work.body)
        for question_id, thread in await self._threads.run(self._inbox.cancelled_by, work):
            await self._replies.take_back(question_id, work.conversation, thread, stopped=stopped)
