"""A message's whole path: Submission -> Judgement -> relayed, held or refused -> Reply.

`judge` is what `scan` shares with `serve`; `Pipeline.take` is what the final dot waits for. The promise of DESIGN §2 is
kept here: a 2xx leaves `take` only when the next hop gave one, or when the quarantine entry is on disk and counts.
"""

import asyncio
import time
from collections.abc import Callable
from dataclasses import dataclass, replace

from gateway.authn.arc_seal import Sealer
from gateway.authn.authenticate import authenticate
from gateway.authn.results_header import is_ours, write_results
from gateway.content.proof import add_proof
from gateway.content.reading import ContentReader
from gateway.decision.disposition import decide, decide_unscanned
from gateway.decision.put_off import PutOffs
from gateway.decision.report import describe, describe_unscanned
from gateway.decision.tagging import is_our_mark, rewrite_head, write_marks
from gateway.intake.received import count_own_received, received_field
from gateway.model import reply as replies
from gateway.model.auth_facts import AuthFacts
from gateway.model.content_facts import ContentFacts
from gateway.model.domain import DomainName
from gateway.model.envelope import Recipient, Submission
from gateway.model.errors import GatewayError
from gateway.model.judgement import Judgement
from gateway.model.message import CUT_SHORT, HeaderField, Message
from gateway.model.ports import (
    Cpu,
    HeldMessage,
    Inspector,
    PreparedEntry,
    Quarantine,
    Relay,
    RelayOutcome,
    Released,
    Resolver,
)
from gateway.model.reply import Reply
from gateway.model.verdict import Action, Decision
from gateway.parsing.mime_tree import parse_message
from gateway.parsing.read_texts import read_texts
from gateway.rulebook.match import Rulebook
from gateway.settings.schema import Settings

MAX_RECEIVED = 100  # RFC 5321 §6.3
MAX_OWN_RECEIVED = 2


@dataclass(frozen=True, slots=True, kw_only=True)
class Judges:
    """What judging needs from outside."""

    resolver_for: Callable[[float], Resolver]  # deadline (loop time, s) -> resolver with its own budget
    reader: ContentReader
    rulebook: Rulebook
    cpu: Cpu
    inspector: Inspector


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """What became of a message: for the log, the metrics and the history."""

    reply: Reply
    decision: Decision | None = None
    judgement: Judgement | None = None
    relayed: tuple[Recipient, ...] = ()
    held: tuple[Recipient, ...] = ()
    relay: RelayOutcome | None = None
    fault: str = ""  # a closed word when something unplanned happened
    released: bool = False  # one of our own released messages
    seconds: float = 0.0


class _Stages:
    """Seconds spent by stage."""

    def __init__(self) -> None:
        self.seconds: dict[str, float] = {}
        self._start = self._last = time.perf_counter()

    def lap(self, stage: str) -> None:
        now = time.perf_counter()
        self.seconds[stage] = self.seconds.get(stage, 0.0) + now - self._last
        self._last = now

    @property
    def total(self) -> float:
        return time.perf_counter() - self._start


async def judge(
    submission: Submission,
    settings: Settings,
    judges: Judges,
    *,
    message: Message | None = None,
    authentication: bool = True,
) -> Judgement:
    """What we think of one message. Raises TimeoutError at `submission.deadline`, and whatever a bug raises."""
    stages = _Stages()
    raw = submission.raw
    envelope = submission.envelope
    async with asyncio.timeout_at(submission.deadline if submission.deadline != float("inf") else None):
        if message is None:
            message = await judges.cpu(len(raw), parse_message, raw)
        stages.lap("parse")
        async with asyncio.TaskGroup() as group:
            asked = group.create_task(_authenticate(submission, message, settings, judges)) if authentication else None
            texts = await judges.cpu(len(raw), read_texts, message, settings.limits.decoded_bytes)
            stages.lap("read")
            inspected = await judges.inspector.inspect(message, texts, submission.deadline)
            stages.lap("inspect")
            content = await judges.cpu(
                len(raw), judges.reader.read, message, texts, envelope, inspected, settings.limits.text_bytes
            )
            stages.lap("content")
        auth = asked.result() if asked is not None else AuthFacts(known=False)
        stages.lap("authentication")
        content = add_proof(content, auth, envelope, judges.reader.directory)
        outcome = await judges.cpu(len(content.folded.text), judges.rulebook.match, content, auth, message)
        stages.lap("rules")
        decision = decide(
            settings=settings,
            envelope=envelope,
            auth=auth,
            content=content,
            outcome=outcome,
            unchecked=unchecked_of(message, auth, content),
            today=submission.received_at.date(),
        )
        stages.lap("decide")
    return Judgement(
        submission=submission,
        message=message,
        auth=auth,
        content=content,
        outcome=outcome,
        decision=decision,
        milliseconds=stages.total * 1000,
        stages=tuple(stages.seconds.items()),
    )


