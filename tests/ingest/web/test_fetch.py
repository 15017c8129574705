"""Fetching from a server on loopback, with hosts and addresses as an attacker would set them."""

import gzip
import os
import threading
import time
import zlib
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from http.server import BaseHTTPRequestHandler
from itertools import pairwise

import httpcore2
import pytest

from ingest.errors import FetchError
from ingest.web.fetch import FetchRequest, Page, Web, parse_retry_after
from ingest.web.guard import AddressGuard
from tests.ingest.website import Answer, Say, Website, page, raw, status, website
from vectorstore.pages import FetchedPage


@pytest.fixture
def site() -> Iterator[Website]:
    with website() as site:
        yield site


def fetch(web: Web, url: str) -> Page:
    fetched = web.fetch(FetchRequest(url))
    assert fetched
    return fetched


def refusal(web: Web, url: str, **known: object) -> str:
    with pytest.raises(FetchError) as caught:
        web.fetch(replace(FetchRequest(url), **known))  # type: ignore[arg-type]
    return str(caught.value)


def test_page_comes_with_what_its_server_says_of_it(site: Website) -> None:
    site.pages["/a"] = page("Grüße", "Text/HTML; charset=ISO-8859-1", ETag='"1"')
    site.pages["/b"] = status(301, Location="/a")
    fetched = fetch(site.web(), f"{site.url}/b")
    assert (fetched.url, fetched.final_url) == (f"{site.url}/b", f"{site.url}/a")
    assert (fetched.media_type, fetched.charset, fetched.etag) == ("text/html", "iso-8859-1", '"1"')
    assert site.headers[0]["User-Agent"].startswith("Newsdesk/")
    assert site.headers[0]["Host"] == f"127.0.0.1:{site.port}"


@pytest.mark.parametrize(
    "host",
    [
        *"127.0.0.1 127.1 2130706433 0x7f000001 localhost [::1] [::ffff:7f00:1]".split(),
        *"[64:ff9b::7f00:1] [2002:7f00:1::] 169.254.169.254 100.64.0.1 224.0.0.1".split(),
    ],
)
def test_address_inside_is_refused_in_any_spelling(host: str) -> None:
    assert "inside a private network" in refusal(Web(), f"http://{host}/")


def test_redirect_inside_is_refused_before_anything_is_asked_there(site: Website) -> None:
    with website() as inside:
        for place in (inside.url, "http://2130706433/", "file:///etc/passwd", "//x@127.0.0.1/"):
            site.pages["/"] = status(302, Location=place)
            assert refusal(site.web(), f"{site.url}/")
        assert inside.asked == []


def test_page_may_not_lead_to_an_internal_host_of_its_reader(site: Website) -> None:
    assert "internal host" in refusal(
        site.web(), f"{site.url}/", linked_from="https://news.example/feed"
    )
    assert site.asked == []


@pytest.mark.parametrize(
    ("internal", "url"),
    [
        ("intranet.example", "http://intranet\u3002example/"),
        ("10.0.0.5", "http://10\u30020\uff0e0\uff615/"),
        ("xn--bcher-kva.intern", "http://bücher.intern/"),
    ],
)
def test_link_from_outside_reaches_no_internal_host_by_its_spelling(
    internal: str, url: str
) -> None:
    def dial(address: str, _port: int, _timeout: float) -> httpcore2.NetworkStream:
        raise AssertionError(address)

    web = Web(guard=AddressGuard([internal], resolve=lambda _host, _port: ["10.0.0.5"]), dial=dial)
    assert "internal host" in refusal(web, url, linked_from="https://evil.example/feed")


