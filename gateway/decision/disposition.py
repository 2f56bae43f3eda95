"""From score, authentication policy and the operator's entries to one action per recipient. Pure, and total.

For one recipient the intended action is the strictest of: what the score says under the recipient's thresholds, what
the DMARC policy asks, a block entry, what an unmade check asks. A report mailbox gets everything; then the mode softens
that.
"""

from dataclasses import dataclass, replace
from datetime import date

from gateway.decision.grounds import Score, add_up
from gateway.decision.lists import matching_allow, matching_block
from gateway.decision.reasons import dmarc_reason, order_reasons
from gateway.model import reply as replies
from gateway.model.address import Path
from gateway.model.auth_facts import AuthFacts, DkimStatus, DmarcPolicy, DmarcResult, DmarcStatus, SpfStatus
from gateway.model.content_facts import ContentFacts
from gateway.model.envelope import Envelope, Recipient
from gateway.model.hit import Ground, RuleHit, RuleMode, RuleOutcome
from gateway.model.message import BOMBS
from gateway.model.reply import Reply
from gateway.model.verdict import Action, Decision, RecipientAction, Verdict
from gateway.settings.schema import Policy, Settings

STRICTNESS = (Action.RELAY, Action.TAG, Action.QUARANTINE, Action.REJECT, Action.DEFER)
_BOMBS = frozenset(f"{where}:{finding.value}" for where in ("message", "text") for finding in BOMBS)
_UNMET = (DmarcStatus.FAIL, DmarcStatus.PERMERROR)  # permerror with a policy: a shown domain that nothing speaks for
_DMARC_FAMILY = "dmarc"
_DMARC_SCORE = 4.0


_UNKNOWN_RECIPIENT = Recipient(path=Path(b"", None))  # `scan` without --rcpt: judged by the general policy


@dataclass(frozen=True, slots=True)
class _Thresholds:
    mode: str
    tag_at: float
    quarantine_at: float
    reject_at: float | None


@dataclass(frozen=True, slots=True)
class _Demand:
    """What one ground asks for, with the reply that goes with a refusal."""

    action: Action
    reply: Reply | None = None


def stricter(first: Action, second: Action) -> Action:
    """The stricter of two actions."""
    return max(first, second, key=STRICTNESS.index)


def decide(
    *,
    settings: Settings,
    envelope: Envelope,
    auth: AuthFacts,
    content: ContentFacts,
    outcome: RuleOutcome,
    unchecked: tuple[str, ...],
    today: date,
) -> Decision:
    """The verdict on a message and the action for each of its recipients."""
    policy = settings.policy
    allow = matching_allow(policy.allow, content, envelope, auth, today)
    block = matching_block(policy.block, content, envelope, today)
    hits = outcome.hits if allow is None else tuple(hit for hit in outcome.hits if hit.overrides_allow)
    dmarc = None if allow is not None or _spf_unasked(envelope, auth) else _dmarc_demand(settings, auth)
    if dmarc is not None and dmarc.action is Action.RELAY:
        hits = (*hits, _dmarc_hit(auth.dmarc))
        dmarc = None
    score = add_up(hits, dict(outcome.family_caps))
    demands = [demand for demand in (dmarc, _unchecked_demand(settings, auth, unchecked)) if demand is not None]
    if block is not None:
        demands.append(_Demand(Action.REJECT, replies.BLOCKED))
    recipients = tuple(
        _for_recipient(recipient, settings, score, demands)
        for recipient in envelope.recipients or (_UNKNOWN_RECIPIENT,)
    )
    recipients = _as_one_reply(recipients)
    verdict = Verdict(
        action=max((r.intended for r in recipients), key=STRICTNESS.index),
        score=score.against(policy.quarantine_at),
        reasons=order_reasons(hits, auth, held_by_dmarc=dmarc is not None, block=block, unchecked=unchecked),
        hits=hits,
        unchecked=unchecked,
        rules_unknown=outcome.unknown,
    )
    return Decision(
        verdict=verdict,
        recipients=recipients if envelope.recipients else (),
        refusal=_refusal(recipients, demands),
    )


def decide_unscanned(*, settings: Settings, envelope: Envelope, cause: str, give_up: bool) -> Decision:
    """What follows when the analysis crashed or ran out of time: try again later, or tagged once that was done enough.

    `give_up` says that this message was put off often enough, so that a poison mail can't block its sender's queue.
    """
    put_off = settings.policy.on_unscanned == "tempfail" and not give_up
    action = Action.DEFER if put_off else Action.TAG
    recipients = tuple(
        RecipientAction(
            recipient=recipient,
            action=action
            if put_off
            else _softened(action, _thresholds(settings.policy, recipient.path.text.lower()).mode),
            intended=action,
        )
        for recipient in envelope.recipients
    )
    verdict = Verdict(
        action=action,
        score=0.0,
        reasons=("Ce message n'a pas pu être analysé : prudence avec ses liens et ses pièces jointes.",),
        hits=(),
        unchecked=(cause,),
    )
    return Decision(verdict=verdict, recipients=recipients, refusal=replies.LOCAL_PROBLEM if put_off else None)


def _for_recipient(recipient: Recipient, settings: Settings, score: Score, demands: list[_Demand]) -> RecipientAction:
    address = recipient.path.text.lower()
    thresholds = _thresholds(settings.policy, address)
    benefits = address in settings.organisation.benefits_mailboxes
    intended = _by_score(score, thresholds, benefits=benefits)
    for demand in demands:
        intended = stricter(intended, demand.action)
    if address in settings.organisation.report_mailboxes and intended is not Action.DEFER:
        intended = Action.RELAY
    return RecipientAction(recipient=recipient, action=_softened(intended, thresholds.mode), intended=intended)


