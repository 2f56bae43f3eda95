"""`vitalgate scan`: judge messages as `serve` would, without delivering anything."""

import asyncio
import gc
import json
import sys
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import click

from gateway.cli.exits import USAGE, explained
from gateway.cli.options import DEFAULT_CONFIG


@click.command()
@click.option(
    "--config",
    type=click.Path(path_type=Path, dir_okay=False),
    help=f"Settings file; without it {DEFAULT_CONFIG} where that exists, else the defaults.",
)
@click.option("--zone", type=click.Path(path_type=Path, dir_okay=False), help="Answer DNS from this JSON file.")
@click.option("--json", "as_json", is_flag=True, help="One JSON object instead of a readable page.")
@click.option("--json-lines", is_flag=True, help="Read one JSON object a line on standard input, answer each in order.")
@click.option("--no-authentication", is_flag=True, help="Ask no DNS: who sent it is unknown.")
@click.option("--ip", help="Address of the client that handed the message over.")
@click.option("--helo", help="Its HELO name.")
@click.option("--mail-from", help='Reverse-path; "" is the null path. Not given: unknown.')
@click.option("--rcpt", multiple=True, help="Recipient; may be given several times, or several with commas.")
@click.option("--received-at", help='When it came (RFC 3339, such as 2026-11-25T08:00:00Z); it is "now" for it.')
@click.argument("message", required=False, type=click.Path(path_type=Path, allow_dash=True))
def scan(
    config: Path | None,
    zone: Path | None,
    as_json: bool,
    json_lines: bool,
    no_authentication: bool,
    ip: str | None,
    helo: str | None,
    mail_from: str | None,
    rcpt: tuple[str, ...],
    received_at: str | None,
    message: Path | None,
) -> None:
    """Judge MESSAGE (an .eml file, or - for standard input) and say why. Nothing is delivered.

    \b
      vitalgate scan --ip 192.0.2.7 --helo mail.example.org --mail-from a@example.org \\
                     --rcpt staff@mutuelle.example MESSAGE.eml
      vitalgate scan --json-lines < requests.jsonl

    What is not given is unknown, not failed. A line of --json-lines is an object with "eml" and, where
    known, "ip", "helo", "mail_from", "rcpt_to", "received_at", "authentication": "unknown".
    """
    if (message is None) != json_lines:
        raise click.UsageError("give either one MESSAGE or --json-lines")
    facts: dict[str, Any] = {"eml": str(message)} if message else {}
    given = {"ip": ip, "helo": helo, "mail_from": mail_from, "received_at": received_at}
    facts |= {name: value for name, value in given.items() if value is not None}
    if rcpt:
        facts["rcpt_to"] = [address for item in rcpt for address in item.split(",") if address.strip()]
    if no_authentication:
        facts["authentication"] = "unknown"
    with explained():
        loaded = _load(config, zone)
        if json_lines:
            asyncio.run(_scan_lines(loaded, facts))
        else:
            asyncio.run(_scan_one(loaded, facts, as_json=as_json))


def _load(config: Path | None, zone: Path | None) -> Any:
    gc.disable()  # what is read now stays to the end: to look for garbage in it costs a tenth of the whole
    try:
        from gateway.daemon.loaded import load_defaults, load_everything
        from gateway.resolver.zone import ZoneResolver

        if config is None and DEFAULT_CONFIG.exists():
            config = DEFAULT_CONFIG
        loaded = load_everything(config, for_scan=True) if config is not None else load_defaults()
        return replace(loaded, zone=ZoneResolver.load(zone)) if zone is not None else loaded
    finally:
        gc.freeze()
        gc.enable()


