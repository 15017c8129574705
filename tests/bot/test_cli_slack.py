"""`newsdesk slack`, as far as it comes without Slack."""

import pytest

from tests.bot.conftest import Run


def test_manifest_is_printed_as_json(run: Run) -> None:
    printed = run("slack", "manifest").json
    assert printed["settings"]["socket_mode_enabled"] is True
    over_http = run("slack", "manifest", "--url", "https://bot.example").json
    assert over_http["settings"]["event_subscriptions"]["request_url"].startswith(
        "https://bot.example/"
    )


@pytest.mark.parametrize(
    ("arguments", "tokens", "named"),
    [
        ([], {}, "SLACK_BOT_TOKEN"),
        ([], {"SLACK_BOT_TOKEN": "xapp-1"}, "SLACK_BOT_TOKEN"),
        ([], {"SLACK_BOT_TOKEN": "xoxb-1"}, "SLACK_APP_TOKEN"),
        (["--http"], {"SLACK_BOT_TOKEN": "xoxb-1"}, "SLACK_SIGNING_SECRET"),
    ],
)
def test_missing_token_is_named(
    run: Run,
    monkeypatch: pytest.MonkeyPatch,
    arguments: list[str],
    tokens: dict[str, str],
    named: str,
) -> None:
    for name in ("SLACK_BOT_TOKEN", "SLACK_APP_TOKEN", "SLACK_SIGNING_SECRET"):
        monkeypatch.setenv(name, tokens.get(name, ""))
    ran = run("slack", *arguments)
    assert ran.code == 1
    assert ran.err.startswith(named)


def test_people_who_may_ingest_are_named_by_commas(monkeypatch: pytest.MonkeyPatch) -> None:
    from bot.settings import read_settings

    monkeypatch.setenv("SLACK_INGEST_USERS", "U1, U2,U3")
    assert read_settings().slack_ingest_users == {"U1", "U2", "U3"}


def test_help_of_slack_shows_an_example(run: Run) -> None:
    ran = run("slack", "--help")
    assert ran.code == 0
    assert "newsdesk slack manifest" in ran.out
