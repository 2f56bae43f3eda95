"""Making the keys of the day in a process of its own, which ends at once.

The supervisor so never holds the master key: no worker forked from it has remnants of it, or of a private half, in its
memory.
"""

import json
import os
from dataclasses import dataclass
from datetime import date

from gateway.model.errors import Unavailable
from gateway.quarantine.keys import DayKeys, KeyLost
from gateway.settings.schema import QuarantineSettings

_MOST = 65_536


@dataclass(frozen=True, slots=True)
class MadeKeys:
    """What the supervisor needs of it."""

    master_made: bool
    release_key: bytes


def make_keys_apart(settings: QuarantineSettings, today: date) -> MadeKeys:
    """Make what is missing of the keys, in a child. Raises Unavailable, KeyLost."""
    reader, writer = os.pipe2(os.O_CLOEXEC)
    pid = os.fork()
    if pid == 0:
        try:
            os.write(writer, json.dumps(_make(settings, today)).encode())
        finally:
            os._exit(0)
    os.close(writer)
    try:
        answer = b""
        while piece := os.read(reader, _MOST):
            answer += piece
    finally:
        os.close(reader)
        os.waitpid(pid, 0)
    if not answer:
        raise Unavailable("the quarantine's keys could not be made")
    data = json.loads(answer)
    if "lost" in data:
        raise KeyLost(data["lost"])
    if "unavailable" in data:
        raise Unavailable(data["unavailable"])
    return MadeKeys(data["made"], bytes.fromhex(data["release_key"]))


def _make(settings: QuarantineSettings, today: date) -> dict[str, str | bool]:
    keys = DayKeys(settings)
    try:
        made = keys.make_master_if_missing()
        keys.make_pairs(today)
        return {"made": made, "release_key": keys.release_key().hex()}
    except KeyLost as error:
        return {"lost": str(error)}
    except Unavailable as error:
        return {"unavailable": str(error)}
