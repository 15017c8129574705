"""Articles given in Slack: stored for those who were there, with a receipt."""

import asyncio
from pathlib import Path

import pytest

from bot.newsdesk import Newsdesk
from bot.slack.ingest import safe_name
from tests.slack.conftest import Start
from tests.slack.fake_slack import FakeSlack, Fault

STORY = b"Ferenc resigns\n\nMinister Ferenc resigns on Friday, his office said.\n"
ASKED = "When does Minister Ferenc resign?"


async def said(slack: FakeSlack, channel: str, ts: str) -> str:
    await slack.until(lambda: slack.posts(channel, ts))
    return str(slack.posts(channel, ts)[0])


async def test_file_given_in_a_direct_message_is_for_that_conversation_alone(
    slack: FakeSlack, start: Start, newsdesk: Newsdesk
) -> None:
    await start(slack_ingest_users="U1")
    receipt = await said(slack, "DU1", slack.give("ferenc.txt", STORY))
    assert "Added" in receipt
    assert "ferenc.txt" in receipt
    assert "resigns on Friday" in await said(slack, "DU1", slack.direct(ASKED))
    assert "resigns on Friday" not in await said(slack, "C1", slack.mention(ASKED))
    [secret] = [a for a in newsdesk.library.ledger.articles() if a.audience]
    assert secret.audience == {"DU1"}


@pytest.mark.parametrize(("channel", "everyone"), [("C1", True), ("C2", False), ("G1", False)])
async def test_file_given_in_a_channel_is_for_those_who_can_see_the_channel(
    slack: FakeSlack, start: Start, newsdesk: Newsdesk, channel: str, everyone: bool
) -> None:
    slack.channels["C2"] = {"is_private": True}
    await start(slack_ingest_users="U1")
    assert "Added" in await said(slack, channel, slack.give("a.txt", STORY, channel=channel))
    stored = {a.title: a.audience for a in newsdesk.library.ledger.articles()}
    assert stored["Ferenc resigns"] == (frozenset() if everyone else {channel})


async def test_only_those_named_may_give(
    slack: FakeSlack, start: Start, newsdesk: Newsdesk
) -> None:
    await start(slack_ingest_users="U2")
    assert "SLACK_INGEST_USERS" in await said(slack, "DU1", slack.give("a.txt", STORY))
    assert newsdesk.library.ledger.counts()["articles"] == 2


@pytest.mark.parametrize(
    ("name", "content", "reason"),
    [
        ("photo.png", b"PNG", "can be read"),
        ("huge.txt", b"x" * 1_000_001, "larger than"),
        ("empty.txt", b"", "Unreadable"),
    ],
)
async def test_file_that_can_not_be_read_is_named_with_the_reason(
    slack: FakeSlack, start: Start, name: str, content: bytes, reason: str
) -> None:
    await start(slack_ingest_users="U1", max_article_bytes=1_000_000)
    receipt = await said(slack, "DU1", slack.give(name, content))
    assert name in receipt
    assert reason in receipt


async def test_missing_scope_shows_as_a_sign_in_page_and_is_named(
    slack: FakeSlack, start: Start
) -> None:
    await start(slack_ingest_users="U1")
    slack.signed_out = True
    for name in ("a.txt", "a.html"):
        assert "files:read" in await said(slack, "DU1", slack.give(name, STORY))


async def test_token_goes_to_slack_alone(slack: FakeSlack, start: Start) -> None:
    asked: list[bytes] = []

    async def listen(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        asked.append(await reader.read(1_000))
        writer.close()

    other = await asyncio.start_server(listen, "127.0.0.1", 0)
    port = other.sockets[0].getsockname()[1]
    await start(slack_ingest_users="U1")
    file = {"id": "F9", "name": "a.txt", "url_private_download": f"http://127.0.0.1:{port}/a"}
    slack.fail("files.info", Fault(extra={"ok": True, "file": file}))
    receipt = await said(slack, "DU1", slack.give("a.txt", STORY))
    other.close()
    await other.wait_closed()
    assert "not kept by Slack" in receipt
    assert asked == []


@pytest.mark.parametrize(
    "name", ["../../etc/passwd.txt", "/etc/x.txt", "..", "a\x00b.txt", "C:\\x.txt"]
)
def test_name_of_a_file_stays_in_its_folder(name: str) -> None:
    safe = safe_name(name)
    assert Path(safe).name == safe
    assert safe not in ("", ".", "..")
    assert "\x00" not in safe
