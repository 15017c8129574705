import json
from pathlib import Path

import pytest

from ingest.drafts import Draft, Reading, SourceFailure
from ingest.files import SourceFile
from ingest.readers.formats import read_source
from ingest.sources import find_sources


def read(path: Path, data: bytes, max_bytes: int = 10_000) -> list[Reading]:
    path.write_bytes(data)
    (file,) = find_sources([str(path)], max_bytes=max_bytes)
    assert isinstance(file, SourceFile)
    return list(read_source(file))


@pytest.fixture
def export(tmp_path: Path) -> Path:
    return tmp_path / "export.jsonl"


def test_record_becomes_a_draft(export: Path) -> None:
    record = {
        "id": "a-1",
        "title": "Minister resigns",
        "text": "The minister resigned.",
        "url": "https://www.example.com/2021/12/03/a?utm_source=feed#top",
        "source": "The Example",
        "published_at": "2021-12-03T14:05:00Z",
        "section": {"unknown": ["keys", "are", "ignored"]},
    }
    assert read(export, json.dumps(record).encode()) == [
        Draft(
            text="The minister resigned.",
            origin="https://www.example.com/2021/12/03/a",
            container=str(export),
            source="The Example",
            title="Minister resigns",
            article_id="a-1",
            url="https://www.example.com/2021/12/03/a",
            published_at="2021-12-03T14:05:00Z",
        )
    ]


@pytest.mark.parametrize(
    ("record", "origin", "source"),
    [
        (
            {"text": "A.", "url": "https://www.example.com/a"},
            "https://www.example.com/a",
            "example.com",
        ),
        ({"text": "A.", "id": 7}, "#7", "export.jsonl"),
        ({"text": "A.", "title": "T"}, "#e632b7095b0b", "export.jsonl"),
        ({"text": "T"}, "#e632b7095b0b", "export.jsonl"),
    ],
)
def test_record_is_known_by_its_url_else_its_id_else_its_title_or_text(
    export: Path, record: dict[str, object], origin: str, source: str
) -> None:
    (draft,) = read(export, json.dumps(record).encode())
    assert isinstance(draft, Draft)
    assert draft.origin.removeprefix(str(export)) == origin
    assert draft.source == source


@pytest.mark.parametrize(
    ("line", "reason"),
    [
        (b"nonsense", "not JSON: expected ident at column 2"),
        (b'{"text": "cut off', "not JSON: EOF while parsing a string at column 17"),
        (b"[1, 2]", "not a JSON object"),
        (b'{"title": "T"}', 'no "text"'),
        (b'{"text": 5}', '"text" is not a string'),
        (b'{"text": " "}', '"text" is empty'),
        (b'{"text": "A.", "id": true}', '"id" is not a string'),
        (b'{"text": "A.", "id": "%s"}' % (b"x" * 201), '"id" is longer than 200 characters'),
        (b'{"text": "A.", "id": "a\\nb"}', '"id" holds characters that cannot be shown'),
        (b'{"text": "%s"}' % (b"x" * 2000), "larger than 0.001 MB, the limit for one article"),
        (b'{"text": "A.", "x": ' + b"[" * 900, "not JSON: recursion limit exceeded at column 221"),
    ],
)
def test_bad_line_is_named_and_the_others_go_on(export: Path, line: bytes, reason: str) -> None:
    readings = read(export, b'{"text": "A."}\n\n' + line + b'\n{"text": "B."}\n', max_bytes=1000)
    assert [r.text if isinstance(r, Draft) else (r.source, r.reason) for r in readings] == [
        "A.",
        (f"{export}:3", f"line 3: {reason}"),
        "B.",
    ]


