"""The inbox: what Slack delivered and the bot has yet to do, kept in the ledger's database."""

import asyncio
import hashlib
import json
import time
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Any, Literal

from sqlalchemy import Connection, and_, false, func, or_, select, update
from sqlalchemy.dialects.sqlite import insert as insert_unless_there

from bot.history import answers
from bot.slack.client import Threads
from bot.slack.tables import inbox
from vectorstore.database import Database
from vectorstore.errors import VectorstoreError

HOUR_SECONDS = 3600.0

TRIES_WAITED_FOR = 2
"""A question waits for those before it in its thread, but not for what fails again and again."""


Kind = Literal[
    "question", "given", "command", "ingest", "edited", "deleted", "stopped", "home", "watch"
]


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


@dataclass(frozen=True, slots=True)
class Work:
    """A piece of work that one worker has claimed."""

    id: int
    event_id: str
    kind: str
    about: str
    conversation: str
    person: str
    thread: str | None
    body: Mapping[str, Any]
    received_at: float
    tries: int
    """How often it was claimed, this time included."""
    worker: str
    reply_ts: str | None
    """The message that is, or will become, the answer."""

    @property
    def answer_id(self) -> str:
        """The id under which the answer is kept: the same however often the work is tried."""
        return hashlib.sha256(self.about.encode()).hexdigest()[:16]

    @property
    def ts(self) -> str:
        """Slack's name of the message that the work is about."""
        return self.about.rpartition("/")[2]


@dataclass(frozen=True, slots=True)
class About:
    """The work that a message replies to."""

    about: str
    kind: str


class Inbox:
    """Takes work in once, and hands each piece to one worker at a time.

    A claim is a lease: if its worker dies, the work is handed out again when the lease has run
    out. `cancelled` work is never handed out. Every method is one transaction; `now` is a time
    in seconds, as of time.time().
    """

    def __init__(self, database: Database) -> None:
        self._database = database

    def receive(self, batch: Sequence[Delivered], *, now: float) -> list[int | None]:
        """Write down deliveries; of each the id of the new work, None where there is none.

        There is none for what was delivered before, under this event id or another one, nor for
        a reply in a thread that the bot has no part in.
        """
        with self._database.writing() as connection:
            return [_receive(connection, delivery, now) for delivery in batch]

    def claim(self, worker: str, *, now: float, lease_seconds: float) -> Work | None:
        """Hand out the oldest work that nobody has, if it does not overtake other work."""
        with self._database.reading() as connection:
            if connection.execute(_claimable(now)).first() is None:
                return None
        with self._database.writing() as connection:
            found = connection.execute(_claimable(now)).scalar()
            if found is None:
                return None
            row = connection.execute(
                update(inbox)
                .where(inbox.c.id == found)
                .values(
                    claimed_by=worker,
                    leased_until=now + lease_seconds,
                    tries=inbox.c.tries + 1,
                )
                .returning(inbox)
            ).one()
        return _work(row)

    def wanted(self, work: Work) -> bool:
        """Whether the work is still to be done, and by the worker that claimed it."""
        with self._database.reading() as connection:
            return connection.execute(select(inbox.c.id).where(*_held(work))).first() is not None

    def renew(self, work: Work, *, until: float) -> None:
        """Keep the work for longer."""
        self._set(work, leased_until=until)

    def release(self, work: Work, *, until: float) -> None:
        """Give work back undone, to be claimed again from `until` on."""
        self._set(work, claimed_by=None, leased_until=until)

    def finish(self, work: Work) -> None:
        """Mark work done."""
        self._set(work, state="done", leased_until=None)

    def note_reply(self, work_id: int, reply_ts: str, *, instead_of: str | None = None) -> bool:
        """Note the message that becomes the answer; False if there is another, or no need."""
        with self._database.writing() as connection:
            changed = connection.execute(
                update(inbox)
                .where(
                    inbox.c.id == work_id,
                    inbox.c.state == "waiting",
                    inbox.c.reply_ts.is_(None)
                    if instead_of is None
                    else inbox.c.reply_ts == instead_of,
                )
                .values(reply_ts=reply_ts)
            )
            return changed.rowcount == 1

    def reply_of(self, work_id: int) -> str | None:
        with self._database.reading() as connection:
            query = select(inbox.c.reply_ts).where(inbox.c.id == work_id)
            return connection.execute(query).scalar()

    def forget_reply(self, work_id: int) -> None:
        """The message of a question stays as it is, whatever becomes of the question."""
        with self._database.writing() as connection:
            connection.execute(update(inbox).where(inbox.c.id == work_id).values(reply_ts=None))

    def replied_with(self, conversation: str, ts: str) -> About | None:
        """What a message of the bot is the reply to; None if it is none."""
        query = select(inbox.c.about, inbox.c.kind).where(
            inbox.c.conversation == conversation, inbox.c.reply_ts == ts
        )
        with self._database.reading() as connection:
            row = connection.execute(query.order_by(inbox.c.id.desc())).first()
        return None if row is None else About(row.about, row.kind)

    def question(self, place: str) -> tuple[int, str | None] | None:
        """The id and the reply of the question that stands at a place."""
        with self._database.reading() as connection:
            row = connection.execute(
                select(inbox.c.id, inbox.c.reply_ts).where(inbox.c.place == place)
            ).first()
        return None if row is None else (row.id, row.reply_ts)

    def asked_before(self, work: Work) -> tuple[int, int]:
        """How many questions the person, and the whole conversation, asked in the hour before."""
        recent = select(func.count()).where(
            inbox.c.kind.in_(("question", "command", "edited")),
            inbox.c.id < work.id,
            inbox.c.received_at > work.received_at - HOUR_SECONDS,
        )
        with self._database.reading() as connection:
            by_person = connection.scalar(recent.where(inbox.c.person == work.person))
            in_channel = connection.scalar(recent.where(inbox.c.conversation == work.conversation))
        return by_person or 0, in_channel or 0

    def cancelled_by(self, work: Work) -> list[tuple[int, str | None]]:
        """The questions that a deletion or a stop cancelled, each with its thread."""
        of_it = [inbox.c.about == work.about]
        if work.kind == "stopped":
            of_it = [inbox.c.conversation == work.conversation, _stopped(work)]
        query = select(inbox.c.id, inbox.c.thread).where(inbox.c.state == "cancelled", *of_it)
        with self._database.reading() as connection:
            return [(row.id, row.thread) for row in connection.execute(query)]

    def waiting(self) -> int:
        """How much there is to do."""
        with self._database.reading() as connection:
            query = select(func.count()).where(inbox.c.state == "waiting")
            return connection.scalar(query) or 0

    def _set(self, work: Work, **values: object) -> None:
        with self._database.writing() as connection:
            connection.execute(update(inbox).where(*_held(work)).values(**values))


