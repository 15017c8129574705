from ingest.drafts import Draft, SourceFailure
from tests.ingest.conftest import Read


def test_columns_are_known_by_their_usual_names(read: Read) -> None:
    (draft,) = read(
        "a.csv",
        "Headline;Body;Link;Publish Date;Outlet;Byline;Lang;ID;Section\n"
        'Minister resigns;"She left;\nshe said ""bye"".";https://Example.com/a?utm_source=x;'
        "2021-12-03;The Example;Jane Q. R.;en;7;Politics\n",
    )
    assert isinstance(draft, Draft)
    assert draft.text == 'She left;\nshe said "bye".'
    assert draft.origin == draft.url == "https://example.com/a"
    assert (draft.title, draft.published_at) == ("Minister resigns", "2021-12-03")
    assert (draft.source, draft.author, draft.language) == ("The Example", "Jane Q. R.", "en")
    assert draft.article_id is None


def test_tabs_separate_as_well(read: Read) -> None:
    (draft,) = read("a.tsv", "title\ttext\nMinister, resigns\tShe left, at last.\n")
    assert isinstance(draft, Draft)
    assert (draft.title, draft.text) == ("Minister, resigns", "She left, at last.")


def test_bad_row_is_named_by_its_line_and_alone(read: Read) -> None:
    first, failure, last = read("a.csv", 'title,text\nA,"One\nmore."\nB,\n,\nC,Two.\n')
    assert isinstance(first, Draft)
    assert isinstance(last, Draft)
    assert isinstance(failure, SourceFailure)
    assert failure.reason == 'line 4: "text" is empty'
    assert failure.source.endswith("a.csv:4")


def test_table_of_something_else_says_what_it_has(read: Read) -> None:
    (failure,) = read("a.csv", "year,votes\n2021,12\n")
    assert isinstance(failure, SourceFailure)
    assert failure.reason == (
        "no column for the text (text, body, content) in its first row: year, votes"
    )


def test_encoding_is_guessed_and_told(read: Read) -> None:
    rows = "title,text\n" + "A,The minister left.\n" * 800 + "B,Le café est fermé à présent.\n"
    late = read("late.csv", rows.encode("cp1252"))[-1]
    assert isinstance(late, Draft)
    assert late.text == "Le café est fermé à présent."
    assert late.notes == ("encoding guessed: cp1252",)
    for encoding in ("utf-8-sig", "utf-16", "utf-16-le"):
        drafts = read("marked.csv", rows.encode(encoding))
        assert isinstance(drafts[-1], Draft)
        assert drafts[-1].text == late.text
