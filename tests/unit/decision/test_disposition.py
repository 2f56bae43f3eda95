"""From score and policy to actions: the table is total, and what must never happen never does."""

from datetime import date
from ipaddress import ip_address
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gateway.decision.disposition import decide, decide_unscanned
from gateway.model import reply as replies
from gateway.model.address import Mailbox, Path
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
from gateway.model.content_facts import ContentFacts, SenderFacts
from gateway.model.domain import DomainName
from gateway.model.envelope import Client, Envelope, Recipient
from gateway.model.hit import Ground, RuleHit, RuleMode, RuleOutcome
from gateway.model.verdict import Action, Decision
from gateway.settings.schema import Settings

TODAY = date(2026, 11, 25)
EVIL = DomainName("partenaire.example")


def hit(
    points: float, *grounds: Ground, family: str = "f", mode: RuleMode = RuleMode.ENFORCE, overrides_allow: bool = False
) -> RuleHit:
    return RuleHit(
        rule=f"r{points}",
        family=family,
        points=points,
        mode=mode,
        reason=f"Raison {points}.",
        grounds=frozenset(grounds or {Ground.WORDS}),
        overrides_allow=overrides_allow,
    )


def settings(**sections: Any) -> Settings:
    return Settings.model_validate(sections)


def recipient(address: str) -> Recipient:
    local, _, domain = address.partition("@")
    return Recipient(path=Path(address.encode(), Mailbox(local, DomainName(domain))))


def decided(
    chosen: Settings,
    hits: tuple[RuleHit, ...] = (),
    *,
    to: tuple[str, ...] = ("a@mutuelle.example",),
    auth: AuthFacts | None = None,
    unchecked: tuple[str, ...] = (),
    caps: tuple[tuple[str, float], ...] = (),
) -> Decision:
    return decide(
        settings=chosen,
        envelope=Envelope(
            client=Client(address=ip_address("192.0.2.9")),
            mail_from=Path(b"x@partenaire.example", Mailbox("x", EVIL)),
            recipients=tuple(recipient(address) for address in to),
        ),
        auth=auth or AuthFacts(),
        content=ContentFacts(sender=SenderFacts(author=Mailbox("x", EVIL), author_domain=EVIL)),
        outcome=RuleOutcome(hits=hits, family_caps=caps),
        unchecked=unchecked,
        today=TODAY,
    )


def actions(decision: Decision) -> list[str]:
    return [r.action.value for r in decision.recipients]


REJECTING = DmarcResult(status=DmarcStatus.FAIL, policy=DmarcPolicy.REJECT, domain=EVIL)


@pytest.mark.parametrize(
    ("hits", "expected"),
    [
        ((), "relay"),
        ((hit(3.9, Ground.PROOF),), "relay"),
        ((hit(4, Ground.PROOF),), "tag"),
        ((hit(8, Ground.PROOF),), "quarantine"),
        ((hit(50),), "tag"),  # words alone never hold
        ((hit(50), hit(0.5, Ground.FORM)), "quarantine"),
        ((hit(50, Ground.PROOF, mode=RuleMode.SHADOW),), "relay"),
        ((hit(9, Ground.PROOF), hit(-6, Ground.PROOF, family="trust")), "relay"),
    ],
)
def test_score_decides(hits: tuple[RuleHit, ...], expected: str) -> None:
    assert actions(decided(settings(), hits)) == [expected]


def test_a_family_gives_at_most_its_cap() -> None:
    hits = (hit(5, Ground.PROOF), hit(6, Ground.PROOF))
    assert actions(decided(settings(), hits, caps=(("f", 7.0),))) == ["tag"]


def test_report_mailboxes_get_everything_and_the_verdict_stands() -> None:
    chosen = settings(organisation={"report_mailboxes": ["abuse@mutuelle.example"]})
    decision = decided(chosen, (hit(20, Ground.PROOF),), to=("abuse@mutuelle.example", "b@mutuelle.example"))
    assert actions(decision) == ["relay", "quarantine"]
    assert decision.verdict.action is Action.QUARANTINE


def test_benefits_mailboxes_hold_only_for_relations() -> None:
    chosen = settings(organisation={"benefits_mailboxes": ["p@mutuelle.example"]})
    mixed = (hit(7), hit(2, Ground.PROOF))
    assert actions(decided(chosen, mixed, to=("p@mutuelle.example",))) == ["tag"]
    assert actions(decided(chosen, (hit(8, Ground.PROOF),), to=("p@mutuelle.example",))) == ["quarantine"]


