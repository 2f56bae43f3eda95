"""`vitalgate quarantine expire | rotate-key | verify | audit | digest | index`: what keeps the quarantine in order."""

import asyncio
import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import click

from gateway.cli.exits import BAD_SETTINGS, FAILED, UNAVAILABLE
from gateway.cli.options import config_option
from gateway.cli.quarantine_common import actor, faults, load, store_of


@click.command()
@config_option
def expire(config: Path) -> None:
    """Destroy what is past its retention: keys first, then held messages; history rows too.

    \b
      vitalgate quarantine expire        (vitalgate-expire.timer runs it every night)

    It also clears up what crashes left. Days are those of `quarantine.retention_days` and `history.retention_days`.
    """
    from gateway.cli.history import expire_history
    from gateway.quarantine.retention import expire as expire_quarantine
    from gateway.quarantine.rotation import clear_up

    settings = load(config)
    now = datetime.now(UTC)
    with faults():
        clear_up(store_of(settings).keys)
        done = expire_quarantine(settings.quarantine, now, actor(settings))
    click.echo(f"{done.days} day keys and {done.entries} entries destroyed, {done.pending} remnants of crashes removed")
    expire_history(settings, now, absent_is_fine=True)


@click.command("rotate-key")
@config_option
@click.option(
    "--new-key",
    type=click.Path(path_type=Path, dir_okay=False),
    help="Seal everything to the key in this file too; you put it in place.",
)
@click.option("--finish", "finishing", is_flag=True, help="The new key is in place: leave the old one behind.")
def rotate_key(config: Path, new_key: Path | None, finishing: bool) -> None:
    """Change the master key. At each step, however it ends, one of the two keys opens everything.

    \b
    Where the key lies in the quarantine's folder:
      vitalgate quarantine rotate-key
    Where you keep it (quarantine.key_file, systemd's LoadCredential):
      openssl rand -hex 32 > /etc/vitalgate/quarantine.key.new
      vitalgate quarantine rotate-key --new-key /etc/vitalgate/quarantine.key.new
      mv /etc/vitalgate/quarantine.key.new /etc/vitalgate/quarantine.key && systemctl restart vitalgate
      vitalgate quarantine rotate-key --finish

    Between the last steps there may be up to 13 days. Copies of the old key open old backups: destroy them.
    """
    from gateway.quarantine import rotation
    from gateway.quarantine.audit import AuditLog

    settings = load(config)
    keys = store_of(settings).keys
    if new_key and finishing:
        raise click.UsageError("--new-key comes first, --finish after the new key is in place")
    if not new_key and not finishing and settings.quarantine.key_file is not None:
        raise click.UsageError("quarantine.key_file is yours to replace: see the steps with --new-key in --help")
    step = "prepare" if new_key else "finish" if finishing else "rotate"
    with faults():
        AuditLog(settings.quarantine.folder).add(actor(settings), "rotate_key", step=step)
        if new_key:
            count = rotation.prepare(keys, new_key)
            click.echo(f"{count} keys are sealed to both. Put {new_key} in place of {keys.master_file}, then --finish.")
        elif finishing:
            count = rotation.finish(keys)
            click.echo(f"{count} keys are sealed to {keys.master_file} alone.")
        else:
            count = rotation.rotate(keys)
            click.echo(f"{count} keys are sealed to the new {keys.master_file}.")


@click.command()
@config_option
def verify(config: Path) -> None:
    """Read everything: each key opens, each entry gives what was received, the audit chain is whole.

    \b
      vitalgate quarantine verify || mail -s "quarantine is damaged" admin

    Each fault is a line on standard error; exit code 1 when there is one.
    """
    from gateway.quarantine.verify import verify as verify_quarantine

    with faults():
        findings = verify_quarantine(load(config).quarantine)
    for problem in findings.problems:
        click.echo(f"vitalgate: {problem}", err=True)
    click.echo(f"{findings.entries} entries, {findings.keys} keys, {findings.audit_lines} audit lines read")
    if findings.problems:
        raise SystemExit(FAILED)


@click.group()
def audit() -> None:
    """Who looked at, released, approved, deleted what.

    \b
      vitalgate quarantine audit show
      vitalgate quarantine audit verify
    """


