"""Each stage of a message's path on its own, over judged samples, beside the plain way where there is one."""

import asyncio
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from tempfile import TemporaryDirectory

from bench import plain_way, wire
from bench.gateway_parts import Parts
from bench.measure import cpu_ms, cpu_ms_async
from bench.messages import NOW, Sample
from gateway.authn.dkim import check_dkim
from gateway.authn.dmarc import check_dmarc
from gateway.authn.results_header import write_results
from gateway.authn.spf import check_spf
from gateway.content.folding import fold
from gateway.daemon.reporting import Reporter
from gateway.decision.disposition import decide
from gateway.decision.report import describe
from gateway.decision.tagging import is_our_mark, rewrite_head, write_marks
from gateway.intake.received import received_field
from gateway.model import reply as replies
from gateway.model.domain import DomainName
from gateway.model.judgement import Judgement
from gateway.model.ports import HeldMessage
from gateway.model.verdict import Action
from gateway.observe.counts import Counts
from gateway.observe.log import Log
from gateway.parsing.mime_tree import parse_message
from gateway.parsing.read_texts import read_texts
from gateway.pipeline import Outcome
from gateway.quarantine.keys import DayKeys
from gateway.quarantine.spool import Spool
from gateway.settings.schema import QuarantineSettings

OURS = DomainName("mx.mutuelle.example")
ON_THE_WIRE = {"mb5": 8, "mb25": 3}  # messages sent, where 400 would take too long
PLAIN_WORDS = 100  # patterns of the plain way are searched for one by one; so many are measured, and told for all


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """One line of the table: CPU milliseconds per message, None where nothing compares."""

    stage: str
    ours: float
    plain: float | None = None
    plain_name: str = ""


@dataclass(frozen=True, kw_only=True)
class Bench:
    """What all stages look at."""

    parts: Parts
    name: str
    samples: list[Sample]
    judged: list[Judgement]
    loop: asyncio.AbstractEventLoop


def rows(bench: Bench) -> Iterator[Row]:
    """Every stage, in the order of a message's path."""
    for stage in (_receive, _parse, _texts, _fold, _facts, _rules, _spf, _dkim, _dmarc, _decide, _headers):
        yield stage(bench)
    yield Row(stage="judgement, all of it", ours=cpu_ms_async(bench.parts.judge, bench.samples, bench.loop))
    for stage in (_relay, _hold, _report):
        yield stage(bench)


def _count(bench: Bench) -> int:
    return ON_THE_WIRE.get(bench.name, 400)


def _receive(bench: Bench) -> Row:
    run, count = bench.loop.run_until_complete, _count(bench)
    ours = min(run(wire.receive_ours(bench.samples, count)) for _ in range(2))
    plain = min(run(wire.receive_plain(bench.samples, count)) for _ in range(2))
    return Row(stage="SMTP in", ours=ours, plain=plain, plain_name="aiosmtpd")


def _relay(bench: Bench) -> Row:
    run, count = bench.loop.run_until_complete, _count(bench)
    ours = min(run(wire.relay_ours(bench.samples, count)) for _ in range(2))
    plain = min(run(wire.relay_plain(bench.samples, count)) for _ in range(2))
    return Row(stage="relay", ours=ours, plain=plain, plain_name="aiosmtplib")


def _raws(bench: Bench) -> list[bytes]:
    return [sample.raw for sample in bench.samples]


def _parse(bench: Bench) -> Row:
    raws = _raws(bench)
    return Row(
        stage="parse",
        ours=cpu_ms(parse_message, raws),
        plain=cpu_ms(plain_way.parse, raws),
        plain_name="email, policy.default",
    )


def _texts(bench: Bench) -> Row:
    most = bench.parts.loaded.settings.limits.decoded_bytes
    return Row(
        stage="texts, HTML",
        ours=cpu_ms(lambda judged: read_texts(judged.message, most), bench.judged),
        plain=cpu_ms(plain_way.texts, _raws(bench)),
        plain_name="email, html.parser",
    )


def _fold(bench: Bench) -> Row:
    most = bench.parts.loaded.settings.limits.decoded_bytes
    texts = ["\n".join(part.text for part in read_texts(j.message, most).parts) for j in bench.judged]
    return Row(
        stage="fold (part of facts)",
        ours=cpu_ms(fold, texts),
        plain=cpu_ms(plain_way.fold, texts),
        plain_name="NFKD, a character at a time",
    )


