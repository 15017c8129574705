"""What Slack shows that is no answer: receipts, the list of articles, help, a plain sentence."""

import re
from collections import Counter
from collections.abc import Sequence
from typing import Any

from bot.slack.blocks import Block, bullets, context, run, section
from bot.slack.messages import Message, headline_bullets
from bot.slack.text import about, clipped, escape, exact, fitted, name, one_line
from ingest.report import STATUSES, SourceReport
from vectorstore.models import Listing

RECEIPTS = 20
ARTICLES = 20
RECEIPT_CHARACTERS = 200
PLAIN_CHARACTERS = 3_000

ASKING = (
    "*Ask* in a channel by mentioning me, in a direct message without it, or with `/ask` for "
    "your eyes only. *Follow up* in the thread: no mention is needed there."
)
GIVING = (
    "*Give me articles* as links or files, in a direct message or in a channel with a mention of "
    "me; with `/ingest` and links; or by reacting with :newspaper: to a message that has them. "
    "What is given in a private channel or a direct message is for that conversation alone, "
    "unless you write “for everyone” with it."
)
LISTING = "*See* what there is with `/articles`, or in my Home tab."
PROMISE = (
    "Every sentence I answer with stands in an article. Press *Show passages* to read it there."
)

ALONE = "For this conversation alone. To share it, give it again with the words “for everyone”."

_SAID = {
    "added": "Added",
    "updated": "Updated",
    "unchanged": "Unchanged",
    "removed": "Removed",
    "failed": "Unreadable",
}
_SAME = re.compile(r"same text as (?P<other>.+)")
_FOLDERS = re.compile(r"(?<![\w/:.])/(?:[^\s/]+/)+")


def render_receipts(
    sources: Sequence[SourceReport], skipped: Sequence[str], *, alone: bool = False
) -> Message:
    """What became of what was given, a line each; `alone` where it is for one conversation."""
    items = [_receipt(source) for source in sources]
    items += [[run("Skipped", bold=True), run(f" {_told(line)}")] for line in skipped]
    if not items:
        return render_plain("There was nothing to read in that.")
    blocks = [bullets(items[:RECEIPTS])]
    if len(items) > RECEIPTS:
        blocks.append(context(f"And {len(items) - RECEIPTS} more."))
    if alone and any(source.status == "added" for source in sources):
        blocks.append(context(ALONE))
    return Message(_in_all(sources, skipped), tuple(blocks))


def render_articles(listings: Sequence[Listing], *, total: int) -> Message:
    """The newest articles with how many there are in all."""
    if not listings:
        return render_plain("The archive is empty. Send me a link to an article, or a file.")
    shown = listings[:ARTICLES]
    if total <= len(shown):
        head = f"{total} article{'s' if total != 1 else ''}"
    else:
        head = f"The newest {len(shown)} of {total} articles"
    lines = [f"{name(i.title)} ({about(i.source, i.published_at)})" for i in shown]
    return Message(
        fitted("\n".join([f"{head}:", *lines]), PLAIN_CHARACTERS),
        (section(f"*{head}*"), headline_bullets(map(listed, shown))),
    )


def render_help() -> Message:
    """How to ask, how to give articles, what to expect."""
    told = (PROMISE, ASKING, GIVING, LISTING)
    return Message(PROMISE, tuple(section(text) for text in told))


def render_plain(text: str) -> Message:
    """One friendly sentence."""
    shown = fitted(text, PLAIN_CHARACTERS) or "Nothing to say."
    return Message(shown, (section(shown),))


def listed(listing: Listing) -> tuple[str, str, str | None]:
    """What a list shows of an article: title, source and date."""
    return listing.title or listing.article_id, listing.source, listing.published_at


def _receipt(source: SourceReport) -> list[Block]:
    reason = _told(source.reason or "")
    said = _SAID[source.status]
    if source.status == "failed":
        return _line(said, source.source, f" because {reason}" if reason else "")
    if (same := _SAME.fullmatch(reason)) and source.status != "removed":
        return _line(f"{said}, a duplicate of {same['other']}", source.source)
    return _line(said, source.source, f" ({reason})" if reason else "")


def _line(said: str, source: str, after: str = "") -> list[Block]:
    return [run(said, bold=True), run(f": {_told(source)}{after}")]


def _told(text: str) -> str:
    """A source or a reason, without the folders of this machine."""
    return exact(clipped(_FOLDERS.sub("", one_line(text)), RECEIPT_CHARACTERS))


def _in_all(sources: Sequence[SourceReport], skipped: Sequence[str]) -> str:
    counts: Counter[Any] = Counter(source.status for source in sources)
    told = [f"{counts[status]} {_SAID[status].lower()}" for status in STATUSES if counts[status]]
    if len(sources) == 1 and not skipped:
        only = sources[0]
        return escape(f"{_SAID[only.status]}: {_told(only.source)}")
    return ", ".join(told + ([f"{len(skipped)} skipped"] if skipped else [])) + "."
