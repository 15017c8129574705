"""Reads what Slack delivers: which events are work for the bot, and on what question."""

import html
import logging
import re
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from typing import Any

from slack_bolt.response import BoltResponse

from bot.slack.client import Identity
from bot.slack.queue import Delivered, Kind, Receiver
from bot.slack.reply import TypingStatus
from bot.slack.worker import Worker

log = logging.getLogger(__name__)

FRESH_SECONDS = 300
"""An edit whose question was never delivered is taken for the question itself if that is so new:
events may overtake each other."""


SPOKEN = {None, "file_share", "thread_broadcast", "me_message"}
"""The subtypes of a message that a person writes."""


NEWSPAPERS = ("newspaper", "rolled_up_newspaper")
"""The reactions that give a message to the bot to read."""


MALFORMED = (AttributeError, KeyError, TypeError, ValueError)
"""What reading a delivery raises that is not shaped as Slack's are. Delivered again, it would be
no better, so it is acknowledged."""

_MARKUP = re.compile(r"<([@#!]?)([^<>|]*)(?:\|([^<>]*))?>")

SUBMISSION_WORDS = frozenset(
    "a add all also an and archive article articles everyone feed feeds for hello here hey hi "
    "ingest into is it keep link links my news one page pages please read remember save some "
    "store stories story thank thanks that the them these this those to url urls you".split()
)
"""Where every word besides the links is one of these, nothing is asked."""


_LINK = re.compile(
    r"<(?P<sent>https?://[^<>|\s]+)(?:\|[^<>]*)?>|(?P<typed>https?://[^<>|\s]+)", re.IGNORECASE
)

_PICTURE = re.compile(r":[\w+'-]+:")

_WORD = re.compile(r"[\w'’]+")

_FOR_EVERYONE = re.compile(r"(?:^|\bfor )everyone\b(?! here\b)")


class EventMiddleware:
    """Runs before Bolt's own authorization, which acknowledges events it then drops.

    It does so when auth.test fails; an event would be lost. Where writing down fails, this
    raises: Bolt answers 500, Slack delivers again.
    """

    def __init__(
        self, bot: Identity, receiver: Receiver, typing_status: TypingStatus, worker: Worker
    ) -> None:
        self._bot = bot
        self._receiver = receiver
        self._typing_status = typing_status
        self._worker = worker

    async def middleware(
        self,
        body: Mapping[str, Any],
        next: Callable[[], Awaitable[BoltResponse]],  # noqa: A002
    ) -> BoltResponse:
        if body.get("type") != "event_callback":
            return await next()
        try:
            delivery = delivered(body, self._bot)
            if delivery is not None:
                _require_text(delivery)
                await self._take(delivery)
        except MALFORMED as error:
            log.error("Skipped an event that can't be read: %r", error)
        return BoltResponse(status=200, body="")

    async def _take(self, delivery: Delivered) -> None:
        work_id = await self._receiver.receive(delivery)
        if work_id is None:
            return
        if delivery.kind in ("question", "given", "edited") and delivery.thread:
            self._typing_status.begin(
                work_id,
                delivery.conversation,
                delivery.thread,
                delivery.about,
                placeholder=delivery.kind != "edited",
            )
        self._worker.wake()


def _require_text(delivery: Delivered) -> None:
    """Raise TypeError or ValueError for fields that can't be stored as text."""
    required = (delivery.event_id, delivery.about, delivery.conversation, delivery.person)
    optional = (delivery.place, delivery.thread)
    for value in (*required, *(value for value in optional if value is not None)):
        if not isinstance(value, str):
            raise TypeError(f"{value!r} is no text")
        value.encode()


def delivered(body: Mapping[str, Any], bot: Identity) -> Delivered | None:
    """Read what an Events API delivery asks of the bot; None if nothing.

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


def command(body: Mapping[str, Any], kind: Kind = "command", **details: Any) -> Delivered:
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
            **details,
        },
    )


def by_person(message: Mapping[str, Any], bot: Identity) -> bool:
    """Whether a person wrote a message, and no bot, nor Slack itself."""
    person = message.get("user")
    return bool(person) and not message.get("bot_id") and person not in (bot.user_id, "USLACKBOT")


def plain_text(text: str, bot: Identity | None = None) -> str:
    """A message's text as it was typed: without the bot's name, links by their label."""

    def shown(match: re.Match[str]) -> str:
        sign, target, label = match.groups()
        if sign == "@" and bot is not None and target == bot.user_id:
            return " "
        return f"{sign}{label}" if label and sign else label or f"{sign}{target}"

    return " ".join(html.unescape(_MARKUP.sub(shown, text)).split())


@dataclass(frozen=True, slots=True)
class SubmissionText:
    """What a text gives; `for_everyone` widens who may see what is given."""

    links: tuple[str, ...]
    asks_nothing: bool
    for_everyone: bool


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
    offer = read_submission(re.sub(rf"<@{bot.user_id}(?:\|[^<>]*)?>", " ", text))
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
        body={"message_ts": _streaming_messages(event)},
    )


def _streaming_messages(event: Mapping[str, Any]) -> list[str]:
    """The messages that were being streamed: Slack sends an array, and once sent one string."""
    streaming = event.get("streaming_message_ts") or []
    return [
        ts
        for ts in ([streaming] if isinstance(streaming, str) else streaming)
        if isinstance(ts, str) and ts.isascii()
    ]


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


def read_submission(text: str) -> SubmissionText:
    """Read a text as Slack sends it, without the bot's own name.

    >>> read_submission("please add <https://a.example/?b=1&amp;c=2|a.example> for everyone")
    SubmissionText(links=('https://a.example/?b=1&c=2',), asks_nothing=True, for_everyone=True)
    """
    links = [
        _unescaped(link["sent"] or link["typed"].rstrip(",;")) for link in _LINK.finditer(text)
    ]
    rest = _PICTURE.sub(" ", _LINK.sub(" ", text)).lower()
    words = _WORD.findall(rest)
    asks_nothing = SUBMISSION_WORDS.issuperset(words) and "?" not in rest
    return SubmissionText(
        tuple(dict.fromkeys(links)),
        asks_nothing,
        asks_nothing and _FOR_EVERYONE.search(" ".join(words)) is not None,
    )


def _unescaped(link: str) -> str:
    # Slack escapes these three and no more: html.unescape would turn &copy= into ©=.
    return link.replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&")
