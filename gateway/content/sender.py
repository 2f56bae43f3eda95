"""Addresses and names held against one another: facts, never judgements.

A private address that writes about private matters is ordinary; a name on an address that isn't its owner's is a
fact that rules weigh. Whether the author is who he says is `proof.py`'s.
"""

import re
from collections.abc import Callable

from rapidfuzz.distance import OSA

from gateway.content.correspondence import addresses_in, is_quoted_elsewhere
from gateway.content.directory_index import INTERNAL_SERVICE, DirectoryIndex, in_domains
from gateway.content.header_values import addresses, display_name, field_text, reply_to
from gateway.content.lookalike import Lookalikes, host_of
from gateway.content.office_names import is_office_label, names_an_office, names_itself, tells_a_pretext
from gateway.content.people import People
from gateway.content.plain_fold import fold_short, fold_words
from gateway.content.registrable import registered_label, registrable_domain, same_owner
from gateway.content.words import INSTITUTION_WORDS, SERVICE_WORDS, is_filler
from gateway.model.address import Mailbox
from gateway.model.content_facts import Claim, ClaimPlace, SenderFacts, SenderFlag
from gateway.model.directory import ORGANISATION, IdentityKind, ProtectedPerson
from gateway.model.domain import DomainName
from gateway.model.envelope import Envelope
from gateway.model.message import Message

_NO_PERSON = frozenset((IdentityKind.SAAS,))
_FIELD = re.compile(r"^ ?[a-z][a-z '\-]{1,30} ?: ?([^\n]{1,200})$", re.MULTILINE)
_BOUNCERS = frozenset(("mailer-daemon", "postmaster", "mailerdaemon"))


