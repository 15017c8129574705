"""Answers and notices as Slack gets them: within its limits, with no link but a citation's."""

import re
from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given

from bot.answers import NOT_FOUND, Answer, Citation, Dates, Headline, Sentence
from bot.history import StaleCitation
from bot.slack.messages import (
    Message,
    marked,
    render_answer,
    render_articles,
    render_ephemeral,
    render_help,
    render_plain,
    render_receipts,
    sentence_markdown,
    text_alone,
)
from ingest.report import SourceReport
from ingest.web.urls import canonical_url
from tests.slack.hostile import answers, listings, long_texts, reports, unhurried
from tests.slack.limits import complaints_about_message, strings
from vectorstore.models import Listing

BIDEN = Citation(
    number=1,
    quote="It would be met with strong economic measures.",
    title="Biden & Putin to talk",
    source="bbc.co.uk",
    url="https://www.bbc.co.uk/news/1",
    published_at="2021-12-03",
    article_id="biden",
    passage_id="biden-0",
    start=10,
    end=56,
)


def _answer(*sentences: Sentence, citations: Sequence[Citation] = (BIDEN,)) -> Answer:
    return Answer(
        question="what was <!channel> threatened?",
        standalone_question="",
        found=True,
        mode="quoted",
        sentences=sentences or (Sentence(BIDEN.quote, (1,)),),
        citations=tuple(citations),
    )


NOT_THERE = Answer(
    question="who won?",
    standalone_question="who won?",
    found=False,
    mode="quoted",
    nearest=(Headline("biden", "Biden & Putin to talk", "bbc.co.uk", "2021-12-03"),),
    covered=("1963-05-01", "2021-12-03"),
)


MARKS = [StaleCitation(number, "a", gone=False, quote_remains=False) for number in range(40)]


def _actions(message: Message) -> dict[str, str]:
    blocks = [block for block in message.blocks if block["type"] == "actions"]
    return {e["action_id"]: e["value"] for block in blocks for e in block["elements"]}


def _shown(message: Message) -> str:
    return "\n".join(strings(list(message.blocks)))


def _live_links(message: Message) -> list[str]:
    """The targets of every <...> that Slack reads as one."""
    mrkdwn = [e for b in message.blocks for e in b.get("elements", []) if e["type"] == "mrkdwn"]
    mrkdwn += [b["text"] for b in message.blocks if b["type"] == "section"]
    marked = [message.text, *(element["text"] for element in mrkdwn)]
    marked += [b["text"] for b in message.blocks if b["type"] == "markdown"]
    return [link for text in marked for link in re.findall(r"<([^>|]*)", text)]


def test_answer_is_its_sentences_with_markers_then_citations_then_as_of() -> None:
    (message,) = render_answer(_answer(), answer_id="a1")
    text = "It would be met with strong economic measures. [1]"
    assert message.text == text
    markdown, citations, as_of, _, thumbs = message.blocks
    assert markdown == {"type": "markdown", "text": text}
    assert citations["elements"][0]["text"] == (
        "[1] <https://www.bbc.co.uk/news/1|Biden &amp; Putin to talk> · bbc.co.uk · 3 December 2021"
    )
    assert as_of["elements"][0]["text"] == "As of 3 December 2021 · quoted word for word"
    assert _actions(message) == {"show_passages": "a1", "add_note": "a1"}
    assert thumbs["elements"][0]["action_id"] == "feedback"
    assert thumbs["elements"][0]["positive_button"]["value"] == "a1:good"
    assert thumbs["elements"][0]["negative_button"]["value"] == "a1:bad"


def test_quotes_of_one_article_share_a_line() -> None:
    again = Citation(**{**_fields(BIDEN), "number": 2})
    (message,) = render_answer(_answer(citations=(BIDEN, again)), answer_id="a1")
    assert message.blocks[1]["elements"][0]["text"].startswith("[1] [2] <https://")


def test_not_found_shows_headlines_dates_and_an_offer_and_no_question() -> None:
    (message,) = render_answer(NOT_THERE, answer_id="a1")
    assert message.text == NOT_FOUND
    shown = _shown(message)
    assert "Biden & Putin to talk" in shown
    assert "bbc.co.uk · 3 December 2021" in shown
    assert "The archive covers 1 May 1963 to 3 December 2021." in shown
    assert "who won" not in shown
    assert _actions(message) == {"tell_me": "a1"}


def test_question_is_shown_only_where_asked_for_and_then_as_plain_text() -> None:
    (without,) = render_answer(_answer(), answer_id="a1")
    assert "threatened" not in _shown(without)
    (asked,) = render_answer(_answer(), answer_id="a1", with_question=True)
    (element,) = asked.blocks[0]["elements"]
    assert element["type"] == "plain_text"
    assert element["text"] == "Question: what was ‹!channel> threatened?"


def test_how_an_answer_came_about_is_said_below_it() -> None:
    dates = Dates("2021-12-01", "2021-12-31", newest_first=False, phrase="in <!here> 2021")
    note = "The chat model is down: this answer is quoted from the articles instead."
    for answer in (_answer(), NOT_THERE):
        (message,) = render_answer(replace(answer, note=note, dates=dates), answer_id="a1")
        (told,) = [text for text in strings(message.blocks) if text.startswith(note)]
        assert "1 to 31 December 2021" in told
        assert "&lt;!here&gt;" in told


