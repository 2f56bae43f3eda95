"""DMARC: records, the walk up the tree, alignment, and every way not to know."""

import asyncio

import pytest

from gateway.authn.dmarc import author_domain, check_dmarc
from gateway.authn.dmarc_record import parse_dmarc_record, walk_names
from gateway.model.address import Mailbox
from gateway.model.auth_facts import (
    Author,
    AuthorProblem,
    DkimResult,
    DkimStatus,
    DmarcResult,
    SpfIdentity,
    SpfResult,
    SpfStatus,
)
from gateway.model.dns_answer import FailureCause
from gateway.model.domain import DomainName, parse_domain
from tests.authn_support import FakeResolver, Zone

Records = dict[str, str | FailureCause]


def mailbox(domain: str) -> Mailbox:
    return Mailbox("a", parse_domain(domain))


def zone_of(records: Records) -> Zone:
    """Policy records by domain, for names that exist unless they start with "-"."""
    zone: Zone = {}
    for name, record in records.items():
        plain = name.removeprefix("-")
        value = record if isinstance(record, FailureCause) else {"TXT": [record]}
        zone = {**zone, f"_dmarc.{plain}": value}
        if name == plain:
            zone = {**zone, plain: {"A": ["192.0.2.1"]}}
    return zone


def judge(
    author: str,
    records: Records,
    dkim: str = "",
    spf: str = "",
    dkim_status: DkimStatus = DkimStatus.PASS,
    spf_status: SpfStatus = SpfStatus.PASS,
) -> tuple[DmarcResult, FakeResolver]:
    resolver = FakeResolver(zone_of(records))
    spf_result = SpfResult(
        status=spf_status if spf else SpfStatus.NONE, identity=SpfIdentity.MAIL_FROM, domain=parse_domain(spf)
    )
    signatures = tuple(DkimResult(status=dkim_status, domain=parse_domain(d)) for d in dkim.split())
    got = asyncio.run(check_dmarc(Author(mailbox=mailbox(author)), spf_result, signatures, resolver))
    return got, resolver


RECORDS = [
    ("v=DMARC1; p=reject", ("reject", "reject", "reject")),
    ("v=DMARC1;p=Reject;", ("reject", "reject", "reject")),
    ("v = DMARC1 ; p = quarantine ; sp=none", ("quarantine", "none", "none")),
    ("v=DMARC1; p=none; np=reject", ("none", "none", "reject")),
    ("v=DMARC1; np=none; sp=quarantine; p=reject", ("reject", "quarantine", "none")),
    ("v=DMARC1; p=reject; junk; =x; p=none; zz=%", ("reject", "reject", "reject")),
    ("v=DMARC1", None),
    ("v=DMARC1; p=", None),
    ("v=DMARC1; p=rejct", None),
    ("v=DMARC1; p=reject; sp=rejct", None),
    ("v=DMARC1; p=reject; sp=rejct; rua=mailto:a@b.example", ("none", "none", "none")),
    ("v=DMARC1; rua=mailto:a@b.example", ("none", "none", "none")),
    ("v=DMARC1; rua=nothing", None),
    ("v=DMARC1x; p=reject", None),
    ("v=DMARC10; p=reject", None),
    ("v=dmarc1; p=reject", None),
    ("V=DMARC1; p=reject", None),
    ("p=reject; v=DMARC1", None),
    (" v=DMARC1; p=reject", None),
    ("v=spf1 -all", None),
    ("", None),
]


@pytest.mark.parametrize(("text", "policies"), RECORDS)
def test_records(text: str, policies: tuple[str, str, str] | None) -> None:
    record = parse_dmarc_record(text)
    got = (record.policy, record.subdomain, record.non_existent) if record else None
    assert got == policies


