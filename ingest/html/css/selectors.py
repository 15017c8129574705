"""Reads selectors: what rules are for.

cssselect2 does the reading. Its own tests of elements take time that grows without bound with
`* * * * * .x` or `:has()`; ours are in `selector_tests.py`.
"""

from collections.abc import Iterator, Sequence
from itertools import pairwise

from cssselect2.parser import ClassSelector, IDSelector, LocalNameSelector, parse
from tinycss2.ast import IdentToken, LiteralToken, WhitespaceToken

from ingest.html.css.nodes import Effort, Node
from ingest.html.css.pseudo_classes import never
from ingest.html.css.selector_tests import NESTING, Compiler, Selector, Step, steps_of
from ingest.html.css.tokens import Token, is_mark, significant, split_at_commas, word


class SelectorReader:
    """Reads selectors for one page."""

    def __init__(self, nodes: Sequence[Node], effort: Effort) -> None:
        self._nodes = nodes
        self._effort = effort
        self._keys = frozenset(key for node in nodes for key in node.keys)

    def can_match(self, prelude: Sequence[Token]) -> bool:
        """Tell, without reading it, whether a list may be for anything on the page.

        Most rules of a site's style sheets are for other pages, and reading selectors takes long.
        """
        return any(self._keys.issuperset(_asked_keys(part)) for part in split_at_commas(prelude))

    def read(self, prelude: Sequence[Token], around: Sequence[Selector] = ()) -> list[Selector]:
        """Return the selectors of a list; none if a browser would not take all of it.

        `around` is what `&` stands for.
        """
        selectors = []
        for part in split_at_commas(prelude):
            if _is_of_pseudo_element(part):
                continue
            try:
                selectors.append(self._read_one(part, around))
            except (ValueError, AttributeError, NotImplementedError, TypeError):
                # SelectorError is a ValueError. The others are for what cssselect2 trips over, as
                # `a|`, and what no browser takes.
                return []
        return selectors

    def _read_one(self, part: Sequence[Token], around: Sequence[Selector]) -> Selector:
        (parsed,) = parse(list(_named_nesting(part, bool(around))))
        compiler = Compiler(self._nodes, self._effort, around)
        steps = steps_of(parsed.parsed_tree)
        test = compiler.combined(steps)
        a, b, c = parsed.specificity
        outer = max((selector.specificity for selector in around), default=(0, 0, 0))
        times = compiler.nestings
        specificity = (a + times * outer[0], b + times * (outer[1] - 1), c + times * outer[2])
        return Selector(
            test if parsed.pseudo_element is None else never,
            specificity,
            _keys(steps[-1][1])[0],
            frozenset(key for key in _keys_above(steps) if key != "*"),
            compiler.by_lineage,
            frozenset(compiler.attributes),
        )


def _named_nesting(part: Sequence[Token], is_nested: bool) -> Iterator[Token]:
    colon, name = LiteralToken(1, 1, ":"), IdentToken(1, 1, NESTING)
    if is_nested and not any(is_mark(token, "&") for token in part):
        yield from (colon, name, WhitespaceToken(1, 1, " "))
        part = part if not significant(part) else part[part.index(significant(part)[0]) :]
    for token in part:
        yield from (colon, name) if is_mark(token, "&") else (token,)


def _asked_keys(part: Sequence[Token]) -> Iterator[str]:
    for before, token in pairwise((None, *part)):
        if token.type == "hash":
            yield f"#{token.value}"
        elif token.type == "ident" and before is not None and is_mark(before, "."):
            yield f".{token.value}"


def _is_of_pseudo_element(part: Sequence[Token]) -> bool:
    """Tell whether a selector is of a part that a browser makes, with none of the page's text."""
    known = ("backdrop", "cue", "part", "slotted", "details-content", "view-transition")
    return any(
        is_mark(first, ":")
        and is_mark(second, ":")
        and (word(third).startswith("-webkit-") or word(third) in known or third.type == "function")
        for first, second, third in zip(part, part[1:], part[2:], strict=False)
    )


def _keys(compound: Token) -> list[str]:
    """Return what a matching element has, the surest first."""
    parts = compound.simple_selectors
    keys = [f"#{part.ident}" for part in parts if isinstance(part, IDSelector)]
    keys += [f".{part.class_name}" for part in parts if isinstance(part, ClassSelector)]
    keys += [part.lower_local_name for part in parts if isinstance(part, LocalNameSelector)]
    return keys or ["*"]


def _keys_above(steps: Sequence[Step]) -> Iterator[str]:
    for (_, compound), (combinator, _) in pairwise(steps):
        if combinator in (" ", ">"):
            yield from _keys(compound)
