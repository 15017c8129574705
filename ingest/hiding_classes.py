"""Tells by an element's classes whether it is hidden, where the rules for them are not at hand.

Most pages fetch their style sheets; what is in them can only be told by the names that the
common frameworks use.
"""

import re

_FOR_SCREEN_READERS = re.compile(
    r"(?:[a-z0-9]{1,20}-)?(?:sr-only|visually-?hidden|screen-?reader(?:-?(?:text|only))?"
    r"|assistive-text|element-invisible|show-for-sr|off-?screen|a11y-hidden)"
)
_HIDDEN = re.compile(
    r"(?:is-|u-|uk-|element-)?hidden|(?:ng-|is-)?hide|[du]-none|display-none|invisible|opacity-0"
    r"|text-transparent|print-only|visible-print(?:-block|-inline|-inline-block)?"
)
_AT_WIDTH = re.compile(
    r"(?:(?P<display>d)-)?(?P<width>xs|sm|md|lg|xl|xxl|2xl|tablet|desktop|min-\[[\w.]{1,12}\])"
    r"[:-](?P<how>[\w-]{1,30})"
)
_SHOWING = re.compile(
    r"(?:inline-)?(?:block|flex|grid|table)|inline|contents|flow-root|list-item|table-\w{1,20}"
    r"|visible|not-sr-only|opacity-100"
)
_WIDTHS = ("xs", "sm", "md", "tablet", "lg", "desktop", "xl", "2xl", "xxl")
_WIDEST = len(_WIDTHS)


def is_for_screen_readers(classes: str) -> bool:
    """Tell whether an element is read out, and not shown."""
    names = classes.lower().split()
    return any(map(_FOR_SCREEN_READERS.fullmatch, names)) and not _is_shown_wide(names)


def is_hidden_by_class(classes: str) -> bool:
    """Tell whether an element is hidden in a wide window."""
    names = classes.lower().split()
    if any(map(_HIDDEN.fullmatch, names)):
        return not _is_shown_wide(names)
    return False


def _is_shown_wide(names: list[str]) -> bool:
    """Tell whether what hides an element is undone from some width on, and not done again."""
    shown_from = -1
    hidden_from = -1
    for name in names:
        match = _AT_WIDTH.fullmatch(name)
        if not match:
            continue
        width = _WIDTHS.index(match["width"]) if match["width"] in _WIDTHS else _WIDEST
        if _SHOWING.fullmatch(match["how"]):
            shown_from = max(shown_from, width)
        elif match["how"] in ("none", "hidden"):
            hidden_from = max(hidden_from, width)
    return shown_from > hidden_from
