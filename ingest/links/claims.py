"""Keeps stories apart whose pages all name the same address as theirs."""

from threading import Lock


class Claims:
    """The addresses that the pages of one run say are their own; for several threads.

    Some sites name one page of a section, or one without its number, on every story of it.
    """

    def __init__(self) -> None:
        self._lock = Lock()
        self._headlines: dict[str, str] = {}

    def are_new(self, address: str, headline: str) -> bool:
        """Take down whose address it is; False where it is that of another story."""
        with self._lock:
            return self._headlines.setdefault(address, headline) == headline
