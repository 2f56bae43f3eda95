"""What the fuzzer does to what others send us in answer: next hops' replies, DNS, signatures, policies, rule files."""

import asyncio
import re
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from ipaddress import ip_address
from pathlib import Path
from typing import Final

from gateway.authn.authenticate import authenticate
from gateway.authn.dkim_signature import read_signature
from gateway.authn.dmarc_record import parse_dmarc_record
from gateway.authn.keys import parse_key
from gateway.authn.results_header import write_results
from gateway.authn.spf import check_host
from gateway.authn.tag_list import TagListError, parse_tag_list
from gateway.delivery.dot_stuffing import stuffed
from gateway.delivery.replies import BrokenReply, HopReply, ReplyParser, pass_on
from gateway.delivery.smtp_client import DATA, RSET, SmtpClient, mail_command, rcpt_command
from gateway.model.address import Mailbox
from gateway.model.address import Path as MailPath
from gateway.model.dns_answer import NO_DATA, NO_NAME, DnsAnswer, FailureCause, RecordType, failed, found
from gateway.model.domain import DomainName
from gateway.model.envelope import Client, Envelope, Recipient
from gateway.model.errors import SettingsError
from gateway.parsing.mime_tree import parse_message
from gateway.resolver.wire import read_answer
from gateway.rulebook.rule_file import read_rule_file
from gateway.settings.yaml_lines import parse_yaml
from tests.authn_support import inline_cpu

_NOW: Final = datetime(2026, 11, 25, tzinfo=UTC)
_FIELD: Final = re.compile(rb"Authentication-Results: [^\r\n]*(?:\r\n[ \t]+[^\r\n]+)*\r\n")
_LOOP: list[asyncio.AbstractEventLoop] = []


def _loop() -> asyncio.AbstractEventLoop:
    if not _LOOP:
        _LOOP.append(asyncio.new_event_loop())
    return _LOOP[0]


def _replies_of(data: bytes, step: int) -> list[HopReply] | str:
    parser, heard = ReplyParser(), []
    try:
        for at in range(0, len(data), step):
            heard += parser.feed(data[at : at + step])
    except BrokenReply:
        return "broken"
    return heard


def replies(data: bytes) -> None:
    """A next hop's words: the same in any pieces, and passed on as one clean line of the same class."""
    whole, pieces = _replies_of(data, len(data) or 1), _replies_of(data, 1 + len(data) % 7)
    if whole != pieces:
        raise AssertionError("the pieces matter")
    for reply in whole if isinstance(whole, list) else ():
        if 200 <= reply.code < 300 or reply.code >= 400:
            line = pass_on(reply, "1.0").encode()
            if len(line) > 500 or line[:1] != str(reply.code)[:1].encode() or line.count(b"\n") != 1:
                raise AssertionError("passed on unclean")


def client(data: bytes) -> None:
    """A whole delivery to a next hop that says anything: success only after the dot, and by a 2xx after it."""
    flags, said = data[:1] or b"\0", data[1:]
    lines = said.split(b"|")
    this = SmtpClient()
    after_dot = b""
    groups = [[mail_command(b"a@b.example"), rcpt_command(b"c@d.example"), DATA], [RSET], [mail_command(b""), DATA]]
    for line in lines:
        if flags[0] & 1:
            for at in range(len(line)):
                this.receive(line[at : at + 1])
        else:
            this.receive(line)
        if this.dot_sent:
            after_dot += line
        if this.delivered and not (this.dot_sent and re.search(rb"(?m)^2", after_dot)):
            raise AssertionError("a success that nobody said")
        if this.wants_data:
            this.data_sent()
            after_dot = b""
        elif this.usable and groups:
            this.put(*groups.pop(0))


