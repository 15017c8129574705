"""Tells by an element's classes whether it is hidden, where the rules for them are not at hand.

Most pages fetch their style sheets; what is in them can only be told by the names that the
common frameworks use.
"""

import re
from collections.abc import Iterator

_FOR_SCREEN_READERS = re.compile(
    r"(?:[a-z0-9]{1,20}-)?(?:sr-only|visually-?hidden|screen-?reader(?:-?(?:text|only))?"
    r"|assistive-text|element-invisible|show-for-sr|off-?screen|a11y-hidden)"
)
_HIDDEN = re.compile(
    r"(?:is-|u-|uk-|element-)?hidden|(?:ng-|is-)?hide|[du]-none|display-none|invisible|opacity-0"
    r"|text-transparent|print-only|visible-print(?:-block|-inline|-inline-block)?"
)
_AT_WIDTH = re.compile(
    r"(?:d-)?(?P<width>xs|sm|md|lg|xl|xxl|2xl|tablet|desktop|min-\[[\w.]{1,12}\])"
    r"[:-](?P<how>[\w-]{1,30})"
)
_SHOWING = re.compile(
    r"(?:inline-)?(?:block|flex|grid|table)|inline|contents|flow-root|list-item|table-\w{1,20}"
    r"|visible|not-sr-only|opacity-100"
)
_FROM_WIDTH_ON = {"xs": 1, "sm": 2, "md": 3, "tablet": 3, "lg": 4, "desktop": 4, "xl": 5}
_WIDER_THAN_MOST = 6
"""There a text may be shown; that it is hidden there says nothing of other windows."""


def is_for_screen_readers(classes: str) -> bool:
    """Tell whether an element is read out, and not shown."""
    names = classes.lower().split()
    return any(map(_FOR_SCREEN_READERS.fullmatch, names)) and not _is_shown_wide(names)


def is_hidden_by_class(classes: str) -> bool:
    """Tell whether an element is hidden in a wide window."""
    names = classes.lower().split()
    hidden = any(map(_HIDDEN.fullmatch, names)) or _hidden_from(names) > 0
    return hidden and not _is_shown_wide(names)


def _is_shown_wide(names: list[str]) -> bool:
    """Tell whether what hides an element is undone from some width on, and not done again."""
    shown = (width for width, how in _at_widths(names) if _SHOWING.fullmatch(how))
    return max(shown, default=0) > _hidden_from(names)


def _hidden_from(names: list[str]) -> int:
    """Return the last width from which on an element is hidden; 0 if there is none."""
    hidden = (width for width, how in _at_widths(names) if how in ("none", "hidden"))
    return max((width for width in hidden if width < _WIDER_THAN_MOST), default=0)


def _at_widths(names: list[str]) -> Iterator[tuple[int, str]]:
    for match in filter(None, map(_AT_WIDTH.fullmatch, names)):
        yield _FROM_WIDTH_ON.get(match["width"], _WIDER_THAN_MOST), match["how"]
