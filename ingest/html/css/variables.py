"""Puts in the values of custom properties: `var(--ink)`."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from tinycss2.ast import FunctionBlock

from ingest.html.css.tokens import (
    Token,
    Tokens,
    arguments,
    function,
    inside,
    is_mark,
    significant,
    word,
)

_MOST_TOKENS = 500
"""In one value. A property made of another twice, ten times over, is a thousand."""

_DEEPEST = 40


@dataclass(frozen=True, slots=True, eq=False)
class Customs:
    """The custom properties of an element, its own and those it inherits."""

    values: Mapping[str, Tokens] = field(default_factory=dict)
    written: Mapping[str, Tokens] = field(default_factory=dict)
    """Those that would come to the same if they were written again."""

    def with_own(self, own: Mapping[str, Tokens]) -> "Customs":
        """Return those of an element in this one that sets some itself."""
        if all(self.written.get(name) is value for name, value in own.items()):
            return self
        values = dict(self.values)
        for name, value in own.items():
            if len(value) == 1 and word(value[0]) == "initial":
                values.pop(name, None)
            else:
                values[name] = value
        raw = Customs(values)
        for name in own:
            resolved = raw.resolve(values.get(name, ()))
            if resolved is None:
                values.pop(name, None)
            else:
                values[name] = resolved
        kept = {name: value for name, value in self.written.items() if not has_variable(value)}
        return Customs(values, kept | dict(own))

    def resolve(self, value: Tokens) -> Tokens | None:
        """Return a value with its variables put in; None where a browser would not take it."""
        try:
            return tuple(_Resolver(self.values).resolve(value, ()))
        except _CannotResolveError:
            return None


class _CannotResolveError(Exception):
    """A custom property is missing, or is made of too much."""


def has_variable(tokens: Tokens) -> bool:
    pending = list(tokens)
    while pending:
        token = pending.pop()
        if function(token) == "var":
            return True
        pending.extend(inside(token))
    return False


class _Resolver:
    def __init__(self, customs: Mapping[str, Tokens]) -> None:
        self._customs = customs
        self._left = _MOST_TOKENS
        self._depth = 0

    def resolve(self, tokens: Tokens, within: tuple[str, ...]) -> list[Token]:
        if self._depth == _DEEPEST:
            raise _CannotResolveError
        self._depth += 1
        resolved: list[Token] = []
        for token in tokens:
            self._left -= 1
            if self._left < 0:
                raise _CannotResolveError
            if function(token) == "var":
                resolved.extend(self._variable(arguments(token), within))
            elif function(token) and has_variable(tuple(token.arguments)):
                resolved.append(self._function(token, within))
            else:
                resolved.append(token)
        self._depth -= 1
        return resolved

    def _function(self, token: Token, within: tuple[str, ...]) -> Token:
        return FunctionBlock(1, 1, token.name, self.resolve(significant(token.arguments), within))

    def _variable(self, given: Tokens, within: tuple[str, ...]) -> list[Token]:
        name = given[0].value if given and given[0].type == "ident" else ""
        if name in within or not name.startswith("--"):
            raise _CannotResolveError
        value = self._customs.get(name)
        if value is not None:
            depth = self._depth
            try:
                return self.resolve(value, (*within, name))
            except _CannotResolveError:
                if self._left < 0:
                    raise
                self._depth = depth
        if len(given) > 1 and is_mark(given[1], ","):
            return self.resolve(given[2:], within)
        raise _CannotResolveError
