"""Telephone numbers in folded text: country and whether a call costs. The number itself goes no further.

French numbering plan: 080x is free, 081x is a fair call, 082x and 089x (and 3xxx short numbers, not read here) cost;
`+33 8 9...` is the same. Numbers of abroad count only when written in international form.
"""

import re
from dataclasses import dataclass

_CANDIDATE = re.compile(
    r"(?<![\w+.,/\-])(?:(?:\+|00)\s?(\d[\d .()\-]{6,22}\d)|0\s?([1-9](?:[ .\-]?\d{2}){4}))(?![\w]|[.,\-/]\d)"
)
_PREMIUM = ("89", "82")
# Country calling codes worth telling apart, longest first; the rest is "other".
_CODES = {
    "1": "US", "20": "EG", "212": "MA", "213": "DZ", "216": "TN", "221": "SN", "223": "ML", "224": "GN", "225": "CI",
    "226": "BF", "227": "NE", "228": "TG", "229": "BJ", "234": "NG", "237": "CM", "241": "GA", "243": "CD", "262": "RE",
    "30": "GR", "31": "NL", "32": "BE", "33": "FR", "34": "ES", "351": "PT", "352": "LU", "353": "IE", "356": "MT",
    "357": "CY", "36": "HU", "370": "LT", "371": "LV", "372": "EE", "377": "MC", "380": "UA", "39": "IT", "40": "RO",
    "41": "CH", "420": "CZ", "421": "SK", "43": "AT", "44": "GB", "45": "DK", "46": "SE", "47": "NO", "48": "PL",
    "49": "DE", "52": "MX", "55": "BR", "590": "GP", "594": "GF", "596": "MQ", "60": "MY", "62": "ID", "63": "PH",
    "65": "SG", "66": "TH", "7": "RU", "81": "JP", "84": "VN", "852": "HK", "86": "CN", "90": "TR", "91": "IN",
    "92": "PK", "961": "LB", "971": "AE", "972": "IL",
}  # fmt: skip
_OVERSEAS = frozenset(("RE", "GP", "GF", "MQ"))


@dataclass(frozen=True, slots=True)
class Phone:
    """One number's kind and place."""

    start: int
    end: int
    country: str
    premium: bool


def find_phones(text: str, start: int = 0, limit: int = 50) -> list[Phone]:
    """The telephone numbers of a folded text from `start` on, at most `limit`."""
    found: list[Phone] = []
    for match in _CANDIDATE.finditer(text, start):
        if len(found) >= limit:
            break
        international, national = match.groups()
        if national is not None:
            digits = _digits(national)
            found.append(Phone(match.start(), match.end(), "FR", digits.startswith(_PREMIUM)))
            continue
        digits = _digits(international)
        if not 8 <= len(digits) <= 15:
            continue
        country = next((_CODES[digits[:n]] for n in (3, 2, 1) if digits[:n] in _CODES), "other")
        rest = digits[2:].removeprefix("0") if country == "FR" else digits
        if country == "FR" and len(rest) != 9:
            continue
        if country in _OVERSEAS:
            country = "FR"
        found.append(Phone(match.start(), match.end(), country, country == "FR" and rest.startswith(_PREMIUM)))
    return found


def _digits(text: str) -> str:
    return "".join(c for c in text if c.isdigit())
