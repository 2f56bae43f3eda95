"""What is said of each message once it is done: one log line, the counts, and a row for the history."""

from collections.abc import Callable
from typing import Any

from gateway.decision.report import describe_authentication
from gateway.model.domain import DomainName
from gateway.model.envelope import Submission
from gateway.model.hit import RuleMode
from gateway.model.verdict import Action
from gateway.observe.counts import Counts
from gateway.observe.log import Log
from gateway.pipeline import Outcome


class WorkerObserver:
    """The `Observer` port of the rooms, over a worker's counts and log."""

    def __init__(self, counts: Counts, log: Log) -> None:
        self.counts = counts
        self.log = log
        self.open_connections = 0
        self.next_hop_state = ""

    def refused(self, reason: str) -> None:
        """Count a refusal of ours."""
        self.counts.add("refusals", (reason,))

    def connections(self, change: int) -> None:
        """Count sessions."""
        self.open_connections += change

    def next_hop_reply(self, reply_class: str) -> None:
        """Count an answer of the next hop."""
        self.next_hop_state = reply_class
        self.counts.add("next_hop_replies", (reply_class,))

    def take_next_hop_state(self) -> str:
        """The last answer of a next hop since the last call, "" when there was none: old news is no news."""
        state, self.next_hop_state = self.next_hop_state, ""
        return state

    def dns_answer(self, kind: str) -> None:
        """Count an answer of DNS."""
        self.counts.add("dns_answers", (kind,))

    def inspected(self, outcome: str) -> None:
        """Count an inspection of an attachment."""
        self.counts.add("inspections", (outcome,))

    def event(self, name: str, **fields: str | int | float | bool | None) -> None:
        """Log a notable event."""
        level = str(fields.pop("level", "info"))
        self.log.event(name, level, **fields)


class Reporter:
    """Tells the log, the counts and the history what became of a message."""

    def __init__(self, counts: Counts, log: Log, remember: Callable[[dict[str, Any]], None]) -> None:
        self._counts = counts
        self._log = log
        self._remember = remember

    def __call__(self, submission: Submission, outcome: Outcome) -> None:
        """One message is done."""
        disposition = disposition_of(outcome)
        self._count(submission, outcome, disposition)
        self._log.event(
            "message", "info" if not outcome.fault else "warning", **self._line(submission, outcome, disposition)
        )
        self._remember(history_row(submission, outcome, disposition))

    def _count(self, submission: Submission, outcome: Outcome, disposition: str) -> None:
        counts = self._counts
        counts.add("messages", (disposition,))
        counts.observe("message_bytes", len(submission.raw))
        counts.observe("message_seconds", outcome.seconds, ("total",))
        if outcome.reply.code >= 400 and outcome.fault:
            counts.add("refusals", (outcome.fault,))
        decision = outcome.decision
        if decision is not None:
            for item in decision.verdict.unchecked:
                check, _, cause = item.partition(":")
                counts.add("unchecked", (check, cause))
            for hit in decision.verdict.hits:
                counts.add("rule_hits", (hit.rule, hit.mode.value))
            for rule in decision.verdict.rules_unknown:
                counts.add("rule_unknown", (rule,))
        judgement = outcome.judgement
        if judgement is not None:
            for stage, seconds in judgement.stages:
                counts.observe("message_seconds", seconds, (stage,))
            auth = judgement.auth
            if auth.known:
                counts.add("authentication_results", ("spf", auth.spf.status.value))
                counts.add("authentication_results", ("dmarc", auth.dmarc.status.value))
                counts.add("authentication_results", ("arc", auth.arc.status.value))
                for result in auth.dkim or ():
                    counts.add("authentication_results", ("dkim", result.status.value))
                if not auth.dkim:
                    counts.add("authentication_results", ("dkim", "none"))

    def _line(self, submission: Submission, outcome: Outcome, disposition: str) -> dict[str, Any]:
        envelope = submission.envelope
        address = self._log.address
        line: dict[str, Any] = {
            "id": submission.id,
            "client": str(envelope.client.address or ""),
            "mail_from": address(envelope.mail_from.text) if envelope.mail_from else "",
            "disposition": disposition,
            "reply": f"{outcome.reply.code} {outcome.reply.enhanced}".strip(),
            "bytes": len(submission.raw),
            "ms": round(outcome.seconds * 1000, 1),
        }
        if envelope.client.announced_by:
            line["announced_by"] = envelope.client.announced_by
        decision = outcome.decision
        if decision is not None:
            verdict = decision.verdict
            line["recipients"] = [
                {"address": address(r.recipient.path.text), "action": r.action.value} for r in decision.recipients[:50]
            ]
            line |= {
                "verdict": verdict.action.value,
                "score": verdict.score,
                "rules": [hit.rule for hit in verdict.hits if hit.mode is RuleMode.ENFORCE],
                "shadow": [hit.rule for hit in verdict.hits if hit.mode is RuleMode.SHADOW],
                "unchecked": list(verdict.unchecked),
                "reasons": list(verdict.reasons),
            }
        else:
            line["recipients"] = [{"address": address(r.path.text)} for r in envelope.recipients[:50]]
        if len(envelope.recipients) > 50:
            line["recipient_count"] = len(envelope.recipients)
        judgement = outcome.judgement
        if judgement is not None:
            line |= {
                "author_domain": judgement.content.sender.author_domain or "",
                "spf": judgement.auth.spf.status.value,
                "dkim": [f"{r.status.value}:{r.domain or ''}" for r in judgement.auth.dkim],
                "dmarc": judgement.auth.dmarc.status.value,
                "arc": judgement.auth.arc.status.value,
            }
        if outcome.relay is not None:
            line["next_hop"] = outcome.relay.next_hop
            line["next_hop_reply"] = outcome.relay.next_hop_reply_class
        if outcome.fault:
            line["fault"] = outcome.fault
        if outcome.released:
            line["released"] = True
        return line


