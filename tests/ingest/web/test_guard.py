import pytest

from ingest.errors import FetchError
from ingest.web.guard import AddressGuard, is_public


@pytest.mark.parametrize("address", ["93.184.216.34", "2606:4700::1111", "64:ff9b::5db8:d822"])
def test_what_anybody_may_reach_is_public(address: str) -> None:
    assert is_public(address)


@pytest.mark.parametrize(
    "address",
    [
        *"0.0.0.0 10.1.2.3 100.64.0.1 127.0.0.1 169.254.169.254 172.16.0.1 192.168.1.1".split(),
        *"192.0.2.1 198.18.0.1 224.0.0.1 239.1.1.1 240.0.0.1 255.255.255.255".split(),
        *":: ::1 ::7f00:1 ::ffff:127.0.0.1 ::ffff:93.184.216.34 64:ff9b::7f00:1".split(),
        *"64:ff9b::a9fe:a9fe 64:ff9b:1::1 2002:7f00:1:: 2001:0:7f00:1:: fe80::1%eth0".split(),
        *"fc00::1 fd00:ec2::254 fec0::1 ff02::1 2001:db8::1 100::1 nonsense".split(),
    ],
)
def test_what_leads_inside_is_not_public(address: str) -> None:
    assert not is_public(address)


@pytest.mark.parametrize(
    "host", ["127.1", "2130706433", "0x7f000001", "0177.0.0.1", "localhost", "::ffff:7f00:1"]
)
def test_other_spellings_of_loopback_are_refused(host: str) -> None:
    with pytest.raises(FetchError, match="inside a private network"):
        AddressGuard().addresses(host, 80)


def test_one_address_inside_refuses_the_whole_host() -> None:
    guard = AddressGuard(resolve=lambda _host, _port: ["93.184.216.34", "10.0.0.1"])
    with pytest.raises(FetchError, match="inside a private network"):
        guard.addresses("news.example", 443)


@pytest.mark.parametrize(
    ("url", "reason"),
    [
        ("file:///etc/passwd", "begins with http"),
        ("gopher://news.example/", "begins with http"),
        ("http://", "without a host"),
        ("http://news.example@127.0.0.1/", "user name"),
        ("https://user:password@news.example/", "user name"),
        ("http://news.example:22/", "port 22, which is not opened"),
        ("http://news.example:99999/", "not a web address"),
    ],
)
def test_what_is_no_plain_address_is_refused(url: str, reason: str) -> None:
    with pytest.raises(FetchError, match=reason) as caught:
        AddressGuard().check_url(url)
    assert "password" not in str(caught.value)


def test_internal_host_is_opened_by_name_and_port() -> None:
    guard = AddressGuard(
        ["Wiki.Internal", "[::1]:8080", "cms:8000"], resolve=lambda _host, _port: ["10.0.0.5"]
    )
    for url in ("http://wiki.internal/", "https://WIKI.internal/a", "http://[::1]:8080/"):
        guard.check_url(url)
    assert guard.addresses("wiki.internal", 443) == ["10.0.0.5"]
    assert guard.addresses("cms", 8000) == ["10.0.0.5"]
    with pytest.raises(FetchError):
        guard.addresses("cms", 80)
    with pytest.raises(FetchError):
        guard.check_url("http://wiki.internal:8000/")


@pytest.mark.parametrize(
    ("internal", "url"),
    [
        ("intranet.example", "http://intranet\u3002example/"),
        ("intranet.example", "http://INTRANET.example./"),
        ("10.0.0.5", "http://10\u30020\uff0e0\uff615/"),
        ("xn--bcher-kva.intern", "http://bücher.intern/"),
        ("Bücher.intern:8000", "http://xn--bcher-kva.intern:8000/"),
        ("fd00::5", "http://[fd00:0:0::5]/"),
        ("[::1]:8000", "http://[0:0::1]:8000/"),
    ],
)
def test_internal_host_is_the_same_in_any_spelling(internal: str, url: str) -> None:
    guard = AddressGuard([internal])
    guard.check_url(url)
    guard.check_url(url, linked_from=url.replace("http:", "https:") + "other")
    with pytest.raises(FetchError, match="to an internal host"):
        guard.check_url(url, linked_from="https://evil.example/feed")


@pytest.mark.parametrize("name", ["http://wiki.internal/", "10.0.0.0/8", "", "a b", "::x"])
def test_internal_host_that_is_none_is_told(name: str) -> None:
    with pytest.raises(FetchError, match="INTERNAL_HOSTS"):
        AddressGuard([name])


def test_public_page_may_not_lead_to_an_internal_host() -> None:
    guard = AddressGuard(["wiki.internal"])
    guard.check_url("http://wiki.internal/b", linked_from="http://wiki.internal/a")
    with pytest.raises(FetchError, match="to an internal host"):
        guard.check_url("http://wiki.internal/b", linked_from="https://news.example/feed")
