"""Newsdesk as one object: nothing private shows, not even that it is there."""

from pathlib import Path

import pytest

from bot.errors import EmptyArchiveError, SettingsError
from bot.newsdesk import Newsdesk
from bot.settings import Settings
from tests.archive import open_library, revision
from vectorstore.models import Filters

INSIDE = Filters(conversations=frozenset({"C1"}))


def open_newsdesk(home: Path, *, with_public: bool) -> Newsdesk:
    library = open_library(home)
    secret = frozenset({"C1"})
    library.write(
        [revision("secret", "The merger fails.", published_at="2020-01-01", audience=secret)]
    )
    if with_public:
        library.write([revision("open", "It rained today.", published_at="2021-12-03")])
    return Newsdesk(library, home=home, max_article_bytes=1_000)


def test_archive_of_private_articles_alone_is_empty_to_others(tmp_path: Path) -> None:
    newsdesk = open_newsdesk(tmp_path, with_public=False)
    with pytest.raises(EmptyArchiveError):
        newsdesk.ask("Does the merger fail?")
    assert newsdesk.ask("Does the merger fail?", filters=INSIDE).found


def test_dates_covered_and_headlines_are_of_what_the_asker_may_see(tmp_path: Path) -> None:
    newsdesk = open_newsdesk(tmp_path, with_public=True)
    outside = newsdesk.ask("Who won the championship?")
    assert outside.covered == ("2021-12-03", "2021-12-03")
    assert [headline.article_id for headline in outside.nearest] == ["open"]
    inside = newsdesk.ask("Who won the championship?", filters=INSIDE)
    assert inside.covered == ("2020-01-01", "2021-12-03")
    assert {headline.article_id for headline in inside.nearest} == {"open", "secret"}


def test_narrowing_to_nothing_is_not_an_empty_archive(tmp_path: Path) -> None:
    newsdesk = open_newsdesk(tmp_path, with_public=True)
    assert not newsdesk.ask("Did it rain?", filters=Filters(since="2022")).found


def test_folder_that_may_not_be_written_to_is_named_with_what_to_do(as_nobody: Path) -> None:
    home = as_nobody / "home"
    settings = Settings(newsdesk_home=home)
    Newsdesk.from_settings(settings).close()
    home.chmod(0o500)
    with pytest.raises(SettingsError, match=r"home'.*may not write.*a copy of it"):
        Newsdesk.from_settings(settings)
