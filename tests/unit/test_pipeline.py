"""The pipeline's order of deeds: hold, relay, count; and what becomes of a message when a part fails."""

import asyncio
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from ipaddress import ip_address
from pathlib import Path as FilePath
from typing import Any

import pytest

from gateway.daemon.cpu import LoopOrThread
from gateway.daemon.loaded import load_defaults
from gateway.inspection.none import NoInspector
from gateway.model import reply as replies
from gateway.model.address import Mailbox, Path
from gateway.model.content_facts import ContentFacts
from gateway.model.domain import DomainName
from gateway.model.envelope import Client, Envelope, Recipient, Submission
from gateway.model.errors import QuarantineUnavailable
from gateway.model.ports import HeldMessage, RelayOutcome
from gateway.model.reply import Reply
from gateway.pipeline import Judges, Outcome, Pipeline
from gateway.settings.schema import Settings
from tests.fakes import FakeResolver

RAW = b"From: a@strict.example\r\nTo: b@mutuelle.example\r\nSubject: x\r\n\r\nBonjour\r\n"
ZONE = {"_dmarc.strict.example": {"TXT": ["v=DMARC1; p=reject"]}}
GOOD = Reply(250, "2.0.0", "Ok")


@dataclass
class World:
    """Everything around the pipeline, writing down what is done in which order."""

    deeds: list[str] = field(default_factory=list)
    relay_reply: Reply = GOOD
    hold_fails: bool = False
    commit_fails: bool = False
    relayed: list[tuple[bytes, bytes]] = field(default_factory=list)
    outcomes: list[Outcome] = field(default_factory=list)

    async def deliver(self, _envelope: Envelope, recipients: Any, head: bytes, body: memoryview) -> RelayOutcome:
        self.deeds.append(f"relay to {len(recipients)}")
        self.relayed.append((head, bytes(body)))
        return RelayOutcome(reply=self.relay_reply)

    async def prepare(self, held: HeldMessage) -> "World":
        if self.hold_fails:
            raise QuarantineUnavailable("full")
        self.deeds.append(f"hold for {len(held.recipients)}")
        return self

    async def commit(self) -> None:
        if self.commit_fails:
            raise QuarantineUnavailable("full")
        self.deeds.append("commit")

    async def withdraw(self) -> None:
        self.deeds.append("withdraw")

    async def is_ours(self, _submission: Submission, _message: Any) -> bool:
        return False

    async def spend(self, _submission: Submission, _message: Any) -> None:
        self.deeds.append("spend")


class Crashing:
    """A content reader with a bug."""

    def __init__(self, directory: Any) -> None:
        self.directory = directory

    def read(self, *_arguments: object) -> ContentFacts:
        raise ZeroDivisionError("text of a mail")


@pytest.fixture
def world() -> World:
    return World()


def pipeline(world: World, *, crash: bool = False, **sections: Any) -> Pipeline:
    loaded = load_defaults()
    reader: Any = Crashing(loaded.reader.directory) if crash else loaded.reader
    settings = Settings.model_validate(sections)
    return Pipeline(
        settings=settings,
        judges=Judges(
            resolver_for=lambda _deadline: FakeResolver(ZONE),
            reader=reader,
            rulebook=loaded.rulebook,
            cpu=LoopOrThread(),
            inspector=NoInspector(),
        ),
        relay=world,
        quarantine=world,
        sealer=None,
        released=world,
        report=lambda _submission, outcome: world.outcomes.append(outcome),
        unexpected=lambda _id, _error: world.deeds.append("told of a bug"),
    )


def submission(*to: str, raw: bytes = RAW) -> Submission:
    recipients = tuple(
        Recipient(path=Path(address.encode(), Mailbox(address.split("@")[0], DomainName("mutuelle.example"))))
        for address in to or ("b@mutuelle.example",)
    )
    return Submission(
        id="1" * 18,
        envelope=Envelope(client=Client(address=ip_address("192.0.2.9"), helo="x"), recipients=recipients),
        raw=raw,
        received_at=datetime.now(UTC),
        listener_hostname="mx.mutuelle.example",
    )


