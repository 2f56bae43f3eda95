"""Words that carry no name: what honest firms and deceivers alike put around a brand.

Used to tell whose name a label, a display name or a signature line holds: what is left when these are taken away.
All folded (lower-case ASCII).
"""


def word_set(text: str) -> frozenset[str]:
    """The words of a list written as running text."""
    return frozenset(text.split())


# Around a brand in a look-alike domain, and in display names of services.
SERVICE_WORDS = word_set(
    """
    acces access account accounts accueil action activation actualisation actualiser adherent adherents
    admin administration aide alert alerte alertes alerts amende amendes annuel antifraude app appli
    application assistance assure assures attestation attestations authentification autorisation avis bank
    banking banque bienvenue billing blocage bonus caisse carte cartes cb centre center change check client
    cliente clients clientele code colis commande communication compte comptes confirm confirmation
    confirmer connect connection connexion contact contacts conseiller consulter controle credit customer
    cyber data delivery demande departement desk direct direction document documents domicile donnees
    dossier dossiers droit droits email emails en equipe espace express expediteur expedition extranet fact
    factu facturation facture factures fichier fiche formulaire forms frais france francaise fraude fr
    gestion gouv group groupe guichet help helpdesk home id identification identite impaye individuel info
    information informations infos inscription internet invoice juridique lettre letter livraison livraisons
    local login logistique mail mailer mails mailing maintenance marketing membre messagerie message
    messages mesure mobile mon my mes moncompte national nationale net newsletter nom notice notif
    notification notifications notify nouveau nouvelle numerique numero office officiel online ouverture
    paie paiement paiements partage particulier particuliers password pay payment payments perso personnel
    plateforme plus point portail portal post poste premium pre prestation prestations prime private pro
    professionnel professionnels profil protect protection public publique quota rappel recouvrement
    reclamation regional regler regularisation reglement relance relation relations rembours remboursement
    remboursements renouv renouveler renouvellement reply report reponse reseau reservation reset
    resiliation retour retrait sav secu secure secured secures securise securisee securite security send
    sender server service services session share shop signature signin signon site social sociale solde
    solution solutions statut status suivi support suspension systeme team technique tel telephone titulaire
    transaction transfer transfert update updates user users utilisateur validation valider verif
    verification verifications verifier verify versement version virement votre web webmail www your ligne
    sante mutuelle mutuelles assurance assurances vitale prevoyance retraite maladie complementaire
    prevention bancaire bancaires postal postale medical medicale contentieux comptabilite
    tresorerie fournisseur fournisseurs indu indus
    habilitation habilitations it hr rh si drh dsi informatique informatiques ressources humaines ticket
    tickets intranet vpn paye noreply nepasrepondre donotreply ne pas repondre no do not
    auto automatic automatique mise jour
    """
)

# Small words of French and English that say nothing about whose line it is.
STOP_WORDS = word_set(
    """
    a au aux avec by chez d da dans de des di do du e en et for from il in l la le les mon ma mes my n o of
    on ou our par pour s sa ses son sur the to un une via vos votre y your nos notre and at with
    """
)

# Words of many firms' names: alone they are nobody's, whatever the operator is called.
_PLAIN_NAMES = word_set(
    """
    nord ouest centre atlantique mediterranee bretagne normandie alsace lorraine bourgogne provence rhone alpes loire
    aquitaine occitanie languedoc auvergne picardie champagne savoie vendee ocean oceane littoral paris lyon nantes
    lille bordeaux marseille toulouse rennes strasbourg france europe europeenne generale general familiale familial
    verte bleue rouge solidaire solidarite horizon avenir union alliance entraide entrain region regionale
    departementale territoriale territoire interprofessionnelle artisans commerce commercants ouvriers fonctionnaires
    cheminots hospitaliers enseignants bienetre exemple grand grande pays populaire sociale humaniste humain vie
    vivre bien premiere nouvelle ensemble proximite confiance energie amicale federation caisse groupe association
    """
)


def is_rare(word: str) -> bool:
    """Whether a word of a firm's name, standing alone, still names that firm."""
    return len(word) >= 5 and not is_filler(word) and word not in _PLAIN_NAMES


# « Café de la Poste », « rue de la Banque postale »: a place, named after it.
PLACE_WORDS = word_set(
    "cafe hotel restaurant bar brasserie auberge rue place avenue boulevard tabac pharmacie cabinet pizzeria residence"
)

# Institutions that never write from a free mailbox; matched in display names only.
INSTITUTION_WORDS = word_set(
    """
    ministere ministry gendarmerie police interpol europol prefecture tribunal tresor dgfip urssaf cpam cnam
    caf carsat cnav msa ameli impots douane douanes banque bank huissier interieur justice cnil anssi acpr
    antai brigade
    """
)


def is_filler(word: str) -> bool:
    """Whether a folded word names nobody: a service word, a small word, a number, a single letter."""
    return len(word) < 2 or word in SERVICE_WORDS or word in STOP_WORDS or word.isdigit()
