import io
import os
import random
import sys
from pathlib import Path

import pytest

from ingest.drafts import Draft, Reading, Skipped, SourceFailure
from ingest.files import SourceFile
from ingest.readers import READERS
from ingest.readers.formats import read_source
from ingest.sources import find_sources


def write(path: Path, text: str = "The minister left.") -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")
    return path


def found_names(*arguments: str | Path, follow_links: bool = False) -> list[str]:
    found = find_sources([str(a) for a in arguments], follow_links=follow_links)
    return [source.path.name for source in found if isinstance(source, SourceFile)]


def failures(*arguments: str | Path, max_bytes: int = 1000) -> dict[str, str]:
    """What went wrong, in finding or in reading, by the name of the file."""
    reasons = {}
    for found in find_sources([str(a) for a in arguments], max_bytes=max_bytes):
        readings = read_source(found) if isinstance(found, SourceFile) else [found]
        for reading in readings:
            if isinstance(reading, SourceFailure):
                reasons[Path(reading.source).name] = reading.reason
    return reasons


def test_folder_gives_its_articles_sorted_by_path(tmp_path: Path) -> None:
    for name in ("b.txt", "a/2.md", "a/1.jsonl", "c/d/e.TXT"):
        write(tmp_path / name)
    assert found_names(tmp_path) == ["1.jsonl", "2.md", "b.txt", "e.TXT"]


def test_hidden_and_unknown_files_are_counted(tmp_path: Path) -> None:
    for name in ("a.txt", ".hidden.txt", ".git/config.txt", "b.jpg", "c.mp3", "d.jpg", "e"):
        write(tmp_path / name)
    assert [found for found in find_sources([str(tmp_path)]) if isinstance(found, Skipped)] == [
        Skipped(str(tmp_path), 2, "hidden"),
        Skipped(str(tmp_path), 4, "of a kind that is not read (.jpg, .mp3, no ending)"),
    ]


@pytest.mark.parametrize(
    ("pattern", "names"),
    [
        ("*.txt", ["a.txt"]),
        ("**/*.txt", ["a.txt", "b.txt", "c.txt"]),
        ("news/**/c.*", ["c.txt"]),
        ("news/*", ["c.txt", "b.txt"]),
        ("[ab].txt", ["a.txt"]),
        ("n*/?.txt", ["b.txt"]),
        ("**", ["a.txt", "c.txt", "b.txt"]),
    ],
)
def test_glob_gives_what_it_matches(tmp_path: Path, pattern: str, names: list[str]) -> None:
    for name in ("a.txt", "news/b.txt", "news/2021/c.txt", ".hidden/d.txt"):
        write(tmp_path / name)
    assert found_names(tmp_path / pattern) == names


def test_name_with_brackets_is_a_name_if_there_is_such_a_file(tmp_path: Path) -> None:
    write(tmp_path / "a[1].txt")
    assert found_names(tmp_path / "a[1].txt") == ["a[1].txt"]


def test_file_that_is_named_twice_is_read_once(tmp_path: Path) -> None:
    named = write(tmp_path / "news" / "a.txt")
    assert found_names(named, tmp_path, tmp_path / "news/../news/*.txt") == ["a.txt"]


