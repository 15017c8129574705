"""Who may change the archive from Slack."""

import logging
import time
from collections.abc import Callable

from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient

from bot.slack.client import error_code

log = logging.getLogger(__name__)


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
