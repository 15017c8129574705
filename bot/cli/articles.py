"""`newsdesk articles`: lists, shows, removes and exports articles."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Literal

import typer

from bot.cli.options import AsJson
from bot.cli.terminal import console, counted, note, open_newsdesk, print_json, printable

if TYPE_CHECKING:
    from vectorstore.models import Listing, Publication

EXAMPLES = """[bold]Examples[/bold]

newsdesk articles list

newsdesk articles export archive.jsonl
"""

app = typer.Typer(
    help="List, show, hold, kill, remove and export the articles of the archive.",
    epilog=EXAMPLES,
    no_args_is_help=True,
    rich_markup_mode="rich",
)

ArticleId = Annotated[
    str, typer.Argument(metavar="ARTICLE", help="An id from `newsdesk articles list`.")
]


Reason = Annotated[
    str, typer.Option("--reason", metavar="TEXT", help="Why, for whoever looks at it later.")
]

StatusName = Literal["published", "embargoed", "held", "killed", "superseded", "all"]


@app.command("list", epilog="[bold]Example[/bold]\n\nnewsdesk articles list --json | jq length")
def list_articles(
    status: Annotated[
        StatusName, typer.Option(help="List the articles with this publication status.")
    ] = "published",
    as_json: AsJson = False,
) -> None:
    """List the published articles, newest first; with --status, others."""
    from vectorstore.models import STATUSES

    with open_newsdesk() as newsdesk:
        listings = newsdesk.articles(statuses=STATUSES if status == "all" else (status,))
    if as_json:
        print_json([_listing_as_json(one, with_status=status != "published") for one in listings])
    else:
        from bot.cli.render import rendered_listings

        console().print(rendered_listings(listings, with_status=status != "published"))


@app.command(epilog="[bold]Example[/bold]\n\nnewsdesk articles show a1b2c3d4e5f6")
def show(
    article_id: ArticleId,
    held: Annotated[
        bool, typer.Option("--held", help="Show the article though it is not published.")
    ] = False,
    as_json: AsJson = False,
) -> None:
    """Show an article as it is stored, passage by passage."""
    from dataclasses import asdict

    with open_newsdesk() as newsdesk:
        article, passages = newsdesk.article(article_id, unpublished=held)
        publication = newsdesk.publication(article_id)
    if as_json:
        document = asdict(article) | {"audience": sorted(article.audience)}
        document |= _publication_as_json(publication)
        print_json(document | {"passages": [asdict(passage) for passage in passages]})
    else:
        from bot.cli.render import rendered_article

        console().print(rendered_article(article, passages, publication))


@app.command(epilog='[bold]Example[/bold]\n\nnewsdesk articles hold a1b2c3d4e5f6 --reason "legal"')
def hold(article_id: ArticleId, reason: Reason = "", as_json: AsJson = False) -> None:
    """Keep an article from being found, quoted or shown, until it is released."""
    with open_newsdesk() as newsdesk:
        _print_publication(article_id, newsdesk.hold(article_id, reason=reason), as_json)


@app.command(
    epilog='[bold]Example[/bold]\n\nnewsdesk articles release a1b2c3d4e5f6 --reason "cleared"'
)
def release(article_id: ArticleId, reason: Reason = "", as_json: AsJson = False) -> None:
    """Publish an article that is held, embargoed, killed or superseded.

    What a person or a notice set is lifted first; then, at a second time, the status of its copy.
    """
    with open_newsdesk() as newsdesk:
        publication = newsdesk.release(article_id, reason=reason)
        _print_publication(article_id, publication, as_json)
    if publication.status != "published":
        note("That is the status of its own copy. To publish it all the same, release it again.")


@app.command(epilog='[bold]Example[/bold]\n\nnewsdesk articles kill a1b2c3d4e5f6 --reason "wrong"')
def kill(article_id: ArticleId, reason: Reason = "", as_json: AsJson = False) -> None:
    """Withdraw an article, and mark every answer that was given from it."""
    with open_newsdesk() as newsdesk:
        _print_publication(article_id, newsdesk.kill(article_id, reason=reason), as_json)


@app.command(epilog="[bold]Example[/bold]\n\nnewsdesk articles supersede a1b2c3d4e5f6 f6e5d4c3b2a1")
def supersede(
    article_id: ArticleId,
    by: Annotated[
        str, typer.Argument(metavar="BY", help="The id of the article that is read instead.")
    ],
    reason: Reason = "",
    as_json: AsJson = False,
) -> None:
    """Let a newer article be read instead of an older one."""
    with open_newsdesk() as newsdesk:
        publication = newsdesk.supersede(article_id, by, reason=reason)
        _print_publication(article_id, publication, as_json)


def _print_publication(article_id: str, publication: "Publication", as_json: bool) -> None:
    if as_json:
        print_json({"article_id": article_id, **_publication_as_json(publication)})
    else:
        from bot.phrasing import publication_in_words

        console().print(printable(f"{article_id} is {publication_in_words(publication)}"))


def _listing_as_json(listing: "Listing", *, with_status: bool) -> dict[str, Any]:
    from dataclasses import asdict

    document = asdict(listing)
    del document["publication"]
    return document | (_publication_as_json(listing.publication) if with_status else {})


def _publication_as_json(publication: "Publication") -> dict[str, Any]:
    return {
        "publication": publication.status,
        "publication_reason": publication.reason,
        "until": publication.until,
        "expires": publication.expires,
        "superseded_by": publication.superseded_by,
    }


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
        titles = [
            newsdesk.article(article_id, unpublished=True)[0].title for article_id in article_ids
        ]
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
    held: Annotated[
        bool,
        typer.Option("--held", help="Export also what is not published, each with its status."),
    ] = False,
) -> None:
    """Export all public articles as JSON Lines, which `newsdesk ingest` can read."""
    from bot.export import write_jsonl

    with open_newsdesk() as newsdesk:
        if file is None:
            for record in newsdesk.export(held=held):
                print_json(record, one_line=True)
        else:
            count = write_jsonl(file, newsdesk.export(held=held))
            note(f"{counted(count, 'article')} written to {file}")
        if private := newsdesk.count_private():
            left_out = counted(private, "article")
            note(f"{left_out} left out: visible only to some conversations.")
        if not held and (unpublished := newsdesk.count_unpublished()):
            left_out = counted(unpublished, "article")
            note(f"{left_out} left out: not published. Export them too with --held.")
