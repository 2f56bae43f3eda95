"""Personal data in the folded text: kind and place, never the value.

NIR: 13 digits and a key, 97 minus the number modulo 97 (2A counts as 19, 2B as 18); first digit 1 or 2, and 3, 4, 7, 8
for provisional numbers; months 01-12, 20-42 and 50-99 for incomplete civil status. IBAN: modulo 97, with the length
its country uses. FINESS, SIRET and card numbers: Luhn. A birth date is a date beside a word of birth.
"""

import re
from collections.abc import Callable
from itertools import islice

from ahocorasick_rs import AhoCorasick

from gateway.content.phone import find_phones
from gateway.model.content_facts import DataKind, PersonalData
from gateway.model.folded import Folded, Region

MAX_FINDINGS = 200
MAX_CANDIDATES = 1000  # of each kind looked at: what holds more is no mail about somebody

_NIR = re.compile(
    r"(?<![\w.,])([1-478])[ .\-]?(\d{2})[ .\-\n]?(0[1-9]|1[0-2]|[2-3]\d|4[0-2]|[5-9]\d)[ .\-\n]?(\d{2}|2[ab])[ .\-\n]?"
    r"(\d{3})[ .\-\n]?(\d{3})(?:[ .\-/|\n]{0,3}(?:cle ?:? ?)?(\d{2}))?(?!\w|[.,]\d)"
)
_IBAN = re.compile(r"(?<![a-z0-9])([a-z]{2}\d{2})[ .\-]?((?:[a-z0-9]{4}[ .\-]?){2,7}[a-z0-9]{0,4})(?![a-z0-9])")
_LENGTHS = {
    "ad": 24, "ae": 23, "al": 28, "at": 20, "az": 28, "ba": 20, "be": 16, "bg": 22, "bh": 22, "br": 29, "by": 28,
    "ch": 21, "cr": 22, "cy": 28, "cz": 24, "de": 22, "dk": 18, "do": 28, "ee": 20, "eg": 29, "es": 24, "fi": 18,
    "fo": 18, "fr": 27, "gb": 22, "ge": 22, "gi": 23, "gl": 18, "gr": 27, "gt": 28, "hr": 21, "hu": 28, "ie": 22,
    "il": 23, "iq": 23, "is": 26, "it": 27, "jo": 30, "kw": 30, "kz": 20, "lb": 28, "li": 21, "lt": 20, "lu": 20,
    "lv": 21, "mc": 27, "md": 24, "me": 22, "mk": 19, "mr": 27, "mt": 31, "mu": 30, "nl": 18, "no": 15, "pk": 24,
    "pl": 28, "ps": 29, "pt": 25, "qa": 29, "ro": 24, "rs": 22, "sa": 24, "se": 24, "si": 19, "sk": 24, "sm": 27,
    "tn": 24, "tr": 26, "ua": 29, "va": 22, "xk": 20,
}  # fmt: skip
_NO_GAPS = str.maketrans("", "", " .-\n")
_DATE = re.compile(r"(?<!\d)(\d{1,2})[/.\- \n](\d{1,2}|[a-z]{3,9})[/.\- \n]((?:19|20)\d{2})(?!\d)")
_BIRTH = re.compile(r"\b(?:nee?(?:\(e\)|\.e)? le|ne\(e\) le|naissance|naiss|birth(?:day| date)?|born|dob)\b")
_MONTHS = ("janv", "fevr", "mars", "avri", "mai", "juin", "juil", "aout", "sept", "octo", "nove", "dece")
_LONG_NUMBER = re.compile(r"(?<![\w.,/\-])\d(?:[ .\-]?\d){8,18}(?!\w|[.,/\-]\d)")
_FINESS_WORD = re.compile(r"\bfiness\b")
# Everything but a birth date holds eight digits with little between them: one pass tells most mails apart.
_LONG_RUN = re.compile(r"\d(?:[ .\-()]{0,2}\d){7}")
# ...and a look at eight digits with anything of that between them tells nearly all of those, in C.
_DIGITS = bytes(48 if 48 <= code <= 57 else 120 for code in range(256)), b" .-()"
_EIGHT_DIGITS = b"00000000"
_YEAR = b"0000"  # without which there is no date
_BIRTH_PIECES = ("ne le", "nee le", "ne(e) le", "nee(e) le", "ne.e le", "nee.e le", "naiss", "birth", "born", "dob")
_FIND_BIRTHS = AhoCorasick(list(_BIRTH_PIECES)).find_matches_as_indexes
_BEFORE_DATE = 40  # characters before a date in which a word of birth must begin
_LONGEST_DATE = 30  # and some more


