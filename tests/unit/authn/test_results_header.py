"""The field we write, against its golden copies; nothing from a mail can break out of it; forged ones are known."""

from ipaddress import ip_address
from pathlib import Path as FilePath

import pytest

from gateway.authn.results_header import is_ours, write_results
from gateway.authn.results_text import read_statements
from gateway.model.address import NULL_PATH, Mailbox, Path
from gateway.model.auth_facts import (
    ArcResult,
    ArcStatus,
    AuthFacts,
    DkimResult,
    DkimStatus,
    DmarcPolicy,
    DmarcResult,
    DmarcStatus,
    IprevResult,
    IprevStatus,
    SpfIdentity,
    SpfResult,
    SpfStatus,
)
from gateway.model.domain import DomainName
from gateway.model.envelope import Client, Envelope
from gateway.model.message import HeaderField
from gateway.parsing.mime_tree import parse_message

GOLDEN = FilePath(__file__).parents[2] / "golden"
ID = "mx.mutuelle.example"
CLIENT = Client(address=ip_address("192.0.2.25"), helo="mail.ameli.example")
SENDER = Path(b"nepasrepondre@ameli.example", Mailbox("nepasrepondre", DomainName("ameli.example")))
AMELI = DomainName("ameli.example")


def spf(status: SpfStatus, identity: SpfIdentity = SpfIdentity.MAIL_FROM) -> SpfResult:
    return SpfResult(status=status, identity=identity, domain=AMELI)


CASES = {
    "pass": (
        AuthFacts(
            spf=spf(SpfStatus.PASS),
            dkim=(
                DkimResult(
                    status=DkimStatus.PASS,
                    domain=AMELI,
                    selector="s2026",
                    algorithm="rsa-sha256",
                    signature_start="dzdVyOfA",
                    key_bits=2048,
                ),
                DkimResult(
                    status=DkimStatus.TEMPERROR,
                    domain=DomainName("routeur.example"),
                    selector="x",
                    algorithm="ed25519-sha256",
                    signature_start="4bLFXImK",
                    reason="key could not be looked up",
                ),
            ),
            dmarc=DmarcResult(status=DmarcStatus.PASS, domain=AMELI, policy=DmarcPolicy.REJECT),
            arc=ArcResult(status=ArcStatus.PASS, sets=2, sealer=AMELI),
            iprev=IprevResult(status=IprevStatus.PASS, name=DomainName("mail.ameli.example")),
        ),
        Envelope(client=CLIENT, mail_from=SENDER),
    ),
    "nothing": (AuthFacts(), Envelope(client=Client(address=None), mail_from=None)),
    "null_path": (
        AuthFacts(
            spf=spf(SpfStatus.SOFTFAIL, SpfIdentity.HELO),
            dmarc=DmarcResult(status=DmarcStatus.PERMERROR),
            arc=ArcResult(status=ArcStatus.FAIL, sets=1, reason="seal 1: bad signature"),
            iprev=IprevResult(status=IprevStatus.FAIL),
        ),
        Envelope(client=Client(address=ip_address("2001:db8::25"), helo="[IPv6:2001:db8::25]"), mail_from=NULL_PATH),
    ),
    "hostile": (
        AuthFacts(
            spf=spf(SpfStatus.FAIL),
            dkim=(
                DkimResult(
                    status=DkimStatus.PERMERROR,
                    domain=None,
                    selector='x"; dmarc=pass (\\',
                    algorithm="rsa-sha256; dkim=pass",
                    signature_start="\r\nX: y",
                    reason="s= is no selector",
                ),
            ),
            dmarc=DmarcResult(status=DmarcStatus.FAIL, domain=AMELI, policy=DmarcPolicy.NONE),
        ),
        Envelope(
            client=CLIENT,
            mail_from=Path(
                b'"a;\r\n dmarc=pass (\\"' + b"x" * 400 + b"@evil.example", Mailbox("a", DomainName("evil.example"))
            ),
        ),
    ),
}


@pytest.mark.parametrize("name", CASES)
def test_the_field_is_as_the_golden_copy(name: str) -> None:
    facts, envelope = CASES[name]
    golden = (GOLDEN / f"authentication_results_{name}.txt").read_bytes().replace(b"\n", b"\r\n")
    assert write_results(ID, facts, envelope) == golden


@pytest.mark.parametrize("name", CASES)
def test_the_field_is_one_field_of_bearable_lines(name: str) -> None:
    field = write_results(ID, *CASES[name])
    fields = parse_message(field + b"\r\n").fields
    assert len(fields) == 1
    assert fields[0].end == len(field)
    assert max(len(line) for line in field.split(b"\r\n")) < 998
    statements = read_statements(fields[0].value.decode())
    assert statements is not None
    methods = [words[0].partition("=")[0] for words in statements[1:]]
    assert methods[0] == "spf"
    assert field.count(b"dmarc=") == 1, "not even to a reader who doesn't know quotes"
    assert is_ours(fields[0], ID)