async def _authenticate(submission: Submission, message: Message, settings: Settings, judges: Judges) -> AuthFacts:
    deadline = min(submission.deadline, asyncio.get_running_loop().time() + settings.dns.timeout_s)
    return await authenticate(
        message,
        submission.envelope,
        judges.resolver_for(deadline),
        judges.cpu,
        submission.received_at,
        DomainName(settings.authentication.authserv_id),
        tuple(DomainName(name) for name in settings.authentication.trusted_arc_sealers),
    )


def unchecked_of(message: Message, auth: AuthFacts, content: ContentFacts) -> tuple[str, ...]:
    """Every check that could not be made, as "check:cause"."""
    items = [f"message:{finding.value}" for finding in sorted(message.findings) if finding in CUT_SHORT]
    if auth.known:
        items += [f"{name}:temperror" for name in ("spf", "dmarc", "arc") if getattr(auth, name).status == "temperror"]
        if any(result.status == "temperror" for result in auth.dkim):
            items.append("dkim:temperror")
        items += auth.skipped
    items += content.unchecked
    return tuple(dict.fromkeys(items))


class Pipeline:
    """Carries messages through: judges each, then does what was decided. One for a worker's life."""

    def __init__(
        self,
        *,
        settings: Settings,
        judges: Judges,
        relay: Relay,
        quarantine: Quarantine,
        sealer: Sealer | None,
        released: Released,
        report: Callable[[Submission, Outcome], None],
        unexpected: Callable[[str, BaseException], None],
    ) -> None:
        self._settings = settings
        self._judges = judges
        self._relay = relay
        self._quarantine = quarantine
        self._sealer = sealer
        self._released = released
        self._report = report
        self._unexpected = unexpected
        self._put_offs = PutOffs(settings.policy.unscanned_tempfails)
        self._authserv_id = DomainName(settings.authentication.authserv_id)

    async def take(self, submission: Submission) -> Reply:
        """The reply to the final dot. Raises nothing but CancelledError: what goes wrong is "try again"."""
        start = time.perf_counter()
        try:
            outcome = await self._carry_out(submission)
        except GatewayError as error:
            outcome = Outcome(reply=error.reply, fault=type(error).__name__)
        except Exception as error:
            self._unexpected(submission.id, error)
            outcome = Outcome(reply=replies.LOCAL_PROBLEM, fault="unexpected")
        self._report(submission, replace(outcome, seconds=time.perf_counter() - start))
        return outcome.reply

    async def _carry_out(self, submission: Submission) -> Outcome:
        message = await self._judges.cpu(len(submission.raw), parse_message, submission.raw)
        hops = message.all("received")
        if len(hops) > MAX_RECEIVED or count_own_received(hops, submission.listener_hostname) >= MAX_OWN_RECEIVED:
            return Outcome(reply=replies.LOOP, fault="loop")
        if await self._released.is_ours(submission, message):
            return await self._pass_released(submission, message)
        try:
            judgement = await judge(submission, self._settings, self._judges, message=message)
        except Exception as error:
            return await self._unscanned(submission, message, error)
        return await self._dispose(submission, message, judgement.decision, judgement)

    async def _unscanned(self, submission: Submission, message: Message, error: Exception) -> Outcome:
        """The analysis crashed or ran out of time: put off, and tagged once that was done often enough."""
        timed_out = isinstance(error, TimeoutError)
        if not timed_out:
            self._unexpected(submission.id, error)
        decision = decide_unscanned(
            settings=self._settings,
            envelope=submission.envelope,
            cause="analysis:timeout" if timed_out else "analysis:crash",
            give_up=self._put_offs.again(submission.envelope, submission.raw),
        )
        return await self._dispose(submission, message, decision, None)

    async def _dispose(
        self, submission: Submission, message: Message, decision: Decision, judgement: Judgement | None
    ) -> Outcome:
        """Do what was decided: hold first, then relay, then let the held entry count."""
        if decision.refusal is not None:
            return Outcome(reply=decision.refusal, decision=decision, judgement=judgement)
        held = tuple(r.recipient for r in decision.recipients if r.action is Action.QUARANTINE)
        relayed = tuple(r.recipient for r in decision.recipients if r.action in (Action.RELAY, Action.TAG))
        entry: PreparedEntry | None = None
        if held:
            verdict = describe(judgement) if judgement else describe_unscanned(submission, decision)
            entry = await self._quarantine.prepare(HeldMessage(submission=submission, recipients=held, verdict=verdict))
        reply = Reply(250, "2.0.0", f"Ok, accepted as {submission.id}")
        outcome: RelayOutcome | None = None
        if relayed:
            try:
                outcome = await self._relay_out(submission, message, decision, judgement, relayed)
            except BaseException:
                if entry is not None:
                    await entry.withdraw()
                raise
            reply = outcome.reply
            if not reply.positive:
                if entry is not None:
                    await entry.withdraw()
                return Outcome(reply=reply, decision=decision, judgement=judgement, relay=outcome)
        if entry is not None:
            await entry.commit()
        return Outcome(reply=reply, decision=decision, judgement=judgement, relayed=relayed, held=held, relay=outcome)

    async def _relay_out(
        self,
        submission: Submission,
        message: Message,
        decision: Decision,
        judgement: Judgement | None,
        recipients: tuple[Recipient, ...],
    ) -> RelayOutcome:
        auth = judgement.auth if judgement else AuthFacts(known=False)
        tagged = any(r.action is Action.TAG for r in decision.recipients)
        verdict = decision.verdict
        results = write_results(self._authserv_id, auth, submission.envelope)
        marks = write_marks(
            action=Action.TAG if tagged else Action.RELAY,
            score=verdict.score,
            rules=tuple(hit.rule for hit in verdict.hits),
            message_id=submission.id,
            unchecked=verdict.unchecked,
            reasons=verdict.reasons,
        )
        head = await self._judges.cpu(
            message.body_start,
            rewrite_head,
            message,
            added=received_field(submission, recipients) + results + marks,
            subject_tag=self._settings.policy.subject_tag if tagged else None,
            remove=self._is_forged,
        )
        body = memoryview(submission.raw)[message.body_start :]
        if self._sealer is not None:
            now = submission.received_at
            seal = self._sealer.seal
            head = await self._judges.cpu(len(submission.raw), seal, head, body, auth.arc, results, now) + head
        return await self._relay.deliver(submission.envelope, recipients, head, body)

    async def _pass_released(self, submission: Submission, message: Message) -> Outcome:
        """A message of ours that a reviewer released: relayed as it is, its mark taken off."""
        head = rewrite_head(
            message,
            added=received_field(submission, submission.envelope.recipients),
            subject_tag=None,
            remove=self._is_forged,
        )
        body = memoryview(submission.raw)[message.body_start :]
        outcome = await self._relay.deliver(submission.envelope, submission.envelope.recipients, head, body)
        relayed = submission.envelope.recipients if outcome.reply.positive else ()
        if relayed:
            await self._released.spend(submission, message)
        return Outcome(reply=outcome.reply, relayed=relayed, relay=outcome, released=True)

    def _is_forged(self, header_field: HeaderField) -> bool:
        return is_our_mark(header_field) or is_ours(header_field, self._authserv_id)
