"""A feed's text counts for the pages of its own site, and for nobody else's."""

from collections.abc import Iterator
from functools import partial
from pathlib import Path

import pytest

from ingest.pipeline import Pipeline
from ingest.report import Report
from ingest.web.guard import AddressGuard
from ingest.web.urls import same_site
from tests.archive import open_library
from tests.ingest.web.test_follow import item, rss, statuses, story, told
from tests.ingest.website import Website, status, website

FORGED = "".join(f"<p>Paragraph {n}: the bank of the example has failed.</p>" for n in range(40))


class Sites:
    """Two sites on one machine: a newspaper's and a forger's, whose feed is ingested."""

    def __init__(self, home: Path, paper: Website, forger: Website) -> None:
        self.paper = paper
        self.forger = forger
        self.paper_url = f"http://localhost:{paper.port}"
        self.library = open_library(home)

    def ingest(self) -> Report:
        hosts = [f"127.0.0.1:{self.forger.port}", f"localhost:{self.paper.port}"]
        open_web = partial(self.paper.web, guard=AddressGuard(hosts))
        pipeline = Pipeline(self.library, max_bytes=1_000_000, open_web=open_web)
        return pipeline.run([f"{self.forger.url}/feed"])

    @property
    def texts(self) -> dict[str, str]:
        return {article.origin: article.text for article in self.library.ledger.articles()}


@pytest.fixture
def sites(tmp_path: Path) -> Iterator[Sites]:
    with website() as paper, website() as forger:
        yield Sites(tmp_path, paper, forger)


def test_longer_text_of_a_foreign_feed_is_not_stored_as_the_page(sites: Sites) -> None:
    sites.paper.pages["/a"] = story("Talks")
    sites.forger.pages["/feed"] = rss(item(f"{sites.paper_url}/a", "Talks", FORGED))
    assert told(sites.ingest()) == [("added", None)]
    [(origin, text)] = sites.texts.items()
    assert origin == f"{sites.paper_url}/a"
    assert "Geneva" in text
    assert "failed" not in text


@pytest.mark.parametrize("answer", [404, 403, 500])
def test_foreign_feed_does_not_stand_in_for_a_page_that_cannot_be_had(
    sites: Sites, answer: int
) -> None:
    sites.paper.pages["/a"] = status(answer)
    sites.forger.pages["/feed"] = rss(item(f"{sites.paper_url}/a", "Talks", FORGED))
    [failed] = sites.ingest().sources
    assert failed.status == "failed"
    assert "127.0.0.1 has no say" in (failed.reason or "")
    assert sites.texts == {}


def test_redirect_on_its_own_site_does_not_give_a_feed_a_say_about_another(sites: Sites) -> None:
    sites.paper.pages["/a"] = story("Talks")
    sites.forger.pages["/r"] = status(302, Location=f"{sites.paper_url}/a")
    sites.forger.pages["/feed"] = rss(item("/r", "Talks", FORGED))
    assert statuses(sites.ingest()) == ["added"]
    [(origin, text)] = sites.texts.items()
    assert origin == f"{sites.paper_url}/a"
    assert "failed" not in text


def test_feed_that_is_reached_by_a_redirect_speaks_for_the_site_that_it_is_on(sites: Sites) -> None:
    sites.paper.pages["/a"] = story("Talks")
    sites.paper.pages["/feed"] = rss(item("/a", "Talks", FORGED))
    sites.forger.pages["/feed"] = status(302, Location=f"{sites.paper_url}/feed")
    assert statuses(sites.ingest()) == ["added"]
    [text] = sites.texts.values()
    assert "Paragraph 39" in text


def test_text_of_a_feed_is_taken_for_a_page_of_its_own_site(sites: Sites) -> None:
    sites.forger.pages["/feed"] = rss(item("/gone", "Talks", FORGED))
    assert statuses(sites.ingest()) == ["added"]
    assert list(sites.texts) == [f"{sites.forger.url}/gone"]


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("https://feeds.bbc.co.uk/rss", "https://www.bbc.co.uk/a", True),
        ("https://news.example/feed", "https://news.example/a", True),
        ("http://news.com:8080/feed", "https://www.news.com/a", True),
        ("https://bbc.co.uk/feed", "https://itv.co.uk/a", False),
        ("https://one.github.io/feed", "https://other.github.io/a", False),
        ("https://one.example/feed", "https://other.example/a", False),
        ("http://127.0.0.1:8001/feed", "http://127.0.0.1:8002/a", False),
        ("http://127.0.0.1:8001/feed", "http://localhost:8001/a", False),
        ("https://evilnews.com/feed", "https://news.com/a", False),
    ],
)
def test_same_site_is_one_registrable_host(one: str, other: str, *, same: bool) -> None:
    assert same_site(one, other) is same
