"""Sets the status of articles, and lets an agency's notices act on the stories they are about."""

import re
from collections.abc import Iterable, Sequence
from pathlib import PurePath
from typing import Any

from sqlalchemy import Connection, Row, select, update

from vectorstore.models import NO_STORY, Status
from vectorstore.schema import articles, versions
from vectorstore.visibility import WITHHELD, audiences_of, now

_BEFORE_HEADLINE = re.compile(
    r"\W*(?:(?:(?:update|refile|write ?thru)\s*\d*|urgent|bulletin|mandatory|kill(?:ed)?"
    r"|withdraw(?:n|al)|correct(?:ion|ed|s))\b\s*[:—–-]+\s*)+",
    re.IGNORECASE,
)
_NOT_WORD = re.compile(r"[\W_]+")
_NUMBER = re.compile(r"\d+")


def mark(
    connection: Connection,
    article_ids: Iterable[str],
    status: Status | None,
    *,
    reason: str | None = None,
    superseded_by: str | None = None,
) -> None:
    """Set the status of articles over that of their copies."""
    connection.execute(
        update(articles)
        .where(articles.c.article_id.in_(sorted(article_ids)))
        .values(
            status=status,
            status_reason=reason,
            status_at=now() if status else None,
            superseded_by=superseded_by,
        )
    )


def _stories() -> Any:
    """What notices are compared with."""
    return select(
        versions.c.version_id,
        versions.c.article_id,
        versions.c.state,
        versions.c.title,
        versions.c.source,
        versions.c.source_folded,
        versions.c.url,
        versions.c.slug,
        versions.c.published_at,
        versions.c.private,
        versions.c.status,
        versions.c.status_reason,
        versions.c.notice,
        versions.c.concerns,
        versions.c.corrected_at,
        versions.c.ingested_at,
        articles.c.container,
        articles.c.origin,
        articles.c.status.label("mark"),
    ).join(articles, articles.c.article_id == versions.c.article_id)


def pending_notices(connection: Connection) -> Sequence[Row[Any]]:
    """The notices that become current next, in the order in which they came."""
    query = _stories().where(versions.c.state == "pending", versions.c.notice.is_not(None))
    return connection.execute(query.order_by(versions.c.version_id)).all()


def unmatched_notices(connection: Connection, article_ids: Sequence[str]) -> Sequence[Row[Any]]:
    """Those of these articles that are notices held because they were about nothing."""
    wanted = set(article_ids)
    query = _stories().where(
        versions.c.state == "current",
        versions.c.notice.is_not(None),
        versions.c.status_reason.in_(NO_STORY.values()),
    )
    rows = connection.execute(query.order_by(versions.c.version_id)).all()
    return [row for row in rows if row.article_id in wanted]


def act(connection: Connection, notices: Sequence[Row[Any]]) -> set[str]:
    """Kill or supersede the stories of notices, of the same audience and source.

    A notice that is about no story here is held. Returns the ids of what changed.
    """
    if not notices:
        return set()
    stories = connection.execute(_stories().where(versions.c.state.in_(("current", "pending"))))
    rows = stories.all()
    seen_by = audiences_of(connection, {row.version_id for row in rows if row.private})
    changed: set[str] = set()
    withheld = {row.article_id for row in rows if row.mark in WITHHELD}
    for notice in notices:
        if notice.article_id in withheld:
            continue
        others = [
            row
            for row in rows
            if row.notice != "kill"
            and seen_by.get(row.version_id) == seen_by.get(notice.version_id)
        ]
        is_update = any(
            row.article_id == notice.article_id
            and row.version_id != notice.version_id
            and (row.notice is None or row.corrected_at)
            for row in others
        )
        others = [row for row in others if row.article_id != notice.article_id]
        targets = _targets(notice, others)
        newly = targets - {row.article_id for row in rows if _has_status_of(notice, row)}
        _settle(connection, notice, targets, newly, is_update=is_update)
        withheld |= newly
        changed |= newly
    return changed


def _has_status_of(notice: Row[Any], row: Row[Any]) -> bool:
    """Whether a story is killed or superseded already."""
    return (row.mark or row.status) in (("killed",) if notice.notice == "kill" else WITHHELD)


def _settle(
    connection: Connection,
    notice: Row[Any],
    targets: set[str],
    newly: set[str],
    *,
    is_update: bool,
) -> None:
    """Note what a notice did: with itself, and with the stories that it is about."""
    day = (notice.published_at or notice.ingested_at)[:10]
    values: dict[str, object] = {}
    if notice.notice == "kill":
        mark(connection, newly, "killed", reason=f"killed by a notice of {day}")
        if targets:
            values = {"status": "held", "status_reason": f"kills {', '.join(sorted(targets))}"}
        elif is_update:
            values = {"status": "killed", "status_reason": f"killed by a notice of {day}"}
    elif targets or is_update:
        by = notice.article_id
        mark(connection, newly, "superseded", reason=f"corrected on {day}", superseded_by=by)
        values = {"corrected_at": day}
        if notice.status_reason == NO_STORY["correction"]:
            values |= {"status": "published", "status_reason": None}
    if values:
        connection.execute(
            update(versions).where(versions.c.version_id == notice.version_id).values(**values)
        )


def _targets(notice: Row[Any], rows: Sequence[Row[Any]]) -> set[str]:
    """The ids of the stories that a notice is about."""
    earlier = [row for row in rows if not _is_later(row, notice)]
    if notice.url and (same := {row.article_id for row in earlier if row.url == notice.url}):
        return same
    names = {_plain(notice.concerns or ""), _plain(notice.slug or "")} - {""}
    of_source = [row for row in earlier if _desk(row) == _desk(notice)]
    found = {row.article_id for row in of_source if names & _names(row)}
    if not found and notice.notice == "correction":
        # Often what is corrected is a number in the headline.
        masked = {_NUMBER.sub("#", name) for name in names if _NUMBER.search(name)}
        alike = {
            row.article_id
            for row in of_source
            if masked & {_NUMBER.sub("#", name) for name in _names(row)}
        }
        found = alike if len(alike) == 1 else set()
    return found


def _is_later(row: Row[Any], notice: Row[Any]) -> bool:
    """Whether a story came after the notice, as what is sent in place of a killed one does."""
    if row.notice and row.version_id > notice.version_id:
        return True
    if not row.published_at or not notice.published_at:
        return False
    length = min(len(row.published_at), len(notice.published_at))
    return bool(row.published_at[:length] > notice.published_at[:length])


def _names(row: Row[Any]) -> set[str]:
    """What a story may be called: its headline, its slug, the name of its file."""
    stem = PurePath(row.origin.rpartition("#")[2] or row.origin).stem
    return {_plain(row.title), _plain(row.slug or ""), _plain(stem)} - {""}


def _desk(row: Row[Any]) -> str:
    """The outlet of a story, or its folder where it names none: then its source is its file."""
    if row.source == PurePath(row.container).name:
        return str(PurePath(row.container).parent)
    return str(row.source_folded)


def _plain(name: str) -> str:
    return _NOT_WORD.sub(" ", _BEFORE_HEADLINE.sub("", name, count=1)).strip().casefold()
