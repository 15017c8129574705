"""Answers questions from the archive, and talks to people."""

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from bot.answers import Answer, Citation
    from bot.chain import build_chain
    from bot.newsdesk import Newsdesk

__all__ = ["Answer", "Citation", "Newsdesk", "build_chain"]

_MODULES = {
    "Answer": "bot.answers",
    "Citation": "bot.answers",
    "Newsdesk": "bot.newsdesk",
    "build_chain": "bot.chain",
}


def __getattr__(name: str) -> Any:
    """Import an exported name when it is first used: `bot.cli` must start at once."""
    if name in _MODULES:
        return getattr(import_module(_MODULES[name]), name)
    raise AttributeError(f"module 'bot' has no attribute {name!r}")
