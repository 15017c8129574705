"""Makes one string of what an export or a front matter holds for a field, in whichever shape."""

import math
from collections.abc import Iterable, Mapping
from datetime import date, datetime
from itertools import islice

_INSIDE = "name $date $numberLong $oid @value value rendered url href".split()
"""Where an object keeps what it is called or stands for: JSON-LD, MongoDB, WordPress."""

_MOST_VALUES = 20
_DEEPEST = 3


def as_string(field: str, value: object, *, depth: int = 1) -> str | None:
    """Return the value of a field; None where it is none that can be written down.

    Of many, the authors are all named, else the first is taken.
    """
    match value:
        case str():
            return value
        case bool():
            return None
        case int() | float():
            return _number(field, value)
        case datetime() | date():
            return value.isoformat()
    if depth == _DEEPEST:
        return None
    if isinstance(value, Mapping):
        inside: Iterable[object] = [value[name] for name in _INSIDE if name in value]
    elif isinstance(value, list):
        inside = value
    else:
        return None
    strings = (as_string(field, item, depth=depth + 1) for item in islice(inside, _MOST_VALUES))
    found = [string for string in strings if string and string.strip()]
    if field == "author" and isinstance(value, list):
        return ", ".join(found) or None
    return found[0] if found else None


def _number(field: str, value: int | float) -> str | None:
    if not math.isfinite(value):
        return None
    # A time in seconds may have a fraction, which no date needs.
    return str(int(value) if field.endswith("_at") else value)
