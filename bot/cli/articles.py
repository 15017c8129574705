"""`newsdesk articles`: lists, shows, removes and exports articles."""

from pathlib import Path
from typing import Annotated

import typer

from bot.cli.options import AsJson
from bot.cli.terminal import console, counted, note, open_newsdesk, print_json

EXAMPLES = """[bold]Examples[/bold]

newsdesk articles list

newsdesk articles export archive.jsonl
"""

app = typer.Typer(
    help="List, show, remove and export the articles of the archive.",
    epilog=EXAMPLES,
    no_args_is_help=True,
    rich_markup_mode="rich",
)

ArticleId = Annotated[
    str, typer.Argument(metavar="ARTICLE", help="An id from `newsdesk articles list`.")
]


@app.command("list", epilog="[bold]Example[/bold]\n\nnewsdesk articles list --json | jq length")
def list_articles(as_json: AsJson = False) -> None:
    """List all articles, newest first."""
    from dataclasses import asdict

    with open_newsdesk() as newsdesk:
        listings = newsdesk.articles()
    if as_json:
        print_json([asdict(listing) for listing in listings])
    else:
        from bot.cli.render import rendered_listings

        console().print(rendered_listings(listings))


@app.command(epilog="[bold]Example[/bold]\n\nnewsdesk articles show a1b2c3d4e5f6")
def show(article_id: ArticleId, as_json: AsJson = False) -> None:
    """Show an article as it is stored, passage by passage."""
    from dataclasses import asdict

    with open_newsdesk() as newsdesk:
        article, passages = newsdesk.article(article_id)
    if as_json:
        document = asdict(article) | {"audience": sorted(article.audience)}
        print_json(document | {"passages": [asdict(passage) for passage in passages]})
    else:
        from bot.cli.render import rendered_article

        console().print(rendered_article(article, passages))


@app.command(epilog="[bold]Example[/bold]\n\nnewsdesk articles remove a1b2c3d4e5f6 --yes")
def remove(
    article_ids: Annotated[
        list[str], typer.Argument(metavar="ARTICLE...", help="Ids from `newsdesk articles list`.")
    ],
    yes: Annotated[bool, typer.Option("--yes", "-y", help="Remove without asking.")] = False,
    as_json: AsJson = False,
) -> None:
    """Remove articles, with all their versions, for good."""
    with open_newsdesk() as newsdesk:
        titles = [newsdesk.article(article_id)[0].title for article_id in article_ids]
        if not yes:
            for article_id, title in zip(article_ids, titles, strict=True):
                note(f"{article_id}  {title}")
            typer.confirm(
                f"Remove {counted(len(titles), 'article')} for good?", abort=True, err=True
            )
        removed = newsdesk.remove(article_ids)
    if as_json:
        print_json({"removed": removed, "article_ids": article_ids})
    else:
        console().print(f"{counted(removed, 'article')} removed")


@app.command(epilog="[bold]Example[/bold]\n\nnewsdesk articles export archive.jsonl")
def export(
    file: Annotated[
        Path | None,
        typer.Argument(metavar="FILE", help="The file to write; standard output by default."),
    ] = None,
) -> None:
    """Export all public articles as JSON Lines, which `newsdesk ingest` can read."""
    from bot.export import write_jsonl

    with open_newsdesk() as newsdesk:
        if file is None:
            for record in newsdesk.export():
                print_json(record, one_line=True)
        else:
            count = write_jsonl(file, newsdesk.export())
            note(f"{counted(count, 'article')} written to {file}")
        if private := newsdesk.count_private():
            left_out = counted(private, "article")
            note(f"{left_out} left out: visible only to some conversations.")
