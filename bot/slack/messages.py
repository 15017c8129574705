"""Answers as messages of Slack: the text, what it stands on, and what can be done with it.

No function here shows the question, but where it is asked to; and then as plain text.
"""

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Any

from bot.answers import Answer, Citation, Headline, Sentence, without_marks
from bot.history import StaleCitation
from bot.phrasing import also_in, remarks, stale_remark
from bot.slack.blocks import (
    Block,
    actions,
    bullets,
    button,
    context,
    markdown,
    plain,
    run,
    section,
    thumbs,
)
from bot.slack.text import about, clipped, escape, exact, fenced, fitted, linked, name, one_line
from bot.slack.text import day as written_day
from bot.slack.text import span as written_span
from ingest.report import STATUSES, SourceReport
from vectorstore.models import Listing

PART_CHARACTERS = 3_000
"""Of an answer in one message: fits Slack's `text` (4,000), and leaves room for the citations."""


CITATIONS_CHARACTERS = 5_000
"""Of all citations below an answer; text and blocks together may have about 13,200."""


CONTEXT_CHARACTERS = 2_000

REMARK_CHARACTERS = 500

HEADLINES = 10

QUESTION_CHARACTERS = 300

BOLD = "**"
"""Never stands in escaped text, whose asterisks are other characters."""

CUT = "(cut here: the sentence is too long for Slack)"

MORE = "_The rest does not fit into one message._"

OUTDATED = "What this answer stands on has changed."

_HOW = {
    "quoted": "quoted word for word",
    "generated": "written by a language model, and held against the passages it cites",
}

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

_STATUS_WORDS = {
    "added": "Added",
    "updated": "Updated",
    "unchanged": "Unchanged",
    "removed": "Removed",
    "failed": "Unreadable",
}

_SAME = re.compile(r"same text as (?P<other>.+)")

_FOLDERS = re.compile(r"(?<![\w/:.])/(?:[^\s/]+/)+")


@dataclass(frozen=True, slots=True)
class Message:
    """What chat.postMessage takes: `text` is what notifications and screen readers have."""

    text: str
    blocks: tuple[dict[str, Any], ...]


def render_answer(
    answer: Answer, *, answer_id: str, with_question: bool = False
) -> tuple[Message, ...]:
    """An answer as messages within Slack's limits, split between sentences.

    The last one carries the citations and the buttons. `with_question` names the question, for
    a place where it was not asked.
    """
    parts = _parts(_sentences(answer))
    tail = _tail(answer, answer_id)
    head = [_question(answer)] if with_question else []
    messages = [Message(part.replace(BOLD, ""), (markdown(part),)) for part in parts]
    messages[0] = replace(messages[0], blocks=(*head, *messages[0].blocks))
    messages[-1] = replace(messages[-1], blocks=(*messages[-1].blocks, *tail))
    return tuple(messages)


def render_ephemeral(answer: Answer, *, answer_id: str) -> Message:
    """An answer for the asker alone, in one message, which can be shared if there is one."""
    parts = _parts(_sentences(answer))
    blocks = [markdown(parts[0])]
    if len(parts) > 1:
        blocks.append(context(MORE))
    blocks += _tail(answer, answer_id, share=answer.found)
    return Message(parts[0].replace(BOLD, ""), tuple(blocks))


def sentence_markdown(sentence: Sentence) -> str:
    """A sentence with its [1] markers, the words that answer in bold; one that does not fit is cut
    with a word about it."""
    marks = "".join(f"[{number}]" for number in sentence.citations[:40])
    room = PART_CHARACTERS - len(marks) - len(CUT) - 2
    unmarked = without_marks(sentence.text)
    text, shown = (unmarked, fenced) if _is_table(unmarked) else (one_line(unmarked), escape)
    fits = fitted(text, room, shown)
    cut = f" {CUT}" if len(shown(text)) > room else ""
    # Where escaping changes the text more than letter by letter, offsets no longer hold.
    if sentence.answer and not (cut or _is_table(unmarked)) and text == sentence.text:
        before, answer, after = map(escape, sentence.divided())
        fits = f"{before}{BOLD}{answer}{BOLD}{after}"
    return " ".join(filter(None, (fits + cut, marks)))


def marked(message: Message, marks: Sequence[StaleCitation]) -> Message:
    """The message with a word about the articles cited in it that have changed or gone since."""
    notes = fitted(" ".join(stale_remark(mark) for mark in marks), REMARK_CHARACTERS)
    return replace(message, blocks=(context(f"*{OUTDATED}* {notes}"), *message.blocks))


def text_alone(message: Message) -> Message:
    """The message without its citations and buttons, for when Slack refuses those."""
    return Message(message.text, (section(message.text),))


def headline_bullets(headlines: Iterable[tuple[str, str, str | None]]) -> Block:
    """Titles with source and date, as a list that Slack reads no markup in."""
    return bullets(
        [
            [
                run(exact(name(title)), bold=True),
                run(f"  {exact(about(source, published_at))}"),
            ]
            for title, source, published_at in headlines
        ]
    )


def _sentences(answer: Answer) -> list[str]:
    if not answer.found:
        return [escape(answer.text)]
    return [sentence_markdown(one) for one in answer.sentences] or [escape(answer.text)]


def _is_table(text: str) -> bool:
    lines = text.strip().splitlines()
    return len(lines) > 1 and all("|" in line for line in lines)


def _parts(sentences: Sequence[str]) -> list[str]:
    parts = [""]
    for sentence in sentences:
        longer = f"{parts[-1]} {sentence}" if parts[-1] else sentence
        if len(longer) > PART_CHARACTERS:
            parts.append(sentence)
        else:
            parts[-1] = longer
    return [part for part in parts if part.strip()] or ["…"]


