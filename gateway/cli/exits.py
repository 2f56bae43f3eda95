"""Exit codes, and how errors that an administrator can mend are shown."""

from collections.abc import Iterator
from contextlib import contextmanager

import click

from gateway.model.errors import SettingsError, Unavailable

FAILED = 1
USAGE = 2
UNAVAILABLE = 75  # EX_TEMPFAIL: taken or missing for now, systemd retries
BAD_SETTINGS = 78  # EX_CONFIG: only an editor of the settings can change it


@contextmanager
def explained() -> Iterator[None]:
    """Turn what an administrator can mend into lines on standard error and an exit code."""
    try:
        yield
    except SettingsError as error:
        for problem in error.problems:
            click.echo(problem, err=True)
        raise SystemExit(BAD_SETTINGS) from None
    except Unavailable as error:
        click.echo(f"vitalgate: {error}", err=True)
        raise SystemExit(UNAVAILABLE) from None
