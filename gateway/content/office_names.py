"""Names that say what somebody does and not who he is: « Cellule fraude », refus.solde-dossiers.example.

Firms have a name and put it in their domain; whoever needs a new domain every week builds it of the words of his
pretext. Ordinary on one side (« Service comptabilité », from a firm's own domain), telling where all sides are so.
"""

import re
from functools import lru_cache

from gateway.content.plain_fold import fold_short, fold_words
from gateway.content.words import SERVICE_WORDS, is_filler, word_set

MAX_LABEL = 63
_LONGEST = 16
_MARKS = ".,;:!?()<>\"'«»*|"

# Beside `SERVICE_WORDS`: of pretexts, without the plurals and feminines that `_is_common` makes. No trade, place or
# family name: those are somebody's.
_PRETEXTS = word_set(
    """
    abonnement acceder accord acte alloc allocataire allocation appel applicatif approval arret assignation assist
    attente audit aval avantage avocat ayant bal bascule beneficiaire benefit boite bordereau box bulletin bureau
    bureaux call campagne cellule centrale certificat chauffage cheque citoyen cle clef cloture cloud coffre collegue
    compliance compta comptable conformite conge consent consignation contentieuse contrat contravention
    contribution copieur correspondance cotis cotisant cotisation courriel courrier couverture creance declaration
    declarer delivered dematerialise depart depot derogation differe distant doc download drive due ecart echeance
    ecoute ecran electronique encaissement energie enregistrement entree envoi envoyer esign etage etape
    exploitation facturier famille fax file filtre finance fine fisc fiscal fiscalite flux foyer garde gestionnaire
    held hub huissier identifiant impot imprimante inbox incident indemnisation indemnite internal interne
    invitation justificatif keeper key lecteur lecture legal libre licence liquidation liste livreur loyer mailbox
    manager mandat mission mot nuage numerisation open operation ordonnancement paraphe parc parcel passage passe
    patrimoine payroll peage penalite pension perception percu permis pli pole preavis proces procuration purge
    qualite quarantaine quarantine queue quittance reception recommande recording recu recup recuperation refund regie
    reglementaire regul relais relaxe relay release releve reliquat remise remittance rendu replay repondeur
    restitution retard retention review revision revue rib saisie salaire salarie scan scanner secours secretariat
    separation serveur shared sharing sign signed signer sinistre soins sso stationnement stockage storage
    subvention sync system systeme tableau tax telecop telecopie telepeage territorial titre tracking transit
    transmission tresor trop unique unite urbain urgence usager vehicule verbal view viewer vigilance visa
    vm vocal voice voicemail voie voirie voix vox workspace zone
    """
)


# What insurers, brokers and shops call themselves: a label with one of these is a trade's.
_OWNERS = word_set(
    "mutuelle mutuelles assurance assurances prevoyance group groupe shop marketing logistique bank banking"
)
# Of `SERVICE_WORDS`, those with which a domain baits; the others are of every firm's.
_BAITS = _PRETEXTS | word_set(
    """
    acces access account activation alerte antifraude blocage carte compte dossier espace facture fraude identite impaye
    messagerie paiement recouvrement regularisation remboursement securisation securite suspension verification virement
    """
)
# Endings of what one does, of no family's name and of few towns'.
_DOINGS = ("tion", "tions", "sion", "ment", "ments", "ance", "ence", "erie", "ite", "ique", "age", "ure", "ueil")


def names_an_office(name: str) -> bool:
    """Whether a display name tells an office or a matter, and nobody: no word of it is anybody's name. Beside known
    words: what is done and then small letters (« Médiation des litiges »), where a name would have its capital."""
    words = fold_words(name)
    if not words or len(words) > 12 or not any(len(word) > 1 for word in words):
        return False
    if all(map(_is_common, words)):
        return True
    others = name.split()[1:]
    described = all(other.islower() or all(map(_is_common, fold_words(other))) for other in others)
    return bool(others) and described and (_is_common(words[0]) or words[0].endswith(_DOINGS))


def tells_a_pretext(label: str) -> bool:
    """Whether one of the words that hyphens join in a label is bait."""
    parts = label[:MAX_LABEL].split("-")
    return len(parts) > 1 and any(len(p) >= 4 and _is_known(p, _BAITS) for p in parts)


@lru_cache(maxsize=8192)
def is_office_label(label: str) -> bool:
    """Whether a label of a domain is made of such words only, joined by hyphens or not, with or without numbers."""
    parts = [part for part in re.split(r"[-_0-9]+", label[:MAX_LABEL]) if part]
    return sum(map(len, parts)) >= 8 and _OWNERS.isdisjoint(parts) and all(map(_is_joined, parts))


def names_itself(name: str, said: str, label: str) -> bool:
    """Whether a label of a domain is its owner's name: the display name written together (« Gestion Notes », of
    gestion-notes.example), or a word of the text, not folded, that is no office's. Of a label that tells a pretext, a
    display name of such words is none (« Cellule Incident »), and a word of the text counts with a capital only. Words
    of hosts and addresses do not count: they are that label again."""
    small = not tells_a_pretext(label)
    named = fold_words(name)
    if "".join(named) == label.replace("-", "") and (small or not all(map(_is_common, named))):
        return True
    tokens = {token.strip(_MARKS) for token in said.replace("'", " ").replace("’", " ").split()}
    for token in tokens:
        if len(token) >= 4 and token.isalpha() and (small or token[0].isupper()):
            word = token.lower() if token.isascii() else fold_short(token)
            if word in label and not _is_common(word):
                return True
    return False


def _is_common(word: str) -> bool:
    return is_filler(word) or _is_known(word, _PRETEXTS) or _is_known(word, SERVICE_WORDS)


def _is_known(word: str, words: frozenset[str]) -> bool:
    """Whether a word stands in a set, as it is or without a plural's or feminine's ending."""
    return word in words or any(
        word.endswith(end) and len(word) >= 3 + len(end) and word[: -len(end)] in words for end in ("s", "e", "es")
    )


def _is_joined(part: str) -> bool:
    """Whether a part is one such word, or several of them written together."""
    if _is_common(part):
        return True
    reached = {0}
    for end in range(3, len(part) + 1):
        if any(start in reached and _is_common(part[start:end]) for start in range(max(0, end - _LONGEST), end - 2)):
            reached.add(end)
    return len(part) in reached
