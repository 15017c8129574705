"""Recognises the name of the outlet, as it stands in titles and bylines of its pages."""

from collections.abc import Iterable

from ingest.web.urls import host_of

_SHORTEST_LABEL = 3
_ADDED = ("", "news", "online")


class Outlet:
    """The one that publishes a page, by what the page calls it and by its host."""

    def __init__(self, names: Iterable[str], url: str | None) -> None:
        host = host_of(url or "")
        *labels, _ = host.split(".")
        told = [*names, host, *(label for label in labels if len(label) >= _SHORTEST_LABEL)]
        self._names = {_plain(name) + added for name in told for added in _ADDED if _plain(name)}

    def is_name(self, text: str) -> bool:
        """Tell whether a text is nothing but the outlet's name: "The Example" for example.com."""
        return _plain(text) in self._names


def _plain(name: str) -> str:
    return "".join(filter(str.isalnum, name.casefold())).removeprefix("the")
