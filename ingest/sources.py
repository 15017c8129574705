"""Finds the files and links that arguments mean: walks folders and expands globs."""

import os
import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from fnmatch import fnmatchcase
from pathlib import Path

from ingest.drafts import Skipped, SourceFailure
from ingest.errors import IngestError
from ingest.files import STDIN, SourceFile, look_at, reason_of, too_large
from ingest.readers import APART, READERS, STREAMED
from ingest.web.urls import without_login

MAX_BYTES = 20_000_000
"""Of text in one article: forty long novels."""

ARTICLES_PER_FILE = 5
"""So many times the limit of an article is that of a file read apart, for its pictures."""

FEEDS = frozenset({".xml", ".rss", ".atom"})
"""Files that name articles: feeds and sitemaps, whose links `ingest.web.follow` follows."""


@dataclass(frozen=True, slots=True)
class Link:
    """A link to a page, a feed or a sitemap, as a person typed it."""

    url: str


Source = SourceFile | Link | SourceFailure | Skipped
_MAGIC = re.compile(r"[*?\[]")
_LINK = re.compile(r"([a-z][a-z0-9+.-]+)://", re.IGNORECASE)
_ENDINGS = [*READERS, *sorted(FEEDS)]
_KNOWN = ", ".join(_ENDINGS[:-1]) + f" or {_ENDINGS[-1]}"
_UNKNOWN = "of a kind that is not read"


def find_sources(
    arguments: Sequence[str], *, max_bytes: int = MAX_BYTES, follow_links: bool = False
) -> Iterator[Source]:
    """Yield the files that files, folders, globs and `-` stand for, and the links, each once.

    Those of a folder or glob are sorted by name.

    What cannot be read is yielded as a failure with the reason; files that by their names are
    no articles are counted, at the end of the folder or glob they stand in.
    """
    finder = _Finder(max_bytes, follow_links)
    for argument in arguments:
        yield from finder.find(argument)


class _Finder:
    """One search, which remembers what it has found."""

    def __init__(self, max_bytes: int, follow_links: bool) -> None:
        self._max_bytes = max_bytes
        self._follow_links = follow_links
        self._seen: set[str] = set()

    def find(self, argument: str) -> Iterator[Source]:
        path = absolute(argument)
        if argument == "-":
            yield from self._once(SourceFile(STDIN, 0, self._max_bytes))
        elif link := _LINK.match(argument):
            if link[1].lower() in ("http", "https"):
                yield from self._once(Link(argument))
            else:
                reason = f"{link[1]} links are not followed, only http and https"
                yield _failure(without_login(argument), reason)
        elif path is None:
            yield _failure(argument, "not the name of a file or folder")
        elif is_folder(path):
            inside = walk(path, follow_links=self._follow_links)
            yield from self._sift(path, path, inside, f"no article in it, that is no {_KNOWN} file")
        elif os.path.lexists(path):
            yield from self._named(path)
        elif error := closed(path):
            yield _failure(path, reason_of(error))
        elif has_magic(argument):
            reason = f"no {_KNOWN} file matches {shown(argument)}"
            yield from self._sift(path, fixed_part(path), self._matches(path), reason)
        else:
            yield _failure(path, f"no such file or folder: {shown(argument)}")

    def _named(self, path: Path) -> Iterator[Source]:
        """Take a file that was named itself: through a link too, for that was asked for."""
        if path.suffix.lower() in _ENDINGS:
            yield from self._once(self._look_at(path, named=True))
        else:
            yield _failure(path, f"not a kind of file that can be read: {_KNOWN}")

    def _matches(self, pattern: Path) -> Iterator[Path | OSError]:
        for path in expand(pattern):
            if isinstance(path, Path) and is_folder(path) and not path.is_symlink():
                yield from walk(path, follow_links=self._follow_links)
            else:
                yield path

    def _sift(
        self, argument: Path, root: Path, paths: Iterable[Path | OSError], if_nothing: str
    ) -> Iterator[Source]:
        """Pick what can be read from what was found at `root` and below; count the rest."""
        passed_over: Counter[str] = Counter()
        kinds: set[str] = set()
        nothing = True
        for path in paths:
            found = self._judge(path, root)
            if isinstance(found, str):
                passed_over[found] += 1
                if isinstance(path, Path) and found == _UNKNOWN:
                    kinds.add(path.suffix or "no ending")
            else:
                nothing = False
                yield from self._once(found)
        for reason, count in sorted(passed_over.items()):
            named = f" ({', '.join(sorted(kinds))})" if reason == _UNKNOWN and any(kinds) else ""
            yield Skipped(shown(argument), count, reason + named)
        if nothing:
            yield _failure(argument, if_nothing)

    def _judge(self, path: Path | OSError, root: Path) -> SourceFile | SourceFailure | str:
        """Return the file, a failure, or why it is passed over."""
        if isinstance(path, OSError):
            return _failure(Path(str(path.filename)), reason_of(path))
        if path.name.startswith("."):
            return "hidden"
        to_folder = is_folder(path)
        if path.suffix.lower() not in _ENDINGS and not to_folder:
            return _UNKNOWN
        if path.is_symlink() and not self._follow_links:
            return _judge_link(path, root)
        return "already read through another link" if to_folder else self._look_at(path)

    def _look_at(self, path: Path, *, named: bool = False) -> SourceFile | SourceFailure:
        try:
            file = look_at(path, self._max_bytes, follow_links=named or self._follow_links)
            if file.suffix in APART:
                file = replace(file, max_file_bytes=ARTICLES_PER_FILE * self._max_bytes)
                if file.bytes > file.max_file_bytes:
                    raise too_large(file.max_file_bytes, "file")
            elif file.bytes > self._max_bytes and file.suffix not in STREAMED:
                raise too_large(self._max_bytes)
            return file
        except (IngestError, OSError) as error:
            return _failure(path, reason_of(error))

    def _once(self, found: SourceFile | Link | SourceFailure) -> Iterator[Source]:
        """Yield what was not found before, under this name or another."""
        if not isinstance(found, SourceFailure):
            identity = _identity(found)
            if identity in self._seen:
                return
            self._seen.add(identity)
        yield found


