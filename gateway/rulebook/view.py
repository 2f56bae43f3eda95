"""One message as rules ask about it: facts grouped once, the text scanned only when asked, answers remembered."""

from collections.abc import Sequence

from gateway.model.auth_facts import AuthFacts
from gateway.model.content_facts import AttachmentFacts, ContentFacts, Link, LinkSource, Proof
from gateway.model.message import Finding, Message
from gateway.rulebook.scan import Literals, ScannedText

ANY_CLAIM = "any claim"
ANY_LINK = "any link"
ANY_ATTACHMENT = "any attachment"
_NOT_CLICKED = frozenset((LinkSource.IMAGE, LinkSource.HIDDEN, LinkSource.QUOTED))


def distinct_links(links: Sequence[Link]) -> Sequence[Link]:
    """One of those links that no question tells apart: what it shows and where it stands is not asked."""
    if len(links) < 2:
        return links
    return tuple(
        {
            (link.source, link.domain, link.speaks_for, link.lookalike_of, link.flags, not link.host): link
            for link in links
        }.values()
    )


class View:
    """Everything the predicates look at."""

    __slots__ = (
        "all_links",
        "answers",
        "attachments",
        "auth",
        "claimed",
        "content",
        "findings",
        "hits",
        "kinds",
        "links",
        "proof",
        "scanned",
        "unknown_rules",
    )

    def __init__(self, content: ContentFacts, auth: AuthFacts, message: Message | None, literals: Literals) -> None:
        sender = content.sender
        self.content = content
        self.auth = auth
        self.findings: frozenset[Finding] = message.findings if message is not None else frozenset()
        self.claimed = frozenset(claim.identity for claim in content.claims)
        self.proof: dict[str, Proof] = dict(sender.proof)
        self.all_links = distinct_links(content.links)
        self.links: Sequence[Link] = [link for link in self.all_links if link.source not in _NOT_CLICKED]
        self.attachments: tuple[AttachmentFacts, ...] = content.attachments
        self.scanned = ScannedText(content.folded, literals)
        self.hits: dict[str, str] = {}  # rule id -> family, of rules that matched so far and count
        self.unknown_rules: set[str] = set()
        self.answers: dict[int, bool | None] = {}
        kinds: set[str] = set(self.claimed)
        kinds.update(ask.kind for ask in content.asks)
        kinds.update(sign.kind for sign in content.signs)
        kinds.update(data.kind for data in content.personal_data)
        kinds.update(sender.flags)
        kinds.update(content.form)
        kinds.update(self.findings)
        for attachment in content.attachments:
            kinds.update(attachment.flags)
        if self.claimed:
            kinds.add(ANY_CLAIM)
        if content.links:
            kinds.add(ANY_LINK)
        if content.attachments:
            kinds.add(ANY_ATTACHMENT)
        self.kinds = kinds