async def _scan_one(loaded: Any, facts: dict[str, Any], *, as_json: bool) -> None:
    from gateway.cli.page import write_page
    from gateway.daemon.scanner import Scanner
    from gateway.decision.report import describe

    scanner = Scanner(loaded)
    try:
        judgement = await scanner.judge(_request(facts, loaded))
    except ValueError as error:
        raise click.UsageError(str(error)) from None
    except OSError as error:
        click.echo(f"vitalgate: {facts['eml']}: {error.strerror}", err=True)
        raise SystemExit(1) from None
    finally:
        await scanner.close()
    click.echo(json.dumps(describe(judgement), ensure_ascii=False) if as_json else write_page(judgement))


async def _scan_lines(loaded: Any, common: dict[str, Any]) -> None:
    from gateway.daemon.scanner import Scanner
    from gateway.decision.report import describe

    scanner = Scanner(loaded)
    failed = False
    try:
        for number, line in _lines():
            try:
                facts = json.loads(line)
                if not isinstance(facts, dict) or "eml" not in facts:
                    raise ValueError('must be an object with "eml"')
                answer = describe(await scanner.judge(_request(common | facts, loaded)))
            except (ValueError, OSError, TimeoutError) as error:
                failed = True
                reason = error.strerror if isinstance(error, OSError) and error.strerror else str(error)
                answer = {"error": f"line {number}: {reason or type(error).__name__}"}
            sys.stdout.write(json.dumps(answer, ensure_ascii=False) + "\n")
            sys.stdout.flush()
    finally:
        await scanner.close()
    if failed:
        raise SystemExit(USAGE)


def _lines() -> Iterator[tuple[int, str]]:
    for number, line in enumerate(sys.stdin.buffer, 1):
        if line.strip():
            yield number, line.decode("utf-8", "replace")


def _check_types(facts: dict[str, Any]) -> None:
    """Raises ValueError with the first fact of a wrong type."""
    if not isinstance(facts["eml"], str):
        raise ValueError("eml must be a file name")
    for name in ("ip", "helo", "mail_from", "received_at"):
        if not isinstance(facts.get(name, ""), str | None):
            raise ValueError(f"{name} must be text")
    recipients = facts.get("rcpt_to") or []
    if not isinstance(recipients, list) or not all(isinstance(address, str) for address in recipients):
        raise ValueError("rcpt_to must be a list of addresses")
    if facts.get("authentication", "unknown") not in ("unknown", None):
        raise ValueError('authentication can only be "unknown"')


def _request(facts: dict[str, Any], loaded: Any) -> Any:
    """A request from the facts of a line or of the options. Raises ValueError with the fact's name, OSError."""
    from gateway.daemon.scanner import ScanRequest, address_of, crlf, path_of

    known = {"eml", "ip", "helo", "mail_from", "rcpt_to", "received_at", "authentication"}
    if unknown := set(facts) - known:
        raise ValueError(f"unknown facts: {', '.join(sorted(unknown))}; known: {', '.join(sorted(known))}")
    limit = loaded.settings.limits.message_bytes
    _check_types(facts)
    if facts["eml"] == "-":
        raw = sys.stdin.buffer.read(limit + 1)
    else:
        with Path(facts["eml"]).open("rb") as file:
            raw = file.read(limit + 1)
    if len(raw) > limit:
        raise ValueError(f"message is larger than limits.message_bytes ({limit})")
    try:
        moment = datetime.fromisoformat(facts["received_at"]) if facts.get("received_at") else datetime.now(UTC)
        moment = moment if moment.tzinfo else moment.replace(tzinfo=UTC)
    except (TypeError, ValueError):
        raise ValueError("received_at must be RFC 3339, such as 2026-11-25T08:00:00Z") from None
    try:
        address = address_of(facts["ip"]) if facts.get("ip") else None
    except ValueError:
        raise ValueError("ip must be an IP address") from None
    recipients = facts.get("rcpt_to") or []
    sender = facts.get("mail_from")
    return ScanRequest(
        raw=crlf(raw),
        received_at=moment,
        address=address,
        helo=facts.get("helo"),
        mail_from=path_of(sender) if sender is not None else None,
        recipients=tuple(path_of(recipient) for recipient in recipients),
        authentication=facts.get("authentication") != "unknown",
    )
