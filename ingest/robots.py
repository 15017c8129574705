"""Keeps to robots.txt, as RFC 9309 has it.

The standard library's parser knows no wildcards and takes the first rule that fits instead of the
longest, and so allows much of what a news site forbids.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass
from threading import Lock
from urllib.parse import quote, urlsplit

from ingest.errors import FetchError, ForbiddenError, ServerFailedError, UnavailableError

MAX_BYTES = 512_000
"""Read of one file: the 500 KiB that RFC 9309 (2.5) asks for at least."""

_AGENT = "newsdesk"
_LINE = re.compile(r"\s*(user-agent|allow|disallow)\s*:\s*([^#]*)", re.IGNORECASE)
_ESCAPED = "/?:@!$&'()*+,;=%-._~[]#"


@dataclass(frozen=True, slots=True)
class _Rule:
    allows: bool
    pattern: str


class Robots:
    """What the hosts of one run allow, each asked once; safe to use from several threads.

    `fetch` gets the bytes of a robots.txt, and raises FetchError: UnavailableError where the
    server says that there is none.
    """

    def __init__(self, fetch: Callable[[str], bytes]) -> None:
        self._fetch = fetch
        self._lock = Lock()
        self._locks: dict[str, Lock] = {}
        self._rules: dict[str, list[_Rule] | FetchError] = {}

    def require(self, url: str) -> None:
        """Raise ForbiddenError if this url is not to be fetched, FetchError if nobody can say."""
        parts = urlsplit(url)
        rules = self._of(f"{parts.scheme}://{parts.netloc}")
        if isinstance(rules, ServerFailedError):
            raise FetchError(f"its robots.txt can't be had, which forbids all: {rules}")
        if isinstance(rules, FetchError):
            raise type(rules)(str(rules))
        if not allows(rules, f"{parts.path or '/'}{'?' if parts.query else ''}{parts.query}"):
            raise ForbiddenError("robots.txt forbids it")

    def _of(self, site: str) -> list[_Rule] | FetchError:
        with self._lock:
            lock = self._locks.setdefault(site, Lock())
        with lock:
            if site not in self._rules:
                self._rules[site] = self._read(site)
            return self._rules[site]

    def _read(self, site: str) -> list[_Rule] | FetchError:
        try:
            return read_rules(self._fetch(f"{site}/robots.txt"))
        except UnavailableError:
            return []  # 2.3.1.3: a status of 400 to 499 forbids nothing
        except FetchError as error:
            return error  # 2.3.1.4: a server that fails forbids everything


def read_rules(data: bytes) -> list[_Rule]:
    """Return the rules for us: those of all groups that name us, else of those for everybody."""
    groups: dict[str, list[_Rule]] = {}
    agents: list[str] = []
    in_rules = False
    for line in data[:MAX_BYTES].decode("utf-8-sig", "replace").splitlines():
        if not (match := _LINE.match(line)):
            continue
        name, value = match[1].lower(), match[2].strip()
        if name == "user-agent":
            if in_rules:
                agents, in_rules = [], False
            agents.append(value.lower())
            groups.setdefault(value.lower(), [])
            continue
        in_rules = True
        for agent in agents:
            if value:
                groups[agent].append(_Rule(name == "allow", _escaped(value)))
    return groups.get(_AGENT, groups.get("*", []))


def allows(rules: list[_Rule], path: str) -> bool:
    """Follow the longest rule that fits; of two as long, the one that allows (2.2.2)."""
    path = _escaped(path)
    fitting = [rule for rule in rules if _fits(rule.pattern, path)]
    return max(((len(rule.pattern), rule.allows) for rule in fitting), default=(0, True))[1]


def _fits(pattern: str, path: str) -> bool:
    """Match `*` and a final `$` without a regular expression, which could take for ever."""
    ends = pattern.endswith("$")
    first, *rest = pattern.removesuffix("$").split("*")
    if not path.startswith(first):
        return False
    place = len(first)
    last = rest.pop() if rest else None
    for piece in rest:
        found = path.find(piece, place)
        if found < 0:
            return False
        place = found + len(piece)
    if last is None:
        return not ends or place == len(path)
    return path.endswith(last) and len(path) - len(last) >= place if ends else last in path[place:]


def _escaped(path: str) -> str:
    return quote(path, safe=_ESCAPED)
