"""Rewrites a follow-up so that it stands alone: by a chat model, or by rules if that fails."""

import logging
import time
from collections.abc import Sequence
from datetime import date

from bot.answers import Turn, Usage
from bot.chat_model import ChatModel, TokenBudget
from bot.errors import ModelError
from bot.phrasing import written_day
from bot.prompts import CONVERSATION, REWRITE
from bot.questions.followups import standalone

log = logging.getLogger(__name__)

REWRITE_SECONDS = 8.0
"""Of the time for the whole answer, what the question may take before the rules do."""

MAX_TURNS = 6
ANSWER_CHARACTERS = 600
LONGEST_QUESTION = 400


class QuestionRewriter:
    """Rewrites follow-ups with a chat model, or by rules where it gives nothing of use."""

    def __init__(self, model: ChatModel, budget: TokenBudget) -> None:
        self._model = model
        self._budget = budget

    def standalone(
        self, question: str, turns: Sequence[Turn], *, today: date, deadline: float
    ) -> str:
        """Return the question with the topic that the thread gives it."""
        if self._budget.is_used_up():
            return standalone(question, turns)
        try:
            rewritten = self._rewritten(question, turns, today, deadline)
        except ModelError as error:
            log.info("The follow-up was rewritten by rules: %s", error)
            rewritten = ""
        return rewritten or standalone(question, turns)

    def _rewritten(self, question: str, turns: Sequence[Turn], today: date, deadline: float) -> str:
        from langchain_core.prompts import ChatPromptTemplate

        prompt = ChatPromptTemplate.from_messages([("system", REWRITE), ("human", CONVERSATION)])
        values = {
            "today": f"{today:%A}, {written_day(today.isoformat())}",
            "turns": "\n\n".join(map(_turn_text, turns[-MAX_TURNS:])),
            "question": question,
        }
        reply, usage = "", Usage()
        deadline = min(deadline, time.monotonic() + REWRITE_SECONDS)
        for piece in self._model.stream(prompt, values, deadline=deadline):
            if isinstance(piece, Usage):
                usage = piece
            else:
                reply += piece
        self._budget.add(usage)
        return _one_question(reply)


def _turn_text(turn: Turn) -> str:
    answer = turn.answer[:ANSWER_CHARACTERS] or "(no answer)"
    return f"Question: {turn.understood}\nAnswer: {answer}"


def _one_question(reply: str) -> str:
    """The reply if it can be a question, else ""."""
    reply = reply.strip().strip('"“”').strip()
    return reply if "\n" not in reply and len(reply) <= LONGEST_QUESTION else ""