def test_checked_address_is_the_one_connected_to(site: Website) -> None:
    """The name leads outside when it is checked, and inside when it is looked up again."""
    answers = iter([["93.184.216.34"], ["127.0.0.1"]])
    dialled = []

    def dial(address: str, port: int, timeout: float) -> httpcore2.NetworkStream:
        dialled.append((address, port))
        return httpcore2.SyncBackend().connect_tcp("127.0.0.1", site.port, timeout)

    site.pages["/a"] = page("a")
    web = Web(
        guard=AddressGuard(resolve=lambda _host, _port: next(answers)), pause_seconds=0, dial=dial
    )
    assert fetch(web, "http://rebinding.example/a").data == b"a"
    assert dialled == [("93.184.216.34", 80)]
    assert site.headers[0]["Host"] == "rebinding.example"
    assert "inside a private network" in refusal(web, "http://rebinding.example/a")
    assert len(dialled) == 1


def test_second_address_is_tried_where_the_first_is_dead(site: Website) -> None:
    def dial(address: str, _port: int, timeout: float) -> httpcore2.NetworkStream:
        if address == "93.184.216.34":
            raise httpcore2.ConnectError("refused")
        return httpcore2.SyncBackend().connect_tcp("127.0.0.1", site.port, timeout)

    site.pages["/"] = page("a")
    guard = AddressGuard(resolve=lambda _host, _port: ["93.184.216.34", "93.184.216.35"])
    assert fetch(Web(guard=guard, dial=dial), "http://news.example/").data == b"a"


def test_proxy_of_the_environment_is_used_only_when_the_setting_says_so(
    site: Website, monkeypatch: pytest.MonkeyPatch
) -> None:
    with website() as proxy:
        proxied = f"{site.url}/a"
        proxy.pages[proxied] = page("through the proxy")
        site.pages["/a"] = page("direct")
        for name in [name for name in os.environ if name.lower().endswith("_proxy")]:
            monkeypatch.delenv(name)
        monkeypatch.setenv("HTTP_PROXY", proxy.url)
        monkeypatch.setenv("http_proxy", proxy.url)
        assert fetch(site.web(), proxied).data == b"direct"
        assert fetch(site.web(use_proxy=True), proxied).data == b"through the proxy"
        assert "private network" in refusal(Web(use_proxy=True), "http://169.254.169.254/")
        assert proxy.asked == [proxied]


def test_redirects_in_a_circle_end(site: Website) -> None:
    site.pages["/a"] = status(302, Location="/b")
    site.pages["/b"] = status(302, Location="/a")
    assert refusal(site.web(), f"{site.url}/a") == "redirects more than 5 times: not followed"
    assert len(site.asked) == 6


def test_endless_body_ends_at_the_limit(site: Website) -> None:
    def endless(to: BaseHTTPRequestHandler) -> None:
        to.wfile.write(b"HTTP/1.0 200 OK\r\nContent-Type: text/html\r\n\r\n")
        while True:
            to.wfile.write(b"x" * 65_536)

    site.pages["/"] = endless
    reason = refusal(site.web(max_bytes=1_000_000), f"{site.url}/")
    assert reason == "larger than 1 MB, the limit for one article"


@pytest.mark.parametrize("encoding", ["gzip", "deflate"])
def test_bomb_ends_at_the_limit_after_decompression(site: Website, encoding: str) -> None:
    deflater = zlib.compressobj(9, wbits=31 if encoding == "gzip" else 15)
    bomb = b"".join(deflater.compress(bytes(1_000_000)) for _ in range(40)) + deflater.flush()
    assert len(bomb) < 50_000
    site.pages["/"] = page(bomb, Content_Encoding=encoding)
    assert "larger than 1 MB" in refusal(site.web(max_bytes=1_000_000), f"{site.url}/")


@pytest.mark.parametrize(
    ("encoding", "body"),
    [
        ("gzip", gzip.compress(b"story" * 99_999, mtime=0)),
        ("deflate", zlib.compress(b"story" * 99_999)),
        ("deflate", zlib.compress(b"story" * 99_999)[2:-4]),
        ("gzip", gzip.compress(b"story") + gzip.compress(b"story" * 99_998)),
        ("gzip", gzip.compress(b"story" * 99_999) + bytes(100)),
        *((name, b"story" * 99_999) for name in ("identity", "none", "UTF-8")),
    ],
)
def test_compressed_page_is_read(site: Website, encoding: str, body: bytes) -> None:
    site.pages["/"] = page(body, Content_Encoding=encoding)
    assert fetch(site.web(), f"{site.url}/").data == b"story" * 99_999


