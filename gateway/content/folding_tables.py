"""Which letter each odd character stands for, and which characters are not seen at all: tables for `folding.py`.

Only what NFKD does not say by itself. The targets are what the eye reads, not what the letter sounds like.
"""

import re
import unicodedata

_PUNCTUATION = {
    "’": "'", "‘": "'", "‚": "'", "‛": "'", "ʼ": "'", "ʹ": "'", "ˈ": "'", "´": "'", "′": "'", "＇": "'", "ꞌ": "'",
    "“": '"', "”": '"', "„": '"', "‟": '"', "″": '"', "«": '"', "»": '"', "‹": '"', "›": '"',
    "‐": "-", "‑": "-", "‒": "-", "–": "-", "—": "-", "―": "-", "−": "-", "⁃": "-", "﹣": "-", "－": "-", "ー": "-",
    "•": "-", "·": ".", "‧": ".", "∙": ".", "⋅": ".", "●": "-", "▪": "-", "◦": "-", "‣": "-", "→": "-", "➜": "-",
    "€": " euros ", "£": " livres ", "⁄": "/", "∕": "/", "％": "%", "…": "...", "№": "no", "º": "o", "ª": "a",
    "\u2028": "\n", "\u2029": "\n", "\x85": "\n", "\u1680": " ", "\u3000": " ", "\u2800": " ", "\u3164": " ",
}  # fmt: skip
_LIGATURES = {
    "œ": "oe", "Œ": "oe", "æ": "ae", "Æ": "ae", "ß": "ss", "ẞ": "ss", "ø": "o", "Ø": "o", "ł": "l", "Ł": "l",
    "đ": "d", "Đ": "d", "ð": "d", "Ð": "d", "þ": "th", "Þ": "th", "ħ": "h", "ı": "i", "ȷ": "j", "ŋ": "n", "ŧ": "t",
    "ſ": "s", "ƒ": "f", "ꝛ": "r",
}  # fmt: skip
# Letters of other alphabets, by the Latin letter they look like: lower and upper case.
_LOOKS = {
    "a": "аΑαАᴀɑ⍺ᎪꓮᗅⲀⲁ", "b": "ВвΒƄЬьᏴʙꓐᗷßɓ", "c": "сСϲϹᴄⅽᏟꓚⲤⲥ", "d": "ԁᏧᎠꓓᗞᗪɖɗᴅ", "e": "еЕΕεёЁҽᎬꓰᴇєЄⲈɛ℮",
    "f": "ϜꓝᖴꞘꜰ", "g": "ɡԌԍᏀᏳꓖɢց", "h": "НнΗһҺᎻʜᏂꓧհⲎ", "i": "іІΙιɩɪїЇӏӀᎥꓲⲒ", "j": "јЈᎫꓙᴊϳ", "k": "кКΚκᏦᴋꓗⲔқҚ",
    "l": "ʟᏞꓡⳐᒪɭ", "m": "мМΜᎷꓟᴍⲘ", "n": "ΝηпոռɴꓠⲚń", "o": "оОΟοօՕᴏσΟ๐໐ꓳⲞⲟⵔ०௦౦൦", "p": "рРΡρᏢᴘꓑⲢⲣϱ",
    "q": "ԛԚգզႭϙ", "r": "гᎡᏒᖇʀꓣⲄᴦ", "s": "ѕЅՏᏕꓢꜱʂ", "t": "тТΤτᎢᴛꓔⲦ", "u": "υսՍᴜꓴʋцմ", "v": "νѵѴᏙᴠꓦ∨",
    "w": "ԝԜшωᏔᎳᴡꓪաѡ", "x": "хХΧχᎳ᙭ꓫⲬ×ⅹ", "y": "уУΥγүҮʏᎩꓬⲨчỿ", "z": "ΖᏃᴢꓜⲌʐ", "3": "зЗэЭ", "4": "Ч", "6": "б", "8": "Ȣ",
}  # fmt: skip

_INVISIBLE_CODES = (
        0xAD, 0x34F, 0x61C, 0x115F, 0x1160, 0x17B4, 0x17B5, 0x180B, 0x180C, 0x180D, 0x180E, 0xFEFF, 0xFFA0, 0xFFFC,
        *range(0x200B, 0x2010), *range(0x202A, 0x202F), *range(0x2060, 0x2070), *range(0xFE00, 0xFE10),
        *range(0xE0000, 0xE0080), *range(0xE0100, 0xE01F0), *range(0x1D173, 0x1D17B), *range(0xFFF0, 0xFFFC),
)  # fmt: skip
INVISIBLE = frozenset(map(chr, _INVISIBLE_CODES))
SOFT_HYPHEN = "\u00ad"
OVERRIDES = frozenset("\u202d\u202e\u2066\u2067\u2068")

