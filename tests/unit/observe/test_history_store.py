"""The history: what is kept, what is not, what is found again, what is forgotten."""

import json
import sqlite3
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from gateway.observe.history import HistoryStore, open_history
from gateway.observe.history_database import HistoryUnavailable, open_database
from gateway.observe.history_query import HistoryFilter, by_id, campaign, find, of_person
from tests.history_rows import held_row, row, settings_for

NOW = datetime.now(UTC)


@pytest.fixture
def history(tmp_path: Path) -> Iterator[HistoryStore]:
    store = open_history(settings_for(f"sqlite:///{tmp_path}/sub/h.db"), create=True)
    yield store
    store.close()


def test_what_is_kept(history: HistoryStore, tmp_path: Path) -> None:
    told = held_row(link_hosts=["x.example", "y.example", "x.example"], asks=["card"])
    history.write([told])
    history.write([told])  # told again by a recorder that died after writing
    (record,) = find(history, HistoryFilter())
    assert {
        name: record[name] for name in ("id", "client", "mail_from", "author", "disposition", "score", "bytes")
    } == {name: told[name] for name in ("id", "client", "mail_from", "author", "disposition", "score", "bytes")}
    assert record["reply"] == "250 2.0.0", "its text quotes an address"
    assert record["recipients"] == [{"address": "claire@m.example", "action": "quarantine"}]
    assert record["hits"][0] == {"rule": "vitale", "family": "carte_vitale", "points": 8.0, "mode": "enforce"}
    assert record["link_hosts"] == ["x.example", "y.example"]
    assert record["asks"] == ["card"]
    assert record["authentication"]["dmarc"]["result"] == "fail"
    assert record["gateway"]
    assert datetime.fromisoformat(record["received_at"]) == datetime.fromisoformat(told["received_at"])
    database = tmp_path / "sub" / "h.db"
    assert database.stat().st_mode & 0o777 == 0o600
    assert database.parent.stat().st_mode & 0o777 == 0o700


def test_both_ids_find_it(history: HistoryStore) -> None:
    told = row()
    history.write([told, row(message_id="<other@x.example>"), row(message_id="")])
    assert [r["id"] for r in by_id(history, told["id"])] == [told["id"]]
    for spelling in ("<one@sender.example>", "one@sender.example", "  <one@sender.example> "):
        assert [r["id"] for r in by_id(history, spelling)] == [told["id"]]
    for unknown in ("", "<>", "one", "ONE@sender.example"):
        assert by_id(history, unknown) == []


@pytest.mark.parametrize(
    ("wanted", "expected"),
    [
        (HistoryFilter(), "hr"),
        (HistoryFilter(since=NOW - timedelta(hours=1)), "r"),
        (HistoryFilter(until=NOW - timedelta(hours=1)), "h"),
        (HistoryFilter(disposition="quarantine"), "h"),
        (HistoryFilter(verdict="quarantine"), "h"),
        (HistoryFilter(verdict="relay"), "r"),
        (HistoryFilter(rule="vitale"), "h"),
        (HistoryFilter(rule="x' OR 1=1 --"), ""),
        (HistoryFilter(family="carte_vitale"), "h"),
        (HistoryFilter(recipient="CLAIRE@m.example"), "h"),
        (HistoryFilter(recipient="@M.example"), "h"),
        (HistoryFilter(recipient="n.example"), "r"),
        (HistoryFilter(sender="boss@lure.example"), "h"),
        (HistoryFilter(domain="example"), "hr"),
        (HistoryFilter(domain="lure.example"), "h"),
        (HistoryFilter(domain="ure.example"), ""),
        (HistoryFilter(domain="%"), ""),
        (HistoryFilter(domain="_ure.example"), ""),
        (HistoryFilter(domain="click.example"), "h"),
        (HistoryFilter(limit=1), "r"),
    ],
)
def test_filters(history: HistoryStore, wanted: HistoryFilter, expected: str) -> None:
    old = held_row(
        moment=NOW - timedelta(hours=2), mail_from="Boss@lure.example", author_domain="lure.example",
        link_hosts=["www.click.example"], verdict="quarantine",
    )  # fmt: skip
    new = row(recipients=["jean@n.example"], actions=[["jean@n.example", "relay"]])
    history.write([old, new])
    names = {old["id"]: "h", new["id"]: "r"}
    assert sorted(names[r["id"]] for r in find(history, wanted)) == sorted(expected)


def test_what_belongs_to_a_campaign(history: HistoryStore) -> None:
    common = "www.everybody.example"
    seen_before = row(moment=NOW - timedelta(days=60), author="x@z.example", link_hosts=[common])
    lure = held_row(link_hosts=["lure.example", common, "www.m.example"], author="boss@hijacked.example")
    hijacked = {"author_domain": "hijacked.example", "mail_from": "b@hijacked.example", "client": "192.0.2.9"}
    same_link = row(link_hosts=["lure.example"], author="someone@else.example")
    same_author = row(author="boss@hijacked.example")
    same_rules = held_row(author="other@hijacked.example", author_domain="hijacked.example")
    own_link = row(link_hosts=["www.m.example"], author="p@p.example", author_domain="p.example", client="192.0.2.77")
    common_link = row(link_hosts=[common], author="q@q.example", author_domain="q.example", client="192.0.2.78")
    same_author_long_ago = row(moment=NOW - timedelta(days=20), author="boss@hijacked.example")
    lure |= hijacked
    history.write([seen_before, lure, same_link, same_author, same_rules, own_link, common_link, same_author_long_ago])
    (anchor,) = by_id(history, lure["id"])
    found = {r["id"]: r["shares"] for r in campaign(history, anchor, ["m.example"])}
    assert found.keys() == {lure["id"], same_link["id"], same_author["id"], same_rules["id"]}
    assert found[same_link["id"]] == ["link lure.example"]
    assert found[same_author["id"]] == ["author"]
    assert found[same_rules["id"]] == ["rules and origin"]