def disposition_of(outcome: Outcome) -> str:
    """The word that counts a message: the strictest thing done, "failed" when nothing was."""
    if outcome.reply.positive:
        if outcome.held:
            return Action.QUARANTINE.value
        decision = outcome.decision
        tagged = decision is not None and any(r.action is Action.TAG for r in decision.recipients)
        return Action.TAG.value if tagged else Action.RELAY.value
    if outcome.decision is not None and outcome.decision.refusal is not None:
        return Action.DEFER.value if outcome.reply.temporary else Action.REJECT.value
    return "failed"


def history_row(submission: Submission, outcome: Outcome, disposition: str) -> dict[str, Any]:
    """What the history may keep of a message: no content (DESIGN §8)."""
    judgement = outcome.judgement
    envelope = submission.envelope
    row: dict[str, Any] = {
        "id": submission.id,
        "received_at": submission.received_at.isoformat(timespec="milliseconds"),
        "client": str(envelope.client.address or ""),
        "mail_from": envelope.mail_from.text if envelope.mail_from else "",
        "recipients": [r.path.text for r in envelope.recipients[:100]],
        "recipient_count": len(envelope.recipients),
        "disposition": disposition,
        "reply": str(outcome.reply),
        "bytes": len(submission.raw),
        "ms": round(outcome.seconds * 1000, 1),
        "fault": outcome.fault,
        "next_hop": outcome.relay.next_hop if outcome.relay else "",
    }
    if outcome.decision is not None:
        verdict = outcome.decision.verdict
        row |= {
            "verdict": verdict.action.value,
            "score": verdict.score,
            "hits": [[hit.rule, hit.family, hit.points, hit.mode.value] for hit in verdict.hits],
            "reasons": list(verdict.reasons),
            "unchecked": list(verdict.unchecked),
            "needs_approval": any(hit.needs_approval for hit in verdict.hits),
            "actions": [[r.recipient.path.text, r.action.value] for r in outcome.decision.recipients[:100]],
        }
    if judgement is not None:
        hosts: dict[DomainName | str, None] = dict.fromkeys(link.host for link in judgement.content.links if link.host)
        message_id = judgement.message.first("message-id")
        row |= {
            "author": str(judgement.content.sender.author or ""),
            "author_domain": judgement.content.sender.author_domain or "",
            "authentication": describe_authentication(judgement.auth),
            "link_hosts": list(hosts)[:50],
            "claims": sorted({claim.identity for claim in judgement.content.claims}),
            "asks": sorted({ask.kind.value for ask in judgement.content.asks}),
            "message_id": message_id.unfolded.decode("ascii", "replace")[:998] if message_id else "",
        }
    return row