def test_identity_is_the_absolute_path(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    named = write(tmp_path / "a.txt")
    monkeypatch.chdir(tmp_path)
    (file,) = find_sources(["./a.txt"])
    assert isinstance(file, SourceFile)
    (draft,) = read_source(file)
    assert isinstance(draft, Draft)
    assert (draft.origin, draft.container, draft.source) == (str(named), str(named), "a.txt")
    assert draft.modified_at is not None


def test_what_cannot_be_read_is_named_with_the_reason(tmp_path: Path) -> None:
    write(tmp_path / "good.txt")
    write(tmp_path / "empty.txt", "")
    write(tmp_path / "blank.txt", " \n ")
    write(tmp_path / "large.txt", "x" * 1001)
    (tmp_path / "random.txt").write_bytes(random.Random(1).randbytes(500))
    (tmp_path / "program.txt").write_bytes(b"\x7fELF" + bytes(100))
    os.mkfifo(tmp_path / "pipe.txt")
    (tmp_path / "circle.txt").symlink_to("circle.txt")
    (tmp_path / "nothing.txt").symlink_to("gone.txt")
    (tmp_path / "again").symlink_to(".")
    assert failures(tmp_path) == {
        "again": "a link back to a folder that it stands in",
        "blank.txt": "holds nothing but white space",
        "circle.txt": "a link that leads nowhere, or round in a circle",
        "empty.txt": "empty",
        "large.txt": "larger than 0.001 MB, the limit for one article",
        "nothing.txt": "a link to nothing",
        "pipe.txt": "not a file but a named pipe",
        "program.txt": "not text: a program, by its first bytes",
        "random.txt": "not text: 57 of 500 bytes are control characters",
    }


def test_arguments_that_give_nothing_say_so(tmp_path: Path) -> None:
    (tmp_path / "bare").mkdir()
    write(tmp_path / "picture.jpg")
    known = ", ".join([*READERS, ".atom", ".rss"]) + " or .xml"
    assert failures(tmp_path / "no.txt", tmp_path / "bare", tmp_path / "*.md") == {
        "no.txt": f"no such file or folder: {tmp_path / 'no.txt'}",
        "bare": f"no article in it, that is no {known} file",
        "*.md": f"no {known} file matches {tmp_path / '*.md'}",
    }
    assert failures(tmp_path / "picture.jpg", "ftp://me:secret@example.com/a", "") == {
        "picture.jpg": f"not a kind of file that can be read: {known}",
        "a": "ftp links are not followed, only http and https",
        "": "not the name of a file or folder",
    }


def test_link_out_of_a_folder_is_refused_unless_asked_for(tmp_path: Path) -> None:
    secret = write(tmp_path / "secret.txt")
    folder = write(tmp_path / "news" / "a.txt").parent
    (folder / "out.txt").symlink_to(secret)
    (folder / "away").symlink_to("/etc")
    assert failures(folder) == {
        "out.txt": f"a link out of the folder, to {secret}: not followed",
        "away": "a link out of the folder, to /etc: not followed",
    }
    assert failures(folder / "*.txt").keys() == {"out.txt"}
    (folder / "away").unlink()
    assert found_names(folder, follow_links=True) == ["a.txt", "out.txt"]


def test_link_within_a_folder_is_not_read_twice(tmp_path: Path) -> None:
    (tmp_path / "alias.txt").symlink_to(write(tmp_path / "b.txt"))
    assert found_names(tmp_path) == ["b.txt"]
    assert found_names(tmp_path, follow_links=True) == ["alias.txt"]


def test_followed_links_do_not_lead_in_circles(tmp_path: Path) -> None:
    write(tmp_path / "a" / "a.txt")
    write(tmp_path / "b" / "b.txt")
    (tmp_path / "a" / "to_b").symlink_to(tmp_path / "b")
    (tmp_path / "b" / "to_a").symlink_to(tmp_path / "a")
    assert sorted(found_names(tmp_path, follow_links=True)) == ["a.txt", "b.txt"]
    assert found_names(tmp_path / "**" / "*.txt") == ["a.txt", "b.txt"]


def test_link_that_is_named_itself_is_read(tmp_path: Path) -> None:
    latest = tmp_path / "latest.txt"
    latest.symlink_to(write(tmp_path / "a.txt"))
    (file,) = find_sources([str(latest)])
    assert isinstance(file, SourceFile)
    assert isinstance(next(read_source(file)), Draft)


def test_file_that_vanishes_or_turns_into_a_pipe_fails_alone(tmp_path: Path) -> None:
    for name in ("a.txt", "b.txt", "c.txt"):
        write(tmp_path / name)
    files = [found for found in find_sources([str(tmp_path)]) if isinstance(found, SourceFile)]
    (tmp_path / "a.txt").unlink()
    (tmp_path / "b.txt").unlink()
    os.mkfifo(tmp_path / "b.txt")
    readings = [reading for file in files for reading in read_source(file)]
    assert [r.reason if isinstance(r, SourceFailure) else "read" for r in readings] == [
        "it is gone, or a link to nothing",
        "not a file but a named pipe",
        "read",
    ]


def test_what_may_not_be_read_fails_alone(as_nobody: Path) -> None:
    write(as_nobody / "a.txt").chmod(0)
    write(as_nobody / "b" / "b.txt").parent.chmod(0)
    write(as_nobody / "c.txt")
    assert failures(as_nobody) == {
        "a.txt": "permission to read it is missing",
        "b": "permission to read it is missing",
    }
    assert found_names(as_nobody) == ["a.txt", "c.txt"]


@pytest.mark.parametrize("rights", [0o000, 0o100])
@pytest.mark.parametrize("argument", ["b/*.txt", "*/*.txt", "**/*.txt", "*/c.txt", "b/c.txt"])
def test_closed_folder_is_not_called_missing(as_nobody: Path, argument: str, rights: int) -> None:
    write(as_nobody / "b" / "c.txt")
    (as_nobody / "b").chmod(rights)
    if rights == 0o000 or "*.txt" in argument:
        assert set(failures(as_nobody / argument).values()) == {"permission to read it is missing"}
    else:
        assert failures(as_nobody / argument) == {}


def test_name_that_is_not_utf8_is_told_readably(tmp_path: Path) -> None:
    Path(os.fsdecode(os.fsencode(tmp_path) + b"/\xff.txt")).touch()
    assert failures(tmp_path) == {"\\xff.txt": "its name is not UTF-8: rename it"}


def test_digest_tells_of_a_change(tmp_path: Path) -> None:
    path = write(tmp_path / "a.txt")
    (file,) = find_sources([str(path)])
    assert isinstance(file, SourceFile)
    before = file.digest()
    write(path, "The minister stayed.")
    assert None is not before != file.digest()


def given_on_stdin(monkeypatch: pytest.MonkeyPatch, data: bytes) -> list[Reading]:
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(data)))
    (file,) = find_sources(["-", "-"])
    assert isinstance(file, SourceFile)
    assert file.digest() is None
    return list(read_source(file))


def test_text_on_standard_input_is_known_by_its_content(monkeypatch: pytest.MonkeyPatch) -> None:
    (draft,) = given_on_stdin(monkeypatch, b"\n{ The minister left.\n")
    assert isinstance(draft, Draft)
    assert draft.text == "\n{ The minister left.\n"
    assert (draft.origin, draft.container) == ("-#009225b74019", "-")


def test_records_on_standard_input_are_read_as_records(monkeypatch: pytest.MonkeyPatch) -> None:
    drafts = given_on_stdin(monkeypatch, b'\n{"text": "One."}\n{"text": "Two."}')
    assert [draft.text for draft in drafts if isinstance(draft, Draft)] == ["One.", "Two."]


def test_nothing_on_standard_input_is_a_failure(monkeypatch: pytest.MonkeyPatch) -> None:
    assert given_on_stdin(monkeypatch, b"") == [SourceFailure("-", "empty", "-")]
