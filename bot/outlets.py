"""Names the outlets that carry the same story."""

from collections.abc import Sequence

NAMED = 3


def also_in(outlets: Sequence[str]) -> str:
    """As "also in Reuters, AP and 2 more"; nothing without any."""
    if not outlets:
        return ""
    named = list(outlets) if len(outlets) <= NAMED else list(outlets[: NAMED - 1])
    if rest := len(outlets) - len(named):
        named.append(f"{rest} more")
    *firsts, last = named
    return f"also in {', '.join(firsts)} and {last}" if firsts else f"also in {last}"
