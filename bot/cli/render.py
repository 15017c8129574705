"""Renders answers, hits, articles and logged answers for the terminal, with Rich."""

from collections.abc import Collection, Generator, Sequence
from contextlib import closing

from rich.console import Group, RenderableType
from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from bot.answers import (
    Answer,
    Citation,
    Done,
    Event,
    Headline,
    Replaced,
    Sentence,
    SentenceReady,
    Status,
    without_marks,
)
from bot.cli.terminal import console, errors_console, note, printable
from bot.history import LoggedAnswer, StaleCitation
from bot.phrasing import (
    also_in,
    publication_in_words,
    remarks,
    stale_remark,
    written_day,
    written_span,
)
from vectorstore.models import Article, Hit, Listing, Passage, Publication

SNIPPET_CHARACTERS = 240


def show_answer(events: Generator[Event, None, None]) -> Answer:
    """Print an answer sentence by sentence as it is made, and return it; Ctrl-C stops it."""
    out = console()
    with closing(events) as making, errors_console().status("Searching …") as waiting:
        for event in making:
            match event:
                case Status():
                    waiting.update(event.text)
                case SentenceReady():
                    waiting.stop()
                    out.print(rendered_sentence(event.sentence))
                case Replaced():
                    note(f"\nForget the above. {event.because}\n")
                case Done():
                    waiting.stop()
                    out.print(rendered_rest(event.answer))
                    return event.answer
    raise AssertionError("an answer is the last event")


def rendered_answer(answer: Answer) -> RenderableType:
    """The sentences with their citation numbers, then the rest."""
    return Group(*map(rendered_sentence, answer.sentences), rendered_rest(answer))


def rendered_sentence(sentence: Sentence) -> Text:
    """A sentence with the numbers of its citations, and the words that answer in bold."""
    before, marked, after = (printable(without_marks(part)) for part in sentence.divided())
    return Text.assemble(before, (marked, "bold"), after, " ", (sentence.marks, "cyan"))


def rendered_rest(answer: Answer) -> RenderableType:
    """The lines below the sentences: citations, date, and remarks."""
    if not answer.found:
        return _not_found(answer)
    as_of = f"As of {printable(written_day(answer.as_of))}." if answer.as_of else "Undated."
    return Group(Text(), rendered_citations(answer), Text(f"\n{as_of}"), *_remarks(answer))


def rendered_citations(answer: Answer) -> RenderableType:
    """Each citation with its article."""
    return Group(*map(_citation, answer.citations))


def rendered_hits(hits: Sequence[Hit]) -> RenderableType:
    """Each hit with its score, its article and the nearest of its sentences."""
    if not hits:
        return Text("Nothing found.")
    parts: list[RenderableType] = []
    for number, hit in enumerate(hits, start=1):
        head = Text.assemble((f"{number}. ", "cyan"), (printable(hit.title), "bold"))
        about = _line(
            f"score {hit.score:.2f}",
            hit.source,
            written_day(hit.published_at),
            hit.url,
            also_in(hit.also_in),
        )
        parts += [head, _indented(about), _indented(Text(_snippet(hit))), Text()]
    return Group(*parts[:-1])


def rendered_listings(listings: Sequence[Listing], *, with_status: bool) -> RenderableType:
    """A table of articles."""
    if not listings and with_status:
        return Text("No article has this status.")
    if not listings:
        return Text(
            "The archive is empty. Add articles, for example with: newsdesk ingest samples/"
        )
    table = Table(box=None, pad_edge=False, header_style="bold")
    table.add_column("Article", no_wrap=True)
    table.add_column("Date", no_wrap=True)
    table.add_column("Title")
    table.add_column("Source")
    table.add_column(
        "Status" if with_status else "Passages", justify="left" if with_status else "right"
    )
    for listing in listings:
        table.add_row(
            Text(printable(listing.article_id), style="cyan"),
            listing.published_at[:10] if listing.published_at else "",
            Text(printable(listing.title)),
            Text(printable(listing.source)),
            Text(printable(publication_in_words(listing.publication)))
            if with_status
            else str(listing.passages),
        )
    return table


def rendered_article(
    article: Article, passages: Sequence[Passage], publication: Publication
) -> RenderableType:
    """An article's metadata, then its stored text passage by passage."""
    dated = written_day(article.published_at)
    if article.dated_by == "file":
        dated += " (from the file's time)"
    updated = f"updated {written_day(article.updated_at)}" if article.updated_at else ""
    parts: list[RenderableType] = [
        Text(printable(article.title), style="bold"),
        _line(article.author, article.source, dated, updated, article.url),
        _line(f"article {article.article_id}", f"from {article.origin}"),
    ]
    if publication.status != "published":
        parts.append(Text(printable(f"Not published: {publication_in_words(publication)}"), "red"))
    for passage in passages:
        parts.append(Text(f"\n[{passage.position + 1}] {passage.start}-{passage.end}", "cyan"))
        parts.append(Text(printable(passage.text)))
    return Group(*parts)


