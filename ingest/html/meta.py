"""Reads the `meta` elements of a page, by their names."""

from collections import defaultdict
from collections.abc import Iterable
from typing import TYPE_CHECKING

from ingest.html.told_lines import told_line

if TYPE_CHECKING:
    from lxml.html import HtmlElement

_NAMED_BY = ("property", "name", "itemprop", "http-equiv")


class Meta:
    """What the `meta` elements of a page say."""

    def __init__(self, page: "HtmlElement") -> None:
        self._values: defaultdict[str, list[str]] = defaultdict(list)
        for element in page.iter("meta"):
            if content := told_line(element.get("content")):
                names = " ".join(element.get(named) or "" for named in _NAMED_BY)
                for name in set(names.lower().split()):
                    self._values[name].append(content)

    def all(self, names: Iterable[str]) -> list[str]:
        """Return what is said under these names, in lower case: of the first name first."""
        return [value for name in names for value in self._values.get(name, ())]
