"""Splits a text into sentences, as spans: the quotes that answers are made of."""

import re
import unicodedata
from collections.abc import Iterator
from itertools import pairwise
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from vectorstore.models import Span

Case = Literal["lower", "upper", "mixed"]
WIDE_STOPS = "。！？｡؟۔।॥։።។။"
"""End a sentence wherever they stand, also without a space behind."""

_TITLES = frozenset(
    """mr mrs ms mme mlle mm dr drs prof gen gens col lt sgt capt cmdr cpl pvt maj adm supt insp det
    sen sens rep reps gov govs pres rev hon messrs st ste mt ft sra dra vs v cf e.g i.e viz ph nr
    approx ca bzw""".split()
)
"""Never the end of a sentence: a name or a figure follows."""

_NUMBERED = frozenset(
    """no nos fig figs vol vols p pp c r b d fl ch sec art par op ed eds
    jan feb mar apr jun jul aug sep sept oct nov dec""".split()
)
"""Not an end before a figure: "No. 5", "Dec. 28"."""

_ABBREVIATIONS = frozenset(
    """inc ltd co corp bros llc plc dept univ assn jr sr esq etc al ave blvd rd sq mi lbs oz
    jan feb mar apr jun jul aug sep sept oct nov dec tue tues wed thu thurs fri""".split()
)
"""An end only where the next word is one that starts sentences."""

_ACRONYM = re.compile(r"(?:[^\W\d_]\.)*[^\W\d_]")
_STARTERS = frozenset(
    """a an the he she it they we i you his her its their our my this that these those there here
    but and or so yet nor then thus however meanwhile moreover instead nobody nothing everyone
    what why how who""".split()
)
_PREPOSITIONS = frozenset(
    """in on at by for from with as if when while where after before since although though because
    until under over during despite among between within about against into upon to of once not
    some many most several other another such both each every all one two three now today only
    also even still according last next no""".split()
)
"""Start a sentence too, but show nothing in a text that is all capitals."""

_OPENERS = r"""\s*(?:["'“‘„«(\[{`¿¡•*–—-]+\s*)*"""
_FOLLOWING = re.compile(rf"{_OPENERS}(\w+)")
_CONTINUED = re.compile(rf"{_OPENERS}[,;:.!?…)\]}}%]")
_WORD_BREAK = re.compile(r"[\s–—/(\[\"'“”‘’„«`-]")
_ATTRIBUTION = re.compile(
    r"\s+(?:[A-Z][\w.’'-]*\s+){1,4}"
    r"(?:said|says|asked|asks|told|wrote|writes|added|tweeted|shouted|replied|responded|warned)\b"
)
_GERMAN_MONTH = re.compile(
    r"Januar|Februar|März|April|Mai|Juni|Juli|August|September|Oktober|November|Dezember"
)
WHOLE_QUOTE_CHARS = 300
"""A quotation up to this long stays in one piece, however many sentences were spoken in it:
half of one reads as the article's own words."""

LONGEST_SENTENCE_CHARS = 600
"""Longer runs without an end are lists and tables; they are cut at the best place."""

LONGEST_DENSE_SENTENCE_CHARS = 240
"""The same for scripts other than Latin, of which a letter is a whole word piece."""

SHORTEST_PHRASE_CHARS = 60
"""Of a script without full stops: its phrases are joined up to this length."""

DENSE_LETTER = re.compile(r"[^\W\d_\u0000-\u024f\u1e00-\u1eff]")
"""A letter outside the Latin script."""

_CLOSERS = r"""(?:\[\d{1,3}\]|["'”’»›)\]}」』）】》])*"""

# "...he said.The talks" is what is left of a lost line break.
_AFTER = r"(?=\s|$|(?<=[^\W\d_A-Z]{2}[.!?])[A-Z][a-z]*\s)"

