"""What can go wrong in the bot, as one tree.

BotError
├── SettingsError       a setting has a value that can't be used
├── EmptyArchiveError   there is nothing to ask
├── NoSuchArticleError  no article has this id
├── QuestionsError      a file of questions can't be read
└── ExportError         the archive can't be written to a file
"""


class BotError(Exception):
    """The program could not do what was asked; the message is fit for a person."""


class SettingsError(BotError):
    """A setting has a value that can't be used."""


class NoSuchArticleError(BotError):
    """No stored article has the id that was given."""


class EmptyArchiveError(BotError):
    """Nothing has been ingested yet."""


class QuestionsError(BotError):
    """A file of questions is not there, or a line of it is not a question."""


class ExportError(BotError):
    """The file that the archive was to be written to can't be written."""
