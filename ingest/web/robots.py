"""Keeps to robots.txt, as RFC 9309 has it.

The standard library's parser knows no wildcards and takes the first rule that fits instead of the
longest, and so allows much of what a news site forbids.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass
from threading import Lock
from urllib.parse import unquote_to_bytes, urlsplit

from ingest.errors import FetchError, ForbiddenError, ServerFailedError, UnavailableError

MAX_BYTES = 512_000
"""Read of one file: the 500 KiB that RFC 9309 (2.5) asks for at least."""

_US, _EVERYBODY = "newsdesk", "*"
_AGENT = re.compile(r"\*|[a-z_-]+")
_LINE = re.compile(r"\s*(user-agent|allow|disallow)\s*:\s*([^#]*)", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class _Rule:
    """What a path begins with, or has in it one after another; in bytes, without escapes."""

    allows: bool
    pieces: tuple[bytes, ...]
    to_the_end: bool

    @property
    def length(self) -> int:
        """How many bytes the pattern has, the `*` between the pieces and a final `$` among them."""
        return sum(map(len, self.pieces)) + len(self.pieces) - 1 + self.to_the_end

    def fits(self, path: bytes) -> bool:
        """Match without a regular expression, which could take for ever."""
        first, *rest = self.pieces
        if not path.startswith(first):
            return False
        place = len(first)
        if not rest:
            return not self.to_the_end or place == len(path)
        last = rest.pop()
        for piece in rest:
            found = path.find(piece, place)
            if found < 0:
                return False
            place = found + len(piece)
        if self.to_the_end:
            return path.endswith(last) and len(path) - len(last) >= place
        return path.find(last, place) >= 0


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
    agents: set[str] = set()
    in_rules = False
    for line in data[:MAX_BYTES].decode("utf-8-sig", "replace").splitlines():
        if not (match := _LINE.match(line)):
            continue
        name, value = match[1].lower(), match[2].strip()
        if name == "user-agent":
            if in_rules:
                agents, in_rules = set(), False
            if (agent := _agent(value)) in (_US, _EVERYBODY):
                agents.add(agent)
                groups.setdefault(agent, [])
            continue
        in_rules = True
        if value and agents:
            rule = _rule(name == "allow", value)
            for agent in agents:
                groups[agent].append(rule)
    return groups.get(_US, groups.get(_EVERYBODY, []))


def allows(rules: list[_Rule], path: str) -> bool:
    """Follow the longest rule that fits; of two as long, the one that allows (2.2.2)."""
    asked = unquote_to_bytes(path)
    fitting = ((rule.length, rule.allows) for rule in rules if rule.fits(asked))
    return max(fitting, default=(0, True))[1]


def _agent(value: str) -> str:
    """Return the product that a line names, without its version and what else is added (2.2.1)."""
    product = _AGENT.match(value.lower())
    return product[0] if product else ""


def _rule(allows: bool, pattern: str) -> _Rule:
    # Only what is not escaped is a wildcard: "%2A" is a star (2.2.3).
    pieces = pattern.removesuffix("$").split("*")
    return _Rule(allows, tuple(map(unquote_to_bytes, pieces)), pattern.endswith("$"))
