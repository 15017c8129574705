"""Questions asked in channels, threads and direct messages, end to end."""

from tests.slack.conftest import QUESTION, Start, settled
from tests.slack.fake_slack import BOT, BOT_USER, FakeSlack, find_actions

GENEVA = "The envoys met in Geneva on Monday."


async def test_mention_is_answered_once_in_its_thread(slack: FakeSlack, start: Start) -> None:
    await start()
    ts = slack.mention(QUESTION)
    await slack.until(lambda: slack.posts("C1", ts))
    await settled(slack)
    [answer] = slack.posts("C1", ts)
    assert GENEVA in answer["text"]
    assert answer["unfurl_links"] is False
    assert answer["unfurl_media"] is False
    assert "show_passages" in {action["action_id"] for action in find_actions(answer)}


async def test_status_is_shown_before_the_answer(slack: FakeSlack, start: Start) -> None:
    await start()
    ts = slack.mention(QUESTION)
    await slack.until(lambda: slack.posts("C1", ts))
    methods = [method for method, _ in slack.calls]
    assert methods.index("assistant.threads.setStatus") < methods.index("chat.postMessage")
    assert slack.called("assistant.threads.setStatus")[0]["thread_ts"] == ts


async def test_direct_message_needs_no_mention(slack: FakeSlack, start: Start) -> None:
    await start()
    ts = slack.direct(QUESTION)
    await slack.until(lambda: slack.posts("DU1", ts))
    assert GENEVA in slack.posts("DU1", ts)[0]["text"]


async def test_follow_up_in_its_thread_needs_no_mention(slack: FakeSlack, start: Start) -> None:
    await start()
    ts = slack.mention(QUESTION)
    await slack.until(lambda: slack.posts("C1", ts))
    slack.reply("Which harbour opened again on Tuesday?", ts, user="U2")
    await slack.until(lambda: len(slack.posts("C1", ts)) == 2)
    assert "harbour of Odessa" in slack.posts("C1", ts)[1]["text"]


async def test_threads_between_others_and_replies_to_others_are_left_alone(
    slack: FakeSlack, start: Start
) -> None:
    await start()
    others = slack.say("C1", "Lunch?", "U1")["ts"]
    slack.reply(QUESTION, others, user="U2")
    own = slack.mention(QUESTION)
    await slack.until(lambda: slack.posts("C1", own))
    slack.reply(f"<@U3> {QUESTION}", own, user="U2")
    await settled(slack)
    assert slack.posts("C1", others) == []
    assert len(slack.posts("C1", own)) == 1


async def test_bots_are_never_answered(slack: FakeSlack, start: Start) -> None:
    await start()
    said = slack.say("C1", f"<@{BOT_USER}> {QUESTION}", "UOTHER") | {"bot_id": "B2"}
    slack.event({**said, "type": "app_mention"})
    slack.event({**said, "channel_type": "channel"})
    slack.event({**said, "channel_type": "channel", "subtype": "bot_message"})
    own = slack.say("C1", f"<@{BOT_USER}> {QUESTION}", BOT_USER) | {"bot_id": BOT}
    slack.event({**own, "type": "app_mention"})
    await settled(slack)
    assert slack.posts() == []


async def test_empty_mention_gets_help(slack: FakeSlack, start: Start) -> None:
    await start()
    ts = slack.mention("  ")
    await slack.until(lambda: slack.posts("C1", ts))
    assert "/ask" in str(slack.posts("C1", ts)[0]["blocks"])


async def test_edited_question_is_answered_again_in_place(slack: FakeSlack, start: Start) -> None:
    await start()
    ts = slack.mention(QUESTION)
    await slack.until(lambda: slack.posts("C1", ts))
    first = dict(slack.posts("C1", ts)[0])
    slack.edit("C1", ts, f"<@{BOT_USER}> Which harbour opened again on Tuesday?")
    await slack.until(lambda: "Odessa" in slack.posts("C1", ts)[0]["text"])
    await settled(slack)
    [answer] = slack.posts("C1", ts)
    assert answer["ts"] == first["ts"]
    assert GENEVA not in answer["text"]


async def test_preview_added_to_a_question_is_not_an_edit(slack: FakeSlack, start: Start) -> None:
    await start()
    ts = slack.mention(QUESTION)
    await slack.until(lambda: slack.posts("C1", ts))
    slack.edit("C1", ts, slack.messages["C1", ts]["text"])
    await settled(slack)
    assert slack.called("chat.update") == []


async def test_edit_that_overtakes_its_question_is_answered_once(
    slack: FakeSlack, start: Start
) -> None:
    await start()
    message = slack.say("DU1", "Where?", "U1")
    slack.edit("DU1", message["ts"], QUESTION)
    await slack.until(lambda: slack.posts("DU1", message["ts"]))
    slack.event({**message, "text": "Where?", "channel_type": "im"})
    await settled(slack)
    [answer] = slack.posts("DU1", message["ts"])
    assert GENEVA in answer["text"]


async def test_deletion_that_overtakes_its_question_keeps_it_unanswered(
    slack: FakeSlack, start: Start
) -> None:
    await start()
    message = slack.say("DU1", QUESTION, "U1")
    slack.delete("DU1", message["ts"])
    await settled(slack)
    slack.event({**message, "channel_type": "im"})
    await settled(slack)
    assert slack.posts("DU1") == []


async def test_nothing_found_is_said(slack: FakeSlack, start: Start) -> None:
    await start()
    ts = slack.mention("Who won the chess championship?")
    await slack.until(lambda: slack.posts("C1", ts))
    [answer] = slack.posts("C1", ts)
    assert "tell_me" in {action["action_id"] for action in find_actions(answer)}


async def test_overlong_question_is_cut_with_a_word_about_it(
    slack: FakeSlack, start: Start
) -> None:
    await start()
    ts = slack.mention(QUESTION + " and" * 12_000)
    await slack.until(lambda: len(slack.posts("C1", ts)) == 2)
    assert "first 2,000 characters" in slack.posts("C1", ts)[1]["text"]


async def test_markup_of_a_question_is_never_shown_live(slack: FakeSlack, start: Start) -> None:
    await start()
    ts = slack.direct("<!channel> *who* is <@U7>? <https://evil.example|Where did they meet?>")
    await slack.until(lambda: slack.posts("DU1", ts))
    shown = str(slack.posts("DU1", ts)[0])
    assert "<!channel>" not in shown
    assert "evil.example" not in shown
