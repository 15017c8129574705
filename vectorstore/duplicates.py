"""Finds near-copies: articles of several outlets that carry one story in nearly the same words.

MinHash proposes texts that share most of their words; equal sentences with equal numbers decide.
Outlets cut a story and add sentences of their own. A corrected story is no copy: one of its
sentences has other words or numbers.
"""

import json
import re
import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import Enum
from functools import lru_cache
from typing import Any
from zlib import crc32

import numpy as np
from numpy.typing import NDArray
from sqlalchemy import (
    Connection,
    Integer,
    Row,
    Select,
    TableValuedAlias,
    bindparam,
    cast,
    delete,
    func,
    insert,
    select,
    update,
)

from vectorstore.keywords import STOP_WORDS
from vectorstore.models import Filters
from vectorstore.schema import passages, signatures, versions
from vectorstore.visibility import visible

FEWEST_WORDS = 12
"""Shorter texts are not compared, and copies share at least as many: two articles with the same
caption are not one story."""

SHARED = 0.5
"""Least share of the words of one of two copies that the other has, too: a copy may be cut and may
have sentences of its own, but a reply that quotes a story is none."""

ALIKE = 0.5
"""Share of the words of the shorter of two sentences, at which one may be the other corrected."""

MOST_CHARACTERS = 100_000
MOST_PAIRS = 10_000
"""Limits on the work for one text and one pair; no wire story is as long."""

LONGEST_WORD = 30
"""Characters of a word with two spellings."""

MOST_COMPARED = 20
"""A text is compared with so many others: those nearest by signature, and of one band the newest,
so that a flood of copies costs no more than a few."""

MOST_OUTLETS = 100
"""Articles of one story that are compared with a hit, those published first."""

HEADING_WORDS = 12
"""Most words of a line without a full stop that is a heading, and not a sentence."""

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

_MARKS = re.escape("""!"'’‘“”„‚«»‹›()[]{}*_,.;:~^`|\\/-‐‑–—…°·•、。，：；！「」『』（）""")
_IN_WORD = rf"[^\s\d$£€¥₹%?{_MARKS}]"
_WORD = re.compile(
    rf"[$£€¥₹%?]|[-−](?=[$£€¥₹]?\d)(?<![^\s(].)|\d+(?:[.,:]\d+)*|{_IN_WORD}+(?:['’.]{_IN_WORD}+)*"
)
_THOUSANDS = re.compile(r",(?=\d{3}(?!\d))")
_NUMBERS = {
    word: str(number)
    for number, word in enumerate(
        """zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen
        fifteen sixteen seventeen eighteen nineteen twenty""".split()
    )
}
_SPELLINGS = tuple(
    (re.compile(pattern), american)
    for pattern, american in (
        (r"(?<=[a-z]{2})our(?=[a-z]{0,5}$)", "or"),
        (r"(?<=[a-z]{3})is(?=(?:e|ed|es|er|ers|ing|ation|ations|ational)$)", "iz"),
        (r"(?<=al)ys(?=(?:e|ed|es|er|ers|ing)$)", "yz"),
        (r"(?<=[bt])re(?=s?$)", "er"),
        (r"(?<=[aeiou][^aeiou][aeiou])ll(?=(?:ed|ing|er|ers)$)", "l"),
        (r"(?<=^defen)c|(?<=^offen)c|(?<=^licen)c|(?<=^preten)c", "s"),
        (r"(?<=log)ue(?=s?$)", ""),
    )
)
"""British endings. Of 1,414 real texts 125 have one: with American spelling 123 of them are joined,
and without this none."""
_CORRECTING = frozenset(
    """correction corrections corrects corrected correcting clarification clarifies clarified
    misstated misspelled erratum retraction retracted retracts""".split()
)
_FULL_STOP = re.compile(r"""[.!?…。！？]["'”’)\]」』）]*\s*$""")
_CREDIT = re.compile(
    r"\W*(?:additional )?(?:reporting|writing|editing|published) by\b|.{1,200} contributed to this",
    re.I,
)
_NAME = r"(?:[A-Z][\w.'’]*|\d{1,4}|of|the|and|de|la|el)"
_DATELINE = re.compile(
    rf"""\s*(?P<names>[(\[]?{_NAME}(?:[\s,/|()\[\]-]{{1,3}}{_NAME}){{0,9}}[)\]]?)
    \s?(?:--?(?=\s)|[–—|]|(?<=[)\]]):?(?=\s))\s*(?=["'“‘]*[^\Wa-z\d_])""",
    re.VERBOSE,
)
"""Places, dates and agencies, up to a dash or a bracket."""
_CAPITALS = re.compile(r"[A-Z]{2}|[(\[\d]")
_DASH = re.compile(r"\s--?\s|[–—]")

