"""Slack's modals and Home tab: passages page by page, a note, what the archive holds."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from bot.answers import Citation
from bot.slack.blocks import (
    Block,
    actions,
    button,
    context,
    divider,
    header,
    paragraph,
    plain,
    run,
    section,
)
from bot.slack.messages import ASKING, GIVING, PROMISE, citation_line, listed
from bot.slack.text import about, clipped, escape, exact, name, span
from vectorstore.models import Listing

SURROUNDING_CHARACTERS = 700
QUOTE_CHARACTERS = 2_500
NOTE_CHARACTERS = 1_000
HOME_ARTICLES = 25
UNPUBLISHED_CHARACTERS = 600
PROMPTS = 4
VALUE_CHARACTERS = 2_000
"""Slack's limit for the value of a button."""


@dataclass(frozen=True, slots=True)
class CitedPassage:
    """A citation with the article's text just before and just after its quote."""

    citation: Citation
    before: str
    after: str


def passages_view(passages: Sequence[CitedPassage], *, page: int, answer_id: str) -> dict[str, Any]:
    """A modal with one citation a page, counted from 0; a page that is not there is the nearest.

    The buttons carry the page that is shown, not the one they lead to.
    """
    page = max(0, min(page, len(passages) - 1))
    view = {
        "type": "modal",
        "callback_id": "passages",
        "title": plain("Passages"),
        "close": plain("Close"),
        "private_metadata": f"{answer_id}:{page}",
    }
    if not passages:
        return view | {"blocks": [section("These passages are no longer in the archive.")]}
    shown = passages[page]
    blocks = [context(citation_line([shown.citation])), paragraph(_marked(shown))]
    where = f"Passage {page + 1} of {len(passages)} · the quote is in bold"
    blocks.append(context(where))
    if len(passages) > 1:
        blocks.append(actions(*_turning(page, len(passages), f"{answer_id}:{page}")))
    return view | {"blocks": blocks}


def note_view(answer_id: str) -> dict[str, Any]:
    """A modal that asks for a note; it comes back under block and action id "note"."""
    return {
        "type": "modal",
        "callback_id": "note",
        "title": plain("Add a note"),
        "submit": plain("Save"),
        "close": plain("Cancel"),
        "private_metadata": answer_id,
        "blocks": [
            {
                "type": "input",
                "block_id": "note",
                "label": plain("What is good or wrong about this answer?"),
                "element": {
                    "type": "plain_text_input",
                    "action_id": "note",
                    "multiline": True,
                    "max_length": NOTE_CHARACTERS,
                },
            }
        ],
    }


def home_view(
    listings: Sequence[Listing],
    *,
    covered: tuple[str, str] | None,
    total: int,
    may_remove: bool,
    unpublished: Sequence[str] = (),
) -> dict[str, Any]:
    """The Home tab: what the archive covers, how to ask, the newest articles.

    `unpublished` is how many others there are and why, for those who may remove articles.
    """
    blocks = [header("Newsdesk"), section(_coverage(total, covered))]
    if unpublished:
        lines = clipped(f"Not published: {'; '.join(unpublished)}.", UNPUBLISHED_CHARACTERS)
        blocks.append(context(escape(lines)))
    blocks += [section(text) for text in (PROMISE, ASKING, GIVING)]
    shown = listings[:HOME_ARTICLES]
    if shown:
        blocks += [divider(), header("Newest articles")]
        blocks += [_article(listing, may_remove=may_remove) for listing in shown]
    if total > len(shown) > 0:
        blocks.append(context(f"The newest {len(shown)} of {total} articles."))
    return {"type": "home", "blocks": blocks}


def suggested_prompts(listings: Sequence[Listing]) -> list[dict[str, str]]:
    """Questions to begin with, one an article; a click sends the message as the person's own."""
    titles = dict.fromkeys(exact(name(listing.title)) for listing in listings if listing.title)
    return [
        {"title": clipped(title, 60), "message": f"What do we know about “{title}”?"}
        for title in list(titles)[:PROMPTS]
    ]


def _marked(passage: CitedPassage) -> list[Block]:
    before, after = exact(passage.before), exact(passage.after)
    if len(before) > SURROUNDING_CHARACTERS:
        before = "… " + before[-SURROUNDING_CHARACTERS:].partition(" ")[2]
    if len(after) > SURROUNDING_CHARACTERS:
        after = after[:SURROUNDING_CHARACTERS].rpartition(" ")[0] + " …"
    quoted = clipped(exact(passage.citation.quote), QUOTE_CHARACTERS)
    runs = [run(before), run(quoted, bold=True), run(after)]
    return [element for element in runs if element["text"]] or [run("…")]


def _turning(page: int, pages: int, value: str) -> list[Block]:
    turning = []
    if page > 0:
        turning.append(button("Back", "page_back", value))
    if page < pages - 1:
        turning.append(button("Next", "page_on", value))
    return turning


def _coverage(total: int, covered: tuple[str, str] | None) -> str:
    if not total:
        return "The archive is empty so far."
    counted = f"*{total} article{'s' if total != 1 else ''}*"
    return f"{counted}, {escape(span(covered))}." if covered else f"{counted}."


def _article(listing: Listing, *, may_remove: bool) -> Block:
    title, source, published_at = listed(listing)
    text = f"*{escape(name(title))}*\n{escape(about(source, published_at))}"
    removable = may_remove and 0 < len(listing.article_id) <= VALUE_CHARACTERS
    return section(text, accessory=_remove(listing, title) if removable else None)


def _remove(listing: Listing, title: str) -> Block:
    confirm = {
        "title": plain("Remove this article?"),
        "text": plain(f"“{exact(name(title))}” will no longer be found or quoted."),
        "confirm": plain("Remove"),
        "deny": plain("Keep"),
        "style": "danger",
    }
    return button("Remove", "remove_article", listing.article_id, confirm=confirm)
