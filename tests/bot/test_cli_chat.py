"""`newsdesk chat` and `answers`, through a pipe and in a terminal of their own."""

import os
import pty
import select
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.bot.chat_server import ChatServer, chat_server, says
from tests.bot.conftest import Run


@pytest.fixture
def archive(run: Run, sample: Path) -> Run:
    assert run("ingest", sample).code == 0
    return run


def test_piped_questions_are_answered_and_lean_on_each_other(archive: Run) -> None:
    ran = archive(
        "chat", typed="what did Russia's Foreign Ministry threaten?\n\n/why\nwhy did it?\n/why\n"
    )
    assert ran.code == 0
    assert "“retaliate”" in ran.out
    understood = [line for line in ran.out.splitlines() if line.startswith("Understood as: ")]
    assert understood[0] == "Understood as: what did Russia's Foreign Ministry threaten?"
    assert understood[1] != "Understood as: why did it?"
    assert "Russia" in understood[1]


def test_commands_show_what_an_answer_stands_on(archive: Run, tmp_path: Path) -> None:
    ran = archive(
        "chat",
        typed="who met in Stockholm?\n/sources\n/passages\n/save talk.md\n/save talk.md\n/nope\n",
    )
    assert ran.code == 1
    assert "talk.md is there already" in ran.err
    assert "There is no command /nope" in ran.err
    saved = (tmp_path / "talk.md").read_text(encoding="utf-8")
    assert saved.startswith("## who met in Stockholm?")
    assert "3 December 2021" in saved


def test_new_and_since_change_what_is_asked(archive: Run) -> None:
    ran = archive("chat", typed="/since 2022\nwho met in Stockholm?\n/since off\n/since x\n")
    assert "The archive does not answer this." in ran.out
    assert "Give a year" in ran.err


def test_conversation_is_continued_with_its_topic(archive: Run) -> None:
    archive("chat", typed="what did Russia's Foreign Ministry threaten?\n")
    ran = archive("chat", "--continue", typed="why did it?\n/why\n")
    assert "Your last question: what did Russia's" in ran.err
    assert "Understood as: why did it?" not in ran.out


def test_answers_are_listed_shown_and_marked_when_their_article_changes(
    archive: Run,
) -> None:
    archive("ask", "what sanctions were threatened?")
    (listed,) = archive("answers", "list", "--json").json
    assert listed["question"] == "what sanctions were threatened?"
    assert listed["retrieved"]
    assert listed["outdated"] == []
    article = archive("articles", "list", "--json").json[0]["article_id"]
    assert archive("articles", "remove", article, "--yes").code == 0
    shown = archive("answers", "show", listed["answer_id"])
    assert "The article has been removed since." in shown.out
    assert "outdated" in archive("answers", "list", "--outdated").out
    assert archive("answers", "show", "nothing").code == 1


@pytest.fixture(scope="module")
def server() -> Iterator[ChatServer]:
    with chat_server() as running:
        yield running


def test_in_a_terminal_ctrl_c_stops_the_answer_and_not_the_chat(
    archive: Run, server: ChatServer, tmp_path: Path
) -> None:
    server.plays(says(*"Thinking" * 200, pause=0.05))
    typed, shown = pty.openpty()
    environment = os.environ | {"OPENAI_BASE_URL": server.url, "TERM": "dumb"}
    command = [str(Path(sys.executable).with_name("newsdesk")), "chat"]
    with subprocess.Popen(
        command,
        stdin=shown,
        stdout=shown,
        stderr=shown,
        env=environment,
        cwd=tmp_path,
        start_new_session=True,
    ) as chat:
        os.close(shown)
        screen = Screen(typed)
        screen.wait_for("> ")
        os.write(typed, b"who met in Stockholm?\r")
        screen.wait(lambda: bool(server.asked))
        chat.send_signal(signal.SIGINT)
        screen.wait_for("Stopped.")
        os.write(typed, b"/help\r")
        screen.wait_for("/passages")
        os.write(typed, b"/quit\r")
        assert chat.wait(timeout=60) == 0
        os.close(typed)


class Screen:
    """What a terminal showed so far."""

    def __init__(self, terminal: int) -> None:
        self._terminal = terminal
        self.text = ""

    def wait_for(self, text: str) -> None:
        self.wait(lambda: text in self.text)

    def wait(self, until: Callable[[], bool]) -> None:
        deadline = time.monotonic() + 60
        while not until():
            assert time.monotonic() < deadline, self.text
            if select.select([self._terminal], [], [], 0.05)[0]:
                self.text += os.read(self._terminal, 65536).decode(errors="replace")