_GOLDEN = 0x9E3779B97F4A7C15
_UINT64 = (1 << 64) - 1


class Likeness(Enum):
    COPY = "copy"
    CHANGED = "changed"
    """One text may be the other corrected."""
    OTHER = "other"


@dataclass(frozen=True, slots=True)
class Sentence:
    """A sentence or a heading, in its article's text."""

    start: int
    end: int
    key: str
    """Equal for equal words and numbers, whatever the punctuation."""
    words: frozenset[str]
    """Those that are no stop words."""
    length: int
    is_headline: bool
    """A line before the first sentence, such as a byline, or a reporter's credit."""
    is_statement: bool
    """Not a headline, and no heading but one with numbers, as results have."""


def folded_words(text: str) -> list[str]:
    """The words and numbers of a text, written one way; none of a text that is too long."""
    if len(text) > MOST_CHARACTERS:
        return []
    if not text.isascii():
        text = unicodedata.normalize("NFKC", text).replace("’", "'")
    return [_folded(word) for word in _WORD.findall(text.casefold())]


@lru_cache(maxsize=4096)
def _folded(word: str) -> str:
    if word[0].isdigit():
        return _THOUSANDS.sub("", word).replace(":", ".")
    word = word.replace(".", "").replace("−", "-")
    if 5 <= len(word) <= LONGEST_WORD:
        for british, american in _SPELLINGS:
            word = british.sub(american, word)
    return _NUMBERS.get(word, word)


@lru_cache(maxsize=1024)
def sentences_of(text: str, spans: str, start: int) -> tuple[Sentence, ...]:
    """The sentences of a passage that begins at `start`; `spans` is JSON, in the article's text."""
    found: list[Sentence] = []
    is_begun = start > 0
    for begin, end in json.loads(spans):
        sentence = text[begin - start : end - start]
        is_heading = len(sentence.split()) <= HEADING_WORDS and not _FULL_STOP.search(sentence)
        words = folded_words(sentence if is_begun or is_heading else _without_dateline(sentence))
        is_headline = not is_begun if is_heading else bool(_CREDIT.match(sentence))
        is_begun = is_begun or not is_heading
        has_numbers = any(word[0].isdigit() for word in words)
        found.append(
            Sentence(
                begin,
                end,
                key=" ".join(word for word in words if word not in ("the", "that")),
                words=frozenset(words) - STOP_WORDS,
                length=len(words),
                is_headline=is_headline,
                is_statement=not is_headline and (has_numbers or not is_heading),
            )
        )
    return tuple(found)


def _without_dateline(sentence: str) -> str:
    found = _DATELINE.match(sentence[:120])
    if not found:
        return sentence
    # A second dash ends what the first began: "Biden — Obama's deputy once — left".
    is_aside = len(_DASH.findall(sentence, found.end())) % 2 == 1
    is_name = len(found["names"].split()) <= 2 or _CAPITALS.search(found[0])
    return sentence if is_aside or not is_name else sentence[found.end() :]


def compare(one: Sequence[Sentence], other: Sequence[Sentence]) -> Likeness:
    """What one text is of the other; the same whichever comes first."""
    keys, others = {s.key for s in one}, {s.key for s in other}
    own = [s for s in one if s.key not in others]
    their = [s for s in other if s.key not in keys]
    shared, share = max((_shared(one, others), _shared(other, keys)), key=lambda pair: pair[1])
    if not shared:
        return Likeness.OTHER
    if _is_corrected(own, their):
        return Likeness.CHANGED
    return Likeness.COPY if shared >= FEWEST_WORDS and share >= SHARED else Likeness.OTHER