@pytest.mark.parametrize(
    ("encoding", "body", "reason"),
    [
        ("gzip", b"nonsense", "damaged"),
        ("gzip", gzip.compress(b"story" * 99, mtime=0)[:-20], "ends before its end"),
        ("br", b"story", "not asked for: br"),
        ("gzip, gzip", b"story", "not asked for: gzip, gzip"),
    ],
)
def test_badly_compressed_page_is_refused(
    site: Website, encoding: str, body: bytes, reason: str
) -> None:
    site.pages["/"] = page(body, Content_Encoding=encoding)
    assert reason in refusal(site.web(), f"{site.url}/")


@pytest.mark.parametrize("begun", [b"HTTP/1.0 200 OK\r\nX: ", b"HTTP/1.0 200 OK\r\n\r\n"])
def test_byte_by_byte_ends_at_the_deadline(site: Website, begun: bytes) -> None:
    def drip(to: BaseHTTPRequestHandler) -> None:
        to.wfile.write(begun)
        for _ in range(100):
            to.wfile.write(b"x")
            time.sleep(0.05)

    site.pages["/"] = drip
    assert "after 0.3 seconds" in refusal(site.web(timeout_seconds=0.3), f"{site.url}/")


@pytest.mark.parametrize("media_type", ["text/css", "image/png", "video/mp4"])
def test_what_is_no_article_by_its_type_is_not_taken(site: Website, media_type: str) -> None:
    site.pages["/"] = page("x", media_type)
    assert refusal(site.web(), f"{site.url}/") == f"sends {media_type}, which is no article"


def test_conditional_request_is_made_of_the_page_that_was_stored(site: Website) -> None:
    site.pages["/a"] = status(304)
    site.pages["/b"] = status(302, Location="/a")
    url = f"{site.url}/a"
    request = FetchRequest(
        f"{site.url}/b", known=FetchedPage(f"{site.url}/b", url, '"1"', "yesterday")
    )
    assert site.web().fetch(request) is None
    assert "If-None-Match" not in site.headers[0]
    assert site.headers[1]["If-None-Match"] == '"1"'
    assert site.headers[1]["If-Modified-Since"] == "yesterday"
    assert refusal(site.web(), url) == "answered 304"
    assert refusal(site.web(), url, known=FetchedPage(url, f"{url}?2", '"1"', None))


def test_page_whose_etag_is_beyond_ascii_is_fetched_again(site: Website) -> None:
    site.pages["/"] = page("Talks", ETag='"caf\xe9"')
    url = f"{site.url}/"
    etag = fetch(site.web(), url).etag
    request = FetchRequest(url, known=FetchedPage(url, url, etag, "yesterday"))
    assert site.web().fetch(request)
    assert "If-None-Match" not in site.headers[1]
    assert site.headers[1]["If-Modified-Since"] == "yesterday"


def test_busy_server_is_asked_again(site: Website) -> None:
    answers = iter([status(429, Retry_After="0"), status(503), page("at last")])
    site.pages["/"] = lambda _: next(answers)
    assert fetch(site.web(), f"{site.url}/").data == b"at last"


@pytest.mark.parametrize(
    ("answer", "reason"),
    [
        (status(404), "answered 404"),
        (status(500), "answered 500, 3 times"),
        (status(429, Retry_After="3600"), "answered 429, and asks to wait 3600 seconds"),
        (status(301), "answered 301"),
        (status(200, Content_Length="many"), "its answer is not proper HTTP"),
    ],
)
def test_page_that_cannot_be_had_has_a_reason(site: Website, answer: Answer, reason: str) -> None:
    site.pages["/"] = answer
    assert refusal(site.web(), f"{site.url}/") == reason


