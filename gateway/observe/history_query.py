"""Asking the history: one message, those that a filter wants, those of one campaign."""

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from gateway.observe.history import HistoryStore

_COLUMNS = (
    "id, gateway, received_at, client, mail_from, mail_from_domain, author, author_domain, message_id, disposition, "
    "score, bytes, reply, details"
)
_NAMES = tuple(name.strip() for name in _COLUMNS.split(","))
_CHUNK = 400
_DAY_S = 86_400.0
CAMPAIGN_DAYS = 30.0  # before and after, for messages that share a link
_NEAR_DAYS = 3.0  # for those that share only who writes, or the rules
_YOUNG_DAYS = 14.0  # a link host seen for longer than this is no lure's own


@dataclass(frozen=True, slots=True, kw_only=True)
class HistoryFilter:
    """What `history` is asked for; None and "" ask nothing."""

    since: datetime | None = None
    until: datetime | None = None
    disposition: str = ""  # what was done
    verdict: str = ""  # what was thought, whatever the mode
    rule: str = ""
    family: str = ""
    recipient: str = ""  # an address, or a domain
    sender: str = ""  # MAIL FROM or author: an address
    domain: str = ""  # of MAIL FROM, of the author, or of a link, or one below it
    limit: int = 100


def find(history: HistoryStore, wanted: HistoryFilter) -> list[dict[str, Any]]:
    """The newest messages that the filter wants, newest first. Raises HistoryUnavailable."""
    where, values = ["1 = 1"], list[Any]()
    if wanted.since is not None:
        _add(where, values, "received_at >= ?", wanted.since.timestamp())
    if wanted.until is not None:
        _add(where, values, "received_at < ?", wanted.until.timestamp())
    if wanted.disposition:
        _add(where, values, "disposition = ?", wanted.disposition)
    if wanted.verdict:
        _add(where, values, "details LIKE ?", f'%"verdict": "{wanted.verdict}"%')  # as `history_rows` writes it
    if wanted.rule:
        _add(where, values, "id IN (SELECT message FROM rule_hit WHERE rule = ?)", wanted.rule)
    if wanted.family:
        _add(where, values, "id IN (SELECT message FROM rule_hit WHERE family = ?)", wanted.family)
    if wanted.recipient:
        _add_recipient(history, where, values, wanted.recipient)
    if wanted.sender:
        known = history.spellings(wanted.sender)
        marks = _marks(known)
        _add(where, values, f"(mail_from IN ({marks}) OR author IN ({marks}))", *known, *known)
    if wanted.domain:
        domain = wanted.domain.lower().strip("@.")
        below = "%." + domain.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")
        test = "({0} = ? OR {0} LIKE ? ESCAPE '\\')"
        links = f"id IN (SELECT message FROM link_host WHERE {test.format('host')})"  # noqa: S608
        condition = f"({test.format('mail_from_domain')} OR {test.format('author_domain')} OR {links})"
        _add(where, values, condition, *(domain, below) * 3)
    values.append(wanted.limit)
    statement = f"SELECT {_COLUMNS} FROM message WHERE {' AND '.join(where)} ORDER BY received_at DESC, id DESC LIMIT ?"  # noqa: S608 - conditions are ours, values are bound
    return _complete(history, history.database.run(statement, values))


def _add(where: list[str], values: list[Any], condition: str, *more: Any) -> None:
    where.append(condition)
    values.extend(more)


def _add_recipient(history: HistoryStore, where: list[str], values: list[Any], recipient: str) -> None:
    if "@" in recipient.lstrip("@"):
        known = history.spellings(recipient)
        _add(where, values, f"id IN (SELECT message FROM recipient WHERE address IN ({_marks(known)}))", *known)  # noqa: S608
    else:
        _add(where, values, "id IN (SELECT message FROM recipient WHERE domain = ?)", recipient.lower().lstrip("@"))


def by_id(history: HistoryStore, message_id: str) -> list[dict[str, Any]]:
    """The message with this id of ours, or those with this Message-ID, newest first. Raises HistoryUnavailable."""
    condition = "id = ? OR message_id = ?"
    values = (message_id, history.names.message_id(message_id) or "-")
    statement = f"SELECT {_COLUMNS} FROM message WHERE {condition} ORDER BY received_at DESC LIMIT 50"  # noqa: S608
    return _complete(history, history.database.run(statement, values))


def of_person(history: HistoryStore, address: str) -> list[dict[str, Any]]:
    """Every message that this address sent, wrote or received, other recipients left out."""
    known = history.spellings(address)
    marks = _marks(known)
    statement = f"""SELECT {_COLUMNS} FROM message WHERE mail_from IN ({marks}) OR author IN ({marks})
        OR id IN (SELECT message FROM recipient WHERE address IN ({marks})) ORDER BY received_at"""  # noqa: S608
    found = _complete(history, history.database.run(statement, known * 3))
    for record in found:
        record["recipients"] = [r for r in record["recipients"] if r["address"].lower() in known]
    return found


