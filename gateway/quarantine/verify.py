"""Whether the quarantine is whole: every key opens, every entry gives what was received, the audit chain holds."""

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass

from gateway.quarantine.audit import AuditLog, BrokenChain
from gateway.quarantine.entry import BrokenEntry
from gateway.quarantine.keys import KeyLost
from gateway.quarantine.store import NoSuchEntry, Store
from gateway.settings.schema import QuarantineSettings


@dataclass(slots=True)
class Findings:
    """What was looked at, and every fault."""

    keys: int
    entries: int
    audit_lines: int
    problems: list[str]


def verify(settings: QuarantineSettings) -> Findings:
    """Read everything. Raises KeyLost when there is no master key at all."""
    store = Store(settings)
    master = store.keys.master()
    findings = Findings(0, 0, 0, [])
    for name in store.keys.names():
        findings.keys += 1
        try:
            store.keys.opened(name, master)
        except KeyLost as error:
            findings.problems.append(str(error))
    for entry_id in store.ids():
        findings.entries += 1
        findings.problems += _faults_of(store, entry_id)
    try:
        findings.audit_lines, _hash = AuditLog(settings.folder).head()
    except (BrokenChain, OSError) as error:
        findings.problems.append(f"audit.log: {error}")
    return findings


def _faults_of(store: Store, entry_id: str) -> Iterator[str]:
    try:
        header = store.header(entry_id)
        raw = store.message(entry_id)
    except NoSuchEntry:  # released or removed meanwhile
        return
    except (BrokenEntry, KeyLost) as error:
        yield f"{entry_id}: {error}"
        return
    if header.id != entry_id:
        yield f"{entry_id}: says that it is {header.id}"
    if len(raw) != header.size or hashlib.sha256(raw).hexdigest() != header.sha256:
        yield f"{entry_id}: its bytes are not those that were received"
