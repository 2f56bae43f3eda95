"""What we raise. Outcomes are values; an exception is for what its caller cannot judge."""

from typing import ClassVar

from gateway.model import reply as replies
from gateway.model.reply import Reply


class GatewayError(Exception):
    """Root of what we raise. `str(error)` is for the log and holds nothing of a mail; `reply` is for the client."""

    reply: ClassVar[Reply] = replies.LOCAL_PROBLEM


class NextHopUnreachable(GatewayError):
    """No connection to any address of the next hop."""

    reply = replies.NEXT_HOP_UNREACHABLE


class NextHopLost(GatewayError):
    """The next hop dropped, fell silent or spoke out of place."""

    reply = replies.NEXT_HOP_LOST


class QuarantineUnavailable(GatewayError):
    """The spool can't be written: disk full, read-only, no key."""

    reply = replies.NO_SPACE


class SettingsError(Exception):
    """Everything that is wrong with a file an administrator wrote, one `FILE:LINE: path: problem` a line."""

    def __init__(self, problems: list[str]) -> None:
        super().__init__("\n".join(problems))
        self.problems = problems


class Unavailable(Exception):
    """Something outside is taken or missing for now (port, mount, disk): exit 75."""