def _tail(answer: Answer, answer_id: str, *, share: bool = False) -> list[Block]:
    if not answer.found:
        return _not_found(answer, answer_id)
    buttons = [
        button("Show passages", "show_passages", answer_id),
        button("Add a note", "add_note", answer_id),
    ]
    if share:
        buttons.append(button("Share in channel", "share", answer_id))
    return [
        *(context(text) for text in _citations(answer.citations)),
        context(_as_of(answer)),
        *_remarks(answer),
        actions(*buttons),
        thumbs("feedback", up=f"{answer_id}:good", down=f"{answer_id}:bad"),
    ]


def _not_found(answer: Answer, answer_id: str) -> list[Block]:
    blocks: list[Block] = []
    if answer.nearest:
        blocks.append(section("The nearest headlines:"))
        blocks.append(headline_bullets(map(_headline, answer.nearest[:HEADLINES])))
    if answer.covered:
        blocks.append(context(f"The archive covers {escape(written_span(answer.covered))}."))
    blocks += _remarks(answer)
    blocks.append(actions(button("Tell me when it is", "tell_me", answer_id)))
    return blocks


def _remarks(answer: Answer) -> list[Block]:
    notes = fitted(" ".join(remarks(answer)), REMARK_CHARACTERS)
    return [context(notes)] if notes else []


def _headline(headline: Headline) -> tuple[str, str, str | None]:
    return headline.title or headline.article_id, headline.source, headline.published_at


def _citations(citations: Sequence[Citation]) -> list[str]:
    """A line an article, with the numbers of its quotes; joined up to what a context takes."""
    articles: dict[str, list[Citation]] = {}
    for citation in citations:
        articles.setdefault(citation.article_id, []).append(citation)
    texts, used = [""], 0
    for shown, quotes in enumerate(articles.values()):
        line = citation_line(quotes)
        used += len(line) + 1
        if used > CITATIONS_CHARACTERS:
            texts.append(f"And {len(articles) - shown} more articles under *Show passages*.")
            break
        if len(texts[-1]) + len(line) >= CONTEXT_CHARACTERS:
            texts.append(line)
        else:
            texts[-1] = f"{texts[-1]}\n{line}".lstrip("\n")
    return [text for text in texts if text]


def citation_line(quotes: Sequence[Citation]) -> str:
    """The article of these quotes, in mrkdwn: their numbers, title, source, date, other sources."""
    first = quotes[0]
    numbers = " ".join(f"[{quote.number}]" for quote in quotes[:10])
    more = " …" if len(quotes) > 10 else ""
    others = also_in([name(source) for source in min((q.also_in for q in quotes), key=len)])
    details = " · ".join(
        filter(None, (about(without_marks(first.source), first.published_at), others))
    )
    return f"{numbers}{more} {linked(without_marks(first.title), first.url)} · {escape(details)}"


def _as_of(answer: Answer) -> str:
    dated = f"As of {escape(written_day(answer.as_of))}" if answer.as_of else "Undated"
    return f"{dated} · {_HOW[answer.mode]}"


def _question(answer: Answer) -> Block:
    asked = clipped(one_line(answer.question), QUESTION_CHARACTERS)
    return {"type": "context", "elements": [plain(f"Question: {exact(asked)}")]}


def render_receipts(
    sources: Sequence[SourceReport], skipped: Sequence[str], *, alone: bool = False
) -> Message:
    """What became of what was given, a line each; `alone` where it is for one conversation."""
    items = [_receipt(source) for source in sources]
    items += [[run("Skipped", bold=True), run(f" {_cleaned(line)}")] for line in skipped]
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
    texts = (PROMISE, ASKING, GIVING, LISTING)
    return Message(PROMISE, tuple(section(text) for text in texts))


def render_plain(text: str) -> Message:
    """One friendly sentence."""
    shown = fitted(text, PLAIN_CHARACTERS) or "(empty)"
    return Message(shown, (section(shown),))


def listed(listing: Listing) -> tuple[str, str, str | None]:
    """What a list shows of an article: title, source and date."""
    return listing.title or listing.article_id, listing.source, listing.published_at


def _receipt(source: SourceReport) -> list[Block]:
    reason = _cleaned(source.reason or "")
    status = _STATUS_WORDS[source.status]
    if source.status == "failed":
        return _line(status, source.source, f" because {reason}" if reason else "")
    if (same := _SAME.fullmatch(reason)) and source.status != "removed":
        return _line(f"{status}, a duplicate of {same['other']}", source.source)
    return _line(status, source.source, f" ({reason})" if reason else "")


def _line(status: str, source: str, after: str = "") -> list[Block]:
    return [run(status, bold=True), run(f": {_cleaned(source)}{after}")]


def _cleaned(text: str) -> str:
    """A source or a reason, without the folders of this machine."""
    return exact(clipped(_FOLDERS.sub("", one_line(text)), RECEIPT_CHARACTERS))


def _in_all(sources: Sequence[SourceReport], skipped: Sequence[str]) -> str:
    counts: Counter[Any] = Counter(source.status for source in sources)
    parts = [
        f"{counts[status]} {_STATUS_WORDS[status].lower()}" for status in STATUSES if counts[status]
    ]
    if len(sources) == 1 and not skipped:
        only = sources[0]
        return escape(f"{_STATUS_WORDS[only.status]}: {_cleaned(only.source)}")
    return ", ".join(parts + ([f"{len(skipped)} skipped"] if skipped else [])) + "."
