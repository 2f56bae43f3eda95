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


_PASTE = re.compile(r"\bcoll(?:ez|er|e)\b|\bpaste\b|\bctrl ?\+ ?v\b")
_RUN_BOX = re.compile(r"\b(?:windows|win|touche windows|logo windows) ?\+ ?[rx]\b|\bboite executer\b|\brun dialog\b")
_RUNS = re.compile(r"\bentree\b|\benter\b|\bcommande\b|\bcommand\b|\bpowershell\b|\bmshta\b|\bcmd\b")
_FETCHES = re.compile(
    r"\b(?:iwr|irm|curl|wget|invoke-[a-z]{3,20})\b[^\n|]{1,300}\| ?(?:iex|bash|sh|invoke-expression)\b"
    r"|\bmshta(?:\.exe)? [^\n]{0,80}https?:"
    r"|\bpowershell(?:\.exe)? [^\n]{0,80}(?:-w[a-z]* hidden|-e[a-z]* [a-z0-9+/=]{16})"
)


def form_of(reading: TextReading, attachments: Sequence[AttachmentFacts], asks: Sequence[Ask]) -> frozenset[FormFlag]:
    """What text, pictures and asks together say of the form."""
    form: set[FormFlag] = set()
    shown = {ask.kind for ask in asks if ask.region is not Region.HIDDEN}
    if any(ask.region is Region.HIDDEN and ask.kind in _SECRETS and ask.kind not in shown for ask in asks):
        form.add(FormFlag.HIDDEN_LURE_WORDS)
    letters = sum(s.end - s.start for s in reading.folded.spans if s.region in (Region.VISIBLE, Region.QUOTED))
    letters -= reading.pictured
    if letters < FEW_LETTERS:
        attached = any(AttachmentFlag.PICTURE in facts.flags for facts in attachments)
        if attached or any(_is_seen(image) for image in reading.images):
            form.add(FormFlag.PICTURE_ONLY)
        elif letters == 0:
            form.add(FormFlag.EMPTY_TEXT)
    if _tells_to_paste(reading):
        form.add(FormFlag.COMMAND_TO_PASTE)
    return frozenset(form)


def _tells_to_paste(reading: TextReading) -> bool:
    """Whether the reader is to paste a line and run it: into the box that Windows opens for programs, or into a shell
    where the line fetches what it runs."""
    text = reading.folded.text
    if "coll" not in text and "paste" not in text and "ctrl" not in text:
        return False
    said = reading.folded.region(Region.SUBJECT, Region.VISIBLE)[:MAX_TEXT]
    if _PASTE.search(said) is None:
        return False
    return (_RUN_BOX.search(said) is not None and _RUNS.search(said) is not None) or _FETCHES.search(said) is not None


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