class SenderReader:
    """Reads the sender's side of a message."""

    def __init__(self, index: DirectoryIndex, lookalikes: Lookalikes) -> None:
        self._index = index
        self._lookalikes = lookalikes
        self._people = People(index.directory.people)

    def read(
        self,
        message: Message,
        envelope: Envelope,
        claims: tuple[Claim, ...] = (),
        has_quote: bool = False,
        closing: str = "",
        folded: str = "",
        quoted: str = "",
        said: str = "",
    ) -> SenderFacts:
        """All facts but proof. `closing` is the end of what the author says, not folded: where people sign;
        `folded` the folded text; `quoted` what he quotes and `said` what he says, not folded."""
        author = message.author.mailbox
        domain = author.domain if author else None
        flags: set[SenderFlag] = set()
        if message.author.problem is not None:
            flags.add(SenderFlag.AUTHOR_PROBLEM)
        flags |= kind_of_mail(message, envelope, has_quote)
        flags |= self._recipients(message, envelope)
        resemblance_of: tuple[str, ...] = ()
        if domain is not None:
            resemblance_of = self._author_domain(domain, flags)
            self._display_name(display_name(message), domain, flags)
            if any(c.domain and not self._same_side(c.domain, domain) for c in message.author.candidates[:10]):
                flags.add(SenderFlag.NAME_IS_ADDRESS_ELSEWHERE)
            if self._on_free_mail(message, domain, claims):
                flags.add(SenderFlag.INSTITUTION_ON_FREE_MAIL)
            named = any(claim.place is ClaimPlace.DISPLAY_NAME for claim in claims)
            if not named and not self._index.speaks_for(domain) and _is_nameless(display_name(message)):
                flags.add(SenderFlag.NAMELESS_SERVICE)
            if author is not None and not self._index.speaks_for(domain):
                flags |= _office(display_name(message), author, said, claims)
            if author is not None and is_quoted_elsewhere(quoted, author, display_name(message), self._others(domain)):
                flags.add(SenderFlag.QUOTED_ELSEWHERE)
        elif any(c.domain and self._index.is_own(c.domain) for c in message.author.candidates):
            flags.add(SenderFlag.OWN_DOMAIN_AUTHOR)  # where readers differ, some show us
        person = self._executive(display_name(message), author, domain)
        if person is None and domain is not None and self._may_hide(message, domain):
            person = self._signed_by(closing, author, domain)
        if person is None and domain is not None:
            person = self._behind_a_platform(message, domain, folded)
        if person is not None:
            flags.add(SenderFlag.EXECUTIVE_NAME)
        if domain is not None and not self._index.is_own(domain) and self._people.mentioned_in(folded):
            flags.add(SenderFlag.EXECUTIVE_MENTIONED)
            if self._people.invoked_in(folded):
                flags.add(SenderFlag.EXECUTIVE_INVOKED)
        reply_domain = self._reply_to(message, domain, flags)
        ours = SenderFlag.OWN_DOMAIN_AUTHOR in flags
        if (ours or SenderFlag.REPLY_TO_FREE_MAIL in flags) and _is_web_form(message, folded):
            flags.add(SenderFlag.WEB_FORM)
        self._return_path(envelope, domain, flags)
        return SenderFacts(
            author=author,
            author_domain=domain,
            registrable_domain=registrable_domain(domain) if domain else None,
            display_name=fold_short(display_name(message)),
            flags=frozenset(flags),
            speaks_for=self._index.speaks_for(domain) if domain else (),
            lookalike_of=resemblance_of,
            executive=(person.role or person.name) if person else "",
            reply_to_domain=reply_domain,
        )

    def _author_domain(self, domain: DomainName, flags: set[SenderFlag]) -> tuple[str, ...]:
        if self._index.is_free_mail(domain):
            flags.add(SenderFlag.FREE_MAIL)
        if "xn--" in domain:
            flags.add(SenderFlag.PUNYCODE_DOMAIN)
        if self._index.is_own(domain):
            flags.add(SenderFlag.OWN_DOMAIN_AUTHOR)
        if self._index.speaks_for(domain):
            flags.add(SenderFlag.LISTED_DOMAIN)
        elif SenderFlag.FREE_MAIL not in flags and is_office_label(registered_label(domain)):
            flags.add(SenderFlag.OFFICE_DOMAIN)
        resemblance = self._lookalikes.judge(domain)
        if resemblance.of:
            flags.add(SenderFlag.LOOKALIKE_DOMAIN)
            if ORGANISATION in resemblance.of:
                flags.add(SenderFlag.OWN_DOMAIN_LOOKALIKE)
        return resemblance.of

    def _display_name(self, name: str, domain: DomainName, flags: set[SenderFlag]) -> None:
        """A display name that is, or holds, an address or a host of another owner."""
        if "." not in name and "@" not in name:
            return
        for mailbox in addresses(name, 3):
            if mailbox.domain and not self._same_side(mailbox.domain, domain):
                flags.add(SenderFlag.NAME_IS_ADDRESS_ELSEWHERE)
                return
        if "@" in name:
            return
        for word in name.split()[:12]:
            host = host_of(word.strip("()[]<>,;:\"'")) if "." in word else None
            if host and self._index.speaks_for(host) and not self._same_side(host, domain):
                flags.add(SenderFlag.NAME_IS_ADDRESS_ELSEWHERE)
                return

    def _same_side(self, one: DomainName, other: DomainName) -> bool:
        """Whether two domains belong to one owner, by registration or by the directory."""
        return same_owner(one, other) or bool(set(self._index.speaks_for(one)) & set(self._index.speaks_for(other)))

    def _others(self, domain: DomainName) -> Callable[[DomainName], bool]:
        """Which domains are neither ours nor of the author's side; of a free mailbox, no other free mailbox."""
        private = self._index.is_free_mail(domain)

        def is_other(found: DomainName) -> bool:
            if self._index.is_own(found) or (private and self._index.is_free_mail(found)):
                return False
            return not self._same_side(found, domain)

        return is_other

    def _on_free_mail(self, message: Message, domain: DomainName, claims: tuple[Claim, ...]) -> bool:
        if not self._index.is_free_mail(domain):
            return False
        if any(c.place in (ClaimPlace.DISPLAY_NAME, ClaimPlace.LOCAL_PART) for c in claims):
            return True
        if INSTITUTION_WORDS & set(fold_words(display_name(message))):
            return True
        local = "".join(fold_words(message.author.mailbox.local)) if message.author.mailbox else ""
        return any(word in local for word in INSTITUTION_WORDS if len(word) >= 6)

    def _executive(self, name: str, author: Mailbox | None, domain: DomainName | None) -> ProtectedPerson | None:
        """The protected person whose name is used from an address that isn't his."""
        person = self._people.named_in(name) if name else None
        if person is None and author is not None:
            person = self._people.named_by_local_part(author.local)
        if person is None:
            return None
        if author is not None and str(author).lower() in person.addresses:
            return None
        if domain is not None:
            if self._index.is_own(domain):
                return None
            speakers = self._index.speaks_for(domain)
            if ORGANISATION in speakers or any(self._index.kind(s) in _NO_PERSON for s in speakers):
                return None  # « X via DocuSign », a calendar, an HR service of ours
        return person

    def _behind_a_platform(self, message: Message, domain: DomainName, folded: str) -> ProtectedPerson | None:
        """The protected person whose name a private mailbox bears that a platform's notice shows: its Reply-To, or an
        address in the text."""
        if not any(self._index.kind(speaker) in _NO_PERSON for speaker in self._index.speaks_for(domain)):
            return None
        found, _ = reply_to(message)
        shown = [(mailbox.local, mailbox.domain) for mailbox in found[:1] if mailbox.domain]
        shown += [(address.local, address.domain) for address in addresses_in(folded)]
        for local, host in shown:
            if self._index.is_free_mail(host):
                person = self._people.named_by_local_part(local)
                if person is not None and f"{local}@{host}".lower() not in person.addresses:
                    return person
        return None

    def _may_hide(self, message: Message, domain: DomainName) -> bool:
        """Whether an author may let the signature say who he is: from a free mailbox, or without a name of his own."""
        return self._index.is_free_mail(domain) or all(is_filler(w) for w in fold_words(display_name(message)))

    def _signed_by(self, closing: str, author: Mailbox | None, domain: DomainName) -> ProtectedPerson | None:
        """The protected person whose name alone, or beside the role, is one of the last lines."""
        for line in closing.split("\n")[-8:]:
            if 0 < len(line) <= 80 and len(line.split()) <= 8:
                person = self._executive(line, author, domain) if self._people.signs(line) else None
                if person is not None:
                    return person
        return None

    def _reply_to(self, message: Message, domain: DomainName | None, flags: set[SenderFlag]) -> DomainName | None:
        found, _ = reply_to(message)
        reply_domain = found[0].domain if found else None
        if reply_domain is None or domain is None:
            return reply_domain
        if all(m.domain and self._same_side(m.domain, domain) for m in found):
            return reply_domain
        reply_domain = next(m.domain for m in found if m.domain and not self._same_side(m.domain, domain))
        both_private = self._index.is_free_mail(domain) and self._index.is_free_mail(reply_domain)
        if not (both_private and found[0].local.lower() == (message.author.mailbox or found[0]).local.lower()):
            flags.add(SenderFlag.REPLY_TO_ELSEWHERE)
        if self._index.is_free_mail(reply_domain) and not self._index.is_free_mail(domain):
            flags.add(SenderFlag.REPLY_TO_FREE_MAIL)
        borrowed = self._lookalikes.judge(reply_domain).of
        if in_domains(domain, self._index.directory.own_services):
            borrowed = tuple(x for x in borrowed if x != ORGANISATION)  # a provider's other domain resembles its first
        elif _resembles(reply_domain, domain, SenderFlag.BULK in flags):
            borrowed = borrowed or ("author",)
        if borrowed:
            flags.add(SenderFlag.REPLY_TO_LOOKALIKE)
        return reply_domain

    def _return_path(self, envelope: Envelope, domain: DomainName | None, flags: set[SenderFlag]) -> None:
        path = envelope.mail_from
        if path is None:
            return
        if path.is_null:
            flags.add(SenderFlag.NULL_SENDER)
        elif path.domain and domain and not self._same_side(path.domain, domain):
            flags.add(SenderFlag.RETURN_PATH_ELSEWHERE)

    def _recipients(self, message: Message, envelope: Envelope) -> set[SenderFlag]:
        flags: set[SenderFlag] = set()
        directory = self._index.directory
        for recipient in envelope.recipients:
            if recipient.path.mailbox is None:
                continue
            address = str(recipient.path.mailbox).lower()
            if address in directory.report_mailboxes:
                flags.add(SenderFlag.TO_REPORT_MAILBOX)
            if address in directory.benefits_mailboxes:
                flags.add(SenderFlag.TO_BENEFITS_MAILBOX)
        to = message.first("to")
        if to is None:
            unnamed = message.first("cc") is None
        else:
            unnamed = b"@" not in to.value and b"undisclosed" in to.value[:200].lower()
        if unnamed:
            flags.add(SenderFlag.UNDISCLOSED_RECIPIENTS)
        return flags


