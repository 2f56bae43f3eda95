"""The second lock of the log: what looks like a NIR, an IBAN or a card number never gets through (DESIGN §8)."""

import re

import re2

# Thirteen digits of a NIR or a card, or how an IBAN begins: what none of the patterns below matches without.
_POSSIBLE = re2.compile(r"[0-9](?:[ .-]?[0-9AaBb]){12}|[A-Za-z]{2}[0-9]{2}(?:[ .-]?[A-Za-z0-9]){12}")
_NIR = re.compile(
    r"(?<!\d)[1-478][ .-]?\d{2}[ .-]?\d{2}[ .-]?(?:\d{2}|2[AB])[ .-]?\d{3}[ .-]?\d{3}(?:[ .-]?\d{2})?(?!\d)", re.ASCII
)
_IBAN = re.compile(
    r"(?<![A-Za-z0-9])[A-Za-z]{2}\d{2}(?:[ .-]?[A-Za-z0-9]{4}){3,7}(?:[ .-]?[A-Za-z0-9]{1,4})?(?![A-Za-z0-9])", re.ASCII
)
_CARD = re.compile(r"(?<!\d)\d{4}([ -]?)\d{4}\1\d{4}\1\d{4}(?!\d)", re.ASCII)


def redact(text: str) -> str:
    """The text with such numbers replaced by what they were."""
    if not _POSSIBLE.search(text):
        return text
    return _CARD.sub("[carte]", _NIR.sub("[nir]", _IBAN.sub(_mask_iban, text)))


def _mask_iban(found: re.Match[str]) -> str:
    """Ids and hashes look like an IBAN too: the check digits, or the usual groups of four, tell (ISO 13616)."""
    compact = re.sub(r"[ .-]", "", found[0]).upper()
    digits = "".join(str(int(c, 36)) for c in compact[4:] + compact[:4])
    return "[iban]" if int(digits) % 97 == 1 or " " in found[0] else found[0]
