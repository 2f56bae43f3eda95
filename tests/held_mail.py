"""Held messages for tests of the quarantine, and a child process that is killed at a chosen system call."""

import asyncio
import os
import signal
import traceback
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path as FilePath
from typing import Any

from gateway.model.address import Mailbox, Path
from gateway.model.domain import DomainName
from gateway.model.envelope import Client, Envelope, Recipient, Submission
from gateway.model.identifiers import new_message_id
from gateway.model.ports import HeldMessage
from gateway.quarantine.keys import DayKeys
from gateway.quarantine.spool import Spool
from gateway.settings.schema import QuarantineSettings

RAW = b"Subject: planted secret words\r\n\r\n" + bytes(range(256)) * 20


def quarantine_in(folder: FilePath, **more: Any) -> QuarantineSettings:
    """Settings of a quarantine with its keys of today."""
    settings = QuarantineSettings.model_validate({"folder": str(folder / "q"), "minimum_free_bytes": 0, **more})
    keys = DayKeys(settings)
    keys.make_master_if_missing()
    keys.make_pairs(datetime.now(UTC).date())
    return settings


def held_message(
    *to: str, raw: bytes = RAW, mail_from: str = "boss@lure.example", moment: datetime | None = None, **verdict: Any
) -> HeldMessage:
    """A message to be held for these recipients."""
    recipients = tuple(
        Recipient(
            path=Path(a.encode(), Mailbox(a.split("@")[0], DomainName(a.split("@")[1]))), parameters=(b"NOTIFY=NEVER",)
        )
        for a in to or ("a@m.example",)
    )
    local, _, domain = mail_from.partition("@")
    now = moment or datetime.now(UTC)
    return HeldMessage(
        submission=Submission(
            id=new_message_id(now),
            envelope=Envelope(
                client=Client(address=None),
                mail_from=Path(mail_from.encode(), Mailbox(local, DomainName(domain))),
                recipients=recipients,
            ),
            raw=raw,
            received_at=now,
        ),
        recipients=recipients,
        verdict={"action": "quarantine", "score": 9, "hits": [], "reasons": ["Parce que."], **verdict},
    )


def hold(settings: QuarantineSettings, message: HeldMessage | None = None) -> str:
    """Hold a message as a worker does: its id."""
    message = message or held_message()

    async def both() -> None:
        entry = await Spool(settings).prepare(message)
        await entry.commit()

    asyncio.run(both())
    return message.submission.id


_CALLS = ("open", "write", "fsync", "rename", "unlink", "link", "chmod", "mkdir", "ftruncate")


def killed_at(step: int, act: Callable[[], object]) -> bool:
    """Run `act` in a child that is killed with -9 before its `step`-th change of the file system; a write is cut in
    half. Whether it was killed (False: it came to its end before that)."""
    pid = os.fork()
    if pid == 0:
        try:
            _wire(step)
            act()
        except BaseException:
            traceback.print_exc()
            os._exit(3)
        os._exit(0)
    _pid, status = os.waitpid(pid, 0)
    if os.WIFSIGNALED(status):
        assert os.WTERMSIG(status) == signal.SIGKILL
        return True
    assert os.WEXITSTATUS(status) == 0, "the act failed in the child"
    return False


def _wire(step: int) -> None:
    left = [step]

    def wrapped(name: str, real: Callable[..., Any]) -> Callable[..., Any]:
        def call(*given: Any, **named: Any) -> Any:
            left[0] -= 1
            if left[0] == 0:
                if name == "write":
                    real(given[0], bytes(given[1])[: len(given[1]) // 2])
                os.kill(os.getpid(), signal.SIGKILL)
            return real(*given, **named)

        return call

    for name in _CALLS:
        setattr(os, name, wrapped(name, getattr(os, name)))


def every_kill(act: Callable[[], object], check: Callable[[], None], reset: Callable[[], None], most: int = 400) -> int:
    """Kill `act` at each of its steps in turn, each time from `reset`, and `check` what is left. How many steps."""
    for step in range(1, most):
        reset()
        if not killed_at(step, act):
            check()
            return step - 1
        check()
    raise AssertionError(f"more than {most} steps")
