"""What the quarantine's commands share: settings, the person who acts, faults as lines and exit codes."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import click

from gateway.cli.exits import FAILED, UNAVAILABLE, explained

entry_id_argument = click.argument("entry_id", metavar="ID")
motive_option = click.option("--motive", metavar="TEXT", help="Why; it stands in the audit log.")


def load(config: Path) -> Any:
    """The settings, or lines on standard error and exit 78."""
    from gateway.settings.load import load_settings

    with explained():
        return load_settings(config)


def store_of(settings: Any) -> Any:
    """The held messages."""
    from gateway.quarantine.store import Store

    return Store(settings.quarantine)


def review_of(settings: Any) -> Any:
    """The acts of the person who runs this command."""
    from gateway.quarantine.review import Review

    return Review(settings.quarantine, actor(settings))


def actor(settings: Any) -> Any:
    """Who runs this command, by the kernel or by sudo."""
    from gateway.quarantine.audit import actor_now

    return actor_now(settings.quarantine.folder)


@contextmanager
def faults() -> Iterator[None]:
    """Turn what can go wrong with an entry into a line and an exit code."""
    from gateway.model.errors import Unavailable
    from gateway.quarantine.audit import BrokenChain
    from gateway.quarantine.entry import BrokenEntry
    from gateway.quarantine.keys import KeyLost
    from gateway.quarantine.review import NotNow
    from gateway.quarantine.store import Busy, NoSuchEntry

    try:
        yield
    except (BrokenEntry, KeyLost, NoSuchEntry, NotNow, BrokenChain) as error:
        click.echo(f"vitalgate: {error}", err=True)
        raise SystemExit(FAILED) from None
    except (Busy, Unavailable) as error:
        click.echo(f"vitalgate: {error}", err=True)
        raise SystemExit(UNAVAILABLE) from None
    except OSError as error:
        click.echo(f"vitalgate: {error.filename or 'the quarantine'}: {error.strerror}", err=True)
        raise SystemExit(UNAVAILABLE) from None
