"""`vitalgate explain`: why a past message was judged so, on one page, in French."""

import json
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from typing import Any

import click

from gateway.cli.exits import FAILED
from gateway.cli.history import opened
from gateway.cli.options import config_option
from gateway.cli.quarantine_common import load, store_of
from gateway.model.plain_text import visible

_DONE = {
    "relay": "relayé",
    "tag": "relayé, objet marqué",
    "quarantine": "mis en quarantaine",
    "reject": "refusé",
    "defer": "différé : l'expéditeur doit réessayer",
    "failed": "non pris en charge : l'expéditeur doit réessayer",
    "": "?",
}


_ACTS = {
    "view": "consulté",
    "request": "libération demandée",
    "approve": "libération approuvée",
    "approve_refused": "approbation refusée : qui demande n'approuve pas",
    "release": "libération lancée",
    "delivery": "libération",
    "delete": "supprimé",
}
_ENDS = {"released": "remis à tous", "partly": "remis à une partie", "refused": "refusé par le serveur suivant"}


@click.command()
@config_option
@click.option("--json", "as_json", is_flag=True, help="One JSON array of objects, newest first.")
@click.argument("message_id", metavar="ID|MESSAGE-ID")
def explain(config: Path, as_json: bool, message_id: str) -> None:
    """Tell why a past message was judged so: by our id (log, X-Vitalgate, quarantine) or by its Message-ID.

    \b
      vitalgate explain 1d8m0q3vnk2f7xw6ab
      vitalgate explain '<20261125.0815@mail.example.org>'

    It answers from the history; of a held message that is not there (yet), from its entry. What people did with a held
    message (views, release, deletion) comes from the audit log. Exit code 1 when neither knows it.
    """
    settings = load(config)
    records = _recorded(settings, message_id) or _held(settings, message_id)
    if not records:
        click.echo(f"vitalgate: {visible(message_id)}: neither the history nor the quarantine knows it", err=True)
        raise SystemExit(FAILED)
    held = set(store_of(settings).ids())
    acts = _acts(settings, {record["id"] for record in records})
    for record in records:
        record["held"] = record["id"] in held
        record["acts"] = acts.get(record["id"], [])
    if as_json:
        click.echo(json.dumps(records, ensure_ascii=False))
    else:
        click.echo("\n\n".join("\n".join(_page(record)) for record in records))


def _recorded(settings: Any, message_id: str) -> list[dict[str, Any]]:
    from gateway.observe.history_query import by_id

    try:
        with opened(settings) as store:
            return by_id(store, message_id)
    except SystemExit:  # its fault was told; the quarantine may still know
        return []


def _held(settings: Any, message_id: str) -> list[dict[str, Any]]:
    from gateway.quarantine.entry import BrokenEntry
    from gateway.quarantine.keys import KeyLost
    from gateway.quarantine.store import NoSuchEntry, summary

    try:
        header = store_of(settings).header(message_id)
    except (NoSuchEntry, BrokenEntry, KeyLost):
        return []
    known = summary(header)
    verdict = header.verdict
    authentication = verdict.get("authentication", "unknown")
    return [
        {
            **{name: known[name] for name in ("id", "received_at", "client", "mail_from", "score", "reasons")},
            "author": "",
            "author_domain": authentication["dmarc"]["domain"] if isinstance(authentication, dict) else "",
            "disposition": "quarantine",
            "bytes": header.size,
            "reply": "",
            "recipients": [{"address": address, "action": "quarantine"} for address in known["recipients"]],
            "recipient_count": len(known["recipients"]),
            "hits": verdict.get("hits", []),
            "link_hosts": sorted({link["host"] for link in verdict.get("links", []) if link.get("host")}),
            **{name: verdict.get(name) for name in ("authentication", "unchecked", "claims", "asks")},
        }
    ]


