"""`vitalgate check`: everything `serve` would refuse, all at once."""

from pathlib import Path

import click

from gateway.cli.exits import explained
from gateway.cli.options import config_option


@click.command()
@config_option
def check(config: Path) -> None:
    """Tell everything that is wrong with the settings, rules, lists and keys; nothing is started.

    \b
    Each fault is one line: FILE:LINE: path: problem. Exit code 78 when there is one.
      vitalgate check --config /etc/vitalgate/vitalgate.yml
    """
    from gateway.daemon.loaded import load_everything

    with explained():
        loaded = load_everything(config)
    settings = loaded.settings
    click.echo(f"{config}: good. {len(loaded.rulebook.rules)} rules, mode {settings.policy.mode}.")
    if not settings.relay_domains:
        click.echo("Note: relay_domains is empty, so every recipient is refused.")
