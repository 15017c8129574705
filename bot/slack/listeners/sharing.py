"""The button "Share in channel": an answer that only its asker saw is posted for all."""

import logging
from collections.abc import Mapping
from typing import Any

from slack_bolt.async_app import AsyncApp
from slack_bolt.context.ack.async_ack import AsyncAck
from slack_bolt.context.respond.async_respond import AsyncRespond
from slack_sdk.errors import SlackApiError

from bot.memory import Memory
from bot.slack.rendering import render_answer, render_plain
from bot.slack.replies import Replies, is_unreachable
from bot.slack.threads import Threads

log = logging.getLogger(__name__)

NOT_HERE = "I can't post in this channel: invite me first, then press the button again."


class Sharing:
    def __init__(self, replies: Replies, memory: Memory, threads: Threads) -> None:
        self._replies = replies
        self._memory = memory
        self._threads = threads

    def register(self, app: AsyncApp) -> None:
        app.action("share")(self.shared)

    async def shared(self, ack: AsyncAck, respond: AsyncRespond, body: Mapping[str, Any]) -> None:
        await ack()
        given = await self._threads.run(self._memory.given, body["actions"][0]["value"])
        # An answer holds what may be seen in its conversation, so it goes nowhere else.
        if given is None or given.conversation != body["channel"]["id"]:
            return
        if not await self._threads.run(self._memory.take_to_share, given.answer_id):
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