def dots(data: bytes) -> None:
    """The outgoing stream: one end, and what is read back is what went in."""
    size = 1 + (data[0] if data else 0)
    body = data[1:]
    cut = len(body) // 3
    wire = b"".join(stuffed(body[:cut], memoryview(body)[cut:], size))
    if not wire.endswith(b".\r\n") or b"\r\n.\r\n" in wire[:-3] or (wire != b".\r\n" and wire.startswith(b".\r\n")):
        raise AssertionError("a second end")
    content = wire[:-3]
    back = content[content.startswith(b".") :].replace(b"\r\n.", b"\r\n")
    if back != body and back != body + b"\r\n":
        raise AssertionError("other bytes")


class _Zone:
    """DNS that the fuzzer writes: each question gets the next line of it."""

    def __init__(self, lines: list[bytes]) -> None:
        self.lines = lines
        self.asked = 0

    async def query(self, name: str, rtype: RecordType) -> DnsAnswer:
        self.asked += 1
        if self.asked > 400:
            raise AssertionError("asks without end")
        line = self.lines[self.asked % len(self.lines)] if self.lines else b""
        if line == b"?":
            return failed(FailureCause.TIMEOUT)
        if line == b"!":
            return NO_NAME
        text = line.decode("latin-1")
        if rtype is RecordType.TXT:
            return found((text,)) if text else NO_DATA
        if rtype in (RecordType.A, RecordType.AAAA):
            return found(("192.0.2.7",) if rtype is RecordType.A else ("2001:db8::7",))
        return found(("mail.b.example", "b.example"))


def spf(data: bytes) -> None:
    """SPF records, each including what the fuzzer likes."""
    lines = data.split(b"\n")
    zone = _Zone([b"v=spf1 " + line if len(line) > 1 else line for line in lines[1:]])
    sender = lines[0].decode("utf-8", "replace") or "a@b.example"
    address = ip_address("192.0.2.7" if len(data) % 2 else "2001:db8::7")
    result = _loop().run_until_complete(check_host(address, "b.example", sender, "h.example", zone, explains=True))
    if zone.asked > 150:
        raise AssertionError("more than RFC 7208 §4.6.4 allows")
    if not result.reason.isprintable():
        raise AssertionError("a reason that is not ours")


def tags(data: bytes) -> None:
    """Tag lists: signatures, keys, DMARC records."""
    for forgiving in (False, True):
        try:
            parse_tag_list(data, forgiving=forgiving)
        except TagListError:
            continue
    read_signature(data)
    read_signature(data, arc=True)
    text = data.decode("latin-1")
    parse_key(text)
    parse_dmarc_record(text)


def authentication(data: bytes) -> None:
    """A message and the DNS it meets, both the fuzzer's: no fault, and one clean field that tells the result."""
    dns, _, raw = data.partition(b"\n\n")
    zone = _Zone(dns.split(b"\n"))
    path = MailPath(b"a@b.example", Mailbox("a", DomainName("b.example")))
    envelope = Envelope(
        client=Client(address=ip_address("192.0.2.7"), helo="h.example"),
        mail_from=path,
        recipients=(Recipient(path=path),),
    )
    message = parse_message(raw)
    sealers = (DomainName("b.example"),)
    facts = _loop().run_until_complete(
        authenticate(message, envelope, zone, inline_cpu, _NOW, DomainName("mx.example"), sealers)
    )
    if any(cause.endswith((":crash", ":unexpected")) for cause in facts.skipped):
        raise AssertionError(f"a fault: {facts.skipped}")
    if _FIELD.fullmatch(write_results(DomainName("mx.example"), facts, envelope)) is None:
        raise AssertionError("no clean field")


def answers(data: bytes) -> None:
    """DNS answers, whatever stands in them (the caller has looked at header and question)."""
    wire = b"\x12\x34\x81\x80" + data
    if len(wire) >= 12:
        for rtype in RecordType:
            read_answer(wire, rtype)


def rules(data: bytes) -> None:
    """Rule files: read, or refused with lines."""
    try:
        node = parse_yaml(data.decode("utf-8", "replace"), Path("rules.yml"))
    except SettingsError as error:
        if not error.problems or any("\n" in problem for problem in error.problems):
            raise AssertionError("refused without a line for each fault") from error
        return
    read_rule_file(node, frozenset({"ameli"}))


