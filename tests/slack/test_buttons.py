"""What can be clicked below an answer: passages, thumbs, notes, sharing, being told later."""

import asyncio
from typing import Any

from sqlalchemy import select

from bot.history import feedback
from bot.newsdesk import Newsdesk
from tests.archive import revision
from tests.slack.conftest import QUESTION, Start, settled
from tests.slack.fake_slack import FakeSlack, find_action, find_actions

GENEVA = "The envoys met in Geneva on Monday."
UNANSWERED = "Who won the chess championship of Toronto?"

Json = dict[str, Any]


async def answered(slack: FakeSlack, question: str = QUESTION) -> Json:
    ts = slack.mention(question)
    await slack.until(lambda: slack.posts("C1", ts))
    await settled(slack)
    return slack.posts("C1", ts)[0]


def judged(newsdesk: Newsdesk) -> list[tuple[str, str | None, str | None]]:
    with newsdesk.library.database.reading() as connection:
        rows = connection.execute(select(feedback)).all()
    return [(row.person, row.verdict, row.note) for row in rows]


async def test_passages_open_with_the_quote_in_its_text(slack: FakeSlack, start: Start) -> None:
    await start()
    answer = await answered(slack)
    await slack.click(find_action(answer, "show_passages"), message=answer).acked
    await slack.until(lambda: slack.views)
    assert GENEVA in str(slack.views[0]["blocks"])


async def test_pages_of_passages_are_turned(
    slack: FakeSlack, start: Start, newsdesk: Newsdesk
) -> None:
    texts = [f"The envoys met in {town} on Monday." for town in ("Vienna", "Oslo")]
    newsdesk.library.write([revision(t, t, published_at="2021-12-03") for t in texts])
    await start()
    answer = await answered(slack)
    await slack.click(find_action(answer, "show_passages"), message=answer).acked
    await slack.until(lambda: slack.views)
    await slack.click(find_action(slack.views[0], "page_on"), view=slack.views[0]).acked
    await slack.until(lambda: len(slack.views) == 2)
    assert "2 of" in str(slack.views[1]["blocks"])
    await slack.click(find_action(slack.views[1], "page_back"), view=slack.views[1]).acked
    await slack.until(lambda: len(slack.views) == 3)
    assert "1 of" in str(slack.views[2]["blocks"])


async def test_passages_of_another_conversation_stay_closed(slack: FakeSlack, start: Start) -> None:
    await start()
    answer = await answered(slack)
    action = find_action(answer, "show_passages")
    await slack.click(action, message=answer, channel="C9").acked
    await settled(slack)
    assert slack.views == []


async def test_verdict_and_note_are_stored_before_they_are_acked(
    slack: FakeSlack, start: Start, newsdesk: Newsdesk
) -> None:
    await start()
    answer = await answered(slack)
    up, down = [a for a in find_actions(answer) if a["action_id"] == "feedback"]
    await slack.click(up, message=answer, user="U1").acked
    assert judged(newsdesk) == [("U1", "good", None)]
    await slack.click(down, message=answer, user="U1").acked
    await slack.click(find_action(answer, "add_note"), message=answer).acked
    await slack.until(lambda: slack.views)
    await slack.submit(slack.views[0], {"note": {"note": {"value": "Not the point."}}}).acked
    assert judged(newsdesk) == [("U1", "bad", "Not the point.")]


async def test_command_answers_the_asker_alone(slack: FakeSlack, start: Start) -> None:
    await start()
    acked = await slack.command("/ask", QUESTION).acked
    assert "Reading" in acked["text"]
    await slack.until(lambda: slack.responses)
    [answer] = slack.responses
    assert GENEVA in answer["text"]
    assert answer["response_type"] == "ephemeral"
    assert slack.posts() == []


async def test_command_without_a_question_gets_help(slack: FakeSlack, start: Start) -> None:
    await start()
    assert "/ask" in str(await slack.command("/ask", "  ").acked)


async def test_shared_answer_is_posted_once_where_it_was_asked(
    slack: FakeSlack, start: Start
) -> None:
    await start()
    await slack.command("/ask", QUESTION).acked
    await slack.until(lambda: slack.responses)
    share = find_action(slack.responses[0], "share")
    await slack.click(share, channel="C9").acked
    for _ in range(2):
        await slack.click(share).acked
    await slack.until(lambda: slack.posts("C1"))
    await slack.until(lambda: slack.responses[-1].get("delete_original"))
    await settled(slack)
    assert slack.posts("C9") == []
    [posted] = slack.posts("C1")
    assert GENEVA in posted["text"]


async def test_thread_is_told_when_a_later_ingest_answers(
    slack: FakeSlack, start: Start, newsdesk: Newsdesk
) -> None:
    await start()
    answer = await answered(slack, UNANSWERED)
    for _ in range(2):
        await slack.click(find_action(answer, "tell_me"), message=answer).acked
    await slack.until(lambda: slack.responses)
    assert "tell you" in slack.responses[0]["text"]
    told = "Ann Lee won the chess championship of Toronto."
    await asyncio.to_thread(newsdesk.library.write, [revision("chess", told)])
    newsdesk.library.runs.begin().end({"added": 1})
    thread = answer["thread_ts"]
    await slack.until(lambda: len(slack.posts("C1", thread)) == 2)
    await settled(slack)
    assert told in slack.posts("C1", thread)[1]["text"]
    assert len(slack.posts("C1", thread)) == 2


async def test_asker_of_a_command_is_told_in_a_direct_message(
    slack: FakeSlack, start: Start, newsdesk: Newsdesk
) -> None:
    await start()
    await slack.command("/ask", UNANSWERED).acked
    await slack.until(lambda: slack.responses)
    await slack.click(find_action(slack.responses[0], "tell_me")).acked
    told = "Ann Lee won the chess championship of Toronto."
    await asyncio.to_thread(newsdesk.library.write, [revision("chess", told)])
    newsdesk.library.runs.begin().end({"added": 1})
    await slack.until(lambda: slack.posts("DU1"))
    assert told in slack.posts("DU1")[0]["text"]


async def test_unknown_button_is_acknowledged(slack: FakeSlack, start: Start) -> None:
    await start()
    await slack.click({"type": "button", "action_id": "link", "value": "x"}).acked
