"""Recognises what a page adds to a story: calls to action, share bars, links to other stories."""

import re
from dataclasses import dataclass

from ingest.paragraphs import has_full_stop
from ingest.sentences import split_sentences

LONGEST_PROMOTION_CHARS = 220
LONGEST_HEADLINE_CHARS = 150
_LONGEST_TAIL_CHARS = 600
_MOST_DROPPED = 1 / 3
"""Headlines are dropped only while they are at most this share of the story's characters."""


@dataclass(frozen=True, slots=True)
class Removed:
    """A paragraph that was cut off, and the reason."""

    text: str
    reason: str


def _any_of(*words: str) -> str:
    return "(?:" + "|".join(words) + ")"


_NETWORK = (
    "facebook|twitter|whatsapp|telegram|instagram|linkedin|pinterest|reddit|youtube|tiktok|threads"
    "|messenger|flipboard|tumblr|bluesky|mastodon|snapchat|viber|google news|apple news"
)
_LEAD_IN = _any_of(
    r"(?:please|and|also|or|then|just|simply|now|do|you can(?: also)?)\b",
    r"(?:do not|don['’]t) forget to\b|(?:be|make) sure (?:to|you)\b",
    r"[^,:.!?]{3,80}\?",
    r"(?:for|to|if you|like|love|enjoy(?:ed|ing)?)\b[^,:.!?]{3,80}[,:]",
    r"for (?:more|all|further|full|the latest)\b[^,:.!?]{3,80}?\b(?=visit|follow|subscribe|go to)",
)
# A call to action opens with a verb in the imperative. These are calls in themselves ...
_CALL = _any_of(
    r"stay (?:tuned|connected|updated|informed|up[ -]to[ -]date)",
    r"subscribe (?:now|today|here|for free|to our)|sign[ -]up (?:to|for|here|now|today)",
    r"(?:like|find|message|join|follow) (?:us (?:on|at|for|here)|@)|(?:email|contact|follow) us",
    r"(?:click|tap|swipe) (?:here|on|the|below|to|this)|turn on (?:push )?notifications",
    r"let us know|get in touch|sign in to",
    r"(?:download|install|get) (?:\S+ ){0,4}app|check out (?:our|more|the latest)",
    r"consider (?:supporting|subscribing|donating|becoming an?|making an?)",
    r"(?:watch|see|hear|listen to)\b[^.]{0,50}\b(?:player|video|clip|gallery) (?:above|below)",
    r"(?:tune in|keep up) (?:to|with|for)|log in (?:to|or)|leave a (?:comment|reply)",
)
# ... and these where they also name what an outlet offers, and speak to the reader.
_INVITATION = _any_of(
    "follow|share|join|get|receive|read|watch|listen|see|view|visit|check out|support|donate",
    "become|send|tell|explore|discover|browse|catch|try|sign|subscribe|register|download|connect",
    "bookmark|(?:don['’]t|never) miss|find|buy|email|write|stay|keep|go to",
)
_OFFER = _any_of(
    "our (?:website|site|page|newsletters?|channels?|app|podcasts?|reporting|journalism|social)",
    "newsletters?|inbox|youtube channel|mailing list|subscriber|journalism|app store",
    "this (?:article|story|post)|(?:with|to) us (?:on|at|for)",
    rf"(?:on|via) (?:our )?(?:{_NETWORK}|x)|(?:{_NETWORK}) (?:channel|page|group|feed)",
    r"(?:latest|more|breaking|daily|top) (?:\S+ )?(?:news|updates|stories|headlines|alerts)",
    r"https?://\S+",
)
_TO_READER = r"(?=.*\b(?:us|our|you|your|now|here|free|today)\b|.*@\w|.*https?:|.*[^.]$)"
_NOUN = r"(?! (?:of|for|among|in|by|from|rise|rises|rose|fall|falls|fell|has|have|is|are)\b)"
"""Behind the word: it is no verb, as in "support for" or "share of"."""

