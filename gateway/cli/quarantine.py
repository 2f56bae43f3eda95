"""`vitalgate quarantine`: what is held, and why. What is done with it stands in quarantine_acts and quarantine_care."""

import json
import sys
from datetime import datetime
from pathlib import Path
from typing import Any

import click

from gateway.cli.exits import FAILED
from gateway.cli.moments import MOMENT
from gateway.cli.options import config_option
from gateway.cli.quarantine_acts import approve, delete, release
from gateway.cli.quarantine_care import audit, digest, expire, index, rotate_key, verify
from gateway.cli.quarantine_common import entry_id_argument, faults, load, motive_option, review_of, store_of
from gateway.model.plain_text import visible

_EXCERPT = 4000


@click.group()
def quarantine() -> None:
    """Held messages: list, show, release, approve, delete; and their keys, audit log and end.

    \b
      vitalgate quarantine list --since 24h
      vitalgate quarantine show ID
      vitalgate quarantine release ID
    """


@quarantine.command("list")
@config_option
@click.option("--json", "as_json", is_flag=True, help="One JSON array of objects.")
@click.option("--since", type=MOMENT, help="Received since: 24h, 7d, 2026-11-25, 2026-11-25T08:00.")
@click.option("--rule", default="", help="Hit by this rule.")
@click.option("--family", default="", help="Hit by a rule of this family.")
@click.option("--recipient", default="", help="Held for this address or domain.")
@click.option("--sender-domain", default="", help="From this domain or one below it, by envelope or author.")
@click.option("--score", type=float, help="With at least this score.")
@click.option("--requests", is_flag=True, help="Only those whose release somebody asked for.")
def list_entries(
    config: Path,
    as_json: bool,
    since: datetime | None,
    rule: str,
    family: str,
    recipient: str,
    sender_domain: str,
    score: float | None,
    requests: bool,
) -> None:
    """Show every held message, oldest first.

    \b
      vitalgate quarantine list --since 2026-11-25 --family carte_vitale
      vitalgate quarantine list --recipient claire@mutuelle.example --json

    Exit code 1 when an entry can't be opened; the others are shown all the same. What the index knows is
    listed without opening it: `vitalgate quarantine verify` opens every entry.
    """
    from gateway.cli.quarantine_index import summaries
    from gateway.quarantine.progress import Stage
    from gateway.quarantine.store import EntryFilter

    settings = load(config)
    store = store_of(settings)
    wanted = EntryFilter(
        since=since, rule=rule, family=family, recipient=recipient, sender_domain=sender_domain, score=score
    )
    with faults():
        stages = {progress.id: progress.stage for progress in store.book.all()}
        entries, broken = summaries(settings, store)
    chosen = []
    for entry in entries:
        entry["release"] = stages.get(entry["id"], Stage.HELD).value
        if wanted.wants(entry) and (not requests or entry["release"] == Stage.REQUESTED.value):
            chosen.append(entry)
    if as_json:
        click.echo(json.dumps(chosen, ensure_ascii=False))
    else:
        for entry in chosen:
            _print_entry(entry)
        if not chosen:
            click.echo("Nothing is held." if not entries and not broken else "Nothing held is like that.")
    for fault in broken:
        click.echo(f"vitalgate: {fault}", err=True)
    if broken:
        raise SystemExit(FAILED)


def _print_entry(entry: dict[str, Any]) -> None:
    recipients = [visible(address) for address in entry["recipients"]]
    shown = ", ".join(recipients[:5]) + (f" and {len(recipients) - 5} more" if len(recipients) > 5 else "")
    note = "" if entry["release"] == "held" else f"  [{entry['release']}]"
    click.echo(
        f"{entry['id']}  {entry['received_at'][:16]}  {entry['score']:>5g}  "
        f"<{visible(entry['mail_from'])}> -> {shown}{note}"
    )
    for reason in entry["reasons"][:2]:
        click.echo(f"    {visible(reason)}")


