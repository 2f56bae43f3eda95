"""The author: one strict reading of the raw From field (RFC 5322 §3.6.2, RFC 9989 §5.3.1), or a named problem.

Readers disagree on odd From fields, and what the victim's reader shows is what the attacker chose: so whatever is not
exactly one mailbox in plain grammar is no author, and every address that some reader might show is told.
"""

import re
from dataclasses import replace

from gateway.model.address import Mailbox
from gateway.model.auth_facts import Author, AuthorProblem
from gateway.model.domain import DomainName, parse_domain
from gateway.model.message import HeaderField
from gateway.parsing.addresses import (
    AddressList,
    Element,
    is_empty,
    phrase_text,
    simple_mailbox,
    strict_addr_spec,
    tokenize,
)
from gateway.parsing.encoded_words import decode_value
from gateway.parsing.header_fields import MAX_FIELD, unfold

MAX_CANDIDATES = 20
_STRETCH = 8192
# Generous on purpose: anything a lenient reader may take for an address.
_ADDRESS = re.compile(r"([^\s\x00-\x1f<>()\[\]:;@\\,\"]{1,64})[ \t]{0,3}@[ \t]{0,3}([\w.\u3002\uff0e\uff61-]{1,253})")
_DOT_APART = re.compile(rb"[ \t]{0,9}\.[ \t]{0,9}")


def read_author(
    fields: tuple[HeaderField, ...], shadows: tuple[bytes, ...] = (), others: tuple[bytes, ...] = ()
) -> Author:
    """The author by the From fields of a message. Never raises.

    `shadows`: stray lines that a lenient reader may take for a From field; `others`: values shown where From is missing
    (Resent-From, Sender), or names nobody.
    """
    author = _read_fields([f.value for f in fields], shadows)
    if author.mailbox is not None or author.candidates or not others:
        return author
    name = author.display_name or _name_before(others[0])
    return replace(author, display_name=name, candidates=_merge(*(_candidates(unfold(o)) for o in others[:10])))


def _read_fields(values: list[bytes], shadows: tuple[bytes, ...]) -> Author:
    if len(values) == 1 and not shadows:
        if len(values[0]) <= MAX_FIELD:
            return _read_value(values[0])
        return Author(mailbox=None, problem=AuthorProblem.UNREADABLE, candidates=_candidates(values[0]))
    every = [*values, *shadows]
    if len(every) > 20:  # readers show the first or the last
        every[10:-10] = []
    candidates = _merge(*(_candidates(unfold(value)) for value in every))
    problem = AuthorProblem.SEVERAL_FIELDS if values else AuthorProblem.MISSING
    return Author(
        mailbox=None,
        display_name=_name_before(every[0]) if every else "",
        problem=problem,
        candidates=candidates,
    )


def _name_before(value: bytes) -> str:
    return decode_value(unfold(value))[0].partition("<")[0].strip(' "')[:1000]


def _read_value(value: bytes) -> Author:
    line = unfold(value)
    simple = simple_mailbox(line)
    if simple is not None:
        mailbox, raw_name = simple
        name = phrase_text([raw_name]) if raw_name else ""
        if "<" in name and b"=?" in raw_name:  # who decodes first and reads then takes that for the address
            candidates = _merge((mailbox,), _candidates(name.encode("utf-8", "replace")))
            problem = AuthorProblem.DISAGREEMENT if {c.domain for c in candidates} - {mailbox.domain} else None
            return Author(mailbox=mailbox, display_name=name, problem=problem, candidates=candidates)
        return Author(mailbox=mailbox, display_name=name, candidates=(mailbox,))
    if not line:
        return Author(mailbox=None, problem=AuthorProblem.MISSING)
    listed = tokenize(line)
    elements = [e for e in listed.elements if not is_empty(e)]
    name = _shown_name(elements)
    if not (listed.has_group or listed.cut or len(elements) != 1 or len(listed.elements) != 1):
        author, candidates = _read_element(elements[0], line)
        if author is not None:
            others = {c.domain for c in candidates} - {author.domain}
            problem = AuthorProblem.DISAGREEMENT if others else None
            return Author(mailbox=author, display_name=name, problem=problem, candidates=candidates)
    name = " ".join(decode_value(line.partition(b"<")[0])[0].split()).strip(' ",;') or name
    tight = _DOT_APART.sub(b".", line[:8192])  # the obsolete `bank . example` (RFC 5322 §4.4)
    candidates = _candidates(line) if tight == line[:8192] else _merge(_candidates(line), _candidates(tight))
    return Author(mailbox=None, display_name=name[:1000], problem=_problem(listed, elements), candidates=candidates)


