"""The chain and its face as a LangChain Runnable: the same answers, and what LangChain expects."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from langchain_core.callbacks import BaseCallbackHandler
from langchain_core.messages import AIMessage, HumanMessage, SystemMessage
from langchain_core.runnables import Runnable, RunnableLambda
from langchain_core.tracers.context import collect_runs

from bot import Answer, Newsdesk, build_chain
from bot.answers import Done, Event, Retrieved, SentenceReady, Turn, answer_of
from bot.chain import AnswerChain, Query
from bot.chat_model import ChatModel, TokenBudget
from bot.errors import EmptyArchiveError
from bot.generated import GeneratedAnswerer
from bot.rewriting import QuestionRewriter
from bot.runnable import ChainInput, read_input
from tests.archive import open_library, revision
from tests.bot.chat_server import ChatServer, chat_server, says, words
from vectorstore.models import Filters

OSLO = "It rained in Oslo today."
BERGEN = "It rained in Bergen for a week."
QUESTION = "Did it rain in Oslo?"


@pytest.fixture(scope="module")
def server() -> Iterator[ChatServer]:
    with chat_server() as running:
        yield running


def open_newsdesk(home: Path, server: ChatServer | None = None) -> Newsdesk:
    """A small archive, with a chat model if there is a server of one."""
    library = open_library(home)
    library.write(
        [
            revision("oslo", OSLO, published_at="2021-12-03", source="Herald"),
            revision("bergen", BERGEN, published_at="2020-05-01"),
            revision("secret", "The merger fails in Oslo.", audience=frozenset({"C1"})),
        ]
    )
    if server is None:
        return Newsdesk(library, home=home, max_article_bytes=1_000)
    model = ChatModel(api_key="k", base_url=server.url, model="m", timeout_seconds=5)
    model.load()  # within the deadline of the first answer, a busy machine may not
    budget = TokenBudget(library.database, tokens_per_day=0)
    chain = AnswerChain(
        library, GeneratedAnswerer(model, budget), rewriter=QuestionRewriter(model, budget)
    )
    return Newsdesk(library, home=home, max_article_bytes=1_000, chain=chain, chat_model=model)


@pytest.fixture
def quoting(tmp_path: Path) -> Iterator[Newsdesk]:
    with open_newsdesk(tmp_path) as newsdesk:
        yield newsdesk


@pytest.fixture
def writing(tmp_path: Path, server: ChatServer) -> Iterator[Newsdesk]:
    with open_newsdesk(tmp_path, server) as newsdesk:
        yield newsdesk


SAME: list[tuple[ChainInput, Query]] = [
    (QUESTION, Query(QUESTION)),
    (
        {"question": "And in Bergen?", "history": [(QUESTION, OSLO)]},
        Query("And in Bergen?", (Turn(QUESTION, answer=OSLO),)),
    ),
    (
        {
            "question": "Did it rain in Oslo today?",
            "filters": {"since": "2021-01-01", "until": "2021-12-31", "source": "Herald"},
        },
        Query(
            "Did it rain in Oslo today?", filters=Filters("2021-01-01", "2021-12-31", ("Herald",))
        ),
    ),
]


def answers_of(newsdesk: Newsdesk, given: ChainInput, query: Query) -> tuple[Answer, Answer]:
    """The answer of the chain, and that of the Runnable, without the seconds they took."""
    plain = answer_of(newsdesk.chain.events(query))
    return replace(plain, seconds={}), replace(build_chain(newsdesk).invoke(given), seconds={})


@pytest.mark.parametrize(("given", "query"), SAME)
def test_runnable_quotes_the_answer_that_the_chain_quotes(
    quoting: Newsdesk, given: ChainInput, query: Query
) -> None:
    plain, ran = answers_of(quoting, given, query)
    assert plain == ran
    assert ran.found
    assert ran.mode == "quoted"


@pytest.mark.parametrize(("given", "query"), SAME)
def test_runnable_writes_the_answer_that_the_chain_writes(
    writing: Newsdesk, server: ChatServer, given: ChainInput, query: Query
) -> None:
    rewritten = [says("Did it rain in Bergen?")] if query.turns else []
    written = says(*words(f"{BERGEN if query.turns else OSLO} [1]"))
    server.plays(*rewritten, written, *rewritten, written)
    plain, ran = answers_of(writing, given, query)
    assert plain == ran
    assert ran.found
    assert ran.mode == "generated"
    assert ran.usage.tokens_in


def test_history_of_messages_is_that_of_pairs() -> None:
    messages = [SystemMessage("Be kind."), HumanMessage(QUESTION), AIMessage(OSLO)]
    pairs = read_input({"question": "Why?", "history": [(QUESTION, OSLO)]})
    assert read_input({"question": "Why?", "history": messages}) == pairs


@pytest.mark.parametrize(
    ("given", "message"),
    [
        ({"question": "Why?", "histroy": []}, "'histroy' in the chain's input is not known"),
        ({"question": "Why?", "filters": {"before": "2021"}}, "'before' in filters is not known"),
        ({"question": "Why?", "filters": {"since": "May"}}, "since='May' is no date"),
        ({"question": "Why?", "history": ["What?"]}, r"history has 'What\?'"),
        ({"question": "Why?", "audience": ["C1"]}, r"audience=\['C1'\]"),
        ({"query": "Why?"}, "'query' in the chain's input"),
        ({}, "question=None is no text"),
        (7, "7 is no question"),
    ],
)
def test_input_that_cannot_be_used_is_named(
    quoting: Newsdesk, given: ChainInput, message: str
) -> None:
    with pytest.raises(ValueError, match=message):
        build_chain(quoting).invoke(given)


def test_audience_sees_its_own_articles_and_others_do_not(quoting: Newsdesk) -> None:
    chain = build_chain(quoting)
    question = "Does the merger fail?"
    assert not chain.invoke(question).found
    assert not chain.invoke({"question": question, "audience": None}).found
    assert chain.invoke({"question": question, "audience": "C1"}).found


def test_empty_archive_raises_what_ask_raises(tmp_path: Path) -> None:
    with (
        Newsdesk(open_library(tmp_path), home=tmp_path, max_article_bytes=1_000) as newsdesk,
        pytest.raises(EmptyArchiveError),
    ):
        build_chain(newsdesk).invoke(QUESTION)


def kinds(events: list[Event]) -> list[type[Event]]:
    return [type(event) for event in events]


async def test_stream_and_astream_yield_the_events(quoting: Newsdesk) -> None:
    chain = build_chain(quoting)
    events = list(chain.stream(QUESTION))
    assert isinstance(events[-1], Done)
    assert {Retrieved, SentenceReady} <= {*kinds(events)}
    assert kinds([event async for event in chain.astream(QUESTION)]) == kinds(events)


async def test_stopped_stream_stops_the_model(writing: Newsdesk, server: ChatServer) -> None:
    server.plays(says(*words(f"{OSLO} [1] "), *["And more. "] * 1_000, pause=0.01))
    events = build_chain(writing).astream(QUESTION)
    async for event in events:
        if isinstance(event, SentenceReady):
            break
    await events.aclose()  # type: ignore[attr-defined]


async def test_composes_batches_and_runs_async(quoting: Newsdesk) -> None:
    chain = build_chain(quoting)
    assert isinstance(chain, Runnable)
    to_text = chain | RunnableLambda(lambda answer: answer.text)
    assert to_text.invoke(QUESTION) == OSLO
    assert to_text.batch([QUESTION, "Did it rain in Bergen?"]) == [OSLO, BERGEN]
    assert (await chain.ainvoke(QUESTION)).text == OSLO


def test_tool_takes_a_question_and_returns_text_with_citations(quoting: Newsdesk) -> None:
    tool = build_chain(quoting).as_tool()
    text = tool.invoke(QUESTION)
    assert text.startswith(f"{OSLO} [1]")
    assert f"[1] oslo, Herald, 2021-12-03: “{OSLO}”" in text
    assert tool.name == "newsdesk"
    assert tool.description


class Seen(BaseCallbackHandler):
    """Notes which runs begin and end."""

    def __init__(self) -> None:
        self.runs: list[str] = []
        self.question: Any = None

    def on_retriever_start(self, *_: Any, **more: Any) -> None:
        self.runs.append("retriever")

    def on_chat_model_start(self, *_: Any, **more: Any) -> None:
        self.runs.append("chat model")

    def on_chain_start(self, serialized: Any, inputs: Any, **more: Any) -> None:
        self.runs.append(more["name"])


def test_callbacks_see_retriever_prompt_model_and_parser(
    writing: Newsdesk, server: ChatServer
) -> None:
    server.plays(says(*words(f"{OSLO} [1]")))
    seen = Seen()
    assert build_chain(writing).invoke(QUESTION, {"callbacks": [seen]}).found
    assert seen.runs == [
        "newsdesk",
        "retriever",
        "RunnableSequence",
        "ChatPromptTemplate",
        "chat model",
        "parse",
    ]


def test_tracers_see_one_run_with_its_steps(quoting: Newsdesk) -> None:
    with collect_runs() as collected:
        list(build_chain(quoting).stream(QUESTION))
    [run] = collected.traced_runs
    assert run.name == "newsdesk"
    assert [child.name for child in run.child_runs] == ["HybridRetriever"]


async def test_events_of_langchain_name_the_steps(quoting: Newsdesk) -> None:
    stream = build_chain(quoting).astream_events(QUESTION, version="v2")
    names = [(event["event"], event["name"]) async for event in stream]
    assert ("on_retriever_end", "HybridRetriever") in names
    assert names[-1] == ("on_chain_end", "newsdesk")
