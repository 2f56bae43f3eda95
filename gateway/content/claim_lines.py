"""How people speak of an organisation and as one, line by line, in folded French and English.

Every pattern is searched in at most 60 characters beside a name, but for the sign-off: none can run long.
"""

import re

from gateway.content.plain_fold import fold_words
from gateway.content.words import word_set
from gateway.model.directory import IdentityKind

SIGN_OFF = re.compile(
    r"(?:^|\n) ?(?:(?:tres |bien )?cordialement|(?:bien|sincerement|amicalement)(?: a vous)?\b|respectueusement"
    r"|salutations|veuillez agreer|nous vous prions|je vous prie|dans l'attente|l'equipe\b"
    r"|votre (?:conseiller|equipe|caisse|service)|(?:best|kind|warm)? ?regards|sincerely|yours|thank you"
    r"|merci (?:de votre|pour votre)|a bientot|le service|la direction|service (?:client|gestion|relation))"
)
SPEAKER = word_set(
    """
    equipe service services direction departement support caisse agence directeur directrice conseiller conseillere
    correspondant correspondante interlocuteur mediateur delegue team department
    """
)
# Who names a brand beside these speaks of lures, not for the brand.
WARNING = word_set(
    """
    faux fausse fausses arnaque arnaques fraude fraudes frauduleux frauduleuse frauduleuses escroquerie escroqueries
    hameconnage phishing usurpation usurpe usurpee mefiez mefiance vigilance reconnaitre attention alerte piege pieges
    fake scam spam suspect suspecte sensibilisation
    """
)
# Who speaks of "your X" without being somebody else: a shop writes "your Chronopost parcel", "your PayPal payment".
SPOKEN_OF_BODY = frozenset(
    (IdentityKind.HEALTH_INSURANCE, IdentityKind.HEALTH_OPERATOR, IdentityKind.MUTUELLE, IdentityKind.ADMINISTRATION)
)
SPOKEN_OF_SUBJECT = SPOKEN_OF_BODY | {IdentityKind.BANK, IdentityKind.SAAS, IdentityKind.PROFESSIONAL_ORDER}
VERBS = word_set("est sont a ont sera seront doit peut vous n ne is are has will was must can you")
LEADING = word_set("important importante urgent urgente dernier derniere nouveau nouvelle fwd tr")
MINE = word_set("mon ma mes notre nos leur leurs j je nous ai avez my our their i we")
# All are searched in the 60 characters beside a name, so none can run long.
OURS_BEFORE = re.compile(
    r"(?:\b(?:votre|vos|l'equipe|equipe|direction|dsi|drh|support|(?:le )?service(?: [a-z]+){0,2})"
    r"(?: (?:de|d'|du|des|clients?|clientele|securite)){0,3}"
    r" ?(?:l'|la |le |les |d')?|(?:\(c\)|copyright)[ 0-9\-]{0,12}(?:l'|la )?)$"
)
# Folding drops the sign ©: a line that begins with a year and a name is a copyright line too.
COPYRIGHT = re.compile(r"\(c\)|copyright|^ ?(?:19|20)\d\d(?: ?- ?20\d\d)? (?:l'|la )?$")
OURS_AFTER = re.compile(
    r"^ ?,? ?(?:vous (?:informe|remercie|invite|demande|propose|rappelle|souhaite|contacte|ecrit|adresse)"
    r"|(?:security |support |account )?team\b|customer (?:service|care)"
    r"|votre (?:caisse|partenaire|banque|interlocuteur)|a (?:recu|detecte|constate|mis a jour|traite|procede) )"
)
PRODUCT_AFTER_YOUR = re.compile(r"\b(?:votre|vos|your)(?: [a-z]+){0,2} (?:d'|l')?$")
# « vous êtes admissible à un remboursement de 118 euros de l'Assurance Maladie », said by nobody in particular.
OWED_BEFORE = re.compile(
    r"\b(?:vous|votre|you)\b[^\n]{0,80}\b(?:remboursement|virement|versement|trop[- ]percu|indemnite|refund)s?\b"
    r"[^\n]{0,40} (?:de|du|des|par|from) ?(?:la part (?:de|du) )?(?:l'|la |le |les )?$"
)
THIRD_PARTY_BEFORE = re.compile(
    r"(?:aupres de|avec|chez|contacter|contactez|appele|appeler|par|via|sur|vers|remboursement de|part de|lettre de"
    r"|courrier de|mail de|message de|refus de|attente de|decompte de|from|with|contact)"
    r" ?(?:l'|la |le |votre |notre |ma |mon )?$"
)


def tail_start(text: str, start: int, end: int) -> tuple[int, bool]:
    """Where the signature may begin, and whether a sign-off says so: after the last sign-off of the last 1200
    characters, else the last four lines, but never the first two."""
    floor = max(start, end - 1200)
    sign_off = None
    for sign_off in SIGN_OFF.finditer(text, floor, end):  # noqa: B007 (the last one is wanted)
        pass
    if sign_off is not None:
        return max(sign_off.start(), start), True
    at = end
    for _ in range(4):
        previous = text.rfind("\n", floor, at)
        if previous < 0:
            return end, False
        at = previous
    head = start
    for _ in range(2):
        following = text.find("\n", head, end)
        if following < 0:
            return end, False
        head = following + 1
    return max(at, head), False


def is_letterhead(text: str, start: int, line_start: int) -> bool:
    """Whether a line is among the first three that hold anything."""
    if line_start - start > 300:
        return False
    head = text[start:line_start]
    return sum(1 for line in head.split("\n") if line.strip()) < 3


def third_person(before: str) -> bool:
    """`aupres de votre assurance maladie`: the reader's, said by somebody else."""
    words = fold_words(before)[-6:]
    return any(
        w in ("aupres", "avec", "chez", "contactez", "contacter", "par", "via", "vers", "ou", "et") for w in words
    )
