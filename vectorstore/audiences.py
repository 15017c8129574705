"""Who may see an article: an audience is a set of conversations, and an empty one is everyone."""


def widened(stored: frozenset[str], given: frozenset[str]) -> frozenset[str]:
    """The audience of an article that is given again: nobody who sees it loses it."""
    return stored | given if stored and given else frozenset()


def covers(stored: frozenset[str], given: frozenset[str]) -> bool:
    """Whether all who are given an article see it already."""
    return widened(stored, given) == stored
