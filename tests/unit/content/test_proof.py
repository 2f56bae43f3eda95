"""Proof: yes, no, unknown (DESIGN §6)."""

from dataclasses import replace
from ipaddress import ip_address

import pytest

from gateway.content.directory_index import DirectoryIndex
from gateway.content.proof import add_proof
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
    SpfIdentity,
    SpfResult,
    SpfStatus,
)
from gateway.model.content_facts import Claim, ClaimPlace, ContentFacts, Proof, SenderFacts, SenderFlag
from gateway.model.directory import ORGANISATION
from gateway.model.domain import DomainName
from gateway.model.envelope import Client, Envelope
from tests.content_directory import DIRECTORY

INDEX = DirectoryIndex(DIRECTORY)


def envelope(mail_from: str | None) -> Envelope:
    if mail_from is None:
        return Envelope(client=Client(address=ip_address("192.0.2.9")), mail_from=None)
    if not mail_from:
        return Envelope(client=Client(address=ip_address("192.0.2.9")), mail_from=NULL_PATH)
    local, _, domain = mail_from.partition("@")
    path = Path(mail_from.encode(), Mailbox(local=local, domain=DomainName(domain)))
    return Envelope(client=Client(address=ip_address("192.0.2.9")), mail_from=path)


def spf(status: SpfStatus, domain: str) -> SpfResult:
    return SpfResult(status=status, identity=SpfIdentity.MAIL_FROM, domain=DomainName(domain))


def dkim(domain: str, status: DkimStatus = DkimStatus.PASS) -> DkimResult:
    return DkimResult(status=status, domain=DomainName(domain))


def prove(
    author: str | None,
    auth: AuthFacts,
    mail_from: str | None = "a@elsewhere.example",
    identity: str = "assurance_maladie",
) -> Proof:
    domain = DomainName(author) if author else None
    facts = ContentFacts(
        claims=(Claim(identity=identity, place=ClaimPlace.DISPLAY_NAME),), sender=SenderFacts(author_domain=domain)
    )
    return dict(add_proof(facts, auth, envelope(mail_from), INDEX).sender.proof)[identity]


def known(*dkims: DkimResult, spf_result: SpfResult | None = None, **more: object) -> AuthFacts:
    auth = AuthFacts(dkim=dkims, claimed_dkim_domains=tuple(d.domain for d in dkims if d.domain), **more)  # type: ignore[arg-type]
    return replace(auth, spf=spf_result) if spf_result else auth


UNASKED = AuthFacts(known=False)


@pytest.mark.parametrize(
    ("author", "auth", "mail_from", "proof", "why"),
    [
        ("info.ameli.fr", known(dkim("info.ameli.fr")), "b@mailer.example", Proof.YES, "DKIM, same domain"),
        ("info.ameli.fr", known(dkim("ameli.fr")), "b@mailer.example", Proof.YES, "DKIM, relaxed alignment"),
        (
            "info.ameli.fr",
            known(spf_result=spf(SpfStatus.PASS, "info.ameli.fr")),
            "b@info.ameli.fr",
            Proof.YES,
            "SPF, aligned",
        ),
        ("ameli.fr", known(spf_result=spf(SpfStatus.FAIL, "ameli.fr")), "b@ameli.fr", Proof.NO, "SPF fails"),
        ("ameli.fr", known(dkim("ameli.fr", DkimStatus.FAIL)), "b@x.example", Proof.NO, "DKIM fails"),
        ("ameli.fr", known(dkim("mailer.example")), "b@x.example", Proof.NO, "DKIM of another"),
        (
            "ameli.fr",
            known(spf_result=spf(SpfStatus.PASS, "mailer.example")),
            "b@mailer.example",
            Proof.NO,
            "SPF of another",
        ),
        (
            "evil.example",
            known(dkim("ameli.fr"), dkim("evil.example")),
            "b@evil.example",
            Proof.NO,
            "a replayed signature that isn't the author's",
        ),
        ("evil.example", known(dkim("evil.example")), "b@evil.example", Proof.NO, "authenticates as himself"),
        ("ameli.fr", known(dkim("ameli.fr", DkimStatus.TEMPERROR)), "b@x.example", Proof.UNKNOWN, "DKIM unasked"),
        (
            "ameli.fr",
            known(spf_result=spf(SpfStatus.TEMPERROR, "ameli.fr")),
            "b@ameli.fr",
            Proof.UNKNOWN,
            "SPF unasked",
        ),
        (
            "ameli.fr",
            known(dkim("ameli.fr"), dkim("ameli.fr", DkimStatus.TEMPERROR)),
            "b@x.example",
            Proof.YES,
            "one passed, one unasked",
        ),
        (
            "evil.example",
            known(spf_result=spf(SpfStatus.TEMPERROR, "evil.example")),
            "b@evil.example",
            Proof.NO,
            "what couldn't be asked is not ours to ask",
        ),
        ("info.ameli.fr", UNASKED, None, Proof.UNKNOWN, "nothing asked, the author is theirs"),
        ("evil.example", UNASKED, None, Proof.NO, "nothing asked, nothing names them"),
        ("evil.example", UNASKED, "b@evil.example", Proof.NO, "nothing asked, nothing names them"),
        (None, UNASKED, None, Proof.NO, "no author"),
    ],
)
def test_proof(author: str | None, auth: AuthFacts, mail_from: str | None, proof: Proof, why: str) -> None:
    assert prove(author, auth, mail_from) is proof, why


