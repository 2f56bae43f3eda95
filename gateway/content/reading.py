"""From a message to its content facts: the room's door. Pure; everything is compiled once, from the directory.

`read` knows nothing of authentication; `proof.add_proof` adds what that says.
"""

import re
from collections.abc import Sequence
from dataclasses import replace

from gateway.content.attached_mail import show_attached_mail
from gateway.content.attachments import read_attachments
from gateway.content.claims import ClaimReader, ClaimSources
from gateway.content.directory_index import INTERNAL_SERVICE, DirectoryIndex
from gateway.content.grammar import automata
from gateway.content.header_values import display_name, reply_to
from gateway.content.joint_facts import complete_attachments, form_of
from gateway.content.language import find_language
from gateway.content.link_sources import gather_links
from gateway.content.links import LinkJudge
from gateway.content.lookalike import Lookalikes
from gateway.content.personal_data import find_personal_data
from gateway.content.sender import SenderReader
from gateway.content.signs import read_intent
from gateway.content.text_regions import read_regions
from gateway.model.content_facts import Ask, AskKind, ContentFacts, Link, LinkSource, SenderFacts, SenderFlag
from gateway.model.directory import ORGANISATION, Directory
from gateway.model.envelope import Envelope
from gateway.model.folded import Region
from gateway.model.html_reading import HtmlReading
from gateway.model.inspection import InspectedPart
from gateway.model.message import CUT_SHORT, Message
from gateway.model.texts import TextPlace, TextReading, Texts

DEFAULT_TEXT_BYTES = 262_144
_MAIL_SERVER = re.compile(r"(?:[a-z0-9-]{0,20}-)?(?:mx|smtp|mail|mta|relay|relais|inbound|outbound)[a-z0-9-]{0,20}\.")
_NO_MEMBER_ASKS = frozenset(
    (AskKind.CREDENTIALS, AskKind.ONE_TIME_CODE, AskKind.CARD, AskKind.INSTALL, AskKind.APPROVAL, AskKind.GIFT_CARD)
)
# ... and what is no member's either where the form's mail is sent by the host of our site, under its own address
_NO_FORM_ASKS = frozenset((AskKind.PAYMENT, AskKind.FEE, AskKind.SECRECY, AskKind.SCAN_CODE, AskKind.CRYPTOCURRENCY))
_REPLY_TO = frozenset((SenderFlag.REPLY_TO_ELSEWHERE, SenderFlag.REPLY_TO_FREE_MAIL, SenderFlag.REPLY_TO_LOOKALIKE))
MANDATES = 6000  # characters in which somebody may be named as who wants it
CLOSING = 500  # characters at the end of what is said, where people sign