def campaign(history: HistoryStore, anchor: dict[str, Any], ours: Iterable[str]) -> list[dict[str, Any]]:
    """Messages of the same campaign, oldest first; each with `shares`: what it has in common with `anchor`.

    They lead to the same host, young in this history and no domain of `ours`; or have the same author within 3 days; or
    hit the same rules, from the same domain or client, within 3 days.
    """
    at = anchor["at"]
    shares: dict[str, list[str]] = {anchor["id"]: ["this message"]}

    def note(rows: Sequence[Sequence[Any]], what: str) -> None:
        for row in rows:
            shares.setdefault(row[0], []).append(what)

    run = history.database.run
    own = tuple(domain.lower() for domain in ours)
    for host in anchor["link_hosts"]:
        if any(host == domain or host.endswith("." + domain) for domain in own) or not _is_young(history, host, at):
            continue
        span = (at - CAMPAIGN_DAYS * _DAY_S, at + CAMPAIGN_DAYS * _DAY_S)
        statement = """SELECT m.id FROM link_host l JOIN message m ON m.id = l.message
            WHERE l.host = ? AND m.received_at BETWEEN ? AND ?"""
        note(run(statement, (host, *span)), f"link {host}")
    near = (at - _NEAR_DAYS * _DAY_S, at + _NEAR_DAYS * _DAY_S)
    if anchor["author"]:
        note(
            run("SELECT id FROM message WHERE author = ? AND received_at BETWEEN ? AND ?", (anchor["author"], *near)),
            "author",
        )
    rules = sorted(hit["rule"] for hit in anchor["hits"] if hit["mode"] == "enforce")
    if rules:
        statement = f"""SELECT m.id, COUNT(*) FROM message m JOIN rule_hit h ON h.message = m.id AND h.mode = 'enforce'
            WHERE h.rule IN ({_marks(rules)}) AND m.received_at BETWEEN ? AND ?
            AND (m.author_domain = ? OR m.mail_from_domain = ? OR m.client = ?) GROUP BY m.id HAVING COUNT(*) = ?"""  # noqa: S608
        who = (anchor["author_domain"] or "-", anchor["mail_from_domain"] or "-", anchor["client"] or "-")
        note(run(statement, (*rules, *near, *who, len(rules))), "rules and origin")
    found = _by_ids(history, list(shares))
    for record in found:
        record["shares"] = list(dict.fromkeys(shares[record["id"]]))
    return sorted(found, key=lambda record: (record["at"], record["id"]))


def _is_young(history: HistoryStore, host: str, at: float) -> bool:
    statement = "SELECT MIN(m.received_at) FROM link_host l JOIN message m ON m.id = l.message WHERE l.host = ?"
    first = history.database.run(statement, (host,))[0][0]
    return first is None or float(first) >= at - _YOUNG_DAYS * _DAY_S


def _by_ids(history: HistoryStore, ids: Sequence[str]) -> list[dict[str, Any]]:
    rows: list[Sequence[Any]] = []
    for start in range(0, len(ids), _CHUNK):
        chunk = ids[start : start + _CHUNK]
        rows += history.database.run(f"SELECT {_COLUMNS} FROM message WHERE id IN ({_marks(chunk)})", chunk)  # noqa: S608
    return _complete(history, rows)


def _complete(history: HistoryStore, rows: Sequence[Sequence[Any]]) -> list[dict[str, Any]]:
    """Rows of `message` as records, with what the other tables know of them."""
    found: dict[str, dict[str, Any]] = {}
    for row in rows:
        record = dict(zip(_NAMES, row, strict=True))
        details = json.loads(record.pop("details"))
        at = float(record["received_at"])
        moment = datetime.fromtimestamp(at, UTC).isoformat(timespec="milliseconds")
        record |= {"received_at": moment, "at": at, "recipients": [], "hits": [], "link_hosts": [], **_renamed(details)}
        found[record["id"]] = record
    ids = list(found)
    run = history.database.run
    for start in range(0, len(ids), _CHUNK):
        chunk = ids[start : start + _CHUNK]
        marks = _marks(chunk)
        for message, address, action in run(
            f"SELECT message, address, action FROM recipient WHERE message IN ({marks}) ORDER BY place",  # noqa: S608
            chunk,
        ):
            found[message]["recipients"].append({"address": address, "action": action})
        for message, rule, family, points, mode in run(
            f"SELECT message, rule, family, points, mode FROM rule_hit WHERE message IN ({marks}) ORDER BY points DESC",  # noqa: S608
            chunk,
        ):
            found[message]["hits"].append({"rule": rule, "family": family, "points": points, "mode": mode})
        for message, host in run(f"SELECT message, host FROM link_host WHERE message IN ({marks})", chunk):  # noqa: S608
            found[message]["link_hosts"].append(host)
    return list(found.values())


def _renamed(details: dict[str, Any]) -> dict[str, Any]:
    details["recipient_count"] = details.pop("recipients", 0)
    return details


def _marks(values: Sequence[object]) -> str:
    return ", ".join("?" * len(values))
