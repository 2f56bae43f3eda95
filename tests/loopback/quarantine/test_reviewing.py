"""The reviewer's commands against the real gateway and real next hops: what is held, looked at, released, explained."""

import json
import os
import re
import subprocess
import time
from collections.abc import Iterator
from email import message_from_bytes
from email.policy import SMTP
from typing import Any

import pytest
from click.testing import CliRunner

from gateway.cli.main import cli
from tests.real_gateway import RealGateway
from tests.scripted_next_hop import ScriptedNextHop, Step, Then, next_hop_in_thread
from tests.smtp_dialogue import SmtpDialogue

CLAIRE, PAUL = b"claire@mutuelle.example", b"paul@autre.example"
LURE = (
    b"From: Conseiller \xe2\x80\xaegro.ilema <conseil@strict.example>\r\nTo: claire@mutuelle.example\r\n"
    b"Subject: =?utf-8?q?Votre_carte_=1B]0;x=07_Vitale?=\r\nMessage-ID: <lure.1@strict.example>\r\n"
    b"Content-Type: text/plain; charset=utf-8\r\n\r\nplanted-body-token \xe2\x80\xae \x1b[2J Confirmez sur "
    b"https://ameli-vitale.example/x\r\n"
)
HONEST = (
    b"From: Claire <a@sender.example>\r\nTo: claire@mutuelle.example\r\nSubject: Bonjour\r\n"
    b"Message-ID: <honest.1@sender.example>\r\n\r\nBonjour, https://www.sender.example/menu\r\n"
)


@pytest.fixture(scope="module")
def pair(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[RealGateway, ScriptedNextHop, ScriptedNextHop]]:
    with next_hop_in_thread(ScriptedNextHop()) as hop, next_hop_in_thread(ScriptedNextHop()) as other:
        sections = {
            "next_hop": {"address": hop.address, "reply_timeout_s": 1},
            "routes": {"autre.example": {"address": other.address}},
            "relay_domains": ["mutuelle.example", "autre.example"],
            "quarantine": {
                "folder": "quarantine",
                "minimum_free_bytes": 1048576,
                "reviewers": ["revue@mutuelle.example", "revue@autre.example"],
            },
        }
        with RealGateway(tmp_path_factory.mktemp("gateway"), sections) as gateway:
            yield gateway, hop, other


@pytest.fixture
def gateway(pair: tuple[RealGateway, ScriptedNextHop, ScriptedNextHop]) -> RealGateway:
    running, *hops = pair
    for entry in held(running):
        run(running, "quarantine", "delete", entry["id"])
    for each in hops:
        each.script = {}
        each.transactions.clear()
    return running


@pytest.fixture
def hop(gateway: RealGateway, pair: tuple[RealGateway, ScriptedNextHop, ScriptedNextHop]) -> ScriptedNextHop:
    return pair[1]


@pytest.fixture
def other(gateway: RealGateway, pair: tuple[RealGateway, ScriptedNextHop, ScriptedNextHop]) -> ScriptedNextHop:
    return pair[2]


def send(gateway: RealGateway, raw: bytes, *to: bytes, mail_from: bytes = b"a@sender.example") -> str:
    with SmtpDialogue(("127.0.0.1", gateway.port), timeout_s=30) as client:
        client.expect(b"EHLO front.example", 250)
        client.expect(b"XFORWARD ADDR=192.0.2.1 NAME=mail.sender.example HELO=mail.sender.example", 250)
        client.expect(b"MAIL FROM:<%s>" % mail_from, 250)
        for address in to or (CLAIRE,):
            client.expect(b"RCPT TO:<%s>" % address, 250)
        answer = client.data(raw.removesuffix(b"\r\n"))
        assert answer.code == 250, answer
    return gateway.message_event(-1)["id"] if raw is HONEST else ""


def held_one(gateway: RealGateway, *to: bytes) -> str:
    send(gateway, LURE, *to)
    (entry,) = held(gateway)
    return str(entry["id"])


def run(gateway: RealGateway, *words: str, code: int = 0, uid: int = 0) -> str:
    """A command as the user that sudo acts for: what it says. In this process, since starting one takes a second."""
    done = CliRunner(env={"SUDO_UID": str(uid or 4001)}).invoke(cli, [*words, "--config", str(gateway.config)])
    if done.exception is not None and not isinstance(done.exception, SystemExit):
        raise done.exception
    assert done.exit_code == code, done.output
    return done.output


def held(gateway: RealGateway) -> list[dict[str, Any]]:
    return list(json.loads(run(gateway, "quarantine", "list", "--json")))


