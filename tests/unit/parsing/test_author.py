"""One strict author, or a named problem with every address that some reader might show (hazards: From fields)."""

import pytest

from gateway.model.auth_facts import AuthorProblem as P
from gateway.parsing.addresses import read_addresses
from gateway.parsing.mime_tree import parse_message

ONE = [
    (b"a@b.example", "a@b.example", ""),
    (b"<a@b.example>", "a@b.example", ""),
    (b"Jean Dupont <a@b.example>", "a@b.example", "Jean Dupont"),
    (b'"Dupont, Jean" <a@b.example>', "a@b.example", "Dupont, Jean"),
    (b'"a \\"b\\" c" <a@b.example>', "a@b.example", 'a "b" c'),
    (b"Dr. J. Martin <a@b.example>", "a@b.example", "Dr. J. Martin"),
    (b"a@b.example (Jean Dupont)", "a@b.example", "Jean Dupont"),
    (b"Jean (de (la) compta) <a@b.example>", "a@b.example", "Jean"),
    (b"=?utf-8?Q?Ren=C3=A9?= =?iso-8859-1?Q?_M=E9l?= <a@b.example>", "a@b.example", "René Mél"),
    ("René <a@b.example>".encode(), "a@b.example", "René"),
    ("René <a@b.example>".encode("latin-1"), "a@b.example", "René"),
    (b"Jean\r\n Dupont\r\n\t<a@b.example>", "a@b.example", "Jean Dupont"),
    (b'"jean dupont"@b.example', "jean dupont@b.example", ""),
    (b"A@B.Example", "A@b.example", ""),
    ("a@é.example".encode(), "a@xn--9ca.example", ""),
    ("é@b.example".encode(), "é@b.example", ""),
    (b"a @ b.example", "a@b.example", ""),
    (b"a@[192.0.2.1]", "a@[192.0.2.1]", ""),
    (b'"x@other.example" <a@b.example>', "a@b.example", "x@other.example"),
    (b"a@b.example <a@b.example>", "a@b.example", "a@b.example"),
    (b'"<x@other.example>" <a@b.example>', "a@b.example", "<x@other.example>"),
]  # fmt: skip


@pytest.mark.parametrize(("value", "address", "name"), ONE)
def test_one_mailbox_is_the_author(value: bytes, address: str, name: str) -> None:
    author = parse_message(b"From: " + value + b"\r\n\r\n").author
    assert author.problem is None
    assert str(author.mailbox) == address
    assert author.display_name == name
    assert author.mailbox in author.candidates


NONE = [
    (b"", P.MISSING, set()),
    (b"   ", P.MISSING, set()),
    (b"Jean Dupont", P.UNREADABLE, set()),
    (b"a@b.example, c@d.example", P.SEVERAL_ADDRESSES, {"a@b.example", "c@d.example"}),
    (b"<a@b.example>, <a@b.example>", P.SEVERAL_ADDRESSES, {"a@b.example"}),
    (b"a@b.example; c@d.example", P.SEVERAL_ADDRESSES, {"a@b.example", "c@d.example"}),
    (b"G: a@b.example, c@d.example;", P.SEVERAL_ADDRESSES, {"a@b.example", "c@d.example"}),
    (b"G: a@b.example;", P.UNREADABLE, {"a@b.example"}),
    (b"Name, <a@b.example>", P.UNREADABLE, {"a@b.example"}),
    (b"<a@b.example>c@d.example", P.UNREADABLE, {"a@b.example", "c@d.example"}),
    (b"<a@b.example> <c@d.example>", P.UNREADABLE, {"a@b.example", "c@d.example"}),
    (b"a@b.example\\ <c@d.example>", P.UNREADABLE, {"a@b.example", "c@d.example"}),
    (b"<a@b.example>\\,<c@d.example>", P.SEVERAL_ADDRESSES, {"a@b.example", "c@d.example"}),
    (b"a@b.example@d.example", P.UNREADABLE, {"a@b.example", "b.example@d.example"}),
    (b"a @ b . example, c@d.example", P.SEVERAL_ADDRESSES, {"a@b", "c@d.example", "a@b.example"}),
    (b"<a\0@b.example>", P.UNREADABLE, {"a@b.example"}),
    (b"<a@b.example\0.d.example>", P.UNREADABLE, {"a@b.example", "a@b.example.d.example"}),
    (b"<a@b.example\rx>", P.UNREADABLE, {"a@b.example"}),
    (b"=?utf-8?B?PGFAYi5leGFtcGxlPg==?=, <c@d.example>", P.UNREADABLE, {"a@b.example", "c@d.example"}),
    (b"=?utf-8?Q?a=40b.example?=", P.UNREADABLE, {"a@b.example"}),
    (b"=?utf-8?Q?a?=@b.example", P.UNREADABLE, {"a@b.example"}),
    (b".a@b.example", P.UNREADABLE, {".a@b.example"}),
    (b"<a@b.example.>", P.UNREADABLE, {"a@b.example"}),
    (b"a..b@b.example", P.UNREADABLE, {"a..b@b.example"}),
    (b"a b@c.example", P.UNREADABLE, {"b@c.example"}),
    (b"<a@b.example", P.UNREADABLE, {"a@b.example"}),
    (b'"open <a@b.example>', P.UNREADABLE, {"a@b.example"}),
    (b"(open <a@b.example>", P.UNREADABLE, {"a@b.example"}),
    (b"\xffa@b.example", P.UNREADABLE, {"\ufffda@b.example"}),
]