def _shown_name(elements: list[Element]) -> str:
    for element in elements:
        if element.address is not None:
            name = phrase_text(element.name)
            if name:
                return name[:1000]
        if element.comments:
            return " ".join(decode_value(element.comments[-1])[0].split())[:1000]
    return ""


def _problem(listed: AddressList, elements: list[Element]) -> AuthorProblem:
    with_address = sum(1 for e in elements if e.address is not None or b"@" in e.name)
    if with_address > 1:
        return AuthorProblem.SEVERAL_ADDRESSES
    return AuthorProblem.UNREADABLE


def _read_element(element: Element, line: bytes) -> tuple[Mailbox | None, tuple[Mailbox, ...]]:
    """The mailbox of one element if it has exactly one by grammar, and what lenient readers may see beside it."""
    if element.odd or not element.closed or any((byte < 32 and byte != 9) or byte == 127 for byte in line):
        return None, ()
    if element.address is None:
        mailbox = strict_addr_spec(element.name)
        beside = element.comments
    else:
        if b"".join(element.after).strip(b" \t"):
            return None, ()
        tokens, routed = _without_route(element.address)
        mailbox = strict_addr_spec(tokens)
        # Quoted names may hold anything; an address in a bare phrase is what some readers take for the author.
        beside = [b"".join(t for t in element.name if not t.startswith(b'"')), *element.comments, *routed]
        whole = b"".join(element.name)
        shown = decode_value(whole)[0].encode("utf-8", "replace") if b"=?" in whole else b""
        if b"@" in element.name or b">" in element.name:  # no phrase at all: what is quoted there counts too
            beside.append(b" ".join((whole.replace(b'"', b" "), whole.replace(b'"', b""), shown)))
        elif b"<" in shown:
            beside.append(shown)
    if mailbox is None:
        return None, ()
    found = [_candidates(text) for text in beside if b"@" in text]
    return mailbox, _merge((mailbox,), *found)


def _without_route(tokens: list[bytes]) -> tuple[list[bytes], list[bytes]]:
    """An obsolete source route (`@a,@b:`, RFC 5322 §4.4) taken off; its hosts count as addresses beside."""
    if b":" not in tokens or next((t for t in tokens if t.strip()), b"") != b"@":
        return tokens, []
    cut = tokens.index(b":")
    return tokens[cut + 1 :], [b"route" + b"".join(tokens[:cut]).replace(b",", b" route")]


def _candidates(line: bytes) -> tuple[Mailbox, ...]:
    """Every address that stands in `line`, raw, decoded, with quoted pairs undone, and before or after a NUL; in the
    first and the last 8 KiB of it."""
    if len(line) > 2 * _STRETCH:
        return _merge(_candidates(unfold(line[:_STRETCH])), _candidates(unfold(line[-_STRETCH:])))
    texts = [line.decode("utf-8", "replace")]
    if b"=?" in line:
        texts.append(decode_value(line)[0])
    if b"\\" in line or b"\x00" in line:
        texts += [t.replace("\\", "").replace("\x00", "") for t in list(texts)]
    found: dict[Mailbox, None] = {}
    for text in texts:
        for match in _ADDRESS.finditer(text):
            domain = parse_domain(match.group(2).rstrip("."))
            if domain is not None:
                found[Mailbox(match.group(1), domain)] = None
        # "a@b@c": the second "@" has no local part left
        for match in re.finditer(r"@([^\s@<>]{1,64})@([A-Za-z0-9._-]{1,253})", text[:4096]):
            domain = parse_domain(match.group(2).rstrip("."))
            if domain is not None:
                found[Mailbox(match.group(1), domain)] = None
    return _few(found)


def _merge(*groups: tuple[Mailbox, ...]) -> tuple[Mailbox, ...]:
    return _few(dict.fromkeys(m for group in groups for m in group))


def _few(found: dict[Mailbox, None]) -> tuple[Mailbox, ...]:
    """At most MAX_CANDIDATES, of as many domains as can be: 20 addresses of one's own shall not hide another's."""
    if len(found) <= MAX_CANDIDATES:
        return tuple(found)
    by_domain: dict[DomainName | None, Mailbox] = {}
    for mailbox in found:
        by_domain.setdefault(mailbox.domain, mailbox)
    return tuple(dict.fromkeys((*by_domain.values(), *found)))[:MAX_CANDIDATES]
