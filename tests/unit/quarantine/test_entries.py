"""Entries: sealed, bound to their id and day, durable step by step."""

import asyncio
import hashlib
from datetime import UTC, datetime, timedelta
from pathlib import Path as FilePath

import pytest

from gateway.model.address import Mailbox, Path
from gateway.model.domain import DomainName
from gateway.model.envelope import Client, Envelope, Recipient, Submission
from gateway.model.errors import QuarantineUnavailable
from gateway.model.identifiers import new_message_id
from gateway.model.ports import HeldMessage
from gateway.parsing.mime_tree import parse_message
from gateway.quarantine.audit import Actor
from gateway.quarantine.entry import BrokenEntry, open_message
from gateway.quarantine.keys import DayKeys, KeyLost
from gateway.quarantine.released import ReleaseMarks, release_mark
from gateway.quarantine.retention import expire
from gateway.quarantine.spool import Spool
from gateway.quarantine.store import NoSuchEntry, Store
from gateway.settings.schema import QuarantineSettings

RAW = b"Subject: secret words\r\n\r\n" + bytes(range(256)) * 20
TODAY = datetime.now(UTC).date()


def settings_in(folder: FilePath, **more: int) -> QuarantineSettings:
    settings = QuarantineSettings.model_validate({"folder": str(folder / "q"), "minimum_free_bytes": 0, **more})
    keys = DayKeys(settings)
    keys.make_master_if_missing()
    keys.make_pairs(TODAY)
    return settings


def held(raw: bytes = RAW) -> HeldMessage:
    recipient = Recipient(
        path=Path(b"a@m.example", Mailbox("a", DomainName("m.example"))), parameters=(b"NOTIFY=NEVER",)
    )
    return HeldMessage(
        submission=Submission(
            id=new_message_id(datetime.now(UTC)),
            envelope=Envelope(client=Client(address=None), recipients=(recipient,)),
            raw=raw,
            received_at=datetime.now(UTC),
        ),
        recipients=(recipient,),
        verdict={"score": 9, "hits": [], "reasons": ["Parce que."]},
    )


def hold(settings: QuarantineSettings, message: HeldMessage) -> str:
    async def both() -> None:
        entry = await Spool(settings).prepare(message)
        await entry.commit()

    asyncio.run(both())
    return message.submission.id


def test_an_entry_gives_back_what_was_received(tmp_path: FilePath) -> None:
    settings = settings_in(tmp_path)
    entry_id = hold(settings, held())
    store = Store(settings)
    header = store.header(entry_id)
    assert store.message(entry_id) == RAW
    assert header.recipients == ((b"a@m.example", (b"NOTIFY=NEVER",)),)
    assert header.verdict["score"] == 9
    file = settings.folder / "entries" / entry_id
    assert b"secret" not in file.read_bytes()
    assert file.stat().st_mode & 0o777 == 0o600
    assert settings.folder.stat().st_mode & 0o777 == 0o700


def test_a_pending_entry_does_not_count_until_committed(tmp_path: FilePath) -> None:
    settings = settings_in(tmp_path)
    spool = Spool(settings)
    entry = asyncio.run(spool.prepare(held()))
    assert spool.ids() == []
    asyncio.run(entry.withdraw())
    assert list(spool.pending.iterdir()) == []


def test_parts_of_two_entries_cannot_be_put_together(tmp_path: FilePath) -> None:
    settings = settings_in(tmp_path)
    first, second = hold(settings, held(RAW)), hold(settings, held(b"other"))
    folder = settings.folder / "entries"
    data = (folder / first).read_bytes()
    with pytest.raises(BrokenEntry):
        open_message(data, second, DayKeys(settings).private(TODAY))
    for position in (0, 10, 20, 40, len(data) // 2, len(data) - 1):
        damaged = bytearray(data)
        damaged[position] ^= 1
        (folder / first).write_bytes(damaged)
        with pytest.raises((BrokenEntry, KeyLost)):
            read_all(Store(settings), first)


def read_all(store: Store, entry_id: str) -> None:
    store.header(entry_id)
    store.message(entry_id)


@pytest.mark.parametrize("bad", ["../keys/x", "a" * 18 + "/", "", "..", "A" * 18])
def test_an_id_is_never_a_path(tmp_path: FilePath, bad: str) -> None:
    with pytest.raises(NoSuchEntry):
        Store(settings_in(tmp_path)).message(bad)


def test_expiry_destroys_the_key_first(tmp_path: FilePath) -> None:
    settings = settings_in(tmp_path, retention_days=1)
    entry_id = hold(settings, held())
    copy = (settings.folder / "entries" / entry_id).read_bytes()
    store = Store(settings)
    assert expire(settings, datetime.now(UTC), Actor(uid=0)).entries == 0
    assert expire(settings, datetime.now(UTC) + timedelta(days=3), Actor(uid=0)).entries == 1
    (settings.folder / "entries" / entry_id).write_bytes(copy)
    with pytest.raises(KeyLost):
        store.message(entry_id)


def test_another_master_key_opens_nothing(tmp_path: FilePath) -> None:
    settings = settings_in(tmp_path)
    entry_id = hold(settings, held())
    (settings.folder / "master.key").write_text("another key of enough bytes")
    with pytest.raises(KeyLost, match="another master key"):
        Store(settings).message(entry_id)


def test_too_little_space_is_told(tmp_path: FilePath) -> None:
    settings = settings_in(tmp_path).model_copy(update={"minimum_free_bytes": 1 << 60})
    with pytest.raises(QuarantineUnavailable):
        asyncio.run(Spool(settings).prepare(held()))


def test_a_release_mark_counts_once_and_only_for_its_bytes(tmp_path: FilePath) -> None:
    settings = settings_in(tmp_path)
    message = held()
    key = DayKeys(settings).release_key()
    marks = ReleaseMarks(settings, key)
    mark = release_mark(key, message.submission.id, b"a@m.example", hashlib.sha256(RAW).hexdigest())
    back = b"Received: by front\r\n" + mark + RAW

    def arrives(raw: bytes, to: bytes = b"a@m.example") -> bool:
        envelope = Envelope(client=Client(address=None), recipients=(Recipient(path=Path(to, None)),))
        submission = Submission(id="0" * 18, envelope=envelope, raw=raw, received_at=datetime.now(UTC))
        parsed = parse_message(raw)
        known = asyncio.run(marks.is_ours(submission, parsed))
        if known:
            asyncio.run(marks.spend(submission, parsed))
        return known

    assert not arrives(back + b"x")
    assert not arrives(back, b"b@m.example")
    assert not arrives(RAW)
    assert arrives(back)
    assert not arrives(back)