def _shared(sentences: Sequence[Sentence], keys: set[str]) -> tuple[int, float]:
    """How many words stand in sentences that the other text has, too, and which share they are."""
    stated = [sentence for sentence in sentences if sentence.is_statement]
    shared = sum(sentence.length for sentence in stated if sentence.key in keys)
    return shared, shared / max(1, sum(sentence.length for sentence in stated))


def _is_corrected(one: Sequence[Sentence], other: Sequence[Sentence]) -> bool:
    if any(not _CORRECTING.isdisjoint(sentence.words) for sentence in (*one, *other)):
        return True
    own, their = ([s for s in text if not s.is_headline] for text in (one, other))
    if len(own) * len(their) > MOST_PAIRS:
        return True
    return any(_is_changed(a.words, b.words) for a in own for b in their)


def _is_changed(one: frozenset[str], other: frozenset[str]) -> bool:
    both = one & other
    if len(both) < max(1, ALIKE * min(len(one), len(other))):
        return False
    # Short sentences with a single word in common are about one thing if they have numbers.
    return len(both) > 1 or any(word[0].isdigit() for word in one | other)


def bands(words: Sequence[str]) -> list[int]:
    """The signature of a text: `BANDS` of the whole and `LEAD_BANDS` of its first words, signed
    64-bit numbers.
    """
    shingles = [" ".join(words[i : i + SHINGLE]) for i in range(max(1, len(words) - SHINGLE + 1))]
    hashes = np.array([crc32(shingle.encode()) for shingle in shingles], dtype=np.uint64)
    multipliers, addends = _permutations()
    salts = np.arange(1, BANDS + LEAD_BANDS + 1, dtype=np.uint64)
    lead = slice(0, LEAD_BANDS * ROWS)
    whole = _band(multipliers * hashes + addends, salts[:BANDS])
    begun = _band(multipliers[lead] * hashes[:LEAD_WORDS] + addends[lead], salts[BANDS:])
    return [*whole, *begun]


def _band(values: NDArray[np.uint64], salts: NDArray[np.uint64]) -> list[int]:
    """Hash the lowest value of each row, `ROWS` rows a band."""
    lowest = values.min(axis=1).reshape(-1, ROWS)
    hashed = salts
    for row in range(ROWS):
        hashed = hashed * np.uint64(_GOLDEN) ^ lowest[:, row]
    return [int(number) for number in hashed.view(np.int64)]


@lru_cache(maxsize=1)
def _permutations() -> tuple[NDArray[np.uint64], NDArray[np.uint64]]:
    """Odd multipliers and addends of splitmix64 (Steele 2014), as columns: the same everywhere."""
    drawn = np.array([_splitmix(i) for i in range(2 * BANDS * ROWS)], dtype=np.uint64)
    return (drawn[::2] | np.uint64(1))[:, None], drawn[1::2, None]


def _splitmix(index: int) -> int:
    mixed = (index + 1) * _GOLDEN & _UINT64
    mixed = (mixed ^ mixed >> 30) * 0xBF58476D1CE4E5B9 & _UINT64
    mixed = (mixed ^ mixed >> 27) * 0x94D049BB133111EB & _UINT64
    return mixed ^ mixed >> 31


def join_story(connection: Connection, version_id: int, article_id: str, text: str) -> None:
    """Give a new version the story of its copies, and keep its signature for later ones.

    A story is the id of the version that carried it first. Versions keep it when that one is
    changed or removed.
    """
    words = folded_words(text)
    if len(words) < FEWEST_WORDS:
        return
    signature = {"bands": json.dumps(bands(words))}
    alike = connection.execute(_alike_query(), signature | {"article_id": article_id}).all()
    _keep_signature(connection, version_id, signature)
    if not alike:
        return
    sentences = sentences_by_version(connection, [version_id, *(row.version_id for row in alike)])
    own = sentences[version_id]
    for story, version_ids in _by_story(alike).items():
        likeness = {other: compare(own, sentences[other]) for other in version_ids}
        # A copy of one text that changes another copy is a corrected version, cut.
        if Likeness.COPY in likeness.values() and Likeness.CHANGED not in likeness.values():
            copies = [other for other, is_like in likeness.items() if is_like is Likeness.COPY]
            joined = versions.c.version_id.in_([version_id, *copies])
            connection.execute(update(versions).where(joined).values(story=story))
            return


