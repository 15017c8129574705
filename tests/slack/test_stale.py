"""Answers whose articles change or go: their messages say so, once."""

from bot.newsdesk import Newsdesk
from tests.archive import revision
from tests.slack.conftest import QUESTION, Start, settled
from tests.slack.fake_slack import FakeSlack, Json, find_action, find_actions
from tests.slack.limits import strings

GENEVA = "The envoys met in Geneva on Monday."


async def asked(slack: FakeSlack) -> Json:
    ts = slack.mention(QUESTION)
    await slack.until(lambda: slack.posts("C1", ts))
    await settled(slack)
    return dict(slack.posts("C1", ts)[0])


def change(newsdesk: Newsdesk) -> None:
    newsdesk.library.write([revision("geneva", "The envoys met in Bern on Tuesday.")])


async def test_answer_says_that_its_article_has_changed_and_stays_as_it_was(
    slack: FakeSlack, start: Start, newsdesk: Newsdesk
) -> None:
    await start()
    before = await asked(slack)
    change(newsdesk)
    await slack.until(lambda: slack.called("chat.update"))
    await settled(slack)
    after = slack.messages["C1", before["ts"]]
    told, *rest = after["blocks"]
    assert "[1] The article has changed since; the quote is no longer in it." in str(told)
    assert rest == before["blocks"]
    assert after["text"] == before["text"]
    assert after["metadata"] == before["metadata"]
    assert len(slack.called("chat.update")) == 1


async def test_shared_answer_says_that_its_article_is_gone(
    slack: FakeSlack, start: Start, newsdesk: Newsdesk
) -> None:
    await start()
    await slack.command("/ask", QUESTION).acked
    await slack.until(lambda: slack.responses)
    slack.click(find_action(slack.responses[0], "share"), message=slack.responses[0])
    await slack.until(lambda: slack.posts("C1"))
    await settled(slack)
    newsdesk.remove(["geneva"])
    await slack.until(lambda: slack.called("chat.update"))
    texts = list(strings(slack.posts("C1")[0]["blocks"]))
    assert any("[1] The article has been removed since." in text for text in texts)
    assert f"Question: {QUESTION}" in texts


async def test_deleted_answer_is_not_tried_again(
    slack: FakeSlack, start: Start, newsdesk: Newsdesk
) -> None:
    await start()
    answer = await asked(slack)
    del slack.messages["C1", answer["ts"]]
    change(newsdesk)
    await slack.until(lambda: slack.called("chat.update"))
    await settled(slack)
    assert newsdesk.answer_log.unmarked_stale() == []
    assert len(slack.called("chat.update")) == 1


async def test_edited_question_is_marked_anew(
    slack: FakeSlack, start: Start, newsdesk: Newsdesk
) -> None:
    await start()
    answer = await asked(slack)
    newsdesk.remove(["geneva"])
    await slack.until(lambda: slack.called("chat.update"))
    await settled(slack)
    asked_ts = answer["thread_ts"]
    slack.edit("C1", asked_ts, "<@UBOT> Which harbour opened again on Tuesday?")
    await slack.until(lambda: "Odessa" in slack.messages["C1", answer["ts"]]["text"])
    shown = slack.messages["C1", answer["ts"]]
    assert "removed since" not in str(shown["blocks"])
    newsdesk.remove(["harbour"])
    await slack.until(lambda: "removed since" in str(shown["blocks"]))
    assert "show_passages" in {action["action_id"] for action in find_actions(shown)}