def _is_web_form(message: Message, folded: str) -> bool:
    """Whether a message is what a form of our own site sends: lines « Nom : ... », one of them the address to which
    the answer goes."""
    found, _ = reply_to(message)
    if len(found) != 1:
        return False
    address = str(found[0]).lower()
    fields = _FIELD.findall(folded)
    return len(fields) >= 3 and any(address in value for value in fields)


def _office(name: str, author: Mailbox, said: str, claims: tuple[Claim, ...]) -> set[SenderFlag]:
    """Whether the author says an office and nobody, and whether the text or the name says whose domain it is."""
    if not names_an_office(name):
        return set()
    flags = set() if any(map(_names_somebody, claims)) else {SenderFlag.OFFICE_NAME}
    label = registered_label(author.domain) if author.domain is not None else ""
    if names_itself(name, said, label):
        flags.add(SenderFlag.NAMES_ITSELF)
    elif flags and tells_a_pretext(label):
        flags.add(SenderFlag.OFFICE_DOMAIN)
    return flags


def _names_somebody(claim: Claim) -> bool:
    """Whether a display name names an organisation; « Support informatique » claims to be inside, and names none."""
    return claim.place is ClaimPlace.DISPLAY_NAME and claim.identity != INTERNAL_SERVICE


def _is_nameless(name: str) -> bool:
    """Whether a display name is a service's without saying whose: « Service remboursements », « Gestion adhérents »."""
    words = fold_words(name)
    return len(words) >= 1 and all(is_filler(w) for w in words) and any(w in SERVICE_WORDS for w in words)


