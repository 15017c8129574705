"""A question in a channel, a thread or a direct message: answered in its thread."""

import logging

from bot.slack.answering import Answering
from bot.slack.inbox import Work
from bot.slack.replies import Replies, is_unreachable
from bot.slack.streaming import Streaming

log = logging.getLogger(__name__)


class Asked:
    """Answers a question, or answers it again in place when it was edited."""

    def __init__(self, answering: Answering, replies: Replies, streaming: Streaming) -> None:
        self._answering = answering
        self._replies = replies
        self._streaming = streaming

    async def __call__(self, work: Work) -> None:
        async with self._streaming.following(work) as stream:
            messages, answer_id = await self._answering.messages(work, stream.tell)
        try:
            ts = await self._replies.answer(work, messages, unsure=stream.unsure)
        except Exception as error:
            if not is_unreachable(error):
                raise
            log.warning("Nowhere to answer %s: %s", work.event_id, error)
            return
        if answer_id is not None:
            await self._answering.shown_message(answer_id, ts)
