from collections.abc import Sequence

import pytest

from ingest.drafts import Draft, Reading, Skipped, SourceFailure
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


def texts(readings: Sequence[Reading]) -> list[str]:
    """Texts of the articles, reasons of the failures."""
    return [reading.text if isinstance(reading, Draft) else reading.reason for reading in readings]


@pytest.mark.parametrize(
    ("table", "expected"),
    [
        ("title,text\nA,One\rmore.\nB,Two.\r\n", ["One\u2028more.", "Two."]),
        ('title,text\r\nA,"One\r\nmore."\r\n', ["One\r\nmore."]),
    ],
)
def test_a_stray_return_in_a_cell_is_a_line_break_of_it(
    read: Read, table: str, expected: list[str]
) -> None:
    assert texts(read("a.csv", table)) == expected


PAIRLESS = "quotation marks that do not pair"


@pytest.mark.parametrize(
    ("rows", "expected"),
    [
        ('A\t"No," she said.\t1\nB\tTwo.\t2\n', ['"No," she said.', "Two."]),
        ('A\t"No, she said.\t1\nB\tTwo.\t2\n', ['"No, she said.', "Two."]),
        (
            'A\t"Yes,\tno\t1\nB\tTwo.\t2\nC\t"Th\nree."\t3',
            [f"line 2: {PAIRLESS}", "Two.", "Th\nree."],
        ),
        ('A\t"She\n\nleft\tit.\nB\tTwo.\t2\n', [f"lines 2 to 4: {PAIRLESS}", "Two."]),
        (
            'A\t"He said \\"no\\",\nand left."\t1\nB\tTwo.\t2\n',
            ['He said "no",\nand left.', "Two."],
        ),
        ('A\t"He said ""no"",\nand left."\n', ['He said "no",\nand left.']),
        ('A\tOne 5" pipe.\t1\nB\tTwo.\t2\n', ['One 5" pipe.', "Two."]),
        ('A\t"One', [f"line 2: {PAIRLESS}"]),
    ],
)
def test_row_with_an_odd_quotation_mark_does_not_swallow_the_next(
    read: Read, rows: str, expected: list[str]
) -> None:
    assert texts(read("a.tsv", f"title\ttext\tdate\n{rows}")) == expected


def test_marks_that_each_swallow_the_rest_are_given_up(read: Read) -> None:
    table = "title,text\n" + 'a","b\n' * 150_000
    assert texts(read("a.csv", table))[-1] == ("gave up at line 6: its quotation marks do not pair")


@pytest.mark.parametrize(
    ("header", "known"),
    [
        ("Title,Main Text,Date Published", ("A", "One.", "2021-12-03")),
        ('post_title,post_content,"date, local"', ("A", "One.", "2021-12-03")),
        ('"title","text","Published At\n(UTC)"', ("A", "One.", "2021-12-03")),
        ("headline,articleBody,datePublished", ("A", "One.", "2021-12-03")),
        ("sep=,\nTitle,Body,Published", ("A", "One.", "2021-12-03")),
        ("title type,text,date of birth", (None, "One.", None)),
    ],
)
def test_columns_are_known_by_the_words_of_their_names(
    read: Read, header: str, known: tuple[str | None, ...]
) -> None:
    draft = read("a.csv", f"{header}\nA,One.,2021-12-03\n")[-1]
    assert isinstance(draft, Draft)
    assert (draft.title, draft.text, draft.published_at) == known


def test_surest_column_that_holds_anything_is_taken(read: Read) -> None:
    (draft,) = read("a.csv", "title,content,text,text\nA,Four.,,Three.\n")
    assert texts([draft]) == ["Three."]


def test_columns_that_may_be_the_title_or_the_date_are_named_if_not_used(read: Read) -> None:
    skipped, _ = read("a.csv", "Titel,text,Datum\nA,One.,2021-12-03\n")
    assert isinstance(skipped, Skipped)
    assert (skipped.count, skipped.reason) == (
        2,
        "of its columns not used (Titel, Datum): none is known as its title or its date",
    )


def test_comma_that_cuts_a_text_off_is_told(read: Read) -> None:
    (draft,) = read("a.csv", "title,text\nA,One, and more.\n")
    assert isinstance(draft, Draft)
    assert draft.notes == ("has 3 cells for 2 columns: is a text cut off?",)


@pytest.mark.parametrize(
    ("table", "reason"),
    [
        ("title,text\n", "no row below the first, which names the columns"),
        ("title,text" + "," * 5_000, "no table: more than 1000 columns in its first row"),
        ("\n \n", "empty"),
    ],
)
def test_table_without_rows_is_a_failure(read: Read, table: str, reason: str) -> None:
    assert texts(read("a.csv", table)) == [reason]


def test_rows_that_share_a_title_or_a_number_are_articles_of_their_own(read: Read) -> None:
    """The first keeps the identity that it would have alone, and a row given twice is one."""
    head = "id,title,text,date\n"
    rain, sun = ",Weather,Rain.,2021-12-03\n", ",Weather,Sun.,2021-12-04\n"
    same_day, numbered = ",Weather,Hail.,2021-12-04\n", "7,A,One.,\n7,B,Two.,\n"
    (alone,) = origins(read("a.csv", head + rain))
    together = origins(read("a.csv", head + rain + sun + same_day + numbered + sun))
    assert together[0] == alone
    assert together[3].endswith("a.csv#7")
    assert together[5] == together[1]
    assert len(set(together)) == 5
    newest_first = origins(read("a.csv", head + sun + rain))
    assert newest_first[0] == alone


def origins(readings: Sequence[Reading]) -> list[str]:
    return [reading.origin for reading in readings if isinstance(reading, Draft)]