def take(carrier: Pipeline, message: Submission) -> Reply:
    return asyncio.run(carrier.take(message))


WATCHED = {"for": [{"recipients": ["w@mutuelle.example"], "mode": "watch"}]}


def test_held_mail_is_on_disk_before_250(world: World) -> None:
    assert take(pipeline(world), submission()).code == 250
    assert world.deeds == ["hold for 1", "commit"]


def test_held_copies_are_written_before_the_others_go_out(world: World) -> None:
    reply = take(pipeline(world, policy=WATCHED), submission("b@mutuelle.example", "w@mutuelle.example"))
    assert reply == GOOD
    assert world.deeds == ["hold for 1", "relay to 1", "commit"]


@pytest.mark.parametrize("refusal", [Reply(451, "4.4.2", "lost"), Reply(550, "5.1.1", "no")])
def test_a_failed_relay_takes_the_held_copy_back(world: World, refusal: Reply) -> None:
    world.relay_reply = refusal
    reply = take(pipeline(world, policy=WATCHED), submission("b@mutuelle.example", "w@mutuelle.example"))
    assert reply == refusal
    assert world.deeds == ["hold for 1", "relay to 1", "withdraw"]


def test_what_cannot_be_held_is_not_relayed_either(world: World) -> None:
    world.hold_fails = True
    reply = take(pipeline(world, policy=WATCHED), submission("b@mutuelle.example", "w@mutuelle.example"))
    assert reply == replies.NO_SPACE
    assert world.deeds == []


def test_a_failed_commit_is_no_250(world: World) -> None:
    world.commit_fails = True
    assert take(pipeline(world), submission()) == replies.NO_SPACE


def test_a_crash_is_put_off_then_tagged(world: World) -> None:
    carrier = pipeline(world, crash=True, policy={"unscanned_tempfails": 2})
    codes = [take(carrier, submission()).code for _ in range(3)]
    assert codes == [451, 451, 250]
    assert world.deeds == ["told of a bug"] * 3 + ["relay to 1"]
    head, body = world.relayed[0]
    assert b"X-Vitalgate: action=tag; score=0; rules=none;" in head
    assert b"unchecked=analysis:crash" in head
    assert b"Subject: [SUSPECT] x\r\n" in head
    assert body == b"Bonjour\r\n"
    assert [outcome.reply.code for outcome in world.outcomes] == codes


def test_a_verdict_that_takes_too_long_is_put_off(world: World) -> None:
    message = replace(submission(), deadline=0.0)
    assert take(pipeline(world), message) == replies.LOCAL_PROBLEM
    assert world.outcomes[0].decision is not None
    assert world.outcomes[0].decision.verdict.unchecked == ("analysis:timeout",)


def test_a_loop_is_refused_before_anything_else(world: World) -> None:
    assert take(pipeline(world), submission(raw=b"Received: x\r\n" * 101 + RAW)) == replies.LOOP
    assert world.deeds == []


def test_watching_relays_what_would_be_held_untouched(world: World) -> None:
    assert take(pipeline(world, policy={"mode": "watch"}), submission()) == GOOD
    head, _body = world.relayed[0]
    assert b"\r\nSubject: x\r\n" in head
    assert b"X-Vitalgate: action=relay" in head
    assert b"X-Vitalgate-Reason: " in head


def test_a_sealer_seals_over_the_tagged_subject(tmp_path: FilePath, world: World) -> None:
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
    from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat

    from gateway.authn.arc_seal import Sealer

    pem = Ed25519PrivateKey.generate().private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    carrier = pipeline(world, policy={"mode": "tag"})
    carrier._sealer = Sealer(DomainName("mutuelle.example"), "s", pem)
    assert take(carrier, submission()) == GOOD
    head, _body = world.relayed[0]
    assert head.startswith(b"ARC-Seal: i=1;")
    assert head.index(b"ARC-Authentication-Results: i=1;") < head.index(b"Received: ")
    assert b"Subject: [SUSPECT] x\r\n" in head
