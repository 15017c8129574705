"""A conversation in Slack to look at: `newsdesk slack` and a Slack on this machine."""

import asyncio
import os
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

from rich.console import Console
from rich.panel import Panel
from rich.text import Text

from tests.slack.fake_slack import (
    APP_TOKEN,
    BOT_TOKEN,
    FakeSlack,
    Json,
    find_action,
)

ROOT = Path(__file__).parents[2]
NEWSDESK = (sys.executable, "-c", "from bot.cli import main; main()")
CHESS = "Ann Lee won the chess championship of Toronto on Friday, the organisers said.\n"


class Demo:
    """Plays a script: what is said and clicked, and what comes back."""

    def __init__(self, slack: FakeSlack, home: Path) -> None:
        self._slack = slack
        self._home = home
        self._console = Console(width=100, highlight=False)

    async def play(self) -> None:
        question = "What sanctions were threatened?"
        thread = self._slack.mention(question)
        answer = await self._answered("#newsroom", f"@newsdesk {question}", "C1", thread)
        follow_up = "Who met in Stockholm?"
        self._slack.reply(follow_up, thread, user="U2")
        await self._answered("#newsroom, in the thread", follow_up, "C1", thread, number=1)
        self._told("#newsroom, a click on Show passages", "")
        self._slack.click(find_action(answer, "show_passages"), message=answer)
        await self._slack.until(lambda: self._slack.views)
        self._show(self._slack.views[-1])
        await self._tell_later()

    async def _tell_later(self) -> None:
        question = "Who won the chess championship of Toronto?"
        thread = self._slack.direct(question)
        unknown = await self._answered("direct message", question, "DU1", thread)
        self._told("a click on Tell me when it is", "")
        button = find_action(unknown, "tell_me")
        self._slack.click(button, channel="DU1", message=unknown)
        await self._slack.until(lambda: self._slack.responses)
        self._show(self._slack.responses[-1])
        story = self._home / "chess.txt"
        story.write_text(f"Chess in Toronto\n\n{CHESS}")
        self._told("in the terminal, later", f"newsdesk ingest {story.name}")
        await run("ingest", str(story), home=self._home)
        await self._answered("and in the direct message", "", "DU1", thread, number=1)

    async def _answered(
        self, where: str, said: str, channel: str, thread: str, number: int = 0
    ) -> Json:
        self._told(where, said)
        await self._slack.until(lambda: len(self._slack.posts(channel, thread)) > number, 60)
        answer = self._slack.posts(channel, thread)[number]
        self._show(answer)
        return answer

    def _told(self, where: str, said: str) -> None:
        self._console.print(Text.assemble("\n", (where, "bold"), f"\n{said}" if said else ""))

    def _show(self, content: Json) -> None:
        lines = "\n".join(line for block in content["blocks"] for line in shown(block))
        self._console.print(Panel(Text(lines), title="Newsdesk", title_align="left"))


def shown(block: Json) -> Iterator[str]:
    """A block as lines of text, its buttons in brackets."""
    text = block.get("text", "")
    if text := text if isinstance(text, str) else text.get("text", ""):
        yield text
    for element in block.get("elements", []):
        if "positive_button" in element:
            yield "[👍] [👎]"
        elif "elements" in element:
            yield "".join(_run(run) for run in element["elements"])
        else:
            label = element["text"]
            label = label if isinstance(label, str) else label["text"]
            yield f"[{label}]" if element["type"] == "button" else label


def _run(run: Json) -> str:
    if "elements" in run:
        return "• " + "".join(_run(inner) for inner in run["elements"]) + "\n"
    text = str(run.get("text", ""))
    return f"**{text}**" if run.get("style", {}).get("bold") else text


async def run(*arguments: str, home: Path) -> None:
    process = await asyncio.create_subprocess_exec(
        *NEWSDESK, *arguments, env=os.environ | {"NEWSDESK_HOME": str(home)}, cwd=home,
        stdout=asyncio.subprocess.DEVNULL,
    )  # fmt: skip
    await process.wait()


async def main(home: Path) -> None:
    await run("ingest", str(ROOT / "samples"), home=home)
    slack = FakeSlack()
    await slack.start()
    settings = {
        "NEWSDESK_HOME": str(home),
        "SLACK_BOT_TOKEN": BOT_TOKEN,
        "SLACK_APP_TOKEN": APP_TOKEN,
        "SLACK_API_URL": slack.url,
    }
    bot = await asyncio.create_subprocess_exec(
        *NEWSDESK, "slack", env=os.environ | settings, cwd=home, stderr=asyncio.subprocess.DEVNULL
    )
    try:
        await slack.until(lambda: slack.connections, 60)
        await Demo(slack, home).play()
    finally:
        bot.terminate()
        await bot.wait()
        await slack.stop()


if __name__ == "__main__":
    with tempfile.TemporaryDirectory() as folder:
        asyncio.run(main(Path(folder)))
