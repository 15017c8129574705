"""Text that Slack shows and never obeys: escaping, cutting to length, dates, links.

Slack's mrkdwn has no way to escape its own marks, and Markdown's backslash does not stop a bare
address from becoming a link. So marks that would come alive are replaced by characters that
look like them; exact quotes are shown in rich text, which Slack does not read as markup.
"""

import re
from collections.abc import Callable
from urllib.parse import quote

from bot.phrasing import written_day, written_span
from ingest.text.clean import strip_unseen
from ingest.web.urls import canonical_url

MAX_LINK = 1_000
"""Longer addresses are not linked: they would crowd out what else is in a message."""

_PICTURES = re.compile("[\u2600-\u27bf\u2b00-\u2bff\u231a-\u23ff\ufe0f\U0001f000-\U0001faff]+")
_FENCED_MARKS = str.maketrans({"<": "‹", ">": "›"})
_LIVE_ANGLE = re.compile(r"<(?=[!@#/]|\w+:)")

_INERT: tuple[tuple[re.Pattern[str], str], ...] = (
    # Addresses: with a scheme, with www, of a mail, with a path; "Booking.com" is but a name.
    (re.compile(r"(?<=[a-z]):(?=//)|(?<=mailto):|(?<=tel):|(?<=javascript):", re.I), "∶"),
    (re.compile(r"(?<=\bwww)\.|(?<=\w)\.(?=[^\W\d_]{2,24}(?::\d+)?/\w)", re.I), "․"),
    (re.compile(r"(?<=\S)@(?=[\w-]+\.)"), "＠"),
    # [text](target), [text][reference], [reference]: target, ![image], [^note].
    (re.compile(r"\](?=[(\[:])"), "] "),
    (re.compile(r"!(?=\[)"), "! "),
    (re.compile(r"\[(?=\^)"), "[ "),
    # Emphasis and code; an underscore within a word marks nothing.
    (re.compile(r"\*"), "∗"),
    (re.compile(r"~"), "∼"),
    (re.compile(r"`"), "ˋ"),
    (re.compile(r"(?<![^\W_])_|_(?![^\W_])"), "ˍ"),
    # :white_check_mark: but not 10:30:45.
    (re.compile(r"(?<![0-9]):(?=[\w+'-]{1,100}:)|:(?=[0-9]{0,9}[a-z][\w+'-]{0,100}:)", re.I), "∶"),
    (re.compile(r"@(?=(?:channel|here|everyone|group)\b)", re.I), "＠"),
    # What a line may begin with: headings, lists, quotes, indented code.
    (re.compile(r"^[ ]{4,}", re.M), "   "),
    (re.compile(r"^( *)#", re.M), r"\1＃"),
    (re.compile(r"^( *)-(?=\s|$)", re.M), r"\1–"),
    (re.compile(r"^( *)\+(?=\s|$)", re.M), r"\1＋"),
    (re.compile(r"^( *\d+)\.(?=\s|$)", re.M), r"\1․"),
    (re.compile(r"^( *\d+)\)(?=\s|$)", re.M), r"\1）"),
    (re.compile(r"^( *)>", re.M), r"\1›"),
)
_RULE = re.compile(r"^[ |:=-]+$", re.M)
_RULE_MARKS = str.maketrans({"-": "–", "=": "＝"})


def escape(text: str) -> str:
    """Text for Slack's mrkdwn and for Markdown alike: it is shown, and nothing in it comes alive.

    >>> escape("<!channel> *Admin* :lock: https://evil.example")
    '&lt;!channel&gt; ∗Admin∗ ∶lock: https∶//evil.example'
    """
    return inert(text).replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def inert(text: str) -> str:
    """`escape` without the entities, for plain text and rich text, where they would show."""
    text = seen(text)
    for live, dead in _INERT:
        text = live.sub(dead, text)
    return _RULE.sub(lambda rule: rule[0].translate(_RULE_MARKS), text)


def exact(text: str) -> str:
    """Text for rich text, character by character, but for what is unseen and what pings."""
    return _LIVE_ANGLE.sub("‹", seen(text))


def fenced(text: str) -> str:
    """Text in a block of code, so that the columns of a table stand under one another."""
    return f"\n```\n{inert(text).translate(_FENCED_MARKS)}\n```\n"


def seen(text: str) -> str:
    """The text without control characters, bidi controls, tags and stray joiners."""
    return strip_unseen(text)[0]


def one_line(text: str) -> str:
    """The text with every run of spaces and line ends as one space."""
    return " ".join(seen(text).split())


def name(text: str, *, limit: int = 150) -> str:
    """A title or a source on one line; without pictures, which could pass for a badge."""
    return clipped(one_line(_PICTURES.sub(" ", seen(text))), limit) or "Untitled"


def clipped(text: str, limit: int) -> str:
    """The text, cut between words to `limit` characters, with … where it was cut."""
    if len(text) <= limit:
        return text
    cut = text[: limit - 2]
    return (cut.rsplit(" ", 1)[0] if " " in cut[limit // 2 :] else cut).rstrip() + " …"


def fitted(text: str, limit: int, escaped: Callable[[str], str] = escape) -> str:
    """The escaped text in at most `limit` characters, cut so that no escape is torn apart."""
    kept, made = len(text), escaped(text)
    while len(made) > limit:
        kept = min(kept - 1, kept * limit // len(made))
        made = escaped(clipped(text, kept)) if kept > 2 else ""
    return made


def linked(title: str, url: str | None) -> str:
    """A title in mrkdwn, linked where the url is a plain http or https one."""
    shown = escape(name(title)).replace("|", "∣")
    if url is None or canonical_url(url) is None:
        return shown
    target = quote(url.strip(), safe="%/:?#[]@!$&'()*+,;=~-._").replace("&", "&amp;")
    return shown if len(target) > MAX_LINK else f"<{target}|{shown}>"


def day(published_at: str | None) -> str:
    """2021-12-03 as "3 December 2021"; nothing for undated."""
    return name(written_day(published_at), limit=40) if published_at else ""


def span(covered: tuple[str, str]) -> str:
    """The first and the last published date as "1 May 2021 to 3 December 2021"."""
    return name(written_span(covered), limit=80)


def about(source: str, published_at: str | None) -> str:
    """Where an article is from and of when, as "bbc.co.uk · 3 December 2021"."""
    parts = (name(source, limit=80) if source else "", day(published_at) or "undated")
    return " · ".join(part for part in parts if part)
