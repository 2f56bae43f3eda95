"""`vitalgate reload`: check the settings, then let the running gateway take them over."""

import os
import signal
import time
import urllib.request
from pathlib import Path

import click

from gateway.cli.exits import FAILED, explained
from gateway.cli.options import config_option

WAIT_S = 30.0


@click.command()
@config_option
def reload(config: Path) -> None:
    """Check the settings and let the running gateway take them over, without refusing or losing mail.

    \b
      vitalgate reload --config /etc/vitalgate/vitalgate.yml

    Broken settings are told here and change nothing (exit code 78). 1: no gateway runs, or it refused.
    """
    from gateway.daemon.loaded import load_everything
    from gateway.daemon.pid_file import running_pid

    with explained():
        settings = load_everything(config).settings
    pid = running_pid(settings.quarantine)
    if pid is None:
        click.echo(
            f"vitalgate: no gateway runs on {settings.quarantine.folder}; start it with `vitalgate serve`", err=True
        )
        raise SystemExit(FAILED)
    before = _reloads(settings.metrics.address)
    try:
        os.kill(pid, signal.SIGHUP)
    except PermissionError:
        click.echo(f"vitalgate: process {pid} belongs to another user; use `systemctl reload vitalgate`", err=True)
        raise SystemExit(FAILED) from None
    if before is None:
        click.echo(f"SIGHUP sent to {pid}; its log says how it went.")
        return
    limit = time.monotonic() + WAIT_S
    while time.monotonic() < limit:
        now = _reloads(settings.metrics.address)
        if now is not None and now[1] > before[1]:
            click.echo("vitalgate: the gateway refused the settings; its log (event reload_failed) says why", err=True)
            raise SystemExit(FAILED)
        if now is not None and now[0] > before[0]:
            click.echo("Reloaded.")
            return
        time.sleep(0.1)
    click.echo("vitalgate: the gateway did not say how the reload went; look at its log", err=True)
    raise SystemExit(FAILED)


def _reloads(address: str | None) -> tuple[float, float] | None:
    """How many reloads succeeded and failed so far; None when the endpoint can't be asked."""
    if address is None:
        return None
    try:
        with urllib.request.urlopen(f"http://{address}/metrics", timeout=5) as answer:
            page = answer.read().decode()
    except OSError:
        return None
    counts = {"ok": 0.0, "failed": 0.0}
    for result in counts:
        for line in page.splitlines():
            if line.startswith(f'vitalgate_reloads_total{{result="{result}"}} '):
                counts[result] = float(line.rpartition(" ")[2])
    return counts["ok"], counts["failed"]
