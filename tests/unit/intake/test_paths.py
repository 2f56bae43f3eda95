"""Paths of MAIL and RCPT: what is one, what is none, and what it is read as."""

import time

import pytest

from gateway.intake.paths import parse_path, read_path, routed_domains
from gateway.model.address import NULL_PATH

GOOD = [
    # text, local part, domain or literal, rest
    (b"<a@b.example>", "a", "b.example", b""),
    (b"<a@B.Example> SIZE=1", "a", "b.example", b" SIZE=1"),
    (
        b"<A.b+c=d-e_f%g!h/i?j*k{l}|m~n'o#p$q&r^s`t@b.example>",
        "A.b+c=d-e_f%g!h/i?j*k{l}|m~n'o#p$q&r^s`t",
        "b.example",
        b"",
    ),
    (b'<"a b"@b.example>', "a b", "b.example", b""),
    (b'<"a\\"b\\\\c\\>"@b.example>', 'a"b\\c>', "b.example", b""),
    (b'<"a@c.example"@b.example>', "a@c.example", "b.example", b""),
    (b'<""@b.example>', "", "b.example", b""),
    (b'<">"@b.example> X', ">", "b.example", b" X"),
    (b"<@c.example:a@b.example>", "a", "b.example", b""),
    (b"<@c.example,@d.example:a@b.example>", "a", "b.example", b""),
    (b"<@[192.0.2.1]:a@b.example>", "a", "b.example", b""),
    (b"<a@[192.0.2.1]>", "a", "[192.0.2.1]", b""),
    (b"<a@[IPv6:2001:db8::1]>", "a", "[IPv6:2001:db8::1]", b""),
    (b"<a@[x-tag:content]>", "a", "[x-tag:content]", b""),
    (b"<a@localhost>", "a", "localhost", b""),
    (b"<a@under_score.example>", "a", "under_score.example", b""),
    ("<rené@xn--caf-dma.example>".encode(), "rené", "xn--caf-dma.example", b""),
    ("<rené@café.example>".encode(), "rené", "xn--caf-dma.example", b""),
    (b"<" + b"x" * 200 + b"@b.example>", "x" * 200, "b.example", b""),
]
BAD = [
    b"", b"<", b">", b"<>", b"a@b.example", b"<a@b.example", b"a@b.example>", b"<a>", b"<@>", b"<a@>",
    b"<@b.example>", b"<a@b.example", b"<a b@b.example>", b"<a@b .example>", b"< a@b.example>", b"<a@b.example >",
    b"<.a@b.example>", b"<a.@b.example>", b"<a..b@b.example>", b"<a@.b.example>", b"<a@b.example.>",
    b"<a@b..example>", b"<a@-b.example>", b"<a@b-.example>", b"<a@b,c.example>", b"<a@@b.example>",
    b"<a@b@c.example>", b"<a,b@c.example>", b"<a:b@c.example>", b"<a;b@c.example>", b"<a(c)@b.example>",
    b"<a[b@c.example>", b'<"a@b.example>', b'<"a"b@c.example>', b'<a"b"@c.example>', b'<"a\\"@b.example>',
    b'<"a\x00"@b.example>', b'<"a\\\x07"@b.example>', b'<"', b'<"a', b"<a@[", b"<a@[]>", b"<a@[1.2.3]>",
    b"<a@[1.2.3.256]>", b"<a@[IPv6:x]>", b"<a@[IPv6:1.2.3.4]>", b"<a@[IPv6:fe80::1%25eth0]>", b"<a@[1.2.3.4]x>",
    b"<a@[tag:]>", b"<a@[::1]>", b"<@c.example a@b.example>", b"<@c.example:>", b"<@c.example,:a@b.example>",
    b"<@c.example,d.example:a@b.example>", b"<@:a@b.example>", b"<a\xff@b.example>", b"<\xc3\xa9\xcc@b.example>",
    b"<a\xe2\x80\xaeb@c.example>", b"<a\xc2\x85@b.example>", b"<a\\b@c.example>", b"<a\x7f@b.example>",
    b"<a@" + b"b" * 64 + b".example>", b"<a@" + b"b." * 200 + b"example>", b"<" + b"x" * 600 + b"@b.example>",
    b"<a@b.example\x00>", b"<<a@b.example>>",
]  # fmt: skip


