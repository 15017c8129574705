"""Reads what a message gives: its links, and whether its words give them or ask something."""

import re
from dataclasses import dataclass

GIVING_WORDS = frozenset(
    "a add all also an and archive article articles everyone feed feeds for hello here hey hi "
    "ingest into is it keep link links my news one page pages please read remember save some "
    "store stories story thank thanks that the them these this those to url urls you".split()
)
"""Where every word besides the links is one of these, nothing is asked."""

_LINK = re.compile(
    r"<(?P<sent>https?://[^<>|\s]+)(?:\|[^<>]*)?>|(?P<typed>https?://[^<>|\s]+)", re.IGNORECASE
)
_PICTURE = re.compile(r":[\w+'-]+:")
_WORD = re.compile(r"[\w'’]+")
_FOR_EVERYONE = re.compile(r"(?:^|\bfor )everyone\b(?! here\b)")


@dataclass(frozen=True, slots=True)
class Offer:
    """What a text gives; `for_everyone` widens who may see what is given."""

    links: tuple[str, ...]
    asks_nothing: bool
    for_everyone: bool


def read_offer(text: str) -> Offer:
    """Read a text as Slack sends it, without the bot's own name.

    >>> read_offer("please add <https://a.example/?b=1&amp;c=2|a.example> for everyone")
    Offer(links=('https://a.example/?b=1&c=2',), asks_nothing=True, for_everyone=True)
    """
    links = [
        _unescaped(link["sent"] or link["typed"].rstrip(",;")) for link in _LINK.finditer(text)
    ]
    rest = _PICTURE.sub(" ", _LINK.sub(" ", text)).lower()
    words = _WORD.findall(rest)
    asks_nothing = GIVING_WORDS.issuperset(words) and "?" not in rest
    return Offer(
        tuple(dict.fromkeys(links)),
        asks_nothing,
        asks_nothing and _FOR_EVERYONE.search(" ".join(words)) is not None,
    )


def _unescaped(link: str) -> str:
    # Slack escapes these three and no more: html.unescape would turn &copy= into ©=.
    return link.replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&")