@pytest.mark.parametrize(("mode", "expected"), [("watch", "relay"), ("tag", "tag"), ("enforce", "quarantine")])
def test_the_mode_softens_but_the_verdict_stays(mode: str, expected: str) -> None:
    decision = decided(settings(policy={"mode": mode}), (hit(9, Ground.PROOF),))
    assert actions(decision) == [expected]
    assert decision.verdict.action is Action.QUARANTINE


def test_a_pilot_group_has_its_own_policy() -> None:
    chosen = settings(policy={"mode": "watch", "for": [{"recipients": ["pilot@mutuelle.example"], "mode": "enforce"}]})
    decision = decided(chosen, (hit(9, Ground.PROOF),), to=("pilot@mutuelle.example", "b@mutuelle.example"))
    assert actions(decision) == ["quarantine", "relay"]


@pytest.mark.parametrize(
    ("how", "policy", "expected"),
    [
        ("honour", DmarcPolicy.REJECT, "quarantine"),
        ("honour", DmarcPolicy.QUARANTINE, "quarantine"),
        ("honour", DmarcPolicy.NONE, "relay"),
        ("reject", DmarcPolicy.REJECT, "reject"),
        ("reject", DmarcPolicy.QUARANTINE, "quarantine"),
        ("score", DmarcPolicy.REJECT, "tag"),
        ("ignore", DmarcPolicy.REJECT, "relay"),
    ],
)
@pytest.mark.parametrize("status", [DmarcStatus.FAIL, DmarcStatus.PERMERROR])
def test_dmarc_is_honoured_as_set(how: str, policy: DmarcPolicy, expected: str, status: DmarcStatus) -> None:
    auth = AuthFacts(dmarc=DmarcResult(status=status, policy=policy, domain=EVIL))
    decision = decided(settings(authentication={"dmarc": how}), auth=auth)
    assert actions(decision) == [expected]
    assert (decision.refusal == replies.DMARC_REJECTED) == (expected == "reject")


def test_an_author_that_is_in_doubt_is_said_to_be() -> None:
    auth = AuthFacts(dmarc=DmarcResult(status=DmarcStatus.PERMERROR, policy=DmarcPolicy.REJECT, domain=EVIL))
    (reason,) = decided(settings(), auth=auth).verdict.reasons
    assert "ambigu" in reason
    assert "(partenaire.example)" in reason


def test_a_trusted_chain_speaks_for_a_forwarded_message() -> None:
    arc = ArcResult(status=ArcStatus.PASS, trusted=True, recorded_dmarc_pass=(EVIL,))
    assert actions(decided(settings(), auth=AuthFacts(dmarc=REJECTING, arc=arc))) == ["relay"]


@pytest.mark.parametrize(
    ("how", "expected", "reply"),
    [("mark", "relay", None), ("tag", "tag", None), ("defer", "defer", replies.DEFERRED_UNAUTHENTICATED)],
)
def test_what_could_not_be_checked(how: str, expected: str, reply: object) -> None:
    auth = AuthFacts(dmarc=DmarcResult(status=DmarcStatus.TEMPERROR))
    decision = decided(settings(authentication={"on_temperror": how}), auth=auth, unchecked=("dmarc:temperror",))
    assert actions(decision) == [expected]
    assert decision.refusal == reply


ALLOW = {"domain": EVIL, "authenticated": EVIL, "reason": "partenaire"}
SIGNED = DkimResult(status=DkimStatus.PASS, domain=EVIL)


@pytest.mark.parametrize(
    ("auth", "until", "expected"),
    [
        (AuthFacts(dkim=(SIGNED,)), None, "relay"),
        (AuthFacts(), None, "quarantine"),
        (AuthFacts(dkim=(DkimResult(status=DkimStatus.PASS, domain=EVIL, partial_body=True),)), None, "quarantine"),
        (AuthFacts(dkim=(SIGNED,)), "2026-11-24", "quarantine"),
        (AuthFacts(dkim=(SIGNED,)), "2026-11-25", "relay"),
        (
            AuthFacts(spf=SpfResult(status=SpfStatus.PASS, identity=SpfIdentity.MAIL_FROM, domain=EVIL)),
            None,
            "relay",
        ),
        (
            AuthFacts(spf=SpfResult(status=SpfStatus.PASS, identity=SpfIdentity.HELO, domain=EVIL)),
            None,
            "quarantine",
        ),
    ],
)
def test_an_allow_entry_works_only_when_authenticated(auth: AuthFacts, until: str | None, expected: str) -> None:
    chosen = settings(policy={"allow": [ALLOW | ({"until": until} if until else {})]})
    assert actions(decided(chosen, (hit(9, Ground.PROOF),), auth=auth)) == [expected]