@pytest.mark.parametrize(("text", "local", "domain", "rest"), GOOD, ids=lambda v: repr(v)[:30])
def test_good(text: bytes, local: str, domain: str, rest: bytes) -> None:
    for null_allowed in (True, False):
        read = read_path(text, null_allowed=null_allowed)
        assert read is not None
        assert read.path.mailbox is not None
        assert (read.path.mailbox.local, read.path.mailbox.domain or read.path.mailbox.literal) == (local, domain)
        assert read.rest == rest
        assert b"<" + read.path.raw + b">" in text or text.startswith(b"<@")
        assert text.endswith(read.path.raw + b">" + rest)
        assert read.is_ascii is read.path.raw.isascii()


@pytest.mark.parametrize("text", BAD, ids=lambda v: repr(v)[:30])
def test_bad(text: bytes) -> None:
    assert read_path(text, null_allowed=False) is None
    if text != b"<>":
        assert read_path(text, null_allowed=True) is None


def test_the_null_path_and_postmaster() -> None:
    null = read_path(b"<> SIZE=1", null_allowed=True)
    assert null is not None
    assert null.path is NULL_PATH
    assert null.rest == b" SIZE=1"
    assert read_path(b"<postmaster>", null_allowed=True) is None
    postmaster = read_path(b"<PostMaster>", null_allowed=False)
    assert postmaster is not None
    assert (postmaster.path.raw, postmaster.path.mailbox) == (b"PostMaster", None)
    assert read_path(b"<@a.example:postmaster>", null_allowed=False) is None


def test_what_a_person_writes() -> None:
    assert parse_path("a@b.example").raw == b"a@b.example"
    assert parse_path("") is NULL_PATH
    assert parse_path("postmaster").mailbox is None
    for text in ("a", "a@", "a@b.example>", "a@b.example> X", "<a@b.example>", "a@b\n.example", "a@b.example\udcff"):
        with pytest.raises(ValueError, match=r"mail address|surrogates"):
            parse_path(text)


@pytest.mark.parametrize(
    ("text", "domains"),
    [
        (b"<a@b.example>", ()),
        (b"<a.b+c%d@b.example>", ()),
        (b"<100%@b.example>", ()),
        (b"<a.b%c.example@b.example>", ("c.example",)),
        (b"<a%c.example%d.example@b.example>", ("c.example", "d.example")),
        (b"<c.example!a.b@b.example>", ("c.example",)),
        (b"<d.example!c.example!a@b.example>", ("d.example", "c.example")),
        (b'<"a@c.example"@b.example>', ("c.example",)),
        (b"<d.example!a%c.example@b.example>", ("d.example", "c.example")),
        (b'<"a%[192.0.2.1]"@b.example>', ("[192.0.2.1]",)),
        (b"<a%192.0.2.1@b.example>", ("192.0.2.1",)),
        (b"<postmaster>", ()),
    ],
)
def test_routes_in_the_local_part(text: bytes, domains: tuple[str, ...]) -> None:
    read = read_path(text, null_allowed=False)
    assert read is not None
    assert routed_domains(read.path) == domains


def test_reading_is_linear() -> None:
    began = time.process_time()
    for text in (b"<" + b"a." * 2000 + b"@", b'<"' + b"\\a" * 2000, b"<" + b"@a.example," * 400, b"<" + b"a" * 4000):
        for _ in range(20):
            read_path(text, null_allowed=True)
    assert time.process_time() - began < 0.2