# "life . ''" and "Liquor Code . )" are how tokenised texts close a quotation or a bracket.
_MARK = (
    rf"""(?<![.!?…].)(?<=[.!?…])(?P<more>[.!?…]*){_CLOSERS}(?:[ ](?:''|[)\]”’»])(?!\S))*{_AFTER}"""
)
_WIDE_MARK = rf"(?<=[{WIDE_STOPS}])(?P<wide>[{WIDE_STOPS}]*){_CLOSERS}"
_QUOTED = (
    r"""(?<=“)[^“”]+”|(?<=„)[^„“”]+[“”]|(?<=«)[^«»]+»|(?<=「)[^「」]+」|(?<=『)[^『』]+』"""
    r"""|(?<=`)`(?:(?!``|'').)+''"""
    r"""|(?<![\w"].)(?<=")(?=[^\s"])[^"]+(?<=\S)"(?!\w)|(?<!\S.)(?<=")[ ][^"]+[ ]"(?!\S)"""
)

# One class of first characters, and only then the alternatives: Python's re skips to a match by
# it, which is three times as fast as trying each alternative at every character.
_MARKS = re.compile(rf"[.!?…{WIDE_STOPS}](?:{_MARK}|{_WIDE_MARK})")
_SCAN = re.compile(
    rf"""[.!?…{WIDE_STOPS}“„«「『`"](?:{_MARK}|{_WIDE_MARK}|(?P<quoted>{_QUOTED}))"""
)
_QUOTED_END = re.compile(rf"""([.!?…]+|[{WIDE_STOPS}]+)[ ]?(?:''|["”»」』])\Z""")
_AFTER_QUOTE = re.compile(rf"{_CLOSERS}(?=\s|$)|(?<=[」』])|(?<=[{WIDE_STOPS}]”)")
_LINE = re.compile(r"[^\n]+")
_CUTS = (re.compile(r"[;:] +|[；：]"), re.compile(r", +|[、，،]"), re.compile(r" +"))
_JOINERS = "\u200d\ufe0f"
_NUMBERING = re.compile(r"[\W_]*(?:\d+|\w)?[\W_]*")
_LOOK_AHEAD = 200
_NOT_SPACE = re.compile(r"\S")
_WORDLESS = re.compile(r"[\W_]*\Z")
_UNSPACED = re.compile(r"(?<=[\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff])[ ]+(?=[\u0e00-\u17ff])")
"""Between phrases of Thai, Lao, Burmese or Khmer, which write no full stops."""

WIDEST_WRAP = 120
NARROWEST_WRAP = 40
"""Lines outside this are not the work of a program that wraps text."""

_WRAPPED_SHARE = 0.75
"""Of the line breaks: so many must stand where the next word had no room left."""

_BLANK_LINES = re.compile(r"\n\s*\n")
_ITEM = re.compile(r"\s*(?:[-*•·‣–—]|\(?\d{1,3}[.)])\s")
_ASKED = frozenset("!?！？؟")
"""Headlines have them, too."""

_STOPS = frozenset("….:;,：；，、،؛" + WIDE_STOPS) - _ASKED
_NO_ENDS = frozenset(";,；，、،؛")
_SPOKEN = frozenset('"”“»«」』')
"""What closes a quotation in prose; headlines put single marks around one."""

_ASIDE = re.compile(r"(?:\s?[(\[（][^()\[\]（）]{1,30}[)\]）]){1,3}\W*$")
"""Behind the last sentence: an agency, the number of a note."""

_LONGEST_END_CHARS = 100
_WIDEST_INDENT = 8


def split_paragraphs(text: str) -> list[str]:
    """Return the paragraphs in order, each on one line with single spaces."""
    blocks = [block for lines in _BLANK_LINES.split(text) for block in _by_indent(lines)]
    width = _wrap_width(blocks)
    return [paragraph for block in blocks for paragraph in _join(block, width)]


def split_sentences(text: str) -> "tuple[Span, ...]":
    """Return the sentences in reading order; together they cover all but white space.

    A line break always ends a sentence: hard-wrapped text must have been cleaned.
    """
    spans: list[Span] = []
    for line in _LINE.finditer(text):
        offset = line.start()
        spans.extend((offset + begin, offset + end) for begin, end in _split_line(line[0]))
    return tuple(spans)


def _split_line(line: str) -> "Iterator[Span]":
    begin = 0
    for end in _ends(line):
        if _stands_alone(line, begin, end):
            yield from _pieces(line, begin, end)
            begin = end
    yield from _pieces(line, begin, len(line))


