"""The command line: one group, one file a command. Commands are imported when they are asked for."""

import importlib

import click

from gateway.model.version import __version__

_COMMANDS = {
    "serve": "gateway.cli.serve:serve",
    "check": "gateway.cli.check:check",
    "reload": "gateway.cli.reload:reload",
    "scan": "gateway.cli.scan:scan",
    "rules": "gateway.cli.rules:rules",
    "quarantine": "gateway.cli.quarantine:quarantine",
    "explain": "gateway.cli.explain:explain",
    "history": "gateway.cli.history:history",
    "replay": "gateway.cli.replay:replay",
    "demo": "gateway.cli.demo:demo",
}


class _LazyGroup(click.Group):
    def list_commands(self, ctx: click.Context) -> list[str]:
        return list(_COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        target = _COMMANDS.get(cmd_name)
        if target is None:
            return None
        module, _, name = target.partition(":")
        command: click.Command = getattr(importlib.import_module(module), name)
        return command


@click.group(cls=_LazyGroup, context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100})
@click.version_option(__version__, prog_name="vitalgate")
def cli() -> None:
    """Inline SMTP gateway: who really sent a message, what it asks for, then relay, tag, quarantine or refuse.

    \b
    Start here:
      vitalgate check --config vitalgate.yml    tell everything that is wrong with the settings
      vitalgate serve --config vitalgate.yml    run the gateway
      vitalgate scan  --config vitalgate.yml MESSAGE.eml    judge one message, and say why

    Exit codes: 0 done; 1 the thing asked about failed; 2 usage; 75 taken or missing for now; 78 the
    settings must be edited.
    """