REJECT = "v=DMARC1; p=reject"
DOWN = FailureCause.SERVFAIL
PSD, OWN = REJECT + "; psd=y", REJECT + "; psd=n"
NONE = "v=DMARC1; p=none"
# author, records, dkim, spf -> status, policy, record domain
ROWS: list[tuple[str, Records, str, str, str, str | None, str | None]] = [
    ("a.example", {"a.example": REJECT}, "a.example", "", "pass", "reject", "a.example"),
    ("a.example", {"a.example": REJECT}, "m.a.example", "", "pass", "reject", "a.example"),
    ("m.a.example", {"a.example": REJECT}, "a.example", "", "pass", "reject", "a.example"),
    ("m.a.example", {"a.example": REJECT}, "n.a.example", "", "pass", "reject", "a.example"),
    ("a.example", {"a.example": REJECT}, "b.example c.d.example a.example", "", "pass", "reject", "a.example"),
    ("a.example", {"a.example": REJECT}, "b.example", "b.example", "fail", "reject", "a.example"),
    ("a.example", {"a.example": REJECT}, "nota.example", "", "fail", "reject", "a.example"),
    ("a.co.uk", {"a.co.uk": REJECT}, "b.co.uk", "co.uk", "fail", "reject", "a.co.uk"),
    ("a.example", {"a.example": REJECT + "; adkim=s"}, "m.a.example", "", "fail", "reject", "a.example"),
    ("a.example", {"a.example": REJECT + "; adkim=s"}, "", "m.a.example", "pass", "reject", "a.example"),
    ("a.example", {"a.example": REJECT + "; aspf=s"}, "", "m.a.example", "fail", "reject", "a.example"),
    ("a.example", {}, "a.example", "a.example", "none", None, None),
    # the record of the organization, of the author first
    (
        "m.a.example",
        {"a.example": REJECT, "m.a.example": NONE},
        "",
        "",
        "fail",
        "none",
        "m.a.example",
    ),
    ("x.m.a.example", {"a.example": REJECT, "m.a.example": NONE}, "", "", "fail", "reject", "a.example"),
    ("x.m.a.example", {"a.example": NONE, "m.a.example": OWN}, "", "", "fail", "reject", "m.a.example"),
    # psd=n cuts the tree: above it is another organization
    ("m.a.example", {"a.example": REJECT, "m.a.example": OWN}, "a.example", "", "fail", "reject", "m.a.example"),
    # psd=y: a name directly below is an organization of its own, and gets the suffix's policy when it has none
    ("shop.bank.example", {"bank.example": PSD}, "www.shop.bank.example", "", "pass", "reject", "bank.example"),
    ("shop.bank.example", {"bank.example": PSD}, "other.bank.example", "", "fail", "reject", "bank.example"),
    ("bank.example", {"bank.example": PSD}, "bank.example", "", "pass", "reject", "bank.example"),
    # np= for names that do not exist
    ("ghost.a.example", {"a.example": "v=DMARC1; p=none; np=reject"}, "", "", "fail", "reject", "a.example"),
    # t=y: one level down; pct=0 likewise when it comes to acting
    ("a.example", {"a.example": REJECT + "; t=y"}, "", "", "fail", "quarantine", "a.example"),
    ("a.example", {"a.example": "v=DMARC1; p=quarantine; t=Y"}, "", "", "fail", "none", "a.example"),
    ("a.example", {"a.example": REJECT + "; pct=0"}, "", "", "fail", "quarantine", "a.example"),
    ("a.example", {"a.example": REJECT + "; pct=0; t=n"}, "", "", "fail", "reject", "a.example"),
    ("a.example", {"a.example": REJECT + "; pct=20"}, "", "", "fail", "reject", "a.example"),
    # the tree is silent above the author's own record: the public suffix list says that both are one organization
    ("news.a.example", {"news.a.example": REJECT}, "a.example", "", "pass", "reject", "news.a.example"),
    # DNS down
    ("a.example", {"a.example": FailureCause.TIMEOUT}, "a.example", "a.example", "temperror", None, None),
    ("m.a.example", {"a.example": FailureCause.SERVFAIL}, "a.example", "", "temperror", None, None),
    (
        "m.a.example",
        {"m.a.example": REJECT, "a.example": DOWN},
        "a.example",
        "",
        "pass",
        "reject",
        "m.a.example",
    ),
]


@pytest.mark.parametrize(("author", "records", "dkim", "spf", "status", "policy", "record_domain"), ROWS)
def test_judgement(
    author: str,
    records: Records,
    dkim: str,
    spf: str,
    status: str,
    policy: str | None,
    record_domain: str | None,
) -> None:
    got, _ = judge(author, records, dkim, spf)
    assert (got.status, got.policy, got.record_domain) == (status, policy, record_domain)