def _ends(line: str) -> Iterator[int]:
    """Yield where sentences of a line end, after the closing quotes and brackets."""
    case = case_of(line)
    for match in _SCAN.finditer(line):
        if match["quoted"] is None:
            marks = [match]
        elif len(match[0]) > WHOLE_QUOTE_CHARS:
            marks = list(_MARKS.finditer(line, match.start() + 1, match.end()))
        else:
            last = _QUOTED_END.search(line, match.start(), match.end())
            after = _AFTER_QUOTE.match(line, match.end())
            if last and after and is_end(line, case, *last.span(1), after.end()):
                yield after.end()
            continue
        for mark in marks:
            if is_end(line, case, mark.start(), mark.end(mark.lastgroup or 0), mark.end()):
                yield mark.end()


def _stands_alone(line: str, begin: int, end: int) -> bool:
    """Reject the number of a list item ("1.", "B."), and marks without a word on either side."""
    numbered = end - begin < _LOOK_AHEAD and _NUMBERING.fullmatch(line, begin, end)
    return not (numbered or _WORDLESS.match(line, end, end + _LOOK_AHEAD))


def _pieces(line: str, begin: int, end: int) -> "Iterator[Span]":
    """Yield a sentence as it is, or in pieces where it is too long or of an unspaced script."""
    begin, end = _trim(line, begin, end)
    if not line.isascii():
        for space in _UNSPACED.finditer(line, begin, end):
            if space.start() - begin >= SHORTEST_PHRASE_CHARS:
                yield begin, space.start()
                begin = space.end()
    longest = _longest(line[begin:end])
    while end - begin > longest:
        cut = _best_cut(line, begin + longest // 2, begin + longest)
        yield _trim(line, begin, cut)
        after = _NOT_SPACE.search(line, cut, end)
        begin = after.start() if after else end
    if begin < end:
        yield begin, end


def _trim(line: str, begin: int, end: int) -> "Span":
    piece = line[begin:end].rstrip()
    return begin + len(piece) - len(piece.lstrip()), begin + len(piece)


def _longest(sentence: str) -> int:
    dense = len(sentence) > LONGEST_DENSE_SENTENCE_CHARS and not sentence.isascii()
    if dense and len(DENSE_LETTER.findall(sentence)) > len(sentence) // 2:
        return LONGEST_DENSE_SENTENCE_CHARS
    return LONGEST_SENTENCE_CHARS


def _best_cut(line: str, earliest: int, latest: int) -> int:
    """Return where to cut: after a semicolon, else a comma, else a word, else a whole character."""
    for separator in _CUTS:
        places = [match.end() for match in separator.finditer(line, earliest, latest)]
        if places:
            return places[-1]
    while latest > earliest and _joins(line[latest], line[latest - 1]):
        latest -= 1
    return latest


def _joins(character: str, before: str) -> bool:
    """Whether a character belongs to the one before it, as accents and joined emoji do."""
    return unicodedata.combining(character) > 0 or character in _JOINERS or before == "\u200d"


def case_of(line: str) -> Case:
    """Return how a line is written, once for all its marks."""
    return "lower" if line.islower() else "upper" if line.isupper() else "mixed"


def is_end(line: str, case: Case, mark_start: int, mark_end: int, end: int) -> bool:
    """Whether the mark ends a sentence, which with its closing quotes would stop at `end`."""
    mark = line[mark_start:mark_end]
    following = _FOLLOWING.match(line, end)
    word = following[1] if following else ""
    if mark[0] in WIDE_STOPS:
        return not (line[end - 1] in "」』" and word and "ぁ" <= word[0] <= "ん")
    if not word:
        return not _CONTINUED.match(line, end)
    if word.islower() and case != "lower":
        return False
    if line[end].isalpha():
        return _starts_sentence(word, case)
    if mark == ".":
        return _ends_with_period(line, case, mark_start, word)
    if "." in mark or "…" in mark:
        return _starts_sentence(word, case)
    return mark_end == end or not _ATTRIBUTION.match(line, end)


def _ends_with_period(line: str, case: Case, at: int, following: str) -> bool:
    """Whether a period is a full stop, and not that of an abbreviation, an initial or a figure."""
    before = line[max(0, at - 30) : at]
    word = _WORD_BREAK.split(before.rstrip())[-1]
    lowered = word.lower()
    if before.endswith(" ") and word.endswith("."):
        return not word.startswith(".") or _starts_sentence(following, case)
    if lowered in _TITLES:
        return False
    if following[0].isdigit():
        spaced_decimal = before.endswith(" ") and word.isdigit()
        return lowered not in _NUMBERED and not spaced_decimal
    if lowered in _ABBREVIATIONS or _ACRONYM.fullmatch(word):
        return _starts_sentence(following, case)
    return not (word.isdigit() and len(word) < 3 and _GERMAN_MONTH.fullmatch(following))


def _starts_sentence(word: str, case: Case) -> bool:
    lowered = word.lower()
    return lowered in _STARTERS or (lowered in _PREPOSITIONS and case != "upper")


def has_full_stop(paragraph: str) -> bool:
    """Return whether a paragraph ends as prose does, and no headline."""
    end = paragraph[-_LONGEST_END_CHARS:]
    if _is_closed(end):
        return True
    aside = _ASIDE.search(end)
    return aside is not None and _is_closed(end[: aside.start()])


def _is_closed(end: str) -> bool:
    mark, behind = _last_mark(end)
    return mark in _STOPS or (mark in _ASKED and not _SPOKEN.isdisjoint(behind))


def _last_mark(text: str) -> tuple[str, str]:
    """Return the stop after the last word, "" if it has none, and all that stands behind it."""
    for at in range(len(text) - 1, -1, -1):
        if text[at] in _STOPS or text[at] in _ASKED:
            return text[at], text[at + 1 :]
        if text[at].isalnum():
            break
    return "", ""


def _is_ended(line: str) -> bool:
    mark, _ = _last_mark(line)
    return mark != "" and mark not in _NO_ENDS


def _by_indent(block: str) -> list[list[str]]:
    """Divide the lines of a block before each that is set in, as teleprinters began paragraphs.

    That line keeps its indent, which takes room in it. Below a first line that is not set in, it
    may be the further lines of an item or a speaker that are: there a sentence goes on into them.
    """
    lines = [line for line in map(_one_line, block.split("\n")) if line]
    begins = [at for at, line in enumerate(lines) if line[0] == " " and at]
    if (
        not begins
        or len(begins) > len(lines) / 2
        or not (lines[0][0] == " " or all(_is_ended(lines[at - 1]) for at in begins))
    ):
        return [[line.lstrip() for line in lines]]
    ends = [*begins, len(lines)]
    return [lines[begin:end] for begin, end in zip([0, *begins], ends, strict=True)]


def _one_line(line: str) -> str:
    """Return the words of a line with single spaces, behind as many as it is set in."""
    words = line.split()
    indent = len(line[: min(len(line) - len(line.lstrip()), _WIDEST_INDENT)].expandtabs())
    return " " * (indent if words and indent > 1 else 0) + " ".join(words)


def _wrap_width(blocks: list[list[str]]) -> int | None:
    """Return the width the text was wrapped to, None if it was not."""
    breaks = [pair for block in blocks for pair in pairwise(block)]
    width = max((len(line) for block in blocks for line in block), default=0)
    if not breaks or not NARROWEST_WRAP <= width <= WIDEST_WRAP:
        return None
    forced = [(line, after) for line, after in breaks if _is_forced(line, after, width)]
    # Short paragraphs of like length fill their lines too, but end where their sentences do.
    within = sum(1 for line, _ in forced if not _is_ended(line))
    if len(forced) >= _WRAPPED_SHARE * len(breaks) and within > len(forced) / 2:
        return width
    return None


def _is_forced(line: str, after: str, width: int) -> bool:
    """Return whether the first word of the next line had no room in this one."""
    return len(line) + 1 + len(after.split(maxsplit=1)[0]) > width and not _ITEM.match(after)


def _join(lines: list[str], width: int | None) -> list[str]:
    paragraphs: list[list[str]] = []
    for before, line in zip(["", *lines], lines, strict=False):
        if before and _is_wrapped(before, line, width):
            hyphened = before.endswith("-") and line[0].islower()
            paragraphs[-1].append(line if hyphened else f" {line}")
        else:
            paragraphs.append([line.lstrip()])
    return ["".join(pieces) for pieces in paragraphs]


def _is_wrapped(before: str, line: str, width: int | None) -> bool:
    """Return whether a line goes on with the sentence or paragraph of the line before."""
    if _ITEM.match(line):
        return False
    if line[0].islower() and not _is_ended(before):
        return True
    return width is not None and _is_forced(before, line, width)
