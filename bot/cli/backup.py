"""`newsdesk backup` and `newsdesk restore`: the whole archive in one file."""

from pathlib import Path
from typing import Annotated

import typer

from bot.cli.options import AsJson
from bot.cli.terminal import console, counted, errors_console, note, open_newsdesk, print_json

BACKUP_EXAMPLES = """[bold]Example[/bold]

newsdesk backup /backups/newsdesk.zip
"""

RESTORE_EXAMPLES = """[bold]Examples[/bold]

newsdesk restore /backups/newsdesk.zip

newsdesk restore /backups/newsdesk.zip --yes
"""


def backup(
    file: Annotated[Path, typer.Argument(metavar="FILE", help="The file to write.")],
    as_json: AsJson = False,
) -> None:
    """Back up the archive into one file, also while it is in use."""
    with open_newsdesk() as newsdesk, errors_console().status("Backing up …"):
        manifest = newsdesk.back_up(file)
    if as_json:
        print_json({"file": str(file), **manifest.as_json()})
        return
    articles, uploads = (
        counted(manifest.articles, "article"),
        counted(manifest.uploads, "uploaded file"),
    )
    console().print(
        f"{articles} and {uploads} written to {file}, {file.stat().st_size / 1e6:,.1f} MB"
    )


def restore(
    file: Annotated[Path, typer.Argument(metavar="FILE", help="What `newsdesk backup` wrote.")],
    yes: Annotated[
        bool, typer.Option("--yes", "-y", help="Replace an archive that is there.")
    ] = False,
    as_json: AsJson = False,
) -> None:
    """Restore the archive of a backup, and rebuild its index."""
    from bot.newsdesk import restore_archive
    from bot.settings import read_settings
    from vectorstore.errors import VectorIndexError

    manifest = restore_archive(read_settings(), file, replace=yes)
    with open_newsdesk() as newsdesk, errors_console().status("Rebuilding the index …"):
        try:
            newsdesk.library.rebuild()
        except VectorIndexError as error:
            note(f"The index could not be rebuilt: {error} Then: newsdesk doctor --rebuild")
    if as_json:
        print_json({"file": str(file), **manifest.as_json()})
    else:
        restored = counted(manifest.articles, "article")
        console().print(f"{restored} restored, as of {manifest.made_at}")
