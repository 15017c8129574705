"""How large the house is, and how many of its files one command enters.

python -m benchmarks.rooms

A file is entered where the body of one of its functions runs, in any thread of the process.
"""

import ast
import asyncio
import atexit
import inspect
import json
import os
import re
import subprocess
import sys
import tempfile
import threading
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from types import FrameType
from typing import Any

from benchmarks.table import Figure, print_table

ROOT = Path(__file__).parents[1]
SAMPLE = ROOT / "samples" / "biden-putin-talks.txt"
PACKAGES = ("bot", "ingest", "vectorstore")
TRACED = (sys.executable, "-m", "benchmarks.rooms", "--trace")
REPORTING_VERBS = re.compile(r"\b(?:told|said|tell|say|tells|says)\b", re.IGNORECASE)


def product_modules() -> dict[str, str]:
    """Paths of the product's modules, migrations apart, with their source."""
    listed = _git("ls-files", "--", *(f"{package}/*.py" for package in PACKAGES))
    return {
        path: (ROOT / path).read_text(encoding="utf-8")
        for path in listed.splitlines()
        if "/migrations/" not in path
    }


def with_one_importer(modules: dict[str, str]) -> list[str]:
    """Modules that exactly one other product module imports."""
    names = {path.removesuffix(".py").replace("/", "."): path for path in modules}
    importers: Counter[str] = Counter()
    for source in modules.values():
        importers.update({name for name in _imported(source) if name in names})
    return sorted(names[name] for name, count in importers.items() if count == 1)


def _imported(source: str) -> set[str]:
    found: set[str] = set()
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Import):
            found.update(alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            found.add(node.module)
            found.update(f"{node.module}.{alias.name}" for alias in node.names)
    return found


def entered(*arguments: str, home: Path) -> int:
    """How many product modules one `newsdesk` command enters."""
    trace = home.with_suffix(".trace")
    subprocess.run([*TRACED, str(trace), *arguments], env=_environment(home), check=True,
                   stdout=subprocess.DEVNULL)  # fmt: skip
    return len(json.loads(trace.read_text()))


async def entered_by_mention(home: Path) -> int:
    """How many product modules `newsdesk slack` enters: its start, one mention, its end."""
    from tests.slack.fake_slack import APP_TOKEN, BOT_TOKEN, FakeSlack

    trace = home.with_suffix(".trace")
    slack = FakeSlack()
    await slack.start()
    tokens = {
        "SLACK_BOT_TOKEN": BOT_TOKEN,
        "SLACK_APP_TOKEN": APP_TOKEN,
        "SLACK_API_URL": slack.url,
    }
    bot = await asyncio.create_subprocess_exec(
        *TRACED, str(trace), "slack", env=_environment(home) | tokens, stderr=subprocess.DEVNULL
    )
    try:
        await slack.until(lambda: slack.connections, 60)
        thread = slack.mention("What sanctions were threatened?")
        await slack.until(lambda: slack.posts("C1", thread), 60)
    finally:
        bot.terminate()
        await bot.wait()
        await slack.stop()
    return len(json.loads(trace.read_text()))


def _environment(home: Path) -> dict[str, str]:
    return os.environ | {"NEWSDESK_HOME": str(home), "PYTHONPATH": str(ROOT)}


def trace_command(output: Path, arguments: list[str]) -> None:
    """Run a `newsdesk` command and write down the product's files that it enters."""
    entered: set[str] = set()

    def note(frame: FrameType, event: str, _: Any) -> None:
        # Class bodies and comprehensions are calls, too, which importing alone runs; the former
        # have no fast locals, the latter a name in brackets.
        code = frame.f_code
        if event == "call" and code.co_flags & inspect.CO_OPTIMIZED and code.co_name[0] != "<":
            entered.add(code.co_filename)

    def write() -> None:
        sys.setprofile(None)
        roots = tuple(f"{ROOT / package}{os.sep}" for package in PACKAGES)
        inside = sorted(p for p in entered if p.startswith(roots) and "/migrations/" not in p)
        output.write_text(json.dumps(inside))

    os._exit = _after(write, os._exit)  # type: ignore[assignment] # how the command ends
    atexit.register(write)
    threading.setprofile(note)
    sys.setprofile(note)
    sys.argv = ["newsdesk", *arguments]
    from bot.cli import main

    main()


def _after(first: Callable[[], None], then: Callable[[int], Any]) -> Callable[[int], None]:
    def both(code: int) -> None:
        first()
        then(code)

    return both


def _git(*arguments: str) -> str:
    return subprocess.run(
        ["git", "-C", str(ROOT), *arguments], check=True, capture_output=True, text=True
    ).stdout


def measure(folder: Path) -> list[Figure]:
    modules = product_modules()
    lines = sum(source.count("\n") for source in modules.values())
    verbs = sum(len(REPORTING_VERBS.findall(source)) for source in modules.values())
    home = folder / "home"
    ingest = entered("ingest", str(SAMPLE), home=home)
    ask = entered("ask", "what sanctions were threatened?", home=home)
    mention = asyncio.run(entered_by_mention(home))
    return [
        Figure("product modules", len(modules), at_most=140),
        Figure("lines of them", lines, at_most=23_500),
        Figure("modules that one module imports", len(with_one_importer(modules)), at_most=35),
        Figure("told, said, tell, say, a thousand lines", 1000 * verbs / lines, at_most=3),
        Figure("files entered by ask", ask, at_most=22),
        Figure("files entered by ingest of a text", ingest, at_most=40),
        Figure("files entered by a Slack mention", mention, at_most=45),
    ]


if __name__ == "__main__":
    if sys.argv[1:2] == ["--trace"]:
        trace_command(Path(sys.argv[2]), sys.argv[3:])
    else:
        with tempfile.TemporaryDirectory() as work:
            print_table(measure(Path(work)))