class ContentReader:
    """Reads messages against one directory. `directory` is the compiled form, which `add_proof` wants too."""

    def __init__(self, directory: Directory) -> None:
        self.directory = DirectoryIndex(directory)
        self._report_mailboxes = frozenset(directory.report_mailboxes)
        self._lookalikes = Lookalikes(self.directory)
        self._links = LinkJudge(self.directory, self._lookalikes)
        self._claims = ClaimReader(self.directory, self._lookalikes)
        self._sender = SenderReader(self.directory, self._lookalikes)

    @staticmethod
    def warm_up() -> None:
        """Build now what the first message would wait for, and what processes forked later share."""
        automata()

    def read(
        self,
        message: Message,
        texts: Texts,
        envelope: Envelope,
        inspected: Sequence[InspectedPart] = (),
        text_bytes: int = DEFAULT_TEXT_BYTES,
    ) -> ContentFacts:
        """All facts but proof. `text_bytes` caps the folded text."""
        texts = show_attached_mail(message, texts, envelope, self._report_mailboxes)
        found_inside = [(Region.ATTACHMENT, part.text) for part in inspected if part.text]
        found_inside += [(Region.QUOTED, part.quoted) for part in inspected if part.quoted]
        reading = read_regions(message, texts, text_bytes, found_inside)
        links, more_links = self._links.judge(
            gather_links(reading, texts, inspected), (to.path.mailbox for to in envelope.recipients if to.path.mailbox)
        )
        attachments = read_attachments(message, {part.part_index: part for part in inspected})
        reply_addresses, reply_name = reply_to(message)
        pages = [*reading.html, *_attached_forms(texts)]
        claims = self._claims.read(
            ClaimSources(
                display_name=display_name(message),
                author=message.author.mailbox,
                shown=message.author.candidates,
                reply_to=reply_addresses,
                reply_to_name=reply_name,
                folded=reading.folded,
                headings=[text for html in pages for text in (html.title, *html.headings) if text],
                image_alts=[image.alt for html in pages for image in html.images if image.alt],
                links=links,
            )
        )
        asks, signs = read_intent(reading.folded)
        sender = self._sender.read(
            message,
            envelope,
            claims,
            reading.has_quote,
            reading.visible[-CLOSING:],
            reading.folded.text[:MANDATES],
            reading.quoted,
            reading.visible[:MANDATES],
        )
        if SenderFlag.WEB_FORM in sender.flags:
            ours = SenderFlag.OWN_DOMAIN_AUTHOR in sender.flags
            refused = _NO_MEMBER_ASKS if ours else _NO_MEMBER_ASKS | _NO_FORM_ASKS
            if _goes_elsewhere(asks, links, refused) or not (ours or links):
                sender = replace(sender, flags=sender.flags - {SenderFlag.WEB_FORM})
            else:  # our site's name above a member's letter, whose answer rightly goes to him
                sender = replace(sender, flags=sender.flags - _REPLY_TO - {SenderFlag.NAME_IS_ADDRESS_ELSEWHERE})
                claims = tuple(claim for claim in claims if claim.identity not in (ORGANISATION, INTERNAL_SERVICE))
        if SenderFlag.NAMES_ITSELF in sender.flags:  # « Service Paie » of the firm that the text names: not ours
            claims = tuple(claim for claim in claims if claim.identity != INTERNAL_SERVICE)
        if SenderFlag.BOUNCE in sender.flags and not any(_leads_away(link, sender) for link in links):
            # what came back is our own letter: it asks nothing of us, unless a link leads elsewhere
            asks = tuple(replace(ask, region=Region.QUOTED) for ask in asks)
        form = reading.form | form_of(reading, attachments, asks)
        return ContentFacts(
            folded=reading.folded,
            claims=claims,
            asks=asks,
            signs=signs,
            links=links,
            sender=sender,
            personal_data=find_personal_data(reading.folded),
            attachments=complete_attachments(attachments, reading, form),
            form=form,
            language_of=find_language,
            unchecked=_unchecked(message, reading, inspected, more_links),
        )


def _goes_elsewhere(asks: Sequence[Ask], links: Sequence[Link], refused: frozenset[AskKind]) -> bool:
    """Whether what looks like a form of our site asks what no member asks, or leads away."""
    if any(ask.kind in refused for ask in asks):
        return True
    return any(link.host and ORGANISATION not in link.speaks_for for link in links)


def _leads_away(link: Link, sender: SenderFacts) -> bool:
    """Whether a link in a bounce leads elsewhere than home; mail servers that it names bare are no links to follow."""
    if not link.host or ORGANISATION in link.speaks_for:
        return False
    named_bare = link.source is LinkSource.TEXT and link.shown.replace(" ", "-") == link.host
    return not (named_bare and (_MAIL_SERVER.match(link.host) or link.domain == sender.registrable_domain))


def _attached_forms(texts: Texts) -> list[HtmlReading]:
    """Attached pages that ask for input or lead on at once: they speak as the mail does. Other attachments are letters
    of anybody's: a member sends the Assurance Maladie's."""
    attached = [part.html for part in texts.parts if part.place is TextPlace.ATTACHMENT and part.html is not None]
    return [html for html in attached if html.forms or html.refresh]


def _unchecked(
    message: Message, reading: TextReading, inspected: Sequence[InspectedPart], more_links: int
) -> tuple[str, ...]:
    """What could not be read, beyond what the message's own findings say."""
    items = [f"text:{finding.value}" for finding in sorted((reading.findings - message.findings) & CUT_SHORT)]
    items += [f"attachment:{part.unchecked}" for part in inspected if part.unchecked]
    if more_links:
        items.append("links:too_many")
    return tuple(dict.fromkeys(items))
