"""What can go wrong in the bot, as one tree.

BotError
├── SettingsError       a setting has a value that can't be used
├── EmptyArchiveError   there is nothing to ask
├── NoSuchArticleError  no article has this id
├── NotPublishedError   the article with this id is held, killed, ...
├── NoSuchAnswerError   no answer has this id
├── ChatCommandError    a line of a chat that begins with / can't be obeyed
├── QuestionsError      a file of questions can't be read
├── ExportError         the archive can't be written to a file
├── BackupError         a backup can't be made, or can't be restored
├── ReaderDamagedError  the weights of the reader are missing, or not those that were shipped
└── ModelError          the chat model gave no whole answer
    ├── ModelTimeoutError      not in time
    ├── ModelUnreachableError  its server can't be reached, or failed
    ├── ModelQuotaError        asked too often, or its quota or the day's limit is used up
    ├── ModelRefusedError      its server refused the key, the model or the question
    └── ModelAnswerError       what came was cut off, or no answer

The message of a `ModelError` is a sentence without its full stop, fit to be shown beside the
quoted answer that is given instead.
"""


class BotError(Exception):
    """The program could not do what was asked; the message is fit for a person."""


class SettingsError(BotError):
    """A setting has a value that can't be used."""


class NoSuchArticleError(BotError):
    """No stored article has the id that was given."""


class NotPublishedError(BotError):
    """The article is stored, and its publication status keeps it from being shown."""


class NoSuchAnswerError(BotError):
    """No stored answer has the id that was given."""


class EmptyArchiveError(BotError):
    """Nothing has been ingested yet."""


class ChatCommandError(BotError):
    """A line of a chat that begins with a slash can't be obeyed."""


class QuestionsError(BotError):
    """A file of questions is not there, or a line of it is not a question."""


class ExportError(BotError):
    """The file that the archive was to be written to can't be written."""


class BackupError(BotError):
    """A backup can't be made, or a file is none that can be restored."""


class ReaderDamagedError(BotError):
    """The files of the reader's weights are missing, or not those that were shipped."""


class ModelError(BotError):
    """The chat model gave no whole answer."""


class ModelTimeoutError(ModelError):
    """The answer was not there in time."""


class ModelUnreachableError(ModelError):
    """The model's server can't be reached, broke the connection off, or failed."""


class ModelQuotaError(ModelError):
    """The server was asked too often, or a quota or the day's limit is used up."""


class ModelRefusedError(ModelError):
    """The server refused the key, the model or the question."""


class ModelAnswerError(ModelError):
    """What came was cut off, empty, or no answer at all."""
