"""Who may change the archive from Slack."""

import logging

log = logging.getLogger(__name__)

REFUSED = (
    "Only people who are named in this bot's settings may change the archive. Ask whoever runs "
    "it to add you (SLACK_INGEST_USERS)."
)


class Permission:
    """The people named in the settings."""

    def __init__(self, people: frozenset[str]) -> None:
        self._people = people

    def allows(self, person: str) -> bool:
        return person in self._people

    def asked(self, person: str, what: str) -> bool:
        """`allows`, for something that is about to be done: a refusal is logged."""
        if not self.allows(person):
            log.warning("%s may not %s", person, what)
        return self.allows(person)
