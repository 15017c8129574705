"""Answers that can't be found again in Slack: sent once, or else said to be in doubt."""

import pytest

from bot.newsdesk import Newsdesk
from bot.slack.queue import Delivered, Inbox
from bot.slack.reply import BEGUN, INTERRUPTED
from tests.slack.conftest import QUESTION, Start, settled
from tests.slack.fake_slack import FakeSlack, Fault

GENEVA = "The envoys met in Geneva on Monday."


@pytest.mark.parametrize("kind", ["command", "watch"])
@pytest.mark.parametrize("begun", [False, True])
async def test_worker_that_died_while_it_sent_is_followed_by_a_word_about_it(
    slack: FakeSlack, start: Start, newsdesk: Newsdesk, kind: str, begun: bool
) -> None:
    url = f"{slack.root}/response/1"
    body = {"text": QUESTION, "response_url": url}
    asked = Delivered("Ev0", kind, "Ev0", "C1", "U1", body=body)  # type: ignore[arg-type]
    inbox = Inbox(newsdesk.library.database)
    [work_id] = inbox.receive([asked], now=0.0)
    assert work_id is not None
    inbox.claim("dead", now=0.0, lease_seconds=1)
    if begun:
        inbox.note_reply(work_id, BEGUN)
    await start()
    await slack.until(lambda: slack.responses or slack.posts("DU1"))
    await settled(slack)
    [said] = [*slack.responses, *slack.posts("DU1")]
    assert (said["text"] == INTERRUPTED) is begun
    assert (GENEVA in said["text"]) is not begun


async def test_answer_that_slack_did_not_take_is_sent_again(
    slack: FakeSlack, start: Start, newsdesk: Newsdesk
) -> None:
    slack.fail("chat.postMessage", Fault(error="internal_error"))
    watch = Delivered("watch/1", "watch", "watch/1", "C1", "U1", body={"text": QUESTION})
    Inbox(newsdesk.library.database).receive([watch], now=0.0)
    await start()
    await slack.until(lambda: slack.posts("DU1"))
    await settled(slack)
    [said] = slack.posts("DU1")
    assert GENEVA in said["text"]
