"""What the archive holds of each file and page, and what one run has read of them."""

from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path

from ingest.articles import TEXT_WORK_VERSION
from vectorstore.ledger import Ledger
from vectorstore.visibility import covers, widened


class SeenSources:
    """The files and pages of the archive, as one run for one audience meets them."""

    def __init__(self, ledger: Ledger, audience: frozenset[str]) -> None:
        self._ledger = ledger
        self._audience = audience
        self._whole = ledger.container_digests()
        self._stored = ledger.in_containers()
        self._seen: dict[str, set[str]] = {}
        self._unreadable: set[str] = set()
        self._finished: dict[str, str] = {}
        self._owner = {a: c for c, article_ids in self._stored.items() for a in article_ids}
        """The file or page of each article: where it was stored, then where it was last seen."""

        self._sharing: set[str] = set()
        """Files that have an article in common with another."""

        self._files: frozenset[str] = frozenset()

    def expect(self, files: Iterable[str]) -> None:
        """Note which files are read in this run."""
        self._files = frozenset(files)

    def newer_file(self, article_id: str, container: str) -> str | None:
        """Return another file of this run that has this article id and was written later."""
        owner = self._owner.get(article_id, "")
        return owner if owner in self._files and _is_newer(owner, container) else None

    def digest(self, container: str) -> str | None:
        """Return the digest of what was read whole from here, if it would be stored the same."""
        read = _parse(self._whole.get(container, ""))
        return read[1] if read and covers(read[0], self._audience) else None

    def keep(self, container: str) -> Sequence[str]:
        """Note that nothing changed here; returns the ids of what is stored of it."""
        article_ids = self._stored.get(container, [])
        self._seen.setdefault(container, set()).update(article_ids)
        self._owner.update(dict.fromkeys(article_ids, container))
        return article_ids

    def add(self, container: str, article_id: str, *, is_elsewhere: bool = False) -> None:
        """Note that an article was read here; it may stay that of another file."""
        owner = self._owner.get(article_id, container)
        if owner != container:
            self._sharing |= {owner, container}
        self._seen.setdefault(container, set()).add(article_id)
        if not is_elsewhere:
            self._owner[article_id] = container

    def mark_unreadable(self, container: str) -> None:
        """Note that something here could not be read: nothing of it may be removed."""
        self._unreadable.add(container)

    def finish(self, container: str, digest: str, *, replaces: bool) -> bool:
        """Note that all was read; returns False where something could not be.

        A file that has lost an article, which is not replaced, is read anew each time: a prune
        has to see that.
        """
        if container in self._unreadable:
            return False
        if self.missing(container) and not replaces:
            return True
        before = _parse(self._whole.get(container, ""))
        seen_by = self._audience
        if before and before[1] == digest:
            seen_by = widened(before[0], self._audience)
        self._finished[container] = ":".join([str(TEXT_WORK_VERSION), *sorted(seen_by), digest])
        return True

    def missing(self, container: str) -> set[str]:
        """Return the articles that were once read from here, and were not in this run."""
        return set(self._stored.get(container, ())) - self._seen.get(container, set())

    def save(self) -> None:
        """Write down what is finished, now that all of it is stored.

        A file that shares an article with another is read anew each time: when the other one
        goes, the article still belongs to this one.
        """
        sharing = {container for container in self._sharing if "://" not in container}
        self._ledger.set_containers(
            {c: digest for c, digest in self._finished.items() if c not in sharing}
        )
        self._finished.clear()

    def gone(self, scopes: Iterable[str]) -> Iterator[tuple[str, str]]:
        """Yield the container and id of what these folders and files do not hold any more.

        Where anything could not be read, nothing that came from there counts as gone.
        """
        folders = list(scopes)
        seen = set().union(*self._seen.values())
        for container, article_ids in self._stored.items():
            if _within(container, folders) and not _within(container, self._unreadable):
                yield from ((container, a) for a in article_ids if a not in seen)


def _parse(stored: str) -> tuple[frozenset[str], str] | None:
    """Return the audience a file was read for and its digest; None if it must be read anew."""
    version, *audience, digest = stored.split(":") if stored else ("", "")
    return (frozenset(audience), digest) if version == str(TEXT_WORK_VERSION) else None


def _within(container: str, scopes: Iterable[str]) -> bool:
    """Whether a file is one of these files, or in one of these folders."""
    path = Path(container)
    return any(path == Path(scope) or Path(scope) in path.parents for scope in scopes)


def _is_newer(one: str, other: str) -> bool:
    """Whether one of two files was written later, or has the later name if both are as old."""
    if one == other:
        return False
    try:
        return (Path(one).stat().st_mtime_ns, one) > (Path(other).stat().st_mtime_ns, other)
    except (OSError, ValueError):
        return False
