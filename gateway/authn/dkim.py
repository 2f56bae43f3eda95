"""DKIM verification (RFC 6376, RFC 8301, RFC 8463): first every key is asked for, then all is computed in one go."""

import asyncio
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from gateway.authn.canonical_body import BodyHasher
from gateway.authn.canonical_header import Canon, CanonicalHeader, relaxed_value
from gateway.authn.dkim_signature import HISTORIC, Signature, read_signature, untimely
from gateway.authn.keys import PublicKey, choose_keys
from gateway.model.auth_facts import DkimResult, DkimStatus
from gateway.model.dns_answer import AnswerKind, DnsAnswer, FailureCause, RecordType
from gateway.model.domain import DomainName, is_same_or_below
from gateway.model.message import HeaderField, Message
from gateway.model.ports import Cpu, Resolver

MAX_SIGNATURES = 8  # verified per message; what is above is told as "policy"
MAX_READ = 200  # fields whose tags are looked at: no honest message has a tenth of that
WATCHED = ("from", "subject", "to", "date", "content-type")  # fields that a reader is shown or that shape the body
FIELD = "dkim-signature"
_TOO_MANY = "too many signatures"
_UNREAD = Signature(problem=_TOO_MANY)


@dataclass(frozen=True, slots=True)
class KeyAnswer:
    """What DNS said of a key name: keys to try, or why there are none."""

    keys: tuple[PublicKey, ...] = ()
    problem: str = ""
    temporary: bool = False


async def ask_keys(names: Iterable[str], resolver: Resolver) -> dict[str, KeyAnswer]:
    """Ask for all key records at the same time."""
    wanted = list(dict.fromkeys(names))
    if len(wanted) == 1:
        return {wanted[0]: read_key_answer(await resolver.query(wanted[0], RecordType.TXT))}
    answers = await asyncio.gather(*(resolver.query(name, RecordType.TXT) for name in wanted))
    return {name: read_key_answer(answer) for name, answer in zip(wanted, answers, strict=True)}


def read_key_answer(answer: DnsAnswer) -> KeyAnswer:
    """Keys of one answer. A record too large for DNS is the publisher's fault, any other failure may pass."""
    if answer.kind is AnswerKind.FAILED:
        if answer.cause is FailureCause.OVERSIZED:
            return KeyAnswer(problem="key record is too large")
        return KeyAnswer(problem="key could not be looked up", temporary=True)
    if answer.kind is not AnswerKind.FOUND:
        return KeyAnswer(problem="no key")
    keys = choose_keys(answer.values)
    return KeyAnswer(keys, keys[0].problem)


class Workbench:
    """What all checks of one message share: canonical fields and body hashes, each computed once."""

    def __init__(self, message: Message) -> None:
        self.message = message
        self.header = CanonicalHeader(message)
        self.body = BodyHasher(memoryview(message.raw)[message.body_start :])


@dataclass(frozen=True, slots=True)
class Checked:
    """Outcome of the cryptographic part. `problem` is "" for a signature that verifies."""

    problem: str = ""
    key: PublicKey | None = None
    partial_body: bool = False


def verify_signature(field: HeaderField, signature: Signature, keys: Sequence[PublicKey], bench: Workbench) -> Checked:
    """Body hash, then signature over the chosen fields and the signature field itself (RFC 6376 §3.7)."""
    key = next((k for k in keys if k.algorithm == signature.algorithm), None)
    if key is None:
        return Checked("key is of another type than the signature", keys[0])
    body = bench.body.digest(signature.body_canon, signature.length)
    if signature.length is not None and signature.length > body.canonical_length:
        return Checked("l= is longer than the body", key)
    if body.digest != signature.body_hash:
        return Checked("body has changed", key)
    name, _ = bench.header.split(field)
    if signature.header_canon is Canon.RELAXED:
        own = name.rstrip(b" \t").lower() + b":" + relaxed_value(signature.value_without_signature)
    else:
        own = name + b":" + signature.value_without_signature
    data = bench.header.signed(signature.names, signature.header_canon) + own
    for candidate in keys:
        if candidate.algorithm == signature.algorithm and candidate.verifies(signature.signature, data):
            partial = signature.length is not None and signature.length < body.canonical_length
            return Checked("", candidate, partial)
    return Checked("bad signature", key)


def choose_signatures(signatures: Sequence[Signature], author: DomainName | None) -> frozenset[int]:
    """Indexes of the signatures that are verified: all, or beyond the cap those of the author's domain first."""
    sound = [index for index, signature in enumerate(signatures) if not signature.problem]
    if len(sound) > MAX_SIGNATURES and author is not None:
        sound.sort(key=lambda index: not _related(signatures[index].domain, author))
    return frozenset(sound[:MAX_SIGNATURES])


def _related(domain: DomainName | None, author: DomainName) -> bool:
    return domain is not None and (is_same_or_below(author, domain) or is_same_or_below(domain, author))


