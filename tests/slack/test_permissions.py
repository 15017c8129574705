"""Who may change the archive: whom the settings name, and the groups they name."""

import pytest
from slack_sdk.web.async_client import AsyncWebClient

from bot.slack.ingest import KEPT_SECONDS, Permission
from tests.slack.fake_slack import BOT_TOKEN, FakeSlack, Fault


async def test_group_is_asked_for_again_after_a_while_and_nobody_is_let_in_when_it_is_unknown(
    slack: FakeSlack, caplog: pytest.LogCaptureFixture
) -> None:
    now = 0.0
    client = AsyncWebClient(token=BOT_TOKEN, base_url=slack.url)
    permission = Permission(frozenset({"S1", "U6"}), client, clock=lambda: now)
    slack.fail("usergroups.users.list", Fault(error="missing_scope"))
    assert not await permission.allows("U1")
    assert await permission.allows("U6")
    assert "missing_scope" in caplog.text
    slack.groups["S1"] = ["U1"]
    assert await permission.allows("U1")
    slack.groups["S1"] = []
    assert await permission.allows("U1")
    now = KEPT_SECONDS
    assert not await permission.allows("U1")
