"""Says what a browser can do, for `@supports`."""

from ingest.html.css.shorthands import expand
from ingest.html.css.tokens import Tokens

_ALSO_SUPPORTED = frozenset(
    "accent-color align-items animation-timeline appearance aspect-ratio backdrop-filter"
    " -webkit-backdrop-filter -webkit-appearance -webkit-line-clamp -webkit-overflow-scrolling"
    " -webkit-text-stroke background-blend-mode border-radius box-decoration-break"
    " box-shadow caret-color columns column-count container-type flex-basis flex-direction"
    " flex-wrap font-display font-feature-settings font-variation-settings gap"
    " grid-area grid-gap grid-row-gap grid-template-areas grid-template-columns"
    " grid-template-rows hyphens initial-letter isolation justify-content line-clamp mask"
    " mask-border mix-blend-mode object-fit object-position offset-path overscroll-behavior"
    " perspective pointer-events resize row-gap scroll-behavior scroll-snap-align"
    " scroll-snap-type scrollbar-color scrollbar-gutter scrollbar-width shape-outside tab-size"
    " text-decoration-color text-decoration-thickness text-underline-offset text-wrap"
    " touch-action transform-origin transform-style transition user-select vertical-align"
    " view-transition-name will-change writing-mode".split()
)
"""What else a page asks for before it relies on it."""


def is_supported(written: str, value: Tokens) -> bool:
    """Tell whether a browser knows a property; of those that matter, also whether its value."""
    return written.startswith("--") or written in _ALSO_SUPPORTED or bool(expand(written, value))
