"""Settings: the one place that reads the environment and `.env`."""

import os
import re
import stat
from pathlib import Path
from typing import Annotated, Any, Literal

from pydantic import Field, SecretStr, ValidationError, field_validator
from pydantic_settings import BaseSettings, NoDecode, SettingsConfigDict

from bot.errors import SettingsError
from bot.redaction import redacted

OTHERS = stat.S_IRWXG | stat.S_IRWXO
"""The rights of everyone but the owner, in the mode of a file."""


class Settings(BaseSettings):
    """Every setting, by the name of its environment variable in lower case."""

    model_config = SettingsConfigDict(env_file=".env", extra="ignore", env_ignore_empty=True)

    newsdesk_home: Path = Field(default_factory=lambda: _data_folder())
    newsdesk_zone: str = ""
    database_url: str = ""
    chroma_url: str = ""
    chroma_api_key: SecretStr = SecretStr("")
    chroma_tenant: str = ""
    chroma_database: str = ""
    embeddings: Literal["local", "openai"] = "local"
    openai_api_key: SecretStr = SecretStr("")
    openai_base_url: str = ""
    openai_embedding_model: str = "text-embedding-3-small"
    answers: Literal["auto", "quoted", "generated"] = "auto"
    openai_chat_model: str = "gpt-4.1-mini"
    openai_tokens_per_day: int = Field(default=0, ge=0)
    answer_timeout_seconds: float = Field(default=45.0, gt=0)
    openai_timeout_seconds: float = Field(default=30.0, gt=0)
    ingest_jobs: int = Field(default=0, ge=0)
    max_article_bytes: int = Field(default=20_000_000, gt=0)
    web_timeout_seconds: float = Field(default=30.0, gt=0)
    web_use_proxy: bool = False
    internal_hosts: Annotated[frozenset[str], NoDecode] = frozenset()
    keep_questions_days: int | None = Field(default=None, ge=1)
    keep_answers_days: int | None = Field(default=None, ge=1)
    keep_feedback_days: int | None = Field(default=None, ge=1)
    keep_uploads_days: int | None = Field(default=None, ge=1)
    keep_versions: int | None = Field(default=None, ge=1)
    slack_bot_token: SecretStr = SecretStr("")
    slack_app_token: SecretStr = SecretStr("")
    slack_signing_secret: SecretStr = SecretStr("")
    slack_api_url: str = "https://slack.com/api/"
    slack_ingest_users: Annotated[frozenset[str], NoDecode] = frozenset()
    slack_workers: int = Field(default=4, gt=0)
    slack_questions_per_person: int = Field(default=60, gt=0)
    slack_questions_per_channel: int = Field(default=300, gt=0)
    slack_grace_seconds: float = Field(default=20.0, ge=0)

    @field_validator("newsdesk_home")
    @classmethod
    def _absolute(cls, home: Path) -> Path:
        return home.expanduser().absolute()

    @field_validator("slack_ingest_users", "internal_hosts", mode="before")
    @classmethod
    def _split(cls, names: object) -> object:
        if isinstance(names, str):
            return frozenset(re.split(r"[\s,]+", names.strip())) - {""}
        return names

    @field_validator("chroma_url", "openai_base_url", "slack_api_url")
    @classmethod
    def _web_address(cls, url: str) -> str:
        if url and not url.startswith(("http://", "https://")):
            raise ValueError("must begin with http:// or https://")
        return url

    @field_validator("database_url")
    @classmethod
    def _database(cls, url: str) -> str:
        if url and not url.startswith("sqlite:///"):
            raise ValueError("must be empty or begin with sqlite:///")
        return url

    @field_validator("newsdesk_zone")
    @classmethod
    def _zone(cls, name: str) -> str:
        from ingest.dates.moments import area_zone

        if name and area_zone(name) is None:
            raise ValueError("must be empty or the name of a time zone, such as Europe/Berlin")
        return name

    @property
    def writes_answers(self) -> bool:
        """Whether a chat model writes the answers; with "auto", where one is configured."""
        if self.answers == "auto":
            return bool(self.openai_api_key.get_secret_value() or self.openai_base_url)
        return self.answers == "generated"

    @property
    def jobs(self) -> int:
        """How many files an ingest reads, and texts it embeds, at once."""
        return self.ingest_jobs or os.cpu_count() or 1

    @property
    def ledger_url(self) -> str:
        """The database of the ledger, by default a file in the data folder."""
        return self.database_url or f"sqlite:///{self.newsdesk_home / 'ledger.db'}"


def read_settings(**overrides: Any) -> Settings:
    """Read the environment and `.env`; raises `SettingsError` naming each wrong value."""
    try:
        return Settings(**overrides)
    except ValidationError as error:
        lines = [
            f"{str(problem['loc'][0]).upper()}={problem['input']!r}: {_allowed(problem)}"
            for problem in error.errors()
        ]
        # Not `from error`: pydantic's own message repeats the values, passwords and all.
        raise SettingsError(
            redacted("These settings can't be used:\n  " + "\n  ".join(lines))
        ) from None


def _allowed(problem: Any) -> str:
    return str(problem["msg"]).removeprefix("Value error, ")


def _data_folder() -> Path:
    from platformdirs import user_data_path

    return user_data_path("newsdesk", appauthor=False)


def prepare_home(home: Path) -> None:
    """Make the data folder, for its owner alone; what an older version left there is tightened.

    Raises `SettingsError` for a folder that can't be made or written, and names the owner of a
    file there that can't be read.
    """
    try:
        home.mkdir(mode=0o700, parents=True, exist_ok=True)
        if home.stat().st_uid == os.geteuid() and home.stat().st_mode & OTHERS:
            _make_private(home)
    except OSError as error:
        raise SettingsError(
            f"NEWSDESK_HOME={str(home)!r}: the folder can't be made: {error.strerror}."
        ) from error
    as_who = os.access in os.supports_effective_ids
    if not os.access(home, os.W_OK | os.X_OK, effective_ids=as_who):
        raise SettingsError(
            f"NEWSDESK_HOME={str(home)!r}: you may not write to this folder, which belongs to "
            f"{_owner(home)}; the archive needs that even to be read, for its locks. Give yourself "
            "the right to, or set NEWSDESK_HOME to a copy of it."
        )
    for file in home.iterdir():
        if file.is_file() and not os.access(file, os.R_OK, effective_ids=as_who):
            raise SettingsError(
                f"{file} can't be read: it belongs to {_owner(file)}. Run newsdesk as that user, "
                "or give yourself the right to read it."
            )


def _make_private(home: Path) -> None:
    for folder, _, names in os.walk(home):
        for name in (".", *names):
            path = Path(folder, name)
            if not path.is_symlink() and path.stat().st_uid == os.geteuid():
                path.chmod(stat.S_IMODE(path.stat().st_mode) & ~OTHERS)


def _owner(path: Path) -> str:
    try:
        return path.owner()
    except (KeyError, NotImplementedError):
        return f"the user with the number {path.stat().st_uid}"