def _facts(bench: Bench) -> Row:
    settings = bench.parts.loaded.settings
    given = [(j, read_texts(j.message, settings.limits.decoded_bytes)) for j in bench.judged]

    def read(item: tuple[Judgement, object]) -> object:
        judged, texts = item
        envelope = judged.submission.envelope
        reader = bench.parts.loaded.reader
        return reader.read(judged.message, texts, envelope, (), settings.limits.text_bytes)  # type: ignore[arg-type]

    return Row(stage="facts", ours=cpu_ms(read, given))


def _rules(bench: Bench) -> Row:
    book = bench.parts.loaded.rulebook
    words = [word.rstrip("*") for word in book.literals.texts]
    patterns = [re.compile(rf"\b{re.escape(word)}") for word in words[:PLAIN_WORDS]]
    texts = [judged.content.folded.text for judged in bench.judged]
    return Row(
        stage="rules",
        ours=cpu_ms(lambda j: book.match(j.content, j.auth, j.message), bench.judged),
        plain=cpu_ms(lambda text: plain_way.words(text, patterns), texts) * len(words) / len(patterns),
        plain_name=f"re, one search for each of {len(words)} words",
    )


def _spf(bench: Bench) -> Row:
    return Row(
        stage="SPF",
        ours=cpu_ms_async(
            lambda judged: check_spf(judged.submission.envelope, bench.parts.resolver(), OURS), bench.judged, bench.loop
        ),
        plain=cpu_ms(plain_way.check_spf, _raws(bench)),
        plain_name="pyspf",
    )


def _dkim(bench: Bench) -> Row:
    signed = bench.name != "text2k"
    cpu = bench.parts.judges.cpu
    return Row(
        stage="DKIM",
        ours=cpu_ms_async(
            lambda judged: check_dkim(judged.message, bench.parts.resolver(), cpu, NOW), bench.judged, bench.loop
        ),
        plain=cpu_ms(plain_way.verify, _raws(bench)) if signed else None,
        plain_name="dkimpy" if signed else "",
    )


def _dmarc(bench: Bench) -> Row:
    return Row(
        stage="DMARC",
        ours=cpu_ms_async(
            lambda j: check_dmarc(j.message.author, j.auth.spf, j.auth.dkim, bench.parts.resolver()),
            bench.judged,
            bench.loop,
        ),
    )


def _decide(bench: Bench) -> Row:
    def work(judged: Judgement) -> object:
        return decide(
            settings=bench.parts.loaded.settings,
            envelope=judged.submission.envelope,
            auth=judged.auth,
            content=judged.content,
            outcome=judged.outcome,
            unchecked=(),
            today=NOW.date(),
        )

    return Row(stage="decide", ours=cpu_ms(work, bench.judged))


def _headers(bench: Bench) -> Row:
    def work(judged: Judgement) -> object:
        submission, verdict = judged.submission, judged.decision.verdict
        marks = write_marks(
            action=Action.RELAY,
            score=verdict.score,
            rules=(),
            message_id=submission.id,
            unchecked=verdict.unchecked,
            reasons=verdict.reasons,
        )
        results = write_results(OURS, judged.auth, submission.envelope)
        added = received_field(submission, submission.envelope.recipients) + results + marks
        return rewrite_head(judged.message, added=added, subject_tag=None, remove=is_our_mark)

    return Row(stage="our fields", ours=cpu_ms(work, bench.judged))


def _hold(bench: Bench) -> Row:
    with TemporaryDirectory() as folder:
        settings = QuarantineSettings(folder=Path(folder), minimum_free_bytes=0)
        keys = DayKeys(settings)
        keys.make_master_if_missing()
        keys.make_pairs(datetime.now(UTC).date())
        spool = Spool(settings)

        async def work(judged: Judgement) -> None:
            submission = judged.submission
            held = HeldMessage(
                submission=submission, recipients=submission.envelope.recipients, verdict=describe(judged)
            )
            await (await spool.prepare(held)).withdraw()

        return Row(stage="quarantine write (when held)", ours=cpu_ms_async(work, bench.judged, bench.loop))


def _report(bench: Bench) -> Row:
    lines: list[object] = []

    def keep(line: object) -> None:
        lines[:] = [line]

    report: Callable[..., None] = Reporter(Counts(), Log(write=keep), keep)

    def work(judged: Judgement) -> None:
        outcome = Outcome(
            reply=replies.OK, decision=judged.decision, judgement=judged, relayed=judged.submission.envelope.recipients
        )
        report(judged.submission, outcome)

    return Row(stage="log, metrics, history row", ours=cpu_ms(work, bench.judged))
