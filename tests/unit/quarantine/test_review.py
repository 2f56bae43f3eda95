"""Releasing, asking, approving, deleting: once, by whom it may be, and written down."""

import asyncio
import json
from collections.abc import Hashable
from datetime import UTC, datetime, timedelta
from pathlib import Path as FilePath

import pytest

from gateway.model.reply import OK, Reply
from gateway.quarantine.audit import Actor, AuditLog
from gateway.quarantine.progress import Progress, ProgressBook, Stage
from gateway.quarantine.retention import expire
from gateway.quarantine.review import Delivery, NotNow, Release, Review
from gateway.quarantine.store import Busy, EntryFilter, NoSuchEntry, Store, summary
from gateway.quarantine.verify import verify
from gateway.settings.schema import QuarantineSettings
from tests.held_mail import RAW, held_message, hold, quarantine_in

ANNE, PAUL = Actor(uid=1001), Actor(uid=1002)
BUSY = Reply(451, "4.3.0", "a@m.example is busy")
NO = Reply(550, "5.1.1", "no such user")
APPROVAL = [{"rule": "rib", "family": "rib", "points": 8, "mode": "enforce", "needs_approval": True}]


class Courier:
    """Delivers as told, and remembers."""

    def __init__(self, *answers: Delivery) -> None:
        self.answers = list(answers)
        self.sent: list[tuple[bytes, ...]] = []

    async def __call__(self, release: Release) -> Delivery:
        self.sent.append(tuple(path for path, _ in release.recipients))
        assert release.raw == RAW
        return self.answers.pop(0) if self.answers else Delivery(reply=OK)


def one_way(path: bytes) -> Hashable:
    return 0


def release(
    settings: QuarantineSettings,
    entry_id: str,
    courier: Courier,
    actor: Actor = ANNE,
    *,
    again: bool = False,
    only: str = "",
) -> list[Delivery]:
    review = Review(settings, actor)
    wanted = frozenset({only.encode()} if only else ())
    return asyncio.run(review.release(entry_id, courier, way_of=one_way, again=again, only=wanted))


def actions(settings: QuarantineSettings) -> list[str]:
    return [line["action"] for line in AuditLog(settings.folder).lines()]


def test_a_release_happens_once(tmp_path: FilePath) -> None:
    settings = quarantine_in(tmp_path)
    entry_id = hold(settings)
    courier = Courier()
    assert release(settings, entry_id, courier)[0].reply is OK
    with pytest.raises(NoSuchEntry, match=r"was released at .*250 2.0.0 Ok"):
        release(settings, entry_id, courier)
    assert courier.sent == [(b"a@m.example",)]
    assert Store(settings).ids() == []
    assert actions(settings) == ["release", "delivery"]


def test_a_refused_release_may_be_tried_again(tmp_path: FilePath) -> None:
    settings = quarantine_in(tmp_path)
    entry_id = hold(settings)
    courier = Courier(Delivery(reply=BUSY), Delivery(reply=NO))
    release(settings, entry_id, courier)
    assert Store(settings).book.read(entry_id).reply == "451 4.3.0", "the text may quote an address"
    release(settings, entry_id, courier)
    assert Store(settings).ids() == [entry_id]
    release(settings, entry_id, courier)
    assert Store(settings).ids() == []
    assert "a@m.example" not in (settings.folder / "audit.log").read_text()


def test_an_answer_that_never_came_asks_for_again(tmp_path: FilePath) -> None:
    settings = quarantine_in(tmp_path)
    entry_id = hold(settings)
    courier = Courier(Delivery(reply=BUSY, sure=False))
    release(settings, entry_id, courier)
    with pytest.raises(NotNow, match="may have gone through"):
        release(settings, entry_id, courier)
    assert len(courier.sent) == 1
    release(settings, entry_id, courier, again=True)
    assert len(courier.sent) == 2


