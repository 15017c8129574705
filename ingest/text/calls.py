"""Recognises calls to action: what asks the reader to follow, subscribe, share, write or pay.

A story may be full of imperatives too: how-to, advice, slogans. So a call must name what only an
outlet offers (its newsletter, its channel on a network, its comments), and must report nothing.
"""

import re

from ingest.text.page_words import ENGLISH_NETWORKS, NETWORKS
from ingest.text.phrases import Phrases, plain
from ingest.text.told import is_told

_CALLS = Phrases(lambda words: words.calls)
_NETWORK_NAMES = tuple(plain(network) for network in NETWORKS.split(","))
_SENTENCE_BREAK = re.compile(r"(?<=[.!?…])\s")

_LEAD_IN = (
    r"(?:(?:please|and|also|or|then|just|simply|now|you can(?: also)?)\b"
    r"|(?:do not|don['’]t) forget to\b|(?:be|make) sure (?:to|you)\b"
    r"|(?:for|to|if you|like|love|enjoy(?:ed|ing)?)\b[^,:.!?]{3,80}[,:]"
    r"|for (?:more|all|further|full|the latest)\b[^,:.!?]{3,80}?\b(?=visit|follow|subscribe|go to))"
)
_NETWORK = f"{ENGLISH_NETWORKS},signal".replace(",", "|")
_ON_NETWORK = rf"(?:on|via|at|through) (?:our )?(?:(?:{_NETWORK}|x|social media)\b|@\w)"
_NEWS = (
    r"(?:the latest|latest|more|breaking|top) (?:\S+ ){0,2}"
    r"(?:news|updates|headlines|alerts|coverage)\b|more (?:\S+ )?stories (?:from|like|on|about)\b"
    r"|full (?:story|article|report)\b|latest episode|news from\b"
)
_LETTERS = (
    r"newsletters?\b|(?:to )?your inbox|mailing list|e?mail alerts|push notifications|podcasts?\b"
    r"|(?:daily|morning|evening|weekly) (?:brief|briefing|bulletin|digest|e?mail)\b"
    rf"|(?:{_NETWORK}) (?:channel|group|community|feed)\b"
)
_OWN = (
    r"our (?:\S+ ){0,2}(?:website|site|page|newsletters?|channels?|apps?|podcasts?|reporting|work"
    r"|journalism|social media|coverage|newsroom|community|reporters?|subscribers?|live ?blog)\b"
)
_PAPER = (
    r"(?:independent|quality|local) (?:journalism|reporting|news)\b|readers like you\b"
    r"|by subscribing\b|today['’]s paper\b|our (?:\S+ )?(?:journalism|reporting|newsroom|work)\b"
)
_COMMENTS = (
    r"in the comments?\b|comments? (?:section|below)\b|thoughts below\b|story ideas?\b"
    r"|(?:news|story|a) tips?\b|story for us\b|us at [\w.+-]{1,40}@|(?:tips|news\w*|letters)@"
    r"|us what you think\b|your (?:stories|story|photos|videos|pictures|views|thoughts) with us\b"
)
_APPS = rf"our (?:\S+ ){{0,2}}app\b|news app\b|app store\b|google play\b|{_NEWS}"
_TO_READER = r"(?=.*\b(?:us|our|you|your|now|here|free|today)\b|.*@\w|.*https?:|.*[^.]$)"
_NOUN = r"(?! (?:of|for|among|in|by|from|rise|rises|fall|falls|has|have|is|are)\b)"
"""Behind the word: it is no verb, as in "support for" or "share of"."""


def _opening(call: str) -> re.Pattern[str]:
    """Return the pattern of a call after what may lead in to it.

    The lead-ins are few and atomic: one text divides into them in a great many ways.
    """
    return re.compile(rf"\W*(?>{_LEAD_IN}\W*+){{0,3}}+(?:{call})", re.IGNORECASE)


