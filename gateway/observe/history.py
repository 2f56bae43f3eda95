"""The history: what is remembered of messages, written by the recorder, asked by `explain` and `history`."""

import json
import os
import secrets
from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any

from gateway.observe.history_database import Database, open_database
from gateway.observe.history_rows import Prepared, Pseudonyms, prepare
from gateway.settings.schema import Settings

_MESSAGE = f"INSERT INTO message VALUES ({', '.join('?' * 14)}) ON CONFLICT DO NOTHING"  # noqa: S608 - no value in it
_RECIPIENT = "INSERT INTO recipient VALUES (?, ?, ?, ?, ?) ON CONFLICT DO NOTHING"
_HIT = "INSERT INTO rule_hit VALUES (?, ?, ?, ?, ?) ON CONFLICT DO NOTHING"
_HOST = "INSERT INTO link_host VALUES (?, ?) ON CONFLICT DO NOTHING"
_HELD = "INSERT INTO held VALUES (?, ?, ?, ?) ON CONFLICT (id) DO UPDATE SET summary = excluded.summary"
_KEY = "pseudonym_key"
_STEP = 400  # messages forgotten in one transaction
_TABLES = (
    ("held", "id"),
    ("recipient", "message"),
    ("rule_hit", "message"),
    ("link_host", "message"),
    ("message", "id"),
)


class HistoryStore:
    """An open history. Every method raises HistoryUnavailable."""

    def __init__(self, database: Database, gateway: str, names: Pseudonyms) -> None:
        self.database = database
        self.gateway = gateway
        self.names = names

    def close(self) -> None:
        """End it; never raises."""
        self.database.close()

    # -- writing -------------------------------------------------------------------------------------------------

    def write(self, rows: Iterable[dict[str, Any]]) -> None:
        """Keep what workers told of messages, all of it or nothing; a row that is there already stays as it is.

        Raises also KeyError, TypeError, ValueError for a row that none of our workers makes.
        """
        batch = [prepare(row, self.gateway, self.names) for row in rows]
        with self.database.transaction():
            self._insert(batch)

    def _insert(self, batch: list[Prepared]) -> None:
        many = self.database.run_many
        many(_MESSAGE, [item.message for item in batch])
        many(_RECIPIENT, [row for item in batch for row in item.recipients])
        if hits := [row for item in batch for row in item.hits]:
            many(_HIT, hits)
        if hosts := [row for item in batch for row in item.hosts]:
            many(_HOST, hosts)
        if held := [item.held for item in batch if item.held is not None]:
            many(_HELD, held)

    def expire(self, before: datetime) -> int:
        """Forget messages received before then; how many. In short steps, so that the recorder goes on meanwhile."""
        moment = before.timestamp()
        gone = 0
        run = self.database.run
        while ids := [row[0] for row in run("SELECT id FROM message WHERE received_at < ? LIMIT ?", (moment, _STEP))]:
            with self.database.transaction():
                for table, column in _TABLES:
                    run(f"DELETE FROM {table} WHERE {column} IN ({_marks(ids)})", ids)  # noqa: S608
            gone += len(ids)
        with self.database.transaction():
            run("DELETE FROM held WHERE received_at < ?", (moment,))
        return gone

    def erase_person(self, address: str) -> int:
        """Take an address out wherever it stands (GDPR art. 17); of how many messages. What was done with them stays:
        without the address it is nobody's, and others' incidents are still answered."""
        known = self.spellings(address)
        marks = _marks(known)
        run = self.database.run
        received = f"SELECT message FROM recipient WHERE address IN ({marks})"  # noqa: S608
        touched = f"id IN ({received}) OR mail_from IN ({marks}) OR author IN ({marks})"
        with self.database.transaction():
            count = int(run(f"SELECT COUNT(*) FROM message WHERE {touched}", known * 3)[0][0])  # noqa: S608
            run(f"DELETE FROM held WHERE id IN (SELECT id FROM message WHERE {touched})", known * 3)  # noqa: S608
            run(f"UPDATE recipient SET address = '' WHERE address IN ({marks})", known)  # noqa: S608
            run(f"UPDATE message SET mail_from = '' WHERE mail_from IN ({marks})", known)  # noqa: S608
            run(f"UPDATE message SET author = '' WHERE author IN ({marks})", known)  # noqa: S608
        return count

    def spellings(self, address: str) -> list[str]:
        """How an address may stand in the history: in lower case, or hashed (the setting may have changed)."""
        return [address.lower(), Pseudonyms(self.names.key, True).address(address)]

    # -- the index of held messages ------------------------------------------------------------------------------

    def held(self) -> dict[str, dict[str, Any]]:
        """Summaries of held messages by id, those of other gateways too; it may know too few or too many."""
        return {row[0]: json.loads(row[1]) for row in self.database.run("SELECT id, summary FROM held")}

    def hold(self, summaries: Iterable[dict[str, Any]]) -> None:
        """Put entries into the index."""
        rows = [
            (s["id"], self.gateway, datetime.fromisoformat(s["received_at"]).timestamp(), json.dumps(s))
            for s in summaries
        ]
        with self.database.transaction():
            self.database.run_many(_HELD, rows)

    def unhold(self, ids: Iterable[str]) -> None:
        """Take entries out of the index."""
        with self.database.transaction():
            self.database.run_many("DELETE FROM held WHERE id = ?", [(entry_id,) for entry_id in ids])

    def prune_held(self, ids: Iterable[str]) -> None:
        """Take out of this gateway's part of the index all but these."""
        known = {row[0] for row in self.database.run("SELECT id FROM held WHERE gateway = ?", (self.gateway,))}
        self.unhold(known.difference(ids))

    def rebuild_held(self, summaries: Iterable[dict[str, Any]]) -> None:
        """Make this gateway's part of the index anew."""
        with self.database.transaction():
            self.database.run("DELETE FROM held WHERE gateway = ?", (self.gateway,))
        self.hold(summaries)


def open_history(settings: Settings, *, create: bool = False, wait_s: float = 5.0) -> HistoryStore:
    """Open the history of these settings. Raises HistoryUnavailable."""
    database = open_database(settings.history.url, create=create, wait_s=wait_s)
    try:
        names = Pseudonyms(_key(settings, database), settings.log.addresses == "hashed")
    except BaseException:
        database.close()
        raise
    return HistoryStore(database, settings.history.gateway or os.uname().nodename, names)


def _key(settings: Settings, database: Database) -> bytes:
    """The key of pseudonyms: the log's where it has a lasting one, else the database's own."""
    if settings.log.key_file is not None:
        try:
            return settings.log.key_file.read_bytes().strip()
        except OSError:
            pass  # `check` tells; a history with its own key is better than none
    with database.transaction():
        database.run("INSERT INTO meta VALUES (?, ?) ON CONFLICT DO NOTHING", (_KEY, secrets.token_hex(32)))
        return bytes.fromhex(str(database.run("SELECT value FROM meta WHERE name = ?", (_KEY,))[0][0]))


def _marks(values: Sequence[object]) -> str:
    return ", ".join("?" * len(values))
