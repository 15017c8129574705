"""What was said in a thread before a question: as the ledger has it, or else as Slack has it."""

import html
import logging
import re
from collections.abc import Iterable, Mapping
from dataclasses import replace
from typing import Any

from bot.answers import NOT_FOUND
from bot.memory import Memory, turn_of
from bot.slack.client import OUTAGES, Client
from bot.slack.events import SPOKEN, Identity, by_person, plain_text
from bot.slack.inbox import Work
from bot.slack.posts import PENDING, payload_of
from bot.slack.redaction import redacted
from bot.slack.threads import Threads
from bot.turns import Turn

log = logging.getLogger(__name__)

TURNS = 20
ANSWERS = frozenset(("question", "edited", "watch"))
"""Kinds of work whose messages are answers; a receipt or a placeholder is none."""

_NAMED = re.compile(r"<@[^>]*>")
_MARKER = re.compile(r" ?\[\d+\]")


class ThreadTurns:
    """Finds the turns of a thread; where they can't be had, the question stands alone."""

    def __init__(self, client: Client, memory: Memory, bot: Identity, threads: Threads) -> None:
        self._client = client
        self._memory = memory
        self._bot = bot
        self._threads = threads

    async def before(self, work: Work) -> tuple[Turn, ...]:
        """The last turns before a question, the oldest first."""
        if work.kind not in ("question", "edited") or work.thread in (None, work.ts):
            return ()
        return await self._threads.run(self._kept, work) or await self._said(work)

    def _kept(self, work: Work) -> tuple[Turn, ...]:
        given = self._memory.newest(limit=TURNS, conversation=work.conversation, thread=work.thread)
        earlier = next((g.given_at for g in given if g.answer_id == work.answer_id), None)
        before = [
            g
            for g in given
            if g.answer_id != work.answer_id and (earlier is None or g.given_at <= earlier)
        ]
        return tuple(turn_of(g.answer) for g in reversed(before))

    async def _said(self, work: Work) -> tuple[Turn, ...]:
        found = self._client.thread_messages(work.conversation, work.thread or "", latest=work.ts)
        try:
            messages = [m async for m in found if float(m["ts"]) < float(work.ts)]
        except OUTAGES as error:
            log.warning("%s is answered without its thread: %s", work.about, redacted(str(error)))
            return ()
        return turns_from(messages, self._bot)[-TURNS:]


def turns_from(messages: Iterable[Mapping[str, Any]], bot: Identity) -> tuple[Turn, ...]:
    """The turns in the messages of a thread, which come the oldest first.

    What people say is a question, without the names in it; what the bot says is the answer to
    the message that it is about, all parts of it; what other bots say is left out.
    """
    turns: dict[str, Turn] = {}
    for message in messages:
        if bot.bot_id == message.get("bot_id") or bot.user_id == message.get("user"):
            asked = str(payload_of(message).get("about", "")).rpartition("/")[2]
            asked = asked if asked in turns else next(reversed(turns), "")
            if asked and (answer := _answer_in(message)):
                told = f"{turns[asked].answer} {answer}".lstrip()
                turns[asked] = replace(turns[asked], answer=told)
        elif by_person(message, bot) and message.get("subtype") in SPOKEN:
            turns[message["ts"]] = Turn(plain_text(_NAMED.sub(" ", message.get("text") or "")))
    return tuple(turn for turn in turns.values() if turn.question)


def _answer_in(message: Mapping[str, Any]) -> str:
    """The sentences of an answer without its markers; none of what is no answer."""
    kind = payload_of(message).get("kind", "question")
    text = " ".join(_MARKER.sub("", html.unescape(message.get("text") or "")).split())
    return "" if kind == PENDING or kind not in ANSWERS or text == NOT_FOUND else text
