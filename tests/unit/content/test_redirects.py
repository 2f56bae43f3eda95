"""Targets that stand inside a URL."""

import pytest

from gateway.content.redirects import embedded_target, is_rewriter, is_sharing_button, sends_on_by_code
from gateway.content.url import read_url


@pytest.mark.parametrize(
    ("text", "host", "why"),
    [
        (
            "https://eur01.safelinks.protection.outlook.com/?url=https%3A%2F%2Fwww.ameli.fr%2Fassure&data=05",
            "www.ameli.fr",
            "safelinks",
        ),
        ("https://urldefense.proofpoint.com/v2/url?u=https-3A__www.ameli.fr_assure&d=DwM", "www.ameli.fr", "v2"),
        ("https://urldefense.com/v3/__https://www.ameli.fr/assure__;!!abc$", "www.ameli.fr", "v3"),
        ("https://x.awstrack.me/L0/https:%2F%2Fwww.ameli.fr%2F/1/01/02", "www.ameli.fr", "in the path"),
        ("https://www.google.com/url?q=https://evil.example/x&sa=D", "evil.example", "google"),
        ("https://r.example/go?to=//www.evil.example/a", "www.evil.example", "bare host"),
        ("https://www.bing.com/ck/a?!&&p=1&u=a1aHR0cHM6Ly9ldmlsLmV4YW1wbGUveA&ntb=1", "evil.example", "base64 with a1"),
        ("https://x.mjt.lu/lnk/AA/1/aHR0cHM6Ly93d3cuYW1lbGkuZnIv", "www.ameli.fr", "base64 in the path"),
        ("https://www.google.com/amp/s/evil.example/page", "evil.example", "AMP"),
        (
            "https://a.example/?u=https%3A%2F%2Fb.example%2F%3Fu%3Dhttps%253A%252F%252Fevil.example%252F",
            "evil.example",
            "two layers",
        ),
    ],
)
def test_target(text: str, host: str, why: str) -> None:
    url = read_url(text)
    assert url is not None
    target = embedded_target(url)
    assert target is not None, why
    assert target.host == host, why


def test_none_inside() -> None:
    url = read_url("https://www.ameli.fr/assure/droits?page=2&tri=date")
    assert url is not None
    assert embedded_target(url) is None


def test_rewriters_and_sharing() -> None:
    assert is_rewriter("eur01.safelinks.protection.outlook.com")
    assert not is_rewriter("safelinks.protection.outlook.com.evil.example")
    assert is_sharing_button("www.facebook.com", "/sharer/sharer.php?u=https://blog.example/")
    assert not is_sharing_button("l.facebook.com", "/l.php?u=https://evil.example/")


def test_codes_of_trusted_hosts() -> None:
    assert sends_on_by_code("www.linkedin.com", "/slink?code=abc")
    assert not sends_on_by_code("www.linkedin.com", "/in/jean")
    assert not sends_on_by_code("evil-linkedin.com", "/slink?code=abc")


@pytest.mark.timeout(5)
def test_hostile_urls_are_linear() -> None:
    for piece in ("/v3/__https:", "?u=https-3A__", "aHR0cHM6Ly9", "https%3A%2F%2F", "&url=www.", "/amp/s/a.", "%25"):
        for number in range(100):
            url = read_url(f"https://h{number}.example/" + piece * (4000 // len(piece)))
            assert url is not None
            embedded_target(url)
