"""Options that several commands share."""

from pathlib import Path

import click

DEFAULT_CONFIG = Path("/etc/vitalgate/vitalgate.yml")

config_option = click.option(
    "--config",
    "config",
    type=click.Path(path_type=Path, dir_okay=False),
    default=DEFAULT_CONFIG,
    show_default=True,
    help="Settings file.",
)
