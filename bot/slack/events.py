"""Reads what Slack delivers: which events are work for the bot, and on what question."""

import html
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

from bot.slack.offers import read_offer

Kind = Literal[
    "question", "given", "command", "ingest", "edited", "deleted", "stopped", "home", "watch"
]

FRESH_SECONDS = 300
"""An edit whose question was never delivered is taken for the question itself if that is so new:
events may overtake each other."""

SPOKEN = {None, "file_share", "thread_broadcast", "me_message"}
"""The subtypes of a message in which a person says something."""

NEWSPAPERS = ("newspaper", "rolled_up_newspaper")
"""The reactions that give a message to the bot to read."""

_MARKUP = re.compile(r"<([@#!]?)([^<>|]*)(?:\|([^<>]*))?>")


@dataclass(frozen=True, slots=True)
class Identity:
    """Who the bot is in Slack."""

    user_id: str
    bot_id: str
    team_id: str


@dataclass(frozen=True, slots=True)
class Delivered:
    """A piece of work for the bot.

    `place` is where a question stands: its team, channel and ts. A mention comes twice, as
    `app_mention` and as `message`, and has one place. `about` is the place of the question that
    the work concerns; work about one question is done in order.
    """

    event_id: str
    kind: Kind
    about: str
    conversation: str
    person: str
    place: str | None = None
    thread: str | None = None
    in_known_thread_only: bool = False
    """It is for the bot only if the bot takes part in the thread."""
    asks: bool = False
    """An edit or deletion of what would be a question by itself."""
    body: Mapping[str, Any] = field(default_factory=dict)


def delivered(body: Mapping[str, Any], bot: Identity) -> Delivered | None:
    """Tell what an Events API delivery asks of the bot; None if nothing.

    Raises KeyError or ValueError for what is not shaped as Slack's events are.
    """
    event = body.get("event", {})
    match event.get("type"):
        case "app_mention":
            return _message(body, event, event, bot)
        case "message" if event.get("subtype") in SPOKEN:
            return _message(body, event, event, bot)
        case "message" if event.get("subtype") == "message_changed":
            return _changed(body, event, bot)
        case "message" if event.get("subtype") == "message_deleted":
            previous = event.get("previous_message", {})
            return _deleted(body, event, previous, str(event.get("deleted_ts")), bot)
        case "app_home_opened":
            return _home(body, event)
        case "agent_session_stopped":
            return _stopped(body, event)
        case "reaction_added" if event.get("reaction") in NEWSPAPERS:
            return _reaction(body, event, bot)
    return None


def command(body: Mapping[str, Any], kind: Kind = "command", **told: Any) -> Delivered:
    """A slash command as work; Slack gives commands no event id, but each a trigger of its own."""
    event_id = f"command:{body['trigger_id']}"
    return Delivered(
        event_id,
        kind,
        about=event_id,
        conversation=body["channel_id"],
        person=body["user_id"],
        body={
            "text": plain_text(body.get("text", "")),
            "response_url": body["response_url"],
            **told,
        },
    )


def plain_text(text: str, bot: Identity | None = None) -> str:
    """A message's text as it was typed: without the bot's name, links by their label."""

    def shown(match: re.Match[str]) -> str:
        sign, target, label = match.groups()
        if sign == "@" and bot is not None and target == bot.user_id:
            return " "
        return f"{sign}{label}" if label and sign else label or f"{sign}{target}"

    return " ".join(html.unescape(_MARKUP.sub(shown, text)).split())


def by_person(message: Mapping[str, Any], bot: Identity) -> bool:
    """Whether a person wrote a message, and no bot, nor Slack itself."""
    person = message.get("user")
    return bool(person) and not message.get("bot_id") and person not in (bot.user_id, "USLACKBOT")


def _message(
    body: Mapping[str, Any], event: Mapping[str, Any], message: Mapping[str, Any], bot: Identity
) -> Delivered | None:
    text = message.get("text") or ""
    if not by_person(message, bot):
        return None
    asks = _asks(event, text, bot)
    thread = message.get("thread_ts")
    if not asks and (not thread or _is_for_another(text, bot)):
        return None
    place = _place(body, event["channel"], message["ts"])
    given = _given(message, text, bot) if asks else {}
    return Delivered(
        body["event_id"],
        "given" if given else "question",
        about=place,
        conversation=event["channel"],
        person=message["user"],
        place=place,
        thread=thread or message["ts"],
        in_known_thread_only=not asks,
        asks=asks,
        body={"text": plain_text(text, bot), **given},
    )