@pytest.mark.parametrize(
    ("told", "field", "string"),
    [
        ({"author": ["Jane Doe", {"name": "Bob Roe"}]}, "author", "Jane Doe, Bob Roe"),
        ({"source": {"name": "The Example", "id": 1}}, "source", "The Example"),
        ({"language": ["en", "de"]}, "language", "en"),
        ({"title": {"rendered": "Minister resigns"}}, "title", "Minister resigns"),
        ({"published_at": {"$date": "2021-12-03"}}, "published_at", "2021-12-03"),
        (
            {"published_at": {"$date": {"$numberLong": "1638266400000"}}},
            "published_at",
            "1638266400000",
        ),
        ({"published_at": 1638266400.5}, "published_at", "1638266400"),
        ({"id": {"$oid": "61a5"}}, "article_id", "61a5"),
        ({"id": " "}, "article_id", None),
        ({"title": None, "author": [], "source": ""}, "title", None),
    ],
)
def test_string_is_made_of_what_a_field_holds(
    export: Path, told: dict[str, object], field: str, string: str | None
) -> None:
    (draft,) = read(export, json.dumps({"text": "A.", **told}).encode())
    assert isinstance(draft, Draft)
    assert getattr(draft, field) == string


@pytest.mark.parametrize("value", [True, {"lc": 1, "type": "constructor"}, [[[["A"]]]], [None]])
def test_field_that_is_no_string_is_left_out_and_told(export: Path, value: object) -> None:
    (draft,) = read(export, json.dumps({"text": "A.", "title": value}).encode())
    assert isinstance(draft, Draft)
    assert (draft.title, draft.notes) == (None, ("title left out: not a string",))


def test_record_that_replaces_another_of_the_file_says_so(export: Path) -> None:
    told = [
        {"id": "a", "text": "One."},
        {"id": "a", "text": "Two."},
        {"id": "a", "text": "One."},
        {"url": "https://example.com/a", "text": "One."},
        {"url": "https://example.com/a#b", "text": "Two."},
    ]
    drafts = read(export, "\n".join(map(json.dumps, told)).encode())
    said = "replaces another record of this file that has the same"
    assert [draft.notes for draft in drafts if isinstance(draft, Draft)] == [
        (),
        (f"{said} id",),
        (),
        (),
        (f"{said} url",),
    ]


def test_metadata_is_inert_whatever_it_looks_like(export: Path) -> None:
    shaped = '{"lc": 1, "type": "constructor", "id": ["langchain"], "kwargs": {}}'
    (draft,) = read(export, json.dumps({"text": "A.", "title": shaped, "source": shaped}).encode())
    assert isinstance(draft, Draft)
    assert (draft.title, draft.source) == (shaped, shaped)


def test_url_that_is_not_of_the_web_is_left_out(export: Path) -> None:
    (draft,) = read(export, b'{"text": "A.", "url": "javascript:alert(1)"}')
    assert isinstance(draft, Draft)
    assert draft.url is None
    assert draft.notes == ("url left out: not a plain http or https one",)


def test_half_a_surrogate_pair_is_left_for_cleaning(export: Path) -> None:
    (draft,) = read(export, b'{"text": "A\\ud800."}')
    assert isinstance(draft, Draft)
    assert draft.text == "A\ud800."


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16"])
def test_export_with_a_byte_order_mark_is_read(export: Path, encoding: str) -> None:
    drafts = read(export, '{"text": "Größe."}\n{"text": "Ende.\u2028"}\n'.encode(encoding))
    assert [d.text for d in drafts if isinstance(d, Draft)] == ["Größe.", "Ende.\u2028"]


def test_line_that_is_not_utf8_is_guessed_and_told(export: Path) -> None:
    (draft,) = read(export, '{"text": "The café is open."}'.encode("cp1252"))
    assert isinstance(draft, Draft)
    assert (draft.text, draft.notes) == ("The café is open.", ("encoding guessed: cp1252",))


def test_other_file_under_this_name_is_given_up(export: Path) -> None:
    readings = read(export, b"no record\n" * 1000)
    assert len(readings) == 101
    assert readings[-1] == SourceFailure(
        str(export), "gave up: none of the first 100 lines is a JSON record", str(export)
    )


def test_export_without_a_record_is_empty(export: Path) -> None:
    assert read(export, b"\n \n") == [SourceFailure(str(export), "empty", str(export))]
