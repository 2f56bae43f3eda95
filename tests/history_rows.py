"""Rows as workers tell them of messages, for tests of the history."""

from datetime import UTC, datetime
from typing import Any

from gateway.model.identifiers import new_message_id
from gateway.settings.schema import Settings

AUTHENTICATION = {
    "spf": {"result": "pass", "domain": "sender.example", "identity": "mailfrom"},
    "dkim": [],
    "dmarc": {"result": "fail", "policy": "none", "domain": "sender.example"},
    "arc": {"result": "none"},
}


def row(moment: datetime | None = None, **more: Any) -> dict[str, Any]:
    """One message."""
    at = moment or datetime.now(UTC)
    return {
        "id": new_message_id(at),
        "received_at": at.isoformat(timespec="milliseconds"),
        "client": "192.0.2.1",
        "mail_from": "a@sender.example",
        "recipients": ["claire@m.example"],
        "recipient_count": 1,
        "disposition": "relay",
        "reply": "250 2.0.0 Ok for claire@m.example",
        "bytes": 2048,
        "ms": 1.5,
        "fault": "",
        "next_hop": "127.0.0.1:10026",
        "verdict": "relay",
        "score": 0.0,
        "hits": [],
        "reasons": [],
        "unchecked": [],
        "actions": [["claire@m.example", "relay"]],
        "author": "a@sender.example",
        "author_domain": "sender.example",
        "authentication": AUTHENTICATION,
        "link_hosts": [],
        "claims": [],
        "asks": [],
        "message_id": "<one@sender.example>",
        **more,
    }


def held_row(**more: Any) -> dict[str, Any]:
    """One message that was held."""
    facts: dict[str, Any] = {
        "disposition": "quarantine",
        "score": 9.0,
        "hits": [["vitale", "carte_vitale", 8.0, "enforce"], ["watch", "x", 1.0, "shadow"]],
        "reasons": ["Parce que."],
        "actions": [["claire@m.example", "quarantine"]],
    }
    return row(**{**facts, **more})


def settings_for(url: str, **sections: Any) -> Settings:
    """Settings with this history."""
    history = {"url": url, **sections.pop("history", {})}
    return Settings.model_validate({"history": history, **sections})