def rendered_log(logged: Sequence[LoggedAnswer], outdated: Collection[str]) -> RenderableType:
    """A table of logged answers; `outdated` holds the ids of those that cite changed articles."""
    if not logged:
        return Text("No answers yet. Ask, for example: newsdesk ask who met in Stockholm")
    table = Table(box=None, pad_edge=False, header_style="bold")
    table.add_column("Answer", no_wrap=True)
    table.add_column("Answered (UTC)", no_wrap=True)
    table.add_column("Question")
    table.add_column("")
    for one in logged:
        table.add_row(
            Text(one.answer_id, style="cyan"),
            one.given_at[:16].replace("T", " "),
            Text(printable(" ".join(one.answer.question.split()))),
            Text(_state(one, one.answer_id in outdated), style="yellow"),
        )
    return table


def rendered_logged(logged: LoggedAnswer, stale: Sequence[StaleCitation]) -> RenderableType:
    """A logged answer, then what has changed since."""
    answer = logged.answer
    parts: list[RenderableType] = [Text(printable(answer.question), style="bold")]
    if answer.standalone_question != answer.question:
        parts.append(Text(printable(f"Understood as: {answer.standalone_question}"), style="dim"))
    parts += [Text(), rendered_answer(answer), Text()]
    parts += [Text(stale_remark(citation), style="yellow") for citation in stale]
    parts.append(
        Text(f"Answered {logged.given_at} in {logged.conversation}, {answer.mode}.", style="dim")
    )
    return Group(*parts)


def rendered_passage(citation: Citation, passage: Passage) -> RenderableType:
    """A passage with the quote marked in it."""
    title = printable(without_marks(citation.title))
    head = Text.assemble((f"[{citation.number}] ", "cyan"), (title, "bold"))
    start, end = citation.start - passage.start, citation.end - passage.start
    before, quote, after = passage.text[:start], passage.text[start:end], passage.text[end:]
    text = Text.assemble(printable(before), (printable(quote), "reverse"), printable(after))
    return Group(head, text, Text())


def _citation(citation: Citation) -> RenderableType:
    title = printable(without_marks(citation.title))
    head = Text.assemble((f"[{citation.number}] ", "cyan"), (title, "bold"))
    where = f"characters {citation.start}-{citation.end}"
    about = _line(
        without_marks(citation.source),
        written_day(citation.published_at),
        where,
        citation.url,
        also_in(citation.also_in),
    )
    return Group(head, _indented(about))


def _not_found(answer: Answer) -> RenderableType:
    parts: list[RenderableType] = [Text(answer.text, style="bold")]
    if answer.nearest:
        parts.append(Text("\nThe nearest headlines:"))
        parts += [_indented(_headline(headline)) for headline in answer.nearest]
    if answer.covered:
        span = printable(written_span(answer.covered))
        parts.append(Text(f"\nThe archive covers {span}."))
    return Group(*parts, *_remarks(answer))


def _remarks(answer: Answer) -> list[RenderableType]:
    return [Text(printable(remark), style="dim") for remark in remarks(answer)]


def _headline(headline: Headline) -> Text:
    about = ", ".join(
        part for part in (headline.source, written_day(headline.published_at)) if part
    )
    return Text(printable(f"{headline.title or headline.article_id} ({about})"))


def _line(*parts: str | None) -> Text:
    return Text(printable(" · ".join(part for part in parts if part)), style="dim")


def _indented(renderable: RenderableType) -> Padding:
    return Padding(renderable, (0, 0, 0, 4), expand=False)


def _snippet(hit: Hit) -> str:
    """The passage from its nearest sentence on, shortened."""
    passage, cosines = hit.passage, hit.sentence_cosines
    start = 0
    if cosines:
        nearest = max(range(len(cosines)), key=cosines.__getitem__)
        start = passage.sentences[nearest][0] - passage.start
    flat = printable(" ".join(passage.text[start:].split()))
    before = "… " if start else ""
    if len(flat) <= SNIPPET_CHARACTERS:
        return before + flat
    return before + flat[:SNIPPET_CHARACTERS].rsplit(" ", 1)[0] + " …"


def _state(logged: LoggedAnswer, outdated: bool) -> str:
    if outdated:
        return "outdated"
    return "" if logged.answer.found else "not found"