_TOLD = re.compile(
    r"\b(?:said|told|tells?|added|asked|wrote|according to|announced|was|were|had"
    r"|(?:say|urge|warn|beg|plead|order|argue|claim|insist|vow|demand)(?:s|e?d|ged)?)\b",
    re.IGNORECASE,
)
_PROMOTION = re.compile(
    rf"[^\w\"“‘'«]*(?>{_LEAD_IN}\W*+){{0,3}}+(?:{_CALL}(?:\b|(?<=@))"
    rf"|{_INVITATION}\b{_NOUN}{_TO_READER}(?=.*\b{_OFFER}\b|.*@\w))",
    re.IGNORECASE,
)
_STORIES = (
    "(?:articles?|stories|story|news|posts?|topics?|tags?|reading|links|content|videos?|coverage"
    "|headlines|now|today|for you)"
)
_POINTER = re.compile(
    r"\W*(?:"
    r"(?:also |must[- ])?(?:read|see|watch|listen|hear|view)(?: also| more| next| now| here| live"
    r"| in full)?\s*(?:[:|»>→]|-\s|$)"
    r"|(?:read|see|view) (?:the )?(?:full|original) (?:story|article|report)\b(?:[^.]|\.\w){0,60}$"
    rf"|(?:related|recommended|more|trending|most (?:read|viewed|popular|shared)"
    rf"|editors?['’]?s?['’]? picks?)(?: {_STORIES})*\s*(?::|$)"
    rf"|(?:similar|latest|top|popular|other)(?: {_STORIES})+\s*(?::|$)"
    r"|(?:also|previously)\s*[:|»>→]"
    r"|more (?:from|like this|on this)\b[^.]{0,60}$"
    r"|(?:you (?:may|might) also (?:like|enjoy)|what to read next|up next|next (?:article|story|up)"
    r"|previous (?:article|story)|in case you missed it|around the web|don['’]t miss|keep reading)"
    r"\s*(?::|$)"
    r"|(?:tags|topics|filed under|categories)\s*:"
    r"|(?:à lire(?: aussi)?|lire aussi|lire également|lesen sie auch|mehr zum thema|lee también"
    r"|lea también|leia (?:também|mais)|leggi anche|lees ook|läs också|les også|czytaj też"
    r"|читайте также|اقرأ أيضا|اقرأ المزيد|相关新闻|相关阅读|延伸阅读|関連記事)\s*(?:[:：|].*)?$"
    r")",
    re.IGNORECASE,
)
_COPYRIGHT = re.compile(
    r"\W*(?:©|\(c\) ?\d{4}|copyright\W{1,4}(?:\(c\) ?)?\d{4}|all rights reserved"
    r"|this (?:material|article) may not be (?:published|re\w+|copied))"
    r"|.{0,120}\ball rights reserved\W*$",
    re.IGNORECASE,
)
_NOTICE = re.compile(
    r"\W*(?:advertisements?|ads?|sponsored(?: content)?|promoted(?: content)?"
    r"|(?:article|story|advertisement) continues (?:after|below)\b.*|skip (?:ad|advertisement)"
    r"|continue reading(?: the main story| below)?|scroll (?:down )?(?:to continue|for more)\b.*"
    r"|this (?:live )?(?:story|article|post|blog|page|report) (?:has been updated(?: with .*)?"
    r"|is (?:now closed|developing|no longer being updated)|(?:is|will be) (?:being )?updated\b.*)"
    r"|our standards:.*|(?:\d+|no) comments?|(?:accept|manage) (?:all )?cookies"
    r"|(?:we|this (?:web)?site) uses? cookies\b.*)\W*",
    re.IGNORECASE,
)
_SHARE_BAR = re.compile(
    rf"(?=.*\b(?:share|tweet|print|{_NETWORK})\b)(?:\W*\b(?:share|tweet|print|{_NETWORK}|x|\d+|e?mail"
    r"|comments?|copy|link|save|on|via|this|article|story|post|page|more|to|a|the|by|with|friends"
    r"|and|or|clipboard|pin|bookmark|send)\b)+\W*",
    re.IGNORECASE,
)


def cut_boilerplate(paragraphs: list[str]) -> tuple[list[str], list[Removed]]:
    """Divide the paragraphs of an article into the story and what was added to it.

    A call to action is cut wherever it stands. Short lines without a full stop are cut as
    headlines of other stories only behind one, at the end, and never much of a text. The last
    paragraph is judged by its sentences too, for texts that have lost their line breaks.
    """
    story, removed = _divide(paragraphs)
    if not story:
        return paragraphs, []
    if cut := _cut_off_end(story[-1], before=sum(map(len, story[:-1]))):
        story[-1] = story[-1].removesuffix(cut).rstrip()
        removed.append(Removed(cut, "promotion at the end of a paragraph"))
    return story, removed


def _divide(pieces: list[str], before: int = 0) -> tuple[list[str], list[Removed]]:
    """Divide paragraphs, or sentences of one with so many characters of story before them."""
    reasons = [why_not_story(piece) for piece in pieces]
    for position in _headlines_behind_promotion(pieces, reasons, before):
        reasons[position] = "headline of another story"
    pairs = list(zip(pieces, reasons, strict=True))
    return [p for p, why in pairs if not why], [Removed(p, why) for p, why in pairs if why]


def _cut_off_end(paragraph: str, before: int) -> str:
    """Return what to cut off a paragraph: a promotion and all behind it, if story is before it."""
    end = paragraph[-_LONGEST_TAIL_CHARS:]
    spans = split_sentences(end)[len(end) < len(paragraph) :]
    pieces = [end[start:stop] for start, stop in spans]
    if not pieces or not (why_not_story(pieces[-1]) or _is_headline(pieces[-1])):
        return ""
    kept, cut = _divide(pieces, before + len(paragraph) - len(end))
    first = len(kept)
    return end[spans[first][0] :] if kept and cut and kept == pieces[:first] else ""


def why_not_story(paragraph: str) -> str:
    """Return what a paragraph is instead of part of a story; "" if nothing says so."""
    if len(paragraph) > LONGEST_PROMOTION_CHARS:
        return ""
    if _COPYRIGHT.match(paragraph):
        return "copyright line"
    if _NOTICE.fullmatch(paragraph):
        return "notice of the page"
    if _SHARE_BAR.fullmatch(paragraph):
        return "share bar"
    if _POINTER.match(paragraph) and not has_full_stop(paragraph.rstrip(":")):
        return "pointer to other stories"
    if _PROMOTION.match(paragraph) and not _TOLD.search(paragraph):
        return "promotion"
    return ""


def _headlines_behind_promotion(
    paragraphs: list[str], reasons: list[str], before: int
) -> list[int]:
    begin = len(paragraphs)
    while begin and (reasons[begin - 1] or _is_headline(paragraphs[begin - 1])):
        begin -= 1
    while begin < len(paragraphs) and not reasons[begin]:
        begin += 1
    headlines = [at for at in range(begin, len(paragraphs)) if not reasons[at]]
    story = [p for p, why in zip(paragraphs[:begin], reasons[:begin], strict=True) if not why]
    dropped = sum(len(paragraphs[at]) for at in headlines)
    if dropped > _MOST_DROPPED * (before + sum(map(len, story))) or not any(
        map(has_full_stop, story)
    ):
        return []
    return headlines


def _is_headline(paragraph: str) -> bool:
    return len(paragraph) <= LONGEST_HEADLINE_CHARS and not has_full_stop(paragraph)
