from dataclasses import replace
from datetime import date

import pytest

from ingest.articles import revision_of
from ingest.drafts import Draft

DRAFT = Draft(text="She left on Friday.", origin="a", container="a", source="a")


@pytest.mark.parametrize(
    ("written", "updated_at"),
    [
        ("2021-12-04T10:00:00Z", "2021-12-04T10:00:00Z"),
        ("2035-01-01", None),
        ("1970-01-01T00:00:00Z", None),
        ("0000-00-00", None),
    ],
)
def test_date_of_a_change_is_doubted_as_that_of_publication_is(
    written: str, updated_at: str | None
) -> None:
    changed = replace(DRAFT, updated_at=written)
    revision, _ = revision_of(changed, today=date(2021, 12, 5), audience=frozenset())
    assert revision.article.updated_at == updated_at