TARGETS: Final[Mapping[str, Callable[[bytes], None]]] = {
    "wire_replies": replies,
    "wire_client": client,
    "wire_dots": dots,
    "wire_spf": spf,
    "wire_tags": tags,
    "wire_authentication": authentication,
    "wire_answers": answers,
    "wire_rules": rules,
}
_SIGNATURE = b"v=1; a=rsa-sha256; c=relaxed/simple; d=b.example; s=x; h=from:to; l=3; t=1; x=2; bh=YQ==; b=YWJj"
SEEDS: Final[Mapping[str, tuple[bytes, ...]]] = {
    "wire_replies": (
        b"250-a\r\n250 b\r\n",
        b"550 5.1.1 no\r\n571 x\r\n",
        b"250\r\n354 go\r\n",
        b"421-4.3.2 a\r\n421 b\r\n",
    ),
    "wire_client": (
        b"\x00220 a\r\n|250 a\r\n250 b\r\n354 c\r\n|250 d\r\n|250 e\r\n|",
        b"\x01220-a\r\n220 b\r\n|250 a\r\n550 b\r\n503 c\r\n|250 x\r\n|250 a\r\n554 b\r\n|",
        b"\x00220 a\r\n|250 a\r\n250 b\r\n354 c\r\n|421 d\r\n|",
    ),
    "wire_dots": (b"\x01.a\r\n..b\r\n.", b"\x05a\r\n.\r\n.\r\nb", b"\xff", b"\x02\r\n.\r\n"),
    "wire_spf": (
        b"a@b.example\nip4:192.0.2.0/24 include:c.example -all\na:%{i}.%{d2r} mx/24//64 ~all",
        b"\ninclude:%{l}.x.example\nredirect=_spf.%{d} exp=e.%{d}\n?\n!\nptr exists:%{p}.%{h}",
    ),
    "wire_tags": (
        _SIGNATURE,
        b"v=DKIM1; k=ed25519; h=sha256; t=y:s; p=YQ==",
        b"v=DMARC1; p=reject; sp=none; pct=5; psd=n",
    ),
    "wire_authentication": (
        b"v=DKIM1; p=YQ==\nv=DMARC1; p=reject\nv=spf1 -all\n\nDKIM-Signature: %s\r\nFrom: a@b.example\r\n\r\nx\r\n"
        % _SIGNATURE,
        b"?\n!\n\nARC-Seal: i=1; cv=none; %s\r\nARC-Message-Signature: i=1; %s\r\n"
        b"ARC-Authentication-Results: i=1; mx.b.example; dmarc=pass header.from=c.example\r\nFrom: a@c.example\r\n\r\nx"
        % (_SIGNATURE, _SIGNATURE),
    ),
    "wire_answers": (
        b"\0\1\0\1\0\0\0\0\1a\7example\0\0\x10\0\1\xc0\x0c\0\x10\0\1\0\0\0\x3c\0\4\3abc",
        b"\0\1\0\2\0\0\0\0\1a\0\0\1\0\1\xc0\x0c\0\5\0\1\0\0\0\x3c\0\3\1b\0\1b\0\0\1\0\1\0\0\0\1\0\4\x7f\0\0\1",
    ),
    "wire_rules": (
        b"family: x\nrules:\n  - id: abc-d\n    title: t\n    reason: r\n    points: 3\n    mode: shadow\n"
        b"    sources: [s]\n"
        b"    when:\n      all:\n        - claims: ameli\n        - not: {authenticated_as: ameli}\n"
        b"        - near: {words: [a, b c], within: 8, in: [subject]}\n"
        b"        - regex: {pattern: 'a+b', in: [visible]}\n"
        b"    must_match: [{text: a}]\n    must_not_match: [{text: b, why: c}]\n",
        b"a: &x [1]\nb: *x\n",
        b"{[{[{",
    ),
}
