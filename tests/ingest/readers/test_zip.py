import io
import zipfile
from datetime import UTC, datetime
from pathlib import Path

from ingest.drafts import Draft, Reading, Skipped, SourceFailure
from ingest.sources import find_sources
from tests.ingest.conftest import Read
from tests.ingest.made_files import letter, pdf, zipped


def outcomes(readings: list[Reading]) -> dict[str, str]:
    """Text or reason, by what stands behind the first `#` of origin or source."""
    told = {}
    for reading in readings:
        match reading:
            case Draft():
                told[reading.origin.partition("#")[2]] = reading.text
            case SourceFailure():
                told[reading.source.partition("#")[2]] = reading.reason
            case Skipped():
                told[""] = f"{reading.count} {reading.reason}"
    return told


def test_each_file_is_read_by_its_reader_and_fails_alone(read: Read) -> None:
    packed = zipped(
        {
            "a.txt": "The minister left.",
            "2021/b.md": "# Title\n\nShe stayed.",
            "c.pdf": pdf(["He came."]),
            "bad.pdf": "no PDF",
            "empty.txt": "",
            "photo.jpg": "",
            ".hidden.txt": "Hidden.",
            "__MACOSX/._a.txt": "Hidden.",
        }
    )
    assert outcomes(read("a.zip", packed)) == {
        "a.txt": "The minister left.",
        "2021/b.md": "She stayed.",
        "c.pdf": "He came.",
        "bad.pdf": "damaged: Failed to load document (PDFium: Data format error).",
        "empty.txt": "empty",
        "": "1 of a kind that is not read (.jpg)",
    }


def test_part_is_known_by_the_zip_and_its_name(read: Read) -> None:
    (draft,) = read("a.zip", zipped({"2021/a.txt": "She left."}))
    assert isinstance(draft, Draft)
    assert draft.container.endswith("/a.zip")
    assert draft.origin == f"{draft.container}#2021/a.txt"
    assert draft.source == "a.txt"
    assert draft.modified_at == datetime(2021, 12, 3, 10, tzinfo=UTC)


def test_names_that_lead_out_are_refused(read: Read) -> None:
    names = ["../a.txt", "b/../../a.txt", "/etc/a.txt", "C:\\a.txt", "\\\\host\\a.txt"]
    packed = zipped({**dict.fromkeys(names, "Out."), "good.txt": "In."})
    refused = "its name leads out of the zip: not read"
    told = outcomes(read("a.zip", packed))
    assert told.pop("good.txt") == "In."
    assert set(told.values()) == {refused}
    assert len(told) == len(names)


def test_letters_are_opened_in_letters_but_no_zip_in_a_zip(read: Read) -> None:
    mail = letter("Fifth.")
    for text in ("Fourth.", "Third.", "Second.", "First."):
        around = letter(text)
        around.add_attachment(mail, filename="m.eml")
        mail = around
    inner = zipped({"a.txt": "Inside."})
    mail.add_attachment(inner, "application", "zip", filename="b.zip")
    told = outcomes(read("a.zip", zipped({"inner.zip": inner, "m.eml": mail.as_bytes()})))
    assert {name: text.strip() for name, text in told.items()} == {
        "inner.zip": "packed too deep: unpack it first",
        "m.eml": "First.",
        "m.eml#m.eml": "Second.",
        "m.eml#m.eml#m.eml": "Third.",
        "m.eml#m.eml#m.eml#m.eml": "packed too deep: unpack it first",
        "m.eml#b.zip": "packed too deep: unpack it first",
    }


def test_parts_of_one_name_are_articles_of_their_own(read: Read) -> None:
    texts = {"a.txt": "One.", "a-2.txt": "Two.", "b.txt": "Three.", "c.txt": "Four.", "A.txt": "5."}
    packed = zipped(texts).replace(b"b.txt", b"a.txt").replace(b"c.txt", b"a.txt")
    assert outcomes(read("a.zip", packed)) == {
        "a.txt": "One.",
        "a-2.txt": "Two.",
        "a-3.txt": "Three.",
        "a-4.txt": "Four.",
        "A.txt": "5.",
    }


def test_locked_part_and_damaged_zip_say_so(read: Read) -> None:
    packed = bytearray(zipped({"a.txt": "Secret."}))
    packed[6] |= 1
    packed[packed.index(b"PK\x01\x02") + 8] |= 1
    assert outcomes(read("a.zip", bytes(packed))) == {
        "a.txt": "locked with a password: unpack it first"
    }
    assert outcomes(read("b.zip", bytes(packed[:40]))) == {"": "damaged: File is not a zip file"}


def test_colon_and_dots_in_a_name_do_not_lead_out(read: Read) -> None:
    names = ["Q: who?.txt", "a:b.txt", "story..final.txt"]
    told = outcomes(read("a.zip", zipped(dict.fromkeys(names, "In."))))
    assert told == dict.fromkeys(names, "In.")


def test_zip_may_be_larger_than_an_article_but_no_text_in_it(read: Read) -> None:
    packed = io.BytesIO(zipped({"a.txt": "In.", "long.txt": "x" * 1_000_001}))
    with zipfile.ZipFile(packed, "a") as archive:
        archive.writestr("photo.jpg", bytes(1_500_000))
    assert outcomes(read("a.zip", packed.getvalue())) == {
        "a.txt": "In.",
        "long.txt": "larger than 1 MB, the limit for one article",
        "": "1 of a kind that is not read (.jpg)",
    }


def test_zip_over_its_limit_and_zip_of_nothing_say_so(tmp_path: Path, read: Read) -> None:
    path = tmp_path / "large.zip"
    path.write_bytes(bytes(5_001))
    (failure,) = find_sources([str(path)], max_bytes=1_000)
    assert getattr(failure, "reason", "") == "larger than 0.005 MB, the limit for one file"
    assert outcomes(read("a.zip", zipped({}))) == {"": "holds no file"}
