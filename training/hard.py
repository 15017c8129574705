"""Finds for each question the passages of other rows that BM25 ranks high and that don't answer."""

import re
from collections import Counter
from collections.abc import Sequence

import numpy as np
import scipy.sparse

from training.mix import Row
from training.windows import holds_answer

_WORD = re.compile(r"[a-z0-9]+")
_STOP = frozenset(
    "the a an of in on at to is was were are be by for with and or that this it as from did does "
    "do has have had what which who when where how why many much".split()
)
_K1, _B = 1.2, 0.75
_CHUNK = 400


def hard_passages(rows: Sequence[Row], *, keep: int = 4, ranked: int = 25) -> list[list[str]]:
    """Returns up to `keep` passages for each row, best first; none for yes/no rows."""
    texts = list(dict.fromkeys(row.text for row in rows))
    vocabulary: dict[str, int] = {}
    passages = _bm25(texts, vocabulary)
    lowered = [text.lower() for text in texts]
    found: list[list[str]] = []
    for start in range(0, len(rows), _CHUNK):
        chunk = rows[start : start + _CHUNK]
        scores = (_questions(chunk, vocabulary) @ passages).tocsr()
        for number, row in enumerate(chunk):
            low, high = scores.indptr[number : number + 2]
            order = np.argsort(-scores.data[low:high])[:ranked]
            best = scores.indices[low:high][order] if row.answers and not row.yes_no else []
            fitting = [
                texts[passage]
                for passage in best
                if lowered[passage][:80] != row.text[:80].lower()
                and not holds_answer(lowered[passage], row.answers)
            ]
            found.append(fitting[:keep])
    return found


def _tokens(text: str) -> list[str]:
    return [word[:6] for word in _WORD.findall(text.lower()) if word not in _STOP]


def _bm25(texts: Sequence[str], vocabulary: dict[str, int]) -> scipy.sparse.csr_matrix:
    """Returns the weights (words, texts), and fills the vocabulary."""
    columns: list[int] = []
    ends, counts, lengths = [0], [], []
    for text in texts:
        words = Counter(_tokens(text))
        lengths.append(sum(words.values()))
        columns.extend(vocabulary.setdefault(word, len(vocabulary)) for word in words)
        counts.extend(words.values())
        ends.append(len(columns))
    shape = (len(texts), len(vocabulary))
    matrix = scipy.sparse.csr_matrix((np.array(counts, np.float32), columns, ends), shape=shape)
    frequency = np.bincount(matrix.indices, minlength=shape[1])
    weight = np.log(1 + (len(texts) - frequency + 0.5) / (frequency + 0.5)).astype(np.float32)
    length = np.array(lengths, np.float32)
    norm = _K1 * (1 - _B + _B * length / length.mean())
    norms = np.repeat(norm, np.diff(matrix.indptr))
    matrix.data = weight[matrix.indices] * matrix.data * (_K1 + 1) / (matrix.data + norms)
    return matrix.T.tocsr()


def _questions(rows: Sequence[Row], vocabulary: dict[str, int]) -> scipy.sparse.csr_matrix:
    pairs = [
        (number, vocabulary[word])
        for number, row in enumerate(rows)
        for word in set(_tokens(row.question))
        if word in vocabulary
    ]
    row_numbers, columns = zip(*pairs, strict=True) if pairs else ((), ())
    ones = np.ones(len(pairs), np.float32)
    shape = (len(rows), len(vocabulary))
    return scipy.sparse.csr_matrix((ones, (row_numbers, columns)), shape=shape)