def forget_signature(connection: Connection, version_id: int) -> None:
    connection.execute(delete(signatures).where(signatures.c.version_id == version_id))


def sentences_by_version(
    connection: Connection, version_ids: Iterable[int]
) -> dict[int, list[Sentence]]:
    """The sentences of each of these versions, in reading order."""
    wanted = sorted(set(version_ids))
    found: dict[int, list[Sentence]] = {version_id: [] for version_id in wanted}
    query = (
        select(passages.c.version_id, passages.c.start, passages.c.text, passages.c.sentences)
        .where(passages.c.version_id.in_(wanted))
        .order_by(passages.c.version_id, passages.c.position)
    )
    for row in connection.execute(query) if wanted else ():
        found[row.version_id] += sentences_of(row.text, row.sentences, row.start)
    return found


def outlets_by_story(
    connection: Connection, stories: Iterable[int], filters: Filters
) -> dict[int, dict[str, list[set[str]]]]:
    """The keys of the sentences of each article by story and source, as far as the asker may see
    it, those published first at the front.
    """
    wanted = sorted(set(stories))
    if not wanted:
        return {}
    published = (versions.c.published_at.nulls_last(), versions.c.version_id)
    rank = func.row_number().over(partition_by=versions.c.story, order_by=published)
    ranked = (
        select(versions.c.story, versions.c.source, versions.c.version_id, rank.label("rank"))
        .where(
            versions.c.story.in_(wanted),
            versions.c.source != "",
            *visible(Filters(conversations=filters.conversations)),
        )
        .subquery()
    )
    query = select(ranked).where(ranked.c.rank <= MOST_OUTLETS).order_by(ranked.c.rank)
    rows = connection.execute(query).all()
    sentences = sentences_by_version(connection, (row.version_id for row in rows))
    found: dict[int, dict[str, list[set[str]]]] = {}
    for row in rows:
        keys = {sentence.key for sentence in sentences[row.version_id]}
        found.setdefault(row.story, {}).setdefault(row.source, []).append(keys)
    return found


@lru_cache(maxsize=1)
def _alike_query() -> Select[Any]:
    """The versions of other articles that share bands, those that share most first."""
    wanted = _given_bands()
    newer = signatures.alias()
    oldest = (
        select(newer.c.version_id)
        .where(newer.c.band == wanted.c.value)
        .order_by(newer.c.version_id.desc())
        .limit(1)
        .offset(MOST_COMPARED)
        .scalar_subquery()
    )
    shared = (
        select(signatures.c.version_id, func.count().label("bands"))
        .select_from(wanted.join(signatures, signatures.c.band == wanted.c.value))
        .where(signatures.c.version_id > func.coalesce(oldest, 0))
        .group_by(signatures.c.version_id)
        .subquery()
    )
    return (
        select(versions.c.version_id, versions.c.story)
        .join(shared, shared.c.version_id == versions.c.version_id)
        .where(versions.c.article_id != bindparam("article_id"))
        .order_by(shared.c.bands.desc(), versions.c.version_id)
        .limit(MOST_COMPARED)
    )


def _keep_signature(connection: Connection, version_id: int, signature: Mapping[str, str]) -> None:
    version = cast(bindparam("version_id"), Integer)
    rows = select(_given_bands().c.value, version)
    statement = insert(signatures).from_select(["band", "version_id"], rows)
    connection.execute(statement, {**signature, "version_id": version_id})


def _given_bands() -> TableValuedAlias:
    """The bands in a JSON list, as a table: one statement for all of them."""
    return func.json_each(bindparam("bands")).table_valued("value")


def _by_story(alike: Iterable[Row[Any]]) -> dict[int, list[int]]:
    """The versions by their story; one that has no copies yet is its own."""
    found: dict[int, list[int]] = {}
    for row in alike:
        found.setdefault(row.story or row.version_id, []).append(row.version_id)
    return found
