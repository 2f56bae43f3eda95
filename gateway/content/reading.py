"""From a message to its content facts: the room's door. Pure; everything is compiled once, from the directory.

`read` knows nothing of authentication; `proof.add_proof` adds what that says.
"""

from collections.abc import Sequence

from gateway.content.attachments import read_attachments
from gateway.content.claims import ClaimReader, ClaimSources
from gateway.content.directory_index import DirectoryIndex
from gateway.content.header_values import reply_to
from gateway.content.links import LinkJudge
from gateway.content.lookalike import Lookalikes
from gateway.content.personal_data import find_personal_data
from gateway.content.sender import SenderReader
from gateway.content.texts_view import TextsView, view_texts
from gateway.model.content_facts import AttachmentFacts, AttachmentFlag, ContentFacts, FormFlag
from gateway.model.directory import Directory
from gateway.model.envelope import Envelope
from gateway.model.folded import Region
from gateway.model.inspection import InspectedPart
from gateway.model.message import Message
from gateway.model.texts import Texts

DEFAULT_TEXT_BYTES = 262_144


class ContentReader:
    """Reads messages against one directory. `directory` is the compiled form, which `add_proof` wants too."""

    def __init__(self, directory: Directory) -> None:
        self.directory = DirectoryIndex(directory)
        self._lookalikes = Lookalikes(self.directory)
        self._links = LinkJudge(self.directory, self._lookalikes)
        self._claims = ClaimReader(self.directory, self._lookalikes)
        self._sender = SenderReader(self.directory, self._lookalikes)

    def read(
        self,
        message: Message,
        texts: Texts,
        envelope: Envelope,
        inspected: Sequence[InspectedPart] = (),
        text_bytes: int = DEFAULT_TEXT_BYTES,
    ) -> ContentFacts:
        """All facts but proof. `text_bytes` caps the folded text."""
        view = view_texts(message, texts, inspected, text_bytes)
        links, more_links = self._links.judge(view.links)
        attachments = read_attachments(message, {part.part_index: part for part in inspected})
        reply_addresses, reply_name = reply_to(message)
        claims = self._claims.read(
            ClaimSources(
                display_name=message.author.display_name,
                author=message.author.mailbox,
                reply_to=reply_addresses,
                reply_to_name=reply_name,
                folded=view.folded,
                headings=view.headings,
                image_alts=view.image_alts,
                links=links,
            )
        )
        has_quote = any(span.region is Region.QUOTED for span in view.folded.spans)
        unchecked = [f"inspection:{part.unchecked}" for part in inspected if part.unchecked]
        if more_links:
            unchecked.append("links:too_many")
        return ContentFacts(
            folded=view.folded,
            claims=claims,
            asks=view.asks,
            signs=view.signs,
            links=links,
            sender=self._sender.read(message, envelope, claims, has_quote),
            personal_data=find_personal_data(view.folded),
            attachments=attachments,
            form=view.form | _form_of(view, attachments),
            language=view.language,
            unchecked=tuple(dict.fromkeys((*view.unchecked, *unchecked))),
        )


def _form_of(view: TextsView, attachments: tuple[AttachmentFacts, ...]) -> frozenset[FormFlag]:
    """What text and attachments together say of the form."""
    seen = len(view.folded.region(Region.VISIBLE).strip())
    pictures = any(AttachmentFlag.PICTURE in a.flags for a in attachments)
    if seen < 40 and (pictures or view.pictures):
        return frozenset((FormFlag.PICTURE_ONLY,))
    return frozenset((FormFlag.EMPTY_TEXT,)) if seen == 0 else frozenset()
