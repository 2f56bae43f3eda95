"""From what a worker tells of a message to what the history keeps of it: no content, addresses as the settings say."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256
from hmac import digest
from typing import Any

_TEXT = 1000  # characters of one value; whatever is longer is cut
_DETAILS = 16_384
_MAX_INDEXED = 100  # recipients that a worker tells; an entry with more is listed from the spool


@dataclass(frozen=True, slots=True)
class Pseudonyms:
    """How addresses and Message-IDs stand in the history: `hashed` hides addresses; Message-IDs always are."""

    key: bytes
    hashed: bool

    def address(self, text: str) -> str:
        """An address, or its pseudonym (the log's, where both have `log.key_file`)."""
        return self._hash(text.lower()) if self.hashed and text else text

    def message_id(self, text: str) -> str:
        """What is kept of a Message-ID; "" of none."""
        bare = text.strip().strip("<>").strip()
        return self._hash(bare) if bare else ""

    def _hash(self, text: str) -> str:
        return "h:" + digest(self.key, text.encode("utf-8", "replace"), sha256).hex()[:16]


@dataclass(frozen=True, slots=True)
class Prepared:
    """One message as rows of the tables."""

    message: tuple[Any, ...]
    recipients: list[tuple[Any, ...]]
    hits: list[tuple[Any, ...]]
    hosts: list[tuple[Any, ...]]
    held: tuple[Any, ...] | None


def prepare(row: Mapping[str, Any], gateway: str, names: Pseudonyms) -> Prepared:
    """Raises KeyError, TypeError, ValueError for what no worker of ours says."""
    message, at = row["id"], datetime.fromisoformat(row["received_at"]).timestamp()
    address = names.address
    reply = str(row["reply"]).split(" ", 2)
    details = {
        "ms": row["ms"],
        "fault": row["fault"],
        "next_hop": row["next_hop"],
        "recipients": row.get("recipient_count", len(row["recipients"])),
    }
    for name in ("verdict", "reasons", "unchecked", "authentication", "claims", "asks"):
        if row.get(name):
            details[name] = row[name]
    actions = dict(row.get("actions", ()))
    hits = row.get("hits", ())
    return Prepared(
        message=(
            message,
            gateway,
            at,
            row["client"],
            _clean(address(row["mail_from"].lower())),
            _domain(row["mail_from"]),
            _clean(address(row.get("author", "").lower())),
            _clean(row.get("author_domain", "").lower()),
            names.message_id(row.get("message_id", "")),
            row["disposition"],
            float(row.get("score", 0.0)),
            int(row["bytes"]),
            # The text of a reply is the next hop's and often quotes an address.
            " ".join(word for word in reply[:2] if word[:1].isdigit()),
            _bounded(details),
        ),
        recipients=[
            (message, place, _clean(address(path.lower())), _domain(path), actions.get(path, ""))
            for place, path in enumerate(row["recipients"])
        ],
        hits=[(message, rule, family, float(points), mode) for rule, family, points, mode, *_ in hits],
        hosts=[(message, _clean(host)) for host in dict.fromkeys(row.get("link_hosts", ()))],
        held=_held(row, gateway, at, actions) if row["disposition"] == "quarantine" and not names.hashed else None,
    )


def _bounded(details: dict[str, Any]) -> str:
    """As JSON (ASCII, NUL escaped), without its largest parts where it is too long."""
    text = json.dumps(details, ensure_ascii=True)
    while len(text) > _DETAILS and details:
        del details[max(details, key=lambda name: len(json.dumps(details[name])))]
        text = json.dumps(details, ensure_ascii=True)
    return text


def _held(row: Mapping[str, Any], gateway: str, at: float, actions: dict[str, str]) -> tuple[Any, ...] | None:
    """What `quarantine list` would read from the entry; None where a worker tells less than the entry holds."""
    if len(row["recipients"]) >= _MAX_INDEXED:
        return None
    hits = row.get("hits", ())
    summary = {
        "id": row["id"],
        "received_at": row["received_at"],
        "mail_from": row["mail_from"],
        "recipients": [path for path in row["recipients"] if actions.get(path) == "quarantine"],
        "client": row["client"],
        "size": row["bytes"],
        "score": row.get("score", 0),
        "rules": [hit[0] for hit in hits],
        "families": sorted({hit[1] for hit in hits}),
        "reasons": row.get("reasons", []),
        "sender_domains": sorted({_domain(row["mail_from"]), row.get("author_domain", "").lower()} - {""}),
        "needs_approval": bool(row.get("needs_approval")),
    }
    return row["id"], gateway, at, json.dumps(summary, ensure_ascii=True)


def _domain(address: str) -> str:
    return _clean(address.rpartition("@")[2].lower()) if "@" in address else ""


def _clean(text: str, longest: int = _TEXT) -> str:
    """Without NUL, which PostgreSQL refuses, and without half surrogates, which nothing takes."""
    if text.isascii() and text.isprintable() and len(text) <= longest:
        return text
    return text[:longest].replace("\0", "?").encode("utf-8", "replace").decode()