def _held(work: Work) -> tuple[Any, ...]:
    return (
        inbox.c.id == work.id,
        inbox.c.claimed_by == work.worker,
        inbox.c.tries == work.tries,
        inbox.c.state == "waiting",
    )


def _receive(connection: Connection, delivery: Delivered, now: float) -> int | None:
    match delivery.kind:
        case "question" if delivery.in_known_thread_only:
            return add(connection, delivery, now) if _takes_part(connection, delivery) else None
        case "edited":
            return _receive_edit(connection, delivery, now)
        case "deleted":
            return _receive_deletion(connection, delivery, now)
        case "stopped":
            _cancel(connection, inbox.c.conversation == delivery.conversation, _stopped(delivery))
    return add(connection, delivery, now)


def _receive_edit(connection: Connection, delivery: Delivered, now: float) -> int | None:
    state = connection.execute(
        select(inbox.c.state).where(inbox.c.place == delivery.about)
    ).scalar()
    if state is None and delivery.asks:
        return add(connection, delivery, now, kind="question", place=delivery.about)
    if state is None or state == "cancelled":
        return None
    return add(connection, delivery, now)


def _receive_deletion(connection: Connection, delivery: Delivered, now: float) -> int | None:
    if _cancel(connection, inbox.c.about == delivery.about):
        return add(connection, delivery, now)
    if delivery.asks:
        # The deletion may have overtaken the question: keep its place, so that it stays undone.
        add(connection, delivery, now, place=delivery.about, state="cancelled")
    return None


def streams_stopped(body: Mapping[str, Any]) -> list[str]:
    """The messages whose streaming a stop ended; 0.1.0 stored one of them, as a string."""
    streams = body.get("message_ts") or []
    return [streams] if isinstance(streams, str) else list(streams)


def _stopped(delivery: "Delivered | Work") -> Any:
    """What a click on stop is about: its thread, and the messages that were being streamed."""
    of_thread = inbox.c.thread == delivery.thread if delivery.thread else false()
    return or_(of_thread, inbox.c.reply_ts.in_(streams_stopped(delivery.body)))


