"""`vitalgate quarantine`: what is held, why, and what becomes of it."""

import asyncio
import json
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import click

from gateway.cli.exits import FAILED, explained
from gateway.cli.options import config_option
from gateway.model.reply import Reply


@click.group()
def quarantine() -> None:
    """Held messages: list, show, release, delete, expire.

    \b
      vitalgate quarantine list
      vitalgate quarantine show ID
      vitalgate quarantine release ID
    """


@contextmanager
def _faults() -> Iterator[None]:
    from gateway.quarantine.entry import BrokenEntry
    from gateway.quarantine.keys import KeyLost
    from gateway.quarantine.store import NoSuchEntry

    try:
        yield
    except (BrokenEntry, KeyLost, NoSuchEntry) as error:
        click.echo(f"vitalgate: {error}", err=True)
        raise SystemExit(FAILED) from None


def _settings(config: Path) -> Any:
    from gateway.settings.load import load_settings

    with explained():
        return load_settings(config)


def _store(config: Path) -> Any:
    from gateway.quarantine.store import Store

    return Store(_settings(config).quarantine)


@quarantine.command("list")
@config_option
@click.option("--json", "as_json", is_flag=True, help="One JSON array of objects.")
def list_entries(config: Path, as_json: bool) -> None:
    """Show every held message, oldest first."""
    from gateway.quarantine.entry import BrokenEntry
    from gateway.quarantine.store import summary

    headers = _store(config).headers()
    good = [summary(header) for header in headers if not isinstance(header, BrokenEntry)]
    if as_json:
        click.echo(json.dumps(good, ensure_ascii=False))
    else:
        for entry in good:
            click.echo(
                f"{entry['id']}  {entry['received_at'][:16]}  {entry['score']:>5g}  "
                f"<{entry['mail_from']}> -> {', '.join(entry['recipients'])}"
            )
            for reason in entry["reasons"][:2]:
                click.echo(f"    {reason}")
        if not headers:
            click.echo("Nothing is held.")
    broken = [header for header in headers if isinstance(header, BrokenEntry)]
    for fault in broken:
        click.echo(f"vitalgate: {fault}", err=True)
    if broken:
        raise SystemExit(FAILED)


@quarantine.command()
@config_option
@click.option("--raw", is_flag=True, help="Write the received bytes, unchanged, to standard output.")
@click.argument("entry_id", metavar="ID")
def show(config: Path, raw: bool, entry_id: str) -> None:
    """Show one held message: envelope, verdict and reasons; its text is never rendered."""
    store = _store(config)
    with _faults():
        if raw:
            sys.stdout.buffer.write(store.message(entry_id))
            return
        header = store.header(entry_id)
    verdict = header.verdict
    click.echo(f"Message    {header.id}, {header.size} bytes, received {header.received_at:%Y-%m-%d %H:%M:%S %Z}")
    click.echo(f"From       <{header.mail_from.decode('utf-8', 'replace')}> by {header.client or 'unknown client'}")
    for path, _parameters in header.recipients:
        click.echo(f"To         <{path.decode('utf-8', 'replace')}>")
    click.echo(f"Verdict    {verdict.get('action')}, score {verdict.get('score', 0):g}")
    for reason in verdict.get("reasons", []):
        click.echo(f"  {reason}")
    for hit in verdict.get("hits", []):
        click.echo(f"  {hit['points']:+g}  {hit['rule']} ({hit['mode']})")


@quarantine.command()
@config_option
@click.argument("entry_id", metavar="ID")
def release(config: Path, entry_id: str) -> None:
    """Deliver a held message to its recipients, as it was received, and take it out of the quarantine."""
    settings = _settings(config)
    from gateway.quarantine.store import Store

    store = Store(settings.quarantine)
    with _faults():
        prepared = store.release(entry_id)
    reply = asyncio.run(_deliver(settings, prepared))
    click.echo(f"{entry_id}: {reply}")
    if not reply.positive:
        raise SystemExit(FAILED)
    with _faults():
        store.remove(entry_id)


async def _deliver(settings: Any, prepared: Any) -> Reply:
    from gateway.daemon.scanner import Quiet
    from gateway.delivery.relay import NextHops

    hops = NextHops(
        next_hop=settings.next_hop,
        routes=settings.routes,
        hostname=settings.listen[0].hostname,
        observer=Quiet(),
    )
    try:
        body = memoryview(prepared.raw)
        outcome = await hops.deliver(prepared.envelope, prepared.envelope.recipients, prepared.marks, body)
    finally:
        await hops.close()
    return outcome.reply


@quarantine.command()
@config_option
@click.argument("entry_id", metavar="ID")
def delete(config: Path, entry_id: str) -> None:
    """Remove a held message for good."""
    with _faults():
        _store(config).remove(entry_id)
    click.echo(f"{entry_id}: deleted")


@quarantine.command()
@config_option
def expire(config: Path) -> None:
    """Destroy what is older than `quarantine.retention_days`: its keys first, then the files."""
    days, entries = _store(config).expire(datetime.now(UTC))
    click.echo(f"{days} day keys and {entries} entries destroyed")
