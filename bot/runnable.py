"""The answer chain as a LangChain Runnable: retriever -> prompt | model | parser, or quoted."""

import re
from collections.abc import AsyncIterator, Iterator, Mapping, Sequence
from datetime import date
from typing import Any, TypeAlias

from langchain_core.messages import BaseMessage
from langchain_core.runnables import Runnable, RunnableConfig
from langchain_core.runnables.config import run_in_executor
from langchain_core.tools import BaseTool, Tool

from bot.answers import Answer, Event, Turn, answer_of
from bot.chain import AnswerChain, Query
from vectorstore.models import Filters, Hit
from vectorstore.retriever import HybridRetriever, PassageDocument

ChainInput: TypeAlias = str | dict[str, Any]
"""A question, or `{"question", "history", "filters", "audience"}`, of which the last three may be
left out.

`history` holds `(question, answer)` pairs or LangChain messages, the oldest first; `filters` has
`since`, `until` and `source`; `audience` is the conversation whose private articles may be used,
or None for what everyone may see.
"""

_KEYS = ("question", "history", "filters", "audience")
_FILTER_KEYS = ("since", "until", "source")
_DAY = re.compile(r"\d{4}(-\d\d(-\d\d.*)?)?")


class AnswerRunnable(Runnable[ChainInput, Any]):
    """`invoke` returns an `Answer`, `stream` yields the events of answering.

    The steps are those of `AnswerChain`. Run from here, the passages come from `retriever`, and it,
    the prompt, the model and the parser are child runs that callbacks and tracers see.
    """

    name = "newsdesk"

    def __init__(self, chain: AnswerChain, retriever: HybridRetriever) -> None:
        self.retriever = retriever
        self._chain = chain.with_retrieve(self._retrieve)

    def invoke(
        self,
        input: ChainInput,  # noqa: A002 - LangChain's name
        config: RunnableConfig | None = None,
        **_: Any,
    ) -> Answer:
        answer: Answer = self._call_with_config(self._answer, input, config)
        return answer

    def stream(
        self,
        input: ChainInput,  # noqa: A002 - LangChain's name
        config: RunnableConfig | None = None,
        **_: Any,
    ) -> Iterator[Event]:
        yield from self._transform_stream_with_config(iter([input]), self._events, config)

    async def astream(
        self,
        input: ChainInput,  # noqa: A002 - LangChain's name
        config: RunnableConfig | None = None,
        **_: Any,
    ) -> AsyncIterator[Event]:
        async def inputs() -> AsyncIterator[ChainInput]:
            yield input

        async for event in self._atransform_stream_with_config(inputs(), self._aevents, config):
            yield event

    def as_tool(
        self,
        args_schema: Any = None,
        *,
        name: str | None = None,
        description: str | None = None,
        arg_types: dict[str, type] | None = None,
    ) -> BaseTool:
        """A tool for agents that takes a question and returns the answer's text with citations."""

        async def answer_async(question: str) -> str:
            return str(await self.ainvoke(question))

        return Tool(
            name=name or "newsdesk",
            description=description
            or "Answers a question from the news archive, in sentences with their citations.",
            func=lambda question: str(self.invoke(question)),
            coroutine=answer_async,
            args_schema=args_schema,
        )

    def _answer(self, value: ChainInput) -> Answer:
        return answer_of(self._chain.events(read_input(value)))

    def _events(self, value: Iterator[ChainInput]) -> Iterator[Event]:
        for each in value:
            yield from self._chain.events(read_input(each))

    async def _aevents(self, value: AsyncIterator[ChainInput]) -> AsyncIterator[Event]:
        async for each in value:
            events = self._chain.events(read_input(each))
            try:
                while event := await run_in_executor(None, next, events, None):
                    yield event
            finally:
                await run_in_executor(None, events.close)

    def _retrieve(self, question: str, filters: Filters) -> list[Hit]:
        documents = self.retriever.invoke(question, filters=filters)
        return [each.hit for each in documents if isinstance(each, PassageDocument)]


def read_input(value: ChainInput) -> Query:
    """Read the input of the chain; raises `ValueError` that names what can't be used."""
    if isinstance(value, str):
        return Query(value)
    if not isinstance(value, Mapping):
        raise ValueError(
            f"{value!r} is no question: give a string, or a dict with {_listed(_KEYS)}."
        )
    _require_known(value, _KEYS, "the chain's input")
    question = value.get("question")
    if not isinstance(question, str):
        raise ValueError(f"question={question!r} is no text: give the question as a string.")
    return Query(
        question,
        _turns(value.get("history") or ()),
        _filters(value.get("filters") or {}, value.get("audience")),
    )


def _turns(history: Sequence[Any]) -> tuple[Turn, ...]:
    turns: list[Turn] = []
    for item in history:
        match item:
            case BaseMessage(type="human"):
                turns.append(Turn(str(item.text)))
            case BaseMessage(type="ai") if turns:
                turns[-1] = Turn(turns[-1].question, answer=str(item.text))
            case BaseMessage():
                continue
            case (str(question), str(answer)):
                turns.append(Turn(question, answer=answer))
            case _:
                raise ValueError(
                    f"history has {item!r}: give (question, answer) pairs or LangChain messages."
                )
    return tuple(turns)


def _filters(filters: Mapping[str, Any], audience: str | None) -> Filters:
    _require_known(filters, _FILTER_KEYS, "filters")
    if not (audience is None or isinstance(audience, str)):
        raise ValueError(f"audience={audience!r}: give the id of one conversation, or None.")
    source = filters.get("source") or ()
    return Filters(
        since=_day("since", filters.get("since")),
        until=_day("until", filters.get("until")),
        sources=(source,) if isinstance(source, str) else tuple(source),
        conversations=frozenset([audience] if audience else ()),
    )


def _day(name: str, value: object) -> str | None:
    if value is None or value == "":
        return None
    day = value.isoformat() if isinstance(value, date) else value
    if not isinstance(day, str) or not _DAY.fullmatch(day):
        raise ValueError(f"{name}={value!r} is no date: write it as 2021-12-03.")
    return day


def _require_known(value: Mapping[str, Any], known: Sequence[str], where: str) -> None:
    unknown = [key for key in value if key not in known]
    if unknown:
        raise ValueError(
            f"{', '.join(map(repr, unknown))} in {where} is not known: use {_listed(known)}."
        )


def _listed(names: Sequence[str]) -> str:
    return f"{', '.join(names[:-1])} and {names[-1]}"
