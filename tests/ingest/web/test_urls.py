import pytest
from hypothesis import given
from hypothesis import strategies as st

from ingest.web.urls import canonical_url, host_of


@pytest.mark.parametrize(
    ("url", "canonical"),
    [
        ("https://Example.com:443", "https://example.com/"),
        ("http://example.com:8080/a?b=1#c", "http://example.com:8080/a?b=1"),
        ("https://example.com/a?utm_source=x&id=2&fbclid=y", "https://example.com/a?id=2"),
        ("https://example.com/a?q=a%20b", "https://example.com/a?q=a%20b"),
        (" https://example.com/a ", "https://example.com/a"),
        ("https://example.com/my story?q=a b", "https://example.com/my%20story?q=a%20b"),
        ("https://example.com/n.asp?1234&utm_source=rss", "https://example.com/n.asp?1234"),
        ("https://example.com/?q=caf%E9&utm_source=x", "https://example.com/?q=caf%E9"),
        ("https://example.com/?id=/news/1&utm_source=x", "https://example.com/?id=/news/1"),
        ("https://example.com/?a;b&&c&gclid", "https://example.com/?a;b&&c"),
        ("https://example.com/a?at_medium=RSS&CMP=x&gbraid=1&_ga=2", "https://example.com/a"),
        (
            "https://example.com/a?at=1&camp=2&gallery=3",
            "https://example.com/a?at=1&camp=2&gallery=3",
        ),
        ("http://[::1]/a", "http://[::1]/a"),
    ],
)
def test_one_page_has_one_url(url: str, canonical: str) -> None:
    assert canonical_url(url) == canonical


@pytest.mark.parametrize(
    "url",
    [
        "",
        "javascript:alert(1)",
        "file:///etc/passwd",
        "//example.com/a",
        "https://",
        "https://bbc.co.uk@evil.example/",
        "https://exam ple.com/a",
        "https://example.com/\na",
        "https://example.com:99999/",
        "https://[1/",
    ],
)
def test_what_is_no_plain_web_address_is_refused(url: str) -> None:
    assert canonical_url(url) is None


def test_host_names_the_source() -> None:
    assert host_of("https://www.example.com/a") == "example.com"


@given(st.one_of(st.text(), st.text().map("https://example.com/{}".format)))
def test_canonical_url_is_its_own(url: str) -> None:
    canonical = canonical_url(url)
    assert canonical is None or canonical_url(canonical) == canonical
