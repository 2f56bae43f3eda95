"""Facts that only several places together make: a picture without words, a locked file with its key beside it."""

import re
from collections.abc import Sequence
from dataclasses import replace

from gateway.model.content_facts import Ask, AskKind, AttachmentFacts, AttachmentFlag, FormFlag
from gateway.model.folded import Region
from gateway.model.html_reading import HtmlImage
from gateway.model.texts import TextReading

FEW_LETTERS = 40  # of visible text: a picture beside so little is the message
SMALL_PICTURE = 40  # pixels: bullets, logos of networks, counters
MAX_TEXT = 65_536

_SECRETS = frozenset((AskKind.CREDENTIALS, AskKind.CARD, AskKind.ONE_TIME_CODE, AskKind.BANK_DETAILS))
# « le mot de passe sera donné par téléphone » tells none: what follows « est » must hold a digit.
_PASSWORD = re.compile(
    r"\b(?:mots? de passe|mdp|password|passcode|code (?:d'ouverture|d'acces|du fichier|de l'archive)|pass code)\b"
    r"[^.\n:=]{0,40}(?:[:=] ?\"? ?[^\s\"]{3,32}|\b(?:est|is)\b[^.\n]{0,12}? \"? ?[^\s\"]{0,20}\d[^\s\"]{0,20})"
)


def form_of(reading: TextReading, attachments: Sequence[AttachmentFacts], asks: Sequence[Ask]) -> frozenset[FormFlag]:
    """What text, pictures and asks together say of the form."""
    form: set[FormFlag] = set()
    shown = {ask.kind for ask in asks if ask.region is not Region.HIDDEN}
    if any(ask.region is Region.HIDDEN and ask.kind in _SECRETS and ask.kind not in shown for ask in asks):
        form.add(FormFlag.HIDDEN_LURE_WORDS)
    letters = sum(s.end - s.start for s in reading.folded.spans if s.region in (Region.VISIBLE, Region.QUOTED))
    if letters < FEW_LETTERS:
        attached = any(AttachmentFlag.PICTURE in facts.flags for facts in attachments)
        if attached or any(_is_seen(image) for image in reading.images):
            form.add(FormFlag.PICTURE_ONLY)
        elif letters == 0:
            form.add(FormFlag.EMPTY_TEXT)
    return frozenset(form)


def _is_seen(image: HtmlImage) -> bool:
    return image.src != "" and not (0 <= image.width < SMALL_PICTURE or 0 <= image.height < SMALL_PICTURE)


def complete_attachments(
    attachments: tuple[AttachmentFacts, ...], reading: TextReading, form: frozenset[FormFlag]
) -> tuple[AttachmentFacts, ...]:
    """The attachments with what the text says of them: the password of a locked one, a picture that is the message."""
    locked = any(AttachmentFlag.ENCRYPTED in facts.flags for facts in attachments)
    told = locked and _PASSWORD.search(reading.folded.region(Region.SUBJECT, Region.VISIBLE)[:MAX_TEXT]) is not None
    picture_only = FormFlag.PICTURE_ONLY in form
    if not told and not picture_only:
        return attachments
    completed = []
    for facts in attachments:
        flags = facts.flags
        if told and AttachmentFlag.ENCRYPTED in flags:
            flags |= {AttachmentFlag.PASSWORD_IN_TEXT}
        if picture_only and AttachmentFlag.PICTURE in flags:
            flags |= {AttachmentFlag.PICTURE_ONLY_BODY}
        completed.append(replace(facts, flags=flags) if flags is not facts.flags else facts)
    return tuple(completed)
