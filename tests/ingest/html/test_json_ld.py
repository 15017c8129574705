import html
import json

import pytest
from lxml.html import document_fromstring

from ingest.html.json_ld import read_json_ld

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
