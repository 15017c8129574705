"""A file or a link given to the bot: into the archive, with a receipt in its thread."""

import logging

from bot.slack.errors import UnreadableFileError
from bot.slack.files import Files
from bot.slack.inbox import Work
from bot.slack.permission import REFUSED, Permission
from bot.slack.rendering import Message, render_plain, render_receipts
from bot.slack.replies import Replies
from bot.slack.threads import Threads
from ingest.errors import IngestError
from ingest.pipeline import Pipeline
from ingest.report import SourceReport
from vectorstore.errors import VectorstoreError

log = logging.getLogger(__name__)

LINKS = "links can't be read yet; send the article as a text file"
SORRY = "Something went wrong while I stored that. Please give it to me again in a while."


class Giving:
    """What is given in a private conversation is stored for that conversation alone."""

    def __init__(
        self,
        files: Files,
        pipeline: Pipeline,
        permission: Permission,
        replies: Replies,
        threads: Threads,
    ) -> None:
        self._files = files
        self._pipeline = pipeline
        self._permission = permission
        self._replies = replies
        self._threads = threads

    async def __call__(self, work: Work) -> None:
        await self._replies.answer(work, (await self._receipt(work),))

    async def _receipt(self, work: Work) -> Message:
        if not self._permission.asked(work.person, "ingest"):
            return render_plain(REFUSED)
        sources = [
            SourceReport(link, "failed", reason=LINKS) for link in work.body.get("links", ())
        ]
        paths: list[str] = []
        for file_id in work.body.get("files", ()):
            try:
                paths.append(str(await self._files.fetch(file_id, work.conversation)))
            except UnreadableFileError as error:
                sources.append(SourceReport(error.name, "failed", reason=error.reason))
        if not paths:
            return render_receipts(sources, ())
        private = await self._files.is_private(work.conversation)
        audience = frozenset({work.conversation} if private else ())
        try:
            report = await self._threads.run(self._pipeline.run, paths, audience=audience)
        except (IngestError, VectorstoreError):
            log.exception("Not stored: what %s gave in %s", work.person, work.conversation)
            return render_plain(SORRY)
        return render_receipts([*report.sources, *sources], report.skipped)
