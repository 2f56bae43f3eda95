"""`vitalgate history`: what passed, to whom, and what was done with it."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import click

from gateway.cli.exits import FAILED, UNAVAILABLE
from gateway.cli.moments import MOMENT
from gateway.cli.options import config_option
from gateway.cli.quarantine_common import actor, faults, load, store_of
from gateway.model.plain_text import visible

_VERDICTS = ("relay", "tag", "quarantine", "reject", "defer")
_DISPOSITIONS = ("relay", "tag", "quarantine", "reject", "defer", "failed")


@contextmanager
def opened(settings: Any, *, create: bool = False) -> Iterator[Any]:
    """The history, or a line on standard error and an exit code."""
    from gateway.observe.history import open_history
    from gateway.observe.history_database import HistoryUnavailable

    try:
        store = open_history(settings, create=create)
        try:
            yield store
        finally:
            store.close()
    except HistoryUnavailable as error:
        click.echo(f"vitalgate: {error}", err=True)
        raise SystemExit(FAILED if error.cause == "absent" else UNAVAILABLE) from None


@click.group(invoke_without_command=True)
@config_option
@click.option("--since", type=MOMENT, help="Received since: 24h, 7d, 2026-11-25, 2026-11-25T08:00.")
@click.option("--until", type=MOMENT, help="Received before.")
@click.option("--disposition", type=click.Choice(_DISPOSITIONS), default=None, help="What was done.")
@click.option("--verdict", type=click.Choice(_VERDICTS), default=None, help="What was thought, whatever the mode.")
@click.option("--rule", default="", help="Hit by this rule.")
@click.option("--family", default="", help="Hit by a rule of this family.")
@click.option("--recipient", default="", help="To this address or domain.")
@click.option("--sender", default="", help="From this address, by envelope or author.")
@click.option("--domain", default="", help="From this domain, or with a link to it; those below it too.")
@click.option("--campaign", metavar="ID", help="Of the same campaign as this message: link hosts, author, rules.")
@click.option("--limit", type=click.IntRange(1, 100_000), default=100, show_default=True, help="At most so many.")
@click.option("--json", "as_json", is_flag=True, help="One JSON array of objects.")
@click.option("--person", metavar="ADDRESS", help="With --export or --erase: a person's rights on the history.")
@click.option("--export", is_flag=True, help="With --person: everything kept about this address, as JSON.")
@click.option("--erase", is_flag=True, help="With --person: take this address out of the history.")
@click.pass_context
def history(ctx: click.Context, /, config: Path, as_json: bool, **given: Any) -> None:
    """Show past messages, newest first.

    \b
      vitalgate history --since 24h --disposition quarantine
      vitalgate history --since 7d --disposition relay --verdict quarantine     watch mode: what would have been held
      vitalgate history --recipient claire@mutuelle.example --since 7d --json
      vitalgate history --campaign 1d8m0q3vnk2f7xw6ab         who else got this lure
      vitalgate history --person p.durand@example.org --export
      vitalgate history expire

    Exit code 1 when the message or person asked about is not in the history.
    """
    if ctx.invoked_subcommand:
        return
    person, export, erase, campaign = (given.pop(name) for name in ("person", "export", "erase", "campaign"))
    if bool(person) != (export or erase) or (export and erase):
        raise click.UsageError("--person goes with one of --export and --erase")
    settings = load(config)
    if person:
        (_erase if erase else _export)(settings, person)
        return
    found = _campaign(settings, campaign) if campaign else _find(settings, given)
    if as_json:
        click.echo(json.dumps(found, ensure_ascii=False))
        return
    for record in found:
        _print(record)
    if not found:
        click.echo("Nothing in the history is like that.")


def _find(settings: Any, given: dict[str, Any]) -> list[dict[str, Any]]:
    from gateway.observe.history_query import HistoryFilter, find

    wanted = replace(HistoryFilter(), **{name: value for name, value in given.items() if value is not None})
    with opened(settings) as store:
        return find(store, wanted)


def _campaign(settings: Any, message_id: str) -> list[dict[str, Any]]:
    from gateway.observe.history_query import by_id, campaign

    organisation = settings.organisation
    with opened(settings) as store:
        anchors = by_id(store, message_id)
        if not anchors:
            _absent(message_id)
        return campaign(store, anchors[0], (*organisation.domains, *organisation.services))


def _absent(what: str) -> None:
    click.echo(f"vitalgate: {visible(what)}: is not in the history", err=True)
    raise SystemExit(FAILED)


def _print(record: dict[str, Any]) -> None:
    recipients = [visible(r["address"]) or "(erased)" for r in record["recipients"]]
    shown = ", ".join(recipients[:3]) + (f" and {record['recipient_count'] - 3} more" if len(recipients) > 3 else "")
    sender = visible(record["author"] or record["mail_from"]) or "<>"
    rules = ", ".join(hit["rule"] for hit in record["hits"] if hit["mode"] == "enforce")
    thought = record.get("verdict") or record["disposition"]
    done = record["disposition"] + (f" ({thought})" if thought != record["disposition"] else "")
    click.echo(
        f"{record['received_at'][:19]}  {record['id']}  {done:<10}  {record['score']:>5g}  "
        f"{sender} -> {shown}{'  [' + rules + ']' if rules else ''}"
    )
    if record.get("shares"):
        click.echo(f"    shares: {visible(', '.join(record['shares']))}")


def _export(settings: Any, person: str) -> None:
    from gateway.cli.quarantine_index import summaries
    from gateway.observe.history_query import of_person
    from gateway.quarantine.audit import AuditLog

    with opened(settings) as store:
        found = of_person(store, person)
        pseudonym = store.spellings(person)[-1]
    with faults():
        AuditLog(settings.quarantine.folder).add(actor(settings), "person_export", person=pseudonym)
        entries, _broken = summaries(settings, store_of(settings))
    held = [
        {"id": e["id"], "received_at": e["received_at"], "reasons": e["reasons"]}
        for e in entries
        if person.lower() in (address.lower() for address in (*e["recipients"], e["mail_from"]))
    ]
    if not found and not held:
        _absent(person)
    click.echo(json.dumps({"person": person, "messages": found, "held": held}, ensure_ascii=False, indent=1))


def _erase(settings: Any, person: str) -> None:
    from gateway.quarantine.audit import AuditLog

    with opened(settings) as store:
        pseudonym = store.spellings(person)[-1]
        with faults():
            AuditLog(settings.quarantine.folder).add(actor(settings), "person_erase", person=pseudonym)
        count = store.erase_person(person)
    if not count:
        _absent(person)
    click.echo(f"The address was taken out of {count} messages. Held messages are not touched:")
    click.echo(f"vitalgate quarantine list --recipient {visible(person)}")


@history.command()
@config_option
def expire(config: Path) -> None:
    """Forget what is older than `history.retention_days`.

    \b
      vitalgate history expire           (`quarantine expire`, run by vitalgate-expire.timer, does it too)
    """
    expire_history(load(config), datetime.now(UTC))


def expire_history(settings: Any, now: datetime, *, absent_is_fine: bool = False) -> None:
    """Forget old rows, and broken files that were put aside as long ago."""
    from gateway.observe.history_database import remove_old_asides

    limit = now - timedelta(days=settings.history.retention_days)
    if absent_is_fine and settings.history.url.startswith("sqlite:///"):
        file = Path(settings.history.url.removeprefix("sqlite:///"))
        if not file.exists():
            return
    remove_old_asides(settings.history.url, limit)
    held = store_of(settings).ids()
    with opened(settings) as store:
        gone = store.expire(limit)
        store.prune_held(held)
    click.echo(f"{gone} messages forgotten by the history")
