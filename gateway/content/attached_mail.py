"""Which attached mails readers show with the message that holds them: their words are then the message's own.

A message/rfc822 that nothing makes an attachment is shown at once, so a lure in it is a lure. Who forwards one as an
attachment, returns our own mail or reports to the mailbox for it keeps it somebody else's words.
"""

from dataclasses import replace

from gateway.content.sender import kind_of_mail
from gateway.model.content_facts import SenderFlag
from gateway.model.envelope import Envelope
from gateway.model.message import MESSAGE_TYPES, Disposition, Message, Part
from gateway.model.texts import TextKind, TextPart, TextPlace, Texts

FEW_WORDS = 4  # of one's own around a forwarded mail: less is none
_REPORTS = frozenset(
    (
        "message/delivery-status",
        "message/global-delivery-status",
        "message/disposition-notification",
        "message/global-disposition-notification",
        "message/feedback-report",
    )
)
_FORWARDS = ("tr:", "tr :", "fw:", "fw :", "fwd:", "fwd :", "wg:")


def show_attached_mail(message: Message, texts: Texts, envelope: Envelope, report_mailboxes: frozenset[str]) -> Texts:
    """The texts, with those of attached mails that are shown at once as the body's."""
    if not any(part.place is TextPlace.ATTACHED_MESSAGE for part in texts.parts):
        return texts
    if _is_kept_apart(message, texts, envelope, report_mailboxes):
        return texts
    shown = _shown_leaves(message)
    parts = tuple(
        replace(part, place=TextPlace.BODY)
        if part.place is TextPlace.ATTACHED_MESSAGE and part.part_index in shown
        else part
        for part in texts.parts
    )
    if parts == texts.parts:
        return texts
    subjects = tuple(_line(subject) for subject in texts.inner_subjects)
    return replace(texts, parts=(*parts, *subjects), inner_subjects=())


def _line(text: str) -> TextPart:
    return TextPart(part_index=-1, kind=TextKind.PLAIN, place=TextPlace.BODY, text=text)


def _is_kept_apart(message: Message, texts: Texts, envelope: Envelope, report_mailboxes: frozenset[str]) -> bool:
    """Whether what is attached is another's words for whoever reads it: reported, returned or forwarded."""
    root = message.root
    if root is None or SenderFlag.BOUNCE in kind_of_mail(message, envelope, False):
        return True
    if root.content_type == "multipart/report" and any(child.content_type in _REPORTS for child in root.children):
        return True
    to = [str(r.path.mailbox).lower() for r in envelope.recipients if r.path.mailbox is not None]
    if to and all(address in report_mailboxes for address in to):
        return True
    if root.content_type in (*MESSAGE_TYPES, "multipart/digest"):
        return False  # nobody forwards so
    said = sum(len(part.text.split(None, FEW_WORDS)) for part in texts.parts if part.place is TextPlace.BODY)
    return said >= FEW_WORDS and texts.subject.lstrip().lower().startswith(_FORWARDS)


def _shown_leaves(message: Message) -> frozenset[int]:
    """Numbers of the leaves that stand in attached mails which nothing makes an attachment."""
    numbers = {id(leaf): number for number, leaf in enumerate(message.leaves)}
    found: set[int] = set()
    waiting: list[tuple[Part, bool]] = [(message.root, False)] if message.root is not None else []
    while waiting:
        part, inside = waiting.pop()
        if part.disposition is Disposition.ATTACHMENT:
            continue
        inside = inside or part.content_type in MESSAGE_TYPES
        if inside and not part.children and id(part) in numbers:
            found.add(numbers[id(part)])
        waiting += [(child, inside) for child in part.children]
    return frozenset(found)
