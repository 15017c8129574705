"""Settings are read in one place, and each one is in `.env.example`."""

import re
import traceback
from pathlib import Path

import pytest

from bot.errors import SettingsError
from bot.settings import Settings, read_settings

EXAMPLE = Path(__file__).parents[2] / ".env.example"


def test_every_setting_is_in_the_example_and_nothing_else() -> None:
    named = re.findall(r"^([A-Z_]+)=", EXAMPLE.read_text(encoding="utf-8"), re.MULTILINE)
    assert set(named) == {name.upper() for name in Settings.model_fields}


def test_example_as_it_is_can_be_used(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / ".env").write_text(EXAMPLE.read_text(encoding="utf-8"))
    assert read_settings().embeddings == "local"


def test_env_file_is_read_and_the_environment_wins(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / ".env").write_text("NEWSDESK_HOME=from-file\nCHROMA_TENANT=t1\n")
    monkeypatch.setenv("NEWSDESK_HOME", str(tmp_path / "from-environment"))
    settings = read_settings()
    assert settings.newsdesk_home == tmp_path / "from-environment"
    assert settings.chroma_tenant == "t1"


def test_secrets_do_not_show(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OPENAI_API_KEY", "sk-secret")
    assert "sk-secret" not in repr(read_settings())


def test_all_wrong_values_are_named_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("EMBEDDINGS", "magic")
    monkeypatch.setenv("OPENAI_TIMEOUT_SECONDS", "-1")
    with pytest.raises(SettingsError) as caught:
        read_settings()
    assert "EMBEDDINGS='magic'" in str(caught.value)
    assert "OPENAI_TIMEOUT_SECONDS='-1'" in str(caught.value)


@pytest.mark.parametrize("name", ["DATABASE_URL", "CHROMA_URL", "OPENAI_BASE_URL"])
def test_password_in_a_refused_address_is_not_printed(
    name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(name, "ftp://desk:hunter2@db.example/news")
    with pytest.raises(SettingsError) as caught:
        read_settings()
    shown = "".join(traceback.format_exception(caught.value))
    assert name in shown
    assert "hunter2" not in shown