class DkimCheck:
    """The check of one message in its steps, so that others may share the bench and the questions."""

    def __init__(self, bench: Workbench, now: datetime) -> None:
        self._bench = bench
        self._now = now
        message = bench.message
        self._fields = message.all(FIELD)
        self.signatures = [read_signature(bench.header.split(field)[1]) for field in self._fields[:MAX_READ]]
        self.signatures += [_UNREAD] * (len(self._fields) - MAX_READ)
        author = message.author.mailbox.domain if message.author.mailbox else None
        self._chosen = choose_signatures(self.signatures, author)
        for index in self._chosen:
            signature = self.signatures[index]
            bench.body.wish(signature.body_canon, signature.length)

    @property
    def work(self) -> int:
        """Bytes that `results` will chew on."""
        return len(self._bench.message.raw) if self._chosen else 0

    @property
    def key_names(self) -> list[str]:
        """The key records to ask for."""
        return [self.signatures[index].key_name for index in sorted(self._chosen)]

    def results(self, keys: Mapping[str, KeyAnswer]) -> tuple[DkimResult, ...]:
        """One result per field, top down. Pure."""
        starts = _starts(self.signatures)
        return tuple(
            self._result(index, field, signature, keys, starts[index])
            for index, (field, signature) in enumerate(zip(self._fields, self.signatures, strict=True))
        )

    def _result(
        self, index: int, field: HeaderField, signature: Signature, keys: Mapping[str, KeyAnswer], start: str
    ) -> DkimResult:
        duplicates = self._bench.header.duplicates(signature.names, WATCHED)
        status, reason, checked = self._judge(index, field, signature, keys, duplicates)
        return DkimResult(
            status=status,
            domain=signature.domain,
            selector=signature.selector,
            identity=signature.identity,
            algorithm=signature.algorithm,
            signature_start=start,
            reason=reason,
            key_bits=checked.key.bits if checked.key else 0,
            testing=checked.key.testing if checked.key else False,
            partial_body=checked.partial_body,
            unsigned_duplicates=duplicates,
            signed_fields=signature.names,
        )

    def _judge(
        self,
        index: int,
        field: HeaderField,
        signature: Signature,
        keys: Mapping[str, KeyAnswer],
        duplicates: tuple[str, ...],
    ) -> tuple[DkimStatus, str, Checked]:
        if signature is _UNREAD or (not signature.problem and index not in self._chosen):
            return DkimStatus.POLICY, _TOO_MANY, Checked()
        if signature.problem:
            return DkimStatus.PERMERROR, signature.problem, Checked()
        answer = keys[signature.key_name]
        if answer.temporary:
            return DkimStatus.TEMPERROR, answer.problem, Checked()
        if answer.problem:
            return DkimStatus.PERMERROR, answer.problem, Checked(key=answer.keys[0] if answer.keys else None)
        if signature.algorithm == HISTORIC:
            return DkimStatus.PERMERROR, "rsa-sha1 is no longer accepted", Checked()
        usable = [k for k in answer.keys if not k.strict or signature.identity_domain == signature.domain]
        if not usable:
            return DkimStatus.PERMERROR, "key does not allow subdomains in i=", Checked(key=answer.keys[0])
        late = untimely(signature, self._now)
        if late:
            return DkimStatus.FAIL, late, Checked(key=usable[0])
        if "from" in duplicates:
            # RFC 6376 §8.15: a reader shows the first From, the signature speaks of the last
            return DkimStatus.FAIL, "a second From field is not signed", Checked(key=usable[0])
        checked = verify_signature(field, signature, usable, self._bench)
        if checked.problem.startswith("key"):
            return DkimStatus.PERMERROR, checked.problem, checked
        if checked.problem:
            return DkimStatus.FAIL, checked.problem, checked
        return DkimStatus.PASS, "", checked


def _starts(signatures: Sequence[Signature]) -> list[str]:
    """The first 8 characters of each b=, more where they would not tell two apart (RFC 6008 §3)."""
    starts = [signature.signature_text[:8] for signature in signatures]
    twice = {start for start in starts if starts.count(start) > 1} if 1 < len(starts) <= 50 else set()
    return [s.signature_text[:24] if start in twice else start for s, start in zip(signatures, starts, strict=True)]


async def check_dkim(message: Message, resolver: Resolver, cpu: Cpu, now: datetime) -> tuple[DkimResult, ...]:
    """Verify every DKIM-Signature of a message, at most 8 of them. `now` judges t= and x=. Never raises but
    `CancelledError` (a result with a reason instead)."""
    return await run_dkim(DkimCheck(Workbench(message), now), resolver, cpu)


async def run_dkim(check: DkimCheck, resolver: Resolver, cpu: Cpu) -> tuple[DkimResult, ...]:
    """Ask, then compute."""
    if not check.signatures:
        return ()
    keys = await ask_keys(check.key_names, resolver)
    return await cpu(check.work, check.results, keys)