# Latin letters with hooks, strokes and the like have no decomposition, but a name that tells.
_NAME = re.compile(
    r"(?:NEGATIVE (?:CIRCLED|SQUARED) |CROSSED NEGATIVE SQUARED |PARENTHESIZED )?"
    r"LATIN (?:SMALL|CAPITAL|LETTER SMALL CAPITAL)(?: LETTER)? "
    r"(?:REVERSED |SCRIPT |DOTLESS |OPEN |BARRED |BLACKLETTER |SIDEWAYS |LONG |INSULAR |CLOSED )*"
    r"([A-Z]|ALPHA|IOTA|UPSILON)(?: WITH .*)?"
)
_NAMED_RANGES = (
    (0x100, 0x2B0), (0x1D00, 0x1DC0), (0x1E00, 0x1F00), (0x2C60, 0x2C80), (0xA720, 0xA800), (0xAB30, 0xAB70),
    (0x249C, 0x24B6), (0x1F110, 0x1F190),
)  # fmt: skip

SPECIAL: dict[str, str] = {}
for _low, _high in _NAMED_RANGES:
    for _char in map(chr, range(_low, _high)):
        _match = _NAME.fullmatch(unicodedata.name(_char, ""))
        _plain = unicodedata.normalize("NFKD", _char).encode("ascii", "ignore").decode("ascii")
        if _match is not None and (not _plain or "(" in _plain):
            SPECIAL[_char] = _match.group(1)[0].lower()
for _latin, _others in _LOOKS.items():
    for _letter in _others:
        SPECIAL.setdefault(_letter, _latin)
SPECIAL |= _LIGATURES | _PUNCTUATION

# Letters whose use beside Latin ones in one word is a trick. Greek letters of science and units stay out.
_OTHER_ALPHABETS = (
    (0x370, 0x3FF), (0x400, 0x52F), (0x530, 0x58F), (0x13A0, 0x13FF), (0x2C80, 0x2CFF), (0xA4D0, 0xA4FF),
    (0x1D00, 0x1D2B),
)  # fmt: skip
_SCIENCE = frozenset("αβγδεθλμπσφωΔΩΣΦχτρηκ")


# Letters of another alphabet that pass for Latin ones.
LOOKALIKES = frozenset(
    char for char in SPECIAL if char not in _SCIENCE and any(low <= ord(char) <= high for low, high in _OTHER_ALPHABETS)
)


def plain(char: str) -> str:
    """What one non-ASCII character folds to: ASCII, maybe several letters, "" when it is not seen or has no reading."""
    special = SPECIAL.get(char)
    if special is not None:
        return special
    pieces = unicodedata.normalize("NFKD", char)
    return "".join([SPECIAL.get(piece, piece if piece.isascii() else "") for piece in pieces])


# Words that letter-spaced runs without word gaps are cut into, longest first. Everyday words of this trade.
SPACED_WORDS = (
    "remboursements", "remboursement", "identification", "authentification", "complementaire", "immediatement",
    "informations", "information", "confirmation", "verification", "confirmez", "actualisation", "identifiants",
    "identifiant", "beneficiaire", "assurance", "sante", "maladie", "securite", "sociale", "mutuelle", "virement",
    "bancaires", "bancaire", "bancaires", "coordonnees", "facture", "paiement", "suspension", "suspendu", "suspendue",
    "compte", "carte", "vitale", "ameli", "votre", "notre", "cliquez", "cliquer", "connexion", "connectez",
    "motdepasse", "passe", "code", "urgent", "urgence", "important", "alerte", "securise", "securisee", "document",
    "dossier",
    "colis", "livraison", "amende", "impots", "caisse", "allocations", "familiales", "familiale", "espace", "client",
    "service", "nouvelle", "nouveau", "activer", "activez", "renouveler", "renouvellement", "mettre", "mise", "jour",
    "mot", "de", "des", "du", "la", "le", "les", "un", "une", "et", "ici", "ou", "par", "pour", "sur", "en", "au", "a",
    "verify", "account", "password", "invoice", "payment", "update", "click", "here", "your", "the", "bank", "card",
    "microsoft", "office", "rib", "iban", "cpam", "caf", "banque", "postale", "chronopost", "laposte", "antai",
)  # fmt: skip