def _cancel(connection: Connection, *conditions: Any) -> int:
    changed = connection.execute(
        update(inbox).where(inbox.c.state == "waiting", *conditions).values(state="cancelled")
    )
    return changed.rowcount


def _takes_part(connection: Connection, delivery: Delivered) -> bool:
    asked = select(inbox.c.id).where(
        inbox.c.conversation == delivery.conversation, inbox.c.thread == delivery.thread
    )
    answered = select(answers.c.answer_id).where(
        answers.c.conversation == delivery.conversation,
        or_(answers.c.thread == delivery.thread, answers.c.message_ts == delivery.thread),
    )
    return any(connection.execute(query.limit(1)).first() for query in (asked, answered))


def add(connection: Connection, delivery: Delivered, now: float, **changes: Any) -> int | None:
    """Write work down unless it is there; returns its id if it is new."""
    values = {
        "event_id": delivery.event_id,
        "place": delivery.place,
        "about": delivery.about,
        "kind": delivery.kind,
        "conversation": delivery.conversation,
        "thread": delivery.thread,
        "person": delivery.person,
        "body": json.dumps(dict(delivery.body)),
        "state": "waiting",
        "received_at": now,
    }
    statement = insert_unless_there(inbox).values(values | changes).on_conflict_do_nothing()
    return connection.execute(statement.returning(inbox.c.id)).scalar()


def _claimable(now: float) -> Any:
    earlier = inbox.alias("earlier")
    of_its_thread = and_(
        earlier.c.conversation == inbox.c.conversation,
        earlier.c.thread == inbox.c.thread,
        earlier.c.tries <= TRIES_WAITED_FOR,
    )
    overtakes = (
        select(earlier.c.id)
        .where(
            or_(earlier.c.about == inbox.c.about, of_its_thread),
            earlier.c.id < inbox.c.id,
            earlier.c.state == "waiting",
        )
        .exists()
    )
    return (
        select(inbox.c.id)
        .where(
            inbox.c.state == "waiting",
            or_(inbox.c.leased_until.is_(None), inbox.c.leased_until <= now),
            ~overtakes,
        )
        .order_by(inbox.c.id)
        .limit(1)
    )


def _work(row: Any) -> Work:
    return Work(
        id=row.id,
        event_id=row.event_id,
        kind=row.kind,
        about=row.about,
        conversation=row.conversation,
        person=row.person,
        thread=row.thread,
        body=json.loads(row.body),
        received_at=row.received_at,
        tries=row.tries,
        worker=row.claimed_by,
        reply_ts=row.reply_ts,
    )


class Receiver:
    """Writes down what arrives at the same time in one transaction.

    A transaction waits for the disk; a hundred questions at once would wait for it in turn.
    """

    def __init__(self, inbox: Inbox, threads: Threads) -> None:
        self._inbox = inbox
        self._threads = threads
        self._waiting: list[tuple[Delivered, asyncio.Future[int | None]]] = []
        self._writing: asyncio.Task[None] | None = None

    async def receive(self, delivery: Delivered) -> int | None:
        """The id of the new work, None if there is none; raises what the ledger raises."""
        written: asyncio.Future[int | None] = asyncio.get_running_loop().create_future()
        self._waiting.append((delivery, written))
        if self._writing is None:
            self._writing = asyncio.create_task(self._write())
        return await written

    async def _write(self) -> None:
        try:
            while self._waiting:
                batch, self._waiting = self._waiting, []
                await self._write_batch(batch)
        finally:
            self._writing = None

    async def _write_batch(self, batch: list[tuple[Delivered, asyncio.Future[int | None]]]) -> None:
        deliveries = [delivery for delivery, _ in batch]
        try:
            ids = await self._threads.run(self._inbox.receive, deliveries, now=time.time())
        except Exception as error:
            if len(batch) > 1 and not isinstance(error, VectorstoreError):
                # One of them can't be stored; the others must not be lost with it.
                for one in batch:
                    await self._write_batch([one])
                return
            for _, written in batch:
                with suppress(asyncio.InvalidStateError):
                    written.set_exception(error)
            return
        for (_, written), work_id in zip(batch, ids, strict=True):
            with suppress(asyncio.InvalidStateError):
                written.set_result(work_id)
