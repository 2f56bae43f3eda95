"""ARC chain validation (RFC 8617 §5.2): structure first, then all keys are asked for, then all is computed at once."""

from collections.abc import Collection, Mapping

from gateway.authn.arc_chain import ArcSet, Chain, read_chain
from gateway.authn.arc_recorded import recorded_dmarc_pass
from gateway.authn.canonical_header import relaxed_field
from gateway.authn.dkim import WATCHED, KeyAnswer, Workbench, ask_keys, verify_signature
from gateway.authn.dkim_signature import Signature
from gateway.model.auth_facts import ArcResult, ArcStatus
from gateway.model.domain import DomainName
from gateway.model.message import Message
from gateway.model.ports import Cpu, Resolver


class _Broken(Exception):
    """The chain does not hold, or can't be judged now."""

    def __init__(self, reason: str, status: ArcStatus = ArcStatus.FAIL) -> None:
        super().__init__(reason)
        self.status = status


class ArcCheck:
    """The check of one message in its steps, so that others may share the bench and the questions."""

    def __init__(self, bench: Workbench, trusted_sealers: Collection[DomainName]) -> None:
        self._bench = bench
        self._trusted = frozenset(trusted_sealers)
        self.chain: Chain = read_chain(bench)
        self._early = self._without_keys()
        if self._early is None:
            newest = self.chain.sets[-1].signature
            bench.body.wish(newest.body_canon, newest.length)

    @property
    def needed(self) -> bool:
        """Whether the message has any ARC field."""
        return self.chain.found > 0

    @property
    def work(self) -> int:
        """Bytes that `result` will chew on."""
        return len(self._bench.message.raw) if self._early is None else 0

    @property
    def key_names(self) -> list[str]:
        """Keys of all seals, and of the newest message signature; older ones are only checked with keys at hand."""
        if self._early is not None:
            return []
        return [self.chain.sets[-1].signature.key_name, *(one.seal.key_name for one in self.chain.sets)]

    def _without_keys(self) -> ArcResult | None:
        """The result where no key is needed for it (RFC 8617 §5.2 steps 1 to 3)."""
        chain = self.chain
        if not chain.found:
            return ArcResult(status=ArcStatus.NONE)
        if chain.problem:
            return ArcResult(status=ArcStatus.FAIL, sets=chain.found, reason=chain.problem)
        if any(one.validation == "fail" for one in chain.sets):
            # the chain was ended by whoever saw it broken: there is nothing left to validate, nor to seal
            return self._result(ArcStatus.NONE, "the chain has been ended by a sealer")
        if any((one.validation == "none") != (one.instance == 1) for one in chain.sets):
            return self._result(ArcStatus.FAIL, "cv= does not fit the place in the chain")
        return None

    def _result(self, status: ArcStatus, reason: str = "", oldest_pass: int = 0) -> ArcResult:
        sets = self.chain.sets
        sealers = tuple(one.seal.domain for one in sets if one.seal.domain is not None)
        trusted = status is ArcStatus.PASS and sealers[-1] in self._trusted
        return ArcResult(
            status=status,
            sets=len(sets),
            sealer=sealers[-1],
            sealers=sealers,
            oldest_pass=oldest_pass,
            reason=reason,
            trusted=trusted,
            recorded_dmarc_pass=recorded_dmarc_pass(sets, self._trusted) if trusted and self._covers(sets[-1]) else (),
        )

    def _covers(self, newest: ArcSet) -> bool:
        """Whether the newest message signature says as much as a DKIM signature that is proof."""
        names = newest.signature.names
        return "from" in names and newest.signature.length is None and not self._bench.header.duplicates(names, WATCHED)

    def result(self, keys: Mapping[str, KeyAnswer]) -> ArcResult:
        """The chain validation status. Pure."""
        if self._early is not None:
            return self._early
        newest = self.chain.sets[-1]
        try:
            self._check_message_signature(newest, keys)
            self._check_seals(keys)
        except _Broken as broken:
            return self._result(broken.status, str(broken))
        return self._result(ArcStatus.PASS, oldest_pass=self._oldest_pass(keys))

    def _usable(self, signature: Signature, what: str, keys: Mapping[str, KeyAnswer]) -> KeyAnswer:
        answer = keys[signature.key_name]
        if answer.temporary:
            raise _Broken(f"{what}: {answer.problem}", ArcStatus.TEMPERROR)
        if answer.problem:
            raise _Broken(f"{what}: {answer.problem}")
        return answer

    def _check_message_signature(self, one: ArcSet, keys: Mapping[str, KeyAnswer]) -> None:
        answer = self._usable(one.signature, f"signature {one.instance}", keys)
        problem = verify_signature(one.signature_field, one.signature, answer.keys, self._bench).problem
        if problem:
            raise _Broken(f"signature {one.instance}: {problem}")

    def _check_seals(self, keys: Mapping[str, KeyAnswer]) -> None:
        """Each seal covers all sets up to its own (RFC 8617 §5.1.1)."""
        header, covered = self._bench.header, b""
        for one in self.chain.sets:
            covered += header.relaxed(one.results_field) + header.relaxed(one.signature_field)
            answer = self._usable(one.seal, f"seal {one.instance}", keys)
            data = covered + relaxed_field(b"arc-seal", one.seal.value_without_signature)
            usable = [key for key in answer.keys if key.algorithm == one.seal.algorithm]
            if not any(key.verifies(one.seal.signature, data) for key in usable):
                raise _Broken(f"seal {one.instance}: bad signature")
            covered += header.relaxed(one.seal_field)

    def _oldest_pass(self, keys: Mapping[str, KeyAnswer]) -> int:
        """RFC 8617 §5.2 step 6: 0 when every message signature still holds, else the oldest of the unbroken run of
        those that do. Older ones count as broken where they would need another hash or another key."""
        newest = self.chain.sets[-1]
        for one in reversed(self.chain.sets[:-1]):
            answer = keys.get(one.signature.key_name)
            same = (one.signature.body_canon, one.signature.length) == (
                newest.signature.body_canon,
                newest.signature.length,
            )
            if answer is None or answer.problem or not same:
                return one.instance + 1
            if verify_signature(one.signature_field, one.signature, answer.keys, self._bench).problem:
                return one.instance + 1
        return 0


async def run_arc(check: ArcCheck, resolver: Resolver, cpu: Cpu) -> ArcResult:
    """Ask, then compute."""
    keys = await ask_keys(check.key_names, resolver)
    return await cpu(check.work, check.result, keys)


async def check_arc(
    message: Message, resolver: Resolver, cpu: Cpu, trusted_sealers: Collection[DomainName]
) -> ArcResult:
    """Validate a message's chain, at most 50 sets. Never raises but `CancelledError`."""
    return await run_arc(ArcCheck(Workbench(message), trusted_sealers), resolver, cpu)
