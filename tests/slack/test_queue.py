"""The inbox: what is taken in, in which order it is handed out, and to whom."""

import json
from dataclasses import replace
from pathlib import Path

import pytest

from bot.retention import DAY_SECONDS, DELIVERIES_DAYS, Retention, forget_old
from bot.slack.queue import Delivered, Inbox
from vectorstore.database import Database

QUESTION = Delivered(
    "Ev1", "question", "T/C/1", "C", "U1", place="T/C/1", thread="1", body={"text": "Who?"}
)


@pytest.fixture
def database(tmp_path: Path) -> Database:
    return Database(f"sqlite:///{tmp_path / 'ledger.db'}")


@pytest.fixture
def inbox(database: Database) -> Inbox:
    return Inbox(database)


def _forgotten(database: Database, uploads: Path, *, before: float) -> int:
    now = before + DELIVERIES_DAYS * DAY_SECONDS
    return forget_old(database, uploads=uploads, retention=Retention(), now=now).questions


def test_same_event_and_same_place_are_taken_in_once(inbox: Inbox) -> None:
    again = replace(QUESTION, event_id="Ev2")
    first, *others = inbox.receive([QUESTION, QUESTION, again], now=0.0)
    assert first is not None
    assert others == [None, None]
    assert inbox.receive([again], now=0.0) == [None]
    assert inbox.waiting() == 1


def test_work_has_one_worker_until_its_lease_ends(inbox: Inbox) -> None:
    inbox.receive([QUESTION], now=0.0)
    first = inbox.claim("one", now=0.0, lease_seconds=10)
    assert first is not None
    assert first.body == {"text": "Who?"}
    assert inbox.claim("two", now=9.0, lease_seconds=10) is None
    second = inbox.claim("two", now=11.0, lease_seconds=10)
    assert second is not None
    assert (second.id, second.tries) == (first.id, 2)
    assert not inbox.wanted(first)
    inbox.finish(first)
    assert inbox.wanted(second)


def test_renewed_work_is_kept_and_released_work_handed_out(inbox: Inbox) -> None:
    inbox.receive([QUESTION], now=0.0)
    work = inbox.claim("one", now=0.0, lease_seconds=10)
    assert work is not None
    inbox.renew(work, until=20.0)
    assert inbox.claim("two", now=15.0, lease_seconds=10) is None
    inbox.release(work, until=16.0)
    assert inbox.claim("two", now=17.0, lease_seconds=10) is not None


def test_done_work_is_not_handed_out_again(inbox: Inbox) -> None:
    inbox.receive([QUESTION], now=0.0)
    work = inbox.claim("one", now=0.0, lease_seconds=10)
    assert work is not None
    inbox.finish(work)
    assert inbox.claim("one", now=99.0, lease_seconds=10) is None


def test_edit_waits_for_its_question_and_others_do_not(inbox: Inbox) -> None:
    edit = Delivered("Ev2", "edited", "T/C/1", "C", "U1", thread="1")
    other = replace(QUESTION, event_id="Ev3", about="T/C/2", place="T/C/2", thread="2")
    inbox.receive([QUESTION, edit, other], now=0.0)
    claimed = [inbox.claim("one", now=0.0, lease_seconds=10) for _ in range(3)]
    assert [work and work.event_id for work in claimed] == ["Ev1", "Ev3", None]
    assert claimed[0] is not None
    inbox.finish(claimed[0])
    after = inbox.claim("one", now=0.0, lease_seconds=10)
    assert after is not None
    assert after.kind == "edited"


def test_questions_of_a_thread_are_handed_out_in_order_past_one_that_fails(inbox: Inbox) -> None:
    later = replace(QUESTION, event_id="Ev2", about="T/C/2", place="T/C/2")
    inbox.receive([QUESTION, later], now=0.0)
    for _ in range(3):
        first = inbox.claim("one", now=0.0, lease_seconds=10)
        assert first is not None
        assert first.event_id == "Ev1"
        if first.tries < 3:
            assert inbox.claim("two", now=0.0, lease_seconds=10) is None
            inbox.release(first, until=0.0)
    second = inbox.claim("two", now=0.0, lease_seconds=10)
    assert second is not None
    assert second.event_id == "Ev2"


def test_edit_of_what_was_no_question_is_no_work(inbox: Inbox) -> None:
    edit = Delivered("Ev2", "edited", "T/C/1", "C", "U1", thread="1")
    assert inbox.receive([edit], now=0.0) == [None]


