"""Takes what people give into the archive, for those who may see it, and says what became of it."""

import logging
from dataclasses import dataclass
from threading import Event
from urllib.parse import urlsplit

from bot.slack.errors import UnreadableFileError
from bot.slack.files import Files, is_slack_host
from bot.slack.permission import REFUSED, Permission
from bot.slack.rendering import Message, render_plain, render_receipts
from bot.slack.threads import Threads
from ingest.pipeline import Pipeline
from ingest.report import Report, SourceReport

log = logging.getLogger(__name__)

SORRY = "Something went wrong while I stored that. Please give it to me again in a while."
INTO_SLACK = "it leads into Slack; react to that message with the newspaper instead"


@dataclass(frozen=True, slots=True)
class Gift:
    """Links, and Slack's ids of files, that a person gives in a conversation."""

    person: str
    conversation: str
    links: tuple[str, ...] = ()
    files: tuple[str, ...] = ()
    for_everyone: bool = False


class Intake:
    """What is given in a private conversation is for it alone, unless its giver says otherwise."""

    def __init__(
        self, files: Files, pipeline: Pipeline, permission: Permission, threads: Threads
    ) -> None:
        self._files = files
        self._pipeline = pipeline
        self._permission = permission
        self._threads = threads

    async def refusal(self, person: str) -> Message | None:
        """What to say to someone who may not give anything."""
        return None if await self._permission.asked(person, "ingest") else render_plain(REFUSED)

    async def receipt(self, gift: Gift) -> Message:
        """Store what is given by someone who may; tells of each source what became of it."""
        failed = [_failed(link, INTO_SLACK) for link in gift.links if _is_in_slack(link)]
        sources = [link for link in gift.links if not _is_in_slack(link)]
        for file_id in gift.files:
            try:
                sources.append(str(await self._files.fetch(file_id, gift.conversation)))
            except UnreadableFileError as error:
                failed.append(_failed(error.name, error.reason))
        if not sources:
            return render_receipts(failed, ())
        alone = not gift.for_everyone and await self._files.is_private(gift.conversation)
        try:
            report = await self._ingest(sources, frozenset({gift.conversation} if alone else ()))
        except Exception:
            log.exception("Not stored: what %s gave in %s", gift.person, gift.conversation)
            return render_plain(SORRY)
        return render_receipts([*report.sources, *failed], report.skipped, alone=alone)

    async def _ingest(self, sources: list[str], audience: frozenset[str]) -> Report:
        given_up = Event()
        try:
            return await self._threads.run(
                self._pipeline.run,
                sources,
                audience=audience,
                started_by="slack",
                stop=given_up.is_set,
            )
        finally:
            # Taken back, or the bot stops: the thread ends too, and what it stored stays.
            given_up.set()


def _failed(source: str, reason: str) -> SourceReport:
    return SourceReport(source, "failed", reason=reason)


def _is_in_slack(link: str) -> bool:
    try:
        return is_slack_host(urlsplit(link).hostname or "")
    except ValueError:
        return False
