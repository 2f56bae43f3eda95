"""What only two halves of one sentence say together: secrecy, a mandate, taking, extortion.

« N'évoquez ce dossier avec quiconque » asks for secrecy: a verb of telling under a negation, beside somebody who is
not to know. « Votre directeur général m'a mandaté » is a mandate; « nous avons copié votre base » tells of taking,
« tout sera publié si vous ne payez pas » is extortion. Each half alone stands in honest mail every day.
"""

import re
from collections.abc import Iterator

from gateway.content import grammar_tags as t
from gateway.content.grammar import Sentence
from gateway.model.content_facts import SignKind

MAX_APART = 110  # characters between two halves
_BEFORE = 44  # characters before a verb of telling in which its negation stands
_PAIRS = (
    (t.R_MANDATOR, t.R_MANDATED, SignKind.MANDATE),
    (t.R_TAKE, t.R_LOOT, SignKind.TAKING),
    (t.R_PUBLISH, t.R_UNLESS, SignKind.EXTORTION),
)
_NEGATED = re.compile(
    rb" (?:ne|n|sans|jamais|ni|not|never|don t|evite[rz]?|evitez d|aucune?|rien|pas) (?:[a-z0]+ +){0,5}$"
)
# « n'hésitez pas à en parler », « je n'ai informé personne », « vous n'avez pas mentionné »
_OTHERWISE = re.compile(
    rb" (?:(?:hesit[a-z]+|oubli[a-z]+|manque[rz]?|tarde[rz]?|forget) +(?:[a-z0]+ +){0,3}"
    rb"|(?:je|j|nous|we|i) +(?:ne|n|never|don t|did|didn t|have|had) +(?:[a-z0]+ +){0,6}"
    rb"|(?:ne|n) (?:[a-z]{1,4} +)?(?:ai|avons|ont|avez|etes|serez|seront|est|sont|a|sera|souhaite) +"
    rb"(?:[a-z0]+ +){0,6})$"
)
# What nobody is to be told in a warning, and what a disclaimer says of itself
_OTHER_SECRET = re.compile(
    rb" (?:codes?|mots? de passe|identifiants?|mdp|passwords?|nir|ribs?|ibans?|donnees|cartes?|coordonnees|cles?|pin"
    rb"|liens?|links?|message automatique|destinataire|employeur|data|credentials) "
)


def hushed(sentence: Sentence, buffer: bytes) -> Iterator[tuple[int, int]]:
    """Where a sentence asks that somebody be not told: from the verb up to who is not to know."""
    if _OTHER_SECRET.search(buffer, sentence.start, sentence.end + 1):
        return
    nobodies = [token for token in sentence.tokens if token[0] & t.R_NOBODY]
    for tags, start, end in sentence.tokens:
        if not tags & t.R_TELL:
            continue
        before = buffer[max(sentence.start, start - _BEFORE) : start + 1]
        if not _NEGATED.search(before) or _OTHERWISE.search(before):
            continue
        for _tags, first, last in nobodies:
            if 0 < first - end <= MAX_APART:
                yield start, last
                break


def paired(sentence: Sentence) -> Iterator[tuple[SignKind, int, int]]:
    """The signs that two halves of a sentence make, with where they stand."""
    for one, other, kind in _PAIRS:
        if sentence.tags & one and sentence.tags & other:
            first = [token for token in sentence.tokens if token[0] & one]
            second = [token for token in sentence.tokens if token[0] & other]
            found = next(
                ((a, b) for a in first[:8] for b in second[:8] if max(a[1] - b[2], b[1] - a[2]) <= MAX_APART), None
            )
            if found is not None:
                yield kind, min(found[0][1], found[1][1]), max(found[0][2], found[1][2])
