"""The readable page of `scan`: who, proof, claims, asks, links, hits with their words, what was not checked."""

from collections.abc import Iterator

from gateway.decision.report import describe_hit
from gateway.model.content_facts import Proof
from gateway.model.judgement import Judgement

_ACTIONS = {
    "relay": "relayé",
    "tag": "relayé, objet marqué",
    "quarantine": "mis en quarantaine",
    "reject": "refusé",
    "defer": "différé (réessayer plus tard)",
}
_PROOFS = {Proof.YES: "prouvé", Proof.NO: "non prouvé", Proof.UNKNOWN: "inconnu"}


def write_page(judgement: Judgement) -> str:
    """The page, in French, without control characters from the mail."""
    return "\n".join(_lines(judgement))


def _lines(judgement: Judgement) -> Iterator[str]:
    decision, content, auth = judgement.decision, judgement.content, judgement.auth
    sender = content.sender
    verdict = decision.verdict
    yield f"Message {judgement.submission.id} : {_ACTIONS[verdict.action.value]}, score {verdict.score:g}"
    for reason in decision.verdict.reasons:
        yield f"  - {reason}"
    yield ""
    name = _clean(judgement.message.author.display_name)
    yield f"Expéditeur   {_clean(str(sender.author or 'illisible'))}  « {name} »"
    yield f"  domaine    {sender.registrable_domain or '?'} ({_PROOFS[sender.author_proved]})"
    if sender.flags:
        yield f"  signes     {', '.join(sorted(flag.value for flag in sender.flags))}"
    if not auth.known:
        yield "Preuves      non demandées"
    else:
        yield f"Preuves      spf={auth.spf.status.value} ({auth.spf.domain or '-'})"
        for result in auth.dkim:
            note = f", {result.reason}" if result.reason else ""
            yield f"             dkim={result.status.value} ({result.domain or '-'}{note})"
        policy = auth.dmarc.policy.value if auth.dmarc.policy else "aucune"
        yield f"             dmarc={auth.dmarc.status.value} ({auth.dmarc.domain or '-'}, politique {policy})"
        yield f"             arc={auth.arc.status.value}"
    if content.claims:
        yield "Se dit être"
        proofs = dict(sender.proof)
        for identity in dict.fromkeys(claim.identity for claim in content.claims):
            places = ", ".join(dict.fromkeys(c.place.value for c in content.claims if c.identity == identity))
            yield f"  {identity} ({places}) : {_PROOFS[proofs.get(identity, Proof.NO)]}"
    if content.asks:
        yield "Demande"
        for ask in content.asks[:20]:
            yield f"  {ask.kind.value:18} « {_clean(content.folded.origin(ask.start, ask.end) or ask.words)[:80]} »"
    if content.signs:
        yield f"Signes       {', '.join(sorted({sign.kind.value for sign in content.signs}))}"
    if content.links:
        yield f"Liens        {len(content.links)}"
        for link in content.links[:20]:
            flags = f"  [{', '.join(sorted(f.value for f in link.flags))}]" if link.flags else ""
            yield f"  {_clean(link.host) or link.scheme}{flags}"
    for attachment in content.attachments:
        flags = ", ".join(sorted(flag.value for flag in attachment.flags))
        yield f"Pièce jointe {attachment.true_type}, {attachment.size} octets{'  [' + flags + ']' if flags else ''}"
    if content.form:
        yield f"Forme        {', '.join(sorted(flag.value for flag in content.form))}"
    if decision.verdict.hits:
        yield "Règles"
        for hit in decision.verdict.hits:
            described = describe_hit(hit, content)
            words = " / ".join(_clean(text) for text in described["where"])
            yield f"  {hit.points:+g}  {hit.rule} ({hit.mode.value}){'  « ' + words + ' »' if words else ''}"
    if decision.verdict.unchecked:
        yield f"Non vérifié  {', '.join(decision.verdict.unchecked)}"
    if decision.verdict.rules_unknown:
        yield f"Règles sans réponse  {', '.join(decision.verdict.rules_unknown)}"
    yield f"{judgement.milliseconds:.1f} ms"


def _clean(text: str) -> str:
    return "".join(c if c.isprintable() else " " for c in text)