def in_history(gateway: RealGateway, message_id: str) -> dict[str, Any]:
    """The record of a message, once the recorder has written it."""
    for _ in range(100):
        found = CliRunner().invoke(cli, ["explain", "--json", message_id, "--config", str(gateway.config)])
        if found.exit_code == 0 and "gateway" in json.loads(found.stdout)[0]:  # told by the history, not by the entry
            return dict(json.loads(found.stdout)[0])
        time.sleep(0.1)
    raise AssertionError(found.output)


def test_show_is_text_only_and_written_down(gateway: RealGateway) -> None:
    entry_id = held_one(gateway)
    said = run(gateway, "quarantine", "show", "--text", "--motive", "ticket 4711", entry_id)
    assert "planted-body-token \\u202e \\x1b[2J" in said
    assert "\x1b" not in said
    assert "\u202e" not in said
    assert "strict.example" in said
    run(gateway, "quarantine", "show", "--text", entry_id, code=2)
    assert "planted-body-token" not in run(gateway, "quarantine", "show", entry_id)
    views = [json.loads(line) for line in run(gateway, "quarantine", "audit", "show", "--id", entry_id).splitlines()]
    assert [(v["action"], v["what"], v.get("motive"), v["uid"]) for v in views] == [
        ("view", "text", "ticket 4711", 4001),
        ("view", "envelope", None, 4001),
    ]
    assert "whole" in run(gateway, "quarantine", "audit", "verify", "--head", views[0]["hash"])
    run(gateway, "quarantine", "audit", "verify", "--head", "0" * 64, code=1)
    assert "planted-body-token" not in (gateway.folder / "quarantine" / "audit.log").read_text()


def test_list_filters(gateway: RealGateway) -> None:
    entry_id = held_one(gateway)
    for words in (("--since", "1h"), ("--recipient", "mutuelle.example"), ("--sender-domain", "strict.example")):
        assert entry_id in run(gateway, "quarantine", "list", *words)
    for words in (("--since", "2126-01-01"), ("--recipient", "x.example"), ("--rule", "no-such"), ("--score", "999")):
        assert entry_id not in run(gateway, "quarantine", "list", *words)
    assert "neither a moment" in run(gateway, "quarantine", "list", "--since", "yesterday", code=2)


def test_list_is_right_with_and_without_its_index(gateway: RealGateway) -> None:
    for _ in range(3):
        send(gateway, LURE)
    ids = {entry["id"] for entry in held(gateway)}
    assert len(ids) == 3
    in_history(gateway, max(ids))
    indexed = held(gateway)
    database = gateway.folder / "history.db"
    aside = gateway.folder / "aside"
    # What the recorder told and what the entries say is the same, but for the moment's last digits.
    database.rename(aside)
    try:
        spool = held(gateway)
    finally:
        aside.rename(database)
    for one, two in zip(indexed, spool, strict=True):
        assert {**one, "received_at": one["received_at"][:19]} == {**two, "received_at": two["received_at"][:19]}
    run(gateway, "quarantine", "index", "rebuild")
    assert {entry["id"] for entry in held(gateway)} == ids


def test_a_release_goes_to_each_route_once(gateway: RealGateway, hop: ScriptedNextHop, other: ScriptedNextHop) -> None:
    entry_id = held_one(gateway)
    said = run(gateway, "quarantine", "release", entry_id)
    assert "250" in said
    assert (hop.accepted[0].data or b"").endswith(LURE)
    assert "was released at" in run(gateway, "quarantine", "release", entry_id, code=1)
    assert "was released at" in run(gateway, "quarantine", "show", entry_id, code=1)
    assert len(hop.accepted) == 1
    assert other.accepted == []
    entry_id = held_one(gateway, PAUL)
    run(gateway, "quarantine", "release", entry_id)
    assert other.accepted[0].recipients == [(PAUL, ())]


def test_a_refused_and_an_unsure_release(gateway: RealGateway, hop: ScriptedNextHop) -> None:
    entry_id = held_one(gateway)
    hop.script = {"rcpt": b"550 5.1.1 unknown\r\n"}
    assert "550 5.1.1" in run(gateway, "quarantine", "release", entry_id, code=1)
    hop.script = {"dot": Step(say=b"", then=Then.DROP)}
    assert "451 4.4.2" in run(gateway, "quarantine", "release", entry_id, code=1)
    hop.script = {}
    assert "--again" in run(gateway, "quarantine", "release", entry_id, code=1)
    assert [entry["release"] for entry in held(gateway)] == ["releasing"]
    run(gateway, "quarantine", "release", "--again", entry_id)
    assert held(gateway) == []


