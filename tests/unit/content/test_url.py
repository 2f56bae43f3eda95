"""URLs as a browser reads them."""

import pytest

from gateway.content.url import read_url


@pytest.mark.parametrize(
    ("text", "host", "why"),
    [
        ("https://www.ameli.fr/assure", "www.ameli.fr", "plain"),
        ("HTTPS://WWW.AMELI.FR", "www.ameli.fr", "case"),
        ("https:/evil.example/x", "evil.example", "one slash is enough for a browser"),
        ("https:\\\\evil.example\\x", "evil.example", "backslashes are slashes"),
        ("https:evil.example", "evil.example", "no slash at all"),
        ("//evil.example/x", "evil.example", "scheme-relative"),
        ("www.evil.example/x", "www.evil.example", "as typed"),
        ("ht\ntps://ev\til.example/", "evil.example", "tabs and line ends vanish"),
        ("https://www.ameli.fr@evil.example/", "evil.example", "user-info"),
        ("https://www.ameli.fr:443@evil.example/", "evil.example", "user-info with a password"),
        ("https://a@b@evil.example/", "evil.example", "the last @ counts"),
        ("https://ev%69l.example/", "evil.example", "escaped host"),
        ("https://evil\u3002example/", "evil.example", "ideographic full stop"),
        ("https://améli.fr/", "xn--amli-cpa.fr", "U-label"),
        ("https://evil.example./", "evil.example", "trailing dot"),
        ("http://2130706433/", "127.0.0.1", "decimal address"),
        ("http://0x7f.1/", "127.0.0.1", "hexadecimal, two parts"),
        ("http://0177.0.0.01/", "127.0.0.1", "octal"),
        ("http://192.0.2.7:8080/", "192.0.2.7", "address with port"),
        ("http://[2001:db8::1]/", "2001:db8::1", "IPv6"),
        ("https://evil.example?https://ameli.fr/", "evil.example", "query right after the host"),
        ("https://evil.example#@ameli.fr/", "evil.example", "fragment right after the host"),
    ],
)
def test_host(text: str, host: str, why: str) -> None:
    url = read_url(text)
    assert url is not None, why
    assert url.host == host, why


@pytest.mark.parametrize("text", ["", "page.html", "/path", "#top", "https://", "https:///", "http://[::zz]/", "???"])
def test_not_absolute(text: str) -> None:
    assert read_url(text) is None


def test_marks_of_hiding() -> None:
    assert read_url("https://a:b@evil.example/").user_info  # type: ignore[union-attr]
    assert not read_url("https://@evil.example/").user_info  # type: ignore[union-attr]
    assert read_url("http://0x7f000001/").obfuscated  # type: ignore[union-attr]
    assert not read_url("http://127.0.0.1/").obfuscated  # type: ignore[union-attr]
    assert read_url("https://evil%2eexample/").obfuscated  # type: ignore[union-attr]
    assert read_url("https://x.example:8443/").port == 8443  # type: ignore[union-attr]
    assert read_url("mailto:a@b.example").scheme == "mailto"  # type: ignore[union-attr]


def test_a_huge_url_is_cut() -> None:
    url = read_url("https://evil.example/" + "a" * 2_000_000)
    assert url is not None
    assert url.host == "evil.example"
    assert len(url.rest) < 5000