@audit.command("show")
@config_option
@click.option("--id", "entry_id", default="", help="Only what was done with this entry.")
def audit_show(config: Path, entry_id: str) -> None:
    """Print the audit log, one JSON object a line.

    \b
      vitalgate quarantine audit show --id 1d8m0q3vnk2f7xw6ab
    """
    from gateway.quarantine.audit import AuditLog

    with faults():
        for line in AuditLog(load(config).quarantine.folder).lines():
            if not entry_id or line.get("id") == entry_id:
                click.echo(json.dumps(line, ensure_ascii=True))


@audit.command("verify")
@config_option
@click.option("--file", type=click.Path(path_type=Path, exists=True), help="A copy of the audit log, anywhere.")
@click.option("--head", default="", metavar="HASH", help="A hash noted earlier: it must be in the chain.")
def audit_verify(config: Path, file: Path | None, head: str) -> None:
    """Check the chain of hashes; needs no key, and no settings when --file is given.

    \b
      vitalgate quarantine audit verify
      vitalgate quarantine audit verify --file /backup/audit.log --head 5f0c...  (from a digest mail)

    Exit code 1 when a line was changed, put in or taken out.
    """
    from gateway.quarantine.audit import AuditLog, BrokenChain, check_chain

    path = file or AuditLog(load(config).quarantine.folder).file
    count, last, seen = 0, "", not head
    with faults():
        for line in check_chain(path):
            count, last = count + 1, line["hash"]
            seen = seen or last == head.lower()
        if not seen:
            raise BrokenChain("the noted hash is not in the chain: lines were removed, or it is another log's")
    click.echo(f"{count} lines, whole. Last hash: {last or 'none'}")


@click.group()
def index() -> None:
    """The index of held messages: derived, only for speed.

    \b
      vitalgate quarantine index rebuild
    """


@index.command()
@config_option
def rebuild(config: Path) -> None:
    """Make the index anew from the spool; `quarantine list` is right with or without it.

    \b
      vitalgate quarantine index rebuild
    """
    from gateway.cli.history import opened
    from gateway.quarantine.entry import BrokenEntry
    from gateway.quarantine.store import summary

    settings = load(config)
    if settings.log.addresses == "hashed":
        click.echo("Nothing to do: with `log.addresses: hashed` no addresses are kept outside the sealed entries.")
        return
    with faults():
        headers = store_of(settings).headers()
    good = [summary(header) for header in headers if not isinstance(header, BrokenEntry)]
    with opened(settings, create=True) as history:
        history.rebuild_held(good)
    for header in headers:
        if isinstance(header, BrokenEntry):
            click.echo(f"vitalgate: {header}", err=True)
    click.echo(f"{len(good)} entries in the index")
    if len(good) < len(headers):
        raise SystemExit(FAILED)


@click.command()
@config_option
@click.option("--only-new", is_flag=True, help="Send nothing when nothing was held since the last digest.")
@click.option("--print", "printing", is_flag=True, help="Print the mail instead of sending it.")
def digest(config: Path, only_new: bool, printing: bool) -> None:
    """Mail the reviewers (quarantine.reviewers), in French: what is held, for whom, why, how long.

    \b
      vitalgate quarantine digest --print
      vitalgate quarantine digest --only-new       (vitalgate-digest.timer runs it through the day)

    Nothing is sent when nothing is held. Exit code 78 when nobody is named (with --only-new just a line), 75 when the
    next hop does not take it: try again.
    """
    from gateway.cli.quarantine_digest import made, remember, send

    settings = load(config)
    reviewers = settings.quarantine.reviewers
    if not reviewers and not printing:
        click.echo("vitalgate: quarantine.reviewers is empty: nobody is told what is held", err=True)
        if only_new:  # the timer runs from the first day on: a unit that fails daily teaches to look away
            return
        raise SystemExit(BAD_SETTINGS)
    with faults():
        summary_mail = made(settings)
    told: Any = summary_mail.digest
    if (not told.entries and not told.unreadable) or (only_new and not told.new and not told.waiting):
        click.echo("Nothing to tell.")
        return
    if printing:
        click.echo(summary_mail.raw.decode())
        return
    reply = asyncio.run(send(settings, summary_mail.raw))
    if not reply.positive:
        click.echo(f"vitalgate: the next hop answered: {reply}", err=True)
        raise SystemExit(UNAVAILABLE)
    with faults():
        remember(settings, told)
    click.echo(f"Sent to {', '.join(reviewers)}: {len(told.entries)} held, {len(told.new)} new")
