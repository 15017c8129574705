"""Exports of WordPress: what is no published post is held, and its page is not asked for."""

from pathlib import Path

import pytest

from tests.archive import found
from tests.ingest.desk import Desk

ITEM = """<item><title>{title}</title><link>http://127.0.0.1:9/{slug}</link>
<guid isPermaLink="false">http://127.0.0.1:9/?p={slug}</guid>
<content:encoded><![CDATA[<p>The {slug} of the harbour is told here at some length.</p>]]>
</content:encoded><wp:post_name><![CDATA[{slug}]]></wp:post_name>
<wp:status><![CDATA[{status}]]></wp:status><wp:post_type><![CDATA[{type}]]></wp:post_type>
<wp:post_password><![CDATA[{password}]]></wp:post_password></item>"""

EXPORT = """<?xml version="1.0" encoding="UTF-8"?>
<rss version="2.0" xmlns:content="http://purl.org/rss/1.0/modules/content/"
 xmlns:wp="http://wordpress.org/export/1.2/"><channel><title>Harbour News</title>
<link>http://127.0.0.1:9</link><wp:wxr_version>1.2</wp:wxr_version>{items}</channel></rss>"""


def item(slug: str, status: str = "publish", kind: str = "post", password: str = "") -> str:
    return ITEM.format(title=f"The {slug}", slug=slug, status=status, type=kind, password=password)


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    return Desk(tmp_path / "home")


def test_only_published_posts_of_an_export_are_published(desk: Desk, tmp_path: Path) -> None:
    file = tmp_path / "export.xml"
    items = [
        item("crane"),
        item("sketch", "draft"),
        item("diary", "private"),
        item("proof", "pending"),
        item("about", kind="page"),
        item("wallet", password="hunter2"),
        item("bin", "trash"),
    ]
    file.write_text(EXPORT.format(items="".join(items)))
    report = desk.ingest(file)
    withheld = {s.source.rpartition("/")[2]: s.publication_reason for s in report.sources}
    assert withheld == {
        "crane": None,
        "sketch": "draft",
        "diary": "private",
        "proof": "pending",
        "about": "a page, not a post",
        "wallet": "protected by a password",
        "bin": "trash",
    }
    ledger = desk.library.ledger
    assert [a.url for a in ledger.articles()] == ["http://127.0.0.1:9/crane"]
    assert len(found(desk.library, "sketch diary proof wallet harbour told at length")) == 1
    assert sum(sum(reasons.values()) for reasons in ledger.unpublished().values()) == 6


def test_feed_of_another_site_can_not_hold_a_page(desk: Desk, tmp_path: Path) -> None:
    from ingest.web.feeds import Item
    from ingest.web.linked_pages import _is_withheld

    draft = Item("k", "k", "https://a.example/1", stated={"status": "draft"})
    assert _is_withheld(draft, "https://a.example/feed")
    assert _is_withheld(draft, str(tmp_path / "export.xml"))
    assert not _is_withheld(draft, "https://b.example/feed")
