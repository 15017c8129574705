"""What `newsdesk doctor` looks at in Slack: tokens, scopes, groups, and what it can't see."""

from collections.abc import Iterator
from typing import Any

from slack_sdk import WebClient
from slack_sdk.errors import SlackApiError, SlackClientError
from slack_sdk.web import SlackResponse

from bot.doctor import Check
from bot.settings import Settings
from bot.slack.client import error_code
from bot.slack.manifest import APP_TOKEN_SCOPE, SCOPES, bot_events

TIMEOUT_SECONDS = 10

BOT_ADVICE = (
    "Copy the Bot User OAuth Token, which begins with xoxb-, from OAuth & Permissions at "
    "api.slack.com/apps into SLACK_BOT_TOKEN; install the app again if there is none."
)
APP_ADVICE = (
    f"Make a token with the scope {APP_TOKEN_SCOPE} under Basic Information, App-Level Tokens, "
    "and put it, xapp-..., into SLACK_APP_TOKEN."
)
UNREACHABLE_ADVICE = "Look at the network, and at SLACK_API_URL."


def examine_slack(settings: Settings) -> Iterator[Check]:
    """Check the tokens with Slack, and name what only a person can look up."""
    url = settings.slack_api_url
    client = WebClient(
        token=settings.slack_bot_token.get_secret_value(),
        base_url=url if url.endswith("/") else f"{url}/",
        timeout=TIMEOUT_SECONDS,
    )
    yield from _bot_token(client, settings)
    yield _app_token(client, settings)
    secret = bool(settings.slack_signing_secret.get_secret_value())
    yield Check("Slack signing secret", "set" if secret else "not set; only --http needs it")
    yield Check(
        "Slack events",
        "no token can read which are subscribed. Look at api.slack.com/apps, Event "
        f"Subscriptions, Subscribe to bot events: {', '.join(sorted(bot_events()))}",
    )


def _bot_token(client: WebClient, settings: Settings) -> Iterator[Check]:
    name = "Slack bot token"
    if not client.token:
        yield Check(name, "SLACK_BOT_TOKEN is not set", BOT_ADVICE)
        return
    try:
        who = client.auth_test()
    except (SlackClientError, OSError) as error:
        yield _refused(name, error, BOT_ADVICE)
        return
    yield Check(name, f"{who['user']} in {who['team']}")
    yield from _scopes(who)
    yield from _groups(client, settings)


def _scopes(who: SlackResponse) -> Iterator[Check]:
    headers: dict[str, Any] = {name.lower(): value for name, value in who.headers.items()}
    granted = {scope.strip() for scope in str(headers.get("x-oauth-scopes", "")).split(",")}
    missing = sorted(SCOPES.keys() - granted)
    for scope in missing:
        yield Check(
            "Slack scope",
            f"{scope} is missing, needed {SCOPES[scope]}",
            "Add it under OAuth & Permissions, Bot Token Scopes, and install the app again.",
        )
    if not missing:
        yield Check("Slack scopes", f"all {len(SCOPES)} are granted")


def _groups(client: WebClient, settings: Settings) -> Iterator[Check]:
    name, named = "who may add articles", sorted(settings.slack_ingest_users)
    groups = [group for group in named if group.startswith("S")]
    counted = f"people: {len(named) - len(groups)}, user groups: {len(groups)}"
    yield Check(name, counted if named else "nobody: SLACK_INGEST_USERS is not set")
    for group in groups:
        try:
            client.usergroups_users_list(usergroup=group)
        except (SlackClientError, OSError) as error:
            advice = "In SLACK_INGEST_USERS, write the group's id: S and more capitals and digits."
            yield _refused(f"user group {group}", error, advice)


def _app_token(client: WebClient, settings: Settings) -> Check:
    name, token = "Slack app token", settings.slack_app_token.get_secret_value()
    if not token and settings.slack_signing_secret.get_secret_value():
        return Check(name, "not set; only --http can be used")
    if not token:
        return Check(name, "SLACK_APP_TOKEN is not set", APP_ADVICE)
    try:
        client.apps_connections_open(app_token=token)
    except (SlackClientError, OSError) as error:
        return _refused(name, error, APP_ADVICE)
    return Check(name, "opens connections")


def _refused(name: str, error: Exception, advice: str) -> Check:
    if isinstance(error, SlackApiError) and (code := error_code(error)):
        return Check(name, f"Slack refuses: {code}", advice)
    return Check(name, f"Slack can't be reached ({type(error).__name__})", UNREACHABLE_ADVICE)