def _thresholds(policy: Policy, address: str) -> _Thresholds:
    domain = address.rpartition("@")[2]
    for entry in policy.for_:
        if address in entry.recipients or domain in entry.domains:
            return _Thresholds(
                mode=entry.mode or policy.mode,
                tag_at=policy.tag_at if entry.tag_at is None else entry.tag_at,
                quarantine_at=policy.quarantine_at if entry.quarantine_at is None else entry.quarantine_at,
                reject_at=policy.reject_at if entry.reject_at is None else entry.reject_at,
            )
    return _Thresholds(policy.mode, policy.tag_at, policy.quarantine_at, policy.reject_at)


def _by_score(score: Score, thresholds: _Thresholds, *, benefits: bool) -> Action:
    at = thresholds.quarantine_at
    points = score.for_benefits_mailbox(at) if benefits else score.against(at)
    if thresholds.reject_at is not None and points >= thresholds.reject_at:
        return Action.REJECT
    if points >= at:
        return Action.QUARANTINE
    return Action.TAG if points >= thresholds.tag_at else Action.RELAY


def _softened(action: Action, mode: str) -> Action:
    """What the mode leaves of an action: watch relays all, tag holds and refuses nothing; DEFER is no judgement."""
    if action is Action.DEFER or mode == "enforce":
        return action
    if mode == "watch":
        return Action.RELAY
    return Action.TAG if action in (Action.QUARANTINE, Action.REJECT) else action


def _as_one_reply(recipients: tuple[RecipientAction, ...]) -> tuple[RecipientAction, ...]:
    """Make the actions fit the one reply that SMTP has after the dot.

    One deferral defers all. A refusal stands only when it is everybody's: otherwise those recipients' copies are held,
    since refusing would lose what the others were to get.
    """
    actions = {r.action for r in recipients}
    if Action.DEFER in actions:
        return tuple(replace(r, action=Action.DEFER) for r in recipients)
    if Action.REJECT in actions and len(actions) > 1:
        return tuple(replace(r, action=Action.QUARANTINE) if r.action is Action.REJECT else r for r in recipients)
    return recipients


def _refusal(recipients: tuple[RecipientAction, ...], demands: list[_Demand]) -> Reply | None:
    action = recipients[0].action
    if action is Action.DEFER:
        return next((d.reply for d in demands if d.action is Action.DEFER and d.reply), replies.LOCAL_PROBLEM)
    if action is Action.REJECT:
        return next((d.reply for d in demands if d.action is Action.REJECT and d.reply), replies.REJECTED)
    return None


def _spf_unasked(envelope: Envelope, auth: AuthFacts) -> bool:
    """Whether SPF could not be asked since the client isn't known (`scan` without --ip): DMARC then has not failed."""
    return envelope.client.address is None and auth.spf.status is SpfStatus.NONE


def _dmarc_demand(settings: Settings, auth: AuthFacts) -> _Demand | None:
    """What a DMARC failure asks for; RELAY stands for "score it"."""
    how = settings.authentication.dmarc
    result = auth.dmarc
    if how == "ignore" or not auth.known or result.status not in _UNMET or _vouched_by_arc(auth):
        return None
    if result.policy not in (DmarcPolicy.QUARANTINE, DmarcPolicy.REJECT):
        return None
    if how == "score":
        return _Demand(Action.RELAY)
    if how == "reject" and result.policy is DmarcPolicy.REJECT:
        return _Demand(Action.REJECT, replies.DMARC_REJECTED)
    return _Demand(Action.QUARANTINE)


def _vouched_by_arc(auth: AuthFacts) -> bool:
    return auth.arc.trusted and auth.dmarc.domain in auth.arc.recorded_dmarc_pass


def _dmarc_hit(result: DmarcResult) -> RuleHit:
    return RuleHit(
        rule="dmarc-fail",
        family=_DMARC_FAMILY,
        points=_DMARC_SCORE,
        mode=RuleMode.ENFORCE,
        reason=dmarc_reason(result),
        grounds=frozenset({Ground.PROOF}),
    )


def _unchecked_demand(settings: Settings, auth: AuthFacts, unchecked: tuple[str, ...]) -> _Demand | None:
    """What checks that could not be made ask for."""
    if auth.known and could_not_authenticate(auth):
        if settings.authentication.on_temperror == "defer":
            return _Demand(Action.DEFER, replies.DEFERRED_UNAUTHENTICATED)
        if settings.authentication.on_temperror == "tag":
            return _Demand(Action.TAG)
    if settings.inspection.on_unchecked == "tag" and any(item.startswith("attachment:") for item in unchecked):
        return _Demand(Action.TAG)
    if not _BOMBS.isdisjoint(unchecked):
        return _Demand(Action.TAG)
    return None


def could_not_authenticate(auth: AuthFacts) -> bool:
    """Whether the author could not be checked: DMARC could not be asked, or would need what could not be asked."""
    if auth.dmarc.status is DmarcStatus.TEMPERROR:
        return True
    if auth.dmarc.status is DmarcStatus.PASS:
        return False
    return auth.spf.status is SpfStatus.TEMPERROR or any(r.status is DkimStatus.TEMPERROR for r in auth.dkim)
