"""Fetches the files that people give in Slack, and where a conversation's articles may be seen."""

import asyncio
import re
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import aiohttp
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient

from bot.slack.client import error_code
from bot.slack.errors import UnreadableFileError
from ingest.readers import READERS

SLACK_HOSTS = (".slack.com", ".slack-gov.com")
NOT_HANDED_OUT = "Slack did not hand it out: the scope files:read is missing"
NAME_CHARACTERS = 80
CHUNK_BYTES = 65_536

_ODD = re.compile(r"[^\w .-]+")


class Files:
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
        """Whether a conversation is not open to everyone; so also where Slack won't say."""
        if not conversation.startswith("C"):
            return True
        try:
            told = await self._client.conversations_info(channel=conversation)
        except SlackApiError:
            return True
        return bool((told.get("channel") or {}).get("is_private", True))

    async def _about(self, file_id: str) -> dict[str, Any]:
        try:
            told = await self._client.files_info(file=file_id)
        except SlackApiError as error:
            raise UnreadableFileError(file_id, _why(error)) from error
        return dict(told["file"])

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


def is_slack_host(host: str) -> bool:
    return f".{host.lower()}".endswith(SLACK_HOSTS)


def safe_name(name: str) -> str:
    """A name that stays in its folder, whatever it was."""
    stem, dot, suffix = _ODD.sub("_", name).strip(" .").rpartition(".")
    return (stem[:NAME_CHARACTERS] + dot + suffix[:NAME_CHARACTERS]) or "_"


def _why(error: SlackApiError) -> str:
    code = error_code(error)
    return "the scope files:read is missing" if code == "missing_scope" else f"Slack says {code}"


def _write(path: Path, content: bytes) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content)