def _acts(settings: Any, ids: set[str]) -> dict[str, list[dict[str, Any]]]:
    """What people did with these messages in the quarantine, oldest first, by id."""
    from gateway.quarantine.audit import AuditLog, BrokenChain

    found: dict[str, list[dict[str, Any]]] = {}
    try:
        for line in AuditLog(settings.quarantine.folder).lines():
            if line.get("id") in ids:
                told: dict[str, Any] = {k: line[k] for k in ("at", "action", "uid", "stage", "reply") if k in line}
                found.setdefault(line["id"], []).append(told)
    except (BrokenChain, OSError) as error:
        click.echo(f"vitalgate: the audit log cannot be told from there on: {error}", err=True)
    return found


def _page(record: dict[str, Any]) -> Iterator[str]:
    done = _DONE.get(record["disposition"], record["disposition"])
    thought = record.get("verdict") or record["disposition"]
    would = f" (sans le mode en vigueur : {_DONE.get(thought, thought)})" if thought != record["disposition"] else ""
    yield f"Message {record['id']} : {done}{would}, score {record['score']:g}"
    for reason in record.get("reasons") or ():
        yield f"  - {visible(reason)}"
    yield ""
    moment = datetime.fromisoformat(record["received_at"])
    yield f"Reçu         le {moment:%d/%m/%Y à %H:%M:%S} UTC, {record['bytes']} octets, de {record['client'] or '?'}"
    yield f"Enveloppe    <{visible(record['mail_from'])}>"
    yield f"Auteur       {visible(record['author'] or record['author_domain'] or 'illisible')}"
    for recipient in record["recipients"][:50]:
        action = _DONE.get(recipient["action"], recipient["action"])
        yield f"Destinataire {visible(recipient['address']) or '(effacé)'} : {action if recipient['action'] else done}"
    if record["recipient_count"] > min(50, len(record["recipients"])):
        yield f"             {record['recipient_count']} destinataires en tout"
    yield from _proofs(record.get("authentication"))
    for title, name in (("Se dit être", "claims"), ("Demande", "asks"), ("Liens vers", "link_hosts")):
        if record.get(name):
            yield f"{title:<12} {', '.join(visible(value) for value in record[name][:20])}"
    if record.get("hits"):
        yield "Règles"
        for hit in record["hits"]:
            note = "" if hit["mode"] == "enforce" else ", observée seulement"
            yield f"  {hit['points']:+g}  {hit['rule']} ({hit['family']}{note})"
    if record.get("unchecked"):
        yield f"Non vérifié  {', '.join(record['unchecked'])}"
    if record.get("reply"):
        hop = f" (serveur suivant : {record['next_hop']})" if record.get("next_hop") else ""
        yield f"Réponse      {record['reply']}{hop}"
    if record.get("fault"):
        yield f"Incident     {record['fault']}"
    for act in record["acts"]:
        moment = datetime.fromisoformat(act["at"])
        end = f" : {_ENDS.get(act['stage'], act['stage'])} ({visible(act['reply'])})" if act.get("stage") else ""
        done = _ACTS.get(act["action"], act["action"])
        yield f"Quarantaine  le {moment:%d/%m/%Y à %H:%M:%S} UTC, {done}{end}, par l'utilisateur {act['uid']}"
    if record["held"]:
        yield f"Toujours en quarantaine : vitalgate quarantine show {record['id']}"


def _proofs(authentication: Any) -> Iterator[str]:
    if not isinstance(authentication, dict):
        yield "Preuves      inconnues"
        return
    spf, dmarc = authentication["spf"], authentication["dmarc"]
    yield f"Preuves      spf={spf['result']} ({visible(spf['domain']) or '-'})"
    for result in authentication["dkim"][:8]:
        note = f", {visible(result['reason'])}" if result["reason"] else ""
        yield f"             dkim={result['result']} ({visible(result['domain']) or '-'}{note})"
    policy = dmarc["policy"] or "aucune"
    yield f"             dmarc={dmarc['result']} ({visible(dmarc['domain']) or '-'}, politique {policy})"
    yield f"             arc={authentication['arc']['result']}"
