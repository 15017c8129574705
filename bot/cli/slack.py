"""`newsdesk slack`: runs the bot in Slack, and prints its manifest."""

from contextlib import suppress
from typing import TYPE_CHECKING, Annotated

import typer

from bot.cli.terminal import note, print_json

if TYPE_CHECKING:
    from bot.newsdesk import Newsdesk
    from bot.settings import Settings

EXAMPLES = """[bold]Examples[/bold]

newsdesk slack manifest > manifest.json

newsdesk slack

newsdesk slack --http --host 0.0.0.0 --port 3000
"""

app = typer.Typer(
    help="Answer questions in Slack, over Socket Mode or HTTP.",
    epilog=EXAMPLES,
    rich_markup_mode="rich",
    invoke_without_command=True,
)


@app.callback()
def slack(
    context: typer.Context,
    http: Annotated[
        bool, typer.Option("--http", help="Serve Slack over HTTP instead of Socket Mode.")
    ] = False,
    host: Annotated[
        str, typer.Option(metavar="HOST", help="With --http, the address to listen on.")
    ] = "127.0.0.1",
    port: Annotated[
        int, typer.Option(metavar="PORT", help="With --http, the port to listen on.")
    ] = 3000,
) -> None:
    """Answer questions in Slack until stopped; unanswered ones are answered after a restart."""
    if context.invoked_subcommand:
        return
    from bot.newsdesk import Newsdesk
    from bot.settings import read_settings

    settings = read_settings()
    _require_tokens(settings, http=http)
    from bot.redaction import log_to_stderr
    from bot.slack.app import serve_http, serve_socket

    log_to_stderr()
    with Newsdesk.from_settings(settings) as newsdesk:
        _warm(newsdesk)
        if http:
            note(f"Listening on http://{host}:{port}/slack/events")
            serve_http(newsdesk, settings, host=host, port=port)
        else:
            serve_socket(newsdesk, settings)


@app.command(epilog="[bold]Example[/bold]\n\nnewsdesk slack manifest > manifest.json")
def manifest(
    url: Annotated[
        str,
        typer.Option(
            metavar="URL", help="For HTTP, where Slack reaches this bot: https://bot.example"
        ),
    ] = "",
) -> None:
    """Print the manifest to create the app with on api.slack.com/apps."""
    from bot.slack.manifest import manifest as slack_manifest

    print_json(slack_manifest(base_url=url))


def _warm(newsdesk: "Newsdesk") -> None:
    """Load what the first question would wait seconds for; an outage is shown to who asks."""
    from bot.errors import EmptyArchiveError
    from vectorstore.errors import EmbeddingServiceError

    newsdesk.library.require_same_model()
    newsdesk.warm()
    with suppress(EmptyArchiveError, EmbeddingServiceError):
        newsdesk.search("news", limit=1)


def _require_tokens(settings: "Settings", *, http: bool) -> None:
    from bot.errors import SettingsError

    second = "slack_signing_secret" if http else "slack_app_token"
    for name, prefix in (("slack_bot_token", "xoxb-"), (second, "" if http else "xapp-")):
        value = getattr(settings, name).get_secret_value()
        if not value or not value.startswith(prefix):
            begins = f", which begins with {prefix}" if prefix else ""
            raise SettingsError(
                f"{name.upper()} is not set{begins}. Put it into the environment or .env; the "
                "README's part on Slack says where it is found."
            )
