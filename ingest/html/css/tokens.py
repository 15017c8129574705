"""Cuts CSS into tokens, and tells one from another."""

from collections.abc import Callable, Iterable, Sequence
from typing import Any, TypeVar

from tinycss2 import parse_blocks_contents, parse_component_value_list, parse_stylesheet
from tinycss2.ast import IdentToken

from ingest.errors import ReadError

Token = Any
"""One of tinycss2's nodes."""

Tokens = tuple[Token, ...]
"""A value, without its spaces and comments."""


def sheet_rules(css: str) -> list[Token]:
    """Return the rules of a style sheet."""
    rules: list[Token] = parse_stylesheet(values(css), skip_comments=True, skip_whitespace=True)
    return rules


def style_declarations(css: str) -> list[Token]:
    """Return the declarations of a `style` attribute."""
    declarations: list[Token] = parse_blocks_contents(
        values(css), skip_comments=True, skip_whitespace=True
    )
    return declarations


def values(css: str) -> list[Token]:
    """Return what a text is made of; brackets hold what is in them."""
    try:
        tokens: list[Token] = parse_component_value_list(css, skip_comments=True)
    except ValueError as error:  # a number of more digits than Python turns into one
        raise ReadError(f"CSS that cannot be read: {error}") from error
    return tokens


def inside(token: Token) -> list[Token]:
    """Return what stands in a token's brackets."""
    return getattr(token, "content", None) or getattr(token, "arguments", None) or []


def significant(tokens: Iterable[Token]) -> Tokens:
    return tuple(token for token in tokens if token.type not in ("whitespace", "comment"))


def word(token: Token) -> str:
    """Return an identifier in lower case; nothing for another token."""
    return token.lower_value if token.type == "ident" else ""


def keyword(name: str) -> Tokens:
    """Return the value that is one identifier."""
    return (IdentToken(1, 1, name),)


def words(tokens: Iterable[Token]) -> list[str]:
    return [word(token) for token in tokens]


def function(token: Token) -> str:
    """Return a function's name; nothing for another token."""
    return token.lower_name if token.type == "function" else ""


def arguments(token: Token) -> Tokens:
    return significant(inside(token))


def address(token: Token) -> str:
    """Return what `url(...)` or a string says; nothing for another token."""
    given = arguments(token)
    if function(token) == "url" and given:
        token = given[0]
    return str(token.value).strip() if token.type in ("url", "string") else ""


def is_mark(token: Token, marks: str) -> bool:
    """Tell whether a token is one of these characters."""
    return token.type == "literal" and token.value in marks


def split(tokens: Iterable[Token], is_border: Callable[[Token], bool]) -> list[list[Token]]:
    """Cut tokens at the borders, which are left out."""
    parts: list[list[Token]] = [[]]
    for token in tokens:
        if is_border(token):
            parts.append([])
        else:
            parts[-1].append(token)
    return parts


def split_at_commas(tokens: Iterable[Token]) -> list[list[Token]]:
    return split(tokens, lambda token: is_mark(token, ","))


_Part = TypeVar("_Part")


def four_sides(parts: Sequence[_Part]) -> tuple[_Part, _Part, _Part, _Part]:
    """Return top, right, bottom and left, of which CSS leaves out what repeats."""
    top = parts[0]
    right = parts[1] if len(parts) > 1 else top
    bottom = parts[2] if len(parts) > 2 else top
    return top, right, bottom, parts[3] if len(parts) > 3 else right