def test_an_allow_entry_does_not_cover_executables() -> None:
    chosen = settings(policy={"allow": [ALLOW]})
    decision = decided(chosen, (hit(9, Ground.FORM, overrides_allow=True),), auth=AuthFacts(dkim=(SIGNED,)))
    assert actions(decision) == ["quarantine"]


def test_a_block_entry_refuses() -> None:
    decision = decided(settings(policy={"block": [{"domain": EVIL, "reason": "x"}]}))
    assert decision.refusal == replies.BLOCKED


def test_a_refusal_for_some_only_is_held_for_them() -> None:
    chosen = settings(policy={"reject_at": 9, "for": [{"recipients": ["w@mutuelle.example"], "mode": "watch"}]})
    decision = decided(chosen, (hit(10, Ground.PROOF),), to=("w@mutuelle.example", "b@mutuelle.example"))
    assert actions(decision) == ["relay", "quarantine"]
    assert decision.refusal is None
    assert actions(decided(chosen, (hit(10, Ground.PROOF),))) == ["reject"]


def test_a_bomb_is_at_least_tagged() -> None:
    for bomb in ("message:mime_too_deep", "text:html_too_dangerous", "text:body_too_large"):
        assert actions(decided(settings(), unchecked=(bomb,))) == ["tag"]
    assert actions(decided(settings(), unchecked=("text:decoded_too_large",))) == ["relay"]


def test_reasons_are_told_strongest_first_and_once() -> None:
    decision = decided(settings(), (hit(4, Ground.PROOF), hit(6, Ground.PROOF), hit(4, Ground.PROOF, family="g")))
    assert decision.verdict.reasons == ("Raison 6.", "Raison 4.")


@pytest.mark.parametrize(("give_up", "expected"), [(False, "defer"), (True, "tag")])
def test_what_could_not_be_analysed_is_put_off_then_tagged(give_up: bool, expected: str) -> None:
    envelope = Envelope(client=Client(address=None), recipients=(recipient("a@mutuelle.example"),))
    decision = decide_unscanned(settings=settings(), envelope=envelope, cause="analysis:crash", give_up=give_up)
    assert actions(decision) == [expected]


HITS = st.lists(
    st.builds(
        hit,
        st.floats(-20, 20),
        st.sampled_from(Ground),
        family=st.sampled_from("ab"),
        mode=st.sampled_from(RuleMode),
    ),
    max_size=6,
)
AUTHS = st.builds(
    lambda status, policy: AuthFacts(dmarc=DmarcResult(status=status, policy=policy, domain=EVIL)),
    st.sampled_from(DmarcStatus),
    st.sampled_from([None, *DmarcPolicy]),
)
MODES = st.sampled_from(["watch", "tag", "enforce"])


@given(HITS, AUTHS, st.lists(MODES, min_size=1, max_size=4), st.sampled_from(["honour", "reject", "score", "ignore"]))
def test_the_action_table_is_total(hits: list[RuleHit], auth: AuthFacts, modes: list[str], how: str) -> None:
    chosen = settings(
        policy={"for": [{"recipients": [f"r{n}@m.example"], "mode": mode} for n, mode in enumerate(modes)]},
        authentication={"dmarc": how},
    )
    decision = decided(chosen, tuple(hits), to=tuple(f"r{n}@m.example" for n in range(len(modes))), auth=auth)
    found = {r.action for r in decision.recipients}
    assert len(decision.recipients) == len(modes)
    assert (decision.refusal is not None) == bool(found & {Action.REJECT, Action.DEFER})
    assert not (len(found) > 1 and found & {Action.REJECT, Action.DEFER})
    for mode, item in zip(modes, decision.recipients, strict=True):
        if mode == "watch":
            assert item.action is Action.RELAY
        if mode == "tag":
            assert item.action in (Action.RELAY, Action.TAG)
    if all(h.grounds == {Ground.WORDS} for h in hits) and how == "ignore":
        assert not found & {Action.QUARANTINE, Action.REJECT}


def test_dmarc_has_not_failed_when_the_client_is_not_known() -> None:
    decision = decide(
        settings=settings(),
        envelope=Envelope(client=Client(address=None), recipients=(recipient("a@mutuelle.example"),)),
        auth=AuthFacts(dmarc=REJECTING),
        content=ContentFacts(),
        outcome=RuleOutcome(),
        unchecked=(),
        today=TODAY,
    )
    assert actions(decision) == ["relay"]