def test_an_existing_name_gets_sp_not_np() -> None:
    records: Records = {"a.example": "v=DMARC1; p=none; np=reject", "m.a.example": "hello"}
    got, _ = judge("m.a.example", records)
    assert got.policy == "none"


@pytest.mark.parametrize("status", [s for s in DkimStatus if s not in (DkimStatus.PASS, DkimStatus.TEMPERROR)])
def test_only_a_pass_counts(status: DkimStatus) -> None:
    got, _ = judge("a.example", {"a.example": REJECT}, "a.example", dkim_status=status)
    assert (got.status, got.aligned_dkim) == ("fail", ())


def test_a_pending_check_counts_only_when_it_is_aligned() -> None:
    records: Records = {"a.example": REJECT}
    assert judge("a.example", records, "a.example", dkim_status=DkimStatus.TEMPERROR)[0].status == "temperror"
    assert judge("a.example", records, "b.example", dkim_status=DkimStatus.TEMPERROR)[0].status == "fail"
    assert judge("a.example", records, spf="a.example", spf_status=SpfStatus.TEMPERROR)[0].status == "temperror"
    assert judge("a.example", records, spf="b.example", spf_status=SpfStatus.TEMPERROR)[0].status == "fail"


def test_an_exact_match_asks_one_question() -> None:
    _, resolver = judge("a.example", {"a.example": REJECT}, "a.example b.test", "a.example")
    assert len(resolver.asked) == 1


def test_a_name_too_long_to_be_asked_does_not_shed_the_policy() -> None:
    """A resolver can only fail on it, and a failure would be "could not look"."""
    author = ".".join(["a" * 60] * 4) + ".a.example"
    assert len(author) <= 253 < len("_dmarc." + author)
    got, resolver = judge(author, {"a.example": REJECT})
    assert (got.status, got.policy) == ("fail", "reject")
    assert all(len(name) <= 253 for name, _ in resolver.asked)


def test_several_records_count_as_none() -> None:
    resolver = FakeResolver({"_dmarc.a.example": {"TXT": [REJECT, "v=DMARC1; p=none"]}})
    spf = SpfResult(status=SpfStatus.NONE, identity=SpfIdentity.MAIL_FROM, domain=None)
    assert asyncio.run(check_dmarc(Author(mailbox=mailbox("a.example")), spf, (), resolver)).status == "none"


def test_a_walk_asks_eight_names_at_most() -> None:
    deep = DomainName("a.b.c.d.e.f.g.h.i.j.mail.example.com")
    assert walk_names(deep) == [deep, *(DomainName(".".join(deep.split(".")[-n:])) for n in range(7, 0, -1))]
    assert walk_names(DomainName("example.com")) == ["example.com", "com"]
    assert walk_names(DomainName("com")) == ["com"]
    assert len(walk_names(DomainName("a.b.c.d.e.f.g.h"))) == 8


ONE, OTHER = mailbox("a.example"), mailbox("b.example")
AUTHORS = [
    (Author(mailbox=ONE), "a.example"),
    (Author(mailbox=ONE, problem=AuthorProblem.SEVERAL_FIELDS, candidates=(ONE,)), None),
    (Author(mailbox=None, problem=AuthorProblem.MISSING), None),
    (Author(mailbox=None, problem=AuthorProblem.UNREADABLE, candidates=(ONE,)), None),
    (Author(mailbox=None, problem=AuthorProblem.SEVERAL_ADDRESSES, candidates=(ONE, ONE)), "a.example"),
    (Author(mailbox=None, problem=AuthorProblem.SEVERAL_ADDRESSES, candidates=(ONE, OTHER)), None),
    (Author(mailbox=ONE, problem=AuthorProblem.DISAGREEMENT, candidates=(OTHER,)), None),
    (Author(mailbox=ONE, problem=AuthorProblem.DISAGREEMENT, candidates=(ONE, mailbox(""))), None),
    (Author(mailbox=Mailbox("a", None, "[192.0.2.1]")), None),
]


@pytest.mark.parametrize(("author", "domain"), AUTHORS)
def test_the_author_domain_is_the_one_that_every_reader_sees(author: Author, domain: str | None) -> None:
    assert author_domain(author) == domain
    if domain is None:
        spf = SpfResult(status=SpfStatus.PASS, identity=SpfIdentity.MAIL_FROM, domain=DomainName("a.example"))
        got = asyncio.run(check_dmarc(author, spf, (), FakeResolver({})))
        assert (got.status, got.domain, got.policy) == ("permerror", None, None)