def _identity(found: SourceFile | Link) -> str:
    if isinstance(found, Link):
        return found.url
    return os.path.realpath(found.path) if found.path != STDIN else "-"


def _judge_link(path: Path, root: Path) -> SourceFailure | str:
    """Return why a link in a folder is not read."""
    try:
        target = path.resolve(strict=True)
    except FileNotFoundError:
        return _failure(path, "a link to nothing")
    except (OSError, RuntimeError):
        # Before Python 3.13 resolve() tells of a loop with a RuntimeError.
        return _failure(path, "a link that leads nowhere, or round in a circle")
    if target in path.parent.resolve().parents or target == path.parent.resolve():
        return _failure(path, "a link back to a folder that it stands in")
    if target.is_relative_to(root.resolve()):
        return "a link to another file of the folder"
    return _failure(path, f"a link out of the folder, to {shown(target)}: not followed")


def _failure(path: Path | str, reason: str) -> SourceFailure:
    return SourceFailure(shown(path), reason, shown(path))


def absolute(argument: str) -> Path | None:
    """Return what a person typed as an absolute path; None if it can be no path.

    Links in it are kept: the name that was given is the name that stays.
    """
    if not argument or "\0" in argument:
        return None
    # Path.resolve() would follow links, and Path.expanduser() fails on "~nobody".
    return Path(os.path.abspath(os.path.expanduser(argument)))  # noqa: PTH100, PTH111


def shown(path: Path | str) -> str:
    """Return a path as text that can be stored and printed, whatever bytes its name is made of."""
    return os.fsencode(path).decode(errors="backslashreplace")


def is_folder(path: Path) -> bool:
    """Return whether a path leads to a folder, through links too."""
    # Path.is_dir() raises, before Python 3.14, where a folder above is closed to us.
    return os.path.isdir(path)  # noqa: PTH112


def has_magic(argument: str) -> bool:
    """Return whether an argument is a glob."""
    return _MAGIC.search(argument) is not None


def walk(folder: Path, *, follow_links: bool) -> Iterator[Path | OSError]:
    """Yield all that is in a folder and below but folders, sorted by name.

    Hidden folders, and links to folders unless followed, are yielded and not entered; a folder
    that cannot be listed is yielded as the error.
    """
    entered: set[tuple[int, int]] = set()
    pending: list[Path] = [folder]
    while pending:
        path = pending.pop()
        if path != folder and not _is_entered(path, follow_links):
            yield path
            continue
        try:
            status = path.stat()
            if (status.st_dev, status.st_ino) not in entered:
                entered.add((status.st_dev, status.st_ino))
                pending.extend(sorted(path.iterdir(), reverse=True))
        except OSError as error:
            yield error


def closed(path: Path) -> PermissionError | None:
    """Return what forbids us to look whether anything is at a path; None if nothing does."""
    try:
        path.lstat()
    except PermissionError as error:
        return error
    except OSError:
        return None
    return None


def expand(pattern: Path) -> Iterator[Path | OSError]:
    """Yield what matches a glob, sorted by name; `**` enters no link and no hidden folder.

    A folder that cannot be listed is yielded as the error.

    The standard library's glob follows links, so two of them that cross keep it busy for ever.
    """
    parts = pattern.parts
    yield from _expand(Path(parts[0]), parts[1:])


def fixed_part(pattern: Path) -> Path:
    """Return the folder above the first wildcard of a glob."""
    return next(parent for parent in pattern.parents if not has_magic(str(parent)))


def _expand(base: Path, parts: tuple[str, ...]) -> Iterator[Path | OSError]:
    if not parts:
        yield base
        return
    first, rest = parts[0], parts[1:]
    if first == "**" and not rest:
        yield base
    elif first == "**":
        for folder in _folders_below(base):
            yield from _expand(folder, rest)
    elif has_magic(first):
        names = _names_in(base)
        if isinstance(names, OSError):
            yield names
            return
        for name in names:
            if fnmatchcase(name, first) and (first.startswith(".") or not name.startswith(".")):
                yield from _expand(base / name, rest)
    elif os.path.lexists(base / first):
        yield from _expand(base / first, rest)
    elif error := closed(base / first):
        yield error


def _folders_below(base: Path) -> Iterator[Path]:
    """Yield a folder and all those below it, but hidden and linked ones."""
    pending = [base]
    while pending:
        folder = pending.pop()
        yield folder
        names = _names_in(folder)
        below = () if isinstance(names, OSError) else (folder / name for name in names)
        pending.extend(reversed([path for path in below if _is_entered(path, follow_links=False)]))


def _names_in(folder: Path) -> list[str] | OSError:
    try:
        return sorted(path.name for path in folder.iterdir())
    except (FileNotFoundError, NotADirectoryError):
        return []
    except OSError as error:
        return error


def _is_entered(path: Path, follow_links: bool) -> bool:
    if path.name.startswith(".") or not is_folder(path):
        return False
    return follow_links or not path.is_symlink()