_ENGLISH = tuple(
    (_opening(verbs), re.compile(rf"(?<!\w)(?:{offers})", re.IGNORECASE))
    for verbs, offers in (
        (r"follow\b", rf"{_ON_NETWORK}|@\w"),
        (
            r"(?:like|find|join|message|contact|connect with|catch|visit|tag) us\b"
            rf"|(?:share|listen|watch|subscribe|catch up|get)\b{_NOUN}{_TO_READER}",
            _ON_NETWORK,
        ),
        (r"(?:subscribe|sign[ -]up|register) (?:to|for|here|now|today|below)\b", _LETTERS),
        (rf"(?:get|receive|join|read|try|enjoy)\b{_NOUN}{_TO_READER}", _LETTERS),
        (
            r"(?:get|read|see|watch|view|visit|find|discover|explore|browse|check out|stay|receive"
            r"|(?:don['’]t|never) miss|listen to|hear|subscribe|sign up|keep up|catch up|tune in"
            rf"|(?:click|tap) here)\b{_NOUN}{_TO_READER}",
            rf"{_NEWS}|{_OWN}",
        ),
        (rf"(?:follow|join|support|download|share|send|bookmark|like)\b{_NOUN}", _OWN),
        (
            r"(?:click|tap) here (?:to|for)\b",
            rf"{_NEWS}|{_LETTERS}|{_ON_NETWORK}|to (?:read|subscribe|sign up|watch|join)\b",
        ),
        (rf"(?:support|donate|consider|help|subscribe|buy|become an?)\b{_NOUN}", _PAPER),
        (
            r"(?:e-?mail|contact|tell|send|write to|let us know|get in touch|share|join|leave"
            rf"|message|text|post)\b{_NOUN}|have your say\b",
            _COMMENTS,
        ),
        (r"(?:download|install|get|turn on)\b", _APPS),
        (r"(?:share|save|print|gift|bookmark|like|rate)\b", r"this (?:article|story|post)\b"),
    )
)
_WHOLE = _opening(
    r"stay tuned(?: (?:to|for)\b|\W*$)|get in touch in confidence\b"
    r"|(?:subscribe|sign[ -]up|register|donate|log ?in|follow us|join us|(?:click|tap))"
    r"(?: (?:here|now|today|below|online|for free)){1,3}\W*$|(?:follow|contact|email) us\W*$"
    r"|(?:add|leave|post|write) a (?:comment|reply)\W*$"
    r"|let us know (?:what you think|in the comments|below)\b"
    r"|(?:watch|see|hear|listen to)\b[^.]{0,50}\b(?:player|video|clip|gallery) (?:above|below)\W*$"
    r"|(?:consider|become) (?:making a donation|an? (?:supporter|subscriber|patron))\W*$"
)
_IMPERATIVE = _opening(
    r"(?:add|become|bookmark|browse|buy|catch|check|click|connect|consider|contact|discover|donate"
    r"|don['’]t|download|e-?mail|enjoy|explore|find|follow|get|gift|have|hear|help|install|join"
    r"|keep|leave|let|like|listen|log|message|never|post|print|rate|read|receive|register|save|see"
    r"|send|share|sign|stay|subscribe|support|tag|tap|tell|text|try|tune|turn|view|visit|watch"
    r"|write)"
)
"""All the calls begin so, and few sentences else: the rest is asked of these alone."""

_SPEAKS = re.compile(
    r"\b(?:you|your|we|our|us|newsletters?|unsubscribe|cookies?|privacy|without permission"
    r"|rights reserved|registered in|copyright|VAT)\b|\?$",
    re.IGNORECASE,
)


def is_call(paragraph: str) -> bool:
    """Tell whether a paragraph is a call to action, each of its sentences for the reader's sake."""
    return _is_english_call(paragraph) or _is_call_abroad(paragraph)


def is_for_reader(sentence: str) -> bool:
    """Tell whether a sentence speaks to readers, of them or of the page."""
    return _SPEAKS.search(sentence) is not None


def _is_english_call(paragraph: str) -> bool:
    sentences = _SENTENCE_BREAK.split(paragraph)
    calls = [sentence for sentence in sentences if _calls(sentence, paragraph)]
    return (
        bool(calls)
        and all(sentence in calls or is_for_reader(sentence) for sentence in sentences)
        and not is_told(paragraph)
    )


def _calls(sentence: str, paragraph: str) -> bool:
    if not _IMPERATIVE.match(sentence):
        return False
    return _WHOLE.match(sentence) is not None or any(
        opening.match(sentence) and offer.search(paragraph) for opening, offer in _ENGLISH
    )


def _is_call_abroad(paragraph: str) -> bool:
    line = plain(paragraph)
    phrase = _CALLS.opening(line) or _CALLS.ending(line)
    if not phrase or is_told(paragraph, words := _CALLS.of[phrase]):
        return False
    offers = [plain(offer) for offer in words.offers.split(",") if offer]
    return line == phrase or all(
        any(offer in plain(sentence) for offer in (*offers, *_NETWORK_NAMES))
        for sentence in _SENTENCE_BREAK.split(paragraph)
    )