def test_several_addresses_of_one_domain_vouch_for_nobody() -> None:
    author = Author(mailbox=None, problem=AuthorProblem.SEVERAL_ADDRESSES, candidates=(ONE, ONE))
    spf = SpfResult(status=SpfStatus.PASS, identity=SpfIdentity.MAIL_FROM, domain=DomainName("a.example"))
    with_policy = asyncio.run(check_dmarc(author, spf, (), FakeResolver(zone_of({"a.example": REJECT}))))
    assert (with_policy.status, with_policy.domain) == ("permerror", "a.example")
    assert asyncio.run(check_dmarc(author, spf, (), FakeResolver({}))).status == "none"


P = AuthorProblem
MANY = tuple(mailbox(f"{letter}.example") for letter in "bcda")
DOUBTFUL = [
    # problem, strict mailbox, candidates, who passes DKIM -> policy not met, of which domain
    (
        P.SEVERAL_FIELDS,
        None,
        (OTHER, ONE),
        "b.example",
        "reject",
        "a.example",
        "a second From is no way round p=reject",
    ),
    (P.SEVERAL_FIELDS, None, (OTHER, ONE), "a.example", None, None, "the only domain with a policy is met"),
    (P.SEVERAL_ADDRESSES, None, (ONE, mailbox("q.example")), "", "reject", "a.example", "the strictest counts"),
    (P.SEVERAL_ADDRESSES, None, (ONE, ONE), "", "reject", "a.example", "one domain, no proof"),
    (P.SEVERAL_ADDRESSES, None, (ONE, ONE), "a.example", None, "a.example", "one domain, which speaks for all"),
    (P.UNREADABLE, None, (mailbox("q.example"),), "", "quarantine", "q.example", "a stray bracket"),
    (P.UNREADABLE, None, (mailbox("sub.a.example"),), "mail.a.example", None, None, "met by the organization"),
    (P.MISSING, None, (ONE,), "", "reject", "a.example", "Sender is shown where From is missing"),
    (P.MISSING, None, (), "", None, None, "nothing is shown"),
    (P.DISAGREEMENT, ONE, (ONE, OTHER), "b.example", "reject", "a.example", "a comment is no way round"),
    (P.DISAGREEMENT, OTHER, (OTHER, ONE), "b.example", None, None, "`name@client <a@service>` unquoted: honest mail"),
    (P.SEVERAL_ADDRESSES, None, MANY, "b.example", "quarantine", None, "more than are looked at"),
    (P.UNREADABLE, None, (Mailbox("a", None, "[192.0.2.1]"),), "", None, None, "no domain at all"),
]


@pytest.mark.parametrize(("problem", "strict", "shown", "dkim", "policy", "domain", "why"), DOUBTFUL)
def test_a_doubtful_author_has_the_strictest_policy_that_nothing_meets(
    problem: P, strict: Mailbox | None, shown: tuple[Mailbox, ...], dkim: str, policy: str | None, domain: str, why: str
) -> None:
    author = Author(mailbox=strict, problem=problem, candidates=shown)
    zone = zone_of({"a.example": REJECT, "q.example": "v=DMARC1; p=quarantine", "sub.a.example": REJECT})
    spf = SpfResult(status=SpfStatus.NONE, identity=SpfIdentity.MAIL_FROM, domain=None)
    signatures = tuple(DkimResult(status=DkimStatus.PASS, domain=parse_domain(d)) for d in dkim.split())
    got = asyncio.run(check_dmarc(author, spf, signatures, FakeResolver(zone)))
    assert (got.status, got.policy, got.domain) == ("permerror", policy, domain), why
    assert (got.aligned_dkim, got.aligned_spf) == ((), False)


def test_a_doubtful_author_whose_policy_cannot_be_asked_is_a_temporary_error() -> None:
    author = Author(mailbox=None, problem=AuthorProblem.SEVERAL_FIELDS, candidates=(OTHER, ONE))
    spf = SpfResult(status=SpfStatus.NONE, identity=SpfIdentity.MAIL_FROM, domain=None)
    zone = zone_of({"a.example": FailureCause.SERVFAIL})
    assert asyncio.run(check_dmarc(author, spf, (), FakeResolver(zone))).status == "temperror"
