"""The day's keys, made in a process that ends: the master key never stands in the memory that workers inherit."""

import json
import os
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime

from gateway.model.errors import Unavailable
from gateway.quarantine.keys import DayKeys, KeyLost
from gateway.settings.schema import QuarantineSettings


@dataclass(frozen=True, slots=True, kw_only=True)
class MadeKeys:
    """What the supervisor needs of it."""

    master_made: bool
    release_key: bytes


def make_keys_apart(settings: QuarantineSettings) -> MadeKeys:
    """Make what is missing of the quarantine's keys. Raises Unavailable, KeyLost."""
    answer = _in_child(lambda: _make(settings))
    if fault := answer.get("lost"):
        raise KeyLost(str(fault))
    if fault := answer.get("unavailable"):
        raise Unavailable(str(fault))
    return MadeKeys(master_made=bool(answer["made"]), release_key=bytes.fromhex(str(answer["release_key"])))


def _make(settings: QuarantineSettings) -> dict[str, str | bool]:
    keys = DayKeys(settings)
    try:
        made = keys.make_master_if_missing()
        keys.make_pairs(datetime.now(UTC).date())
        return {"made": made, "release_key": keys.release_key().hex()}
    except KeyLost as error:
        return {"lost": str(error)}
    except Unavailable as error:
        return {"unavailable": str(error)}
    except OSError as error:
        return {"unavailable": f"{settings.folder}: {error.strerror}"}


def _in_child(act: Callable[[], dict[str, str | bool]]) -> dict[str, str | bool]:
    """The act's answer, from a child that is gone when we return. Raises Unavailable when none came."""
    try:
        reader, writer = os.pipe2(os.O_CLOEXEC)
        pid = os.fork()
    except OSError as error:
        raise Unavailable(f"no process for the quarantine's keys: {error.strerror}") from error
    if not pid:
        try:
            os.write(writer, json.dumps(act()).encode())
        finally:
            os._exit(0)
    os.close(writer)
    try:
        data = b""
        while piece := os.read(reader, 65536):
            data += piece
    finally:
        os.close(reader)
        os.waitpid(pid, 0)
    if not data:
        raise Unavailable("the process that makes the quarantine's keys ended without a word")
    answer: dict[str, str | bool] = json.loads(data)
    return answer
