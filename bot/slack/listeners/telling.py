"""The button "Tell me when it is", and the answer that comes when a later ingest brings it."""

from collections.abc import Mapping
from typing import Any

from slack_bolt.async_app import AsyncApp
from slack_bolt.context.ack.async_ack import AsyncAck
from slack_bolt.context.respond.async_respond import AsyncRespond

from bot.memory import Given, Memory
from bot.slack.answering import Answering
from bot.slack.inbox import Work
from bot.slack.listeners.asked import Asked
from bot.slack.once import Once
from bot.slack.rendering import render_plain
from bot.slack.replies import Replies
from bot.slack.threads import Threads
from bot.slack.watches import Watches
from bot.slack.watching import Watching

PROMISED = "I will tell you {where} when an article answers this."


class Telling:
    def __init__(
        self,
        watches: Watches,
        watching: Watching,
        memory: Memory,
        answering: Answering,
        replies: Replies,
        in_thread: Asked,
        once: Once,
        threads: Threads,
    ) -> None:
        self._watches = watches
        self._watching = watching
        self._memory = memory
        self._answering = answering
        self._replies = replies
        self._in_thread = in_thread
        self._once = once
        self._threads = threads

    def register(self, app: AsyncApp) -> None:
        app.action("tell_me")(self.asked)

    async def asked(self, ack: AsyncAck, respond: AsyncRespond, body: Mapping[str, Any]) -> None:
        answer_id, person = body["actions"][0]["value"], body["user"]["id"]
        given = await self._threads.run(self._memory.given, answer_id)
        if given is not None and given.conversation == body["channel"]["id"]:
            await self._threads.run(self._keep_open, given, person)
            self._watching.look_again()
        await ack()
        if given is not None:
            where = "in this thread" if given.thread else "in a direct message"
            shown = render_plain(PROMISED.format(where=where))
            await respond(
                text=shown.text,
                blocks=list(shown.blocks),
                response_type="ephemeral",
                replace_original=False,
            )

    async def __call__(self, work: Work) -> None:
        if work.thread:
            await self._in_thread(work)
            return
        messages = self._once.interrupted(work)
        if not messages:
            messages, _ = await self._answering.messages(work)
        async with self._once.sending(work):
            for message in messages:
                await self._replies.post(work.person, message)

    def _keep_open(self, given: Given, person: str) -> None:
        self._watches.add(
            # By itself the question may make no sense outside of its thread.
            given.answer.standalone_question or given.answer.question,
            conversation=given.conversation,
            thread=given.thread or "",
            person=person,
        )
