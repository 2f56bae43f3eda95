"""`vitalgate serve`: the gateway."""

import os
from pathlib import Path

import click

from gateway.cli.exits import explained
from gateway.cli.options import config_option


@click.command()
@config_option
def serve(config: Path) -> None:
    """Run the gateway in the foreground until SIGTERM; SIGHUP reloads the settings.

    \b
      vitalgate serve --config /etc/vitalgate/vitalgate.yml

    The log is one JSON object a line on standard error. Exit code 78: the settings must be edited (run
    `vitalgate check`); 75: a port, mount or disk is not to be had for now.
    """
    from gateway.daemon.loaded import load_everything
    from gateway.daemon.supervisor import Supervisor
    from gateway.observe.log import Log, adopt_library_logs
    from gateway.quarantine.keys import KeyLost

    with explained():
        loaded = load_everything(config)
        loaded.reader.warm_up()
        settings = loaded.settings.log
        key = settings.key_file.read_bytes().strip() if settings.key_file else os.urandom(32)
        log = Log(level=settings.level, addresses=settings.addresses, key=key)
        adopt_library_logs(log)
        if os.geteuid() == 0:
            log.event("running_as_root", "warning")
        try:
            code = Supervisor(loaded, log, dict(os.environ)).run()
        except KeyLost as error:
            click.echo(f"vitalgate: {error}", err=True)
            raise SystemExit(78) from None
    raise SystemExit(code)
