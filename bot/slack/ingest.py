"""Article submission: links and files given in Slack are stored, and answered with a receipt."""

import asyncio
import logging
import re
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass, replace
from pathlib import Path
from threading import Event
from typing import Any
from urllib.parse import urlsplit

import aiohttp
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient

from bot.slack.client import Threads, error_code
from bot.slack.errors import UnreadableFileError
from bot.slack.events import read_submission
from bot.slack.messages import Message, render_plain, render_receipts
from bot.slack.queue import Work
from bot.slack.reply import Replies, is_unreachable
from ingest.pipeline import Pipeline
from ingest.readers import READERS
from ingest.report import Report, SourceReport

log = logging.getLogger(__name__)

SORRY = "Something went wrong while I stored that. Please give it to me again in a while."

INTO_SLACK = "it leads into Slack; react to that message with the newspaper instead"

SLACK_HOSTS = (".slack.com", ".slack-gov.com")

NOT_HANDED_OUT = "Slack did not hand it out: the scope files:read is missing"

NAME_CHARACTERS = 80

CHUNK_BYTES = 65_536

_ODD = re.compile(r"[^\w .-]+")

NOTHING = "There is neither a link nor a file in that message, so there is nothing I could read."

UNSEEN = frozenset(("bad_timestamp", "message_not_found", "missing_scope"))
"""Why Slack does not show the message that somebody reacted to."""


REFUSED = (
    "Only people who are named in this bot's settings, or are in a user group named there, may "
    "change the archive. Ask whoever runs it to add you (SLACK_INGEST_USERS)."
)

KEPT_SECONDS = 300.0
"""So long who is in a group is not asked again."""


