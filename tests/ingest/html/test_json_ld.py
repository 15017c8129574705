import html
import json
from typing import Any

import pytest
from lxml.html import document_fromstring

from ingest.html.metadata import SchemaArticle, find_articles, read_json_ld

STORY = {"@type": "NewsArticle", "headline": "It's a // long /* day */"}
JSON = json.dumps(STORY)


def page(script: str, kind: str = "application/ld+json") -> str:
    return f"<html><head><script type='{kind}'>{script}</script></head><body></body></html>"


@pytest.mark.parametrize(
    "script",
    [
        JSON,
        f"\ufeff{JSON};",
        f"//<![CDATA[\n{JSON}\n//]]>",
        f"//<![CDATA[ {JSON} //]]>",
        f"/*<![CDATA[*/{JSON}/*]]>*/",
        f"<!-- {JSON} -->",
        f"// by a plug-in\n/* of ours */ {JSON}",
        JSON.replace("}", ",\n}"),
        JSON.replace("It's", "It\\'s"),
        html.escape(JSON),
    ],
)
def test_what_is_not_quite_json_is_read(script: str) -> None:
    assert read_json_ld(document_fromstring(page(script))) == [STORY]


@pytest.mark.parametrize("kind", ["application/ld+json; charset=utf-8", "Application/LD+JSON"])
def test_type_of_the_script_may_be_written_in_other_ways(kind: str) -> None:
    assert read_json_ld(document_fromstring(page(JSON, kind))) == [STORY]


def test_values_one_behind_the_other_are_all_read() -> None:
    found = read_json_ld(document_fromstring(page(f"{JSON}\n[{JSON}]{{broken")))
    assert found == [STORY, [STORY]]


@pytest.mark.parametrize(
    "script", ["", "run()", "[" * 100_000, '"' + '\\"' * 50_000, "/*" * 50_000]
)
def test_script_that_holds_nothing_is_passed_over(script: str) -> None:
    assert read_json_ld(document_fromstring(page(script))) == []


ARTICLE: dict[str, Any] = {"@type": "NewsArticle", "headline": "Harbour bridge to close"}


def test_article_is_read_with_all_its_values() -> None:
    given = {
        **ARTICLE,
        "author": [{"name": "Jane Doe"}, "Max Roe"],
        "publisher": {"name": "Smith &amp; Sons Daily"},
        "datePublished": "2025-10-07",
        "dateModified": "2025-10-08",
        "mainEntityOfPage": {"@id": "https://example.com/a?b&copy=1"},
        "inLanguage": {"@type": "Language", "name": "English", "alternateName": "en"},
    }
    assert find_articles([given]) == [
        SchemaArticle(
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
    story = {**ARTICLE, "author": {"@id": "#jane"}, "publisher": {"@id": "#paper"}}
    people = [{"@id": "#jane", "name": "Jane Doe"}, {"@id": "#paper", "name": "The Example"}]
    (found,) = find_articles([{"@graph": [story]}, {"@graph": people}])
    assert (found.authors, found.publisher) == (("Jane Doe",), "The Example")


@pytest.mark.parametrize(
    "given",
    [
        {"creator": "Jane Doe"},
        {"author": {"name": ["Jane Doe"]}},
        {"author": {"givenName": "Jane", "familyName": "Doe"}},
    ],
)
def test_author_may_be_given_in_other_ways(given: dict[str, Any]) -> None:
    (found,) = find_articles([{**ARTICLE, **given}])
    assert found.authors == ("Jane Doe",)


@pytest.mark.parametrize(
    ("given", "published"),
    [
        (["2025-10-07"], ("2025-10-07",)),
        ({"@value": "2025-10-07"}, ("2025-10-07",)),
        (1759824000, ("1759824000",)),
        (True, ()),
        (None, ()),
    ],
)
def test_date_may_be_given_in_other_ways(given: object, published: tuple[str, ...]) -> None:
    (found,) = find_articles([{**ARTICLE, "datePublished": given}])
    assert found.published == published


@pytest.mark.parametrize("holder", ["@graph", "mainEntity", "mainEntityOfPage", "hasPart"])
def test_story_is_found_within_what_holds_it(holder: str) -> None:
    assert find_articles([{"@type": "WebPage", holder: [ARTICLE]}])


def test_markup_and_entities_are_no_part_of_a_headline() -> None:
    (found,) = find_articles([{**ARTICLE, "headline": "Mayor&#39;s <em>big</em> plan"}])
    assert found.headline == "Mayor's big plan"