def test_a_request_is_approved_by_another_person(gateway: RealGateway, hop: ScriptedNextHop) -> None:
    entry_id = held_one(gateway)
    run(gateway, "quarantine", "release", "--request", "--motive", "real", entry_id, uid=1001)
    assert entry_id in run(gateway, "quarantine", "list", "--requests")
    assert "another person" in run(gateway, "quarantine", "approve", entry_id, uid=1001, code=1)
    assert hop.accepted == []
    run(gateway, "quarantine", "approve", entry_id, uid=1002)
    assert len(hop.accepted) == 1
    assert held(gateway) == []


def test_a_changed_master_key_leaves_all_readable_and_marks_valid(gateway: RealGateway, hop: ScriptedNextHop) -> None:
    entry_id = held_one(gateway)
    master = gateway.folder / "quarantine" / "master.key"
    before = master.read_bytes()
    run(gateway, "quarantine", "rotate-key")
    assert master.read_bytes() != before
    assert "entries" in run(gateway, "quarantine", "verify")
    run(gateway, "quarantine", "release", entry_id)
    send(gateway, hop.accepted[0].data or b"")
    assert len(hop.accepted) == 2, "the running gateway still knows its released mail"
    assert held(gateway) == []
    run(gateway, "quarantine", "rotate-key", "--finish", "--new-key", "x", code=2)


def test_verify_tells_damage(gateway: RealGateway) -> None:
    entry_id = held_one(gateway)
    file = gateway.folder / "quarantine" / "entries" / entry_id
    file.write_bytes(file.read_bytes()[:-3])
    assert entry_id in run(gateway, "quarantine", "verify", code=1)
    # Headers are sealed apart: it is still listed, and can be deleted.
    run(gateway, "quarantine", "delete", entry_id)
    run(gateway, "quarantine", "verify")


def test_the_digest_says_what_is_held_without_content(
    gateway: RealGateway, hop: ScriptedNextHop, other: ScriptedNextHop
) -> None:
    assert "Nothing to tell" in run(gateway, "quarantine", "digest")
    entry_id = held_one(gateway)
    assert "1 held, 1 new" in run(gateway, "quarantine", "digest")
    mail = message_from_bytes(hop.accepted[0].data or b"", policy=SMTP)
    assert hop.accepted[0].mail == b""
    assert hop.accepted[0].recipients == [(b"revue@mutuelle.example", ())]
    assert other.accepted[0].recipients == [(b"revue@autre.example", ())]
    assert mail["Subject"] == "Quarantaine : 1 message retenu, dont 1 nouveau"
    assert mail["Auto-Submitted"] == "auto-generated"
    text = mail.get_content()
    for expected in (entry_id, "NOUVEAU", "claire@mutuelle.example", "strict.example", "Supprimé le", "empreinte"):
        assert expected in text
    for content in ("planted-body-token", "Vitale", "ameli-vitale", "Conseiller"):
        assert content not in text
    assert "1 held, 0 new" in run(gateway, "quarantine", "digest")
    assert "Nothing to tell" in run(gateway, "quarantine", "digest", "--only-new")
    hop.script = {"rcpt": b"451 4.3.0 busy\r\n"}
    run(gateway, "quarantine", "digest", code=75)


def test_expire_clears_history_too(gateway: RealGateway) -> None:
    message_id = send(gateway, HONEST)
    in_history(gateway, message_id)
    said = run(gateway, "quarantine", "expire")
    assert "0 entries destroyed" in said
    assert "0 messages forgotten" in said


def test_a_message_is_explained_by_either_id(gateway: RealGateway) -> None:
    entry_id = held_one(gateway)
    record = in_history(gateway, entry_id)
    assert record["disposition"] == "quarantine"
    assert record["held"] is True
    assert record["author"] == "conseil@strict.example"
    assert record["authentication"]["dmarc"]["result"] == "fail"
    assert "ameli-vitale.example" in record["link_hosts"]
    page = run(gateway, "explain", "<lure.1@strict.example>")
    assert f"Message {entry_id} : mis en quarantaine" in page
    assert "Toujours en quarantaine" in page
    assert "dmarc=fail (strict.example, politique reject)" in page
    for content in ("planted-body-token", "Vitale", "lure.1@"):
        assert content not in page + json.dumps(record)
    assert "lure.1@" not in (gateway.folder / "history.db").read_bytes().decode("latin-1")
    run(gateway, "explain", "nobody-knows", code=1)


def test_what_people_did_with_a_held_message_is_explained(gateway: RealGateway, hop: ScriptedNextHop) -> None:
    entry_id = held_one(gateway)
    record = in_history(gateway, entry_id)
    assert record["acts"] == []
    run(gateway, "quarantine", "show", "--motive", "ticket 4711", entry_id)
    run(gateway, "quarantine", "release", entry_id)
    record = in_history(gateway, entry_id)
    assert record["held"] is False
    assert [(act["action"], act["uid"], act.get("stage")) for act in record["acts"]] == [
        ("view", 4001, None),
        ("release", 4001, None),
        ("delivery", 4001, "released"),
    ]
    page = run(gateway, "explain", entry_id)
    assert "consulté, par l'utilisateur 4001" in page
    assert "libération : remis à tous (250" in page
    assert "ticket" not in page
    assert "Toujours en quarantaine" not in page


