"""The chain as a LangChain Runnable, over a real archive."""

from pathlib import Path

from langchain_core.runnables import RunnableLambda

from bot.answerers import Quoting
from bot.answers import Done, Retrieved
from bot.asking import Asked, Asking
from bot.chain import AnswerChain
from tests.archive import open_library, revision


def test_chain_streams_events_and_composes(tmp_path: Path) -> None:
    library = open_library(tmp_path)
    library.write([revision("a", "It rained in Oslo today.", published_at="2021-12-03")])
    chain = AnswerChain(Asking(library, Quoting()))
    asked = Asked("Did it rain in Oslo?")
    events = list(chain.stream(asked))
    assert any(isinstance(event, Retrieved) for event in events)
    assert isinstance(events[-1], Done)
    to_text = chain | RunnableLambda(lambda answer: answer.text)
    assert to_text.invoke(asked) == events[-1].answer.text == "It rained in Oslo today."
    library.close()
