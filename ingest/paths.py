"""Walks folders and expands globs, in a stable order, without ever going round in circles."""

import os
import re
from collections.abc import Iterator
from fnmatch import fnmatchcase
from pathlib import Path

_MAGIC = re.compile(r"[*?\[]")


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
    """Tell whether a path leads to a folder, through links too."""
    # Path.is_dir() raises, before Python 3.14, where a folder above is closed to us.
    return os.path.isdir(path)  # noqa: PTH112


def has_magic(argument: str) -> bool:
    """Tell whether an argument is a glob."""
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