def test_a_record_that_cannot_be_read_counts_as_unknown(tmp_path: FilePath) -> None:
    settings = quarantine_in(tmp_path)
    entry_id = hold(settings)
    (settings.folder / "releases").mkdir()
    (settings.folder / "releases" / entry_id).write_bytes(b"{")
    with pytest.raises(NotNow, match="--again"):
        release(settings, entry_id, Courier())


def test_each_recipient_gets_it_once_each_way_apart(tmp_path: FilePath) -> None:
    settings = quarantine_in(tmp_path)
    entry_id = hold(settings, held_message("a@m.example", "b@n.example", "c@m.example"))
    courier = Courier(Delivery(reply=OK), Delivery(reply=BUSY))

    def by_domain(path: bytes) -> Hashable:
        return path.partition(b"@")[2]

    def go() -> None:
        asyncio.run(Review(settings, ANNE).release(entry_id, courier, way_of=by_domain))

    go()
    assert Store(settings).book.read(entry_id).stage is Stage.PARTLY
    assert Store(settings).ids() == [entry_id]
    go()
    assert courier.sent == [(b"a@m.example", b"c@m.example"), (b"b@n.example",), (b"b@n.example",)]
    assert Store(settings).ids() == []


def test_only_some_recipients(tmp_path: FilePath) -> None:
    settings = quarantine_in(tmp_path)
    entry_id = hold(settings, held_message("a@m.example", "b@m.example"))
    courier = Courier()
    release(settings, entry_id, courier, only="b@m.example")
    with pytest.raises(NotNow, match="have it already"):
        release(settings, entry_id, courier, only="b@m.example")
    release(settings, entry_id, courier)
    assert courier.sent == [(b"b@m.example",), (b"a@m.example",)]


def test_who_asks_cannot_approve(tmp_path: FilePath) -> None:
    settings = quarantine_in(tmp_path)
    entry_id = hold(settings, held_message(hits=APPROVAL))
    courier = Courier()
    with pytest.raises(NotNow, match="second person"):
        release(settings, entry_id, courier)
    with pytest.raises(NotNow, match="nobody asks"):
        Review(settings, PAUL).approve(entry_id, None)
    Review(settings, ANNE).request(entry_id, "the invoice is real")
    with pytest.raises(NotNow, match="another person"):
        Review(settings, ANNE).approve(entry_id, None)
    with pytest.raises(NotNow, match="second person"):
        release(settings, entry_id, courier)
    Review(settings, PAUL).approve(entry_id, None)
    with pytest.raises(NotNow, match="nobody asks"):
        Review(settings, PAUL).approve(entry_id, None)
    release(settings, entry_id, courier, PAUL)
    assert courier.sent == [(b"a@m.example",)]
    lines = list(AuditLog(settings.folder).lines())
    assert [(line["action"], line["uid"]) for line in lines] == [
        ("request", 1001),
        ("approve_refused", 1001),
        ("approve", 1002),
        ("release", 1002),
        ("delivery", 1002),
    ]
    assert lines[2]["requested_by"] == 1001


def test_a_new_request_takes_an_approval_back(tmp_path: FilePath) -> None:
    settings = quarantine_in(tmp_path)
    entry_id = hold(settings, held_message(hits=APPROVAL))
    Review(settings, ANNE).request(entry_id, None)
    Review(settings, PAUL).approve(entry_id, None)
    Review(settings, PAUL).request(entry_id, None)
    with pytest.raises(NotNow, match="another person"):
        Review(settings, PAUL).approve(entry_id, None)
    with pytest.raises(NotNow, match="second person"):
        release(settings, entry_id, Courier())


def test_two_at_the_same_entry_do_not_meet(tmp_path: FilePath) -> None:
    settings = quarantine_in(tmp_path)
    entry_id = hold(settings)
    with Store(settings).alone_with(entry_id):
        for act in (
            lambda: release(settings, entry_id, Courier()),
            lambda: Review(settings, PAUL).delete(entry_id, None),
        ):
            with pytest.raises(Busy):
                act()
    Review(settings, PAUL).delete(entry_id, "a lure")
    with pytest.raises(NoSuchEntry):
        release(settings, entry_id, Courier())
    assert actions(settings) == ["delete"]


