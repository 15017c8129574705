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
        self._owner = {a: c for c, article_ids in self._stored.items() for a in article_ids}
        """Where an article stands: where it was stored, then where it was last seen."""

        self._sharing: set[str] = set()
        """Files that have an article in common with another."""

        self._files: frozenset[str] = frozenset()

    def expect(self, files: Iterable[str]) -> None:
        """Tell which files are read in this run."""
        self._files = frozenset(files)

    def newer_file(self, article_id: str, container: str) -> str | None:
        """Another file of this run that has an article with this id, and was written later."""
        holder = self._owner.get(article_id, "")
        return holder if holder in self._files and _is_newer(holder, container) else None

    def known(self, container: str) -> str | None:
        """The digest of what was read whole from here, and is stored as it would be now."""
        read = _read(self._whole.get(container, ""))
        return read[1] if read and covers(read[0], self._audience) else None

    def keep(self, container: str) -> Sequence[str]:
        """Note that nothing changed here; returns the ids of what is stored of it."""
        article_ids = self._stored.get(container, [])
        self._seen.setdefault(container, set()).update(article_ids)
        self._owner.update(dict.fromkeys(article_ids, container))
        return article_ids

    def see(self, container: str, article_id: str, *, is_elsewhere: bool = False) -> None:
        """Note that an article was read here; it may stay that of another file."""
        holder = self._owner.get(article_id, container)
        if holder != container:
            self._sharing |= {holder, container}
        self._seen.setdefault(container, set()).add(article_id)
        if not is_elsewhere:
            self._owner[article_id] = container

    def doubt(self, container: str) -> None:
        """Note that something here could not be read: it is no reason to remove anything."""
        self._unsure.add(container)

    def finish(self, container: str, digest: str, *, replaces: bool) -> bool:
        """Note that all was read, unless something could not be; returns whether it was.

        Where something is left that is not here any more, and is not replaced, the file is read
        anew each time: a prune has to see that.
        """
        if container in self._unsure:
            return False
        if self.left(container) and not replaces:
            return True
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
        """Write down what is finished, now that all of it is stored.

        A file that shares an article with another is read anew each time: when the other one
        goes, the article is still this one's.
        """
        sharing = {container for container in self._sharing if "://" not in container}
        self._ledger.set_containers(
            {c: digest for c, digest in self._finished.items() if c not in sharing}
        )
        self._finished.clear()

    def gone(self, scopes: Iterable[str]) -> Iterator[tuple[str, str]]:
        """What was once read from these folders and files and is not there: where from, and id.

        Where anything could not be read, nothing that came from there counts as gone.
        """
        folders = list(scopes)
        seen = set().union(*self._seen.values())
        for container, article_ids in self._stored.items():
            if _within(container, folders) and not _within(container, self._unsure):
                yield from ((container, a) for a in article_ids if a not in seen)


def _read(stored: str) -> tuple[frozenset[str], str] | None:
    """The audience a file was read for and its digest; None when it must be read anew."""
    version, *audience, digest = stored.split(":") if stored else ("", "")
    return (frozenset(audience), digest) if version == str(TEXT_WORK_VERSION) else None


def _within(container: str, scopes: Iterable[str]) -> bool:
    """Whether a file is one of these files, or in one of these folders."""
    path = Path(container)
    return any(path == Path(scope) or Path(scope) in path.parents for scope in scopes)


def _is_newer(one: str, other: str) -> bool:
    """Tell whether one of two files was written later, or is named later than one as old."""
    if one == other:
        return False
    try:
        return (Path(one).stat().st_mtime_ns, one) > (Path(other).stat().st_mtime_ns, other)
    except (OSError, ValueError):
        return False
