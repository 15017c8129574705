"""`newsdesk search`: the passages nearest to a question, with their scores."""

from functools import partial
from typing import TYPE_CHECKING, Annotated, Any

import typer

from bot.cli.options import (
    AsJson,
    Batch,
    Question,
    Since,
    Source,
    Until,
    answer_batch,
    filters_from,
    question_from,
)
from bot.cli.terminal import console, open_newsdesk, print_json

if TYPE_CHECKING:
    from vectorstore.models import Hit

EXAMPLES = """[bold]Examples[/bold]

newsdesk search Nord Stream 2

newsdesk search "gas pipeline" --limit 5 --per-article 1 --json

newsdesk search --batch questions.jsonl > hits.jsonl
"""


def search(
    words: Question = None,
    limit: Annotated[
        int, typer.Option(min=1, max=100, metavar="N", help="Passages to show, at most.")
    ] = 10,
    per_article: Annotated[
        int, typer.Option(min=1, max=100, metavar="N", help="Passages per article, at most.")
    ] = 3,
    since: Since = None,
    until: Until = None,
    source: Source = None,
    as_json: AsJson = False,
    batch: Batch = None,
) -> None:
    """Show the passages nearest to a question, best first."""
    question = question_from(words, batch)
    filters = filters_from(since, until, source)
    with open_newsdesk() as newsdesk:
        newsdesk.warm()
        find = partial(newsdesk.search, limit=limit, per_article=per_article, filters=filters)
        if batch:
            answer_batch(batch, lambda text, turns: _as_json(text, find(text, history=turns)))
            return
        hits = find(question)
    if as_json:
        print_json(_as_json(question, hits))
    else:
        from bot.cli.render import rendered_hits

        console().print(rendered_hits(hits))


def _as_json(question: str, hits: "list[Hit]") -> dict[str, Any]:
    return {
        "question": question,
        "hits": [
            {
                "passage_id": hit.passage.passage_id,
                "article_id": hit.passage.article_id,
                "score": round(hit.score, 6),
                "title": hit.title,
                "source": hit.source,
                "published_at": hit.published_at,
                "also_in": hit.also_in,
                "text": hit.passage.text,
            }
            for hit in hits
        ],
    }