def test_page_whose_end_is_missing_is_asked_for_again(site: Website) -> None:
    chunked = b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nTalks"
    answers: Iterator[Answer | Say] = iter(
        [page("Talks", Content_Length="9"), raw(chunked), page("Talks end.")]
    )

    def say(to: BaseHTTPRequestHandler) -> Answer | None:
        answer = next(answers)
        return answer(to) if callable(answer) else answer

    site.pages["/"] = say
    assert fetch(site.web(), f"{site.url}/").data == b"Talks end."


def test_broken_connections_have_a_reason(site: Website) -> None:
    site.pages["/gone"] = raw(b"HTTP/1.1 200 OK\r\n")
    site.pages["/odd"] = raw(b"SSH-2.0-OpenSSH\r\n\r\n")
    site.pages["/cut"] = page("cut", Content_Length="1000")
    for path in ("/gone", "/odd"):
        assert refusal(site.web(), site.url + path) == "its answer is not proper HTTP"
    assert refusal(site.web(), f"{site.url}/cut") == "the connection broke off, 3 times"
    with website() as closed:
        pass
    assert refusal(closed.web(), closed.url) == "cannot be reached: no connection"
    assert refusal(site.web(), site.url.replace("http:", "https:"))


def test_host_that_there_is_not_is_named() -> None:
    def resolve(host: str, _port: int) -> list[str]:
        raise OSError(host)

    web = Web(guard=AddressGuard(resolve=resolve))
    assert refusal(web, "http://news.example/a") == "there is no host news.example"


def test_host_is_asked_one_question_at_a_time(site: Website) -> None:
    from concurrent.futures import ThreadPoolExecutor

    spans = []

    def slow(_: BaseHTTPRequestHandler) -> Answer:
        began = time.monotonic()
        time.sleep(0.03)
        spans.append((began, time.monotonic()))
        return page("x")

    site.pages["/"] = slow
    web = site.web()
    with ThreadPoolExecutor(4) as pool:
        list(pool.map(lambda _: fetch(web, f"{site.url}/"), range(4)))
    assert all(before[1] <= after[0] for before, after in pairwise(sorted(spans)))


def test_told_to_stop_it_does_not_wait_for_a_silent_server(site: Website) -> None:
    asked, over = threading.Event(), threading.Event()

    def silent(_: BaseHTTPRequestHandler) -> None:
        asked.set()
        over.wait(60)

    site.pages["/"] = silent
    with pytest.raises(FetchError, match="stopped"):
        site.web(timeout_seconds=60).fetch(FetchRequest(f"{site.url}/"), stop=asked.is_set)
    over.set()


def test_name_that_is_looked_up_for_too_long_ends_at_the_deadline() -> None:
    over = threading.Event()

    def resolve(_host: str, _port: int) -> list[str]:
        over.wait(60)
        return []

    web = Web(guard=AddressGuard(resolve=resolve), timeout_seconds=0.1)
    assert refusal(web, "http://news.example/") == "not all there after 0.1 seconds"
    over.set()


def test_told_to_stop_it_stops_in_the_middle_of_a_page(site: Website) -> None:
    site.pages["/"] = page("x" * 10_000_000)
    asked = iter([False, False])
    with pytest.raises(FetchError, match="stopped"):
        site.web().fetch(FetchRequest(f"{site.url}/"), stop=lambda: next(asked, True))


def test_pause_is_asked_for_in_seconds_or_until_a_date() -> None:
    tomorrow = datetime.now(UTC) + timedelta(days=1)
    assert parse_retry_after("120") == 120
    assert parse_retry_after(format_datetime(tomorrow)) == pytest.approx(86_400, abs=60)
    assert parse_retry_after("Mon, 01 Jan 2024 00:00:00 GMT") == 0


@pytest.mark.parametrize(
    "header",
    [
        *(None, "", "-5", "soon", "1.5"),
        "Mon, 01 Jan 99999999999999 00:00:00 GMT",
        "Mon, 01 Jan 2024 00:00:00 +99999999999999999999",
        "Mon, 99999999999999999999 Jan 2024 00:00:00 GMT",
    ],
)
def test_pause_that_cannot_be_understood_is_none(header: str | None) -> None:
    assert parse_retry_after(header) is None
