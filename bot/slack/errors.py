"""What can go wrong between the bot and Slack, as one tree.

SlackError (a BotError)
├── SlackRefusedError    Slack will go on refusing: a revoked token, a missing scope
├── QuestionGoneError    the question was deleted or stopped while it was worked on
└── UnreadableFileError  a file that was given can't be fetched or read
"""

from bot.errors import BotError


class SlackError(BotError):
    """The bot can't do its work in Slack; the message is fit for a person."""


class SlackRefusedError(SlackError):
    """Slack refuses the bot, and asking again will not help."""


class QuestionGoneError(SlackError):
    """Nobody waits for this answer any more."""


class UnreadableFileError(SlackError):
    """A file that was given can't be fetched or read: `name` and `reason`."""

    def __init__(self, name: str, reason: str) -> None:
        super().__init__(f"{name}: {reason}")
        self.name = name
        self.reason = reason