def _resembles(one: DomainName, other: DomainName, bulk: bool) -> bool:
    """Whether a reply domain is the author's own domain mistyped, or with a word added. Newsletters are sent from one
    top level and answered at another."""
    first, second = registrable_domain(one), registrable_domain(other)
    if first is None or second is None or first == second:
        return False
    a, b = first.partition(".")[0].replace("-", ""), second.partition(".")[0].replace("-", "")
    if min(len(a), len(b)) < 6 or (bulk and a == b):
        return False
    if a == b or (min(len(a), len(b)) >= 8 and (a in b or b in a)):
        return True
    return int(OSA.distance(a, b, score_cutoff=2)) <= (2 if min(len(a), len(b)) >= 10 else 1)


def kind_of_mail(message: Message, envelope: Envelope, has_quote: bool) -> set[SenderFlag]:
    """Bulk, list, thread, automatic answer, bounce: by the fields that say so."""
    flags: set[SenderFlag] = set()
    names = {field.name for field in message.fields}
    precedence = field_text(message.first("precedence")).strip().lower() if "precedence" in names else ""
    if "list-unsubscribe" in names or "feedback-id" in names or precedence in ("bulk", "list", "junk"):
        flags.add(SenderFlag.BULK)
    if "list-id" in names or "list-post" in names:
        flags |= {SenderFlag.MAILING_LIST, SenderFlag.BULK}
    in_thread = "in-reply-to" in names or "references" in names
    subject = message.subject.lstrip()[:12].lower()
    if in_thread:
        if has_quote or subject.startswith(("re:", "re :", "tr:", "fw", "sv:", "aw:", "ré:", "ref:")):
            flags.add(SenderFlag.THREAD)
    elif subject.startswith(("re:", "re :", "ré:", "re\u00a0:")):
        flags.add(SenderFlag.FAKE_THREAD)
    automatic = field_text(message.first("auto-submitted")).strip().lower() if "auto-submitted" in names else ""
    if automatic.startswith("auto-replied") or names & {"x-autoreply", "x-autorespond"} or precedence == "auto_reply":
        flags.add(SenderFlag.AUTO_REPLY)
    null = envelope.mail_from is not None and envelope.mail_from.is_null
    author = message.author.mailbox
    from_daemon = author is not None and author.local.lower() in _BOUNCERS
    report = message.root is not None and message.root.content_type == "multipart/report"
    if (report and null) or (from_daemon and (null or envelope.mail_from is None)):
        flags.add(SenderFlag.BOUNCE)
    return flags
