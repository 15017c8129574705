from typing import Any

import pytest

from ingest.html.schema_org import ToldStory, find_stories

STORY: dict[str, Any] = {"@type": "NewsArticle", "headline": "Harbour bridge to close"}


def test_story_is_read_with_all_that_is_told_of_it() -> None:
    told = {
        **STORY,
        "author": [{"name": "Jane Doe"}, "Max Roe"],
        "publisher": {"name": "Smith &amp; Sons Daily"},
        "datePublished": "2025-10-07",
        "dateModified": "2025-10-08",
        "mainEntityOfPage": {"@id": "https://example.com/a?b&copy=1"},
        "inLanguage": {"@type": "Language", "name": "English", "alternateName": "en"},
    }
    assert find_stories([told]) == [
        ToldStory(
            headline="Harbour bridge to close",
            authors=("Jane Doe", "Max Roe"),
            publisher="Smith & Sons Daily",
            published=("2025-10-07",),
            updated=("2025-10-08",),
            urls=("https://example.com/a?b&copy=1",),
            languages=("en", "English"),
        )
    ]


def test_names_that_stand_elsewhere_on_the_page_are_found() -> None:
    story = {**STORY, "author": {"@id": "#jane"}, "publisher": {"@id": "#paper"}}
    people = [{"@id": "#jane", "name": "Jane Doe"}, {"@id": "#paper", "name": "The Example"}]
    (found,) = find_stories([{"@graph": [story]}, {"@graph": people}])
    assert (found.authors, found.publisher) == (("Jane Doe",), "The Example")


@pytest.mark.parametrize(
    "told",
    [
        {"creator": "Jane Doe"},
        {"author": {"name": ["Jane Doe"]}},
        {"author": {"givenName": "Jane", "familyName": "Doe"}},
    ],
)
def test_author_may_be_told_in_other_ways(told: dict[str, Any]) -> None:
    (found,) = find_stories([{**STORY, **told}])
    assert found.authors == ("Jane Doe",)


@pytest.mark.parametrize(
    ("told", "published"),
    [
        (["2025-10-07"], ("2025-10-07",)),
        ({"@value": "2025-10-07"}, ("2025-10-07",)),
        (1759824000, ("1759824000",)),
        (True, ()),
        (None, ()),
    ],
)
def test_date_may_be_told_in_other_ways(told: object, published: tuple[str, ...]) -> None:
    (found,) = find_stories([{**STORY, "datePublished": told}])
    assert found.published == published


@pytest.mark.parametrize("holder", ["@graph", "mainEntity", "mainEntityOfPage", "hasPart"])
def test_story_is_found_within_what_holds_it(holder: str) -> None:
    assert find_stories([{"@type": "WebPage", holder: [STORY]}])


def test_markup_and_entities_are_no_part_of_a_headline() -> None:
    (found,) = find_stories([{**STORY, "headline": "Mayor&#39;s <em>big</em> plan"}])
    assert found.headline == "Mayor's big plan"
