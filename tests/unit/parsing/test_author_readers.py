"""Froms that readers read differently: none of them may pass for one clear author (found by comparing readers)."""

import pytest

from gateway.model.auth_facts import AuthorProblem
from gateway.parsing.mime_tree import parse_message


@pytest.mark.parametrize(
    "value",
    [
        "admin@bank.example\u00a0<e@evil.example>",
        "admin@bank.example\u3000 <e@evil.example>",
        "admin@bank.example\u202e <e@evil.example>",
        "=?utf-8?q?=3Cadmin=40bank=2Eexample=3E?= <e@evil.example>",
        "=?utf-8?b?PGFkbWluQGJhbmsuZXhhbXBsZT4=?= <e@evil.example>",
        '"admin@bank.example"@bank.example <e@evil.example>',
        'Bank "admin@bank.example"> <e@evil.example>',
        "=?utf-8?q?admin=40bank=2Eexample?=> <e@evil.example>",
        "admin@bank.example . evil.example",
        "admin@bank.example\t.\r\n evil.example",
        "<admin@bank.example> <e@evil.example>",
        "admin@bank.example, e@evil.example",
        "admin@bank.example <e@evil.example>",
        "admin@bank.example@evil.example",
        "<admin@bank.example>e@evil.example",
    ],
)
def test_readers_that_disagree_are_noticed(value: str) -> None:
    author = parse_message(f"From: {value}\r\n\r\n".encode()).author
    assert author.problem is not None
    assert author.mailbox is None or author.problem is AuthorProblem.DISAGREEMENT


@pytest.mark.parametrize(
    ("value", "address"),
    [
        ("Claire <claire@sender.example>", "claire@sender.example"),
        ('"Claire (Service) @ Mutuelle" <claire@sender.example>', "claire@sender.example"),
        ('"claire@partner.example via Forum" <forum@sender.example>', "forum@sender.example"),
        ("=?utf-8?q?Ren=C3=A9?= <rene@sender.example>", "rene@sender.example"),
        ("claire@sender.example <claire@sender.example>", "claire@sender.example"),
        ("=?utf-8?q?claire=40sender=2Eexample?= <claire@sender.example>", "claire@sender.example"),
        ("=?utf-8?q?=3CService=3E?= <claire@sender.example>", "claire@sender.example"),
        ("claire@sender.example (Claire)", "claire@sender.example"),
        (" <claire@sender.example> ", "claire@sender.example"),
        ("claire @ sender.example", "claire@sender.example"),
    ],
)
def test_honest_ones_pass(value: str, address: str) -> None:
    author = parse_message(f"From: {value}\r\n\r\n".encode()).author
    assert (str(author.mailbox), author.problem) == (address, None)