def test_deletion_cancels_work_under_way(inbox: Inbox) -> None:
    inbox.receive([QUESTION], now=0.0)
    work = inbox.claim("one", now=0.0, lease_seconds=10)
    assert work is not None
    deletion = Delivered("Ev2", "deleted", "T/C/1", "C", "U1")
    assert inbox.receive([deletion], now=0.0) != [None]
    assert not inbox.wanted(work)


def test_reply_in_an_unknown_thread_is_not_kept(inbox: Inbox) -> None:
    reply = replace(
        QUESTION, event_id="Ev2", about="T/C/2", place="T/C/2", in_known_thread_only=True
    )
    assert inbox.receive([reply], now=0.0) == [None]
    inbox.receive([QUESTION], now=0.0)
    assert inbox.receive([reply], now=0.0) != [None]


def test_reply_is_noted_once(inbox: Inbox) -> None:
    [work_id] = inbox.receive([QUESTION], now=0.0)
    assert work_id is not None
    assert inbox.note_reply(work_id, "5.1")
    assert not inbox.note_reply(work_id, "5.2")
    assert inbox.note_reply(work_id, "5.3", instead_of="5.1")
    assert inbox.reply_of(work_id) == "5.3"


def test_hour_is_counted_for_person_and_channel(inbox: Inbox) -> None:
    asked = [
        replace(
            QUESTION,
            event_id=f"Ev{n}",
            about=f"T/C/{n}",
            place=f"T/C/{n}",
            thread=f"t{n}",
            person=person,
        )
        for n, person in enumerate(("U1", "U2", "U1"))
    ]
    inbox.receive(asked[:1], now=0.0)
    inbox.receive(asked[1:], now=3_000.0)
    works = [inbox.claim("one", now=3_000.0, lease_seconds=9_999) for _ in asked]
    assert [inbox.asked_before(work) for work in works if work] == [(0, 0), (0, 1), (1, 2)]
    [late] = inbox.receive([replace(QUESTION, event_id="Ev9", about="9", place="9")], now=3_700.0)
    work = inbox.claim("one", now=3_700.0, lease_seconds=9_999)
    assert work is not None
    assert work.id == late
    assert inbox.asked_before(work) == (1, 2)


def test_batch_that_the_ledger_refuses_is_not_taken_in_by_half(inbox: Inbox) -> None:
    too_odd = replace(QUESTION, event_id="Ev2", place="T/C/2", conversation=object())  # type: ignore[arg-type]
    with pytest.raises(Exception, match="not supported"):
        inbox.receive([QUESTION, too_odd], now=0.0)
    assert inbox.waiting() == 0


def test_body_survives_as_it_was(inbox: Inbox) -> None:
    body = {"text": "What of “Odessa” 🌊?", "ts": "1.2"}
    inbox.receive([replace(QUESTION, body=body)], now=0.0)
    work = inbox.claim("one", now=0.0, lease_seconds=10)
    assert work is not None
    assert json.dumps(work.body) == json.dumps(body)


def test_finished_work_is_forgotten_when_it_is_old_and_unfinished_work_never(
    inbox: Inbox, database: Database, tmp_path: Path
) -> None:
    events = [replace(QUESTION, event_id=f"Ev{n}", about=f"{n}", place=f"{n}") for n in range(4)]
    for delivery, received_at in zip(events, (0.0, 10.0, 20.0, 30.0), strict=True):
        inbox.receive([replace(delivery, thread=delivery.place)], now=received_at)
    done = [inbox.claim("one", now=30.0, lease_seconds=10) for _ in events]
    for work in done[:1] + done[2:3]:
        assert work is not None
        inbox.finish(work)
    assert _forgotten(database, tmp_path, before=20.0) == 1
    assert _forgotten(database, tmp_path, before=25.0) == 1
    assert inbox.waiting() == 2
    assert inbox.question("0") is None


def test_stop_without_a_thread_cancels_no_other_work_of_the_conversation(inbox: Inbox) -> None:
    ask = replace(QUESTION, kind="command", place=None, about="command/1", thread=None)
    stop = Delivered("Ev9", "stopped", "T/C/9", "C", "U1", body={"message_ts": "9.9"})
    inbox.receive([ask, stop], now=0.0)
    claimed = [inbox.claim("one", now=0.0, lease_seconds=10) for _ in range(2)]
    assert {work.kind for work in claimed if work} == {"command", "stopped"}
