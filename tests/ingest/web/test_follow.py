"""From links to a stored archive: pages, feeds and sitemaps, as they change and fail."""

import gzip
from collections.abc import Iterator
from pathlib import Path

import pytest

from ingest.pipeline import Pipeline
from ingest.report import Progress, Report
from tests.archive import open_library
from tests.ingest.website import Answer, Website, page, status, website
from vectorstore.models import Article

PAGE = """<!DOCTYPE html><html lang="en"><head><title>{title}</title>
<meta property="og:site_name" content="The Example"></head><body><article><h1>{title}</h1>
<p>{text} The ministers met in Geneva on Monday, and talked until late in the evening.</p>
<p>They will meet again next week, their spokesman told reporters after the meeting.</p>
</article></body></html>"""


def story(title: str, text: str = "It was told.", **headers: str) -> Answer:
    return page(PAGE.format(title=title, text=text), **headers)


def rss(*items: str) -> Answer:
    body = f"<rss version='2.0'><channel><title>Wire</title>{''.join(items)}</channel></rss>"
    return page(body, "application/rss+xml", ETag=f'"{hash(items)}"')


def item(link: str, title: str = "", text: str = "", date: str = "") -> str:
    return (
        f"<item><title>{title}</title><link>{link}</link><description><![CDATA[{text}]]>"
        f"</description><pubDate>{date}</pubDate></item>"
    )


class Desk:
    """A pipeline that reaches one website, with an archive of its own."""

    def __init__(self, home: Path, site: Website) -> None:
        home.mkdir()
        self.site = site
        self.library = open_library(home)

    def ingest(self, *sources: str | Path, prune: bool = False) -> Report:
        self.site.asked.clear()
        pipeline = Pipeline(self.library, max_bytes=1_000_000, open_web=self.site.web)
        return pipeline.run([str(source) for source in sources], prune=prune)

    @property
    def articles(self) -> dict[str, Article]:
        return {article.title: article for article in self.library.ledger.articles()}


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Desk]:
    with website() as site:
        yield Desk(tmp_path / "home", site)


def told(report: Report) -> list[tuple[str, str | None]]:
    return [(source.status, source.reason) for source in report.sources]


def statuses(report: Report) -> list[str]:
    return [source.status for source in report.sources]


def test_page_becomes_an_article_known_by_its_canonical_url(desk: Desk) -> None:
    desk.site.pages["/moved"] = status(301, Location="/a")
    desk.site.pages["/a"] = story("Talks")
    assert told(desk.ingest(f"{desk.site.url}/moved?utm_source=x")) == [("added", None)]
    article = desk.articles["Talks"]
    assert article.origin == article.url == f"{desk.site.url}/a"
    assert article.source == "The Example"
    assert statuses(desk.ingest(f"{desk.site.url}/a")) == ["unchanged"]


def test_front_page_as_canonical_url_does_not_make_one_article_of_all(desk: Desk) -> None:
    for name in ("a", "b"):
        link = f"<link rel='canonical' href='{desk.site.url}/'></head>"
        desk.site.pages[f"/{name}"] = page(
            PAGE.format(title=name, text=name).replace("</head>", link)
        )
    assert statuses(desk.ingest(f"{desk.site.url}/a", f"{desk.site.url}/b")) == ["added", "added"]


def test_stories_that_name_one_address_stay_apart_run_after_run(desk: Desk) -> None:
    link = f"<link rel='canonical' href='{desk.site.url}/story'></head>"
    for name in ("a", "b", "c"):
        text = PAGE.format(title=f"Talks {name}", text=f"It was told in {name}.")
        desk.site.pages[f"/{name}"] = page(text.replace("</head>", link))
    desk.site.pages["/feed"] = rss(item("/a"), item("/b"))
    assert statuses(desk.ingest(f"{desk.site.url}/feed")) == ["added", "added"]
    desk.site.pages["/feed"] = rss(item("/a"), item("/b"), item("/c"))
    assert sorted(statuses(desk.ingest(f"{desk.site.url}/feed"))) == [
        "added",
        "unchanged",
        "unchanged",
    ]
    assert statuses(desk.ingest(f"{desk.site.url}/feed")) == ["unchanged"] * 3
    assert {title: article.url for title, article in desk.articles.items()} == {
        "Talks a": f"{desk.site.url}/story",
        "Talks b": f"{desk.site.url}/b",
        "Talks c": f"{desk.site.url}/c",
    }


