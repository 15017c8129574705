"""Links given in Slack, by message, command and reaction: read for those who may see them."""

from collections.abc import Iterator

import pytest

from bot.newsdesk import Newsdesk
from tests.ingest.website import Website, page, website
from tests.slack.conftest import Start, settled
from tests.slack.fake_slack import FakeSlack
from tests.slack.test_submissions import STORY, said

HEAD = "<html><head><title>Ferenc resigns</title></head><body><article>"
TEXT = "<p>Minister Ferenc resigns on Friday, his office said in a statement to reporters.</p>"
PAGE = f"{HEAD}{TEXT}</article></body></html>"


@pytest.fixture
def site() -> Iterator[Website]:
    with website() as site:
        site.pages["/a"] = site.pages["/b?x=1&copy=2"] = page(PAGE)
        yield site


@pytest.fixture
def newsdesk(newsdesk: Newsdesk, site: Website) -> Newsdesk:
    return Newsdesk(
        newsdesk.library, home=newsdesk.home, max_article_bytes=1_000_000, open_web=site.web
    )


def given(newsdesk: Newsdesk) -> dict[str, frozenset[str]]:
    """The links that were read, with those who may see what they lead to."""
    articles = newsdesk.library.ledger.articles()
    return {a.origin: a.audience for a in articles if a.origin.startswith("http")}


async def test_link_in_a_direct_message_is_read_for_it_alone_or_for_everyone(
    slack: FakeSlack, start: Start, newsdesk: Newsdesk, site: Website
) -> None:
    await start(slack_ingest_users="U1")
    receipt = await said(slack, "DU1", slack.direct(f"please read <{site.url}/a|here>"))
    assert "Added" in receipt
    assert f": {site.url}/a'" in receipt
    assert "this conversation alone" in receipt
    again = await said(slack, "DU1", slack.direct(f"<{site.url}/a>"))
    assert "Unchanged" in again
    other = f"<{site.url}/b?x=1&amp;copy=2|b> for everyone, <{site.url}/gone>"
    receipt = await said(slack, "DU1", slack.direct(other))
    assert "Added" in receipt
    assert "Unreadable" in receipt
    assert "404" in receipt
    assert "this conversation alone" not in receipt
    assert given(newsdesk) == {
        f"{site.url}/a": frozenset({"DU1"}),
        f"{site.url}/b?x=1&copy=2": frozenset(),
    }


async def test_question_about_a_link_is_answered_and_the_link_left(
    slack: FakeSlack, start: Start, site: Website
) -> None:
    await start(slack_ingest_users="U1")
    answer = await said(slack, "DU1", slack.direct(f"where did the envoys meet? <{site.url}/a>"))
    assert "Added" not in answer
    assert site.asked == []


async def test_command_reads_links_and_tells_its_sender_alone(
    slack: FakeSlack, start: Start, newsdesk: Newsdesk, site: Website
) -> None:
    await start(slack_ingest_users="U1")
    assert "/ingest https" in (await slack.command("/ingest", "").acked)["text"]
    await slack.command("/ingest", f"everyone {site.url}/a", channel="G1").acked
    await slack.until(lambda: slack.responses)
    assert "Added" in slack.responses[0]["text"]
    assert slack.responses[0]["response_type"] == "ephemeral"
    assert slack.posts("G1") == []
    assert given(newsdesk) == {f"{site.url}/a": frozenset()}


async def test_newspaper_reads_what_a_message_holds_and_its_receipt_is_in_the_thread(
    slack: FakeSlack, start: Start, newsdesk: Newsdesk, site: Website
) -> None:
    await start(slack_ingest_users="U1")
    message = slack.say("G1", f"look at this! <{site.url}/a>", "U7")
    reply = slack.say("G1", "and <https://fake.slack.com/archives/C1/p1>", "U7", message["ts"])
    slack.react(message["ts"], channel="G1")
    assert "Added" in await said(slack, "G1", message["ts"])
    slack.react(reply["ts"], name="rolled_up_newspaper", channel="G1")
    await slack.until(lambda: len(slack.posts("G1", message["ts"])) == 2)
    assert "leads into Slack" in str(slack.posts("G1", message["ts"])[1])
    assert given(newsdesk) == {f"{site.url}/a": frozenset({"G1"})}
    # What others say to each other in that thread is still not for the bot.
    slack.reply("Is that so?", message["ts"], channel="G1")
    await settled(slack)
    assert len(slack.posts("G1", message["ts"])) == 2


async def test_newspaper_on_a_message_with_a_file_reads_the_file(
    slack: FakeSlack, start: Start
) -> None:
    await start(slack_ingest_users="U1,U2")
    ts = slack.give("a.html", PAGE.encode(), user="U1")
    assert "Added" in await said(slack, "DU1", ts)
    slack.react(ts, user="U2", channel="DU1")
    await slack.until(lambda: len(slack.posts("DU1", ts)) == 2)
    first, second = slack.posts("DU1", ts)
    assert "Added" in str(first)
    assert "Unchanged" in str(second)


async def test_reaction_of_others_is_refused_to_them_alone_and_other_reactions_are_nothing(
    slack: FakeSlack, start: Start, site: Website
) -> None:
    await start(slack_ingest_users="U1")
    message = slack.say("C1", f"<{site.url}/a>", "U7")
    slack.react(message["ts"], name="eyes")
    slack.react(message["ts"], user="U9")
    await slack.until(lambda: slack.called("chat.postEphemeral"))
    empty = slack.say("C1", "good morning", "U7")
    slack.react(empty["ts"])
    await slack.until(lambda: len(slack.called("chat.postEphemeral")) == 2)
    await settled(slack)
    refused, nothing = slack.called("chat.postEphemeral")
    assert (refused["user"], nothing["user"]) == ("U9", "U1")
    assert "SLACK_INGEST_USERS" in refused["text"]
    assert "neither a link nor a file" in nothing["text"]
    assert slack.posts() == []
    assert site.asked == []


async def test_members_of_a_group_may_give_but_not_its_guests(
    slack: FakeSlack, start: Start
) -> None:
    slack.groups["S1"], slack.guests = ["U1", "U5", "U6"], {"U5", "U6"}
    await start(slack_ingest_users="S1,U6")
    for user, word in {"U1": "Added", "U5": "INGEST_USERS", "U6": "Added", "U9": "INGEST"}.items():
        assert word in await said(slack, f"D{user}", slack.give("a.txt", STORY, user=user))
    assert len(slack.called("usergroups.users.list")) == 1
