"""Whatever the bytes: nothing raises, every result has its reason, and the field we write stays one field."""

import asyncio
from datetime import UTC, datetime

from hypothesis import given
from hypothesis import strategies as st

from gateway.authn.arc import check_arc
from gateway.authn.arc_seal import Sealer
from gateway.authn.dkim import check_dkim
from gateway.authn.dmarc_record import parse_dmarc_record
from gateway.authn.keys import MAX_RECORD, parse_key
from gateway.authn.org_domain import registrable_text
from gateway.authn.results_header import is_ours, write_results
from gateway.authn.results_text import read_statements
from gateway.model.address import Mailbox, Path
from gateway.model.auth_facts import ArcStatus, AuthFacts, DkimResult, DkimStatus, SpfIdentity, SpfResult, SpfStatus
from gateway.model.domain import DomainName
from gateway.model.envelope import Client, Envelope
from gateway.model.message import HeaderField
from gateway.parsing.mime_tree import parse_message
from tests.authn_keys import DOMAIN, KEY_NAME, SELECTOR, pem, record, rsa_key, signed
from tests.authn_support import FakeResolver, inline_cpu, txt_zone

NOW = datetime.now(UTC)
RESOLVER = FakeResolver(txt_zone({KEY_NAME: record(rsa_key())}))
SEALER = Sealer(DomainName(DOMAIN), SELECTOR, pem(rsa_key()))
SIGNED = signed(b"From: a@signer.example\r\nSubject: x\r\n\r\nBonjour\r\n")
TAG = st.sampled_from([b"v", b"a", b"b", b"bh", b"c", b"d", b"h", b"i", b"l", b"q", b"s", b"t", b"x", b"cv", b""])
WORD = st.sampled_from(
    [b"1", b"rsa-sha256", b"relaxed", b"simple/relaxed", b"from:to", b"AAAA", b"none", b"pass", b"a.example", b"-1"]
) | st.binary(max_size=12)
VALUE = st.lists(st.tuples(TAG, WORD).map(b"=".join), max_size=12).map(b"; ".join)
NAME = st.sampled_from(
    [b"DKIM-Signature", b"ARC-Seal", b"ARC-Message-Signature", b"ARC-Authentication-Results", b"From"]
)
TEXT = st.text(max_size=80) | st.text(alphabet=';()"\\= \r\n\tx@', max_size=40)


@given(st.lists(st.tuples(NAME, VALUE), max_size=8), st.binary(max_size=40))
def test_no_header_makes_a_check_raise(fields: list[tuple[bytes, bytes]], body: bytes) -> None:
    raw = b"".join(name + b": " + value + b"\r\n" for name, value in fields) + b"\r\n" + body
    message = parse_message(raw)
    for result in asyncio.run(check_dkim(message, RESOLVER, inline_cpu, NOW)):
        assert result.status is not DkimStatus.PASS
        assert result.reason
    arc = asyncio.run(check_arc(message, RESOLVER, inline_cpu, ()))
    assert arc.status is not ArcStatus.PASS
    assert (arc.status is ArcStatus.NONE) == (not arc.sets) or arc.reason


LINE = st.tuples(
    st.sampled_from(
        [b"Subject", b"From", b"to ", b"X-A", b"DKIM-Signature", b"Received", b" folded", b"no field", b"\xe9"]
    ),
    st.sampled_from([b":", b": ", b"", b"\t:"]),
    st.lists(st.sampled_from([b"a", b" ", b"\t", b"\r\n ", b"\xc3\xa9", b"\x00", b";", b"b=c"]), max_size=8).map(
        b"".join
    ),
).map(b"".join)


@given(st.lists(LINE, max_size=8), st.binary(max_size=60).map(lambda body: body.replace(b"\n", b"\r\n")))
def test_what_we_seal_holds_whatever_the_header(lines: list[bytes], body: bytes) -> None:
    raw = b"From: a@signer.example\r\n" + b"".join(line + b"\r\n" for line in lines if line) + b"\r\n" + body
    for count in (1, 2):
        start = parse_message(raw).body_start
        state = asyncio.run(check_arc(parse_message(raw), RESOLVER, inline_cpu, ()))
        raw = SEALER.seal(raw[:start], memoryview(raw)[start:], state, b"Authentication-Results: x; none", NOW) + raw
        got = asyncio.run(check_arc(parse_message(raw), RESOLVER, inline_cpu, ()))
        assert (got.status, got.sets) == (ArcStatus.PASS, count), got.reason


@given(st.integers(0, len(SIGNED) - 1), st.integers(0, 255))
def test_a_changed_byte_never_makes_a_wrong_message_pass(at: int, byte: int) -> None:
    changed = SIGNED[:at] + bytes([byte]) + SIGNED[at + 1 :]
    results = asyncio.run(check_dkim(parse_message(changed), RESOLVER, inline_cpu, NOW))
    if any(result.status is DkimStatus.PASS for result in results):
        # only what canonicalisation takes away may differ: letter case of names, blanks, the unsigned
        assert changed.lower().split() == SIGNED.lower().split()


@given(st.text(max_size=200) | st.text(alphabet="v=DMARC1; psnt%,:", max_size=60).map(lambda text: "v=DMARC1;" + text))
def test_records_are_read_or_not_but_never_raise(text: str) -> None:
    parse_dmarc_record(text)
    assert len(text) <= MAX_RECORD
    key = parse_key(text)
    assert (key.key is None) == bool(key.problem)
    registrable_text(text)


@given(TEXT, TEXT, TEXT, TEXT, st.booleans())
def test_no_value_breaks_out_of_the_field(path: str, helo: str, selector: str, reason: str, extended: bool) -> None:
    raw_path = path.encode("utf-8", "surrogatepass") + b"@b.example"
    facts = AuthFacts(
        spf=SpfResult(
            status=SpfStatus.FAIL, identity=SpfIdentity.HELO if len(helo) % 2 else SpfIdentity.MAIL_FROM, domain=None
        ),
        dkim=(DkimResult(status=DkimStatus.FAIL, domain=None, selector=selector, signature_start=reason),),
    )
    envelope = Envelope(
        client=Client(address=None, helo=helo),
        mail_from=Path(raw_path, Mailbox(path, DomainName("b.example"))),
        mail_parameters=(b"SMTPUTF8",) if extended else (),
    )
    field = write_results("mx.mutuelle.example", facts, envelope)
    (only,) = parse_message(field + b"\r\n").fields
    assert only.end == len(field)
    assert extended or field.isascii()
    statements = read_statements(only.value.decode())
    assert statements is not None
    assert [words[0].partition("=")[0] for words in statements[1:]] == ["spf", "dkim", "dmarc"]
    naive = [part.split()[0].partition(b"=")[0] for part in field.split(b";")[1:]]
    assert naive == [b"spf", b"dkim", b"dmarc"], "the same to a reader who knows neither quotes nor comments"
    assert is_ours(only, "mx.mutuelle.example")


@given(st.binary(max_size=200) | TEXT.map(lambda text: text.encode("utf-8", "surrogatepass")))
def test_no_field_makes_the_search_for_forgeries_raise(value: bytes) -> None:
    is_ours(HeaderField("authentication-results", value, 0, 0), "mx.mutuelle.example")
