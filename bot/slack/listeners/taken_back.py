"""A deleted question, or a click on stop: what said that it was worked on goes away."""

from bot.slack.inbox import Inbox, Work
from bot.slack.replies import Replies
from bot.slack.threads import Threads


class TakenBack:
    """The inbox has cancelled the question already, when it took the event in."""

    def __init__(self, inbox: Inbox, replies: Replies, threads: Threads) -> None:
        self._inbox = inbox
        self._replies = replies
        self._threads = threads

    async def __call__(self, work: Work) -> None:
        stopped = work.body.get("message_ts")
        for question_id, thread in await self._threads.run(self._inbox.cancelled_by, work):
            await self._replies.take_back(question_id, work.conversation, thread, stopped=stopped)
