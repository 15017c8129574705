"""What the archive has of each file and page, and what one run has seen of them."""

from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path

from ingest.revisions import TEXT_WORK_VERSION
from vectorstore.audiences import covers, widened
from vectorstore.ledger import Ledger


class Containers:
    """The files and pages of the archive, as one run for one audience meets them."""

    def __init__(self, ledger: Ledger, audience: frozenset[str]) -> None:
        self._ledger = ledger
        self._audience = audience
        self._whole = ledger.container_digests()
        self._stored = ledger.in_containers()
        self._seen: dict[str, set[str]] = {}
        self._unsure: set[str] = set()
        self._finished: dict[str, str] = {}

    def known(self, container: str) -> str | None:
        """The digest of what was read whole from here, and is stored as it would be now."""
        read = _read(self._whole.get(container, ""))
        return read[1] if read and covers(read[0], self._audience) else None

    def keep(self, container: str) -> Sequence[str]:
        """Note that nothing changed here; returns the ids of what is stored of it."""
        article_ids = self._stored.get(container, [])
        self._seen.setdefault(container, set()).update(article_ids)
        return article_ids

    def begin(self, container: str) -> None:
        self._seen.setdefault(container, set())

    def see(self, container: str, article_id: str) -> None:
        self._seen.setdefault(container, set()).add(article_id)

    def doubt(self, container: str) -> None:
        """Note that something here could not be read: it is no reason to remove anything."""
        self._unsure.add(container)

    def finish(self, container: str, digest: str) -> bool:
        """Note that all was read, unless something could not be; returns whether it was."""
        if container in self._unsure:
            return False
        before = _read(self._whole.get(container, ""))
        seen_by = self._audience
        if before and before[1] == digest:
            seen_by = widened(before[0], self._audience)
        self._finished[container] = ":".join([str(TEXT_WORK_VERSION), *sorted(seen_by), digest])
        return True

    def left(self, container: str) -> set[str]:
        """The articles that were once read from here, and were not this time."""
        return set(self._stored.get(container, ())) - self._seen.get(container, set())

    def remember(self) -> None:
        """Write down what is finished, now that all of it is stored."""
        self._ledger.set_containers(self._finished)
        self._finished.clear()

    def gone(self, scopes: Iterable[str]) -> Iterator[tuple[str, str]]:
        """What was once read from these folders and files and is not there: where from, and id.

        Where anything could not be read, nothing that came from there counts as gone.
        """
        folders = list(scopes)
        for container, article_ids in self._stored.items():
            if _within(container, folders) and not _within(container, self._unsure):
                seen = self._seen.get(container, ())
                yield from ((container, a) for a in article_ids if a not in seen)


def _read(stored: str) -> tuple[frozenset[str], str] | None:
    """The audience a file was read for and its digest; None when it must be read anew."""
    version, *audience, digest = stored.split(":") if stored else ("", "")
    return (frozenset(audience), digest) if version == str(TEXT_WORK_VERSION) else None


def _within(container: str, scopes: Iterable[str]) -> bool:
    """Whether a file is one of these files, or in one of these folders."""
    path = Path(container)
    return any(path == Path(scope) or Path(scope) in path.parents for scope in scopes)