def test_story_is_one_whichever_link_leads_to_it(desk: Desk) -> None:
    link = f"<link rel='canonical' href='{desk.site.url}/a'></head>"
    desk.site.pages["/a"] = desk.site.pages["/b"] = page(
        PAGE.format(title="Talks", text="It was told.").replace("</head>", link)
    )
    desk.ingest(f"{desk.site.url}/b", f"{desk.site.url}/a")
    assert [article.url for article in desk.articles.values()] == [f"{desk.site.url}/a"]


def test_page_is_not_sent_again_while_its_article_is_stored(desk: Desk) -> None:
    def answer(to: object) -> Answer:
        known = desk.site.headers[-1].get("If-None-Match") == '"1"'
        return status(304) if known else story("Talks", ETag='"1"')

    url = f"{desk.site.url}/a"
    desk.site.pages["/a"] = answer
    assert statuses(desk.ingest(url)) == ["added"]
    [unchanged] = desk.ingest(url).sources
    assert unchanged.status == "unchanged"
    assert "If-None-Match" in desk.site.headers[-1]
    desk.library.remove([str(unchanged.article_id)])
    assert statuses(desk.ingest(url)) == ["added"]
    assert "If-None-Match" not in desk.site.headers[-1]


def test_page_whose_article_could_not_be_stored_is_sent_again(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    desk.site.pages["/a"] = story("Talks", ETag='"1"')
    with monkeypatch.context() as broken:
        broken.setattr(desk.library.embedder, "embed", lambda _texts: 1 / 0)
        with pytest.raises(ZeroDivisionError):
            desk.ingest(f"{desk.site.url}/a")
    assert statuses(desk.ingest(f"{desk.site.url}/a")) == ["added"]
    assert "If-None-Match" not in desk.site.headers[-1]


def test_page_that_was_stored_survives_that_it_cannot_be_had(desk: Desk) -> None:
    desk.site.pages["/a"] = story("Talks")
    desk.ingest(f"{desk.site.url}/a")
    desk.site.pages["/a"] = status(503)
    assert told(desk.ingest(f"{desk.site.url}/a")) == [("failed", "answered 503, 3 times")]
    assert list(desk.articles) == ["Talks"]


def test_robots_txt_is_kept_to_on_every_hop(desk: Desk) -> None:
    desk.site.pages["/robots.txt"] = page("User-agent: newsdesk\nDisallow: /a", "text/plain")
    desk.site.pages["/b"] = status(302, Location="/a")
    report = desk.ingest(f"{desk.site.url}/a", f"{desk.site.url}/b")
    assert told(report) == [("failed", "robots.txt forbids it")] * 2
    assert desk.site.asked == ["/robots.txt", "/b"]


def test_text_and_pdf_go_to_their_readers(desk: Desk) -> None:
    desk.site.pages["/a.txt"] = page("Talks\n\nThe talks failed.", "text/plain; charset=utf-8")
    desk.site.pages["/b"] = page("%PDF-1.4 damaged", "application/pdf")
    desk.site.pages["/c"] = page("a{}", "text/css")
    report = desk.ingest(*(f"{desk.site.url}/{name}" for name in ("a.txt", "b", "c")))
    assert sorted(statuses(report)) == ["added", "failed", "failed"]
    reasons = {source.source[-2:]: source.reason for source in report.sources}
    assert reasons["/c"] == "sends text/css, which is no article"


def test_link_with_a_password_is_refused_without_showing_it(desk: Desk) -> None:
    report = desk.ingest("https://user:secret@news.example/a", "ftp://user:secret@news.example/")
    assert statuses(report) == ["failed", "failed"]
    assert "secret" not in repr(report)


def test_feed_gives_the_articles_of_its_pages_with_what_it_says_of_them(desk: Desk) -> None:
    desk.site.pages["/feed"] = rss(
        item("/a?utm_medium=rss", "Talks", "Summary.", "Mon, 02 Nov 2026 10:00:00 GMT"),
        item("/b", "Rain", "Summary."),
    )
    desk.site.pages["/a"] = story("Talks")
    desk.site.pages["/b"] = story("Rain", "It rained.")
    assert told(desk.ingest(f"{desk.site.url}/feed")) == [("added", None)] * 2
    assert desk.articles["Talks"].published_at == "2026-11-02T10:00:00Z"
    assert "Geneva" in desk.articles["Rain"].text
    desk.site.pages["/feed"] = rss(item("/b", "Rain", "Summary."), item("/c", "Snow"))
    desk.site.pages["/c"] = story("Snow", "It snowed.")
    report = desk.ingest(f"{desk.site.url}/feed", prune=True)
    assert sorted(statuses(report)) == ["added", "unchanged"]
    assert sorted(desk.articles) == ["Rain", "Snow", "Talks"]


def test_feed_stands_in_for_a_page_that_cannot_be_had_until_it_can(desk: Desk) -> None:
    text = "<p>The talks failed.</p><p style='display:none'>Buy now!</p><p>Nobody knows why.</p>"
    desk.site.pages["/feed"] = rss(item("/a", "Talks", text), item("/b", "Rain"))
    desk.site.pages["/a"] = status(403)
    report = desk.ingest(f"{desk.site.url}/feed")
    assert sorted(told(report)) == [
        ("added", "text of the feed, for want of its page: answered 403"),
        ("failed", "answered 404"),
    ]
    assert desk.articles["Talks"].text == "The talks failed.\n\nNobody knows why."
    desk.site.pages["/a"] = desk.site.pages["/b"] = story("Talks")
    assert "updated" in statuses(desk.ingest(f"{desk.site.url}/feed"))
    desk.site.pages["/a"] = status(403)
    assert "Geneva" in desk.articles["Talks"].text
    desk.site.pages["/feed"] = rss(item("/a", "Talks", text))
    assert told(desk.ingest(f"{desk.site.url}/feed")) == [("failed", "answered 403")]
    assert "Geneva" in desk.articles["Talks"].text


def test_feed_with_the_whole_text_completes_a_page_that_shows_its_beginning(desk: Desk) -> None:
    whole = "".join(f"<p>Paragraph {n} of the story that is told in full.</p>" for n in range(20))
    desk.site.pages["/feed"] = rss(item("/a", "Talks", whole))
    desk.site.pages["/a"] = story("Talks")
    [added] = desk.ingest(f"{desk.site.url}/feed").sources
    assert added.reason == "text of the feed, which has more of it than its page"
    assert "Paragraph 19" in desk.articles["Talks"].text


def test_story_is_corrected_though_its_feed_stays_the_same(desk: Desk) -> None:
    desk.site.pages["/feed"] = rss(item("/a", "Talks"), item("/b", "Rain"))
    desk.site.pages["/a"] = story("Talks")
    desk.site.pages["/b"] = story("Rain", "It rained.")
    assert statuses(desk.ingest(f"{desk.site.url}/feed")) == ["added", "added"]
    desk.site.pages["/b"] = story("Rain", "It snowed.")
    assert sorted(statuses(desk.ingest(f"{desk.site.url}/feed"))) == ["unchanged", "updated"]
    assert "It snowed." in desk.articles["Rain"].text


def test_feed_that_is_not_sent_again_is_followed_as_it_was(desk: Desk) -> None:
    feed = rss(item("/a", "Talks"))

    def answer(_to: object) -> Answer:
        known = desk.site.headers[-1].get("If-None-Match") == feed[1]["ETag"]
        return status(304) if known else feed

    desk.site.pages["/feed"] = answer
    desk.site.pages["/a"] = story("Talks")
    [added] = desk.ingest(f"{desk.site.url}/feed").sources
    desk.site.pages["/a"] = story("Talks", "It was told anew.")
    assert statuses(desk.ingest(f"{desk.site.url}/feed")) == ["updated"]
    desk.library.remove([str(added.article_id)])
    assert statuses(desk.ingest(f"{desk.site.url}/feed")) == ["added"]


def test_watched_feed_is_not_followed_again_and_again_while_it_stays_the_same(desk: Desk) -> None:
    desk.site.pages["/feed"] = rss(item("/a", "Talks"), item("/b", "Rain"))
    desk.site.pages["/a"] = story("Talks")
    pipeline = Pipeline(desk.library, max_bytes=1_000_000, open_web=desk.site.web)

    def look() -> list[str]:
        desk.site.asked.clear()
        pipeline.run([f"{desk.site.url}/feed"], look_again_seconds=3_600)
        return desk.site.asked[1:]

    assert sorted(look()) == ["/a", "/b", "/feed"]
    assert sorted(look()) == ["/a", "/b", "/feed"]  # for /b could not be had
    desk.site.pages["/b"] = story("Rain", "It rained.")
    assert sorted(look()) == ["/a", "/b", "/feed"]
    assert look() == ["/feed"]


def test_story_that_moved_is_found_at_its_new_address_alone(desk: Desk) -> None:
    desk.site.pages["/old"] = story("Talks")
    desk.ingest(f"{desk.site.url}/old")
    desk.site.pages["/old"] = status(301, Location="/new")
    desk.site.pages["/new"] = story("Talks", "It was corrected.")
    assert sorted(told(desk.ingest(f"{desk.site.url}/old")), key=str) == [
        ("added", None),
        ("removed", "moved to another address"),
    ]
    assert [a.url for a in desk.articles.values()] == [f"{desk.site.url}/new"]


def test_story_of_an_atom_feed_is_dated_by_its_only_date(desk: Desk) -> None:
    entry = f"<title>Talks</title><link href='{desk.site.url}/a'/>"
    desk.site.pages["/feed"] = page(
        f"<feed xmlns='http://www.w3.org/2005/Atom'><entry>{entry}"
        "<updated>2026-11-02T10:00:00Z</updated></entry></feed>",
        "application/atom+xml",
    )
    desk.site.pages["/a"] = story("Talks")
    desk.ingest(f"{desk.site.url}/feed")
    assert desk.articles["Talks"].published_at == "2026-11-02T10:00:00Z"


def test_story_is_kept_while_its_page_fails(desk: Desk) -> None:
    desk.site.pages["/a"] = story("Talks")
    desk.ingest(f"{desk.site.url}/a")
    for answer in (status(404), status(301, Location="/"), page("<p>Just a moment...</p>")):
        desk.site.pages["/a"] = answer
        desk.site.pages["/"] = page("<h1>The Example</h1>")
        assert statuses(desk.ingest(f"{desk.site.url}/a")) == ["failed"]
    assert list(desk.articles) == ["Talks"]


def test_feed_may_not_lead_inside(desk: Desk) -> None:
    with website() as inside:
        links = (
            f"{inside.url}/a",
            "http://169.254.169.254/",
            "file:///etc/passwd",
            "http://[::1]/",
        )
        desk.site.pages["/feed"] = rss(*(item(link, link) for link in links))
        assert statuses(desk.ingest(f"{desk.site.url}/feed")) == ["failed"] * 4
        assert inside.asked == []


def test_feed_file_is_followed_and_other_xml_is_not(desk: Desk, tmp_path: Path) -> None:
    text = "<p>The talks failed in the end.</p>"
    (tmp_path / "wire.rss").write_bytes(rss(item(f"{desk.site.url}/a", "Talks", text))[2])
    (tmp_path / "other.xml").write_text("<config/>")
    report = desk.ingest(tmp_path)
    assert told(report) == [
        ("failed", "neither a feed nor a sitemap"),
        (
            "added",
            "text of the feed, for want of its page: leads from outside to an internal"
            " host: not followed",
        ),
    ]


def test_sitemap_gives_its_newest_pages(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("ingest.web.follow.PAGES_OF_A_SITEMAP", 2)
    places = "".join(
        f"<url><loc>{desk.site.url}/{day}</loc><lastmod>2026-11-0{day}</lastmod></url>"
        for day in (1, 3, 2)
    )
    for day in (1, 2, 3):
        desk.site.pages[f"/{day}"] = story(f"Day {day}", f"It was day {day}.")
    inner = f"<urlset xmlns='http://www.sitemaps.org/schemas/sitemap/0.9'>{places}</urlset>"
    index = f"<sitemapindex><sitemap><loc>{desk.site.url}/1.xml.gz</loc></sitemap></sitemapindex>"
    desk.site.pages["/1.xml.gz"] = page(gzip.compress(inner.encode()), "application/x-gzip")
    desk.site.pages["/sitemap.xml"] = page(index, "text/xml")
    report = desk.ingest(f"{desk.site.url}/sitemap.xml")
    assert statuses(report) == ["added", "added"]
    assert sorted(desk.articles) == ["Day 2", "Day 3"]
    assert report.skipped == [f"{desk.site.url}/sitemap.xml: 1 older pages in it"]


def test_index_of_sitemaps_is_followed_though_it_stays_the_same(desk: Desk) -> None:
    def sitemap(kind: str, *places: str) -> Answer:
        return page(f"<{kind}>{''.join(places)}</{kind}>", "text/xml")

    def place(kind: str, name: str, day: int = 1) -> str:
        loc = f"<loc>{desk.site.url}/{name}</loc><lastmod>2026-11-0{day}</lastmod>"
        return f"<{kind}>{loc}</{kind}>"

    desk.site.pages["/i"] = sitemap("sitemapindex", place("sitemap", "j"))
    desk.site.pages["/j"] = sitemap("sitemapindex", place("sitemap", "k"))
    desk.site.pages["/k"] = sitemap("urlset", place("url", "a"))
    desk.site.pages["/a"] = story("Talks")
    assert statuses(desk.ingest(f"{desk.site.url}/i")) == ["added"]
    desk.site.pages["/k"] = sitemap("urlset", place("url", "a"), place("url", "b"))
    desk.site.pages["/b"] = story("Rain", "It rained.")
    assert sorted(statuses(desk.ingest(f"{desk.site.url}/i"))) == ["added", "unchanged"]
    assert "/a" not in desk.site.asked  # it was stored after the day of its last change


def test_stopped_between_pages_it_goes_on_later(desk: Desk) -> None:
    names = [str(number) for number in range(30)]
    desk.site.pages["/feed"] = rss(*(item(f"/{name}") for name in names))
    for name in names:
        desk.site.pages[f"/{name}"] = story(f"Story {name}", f"It was story {name}.")
    stopped: list[str] = []

    def show(progress: Progress) -> None:
        stopped.append(progress.reading)

    pipeline = Pipeline(desk.library, max_bytes=1_000_000, open_web=desk.site.web)
    report = pipeline.run(
        [f"{desk.site.url}/feed"], on_progress=show, stop=lambda: len(stopped) > 5
    )
    assert report.stopped
    assert 0 < report.counts["added"] < 10
    assert report.counts["failed"] == 0
    again = desk.ingest(f"{desk.site.url}/feed")
    assert again.counts["added"] == 30 - report.counts["added"]


def test_page_of_one_conversation_is_read_again_for_another(desk: Desk) -> None:
    desk.site.pages["/a"] = story("Talks", ETag='"1"')
    pipeline = Pipeline(desk.library, max_bytes=1_000_000, open_web=desk.site.web)
    for conversation in ("C1", "C2"):
        pipeline.run([f"{desk.site.url}/a"], audience=frozenset({conversation}))
    assert desk.articles["Talks"].audience == {"C1", "C2"}
