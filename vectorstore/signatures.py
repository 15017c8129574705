"""Signatures of texts: texts that share most of their words in order share a band of theirs."""

from collections.abc import Sequence
from functools import lru_cache
from zlib import crc32

import numpy as np
from numpy.typing import NDArray

SHINGLE = 3
"""Words in a row that count as one feature."""

BANDS = 20
ROWS = 4
"""MinHash (Broder 1997) of 80 values in bands of four: of two texts that share 70% of their
shingles 99.6% have a band in common, of those that share half 72%, a tenth 0.2%."""

LEAD_WORDS = 80
LEAD_BANDS = 4
"""The first words have bands of their own: a story is cut from its end, and of two texts of which
one is half of the other a quarter share no other band."""

_GOLDEN = 0x9E3779B97F4A7C15
_WORD = (1 << 64) - 1


def bands(words: Sequence[str]) -> list[int]:
    """Return the bands of a text given as folded words: `BANDS` of the whole and `LEAD_BANDS` of
    its first words, signed 64-bit numbers.
    """
    hashes = np.array([crc32(shingle.encode()) for shingle in shingles(words)], dtype=np.uint64)
    multipliers, addends = _permutations()
    salts = np.arange(1, BANDS + LEAD_BANDS + 1, dtype=np.uint64)
    lead = slice(0, LEAD_BANDS * ROWS)
    whole = _folded(multipliers * hashes + addends, salts[:BANDS])
    begun = _folded(multipliers[lead] * hashes[:LEAD_WORDS] + addends[lead], salts[BANDS:])
    return [*whole, *begun]


def _folded(values: NDArray[np.uint64], salts: NDArray[np.uint64]) -> list[int]:
    """Fold the lowest value of each row, `ROWS` rows a band."""
    lowest = values.min(axis=1).reshape(-1, ROWS)
    folded = salts
    for row in range(ROWS):
        folded = folded * np.uint64(_GOLDEN) ^ lowest[:, row]
    return [int(number) for number in folded.view(np.int64)]


def shingles(words: Sequence[str]) -> list[str]:
    """Return the runs of `SHINGLE` words in order; a shorter text is one run."""
    return [" ".join(words[i : i + SHINGLE]) for i in range(max(1, len(words) - SHINGLE + 1))]


@lru_cache(maxsize=1)
def _permutations() -> tuple[NDArray[np.uint64], NDArray[np.uint64]]:
    """Odd multipliers and addends of splitmix64 (Steele 2014), as columns: the same everywhere."""
    drawn = np.array([_splitmix(i) for i in range(2 * BANDS * ROWS)], dtype=np.uint64)
    return (drawn[::2] | np.uint64(1))[:, None], drawn[1::2, None]


def _splitmix(index: int) -> int:
    mixed = (index + 1) * _GOLDEN & _WORD
    mixed = (mixed ^ mixed >> 30) * 0xBF58476D1CE4E5B9 & _WORD
    mixed = (mixed ^ mixed >> 27) * 0x94D049BB133111EB & _WORD
    return mixed ^ mixed >> 31
