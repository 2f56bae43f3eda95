"""A judgement as plain data: what `scan --json` prints, quarantine entries keep and the readable page is made of."""

from typing import Any

from gateway.model.auth_facts import AuthFacts
from gateway.model.content_facts import ContentFacts, Link
from gateway.model.envelope import Submission
from gateway.model.hit import RuleHit
from gateway.model.judgement import Judgement
from gateway.model.verdict import Decision

_WORDS_SHOWN = 80


def describe(judgement: Judgement) -> dict[str, Any]:
    """The whole judgement as JSON-like data; field names are a contract (DESIGN §5)."""
    return {
        **describe_decision(judgement.submission.id, judgement.decision, judgement.content),
        "authentication": describe_authentication(judgement.auth),
        "unchecked": list(judgement.decision.verdict.unchecked),
        "claims": sorted({claim.identity for claim in judgement.content.claims}),
        "asks": sorted({ask.kind.value for ask in judgement.content.asks}),
        "links": [describe_link(link) for link in judgement.content.links],
        "milliseconds": round(judgement.milliseconds, 2),
    }


def describe_unscanned(submission: Submission, decision: Decision) -> dict[str, Any]:
    """The same fields for a message that could not be analysed."""
    return {
        **describe_decision(submission.id, decision, ContentFacts()),
        "authentication": describe_authentication(AuthFacts(known=False)),
        "unchecked": list(decision.verdict.unchecked),
        "claims": [],
        "asks": [],
        "links": [],
        "milliseconds": 0.0,
    }


def describe_decision(message_id: str, decision: Decision, content: ContentFacts) -> dict[str, Any]:
    """Verdict and actions."""
    verdict = decision.verdict
    return {
        "id": message_id,
        "action": verdict.action.value,
        "recipients": [{"address": r.recipient.path.text, "action": r.intended.value} for r in decision.recipients],
        "score": verdict.score,
        "reasons": list(verdict.reasons),
        "hits": [describe_hit(hit, content) for hit in verdict.hits],
    }


def describe_hit(hit: RuleHit, content: ContentFacts) -> dict[str, Any]:
    """One rule hit, with the words that made it."""
    where = []
    for start, end in hit.where[:5]:
        words = content.folded.origin(start, end) or content.folded.text[start:end]
        where.append(" ".join(words.split())[:_WORDS_SHOWN])
    described: dict[str, Any] = {
        "rule": hit.rule,
        "family": hit.family,
        "points": hit.points,
        "mode": hit.mode.value,
        "where": where,
    }
    if hit.needs_approval:
        described["needs_approval"] = True
    return described


def describe_authentication(auth: AuthFacts) -> dict[str, Any]:
    """SPF, DKIM, DMARC and ARC; results are "unknown" when nothing was asked."""
    if not auth.known:
        return {
            "spf": {"result": "unknown", "domain": "", "identity": auth.spf.identity.value},
            "dkim": [],
            "dmarc": {"result": "unknown", "policy": None, "domain": ""},
            "arc": {"result": "unknown"},
        }
    return {
        "spf": {
            "result": auth.spf.status.value,
            "domain": auth.spf.domain or "",
            "identity": auth.spf.identity.value,
        },
        "dkim": [
            {
                "result": result.status.value,
                "domain": result.domain or "",
                "selector": result.selector,
                "reason": result.reason,
            }
            for result in auth.dkim
        ],
        "dmarc": {
            "result": auth.dmarc.status.value,
            "policy": auth.dmarc.policy.value if auth.dmarc.policy else None,
            "domain": auth.dmarc.domain or "",
        },
        "arc": {"result": auth.arc.status.value},
    }


def describe_link(link: Link) -> dict[str, Any]:
    """One link."""
    return {
        "host": link.host,
        "domain": link.domain or "",
        "source": link.source.value,
        "shown": link.shown[:_WORDS_SHOWN],
        "speaks_for": list(link.speaks_for),
        "lookalike_of": list(link.lookalike_of),
        "flags": sorted(flag.value for flag in link.flags),
    }