def test_utf8_addresses_are_written_only_where_the_envelope_allows_them() -> None:
    path = Path("hélène@société.example".encode(), Mailbox("hélène", DomainName("xn--socit-esab.example")))
    facts = AuthFacts(spf=spf(SpfStatus.NONE))
    plain = write_results(ID, facts, Envelope(client=CLIENT, mail_from=path))
    assert plain.isascii()
    extended = write_results(
        ID, facts, Envelope(client=CLIENT, mail_from=path, mail_parameters=(b"SMTPUTF8",))
    ).decode()
    assert "hélène@société.example" in extended


def test_a_thousand_signatures_make_no_endless_field_and_the_one_that_passes_is_in_it() -> None:
    many = (DkimResult(status=DkimStatus.POLICY, domain=AMELI, reason="too many signatures"),) * 999
    facts = AuthFacts(dkim=(*many, DkimResult(status=DkimStatus.PASS, domain=AMELI, key_bits=2048)))
    field = write_results(ID, facts, Envelope(client=CLIENT, mail_from=SENDER))
    assert len(field) < 4000
    assert b"(980 more signatures)" in field
    assert b"dkim=pass (2048-bit key) header.d=ameli.example" in field


def test_a_check_of_ours_that_broke_is_not_written_as_nothing_found() -> None:
    field = write_results(ID, AuthFacts(skipped=("dkim:error",)), Envelope(client=CLIENT, mail_from=SENDER))
    assert b"dkim=temperror" in field


OURS = [
    b" mx.mutuelle.example; spf=pass",
    b" MX.Mutuelle.EXAMPLE ; spf=pass",
    b" mx.mutuelle.example. 1; spf=pass",
    b' "mx.mutuelle.example"; spf=pass',
    b' "mx.\\mutuelle.example" (x) 1 ; none',
    b"\r\n\tmx.mutuelle.example\r\n\t; spf=pass",
    b" (a (nested) comment; with mx) mx.mutuelle.example; spf=pass",
    b" mx.mutuelle.example(comment); spf=pass",
    b"mx.mutuelle.example/1; spf=pass",
    b" mx.(x)mutuelle.example; spf=pass",
    b" mx.mutuelle.\r\n example; spf=pass",
    b" =?utf-8?q?mx=2Emutuelle.example?=; spf=pass",
    b" =?UTF-8?B?bXgubXV0dWVsbGUuZXhhbXBsZQ==?=; spf=pass",
    b" mx\xe3\x80\x82mutuelle.example; spf=pass",
    b" \xef\xbd\x8dx.mutuelle.example; spf=pass",
    b" mx.mutuelle.example",
    b" mx.mutuelle\x00.example; spf=pass",
    b" mx.mutuelle.ex\xe2\x80\x8bample; spf=pass",
    b" (never closed mx.mutuelle.example; spf=pass",
    b' "never closed mx.mutuelle.example; spf=pass',
    b" (" + b"a" * 70_000 + b") mx.mutuelle.example; spf=pass",
    b" " * 70_000 + b"mx.mutuelle.example; spf=pass",
    b" ;; mx.mutuelle.example; spf=pass",
    b" " + b"x" * 5000 + b"; spf=pass",  # nobody's, and nobody honest writes so
    b" i=1; mx.mutuelle.example; spf=pass",
]
OTHERS = [
    b" mx.other.example; spf=pass",
    b" mx.mutuelle.example.evil.example; spf=pass",
    b" notmx.mutuelle.example; spf=pass",
    b" other.example; spf=pass smtp.helo=mx.mutuelle.example",
    b" other.example (mx.mutuelle.example); spf=pass",
    b" (never closed other.example; spf=pass",
    b"",
    b" ;",
    b" i=1; other.example; spf=pass",
]


@pytest.mark.parametrize("value", OURS)
def test_every_spelling_of_our_identifier_is_ours(value: bytes) -> None:
    assert is_ours(HeaderField("authentication-results", value, 0, 0), ID)


@pytest.mark.parametrize("value", OTHERS)
def test_fields_of_others_are_left(value: bytes) -> None:
    assert not is_ours(HeaderField("authentication-results", value, 0, 0), ID)


@pytest.mark.parametrize("ours", ["mx.société.example", "mx.xn--socit-esab.example"])
@pytest.mark.parametrize("theirs", ["mx.société.example", "mx.xn--socit-esab.example", "MX.SOCIÉTÉ.example"])
def test_labels_are_compared_in_one_form(ours: str, theirs: str) -> None:
    assert is_ours(HeaderField("authentication-results", f" {theirs}; none".encode(), 0, 0), ours)


@pytest.mark.parametrize("name", ["arc-authentication-results", "x-original-authentication-results", "x-note"])
def test_only_authentication_results_can_be_forged_ones(name: str) -> None:
    """What ARC recorded under our id is part of its chain."""
    assert not is_ours(HeaderField(name, f" i=1; {ID}; spf=pass".encode(), 0, 0), ID)
    assert not is_ours(HeaderField(name, f" {ID}; spf=pass".encode(), 0, 0), ID)
