"""What we lean on in aiosmtpd: when one of these changes, the pin has moved, and the room must be read again."""

import asyncio
import inspect
from importlib.metadata import version

from aiosmtpd.smtp import SMTP

from gateway.intake.connection import Connection
from gateway.intake.session import Session


def test_the_version() -> None:
    assert version("aiosmtpd") == "1.4.6"


def test_everything_hostile_is_overridden() -> None:
    ours = {"connection_made", "connection_lost", "data_received", "eof_received", "pause_writing", "resume_writing"}
    for name in ours | {"handle_exception"}:
        assert getattr(Session, name) is not getattr(SMTP, name), name
    # Its command loop is started by its own connection_made only.
    source = inspect.getsource(SMTP)
    assert source.count("_handle_client()") - source.count("during _handle_client()") == 1
    assert "self._handle_client())" in inspect.getsource(SMTP.connection_made)


def test_no_verb_and_no_hook_of_its_is_found() -> None:
    async def build() -> Connection:
        return Connection(asyncio.get_running_loop(), "gateway.example")

    connection = asyncio.run(build())
    assert connection._smtp_methods == {}
    assert connection._auth_methods == {}
    assert connection.hostname == "gateway.example"
    assert connection.loop is not None
