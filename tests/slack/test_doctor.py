"""What doctor says of Slack: each thing that is missing, by its name, with what to do."""

import asyncio
from pathlib import Path

import pytest

from bot.doctor import Check
from bot.slack.doctor import examine_slack
from bot.slack.manifest import SCOPES
from tests.bot.conftest import Run, run
from tests.slack.conftest import settings_for
from tests.slack.fake_slack import APP_TOKEN, BOT_TOKEN, FakeSlack

__all__ = ["run"]


async def checks(slack: FakeSlack, home: Path, **changes: str) -> dict[str, Check]:
    settings = settings_for(slack, home, **changes)
    return {c.name: c for c in await asyncio.to_thread(lambda: list(examine_slack(settings)))}


async def test_good_tokens_pass_and_what_no_token_can_read_is_said(
    slack: FakeSlack, tmp_path: Path
) -> None:
    slack.groups["S1"] = ["U1"]
    found = await checks(slack, tmp_path, slack_ingest_users="U1,S1")
    assert all(check.fine for check in found.values())
    assert found["Slack bot token"].result == "newsdesk in Fake"
    assert found["Slack scopes"].result == f"all {len(SCOPES)} are granted"
    assert found["who may add articles"].result == "people: 1, user groups: 1"
    assert "reaction_added" in found["Slack events"].result


async def test_each_missing_scope_is_named_with_what_it_is_for(
    slack: FakeSlack, tmp_path: Path
) -> None:
    slack.scopes = ",".join(SCOPES.keys() - {"files:read"})
    missing = (await checks(slack, tmp_path))["Slack scope"]
    assert missing.result == "files:read is missing, needed to read a file that is given"
    assert "install the app again" in missing.advice


async def test_revoked_token_wrong_app_token_and_unknown_group_are_told_apart(
    slack: FakeSlack, tmp_path: Path
) -> None:
    wrong = await checks(slack, tmp_path, slack_app_token="xapp-other", slack_ingest_users="S9")
    assert [name for name, check in wrong.items() if not check.fine] == [
        "user group S9",
        "Slack app token",
    ]
    assert wrong["Slack app token"].result == "Slack refuses: invalid_auth"
    assert "connections:write" in wrong["Slack app token"].advice
    slack.revoke()
    revoked = await checks(slack, tmp_path)
    assert revoked["Slack bot token"].result == "Slack refuses: token_revoked"
    assert "SLACK_BOT_TOKEN" in revoked["Slack bot token"].advice


async def test_signing_secret_alone_is_enough_for_http_and_neither_is_not(
    slack: FakeSlack, tmp_path: Path
) -> None:
    over_http = await checks(slack, tmp_path, slack_app_token="")
    assert over_http["Slack app token"].fine
    neither = await checks(slack, tmp_path, slack_app_token="", slack_signing_secret="")
    assert not neither["Slack app token"].fine


def test_doctor_looks_at_slack_when_a_token_is_set(
    run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SLACK_BOT_TOKEN", BOT_TOKEN)
    monkeypatch.setenv("SLACK_APP_TOKEN", APP_TOKEN)
    monkeypatch.setenv("SLACK_API_URL", "http://127.0.0.1:9/api/")
    ran = run("doctor")
    assert ran.code == 1
    assert "FAIL  Slack bot token: Slack can't be reached" in ran.out
    assert BOT_TOKEN not in ran.out + ran.err
