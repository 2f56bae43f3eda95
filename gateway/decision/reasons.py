"""The reasons of a verdict, in plain French, strongest first: what a claims handler reads, and one header field."""

from gateway.model.auth_facts import AuthFacts, DmarcResult, DmarcStatus
from gateway.model.hit import RuleHit, RuleMode
from gateway.settings.schema import Block


def dmarc_reason(result: DmarcResult) -> str:
    """Why a DMARC policy that is not met speaks against a message."""
    domain = result.domain or "?"
    if result.status is DmarcStatus.PERMERROR:
        return f"L'expéditeur est écrit de façon ambiguë, et rien ne prouve que l'adresse affichée ({domain}) a écrit."
    return f"L'expéditeur affiché ({domain}) demande d'écarter les messages qu'il n'a pas envoyés : celui-ci en est un."


def order_reasons(
    hits: tuple[RuleHit, ...],
    auth: AuthFacts,
    *,
    held_by_dmarc: bool,
    block: Block | None,
    unchecked: tuple[str, ...],
) -> tuple[str, ...]:
    """The sentences for these hits and policies, each once, strongest first; empty when nothing speaks against it."""
    reasons = []
    if block is not None:
        reasons.append("L'expéditeur figure sur la liste de blocage de votre organisme.")
    counted = sorted((h for h in hits if h.mode is RuleMode.ENFORCE and h.points > 0), key=lambda h: -h.points)
    reasons += [hit.reason for hit in counted]
    if held_by_dmarc:
        reasons.append(dmarc_reason(auth.dmarc))
    if not reasons and unchecked:
        reasons.append("Certaines vérifications n'ont pas pu être faites.")
    return tuple(dict.fromkeys(reasons))