def test_hashed_addresses_are_found_but_not_shown(tmp_path: Path) -> None:
    settings = settings_for(f"sqlite:///{tmp_path}/h.db", log={"addresses": "hashed"})
    history = open_history(settings, create=True)
    told = held_row()
    history.write([told])
    (record,) = find(history, HistoryFilter(recipient="Claire@m.example", sender="a@sender.example"))
    assert record["recipients"][0]["address"].startswith("h:")
    assert record["author_domain"] == "sender.example"
    assert history.held() == {}
    history.close()
    data = b"".join(file.read_bytes() for file in tmp_path.iterdir())
    for clear in (b"claire", b"a@sender", b"one@sender"):
        assert clear not in data


def test_the_key_of_the_log_is_the_key_of_the_history(tmp_path: Path) -> None:
    (tmp_path / "key").write_text("a key of the operator's\n")
    sections = {"log": {"addresses": "hashed", "key_file": str(tmp_path / "key")}}
    first, second = (
        open_history(settings_for(f"sqlite:///{tmp_path}/{n}.db", **sections), create=True) for n in (1, 2)
    )
    assert first.names == second.names
    first.close()
    second.close()


def test_the_index_of_held_messages(history: HistoryStore) -> None:
    told, crowd = held_row(needs_approval=True), held_row(recipients=[f"{n}@m.example" for n in range(100)])
    history.write([told, crowd, row()])
    held = history.held()
    assert held.keys() == {told["id"]}, "a worker tells 100 recipients at most: this one is read from its entry"
    assert held[told["id"]]["rules"] == ["vitale", "watch"]
    assert held[told["id"]]["needs_approval"] is True
    history.rebuild_held([{**held[told["id"]], "id": "other"}])
    assert history.held().keys() == {"other"}
    history.prune_held([])
    assert history.held() == {}


def test_old_rows_are_forgotten_whole(history: HistoryStore, tmp_path: Path) -> None:
    many = [held_row(moment=NOW - timedelta(days=200), link_hosts=["planted-host.example"]) for _ in range(900)]
    kept = row()
    history.write([*many, kept])
    assert history.expire(NOW - timedelta(days=180)) == 900
    assert [r["id"] for r in find(history, HistoryFilter())] == [kept["id"]]
    for table in ("recipient", "rule_hit", "link_host", "held"):
        assert history.database.run(f"SELECT COUNT(*) FROM {table}")[0][0] == (table == "recipient")  # noqa: S608
    history.database.run("PRAGMA wal_checkpoint(TRUNCATE)")
    assert b"planted-host" not in (tmp_path / "sub" / "h.db").read_bytes(), "deleted is overwritten"


def test_a_person_is_shown_his_own_and_taken_out(history: HistoryStore, tmp_path: Path) -> None:
    both = ["Marie@m.example", "jean@m.example"]
    received = held_row(recipients=both, actions=[[both[0], "quarantine"], [both[1], "relay"]])
    sent = row(mail_from="marie@m.example", author="MARIE@m.example")
    foreign = row()
    history.write([received, sent, foreign])
    own = {r["id"]: r for r in of_person(history, "marie@M.example")}
    assert own.keys() == {received["id"], sent["id"]}
    assert own[received["id"]]["recipients"] == [{"address": "marie@m.example", "action": "quarantine"}]
    assert own[sent["id"]]["recipients"] == []
    assert history.erase_person("marie@m.example") == 2
    assert history.erase_person("marie@m.example") == 0
    assert of_person(history, "marie@m.example") == []
    assert len(find(history, HistoryFilter())) == 3
    history.database.run("PRAGMA wal_checkpoint(TRUNCATE)")
    assert b"marie" not in (tmp_path / "sub" / "h.db").read_bytes().lower()


@pytest.mark.parametrize(
    "changed",
    [
        {"mail_from": "\ud800@x.example"},
        {"mail_from": "a\0b@x.example", "link_hosts": ["a\0", "b\udfff"]},
        {"author": "x" * 100_000, "recipients": ["y" * 100_000]},
        {"message_id": "\udcff\0" * 1000},
        {"reasons": ["é" * 50_000]},
    ],
)
def test_hostile_values_are_kept_harmless(history: HistoryStore, changed: dict[str, Any]) -> None:
    history.write([row(**changed)])
    (record,) = find(history, HistoryFilter())
    assert "\0" not in json.dumps(record, ensure_ascii=False)


def test_migrations_run_once_and_a_newer_history_is_left_alone(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path}/h.db"
    open_database(url, create=True).close()
    open_database(url, create=False).close()
    with sqlite3.connect(tmp_path / "h.db") as connection:
        connection.execute("INSERT INTO migration VALUES (99, 'x')")
    connection.close()
    with pytest.raises(HistoryUnavailable) as caught:
        open_database(url, create=True)
    assert caught.value.cause == "newer"


def test_a_question_makes_no_database(tmp_path: Path) -> None:
    with pytest.raises(HistoryUnavailable) as caught:
        open_database(f"sqlite:///{tmp_path}/none.db", create=False)
    assert caught.value.cause == "absent"
    assert list(tmp_path.iterdir()) == []
