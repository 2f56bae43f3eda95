"""What the author says now, told from what he quotes: reply lines, "> ", header blocks of replies, banners.

A quote begins where a mail program says so. Text is never taken for a quote on one's own word alone: the line that
opens it must have the form that programs write.
"""

import re
from dataclasses import dataclass

from ahocorasick_rs import AhoCorasick

MAX_LINES = 20000
MAX_LINE = 400  # of a line that may open a quote

# Rare strings, one of which stands in every opener: a text without them holds no quote.
_HINTS = (
    "\n>", "crit", "wrote", "rigin", "ransf", "orward", "nvoy", "\nSent", "schrieb", "crib", "\n--", "but du message",
)  # fmt: skip
_FIND_HINTS = AhoCorasick(list(_HINTS)).find_matches_as_indexes
_OPENERS = re.compile(
    r"-{2,}\s*(?:message (?:d.origine|original|transf.r.|initial)|original (?:message|appointment)|forwarded message"
    r"|message transmis|courriel original|courrier original|rendez-vous d.origine)\s*-{2,}"
    r"|d.but du message (?:r.exp.di.|transf.r.|transmis)\s?:"
    r"|begin forwarded message ?:"
    r"|le \S.{4,200}\sa .crit\s?:?"
    r"|.{3,200}\sa .crit\s?(?:le .{4,60})?:"
    r"|on \S.{4,200}\swrote\s?:?"
    r"|.{3,200}\swrote\s?:"
    r"|am .{4,200} schrieb .{1,100}:|el .{4,200} escribi. ?:|il .{4,200} ha scritto ?:",
    re.IGNORECASE,
)
_FORWARD = re.compile(r"transf|forward|transmis|r.exp.di", re.IGNORECASE)
_HEADER = re.compile(
    r"\*?(de|from|envoy. ?(?:le|par)?|date|sent|.|to|cc|copie|objet|subject|exp.diteur|destinataire|reply-to|sujet"
    r"|r.pondre .|von|gesendet|an|betreff)\*?\s?:\*?(?:\s|$)",
    re.IGNORECASE,
)
_FROM = frozenset({"de", "from", "expediteur", "expéditeur", "von"})
_BANNER = re.compile(
    r"[\[(*<\s]*(?:external(?: e?-?mail| sender| message)?|externe|ext|exterieur|ext.rieur|message externe"
    r"|courriel externe|e-?mail externe|exp.diteur externe)[\])*>\s]*:?"
    r"|(?:attention|caution|warning|avertissement|alerte|prudence)\s?[:!,-]?\s.{0,80}(?:externe|ext.rieur|external|outside)"
    r".{0,300}"
    r"|(?:ce (?:message|courriel|mail|e-mail)|cet e-?mail|this (?:e-?mail|message))[^.]{0,40}(?:provient|.mane|vient|"
    r"originated|comes|came|was sent)[^.]{0,20}(?:ext.rieur|externe|outside|external)[^.]{0,200}\.?.{0,300}",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Split:
    """A text in two."""

    own: str
    quoted: str = ""
    is_forward: bool = False
    cut: int = -1  # where in the given text all that follows is quoted; -1 when quotes stand between own lines only


def split_quotes(text: str, *, answers: bool = True) -> Split:
    """What is said now and what is quoted, in order. Linear. In a message that `answers` none a single line that
    begins with ">" is no quote where it leads on: « > https://... » is an arrow before what to click."""
    if not _FIND_HINTS(text) and not text.startswith(">"):
        return Split(own=text)
    own: list[str] = []
    quoted: list[str] = []
    lines = text.split("\n")
    arrows: list[str] = []  # lines of ">" that stand together
    position = 0
    for index, line in enumerate(lines[:MAX_LINES]):
        stripped = line.strip()
        if stripped[:1] == ">" and not stripped.startswith(">>>"):
            arrows.append(stripped.lstrip("> "))
            position += len(line) + 1
            continue
        if arrows:
            (own if not answers and _is_arrow(arrows) else quoted).extend(arrows)
            arrows = []
        if 4 <= len(stripped) <= MAX_LINE and _opens(stripped, lines, index):
            rest = [piece.lstrip("> ") if piece[:1] == ">" else piece for piece in lines[index:]]
            forward = _FORWARD.search(stripped) is not None
            while own and not own[-1].strip(" _-*="):
                own.pop()  # the rule that Outlook draws above
            return Split(own="\n".join(own), quoted="\n".join(quoted + rest), is_forward=forward, cut=position)
        own.append(line)
        position += len(line) + 1
    (own if not answers and _is_arrow(arrows) else quoted).extend(arrows)
    own += lines[MAX_LINES:]
    if not quoted:
        return Split(own="\n".join(own))
    return Split(own="\n".join(own), quoted="\n".join(quoted))


def _is_arrow(lines: list[str]) -> bool:
    """Whether lines behind ">" are one, with a link."""
    return len(lines) == 1 and ("://" in lines[0] or "www." in lines[0])


def _opens(line: str, lines: list[str], index: int) -> bool:
    """Whether this line opens what a mail program quotes below it."""
    lead = line[0]
    if lead == "-" and _OPENERS.fullmatch(line) is not None:
        return True
    if (line[-1] == ":" or "crit" in line or "wrote" in line) and _OPENERS.fullmatch(line) is not None:
        return True
    # « Le lun. 3 mars 2025 à 10:12, Jean Dupont <jean@example.org> » broken before « a écrit : »
    if lead in "LlOo" and index + 1 < len(lines) and len(line) > 20:
        joined = f"{line} {lines[index + 1].strip()}"
        if len(joined) <= MAX_LINE and joined[:3].lower() in ("le ", "on ") and joined[-1] == ":":
            return _OPENERS.fullmatch(joined) is not None
    return _is_header_block(line, lines, index)


def _is_header_block(line: str, lines: list[str], index: int) -> bool:
    """De: / Envoyé: / À: / Objet: in consecutive lines, as Outlook writes above what it quotes."""
    first = _HEADER.match(line)
    if first is None or first.group(1).lower() not in _FROM:
        return False
    names = {first.group(1).lower()}
    for following in lines[index + 1 : index + 8]:
        match = _HEADER.match(following.strip()[:MAX_LINE])
        if match is not None:
            names.add(match.group(1).lower())
    return len(names) >= 3


def split_banner(text: str) -> tuple[str, str]:
    """(the banner that a gateway put above a text, the rest); the banner is "" when there is none."""
    head, newline, rest = text[:1000].partition("\n")
    line = head.strip()
    if 3 <= len(line) <= 500 and _BANNER.fullmatch(line) is not None:
        return line, rest + text[1000:] if newline else text[1000:]
    return "", text