def test_history_answers_who_received_what(gateway: RealGateway) -> None:
    entry_id = held_one(gateway, CLAIRE)
    honest = send(gateway, HONEST, b"jean@mutuelle.example")
    in_history(gateway, honest)
    assert entry_id in run(gateway, "history", "--since", "1h", "--disposition", "quarantine")
    assert honest not in run(gateway, "history", "--recipient", "claire@mutuelle.example")
    assert honest in run(gateway, "history", "--domain", "sender.example")
    found = json.loads(run(gateway, "history", "--campaign", entry_id, "--json"))
    assert entry_id in [record["id"] for record in found]
    assert honest not in [record["id"] for record in found]
    assert any("link ameli-vitale.example" in record["shares"] for record in found)


def test_a_person_may_see_and_leave_the_history(gateway: RealGateway) -> None:
    honest = send(gateway, HONEST, b"marie@mutuelle.example", b"jean@mutuelle.example")
    in_history(gateway, honest)
    exported = json.loads(run(gateway, "history", "--person", "Marie@mutuelle.example", "--export"))
    assert [m["recipients"] for m in exported["messages"]] == [
        [{"address": "marie@mutuelle.example", "action": "relay"}]
    ]
    assert "out of 1 messages" in run(gateway, "history", "--person", "marie@mutuelle.example", "--erase")
    run(gateway, "history", "--person", "marie@mutuelle.example", "--export", code=1)
    record = in_history(gateway, honest)
    assert [r["address"] for r in record["recipients"]] == ["", "jean@mutuelle.example"]
    assert "marie" not in run(gateway, "quarantine", "audit", "show")


def test_replay_judges_again(gateway: RealGateway) -> None:
    entry_id = held_one(gateway)
    rows = json.loads(run(gateway, "replay", "--quarantine", "--json"))
    assert [(row["message"], row["before"]["action"], row["after"]["action"]) for row in rows] == [
        (entry_id, "quarantine", "quarantine")
    ]
    folder = gateway.folder / "mails"
    folder.mkdir()
    (folder / "a.eml").write_bytes(b"X-Vitalgate: action=tag; score=5; rules=x; id=y\r\n" + HONEST)
    (folder / "b.eml").write_bytes(HONEST.replace(b"\r\n", b"\n"))
    (folder / "not mail.txt").write_bytes(b"x")
    said = run(gateway, "replay", "--no-authentication", str(folder))
    assert re.search(r"tag\s+5 > relay\s+0\s+a\.eml", said), said
    assert "2 judged" in said


def test_the_recorder_dies_and_nothing_waiting_is_lost(gateway: RealGateway) -> None:
    assert gateway.process is not None
    before = json.loads(run(gateway, "history", "--json", "--limit", "1000"))
    children = subprocess.run(
        ["ps", "-o", "pid=", "--ppid", str(gateway.process.pid)], stdout=subprocess.PIPE, check=True
    )
    recorder = min(int(pid) for pid in children.stdout.split())  # it is started before the workers
    died = len(gateway.events("child_died"))
    os.kill(recorder, 9)
    for _ in range(20):
        send(gateway, HONEST)
    gateway.wait_for(lambda: len(gateway.events("child_died")) > died)
    assert gateway.events("child_died")[-1]["kind"] == "recorder"
    gateway.wait_for(
        lambda: len(json.loads(run(gateway, "history", "--json", "--limit", "1000"))) == len(before) + 20, 15
    )
    assert gateway.metric("vitalgate_history_dropped_total") == 0


@pytest.mark.parametrize(
    "words",
    [
        ("quarantine",),
        *(("quarantine", name) for name in ("list", "show", "release", "approve", "delete", "expire", "rotate-key")),
        *(("quarantine", name) for name in ("verify", "audit", "digest", "index")),
        ("quarantine", "audit", "show"),
        ("quarantine", "audit", "verify"),
        ("quarantine", "index", "rebuild"),
        ("history",),
        ("history", "expire"),
        ("explain",),
        ("replay",),
    ],
    ids=" ".join,
)
def test_help_teaches_with_an_example(words: tuple[str, ...]) -> None:
    done = CliRunner().invoke(cli, [*words, "--help"])
    assert done.exit_code == 0
    assert f"  vitalgate {words[0]}" in done.output
