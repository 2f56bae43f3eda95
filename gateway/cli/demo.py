"""`vitalgate demo`: the gateway on demo settings, sample mail through its real port, and what became of each.

Nothing here knows what should happen but the sample's `expected` word: replies come from the socket, verdicts from the
gateway's log, places from the disk and from `vitalgate quarantine list`.
"""

import json
import smtplib
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import click

from gateway.cli.exits import UNAVAILABLE

START_TIMEOUT_S = 20.0
_WORDS = {
    "relay": "relayé tel quel",
    "tag": "relayé, objet marqué",
    "quarantine": "mis en quarantaine",
    "reject": "refusé",
    "defer": "différé",
    "failed": "échec",
}


@click.command()
@click.option("--config", type=click.Path(path_type=Path), default=Path("config/demo.yml"), show_default=True)
@click.option("--once", is_flag=True, help="End after the samples; exit code 1 if one went elsewhere than it should.")
def demo(config: Path, once: bool) -> None:
    """Start the gateway, send sample mail through it, and show what became of each.

    \b
      vitalgate demo                 stay up afterwards; Ctrl-C stops
      vitalgate demo --once          end after the samples
    """
    from gateway.settings.load import load_settings

    if not config.exists():
        raise click.UsageError(f"{config} is not here: run this in a checkout of vitalgate, where `make run` does it")
    settings = load_settings(config)
    log_file = config.absolute().parent.parent / "var" / "demo.log"
    log_file.parent.mkdir(parents=True, exist_ok=True)
    command = [sys.executable, "-m", "gateway", "serve", "--config", str(config)]
    with log_file.open("wb") as log, subprocess.Popen(command, stderr=log) as gateway:  # noqa: S603 - our own command
        try:
            _wait_until_ready(gateway, log_file)
            samples = json.loads((config.parent / "demo.samples" / "samples.json").read_text())
            wrong = sum(not _show(sample, config, settings, log_file) for sample in samples)
            if not once:
                _stay(settings, config, log_file, gateway)
        except KeyboardInterrupt:
            click.echo("\nArrêt.")
            wrong = 0
        finally:
            gateway.terminate()
            gateway.wait(40)
    if wrong:
        click.echo(f"{wrong} message(s) went elsewhere than they should.", err=True)
        raise SystemExit(1)


def _wait_until_ready(gateway: "subprocess.Popen[bytes]", log_file: Path) -> None:
    limit = time.monotonic() + START_TIMEOUT_S
    while time.monotonic() < limit:
        if any(event.get("event") == "ready" for event in _events(log_file)):
            return
        if gateway.poll() is not None:
            break
        time.sleep(0.05)
    click.echo(log_file.read_text(errors="replace"), err=True)
    raise SystemExit(gateway.poll() or UNAVAILABLE)


def _events(log_file: Path) -> list[dict[str, Any]]:
    events = []
    for line in log_file.read_text(errors="replace").splitlines():
        if line.startswith("{"):
            try:
                events.append(json.loads(line))
            except ValueError:  # a line still being written
                continue
    return events


def _show(sample: dict[str, Any], config: Path, settings: Any, log_file: Path) -> bool:
    """Send one sample and print what became of it; whether that is what it should be."""
    raw = (config.parent / "demo.samples" / sample["file"]).read_bytes()
    seen = len([e for e in _events(log_file) if e.get("event") == "message"])
    reply = _send(sample, raw, settings.listen[0].address)
    event = _message_event(log_file, seen)
    disposition = event.get("disposition", "?")
    good = bool(disposition == sample["expected"])
    click.echo(f"\n=== {sample['title']}")
    click.echo(f"  réponse SMTP  {reply}")
    click.echo(
        f"  verdict       {_WORDS.get(disposition, disposition)}"
        f" (score {event.get('score', 0):g}, id {event.get('id')})"
    )
    for reason in event.get("reasons", []):
        click.echo(f"                - {reason}")
    click.echo(f"  où            {_place(event, config, settings)}")
    if not good:
        click.echo(f"  ATTENDU       {_WORDS[sample['expected']]}")
    return good


def _send(sample: dict[str, Any], raw: bytes, address: str) -> str:
    host, _, port = address.rpartition(":")
    with smtplib.SMTP(host.strip("[]"), int(port), timeout=30) as client:
        client.ehlo("demo.mutuelle.example")
        client.docmd(f"XFORWARD ADDR={sample['ip']} HELO={sample['helo']} NAME={sample['helo']} PROTO=ESMTP")
        client.docmd(f"MAIL FROM:<{sample['mail_from']}> BODY=8BITMIME")
        for recipient in sample["rcpt_to"]:
            client.docmd(f"RCPT TO:<{recipient}>")
        client.docmd("DATA")
        client.send(raw + b".\r\n")
        code, text = client.getreply()
    return f"{code} {text.decode('ascii', 'replace')}"


def _message_event(log_file: Path, seen: int) -> dict[str, Any]:
    for _ in range(100):
        events = [e for e in _events(log_file) if e.get("event") == "message"]
        if len(events) > seen:
            return events[-1]
        time.sleep(0.05)
    return {}


def _place(event: dict[str, Any], config: Path, settings: Any) -> str:
    wanted = f"id={event.get('id')}".encode()
    if settings.next_hop.maildir is not None:
        for file in sorted((settings.next_hop.maildir / "new").glob("*")):
            if wanted in file.read_bytes():
                return str(file)
    command = [sys.executable, "-m", "gateway", "quarantine", "list", "--json", "--config", str(config)]
    listed = subprocess.run(command, stdout=subprocess.PIPE, check=False)  # noqa: S603 - our own command
    if listed.returncode == 0 and any(entry["id"] == event.get("id") for entry in json.loads(listed.stdout)):
        return f"quarantaine : {settings.quarantine.folder}/entries/{event['id']}"
    return "nulle part ici : l'expéditeur garde le message"


def _stay(settings: Any, config: Path, log_file: Path, gateway: "subprocess.Popen[bytes]") -> None:
    click.echo(
        f"""
The gateway stays up. Ctrl-C stops it.
  send more   swaks --server {settings.listen[0].address} --from you@example.org --to accueil@mutuelle.example
              or: curl smtp://{settings.listen[0].address} --mail-from you@example.org \\
                       --mail-rcpt accueil@mutuelle.example -T MESSAGE.eml
  delivered   {settings.next_hop.maildir}/new
  held        vitalgate quarantine list --config {config}
  metrics     http://{settings.metrics.address}/metrics   (also /healthz, /readyz)
  log         {log_file}"""
    )
    gateway.wait()