def test_nothing_is_looked_at_unwritten(tmp_path: FilePath) -> None:
    settings = quarantine_in(tmp_path)
    entry_id = hold(settings)
    Review(settings, ANNE).look(entry_id, "text", "ticket 4711")
    (line,) = AuditLog(settings.folder).lines()
    assert (line["action"], line["what"], line["motive"], line["id"]) == ("view", "text", "ticket 4711", entry_id)


def test_verify_finds_what_is_damaged(tmp_path: FilePath) -> None:
    settings = quarantine_in(tmp_path)
    good, bad, swapped = hold(settings), hold(settings), hold(settings)
    assert verify(settings).problems == []
    entries = settings.folder / "entries"
    (entries / bad).write_bytes((entries / bad).read_bytes()[:-1] + b"\0")
    (entries / swapped).write_bytes((entries / good).read_bytes())
    Review(settings, ANNE).look(good, "envelope", None)
    log = settings.folder / "audit.log"
    log.write_text(log.read_text().replace("1001", "1002"))
    (settings.folder / "keys" / "release.key").write_bytes(b"x" * 60)
    problems = "\n".join(verify(settings).problems)
    for expected in (bad, swapped, "audit.log: line 1: was changed", "release"):
        assert expected in problems
    assert good not in problems


def test_records_of_releases_are_forgotten_with_their_marks(tmp_path: FilePath) -> None:
    settings = quarantine_in(tmp_path, retention_days=5)
    old = datetime.now(UTC) - timedelta(days=20)
    message = held_message(moment=old)
    book = ProgressBook(settings.folder)
    book.write(Progress(id=message.submission.id).step(Stage.RELEASED))
    kept = held_message().submission.id
    book.write(Progress(id=kept).step(Stage.RELEASED))
    folder = settings.folder / "released"
    folder.mkdir()
    for name in (f"{message.submission.id}-{'0' * 64}", f"{kept}-{'0' * 64}", "strange"):
        (folder / name).touch()
    expire(settings, datetime.now(UTC), ANNE)
    assert [progress.id for progress in book.all()] == [kept]
    assert sorted(file.name for file in folder.iterdir()) == sorted([f"{kept}-{'0' * 64}", "strange"])


@pytest.mark.parametrize(
    ("wanted", "expected"),
    [
        (EntryFilter(), True),
        (EntryFilter(since=datetime(2026, 1, 1, tzinfo=UTC)), True),
        (EntryFilter(since=datetime(2126, 1, 1, tzinfo=UTC)), False),
        (EntryFilter(rule="rib"), True),
        (EntryFilter(rule="ri"), False),
        (EntryFilter(family="rib"), True),
        (EntryFilter(family="x"), False),
        (EntryFilter(recipient="A@M.example"), True),
        (EntryFilter(recipient="m.example"), True),
        (EntryFilter(recipient="@m.example"), True),
        (EntryFilter(recipient="example"), False),
        (EntryFilter(recipient="b@m.example"), False),
        (EntryFilter(sender_domain="lure.example"), True),
        (EntryFilter(sender_domain="EXAMPLE"), True),
        (EntryFilter(sender_domain="ure.example"), False),
        (EntryFilter(sender_domain="author.example"), True),
        (EntryFilter(score=9), True),
        (EntryFilter(score=9.5), False),
        (EntryFilter(score=9, rule="x"), False),
    ],
)
def test_filters(tmp_path: FilePath, wanted: EntryFilter, expected: bool) -> None:
    settings = quarantine_in(tmp_path)
    authentication = {"dmarc": {"domain": "author.example"}}
    entry_id = hold(settings, held_message(hits=APPROVAL, authentication=authentication))
    entry = summary(Store(settings).header(entry_id))
    assert wanted.wants(json.loads(json.dumps(entry))) is expected
