"""Tests of one element: its attributes, its place, its state."""

from collections.abc import Callable, Hashable, Sequence

from cssselect2.parser import SelectorError
from tinycss2.nth import parse_nth

from ingest.html.css.nodes import Effort, Node
from ingest.html.css.tokens import Token, significant, word

Test = Callable[[Node], bool]

_NOT_ON_A_PAGE_AT_REST = frozenset(
    "hover active focus focus-within focus-visible target target-within visited current past"
    " future playing paused seeking buffering stalled muted volume-locked user-valid user-invalid"
    " host checked disabled indeterminate invalid valid in-range out-of-range required"
    " placeholder-shown autofill -webkit-autofill fullscreen -webkit-full-screen modal"
    " popover-open picture-in-picture open default blank -webkit-any-link -moz-focusring"
    " -webkit-scrollbar".split()
)
_ALWAYS = frozenset("defined enabled optional read-only".split())


def never(_: Node) -> bool:
    """Test nothing: no element passes."""
    return False


def has_name(name: str) -> Test:
    return lambda node: node.tag == name


def attribute_test(part: Token) -> Test:
    """Return the test of e.g. `[data-kind^=note]`."""
    name = part.lower_name
    wanted = part.value
    if part.operator is None:
        return lambda node: node.element.get(name) is not None
    is_so = _OPERATORS[part.operator]
    if part.case_sensitive is False:
        lower = wanted.lower()
        return lambda node: is_so((node.element.get(name) or "").lower(), lower)
    return lambda node: node.element.get(name) is not None and is_so(node.element.get(name), wanted)


_OPERATORS: dict[str, Callable[[str, str], bool]] = {
    "=": lambda value, wanted: value == wanted,
    "~=": lambda value, wanted: wanted in value.split(),
    "|=": lambda value, wanted: value == wanted or value.startswith(f"{wanted}-"),
    "^=": lambda value, wanted: bool(wanted) and value.startswith(wanted),
    "$=": lambda value, wanted: bool(wanted) and value.endswith(wanted),
    "*=": lambda value, wanted: bool(wanted) and wanted in value,
}


def pseudo_class_test(name: str, effort: Effort) -> Test:
    """Return the test of a pseudo-class without arguments, as on a page nobody touches.

    Raises SelectorError for one that a browser does not know.
    """
    if name in ("root", "scope"):
        return lambda node: node.parent is None
    if name == "empty":
        return lambda node: not len(node.element) and not node.element.text
    if name in ("link", "any-link", "local-link"):
        return lambda node: node.tag in ("a", "area") and node.element.get("href") is not None
    if name in _ALWAYS:
        return lambda node: True
    if name in _NOT_ON_A_PAGE_AT_REST:
        return never
    which, _, kind = name.partition("-")
    if which not in ("first", "last", "only") or kind not in ("child", "of-type"):
        raise SelectorError(name, "unknown pseudo-class")
    places = _Places(_by_tag if kind == "of-type" else _all_alike, effort)
    wanted = {"first": (True,), "last": (False,), "only": (True, False)}[which]
    return lambda node: all(places.of(node, from_start=start) == 1 for start in wanted)


def position_test(
    part: Token, read_list: Callable[[Sequence[Token]], Test], effort: Effort
) -> Test:
    """Return the test of e.g. `:nth-child(2n + 1)`, or of `:lang(en)`.

    Raises SelectorError for what a browser does not know.
    """
    if part.name == "lang":
        return _language_test([word(token) for token in significant(part.arguments)])
    if part.name == "dir":
        return lambda node: "ltr" in map(word, part.arguments)
    kinds = ("nth-child", "nth-last-child", "nth-of-type", "nth-last-of-type")
    of = next((at for at, token in enumerate(part.arguments) if word(token) == "of"), None)
    step = parse_nth(part.arguments[:of])
    if part.name not in kinds or step is None:
        raise SelectorError(part.name, "unknown pseudo-class")
    group: _Group = _by_tag if part.name.endswith("of-type") else _all_alike
    if of is not None:
        group = _by_test(read_list(part.arguments[of + 1 :]))
    places = _Places(group, effort)
    from_start = "-last-" not in part.name
    a, b = step

    def is_there(node: Node) -> bool:
        past = places.of(node, from_start=from_start) - b
        return group(node) is not None and (
            past == 0 if a == 0 else past % a == 0 and past // a >= 0
        )

    return is_there


def _language_test(languages: list[str]) -> Test:
    def speaks(node: Node | None) -> bool:
        while node is not None:
            given = node.element.get("lang")
            if given is not None:
                return any(
                    given.lower() == language or given.lower().startswith(f"{language}-")
                    for language in languages
                    if language
                )
            node = node.parent
        return False

    return speaks


_Group = Callable[[Node], Hashable]
"""Says which siblings are counted together; None for one that is not counted."""


def _by_tag(node: Node) -> Hashable:
    return node.tag


def _all_alike(_: Node) -> Hashable:
    return True


def _by_test(test: Test) -> _Group:
    return lambda node: test(node) or None


class _Places:
    """Counts each parent's elements once, from the start and from the end."""

    def __init__(self, group: _Group, effort: Effort) -> None:
        self._group = group
        self._effort = effort
        self._counted: dict[bool, dict[Node, int]] = {True: {}, False: {}}

    def of(self, node: Node, *, from_start: bool) -> int:
        """Return an element's place among its kind, from 1."""
        counted = self._counted[from_start]
        if node not in counted:
            siblings = node.siblings if from_start else node.siblings[::-1]
            self._effort.spend(len(siblings))
            last: dict[Hashable, int] = {}
            for sibling in siblings:
                kind = self._group(sibling)
                last[kind] = counted[sibling] = last.get(kind, 0) + 1
        return counted[node]