@pytest.mark.parametrize(("value", "problem", "shown"), NONE)
def test_anything_else_is_no_author(value: bytes, problem: P, shown: set[str]) -> None:
    author = parse_message(b"From: " + value + b"\r\nTo: x\r\n\r\n").author
    assert author.mailbox is None
    assert author.problem is problem
    assert {str(candidate) for candidate in author.candidates} >= shown


@pytest.mark.parametrize(
    ("value", "address", "other"),
    [
        (b"x@bank.example <a@b.example>", "a@b.example", "x@bank.example"),
        (b"a@b.example (x@bank.example)", "a@b.example", "x@bank.example"),
        (b"<@bank.example,@c.example:a@b.example>", "a@b.example", "route@bank.example"),
    ],
)
def test_readable_but_other_readers_differ(value: bytes, address: str, other: str) -> None:
    author = parse_message(b"From: " + value + b"\r\n\r\n").author
    assert str(author.mailbox) == address
    assert author.problem is P.DISAGREEMENT
    assert other in {str(candidate) for candidate in author.candidates}


@pytest.mark.parametrize(
    "block",
    [
        b"From: a@b.example\r\nFrom: c@d.example\r\n",
        b"From: a@b.example\r\nfROM : c@d.example\r\n",
        b" From: a@b.example\r\nFrom: c@d.example\r\n",
        b"From\r\n : a@b.example\r\nFrom: c@d.example\r\n",
        b"From: c@d.example\r\nFrom\0: a@b.example\r\n",
        b"From: c@d.example\r\nFrom\xa0: a@b.example\r\n",
        b"From: c@d.example\r\n\xe2\x80\x8bFrom: a@b.example\r\n",
        b"From: c@d.example\r\nFr om: a@b.example\r\n",
    ],
)
def test_two_from_fields_whatever_their_dress(block: bytes) -> None:
    author = parse_message(block + b"To: x@y.example\r\n\r\n").author
    assert author.problem is P.SEVERAL_FIELDS
    assert author.mailbox is None
    assert {str(candidate) for candidate in author.candidates} == {"a@b.example", "c@d.example"}


def test_a_bare_cr_starts_no_field() -> None:
    message = parse_message(b"Subject: a\rFrom: c@d.example\r\nFrom: a@b.example\r\n\r\n")
    assert [f.name for f in message.fields] == ["subject", "from"]
    assert str(message.author.mailbox) == "a@b.example"


def test_without_from_what_readers_show_instead_is_told() -> None:
    author = parse_message(b"Sender: s@x.example\r\nResent-From: r@x.example\r\n\r\n").author
    assert author.problem is P.MISSING
    assert {str(candidate) for candidate in author.candidates} == {"s@x.example", "r@x.example"}


def test_address_lists_are_read_with_names_and_bounded() -> None:
    found = read_addresses(b'"Jean, D." <a@b.example>, c@d.example (Z), G: e@f.example;, nonsense, <x@>')
    assert [(str(item.mailbox), item.name) for item in found] == [
        ("a@b.example", "Jean, D."),
        ("c@d.example", "Z"),
        ("e@f.example", ""),
    ]
    assert len(read_addresses(b"a@b.example," * 5000, limit=7)) == 7


FLOOD = b", ".join(b"e%d@evil.example" % number for number in range(30))


@pytest.mark.parametrize(
    "block",
    [
        b"From: " + FLOOD + b", info@bank.example\r\n",
        b"From: e@evil.example\r\n" * 30 + b"From: info@bank.example\r\n",
        b'From: "' + b"a" * 70000 + b'" <info@bank.example>\r\n',
        b"From: e@evil.example" + b" " * 70000 + b", info@bank.example\r\n",
        b"From: e@evil.example, " + b"(a" * 15000 + b" info@bank.example\r\n",
    ],
)
def test_an_address_is_not_hidden_by_many_others_nor_by_length(block: bytes) -> None:
    author = parse_message(block + b"To: x@y.example\r\n\r\n").author
    assert author.mailbox is None
    assert "info@bank.example" in {str(candidate) for candidate in author.candidates}


@pytest.mark.parametrize(
    "value", [b"From:", b"From: <>", b"From: Direction", b"X: y", b"From: a:;", b"From:\r\nFrom: "]
)
def test_a_from_that_names_nobody_shows_the_sender(value: bytes) -> None:
    author = parse_message(value + b"\r\nSender: Direction <d@bank.example>\r\n\r\n").author
    assert author.mailbox is None
    assert [str(candidate) for candidate in author.candidates] == ["d@bank.example"]
    named = parse_message(b"From: a@b.example\r\nSender: Direction <d@bank.example>\r\n\r\n").author
    assert [str(candidate) for candidate in named.candidates] == ["a@b.example"]
