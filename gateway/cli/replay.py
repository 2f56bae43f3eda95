"""`vitalgate replay`: today's rules over held or stored mail, before and after."""

import asyncio
import json
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import click

from gateway.cli.exits import FAILED, explained
from gateway.cli.options import config_option
from gateway.cli.quarantine_common import actor, faults, load, store_of
from gateway.model.plain_text import visible

_STRICTNESS = ("relay", "tag", "quarantine", "reject", "defer")


@dataclass(frozen=True, slots=True)
class Past:
    """One message to be judged again. `action` is "" where nothing tells what was thought of it."""

    name: str
    request: Any
    action: str
    score: float | None


@click.command()
@config_option
@click.option("--quarantine", "from_quarantine", is_flag=True, help="Every held message, instead of a FOLDER.")
@click.option("--no-authentication", is_flag=True, help="Ask no DNS: who sent it is unknown.")
@click.option("--json", "as_json", is_flag=True, help="One JSON array of objects.")
@click.option("--all", "show_all", is_flag=True, help="Show also what is judged as before.")
@click.argument("folder", required=False, type=click.Path(path_type=Path, exists=True, file_okay=False))
def replay(
    config: Path,
    from_quarantine: bool,
    no_authentication: bool,
    as_json: bool,
    show_all: bool,
    folder: Path | None,
) -> None:
    """Judge held mail, or the .eml files and Maildir of FOLDER, with the rules and settings of now; deliver nothing.

    \b
      vitalgate replay --quarantine
      vitalgate replay --config new.yml --all /var/lib/vitalgate/samples

    "Before" is the verdict that was stored with a held message, or what its X-Vitalgate field says. Senders are checked
    against the DNS of now, so an old signature may no longer verify.
    """
    if from_quarantine == (folder is not None):
        raise click.UsageError("give either a FOLDER or --quarantine")
    settings = load(config)
    from gateway.daemon.loaded import load_everything

    with explained():
        loaded = load_everything(config, for_scan=True)
    if folder is not None:
        past = _stored(folder, settings.limits.message_bytes, authentication=not no_authentication)
    else:
        past = _held(settings, authentication=not no_authentication)
    rows, failed = asyncio.run(_judge_all(loaded, past))
    if as_json:
        click.echo(json.dumps(rows, ensure_ascii=False))
    else:
        _print(rows, show_all=show_all)
    if failed:
        click.echo(f"vitalgate: {failed} messages could not be read or judged", err=True)
        raise SystemExit(FAILED)


async def _judge_all(loaded: Any, past: Iterator[Past | None]) -> tuple[list[dict[str, Any]], int]:
    from gateway.daemon.scanner import Scanner

    scanner = Scanner(loaded)
    rows, failed = [], 0
    try:
        for message in past:
            if message is None:
                failed += 1
                continue
            try:
                judgement = await scanner.judge(message.request)
            except TimeoutError:
                failed += 1
                continue
            verdict = judgement.decision.verdict
            rows.append(
                {
                    "message": message.name,
                    "before": {"action": message.action, "score": message.score},
                    "after": {"action": verdict.action.value, "score": verdict.score},
                    "rules": [hit.rule for hit in verdict.hits if hit.mode.value == "enforce"],
                    "reasons": list(verdict.reasons),
                }
            )
    finally:
        await scanner.close()
    return rows, failed


def _held(settings: Any, *, authentication: bool) -> Iterator[Past | None]:
    from gateway.daemon.scanner import ScanRequest, address_of, path_of
    from gateway.quarantine.audit import AuditLog
    from gateway.quarantine.entry import BrokenEntry
    from gateway.quarantine.keys import KeyLost
    from gateway.quarantine.store import NoSuchEntry

    def path(raw: bytes) -> Any:
        return path_of(raw.decode("utf-8", "surrogateescape"))

    store = store_of(settings)
    ids = store.ids()
    with faults():
        AuditLog(settings.quarantine.folder).add(actor(settings), "replay", entries=len(ids))
    for entry_id in ids:
        try:
            header, raw = store.header(entry_id), store.message(entry_id)
        except NoSuchEntry:
            continue
        except (BrokenEntry, KeyLost) as error:
            click.echo(f"vitalgate: {entry_id}: {error}", err=True)
            yield None
            continue
        request = ScanRequest(
            raw=raw,
            received_at=header.received_at,
            address=address_of(header.client) if header.client else None,
            helo=header.helo,
            mail_from=path(header.mail_from),
            recipients=tuple(path(recipient) for recipient, _ in header.recipients),
            authentication=authentication,
        )
        yield Past(entry_id, request, str(header.verdict.get("action", "")), header.verdict.get("score"))


def _stored(folder: Path, max_bytes: int, *, authentication: bool) -> Iterator[Past | None]:
    from gateway.daemon.scanner import ScanRequest, crlf
    from gateway.parsing.mime_tree import parse_message

    for file in sorted(folder.rglob("*")):
        in_maildir = file.parent.name in ("new", "cur")
        if not file.is_file() or not (file.suffix == ".eml" or in_maildir):
            continue
        name = str(file.relative_to(folder))
        try:
            if file.stat().st_size > max_bytes:
                raise OSError(0, "is larger than limits.message_bytes")
            raw = crlf(file.read_bytes())
        except OSError as error:
            click.echo(f"vitalgate: {visible(name)}: {error.strerror}", err=True)
            yield None
            continue
        action, score = _mark(parse_message(raw))
        request = ScanRequest(raw=raw, received_at=datetime.now(UTC), authentication=authentication)
        yield Past(name, request, action, score)


def _mark(message: Any) -> tuple[str, float | None]:
    """What our own field on top says: `X-Vitalgate: action=tag; score=5; ...`."""
    field = message.first("x-vitalgate")
    if field is None:
        return "", None
    words = dict(
        item.strip().partition("=")[::2] for item in field.unfolded.decode("ascii", "replace").split(";") if "=" in item
    )
    action = words.get("action", "")
    try:
        return (action if action in _STRICTNESS else ""), float(words["score"])
    except (KeyError, ValueError):
        return (action if action in _STRICTNESS else ""), None


def _print(rows: list[dict[str, Any]], *, show_all: bool) -> None:
    changed = [row for row in rows if row["before"]["action"] != row["after"]["action"]]
    for row in rows if show_all else changed:
        before, after = row["before"], row["after"]
        arrow = "=" if before["action"] == after["action"] else ">"
        rules = f"  [{', '.join(row['rules'])}]" if row["rules"] else ""
        click.echo(f"{_shown(before)} {arrow} {_shown(after)}  {visible(row['message'])}{rules}")
    if rows:
        click.echo("")
    pairs = Counter((row["before"]["action"] or "unknown", row["after"]["action"]) for row in rows)
    click.echo(f"{'before':<12}{'after':<12}messages")
    for (before, after), count in sorted(pairs.items(), key=lambda item: -item[1]):
        click.echo(f"{before:<12}{after:<12}{count}")
    click.echo(f"{len(rows)} judged, {len(changed)} changed")


def _shown(verdict: dict[str, Any]) -> str:
    score = "" if verdict["score"] is None else f"{verdict['score']:g}"
    return f"{verdict['action'] or 'unknown':<10} {score:>5}"
