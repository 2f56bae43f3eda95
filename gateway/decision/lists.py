"""The operator's allow and block entries. An allow entry works only for mail authenticated as the domain it names."""

from datetime import date

from gateway.model.auth_facts import AuthFacts, DkimStatus, SpfIdentity, SpfStatus
from gateway.model.content_facts import ContentFacts
from gateway.model.domain import DomainName, is_same_or_below
from gateway.model.envelope import Envelope
from gateway.settings.schema import Allow, Block


def matching_allow(
    entries: tuple[Allow, ...], content: ContentFacts, envelope: Envelope, auth: AuthFacts, today: date
) -> Allow | None:
    """The first valid entry for the author, if the message is authenticated as that entry asks."""
    for entry in entries:
        if entry.until is not None and today > entry.until:
            continue
        if _is_from(entry.domain, entry.address, content, envelope, author_only=True) and is_authenticated_as(
            DomainName(entry.authenticated), auth
        ):
            return entry
    return None


def matching_block(entries: tuple[Block, ...], content: ContentFacts, envelope: Envelope, today: date) -> Block | None:
    """The first valid entry for the author, the reverse-path or the client."""
    for entry in entries:
        if entry.until is not None and today > entry.until:
            continue
        if entry.network is not None:
            address = envelope.client.address
            if address is not None and address in entry.network:
                return entry
        elif _is_from(entry.domain, entry.address, content, envelope, author_only=False):
            return entry
    return None


def is_authenticated_as(domain: DomainName, auth: AuthFacts) -> bool:
    """Whether a whole DKIM signature, SPF for MAIL FROM, or a trusted ARC chain stands for `domain` or below it."""
    if any(
        result.status is DkimStatus.PASS
        and result.is_proof
        and result.domain
        and is_same_or_below(result.domain, domain)
        for result in auth.dkim
    ):
        return True
    spf = auth.spf
    by_mail_from = spf.status is SpfStatus.PASS and spf.identity is SpfIdentity.MAIL_FROM
    if by_mail_from and spf.domain and is_same_or_below(spf.domain, domain):
        return True
    return auth.arc.trusted and any(is_same_or_below(name, domain) for name in auth.arc.recorded_dmarc_pass)


def _is_from(
    domain: str | None, address: str | None, content: ContentFacts, envelope: Envelope, *, author_only: bool
) -> bool:
    mailboxes = [content.sender.author]
    if not author_only and envelope.mail_from is not None:
        mailboxes.append(envelope.mail_from.mailbox)
    for mailbox in mailboxes:
        if mailbox is None:
            continue
        if address is not None and str(mailbox).lower() == address:
            return True
        if domain is not None and mailbox.domain and is_same_or_below(mailbox.domain, DomainName(domain)):
            return True
    return False