def _given(message: Mapping[str, Any], text: str, bot: Identity) -> dict[str, Any]:
    """The files of a message, and its links where nothing is asked about them."""
    offer = read_offer(re.sub(rf"<@{bot.user_id}(?:\|[^<>]*)?>", " ", text))
    links = list(offer.links) if offer.asks_nothing else []
    files = [file["id"] for file in message.get("files", [])]
    if not links and not files:
        return {}
    return {"links": links, "files": files, "for_everyone": offer.for_everyone}


def _reaction(body: Mapping[str, Any], event: Mapping[str, Any], bot: Identity) -> Delivered | None:
    item, person = event.get("item", {}), event["user"]
    # The links of the bot's own answers are read already.
    if item.get("type") != "message" or bot.user_id in (person, event.get("item_user")):
        return None
    place = _place(body, item["channel"], item["ts"])
    return Delivered(
        body["event_id"],
        "given",
        # Not the message's place, where an answer may stand.
        about=f"reaction/{place}/{person}",
        conversation=item["channel"],
        person=person,
        body={"reacted_to": item["ts"]},
    )


def _changed(body: Mapping[str, Any], event: Mapping[str, Any], bot: Identity) -> Delivered | None:
    message, previous = event.get("message", {}), event.get("previous_message", {})
    # A deleted message that has replies stays as a "tombstone".
    if message.get("subtype") == "tombstone":
        return _deleted(body, event, previous, str(message.get("ts")), bot)
    # Slack "changes" a message also when it adds a preview of a link, or a reply.
    if message.get("text") == previous.get("text"):
        return None
    question = _message(body, event, message, bot)
    if question is None or question.kind == "given":
        return None
    age = float(event.get("event_ts") or event.get("ts") or 0) - float(message["ts"])
    return Delivered(
        question.event_id,
        "edited",
        about=question.about,
        conversation=question.conversation,
        person=question.person,
        thread=question.thread,
        asks=question.asks and age < FRESH_SECONDS,
        body=question.body,
    )


def _deleted(
    body: Mapping[str, Any],
    event: Mapping[str, Any],
    previous: Mapping[str, Any],
    ts: str,
    bot: Identity,
) -> Delivered | None:
    if previous.get("bot_id") or previous.get("user") == bot.user_id:
        return None
    return Delivered(
        body["event_id"],
        "deleted",
        about=_place(body, event["channel"], ts),
        conversation=event["channel"],
        person=str(previous.get("user", "")),
        asks=_asks(event, previous.get("text") or "", bot),
    )


def _home(body: Mapping[str, Any], event: Mapping[str, Any]) -> Delivered:
    return Delivered(
        body["event_id"],
        "home",
        about=f"home/{event['user']}",
        conversation=event.get("channel", ""),
        person=event["user"],
        body={"tab": event.get("tab", "home")},
    )


def _stopped(body: Mapping[str, Any], event: Mapping[str, Any]) -> Delivered | None:
    channel = event.get("channel") or event.get("channel_id")
    if not channel:
        return None
    return Delivered(
        body["event_id"],
        "stopped",
        about=f"stop/{body['event_id']}",
        conversation=channel,
        person=str(event.get("user", "")),
        thread=event.get("thread_ts"),
        body={"message_ts": event.get("streaming_message_ts")},
    )


def _asks(event: Mapping[str, Any], text: str, bot: Identity) -> bool:
    """Whether a message is for the bot wherever it stands: in a direct message, or naming it."""
    return event.get("channel_type") == "im" or _names(text, bot.user_id)


def _names(text: str, user_id: str) -> bool:
    return f"<@{user_id}>" in text or f"<@{user_id}|" in text


def _is_for_another(text: str, bot: Identity) -> bool:
    """Whether a reply names people, and not the bot."""
    return "<@" in text and not _names(text, bot.user_id)


def _place(body: Mapping[str, Any], channel: str, ts: str) -> str:
    return f"{body.get('team_id', '')}/{channel}/{ts}"