class Permission:
    """The people named in the settings, and the members of the user groups named there.

    A guest needs to be named: whoever adds people to a group may not think of this bot.
    """

    def __init__(
        self,
        named: frozenset[str],
        client: AsyncWebClient,
        *,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._groups = frozenset(name for name in named if name.startswith("S"))
        self._people = named - self._groups
        self._client = client
        self._clock = clock
        self._known: dict[str, tuple[float, frozenset[str]]] = {}

    async def allows(self, person: str) -> bool:
        if person in self._people:
            return True
        for group in sorted(self._groups):
            if person in await self._members(group):
                return not await self._is_guest(person)
        return False

    async def asked(self, person: str, what: str) -> bool:
        """`allows`, for something that is about to be done: a refusal is logged."""
        allowed = await self.allows(person)
        if not allowed:
            log.warning("%s may not %s", person, what)
        return allowed

    async def _members(self, group: str) -> frozenset[str]:
        asked_at, members = self._known.get(group, (0.0, frozenset()))
        if group in self._known and self._clock() - asked_at < KEPT_SECONDS:
            return members
        try:
            response = await self._client.usergroups_users_list(usergroup=group)
        except SlackApiError as error:
            log.error("Slack did not list who is in %s: %s", group, error_code(error))
            return frozenset()
        members = frozenset(response["users"])
        self._known[group] = self._clock(), members
        return members

    async def _is_guest(self, person: str) -> bool:
        try:
            user = (await self._client.users_info(user=person))["user"]
        except SlackApiError as error:
            log.error("Slack did not answer whether %s is a guest: %s", person, error_code(error))
            return True
        return bool(user.get("is_restricted") or user.get("is_ultra_restricted"))


@dataclass(frozen=True, slots=True)
class Submission:
    """Links, and Slack's ids of files, that a person gives in a conversation."""

    person: str
    conversation: str
    links: tuple[str, ...] = ()
    files: tuple[str, ...] = ()
    for_everyone: bool = False


class SlackFiles:
    """Keeps what is given as files in a folder, by conversation and by Slack's id of the file."""

    def __init__(self, client: AsyncWebClient, folder: Path, *, max_bytes: int) -> None:
        self._client = client
        self._folder = folder
        self._max_bytes = max_bytes

    async def fetch(self, file_id: str, conversation: str) -> Path:
        """Download a file; raises `UnreadableFileError`."""
        about = await self._about(file_id)
        name = safe_name(about.get("name") or file_id)
        if Path(name).suffix.lower() not in READERS:
            raise UnreadableFileError(name, f"only {', '.join(READERS)} files can be read")
        size = int(about.get("size") or 0)
        if size > self._max_bytes:
            raise UnreadableFileError(name, f"it is larger than {self._max_bytes:,} bytes")
        content = await self._content(name, str(about.get("url_private_download") or ""), size)
        path = self._folder / safe_name(conversation) / safe_name(file_id) / name
        await asyncio.to_thread(_write, path, content)
        return path

    async def is_private(self, conversation: str) -> bool:
        """Whether a conversation is not open to everyone; so also where Slack refuses to answer."""
        if not conversation.startswith("C"):
            return True
        try:
            response = await self._client.conversations_info(channel=conversation)
        except SlackApiError:
            return True
        return bool((response.get("channel") or {}).get("is_private", True))

    async def _about(self, file_id: str) -> dict[str, Any]:
        try:
            response = await self._client.files_info(file=file_id)
        except SlackApiError as error:
            raise UnreadableFileError(file_id, _why(error)) from error
        return dict(response["file"])

    async def _content(self, name: str, url: str, size: int) -> bytes:
        # The token goes to Slack, and along no redirect.
        if not self._is_slack(url):
            raise UnreadableFileError(name, "it is not kept by Slack itself")
        headers = {"Authorization": f"Bearer {self._client.token}"}
        async with (
            aiohttp.ClientSession(timeout=aiohttp.ClientTimeout(total=60)) as session,
            session.get(url, headers=headers, allow_redirects=False) as answer,
        ):
            if answer.status in (301, 302, 303, 307, 308):
                raise UnreadableFileError(name, NOT_HANDED_OUT)
            if answer.status != 200:
                raise UnreadableFileError(name, f"Slack did not hand it out ({answer.status})")
            content = bytearray()
            async for chunk in answer.content.iter_chunked(CHUNK_BYTES):
                content += chunk
                if len(content) > self._max_bytes:
                    raise UnreadableFileError(name, f"it is larger than {self._max_bytes:,} bytes")
        # Without the scope Slack shows its sign-in page, with status 200.
        if answer.content_type == "text/html" and len(content) != size:
            raise UnreadableFileError(name, NOT_HANDED_OUT)
        return bytes(content)

    def _is_slack(self, url: str) -> bool:
        where, api = urlsplit(url), urlsplit(self._client.base_url)
        if (where.scheme, where.netloc) == (api.scheme, api.netloc):
            return True
        return where.scheme == "https" and is_slack_host(where.hostname or "")


class Submissions:
    """What is given in a private conversation is for it alone, unless its giver wants otherwise."""

    def __init__(
        self, files: SlackFiles, pipeline: Pipeline, permission: Permission, threads: Threads
    ) -> None:
        self._files = files
        self._pipeline = pipeline
        self._permission = permission
        self._threads = threads

    async def refusal(self, person: str) -> Message | None:
        """The answer to someone who may not add articles; None for those who may."""
        return None if await self._permission.asked(person, "ingest") else render_plain(REFUSED)

    async def receipt(self, submission: Submission) -> Message:
        """Store what someone submits who may; the receipt has a line for each source."""
        failed = [_failed(link, INTO_SLACK) for link in submission.links if _is_in_slack(link)]
        sources = [link for link in submission.links if not _is_in_slack(link)]
        for file_id in submission.files:
            try:
                sources.append(str(await self._files.fetch(file_id, submission.conversation)))
            except UnreadableFileError as error:
                failed.append(_failed(error.name, error.reason))
        if not sources:
            return render_receipts(failed, ())
        alone = not submission.for_everyone and await self._files.is_private(
            submission.conversation
        )
        try:
            report = await self._ingest(
                sources, frozenset({submission.conversation} if alone else ())
            )
        except Exception:
            log.exception(
                "Not stored: what %s gave in %s", submission.person, submission.conversation
            )
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


class SubmissionHandler:
    def __init__(self, client: AsyncWebClient, submissions: Submissions, replies: Replies) -> None:
        self._client = client
        self._submissions = submissions
        self._replies = replies

    async def __call__(self, work: Work) -> None:
        try:
            if reacted_to := work.body.get("reacted_to"):
                await self._take_message(work, reacted_to)
            else:
                await self._take(work)
        except SlackApiError as error:
            if not (is_unreachable(error) or error_code(error) in UNSEEN):
                raise
            log.warning("No receipt for %s: %s", work.event_id, error_code(error))

    async def _take(self, work: Work) -> None:
        links, files = work.body.get("links", ()), work.body.get("files", ())
        for_everyone = bool(work.body.get("for_everyone"))
        submission = Submission(
            work.person, work.conversation, tuple(links), tuple(files), for_everyone
        )
        refused = await self._submissions.refusal(work.person)
        await self._replies.answer(work, (refused or await self._submissions.receipt(submission),))

    async def _take_message(self, work: Work, ts: str) -> None:
        response = await self._client.reactions_get(
            channel=work.conversation, timestamp=ts, full=True
        )
        message = response["message"]
        thread = message.get("thread_ts")
        refused = await self._submissions.refusal(work.person)
        submission = Submission(
            work.person,
            work.conversation,
            tuple(dict.fromkeys(_links_in(message))),
            tuple(file["id"] for file in message.get("files", ())),
        )
        if refused is not None:
            await self._whisper(work, thread, refused)
        elif submission.links or submission.files:
            receipt = await self._submissions.receipt(submission)
            await self._replies.answer(replace(work, thread=thread or ts), (receipt,))
        else:
            await self._whisper(work, thread, render_plain(NOTHING))

    async def _whisper(self, work: Work, thread: str | None, message: Message) -> None:
        """Answer the one who reacted alone: they may have meant nothing by it."""
        with suppress(SlackApiError):
            await self._client.chat_postEphemeral(
                channel=work.conversation,
                user=work.person,
                thread_ts=thread,
                text=message.text,
                blocks=list(message.blocks),
            )


def _failed(source: str, reason: str) -> SourceReport:
    return SourceReport(source, "failed", reason=reason)


def _is_in_slack(link: str) -> bool:
    try:
        return is_slack_host(urlsplit(link).hostname or "")
    except ValueError:
        return False


def is_slack_host(host: str) -> bool:
    return f".{host.lower()}".endswith(SLACK_HOSTS)


def safe_name(name: str) -> str:
    """A name that stays in its folder, whatever it was."""
    stem, dot, suffix = _ODD.sub("_", name).strip(" .").rpartition(".")
    return (stem[:NAME_CHARACTERS] + dot + suffix[:NAME_CHARACTERS]) or "_"


def _why(error: SlackApiError) -> str:
    code = error_code(error)
    return "the scope files:read is missing" if code == "missing_scope" else f"Slack answers {code}"


def _write(path: Path, content: bytes) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content)


def _links_in(message: Mapping[str, Any]) -> Iterator[str]:
    """The links of a message; of one without text, as feeds post them, those of its cards."""
    links = read_submission(message.get("text") or "").links
    yield from links
    if not links:
        for card in message.get("attachments", ()):
            link = card.get("title_link") or card.get("from_url") or ""
            yield from read_submission(link).links
