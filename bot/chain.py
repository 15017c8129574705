"""The retrieval-augmented chain as a LangChain Runnable, to be composed, traced or served."""

from collections.abc import Iterator
from typing import Any

from langchain_core.runnables import Runnable, RunnableConfig

from bot.answers import Answer, Event, answer_of
from bot.asking import Asked, Asking


class AnswerChain(Runnable[Asked, Any]):
    """`stream` yields the events of answering, `invoke` returns the answer they end with.

    `bot.asking` holds the steps and needs no LangChain, which a quoted answer in the terminal
    would have to wait for.
    """

    def __init__(self, asking: Asking) -> None:
        self._asking = asking

    def invoke(self, input: Asked, config: RunnableConfig | None = None, **_: Any) -> Answer:  # noqa: A002 - LangChain's name
        answer: Answer = self._call_with_config(self._answer, input, config)
        return answer

    def stream(
        self,
        input: Asked,  # noqa: A002 - LangChain's name
        config: RunnableConfig | None = None,
        **_: Any,
    ) -> Iterator[Event]:
        yield from self._transform_stream_with_config(iter([input]), self._events, config)

    def _answer(self, asked: Asked) -> Answer:
        return answer_of(self._asking.events(asked))

    def _events(self, asked: Iterator[Asked]) -> Iterator[Event]:
        for one in asked:
            yield from self._asking.events(one)