def find_personal_data(folded: Folded) -> tuple[PersonalData, ...]:
    """Every piece of personal data, in order of its place; at most `MAX_FINDINGS`."""
    text = folded.text
    digits = text.encode("ascii", "replace").translate(*_DIGITS)
    if _YEAR not in digits:
        return ()
    run = _LONG_RUN.search(text) if _EIGHT_DIGITS in digits else None
    births = _FIND_BIRTHS(text)
    if run is None and not births:
        return ()
    taken: list[tuple[int, int]] = []
    found: list[PersonalData] = []

    def add(kind: DataKind, start: int, end: int, country: str = "", premium: bool = False) -> None:
        if len(found) >= MAX_FINDINGS or any(s < end and start < e for s, e in taken):
            return
        taken.append((start, end))
        region = folded.region_at(start) or Region.VISIBLE
        found.append(PersonalData(kind=kind, region=region, country=country, premium=premium, start=start, end=end))

    if run is not None:
        start = max(0, run.start() - 32)  # an IBAN's letters, a phone's prefix
        _find_ibans(text, start, add)
        _find_nirs(text, start, add)
        _find_numbers(text, start, add)
        for phone in find_phones(text, start):
            add(DataKind.PHONE, phone.start, phone.end, phone.country, phone.premium)
    if births:
        _find_birth_dates(text, births, add)
    return tuple(sorted(found, key=lambda data: data.start))


_Add = Callable[..., None]


def _find_nirs(text: str, start: int, add: _Add) -> None:
    for match in islice(_NIR.finditer(text, start), MAX_CANDIDATES):
        sex, year, month, department, commune, order, key = match.groups()
        body = int(sex + year + month + {"2a": "19", "2b": "18"}.get(department, department) + commune + order)
        if key is not None and int(key) == 97 - body % 97:
            add(DataKind.NIR, match.start(), match.end())
        elif sex in "12" and (key is not None or _is_grouped(match.group())):
            # 13 digits in a row are anything; written as a NIR is, they are one whose key is missing or mistyped
            add(DataKind.NIR_WITHOUT_KEY, match.start(), match.end())


def _is_grouped(text: str) -> bool:
    return sum(c in " .-" for c in text.strip()) >= 4


def _find_ibans(text: str, start: int, add: _Add) -> None:
    for match in islice(_IBAN.finditer(text, start), MAX_CANDIDATES):
        country = match.group(1)[:2]
        length = _LENGTHS.get(country)
        if length is None:
            continue
        begin = match.start()
        written = text[begin : begin + 2 * length]
        compact = written.translate(_NO_GAPS)[:length]
        if len(compact) < length or not compact.isalnum() or not is_iban(compact):
            continue
        end = begin + length  # and the gaps between: at most as many as letters
        while len(text[begin:end].translate(_NO_GAPS)) < length:
            end += 1
        if end == len(text) or not text[end].isalnum():
            add(DataKind.IBAN, begin, end, country.upper())


def is_iban(compact: str) -> bool:
    """Whether letters and digits without blanks pass ISO 13616's check."""
    moved = compact[4:] + compact[:4]
    return int("".join(str(int(c, 36)) for c in moved)) % 97 == 1


def _find_numbers(text: str, start: int, add: _Add) -> None:
    for match in islice(_LONG_NUMBER.finditer(text, start), MAX_CANDIDATES):
        digits = "".join(c for c in match.group() if c.isdigit())
        if not _luhn(digits):
            continue
        if len(digits) == 9:
            if _FINESS_WORD.search(text, max(0, match.start() - 40), match.end() + 20):
                add(DataKind.FINESS, match.start(), match.end())
        elif len(digits) == 14 and not digits.startswith("0"):
            add(DataKind.SIRET, match.start(), match.end())
        elif _is_card(digits):
            add(DataKind.CARD_NUMBER, match.start(), match.end())


def _is_card(digits: str) -> bool:
    if len(digits) == 15:
        return digits[:2] in ("34", "37")
    if len(digits) != 16:
        return False
    return digits[0] == "4" or "51" <= digits[:2] <= "55" or "2221" <= digits[:4] <= "2720" or digits[:4] == "6011"


def _luhn(digits: str) -> bool:
    total = 0
    for i, c in enumerate(reversed(digits)):
        number = int(c)
        if i % 2:
            number = number * 2 - 9 if number > 4 else number * 2
        total += number
    return total % 10 == 0 and len(set(digits)) > 1


def _find_birth_dates(text: str, births: list[tuple[int, int, int]], add: _Add) -> None:
    looked_at = 0
    for low, high in _beside(births):
        for match in _DATE.finditer(text, low, high):
            looked_at += 1
            if looked_at > MAX_CANDIDATES:
                return
            day, month, _ = match.groups()
            readable = 1 <= int(month) <= 12 if month.isdigit() else month[:4] in _MONTHS or month == "mai"
            if not (1 <= int(day) <= 31 and readable):
                continue
            if _BIRTH.search(text, max(0, match.start() - _BEFORE_DATE), match.start()):
                add(DataKind.BIRTH_DATE, match.start(), match.end())


def _beside(births: list[tuple[int, int, int]]) -> list[tuple[int, int]]:
    """Where dates may stand that a piece of a word of birth precedes: stretches in order, none overlaps another."""
    stretches: list[tuple[int, int]] = []
    for _, at, _end in births:
        high = at + _BEFORE_DATE + _LONGEST_DATE
        if stretches and stretches[-1][1] >= at:
            stretches[-1] = (stretches[-1][0], high)
        else:
            stretches.append((at, high))
    return stretches
