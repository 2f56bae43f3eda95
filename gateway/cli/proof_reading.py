"""From the message of a rule's proof to its facts: the real reading chain, with authentication as the proof says."""

from ipaddress import ip_address

from gateway.content.proof import add_proof
from gateway.content.reading import ContentReader
from gateway.daemon.scanner import path_of
from gateway.inspection.in_process import inspect_in_process
from gateway.model.auth_facts import (
    AuthFacts,
    DkimResult,
    DkimStatus,
    DmarcResult,
    DmarcStatus,
    SpfIdentity,
    SpfResult,
    SpfStatus,
)
from gateway.model.content_facts import ContentFacts
from gateway.model.directory import Directory
from gateway.model.domain import DomainName, is_same_or_below, parse_domain
from gateway.model.envelope import Client, Envelope, Recipient
from gateway.model.message import Message
from gateway.parsing.mime_tree import parse_message
from gateway.parsing.read_texts import read_texts
from gateway.rulebook.examples import Judge, ProofEnvelope

_CLIENT = ip_address("192.0.2.1")  # SPF was asked about it, and named nobody


def proof_judge(directory: Directory) -> Judge:
    """What `run_proofs` needs, for one directory."""
    reader = ContentReader(directory)
    domains = {identity.id: identity.domains for identity in directory.identities}

    def judge(raw: bytes, known: ProofEnvelope) -> tuple[ContentFacts, AuthFacts, Message]:
        message = parse_message(raw)
        envelope = Envelope(
            client=Client(address=_CLIENT),
            mail_from=path_of(known.mail_from) if known.mail_from is not None else None,
            recipients=tuple(Recipient(path=path_of(address)) for address in known.recipients),
        )
        signer = domains.get(known.authenticated_as, ())[:1] or (parse_domain(known.authenticated_as),)
        auth = _authentication(message, signer[0]) if known.known else AuthFacts(known=False)
        texts = read_texts(message)
        content = reader.read(message, texts, envelope, inspect_in_process(message, texts))
        return add_proof(content, auth, envelope, reader.directory), auth, message

    return judge


def _authentication(message: Message, signer: DomainName | None) -> AuthFacts:
    """Facts of a message signed by `signer`, or by nobody."""
    if signer is None:
        return AuthFacts()
    author = message.author.mailbox.domain if message.author.mailbox else None
    aligned = author is not None and (is_same_or_below(author, signer) or is_same_or_below(signer, author))
    return AuthFacts(
        spf=SpfResult(status=SpfStatus.PASS, identity=SpfIdentity.MAIL_FROM, domain=signer),
        dkim=(DkimResult(status=DkimStatus.PASS, domain=signer),),
        dmarc=DmarcResult(
            status=DmarcStatus.PASS if aligned else DmarcStatus.FAIL,
            domain=author,
            aligned_dkim=(signer,) if aligned else (),
        ),
        claimed_dkim_domains=(signer,),
    )
