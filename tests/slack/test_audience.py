"""What was given to one conversation is seen, and hinted at, nowhere else."""

import pytest

from bot.newsdesk import Newsdesk
from tests.archive import revision
from tests.slack.conftest import QUESTION, Start, settled
from tests.slack.fake_slack import FakeSlack, find_action

SECRET = "Minister Ferenc resigns on Friday."
ASKED = "When does Minister Ferenc resign?"


@pytest.fixture
def newsdesk(newsdesk: Newsdesk) -> Newsdesk:
    """With an article that was given to the private channel G1 alone."""
    secret = revision(
        "ferenc", SECRET, title="Ferenc resigns", published_at="2031-01-01",
        audience=frozenset({"G1"}),
    )  # fmt: skip
    newsdesk.library.write([secret])
    return newsdesk


async def test_asked_in_its_conversation_it_answers(slack: FakeSlack, start: Start) -> None:
    await start()
    ts = slack.mention(ASKED, channel="G1")
    await slack.until(lambda: slack.posts("G1", ts))
    assert SECRET in slack.posts("G1", ts)[0]["text"]


async def test_asked_elsewhere_there_is_no_trace_of_it(slack: FakeSlack, start: Start) -> None:
    await start(slack_ingest_users="U1")
    places = [("C1", slack.mention(ASKED)), ("DU1", slack.direct(ASKED))]
    await slack.until(lambda: all(slack.posts(channel, ts) for channel, ts in places))
    listed = await slack.command("/articles", "").acked
    await slack.command("/ask", ASKED).acked
    for tab in ("home", "messages"):
        slack.event({"type": "app_home_opened", "user": "U1", "channel": "DU1", "tab": tab})
    await slack.until(lambda: slack.responses and slack.homes)
    await slack.until(lambda: slack.called("assistant.threads.setSuggestedPrompts"))
    shown = str([slack.posts(), slack.posts("DU1"), listed, slack.responses, slack.homes])
    shown += str(slack.called("assistant.threads.setSuggestedPrompts"))
    assert "Ferenc resigns" not in shown
    assert SECRET not in shown
    assert "2031" not in shown
    assert "2 articles" in str(listed)
    assert "2 articles" in str(slack.homes["U1"])


async def test_list_in_its_conversation_has_it(slack: FakeSlack, start: Start) -> None:
    await start()
    listed = str(await slack.command("/articles", "", channel="G1").acked)
    assert "Ferenc resigns" in listed
    assert "3 articles" in listed


async def test_only_those_named_may_remove_and_ingest(
    slack: FakeSlack, start: Start, newsdesk: Newsdesk, caplog: pytest.LogCaptureFixture
) -> None:
    await start(slack_ingest_users="U1, U2")
    for user in ("U1", "U9"):
        slack.event({"type": "app_home_opened", "user": user, "channel": "D", "tab": "home"})
    await slack.until(lambda: {"U1", "U9"} <= slack.homes.keys())
    assert "remove_article" not in str(slack.homes["U9"])
    remove = find_action(slack.homes["U1"], "remove_article")
    await slack.click(remove, user="U9", view=slack.homes["U9"]).acked
    await settled(slack)
    assert newsdesk.library.ledger.counts()["articles"] == 3
    await slack.click(remove, user="U1", view=slack.homes["U1"]).acked
    await slack.until(lambda: "1 article*" in str(slack.homes["U1"]))
    assert newsdesk.library.ledger.counts()["articles"] == 2
    await slack.command("/ingest", "https://news.example/a", user="U9").acked
    await slack.until(lambda: slack.responses)
    assert "SLACK_INGEST_USERS" in slack.responses[0]["text"]
    assert "U9 may not ingest" in caplog.text


async def test_public_article_is_seen_everywhere(slack: FakeSlack, start: Start) -> None:
    await start()
    ts = slack.mention(QUESTION, channel="G1")
    await slack.until(lambda: slack.posts("G1", ts))
    assert "Geneva" in slack.posts("G1", ts)[0]["text"]
