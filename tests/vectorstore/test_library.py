"""The library keeps ledger and index telling the same story."""

import shutil
from pathlib import Path

import pytest

from tests.archive import WordEmbedder, found, open_library, revision
from vectorstore.errors import EmbeddingModelChangedError
from vectorstore.models import Filters


def test_written_article_is_found(tmp_path: Path) -> None:
    library = open_library(tmp_path)
    library.write([revision("talks", "Blinken met Lavrov."), revision("rain", "It rained today.")])
    assert found(library, "Who met Lavrov?")[0] == "talks"


def test_empty_archive_finds_nothing(tmp_path: Path) -> None:
    assert found(open_library(tmp_path), "Who met Lavrov?") == []


def test_changed_article_replaces_its_version(tmp_path: Path) -> None:
    library = open_library(tmp_path)
    library.write([revision("talks", "Blinken met Lavrov in Stockholm.")])
    library.write([revision("talks", "Blinken met Kuleba in Riga.")])
    hits = library.search("Where was the meeting?", limit=10, per_article=10)
    assert [hit.passage.text for hit in hits] == ["Blinken met Kuleba in Riga."]
    assert [listing.version for listing in library.ledger.listings()] == [2]
    assert library.problems() == []


def test_unchanged_article_is_not_written_again(tmp_path: Path) -> None:
    library = open_library(tmp_path)
    assert library.write([revision("talks", "Blinken met Lavrov.")]) == [True]
    assert library.write([revision("talks", "Blinken met Lavrov.")]) == [False]
    assert [listing.version for listing in library.ledger.listings()] == [1]


def test_removed_article_is_gone_from_both_stores(tmp_path: Path) -> None:
    library = open_library(tmp_path)
    library.write([revision("talks", "Blinken met Lavrov."), revision("rain", "It rained today.")])
    assert library.remove(["talks", "never-was"]) == 1
    assert found(library, "Who met Lavrov?") == ["rain"]
    assert library.problems() == []


def test_dates_and_sources_narrow_the_search(tmp_path: Path) -> None:
    library = open_library(tmp_path)
    library.write(
        [
            revision("old", "Talks were held.", published_at="2020-05-01", source="AP"),
            revision("noon", "Talks were held.", published_at="2021-12-03T12:00:00Z", source="AP"),
            revision("new", "Talks were held.", published_at="2022-01-05", source="Reuters"),
            revision("undated", "Talks were held."),
        ]
    )
    assert set(found(library, "talks", Filters(since="2021-12-03"))) == {"noon", "new"}
    assert set(found(library, "talks", Filters(until="2021-12-03"))) == {"old", "noon"}
    assert set(found(library, "talks", Filters(since="2021-12", until="2021-12"))) == {"noon"}
    assert set(found(library, "talks", Filters(sources=("reuters",)))) == {"new"}


def test_narrow_filter_finds_its_article_among_many_better_ones(tmp_path: Path) -> None:
    library = open_library(tmp_path)
    library.write([revision(f"a{i}", f"Sanctions sanctions {i}.") for i in range(150)])
    library.write([revision("one", "A word on sanctions at last.", source="Rare Times")])
    assert found(library, "sanctions", Filters(sources=("Rare Times",))) == ["one"]


def test_private_article_is_seen_only_in_its_conversation(tmp_path: Path) -> None:
    library = open_library(tmp_path)
    library.write(
        [
            revision("open", "The merger was announced."),
            revision("secret", "The merger fails.", audience=frozenset({"C1"})),
        ]
    )
    assert found(library, "merger") == ["open"]
    assert found(library, "merger", Filters(conversations=frozenset({"C2"}))) == ["open"]
    assert set(found(library, "merger", Filters(conversations=frozenset({"C1", "C2"})))) == {
        "open",
        "secret",
    }


def test_public_article_is_found_behind_many_private_ones(tmp_path: Path) -> None:
    library = open_library(tmp_path)
    secret = frozenset({"C1"})
    library.write(
        [revision(f"s{i}", f"Merger merger {i}.", audience=secret) for i in range(120)]
        + [revision("open", "There is a merger, it was said.")]
    )
    assert found(library, "merger") == ["open"]


def test_one_article_gives_at_most_so_many_hits(tmp_path: Path) -> None:
    library = open_library(tmp_path)
    library.write([revision("a", "Talks in Riga."), revision("b", "Talks in Oslo.")])
    hits = library.search("talks", limit=1, per_article=1)
    assert len(hits) == 1


def test_destroyed_index_is_rebuilt_without_an_embedder(tmp_path: Path) -> None:
    embedder = WordEmbedder()
    library = open_library(tmp_path, embedder)
    library.write([revision(f"a{i}", f"Story number {i} of many.") for i in range(30)])
    before = library.search("Story number 7", limit=5, per_article=1)
    library.close()
    for folder in tmp_path.glob("chroma-*"):
        shutil.rmtree(folder)
    library = open_library(tmp_path, embedder)
    assert library.problems() != []
    embedder.embedded = 0
    assert library.rebuild() == 30
    assert embedder.embedded == 0
    assert library.problems() == []
    assert library.search("Story number 7", limit=5, per_article=1) == before


@pytest.mark.parametrize("harm", ["truncate", "randomise", "delete", "empty"])
def test_damaged_index_file_is_noticed_and_mended_by_asking(tmp_path: Path, harm: str) -> None:
    library = open_library(tmp_path)
    library.write([revision(f"a{i}", f"Story number {i} of many.") for i in range(30)])
    before = found(library, "Story number 7")
    library.close()
    [database] = tmp_path.glob("chroma-*/chroma.sqlite3")
    content = database.read_bytes()
    match harm:
        case "truncate":
            database.write_bytes(content[: len(content) // 2])
        case "randomise":
            database.write_bytes(bytes(byte ^ 0x5A for byte in content))
        case "delete":
            database.unlink()
        case "empty":
            database.write_bytes(b"")
    library = open_library(tmp_path)
    assert found(library, "Story number 7") == before
    assert library.problems() == []


@pytest.mark.parametrize("dimensions", [64, 32])
def test_another_model_is_refused_with_the_command_that_re_embeds(
    tmp_path: Path, dimensions: int
) -> None:
    open_library(tmp_path).write([revision("talks", "Blinken met Lavrov.")])
    library = open_library(tmp_path, WordEmbedder("other", dimensions))
    with pytest.raises(EmbeddingModelChangedError, match="doctor --reembed"):
        found(library, "Who met Lavrov?")
    with pytest.raises(EmbeddingModelChangedError, match="doctor --reembed"):
        library.write([revision("rain", "It rained.")])


def test_re_embedding_changes_the_archive_to_another_model(tmp_path: Path) -> None:
    open_library(tmp_path).write([revision("talks", "Blinken met Lavrov."), revision("b", "Rain.")])
    library = open_library(tmp_path, WordEmbedder("other", 32))
    assert list(library.reembed()) == [2]
    assert found(library, "Who met Lavrov?")[0] == "talks"
    assert library.problems() == []


def test_re_embedding_that_was_stopped_goes_on(tmp_path: Path) -> None:
    open_library(tmp_path).write([revision("talks", "Blinken met Lavrov.")])
    other = open_library(tmp_path, WordEmbedder("other", 32))
    next(other.reembed())
    other.close()
    with pytest.raises(EmbeddingModelChangedError):
        found(open_library(tmp_path), "Who met Lavrov?")
    library = open_library(tmp_path, WordEmbedder("other", 32))
    list(library.reembed())
    assert found(library, "Who met Lavrov?") == ["talks"]