def test_changed_articles_are_told_above_the_answer() -> None:
    (message,) = render_answer(_answer(), answer_id="a1")
    gone = StaleCitation(1, "a", gone=True, quote_remains=False)
    changed = StaleCitation(2, "b", gone=False, quote_remains=False)
    above, *rest = marked(message, [gone, changed]).blocks
    assert tuple(rest) == message.blocks
    told = above["elements"][0]["text"]
    assert "[1] The article has been removed since." in told
    assert "[2] The article has changed since; the quote is no longer in it." in told


def test_long_answer_is_split_between_sentences() -> None:
    sentences = [Sentence(f"Sentence {n} " + "goes on " * 40, (1,)) for n in range(30)]
    messages = render_answer(_answer(*sentences), answer_id="a1")
    assert len(messages) > 1
    assert " ".join(message.text for message in messages) == " ".join(
        map(sentence_markdown, sentences)
    )
    assert all(message.text.startswith("Sentence ") for message in messages)
    assert [bool(_actions(message)) for message in messages] == [False] * (len(messages) - 1) + [
        True
    ]


def test_sentence_too_long_for_slack_is_cut_with_a_word_about_it() -> None:
    text = sentence_markdown(Sentence("word & " * 10_000, (1,)))
    assert len(text) < 3_100
    assert text.endswith(" … (cut here: the sentence is too long for Slack) [1]")


def test_table_stays_readable() -> None:
    table = "| Bank | Change |\n| --- | --- |\n| <!here> | -3% |"
    text = sentence_markdown(Sentence(table, (1,)))
    assert text == "\n```\n| Bank | Change |\n| ––– | ––– |\n| ‹!here› | -3% |\n```\n [1]"


def test_ephemeral_answer_can_be_shared() -> None:
    assert _actions(render_ephemeral(_answer(), answer_id="a1"))["share"] == "a1"
    assert "share" not in _actions(render_ephemeral(NOT_THERE, answer_id="a1"))


def test_ephemeral_answer_that_is_too_long_says_so() -> None:
    sentences = [Sentence("goes on " * 40, (1,))] * 30
    message = render_ephemeral(_answer(*sentences), answer_id="a1")
    assert "does not fit" in _shown(message)


def test_receipts_tell_what_became_of_each_source_without_our_folders() -> None:
    message = render_receipts(
        [
            SourceReport("https://bbc.co.uk/1", "added", "a", "same text as /srv/in/b.txt"),
            SourceReport("/srv/in/scan.pdf", "failed", None, "/srv/in/scan.pdf has no text"),
            SourceReport("c.txt", "unchanged", "c", "same text as https://bbc.co.uk/1"),
        ],
        ["x.exe: 1 file of an unknown kind"],
    )
    assert message.text == "1 added, 1 unchanged, 1 unreadable, 1 skipped."
    lines = ["".join(strings(item)) for item in message.blocks[0]["elements"][0]["elements"]]
    assert lines == [
        "Added, a duplicate of b.txt: https://bbc.co.uk/1",
        "Unreadable: scan.pdf because scan.pdf has no text",
        "Unchanged, a duplicate of https://bbc.co.uk/1: c.txt",
        "Skipped x.exe: 1 file of an unknown kind",
    ]


def test_articles_are_counted_and_listed() -> None:
    listing = Listing("a", "Biden & Putin", "bbc.co.uk", None, "2021-12-03", 3, 1)
    message = render_articles([listing], total=40)
    assert message.text.startswith("The newest 1 of 40 articles:\nBiden &amp; Putin (bbc.co.uk")
    assert "empty" in render_articles([], total=0).text


@unhurried
@given(answers)
def test_every_answer_is_within_the_limits_and_links_only_citations(answer: Answer) -> None:
    urls = {c.url for c in answer.citations if c.url and canonical_url(c.url)}
    hosts = {url.split("/")[2] for url in urls if url.isascii()}
    for message in (
        *render_answer(answer, answer_id="a1", with_question=True),
        render_ephemeral(answer, answer_id="a1"),
        marked(render_answer(answer, answer_id="a1")[0], MARKS),
    ):
        assert complaints_about_message(message) == []
        assert complaints_about_message(text_alone(message)) == []
        for link in _live_links(message):
            assert link.split("/")[2] in hosts or "%D0" in link


@unhurried
@given(reports, long_texts)
def test_every_receipt_is_within_the_limits(sources: list[SourceReport], skipped: str) -> None:
    message = render_receipts(sources, [skipped] * 5)
    assert complaints_about_message(message) == []
    assert _live_links(message) == []


@unhurried
@given(listings)
def test_every_list_of_articles_is_within_the_limits(found: list[Listing]) -> None:
    message = render_articles(found, total=len(found))
    assert complaints_about_message(message) == []
    assert _live_links(message) == []


@unhurried
@given(long_texts)
def test_every_plain_sentence_is_within_the_limits(text: str) -> None:
    message = render_plain(text)
    assert complaints_about_message(message) == []
    assert _live_links(message) == []


def test_help_is_within_the_limits() -> None:
    assert complaints_about_message(render_help()) == []


@pytest.mark.parametrize(
    "message",
    [
        Message("", ({"type": "divider"},)),
        Message("x" * 4_001, ({"type": "divider"},)),
        Message("x", ()),
        Message("x", ({"type": "divider"},) * 51),
        Message("x", ({"type": "markdown", "text": "x" * 6_001},) * 2),
        Message("x", ({"type": "header", "text": {"type": "mrkdwn", "text": "x"}},)),
        Message("x", ({"type": "context", "elements": []},)),
    ],
)
def test_limits_are_noticed(message: Message) -> None:
    assert complaints_about_message(message)


def _fields(citation: Citation) -> dict[str, Any]:
    return {field: getattr(citation, field) for field in Citation.__slots__}