@quarantine.command()
@config_option
@click.option("--raw", is_flag=True, help="Write the received bytes, unchanged, to standard output.")
@click.option("--text", "with_text", is_flag=True, help="Also the beginning of its text; needs --motive.")
@motive_option
@entry_id_argument
def show(config: Path, raw: bool, with_text: bool, motive: str | None, entry_id: str) -> None:
    """Show one held message: envelope, verdict and reasons. Each view is a line of the audit log.

    \b
      vitalgate quarantine show 1d8m0q3vnk2f7xw6ab
      vitalgate quarantine show --text --motive "member called, ticket 4711" 1d8m0q3vnk2f7xw6ab
      vitalgate quarantine show --raw 1d8m0q3vnk2f7xw6ab > message.eml

    Text is shown as text: nothing is rendered or loaded, and what moves the cursor or hides is written as an escape.
    """
    if with_text and not motive:
        raise click.UsageError("--text shows what somebody wrote: say why with --motive")
    review = review_of(load(config))
    with faults():
        header = review.look(entry_id, "raw" if raw else "text" if with_text else "envelope", motive)
        data = review.store.message(entry_id) if raw or with_text else b""
        progress = review.store.book.read(entry_id)
    if raw:
        sys.stdout.buffer.write(data)
        return
    _print_header(header, progress)
    if with_text:
        click.echo("")
        click.echo(_excerpt(data))


def _print_header(header: Any, progress: Any) -> None:
    from gateway.quarantine.store import needs_approval

    verdict = header.verdict
    click.echo(f"Message    {header.id}, {header.size} bytes, received {header.received_at:%Y-%m-%d %H:%M:%S %Z}")
    click.echo(
        f"From       <{visible(header.mail_from.decode('utf-8', 'replace'))}> by {header.client or 'unknown client'}"
    )
    for number, (path, _parameters) in enumerate(header.recipients):
        has_it = "  (has it)" if number in progress.delivered else ""
        click.echo(f"To         <{visible(path.decode('utf-8', 'replace'))}>{has_it}")
    authentication = verdict.get("authentication")
    if isinstance(authentication, dict):
        signatures = ", ".join(f"dkim={r['result']} ({visible(r['domain'])})" for r in authentication["dkim"][:8])
        click.echo(
            f"Proof      spf={authentication['spf']['result']} ({visible(authentication['spf']['domain'])})"
            f"{', ' + signatures if signatures else ''}, dmarc={authentication['dmarc']['result']} "
            f"({visible(authentication['dmarc']['domain'])})"
        )
    click.echo(f"Verdict    {verdict.get('action')}, score {verdict.get('score', 0):g}")
    for reason in verdict.get("reasons", []):
        click.echo(f"  {visible(reason)}")
    for hit in verdict.get("hits", []):
        click.echo(f"  {hit['points']:+g}  {hit['rule']} ({hit['mode']})")
    hosts = list(dict.fromkeys(visible(link["host"]) for link in verdict.get("links", []) if link.get("host")))
    if hosts:
        click.echo(f"Links      {', '.join(hosts[:20])}")
    if needs_approval(header):
        click.echo("Release    a second person has to approve")
    if progress.stage.value != "held":
        click.echo(
            f"Release    {progress.stage.value} at {progress.at}{', ' + progress.reply if progress.reply else ''}"
        )


def _excerpt(data: bytes) -> str:
    """Subject and the beginning of the text, as text."""
    from gateway.parsing.mime_tree import parse_message
    from gateway.parsing.read_texts import read_texts

    texts = read_texts(parse_message(data))
    pieces = [part.text for part in texts.parts if part.place.value == "body" and part.text.strip()]
    text = visible("\n\n".join(pieces)[:_EXCERPT].replace("\r\n", "\n"), line_ends=True)
    return f"Subject    {visible(texts.subject[:500])}\n\n" + "\n".join("  | " + line for line in text.split("\n"))


for command in (release, approve, delete, expire, rotate_key, verify, audit, digest, index):
    quarantine.add_command(command)