def test_a_signature_that_proves_nothing_is_none() -> None:
    for weak in (
        replace(dkim("ameli.fr"), partial_body=True),
        replace(dkim("ameli.fr"), unsigned_duplicates=("subject",)),
        replace(dkim("ameli.fr"), testing=True),
    ):
        assert prove("ameli.fr", known(weak)) is Proof.NO


def test_trusted_arc_chain() -> None:
    chain = ArcResult(status=ArcStatus.PASS, trusted=True, recorded_dmarc_pass=(DomainName("info.ameli.fr"),))
    assert prove("info.ameli.fr", known(arc=chain)) is Proof.YES
    assert prove("info.ameli.fr", known(arc=replace(chain, trusted=False))) is Proof.NO


def test_the_domains_own_dmarc_record_decides_alignment() -> None:
    strict = DmarcResult(status=DmarcStatus.FAIL, policy=DmarcPolicy.REJECT)
    assert prove("info.ameli.fr", known(dkim("ameli.fr"), dmarc=strict)) is Proof.NO
    passed = replace(strict, status=DmarcStatus.PASS, aligned_dkim=(DomainName("ameli.fr"),))
    assert prove("info.ameli.fr", known(dkim("ameli.fr"), dmarc=passed)) is Proof.YES


def test_own_domain_shown_by_a_doubtful_from() -> None:
    facts = ContentFacts(sender=SenderFacts(flags=frozenset((SenderFlag.OWN_DOMAIN_AUTHOR,))))
    for auth, forged in [
        (known(), True),
        (known(dkim("elsewhere.example")), True),
        (known(dkim("tamaris-sante.fr")), False),
        (known(dkim("tamaris-sante.fr", DkimStatus.TEMPERROR)), False),
        (known(dkim("paie-claire.fr")), False),
        (UNASKED, False),
    ]:
        flags = add_proof(facts, auth, envelope("a@elsewhere.example"), INDEX).sender.flags
        assert (SenderFlag.OWN_DOMAIN_FORGED in flags) is forged, auth


def test_own_domain_and_services() -> None:
    def judged(auth: AuthFacts, mail_from: str) -> SenderFacts:
        facts = ContentFacts(
            sender=SenderFacts(
                author_domain=DomainName("tamaris-sante.fr"), flags=frozenset((SenderFlag.OWN_DOMAIN_AUTHOR,))
            )
        )
        return add_proof(facts, auth, envelope(mail_from), INDEX).sender

    forged = judged(known(spf_result=spf(SpfStatus.FAIL, "tamaris-sante.fr")), "a@tamaris-sante.fr")
    assert SenderFlag.OWN_DOMAIN_FORGED in forged.flags
    assert forged.author_proved is Proof.NO
    real = judged(known(dkim("tamaris-sante.fr")), "a@tamaris-sante.fr")
    assert SenderFlag.OWN_DOMAIN_FORGED not in real.flags
    assert dict(real.proof)[ORGANISATION] is Proof.YES
    service = judged(known(dkim("paie-claire.fr")), "b@paie-claire.fr")
    assert SenderFlag.OWN_DOMAIN_FORGED not in service.flags
    unasked = judged(UNASKED, "a@tamaris-sante.fr")
    assert SenderFlag.OWN_DOMAIN_FORGED not in unasked.flags
    assert dict(unasked.proof)[ORGANISATION] is Proof.UNKNOWN


def test_author_proved() -> None:
    def author_proved(auth: AuthFacts) -> Proof:
        facts = ContentFacts(sender=SenderFacts(author_domain=DomainName("garage.example")))
        return add_proof(facts, auth, envelope("a@garage.example"), INDEX).sender.author_proved

    assert author_proved(known(dkim("garage.example"))) is Proof.YES
    assert author_proved(known(dkim("mailer.example"))) is Proof.NO
    assert author_proved(known(spf_result=spf(SpfStatus.TEMPERROR, "garage.example"))) is Proof.UNKNOWN
    assert author_proved(UNASKED) is Proof.UNKNOWN
