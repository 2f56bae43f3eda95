"""Words of pressure, bait, warning and report, folded; digits are all written 0 (see `grammar.prepare`)."""

from gateway.content import grammar_tags as t

_N = "[0|00|quelques|deux|trois|cinq|sept|huit|dix|quinze|vingt quatre|quarante huit|soixante douze|00 a 00|0 a 0]"
_UNIT = "[h|heure|heures|jour|jours|jours ouvres|jours ouvrables|semaines|minutes|min|mois|jours calendaires]"

SIGNS: dict[int, str] = {
    t.S_DEADLINE: f"""
        [sous|dans les|dans|d ici|delai de|delais de|avant|sous un delai de|dans un delai de|dans un delai maximum de|
        pendant|prochaines|encore] {_N} {_UNIT}; [sous|dans les|d ici|delai|delai de|dans|pour] 00h; [vous avez|
        vous disposez de|vous n avez que] {_N} {_UNIT}; {_N} [prochaines|prochains] [heures|jours]; [avant|jusqu au|
        jusqu a|d ici|d ici au|d ici le|au plus tard|au plus tard le|des] [le |ce |la |][0|00|demain|aujourd hui|
        ce soir|midi|lundi|mardi|mercredi|jeudi|vendredi|samedi|dimanche|fin de|la fin|0er|minuit]; [avant|
        au plus tard|d ici] [le |ce |][lundi|mardi|mercredi|jeudi|vendredi|samedi|dimanche] [0|00|soir|midi|]; [avant|
        d ici] la fin [de|du]; [date limite|dernier delai|ultime delai|delai imparti|delais impartis|date butoir];
        [expire|expirera|expirent|echeance] [le|dans|sous|aujourd hui|ce|demain]; valable [0|00] [h|heures|jours|
        jour]; [dernier|ultime|deuxieme|second] [rappel|avis|avertissement|relance]; passe ce delai; a defaut de
        [reponse|regularisation|paiement|mise a jour|validation]; sans [reponse|retour|action|reaction|paiement|
        regularisation|confirmation|mise a jour|nouvelle] [de votre part|sous|avant|]; [within|in the next|in] [0|00|
        000] [h|hours|hour|days|day|minutes|business days|hrs|hr|working days];
        before [the end|midnight|0|00|monday|friday|tomorrow|close]; by [tomorrow|today|monday|friday|end of|close of|
        cob|eod]; [last|final] [notice|reminder|warning|chance|day|call]; expires [in|on|today|soon|at]; deadline;
        [today|tonight] only; [aujourd hui|ce jour] [meme|avant|au plus tard]; avant [00 h|00h|0 h|la cloture];
        [plus que|il ne reste que|il vous reste] [0|00] [h|heures|jours|jour]
    """,
    t.S_LOSS: """
        [suspendu|suspendue|suspendus|suspendues|bloque|bloquee|bloques|bloquees|desactive|desactivee|desactives|
        ferme|fermee|fermes|cloture|cloturee|clotures|supprime|supprimee|supprimes|resilie|resiliee|resilies|
        restreint|restreinte|restreints|limite|limitee|limites|verrouille|verrouillee|verrouilles|gele|gelee|geles|
        interrompu|interrompue|interrompus|annule|annulee|annules|revoque|revoques|retire|retires|perdu|perdus|perdue|
        detruit|detruite|retenu|retenue|retenus|inaccessible|inaccessibles|coupe|coupee|coupes|rompu|invalide|
        invalides|obsolete|obsoletes|caduque|caducs]; [suspension|blocage|desactivation|fermeture|cloture|suppression|
        resiliation|interruption|restriction|perte|annulation|verrouillage|radiation|retention|coupure] [definitive |
        temporaire |immediate |provisoire |automatique |][de|d|des|du]; [perdre|perdrez|perdriez|renoncement a|
        renonciation a|fin de] [definitivement |tous |toutes |][vos|votre|l|le|la|tous vos|les]; [conserver|garder|
        maintenir|preserver] [vos|votre|l acces|l|mes|mon|le|la|un|tous vos]; [ne seront plus|ne sera plus|
        ne pourrez plus|n aurez plus|ne serez plus|ne fonctionnera plus] [pris|prises|valable|valables|couvert|
        couverte|couverts|rembourse|rembourses|acces|]; [suspended|blocked|deactivated|disabled|locked|terminated|
        limited|restricted|closed|deleted|shut down|frozen|on hold|cancelled|discontinued]; [suspension|termination|
        deactivation|closure|loss] of; lose [access|your|all]; [ne pas perdre|ne perdez pas|eviter] [l|la|le|tout|
        toute|une|vos|votre|cette]; to avoid [suspension|interruption|losing|termination|disruption|being];
        interruption [de|du|des] [service|droits|remboursements|vos]
    """,
    t.S_LOSABLE: """
        [votre|vos|ton|tes|mon|mes|l|le|les|son|ses|leurs] [acces|compte|comptes|droits|dossier|espace|carte|
        remboursements|remboursement|garanties|garantie|contrat|messagerie|boite|couverture|prestations|tiers payant|
        allocations|adhesion|profil|abonnement|service|services|mutuelle|messages|emails|e mails|mails|colis|
        livraison|flux|habilitation|habilitations|ligne|prise en charge|indemnites|versements|versement|paiements|
        virement|cotisations|avantages|carte vitale|carte bancaire|mot de passe|identifiants|licence|permis|salaire|
        paiement|prime|aide|commande|domaine|stockage]; carte vitale; vos droits; boite mail; tiers payant; your
        [account|mailbox|access|email|card|service|services|subscription|package|payment|profile|wallet|messages|data|
        domain|files|membership|benefits|orders|parcel]; anciennes cartes; account; mailbox; comptes inactifs; [les
        ]organismes; acces
    """,
    t.S_SUSPENSION: """
        [compte|acces|espace|carte|dossier|messagerie|droits] [suspendu|suspendue|suspendus|bloque|bloquee|bloques|
        verrouille|verrouillee|restreint|limite|desactive|desactivee|inactif|gele]; account [suspended|locked|
        disabled|on hold|limited|suspension|restricted|deactivation|termination]; renoncement a vos; [sera|seront]
        [automatiquement |definitivement |immediatement |][suspendu|suspendue|suspendus|suspendues|bloque|bloquee|
        bloques|desactive|desactivee|desactives|cloture|cloturee|supprime|supprimee|supprimes|
        resilie|resiliee|resilies|interrompu|interrompus|interrompue|annule|annulee|restreint|limite|detruit|retire|
        retourne|renvoye]; will be [permanently |automatically |temporarily |][suspended|blocked|deactivated|disabled|
        locked|terminated|limited|restricted|closed|deleted|shut down|frozen|cancelled|returned]; interruption de vos
        [droits|remboursements|prestations|garanties]
    """,
    t.S_THREAT: """
        [poursuite|poursuites] [judiciaire|judiciaires|penale|penales|en justice]; [mise en demeure|huissier|
        commissaire de justice|saisie|contentieux|tribunal|gendarmerie|interpol|europol|police judiciaire|parquet|
        procureur|plainte|mandat d arret|convocation|recouvrement|penalite|penalites|majoration|majoree|sanction|
        sanctions]; saisie [sur|de|administrative]; [brigade|direction] de protection des mineurs; [pedopornographie|
        pedophilie]; [videos|video|images|photos] [intimes|de vous|compromettantes|a tous]; [vos|tous vos|tes]
        [contacts|proches|collegues] [recevront|verront|]; [j ai|nous avons] [pirate|infecte|pris le controle|
        installe un|acces a] [votre|ton|vos|un|]; [votre|ton] [webcam|camera]; cheval de troie; legal action;
        [arrest warrant|legal proceedings|court summons|court order|court action|face prosecution|lawsuit against];
        [i|we] [hacked|have access to|recorded|infected] [your|you]; malware on; your webcam; publish [your|the video|
        it to]; divulguer[|ai|ons] [vos|les|ces|la]; publier[|ai|ons] [vos|les|ces|la]; diffuser[|ai|ons] [vos|les|
        ces|la]; [radie|radiation|fiche banque de france|interdit bancaire]; [amende|penalite|majoration] de [0|00|
        000]
    """,
    t.S_URGENCY: """
        urgent; urgente; urgence; en urgence; d urgence; tres urgent; [au|le] plus [vite|tot]; [immediatement|
        sans delai|sans attendre|sans tarder|rapidement|des maintenant|des reception|des que possible|a l instant|
        dans l immediat|imperativement|tout de suite|aussitot|de toute urgence|vite]; [action|attention|intervention|
        verification|reponse] [immediate|requise|urgente]; [derniere|dernieres] [chance|relance]; [tres|message|
        courrier|avis|information] important[|e]; asap; immediately; urgently; as soon as possible; right away; at
        once; immediate [action|attention|response]; action required; without delay; promptly; [alerte|alert] [de |
        ]securite; security alert; [j ai|nous avons] besoin [de|que|d] [toi|tu|vous|une reponse]; es tu [disponible|
        la|au bureau|dispo]; etes vous [disponible|la|au bureau|dispo]; are you [available|free|at your desk|
        in the office]; une faveur; [petit |]service a te demander; quick favor; rapide service; rends moi un service
    """,
    t.S_REFUND: """
        [rembourse|remboursement|remboursements] [de|d un montant de|d un montant|en attente|est en attente|
        disponible|vous attend|non|bloque|refuse|suspendu|partiel|d impot|de frais|a votre|vous est|de votre|
        electronique|excedentaire|inattendu|d un trop]; [vous|tu] [etes|es|avez ete] [eligible|eligibles|admissible|
        admissibles|beneficiaire|concerne par un]; [eligible|admissible|droit] a [un|une|recevoir|beneficier|l|
        percevoir|obtenir] [remboursement|prime|aide|cheque|indemnisation|credit|bonus|recevoir|]; trop percu; trop
        verse; trop paye; [calculs|calcul] [finaux|final|annuel|de votre]; derniers calculs; vous [est|sont|etait|
        reste] [due|dus|dues|du]; [somme|montant|solde|prime|aide|indemnisation|regularisation|versement|virement|
        paiement|credit|avoir] [de 00 |de 000 |][en votre faveur|vous attend|vous revient|en attente|non reclame|
        non reclamee|vous est|disponible|refuse|refusee|a votre profit|a ete refuse|n a pas pu|a echoue|rejete]; vous
        [beneficiez|avez droit|beneficierez|avez une|percevrez|recevrez|pouvez recevoir|pouvez beneficier] [a |d |de |
        du |un |une |l |][remboursement|prime|aide|credit|cheque|indemnisation|virement|somme|regularisation|bonus|
        montant|000|00|0]; votre [remboursement|prime|cheque|aide|credit|virement|versement|indemnisation] [est|n a|
        a ete|de|sera|en|vous|attend|du|dentaire|sante|optique|exceptionnel]; [cheque|prime|credit|aide|bonus|forfait]
        [sante|exceptionnel|exceptionnelle|energie|inflation|d impot|mobilite|rentree|alimentaire] [000|00|0000|de|
        d un]; geste commercial; dedommagement; indemnisation; pending refund; [you are|you re] [eligible|due|
        entitled|owed]; [tax|your|a|full|pending|partial|unclaimed] refund; refund [of|is|pending|amount|due];
        [reimbursement|compensation|rebate] [of|is|amount|pending|due]; overpaid; overpayment; unclaimed [funds|
        money]; [montant|somme] [a vous |]rembourse[|r]; [vous|te] rembourser; percevoir [votre|ce|un|la]; recuperer
        votre [argent|remboursement|du|solde|credit]; crediter [votre compte|sur votre|votre carte]; faute de
        coordonnees bancaires
    """,
    t.S_PARCEL: """
        colis; votre [livraison|envoi|pli|paquet]; [chronopost|colissimo|mondial relay|dhl|fedex|dpd|gls|
        relais colis]; [colis|livraison|envoi|par|via|by|service|point] ups; ups [express|access point|tracking|
        delivery|colis|livraison]; point [relais|de retrait]; [livreur|livraison|reexpedition|relivraison]; numero de
        suivi; parcel; your [package|delivery|shipment|order has shipped]; tracking number; courier; [un|le] pli [de|
        en|vous]; bureau de poste; [avis de|tentative de] [passage|livraison]; douane; douanes; customs
    """,
    t.S_PRIZE: """
        [vous avez|tu as] [gagne|ete selectionne|ete choisi|ete tire au sort|remporte]; [felicitations|bravo];
        [tire|tiree|tires|tirees|tirage] au sort; [bon|bons|cheque|carte] [d achat |cadeau |][de 00 |de 000 |][vous est|
        est] offert[|e|s]; [gagnant|gagnants|gros lot|loterie|heureux gagnant]; [votre|mon|ce|un] lot [vous|de|est|
        exceptionnel|d une]; [reclamer|recuperer|recevoir] [mon|votre|le|ma] [lot|cadeau|recompense|prix|bonus|gain];
        [recompense|cagnotte] [exclusive|exceptionnelle|vous|de|offerte]; [tours|spins] gratuits; free spin;
        [cadeau|cadeaux] [gratuit|offert|exclusif|vous attend]; [gratuit|gratuite] et sans; congratulations;
        [repondez|participez] [simplement |][a|au] [notre |ce |cette |l |][court |rapide |petit
        |][sondage|enquete|questionnaire]; votre [recompense|cadeau|lot] [vous|est|exclusif|gratuit]; [claim|redeem]
        your; exclusive reward; your reward; [boite|box] mystere; mystery box; you [have won|won|have been selected];
        winner; lottery; [your|a|claim] prize; free gift; giveaway; inheritance; heritage de; million[|s] [de |d
        |][dollars|euros|usd|eur]; [legs|don] de [0|00|000]; beneficiary; next of kin; reward; jackpot; [code|bon]
        promo; casino; free spins; [bonus|points] [de bienvenue|fidelite|expirent]
    """,
    t.S_EXPIRY: """
        [expire|expirent|expirera|expireront|expiration|expiree|expires] [le|dans|aujourd hui|bientot|de|du|
        prochainement|demain|ce|]; [arrive|arrivent|arrivant] a [expiration|echeance|terme]; [date|fin] de validite;
        [a expire|est expire|est expiree|va expirer|vont expirer|est perimee|est perime|n est plus valide|
        n est plus valable|plus valable|n est plus a jour|pas a jour|doit etre renouvelee|a renouveler]; [nouvelle|
        prochaine] [carte vitale|version|generation|edition]; [carte vitale|carte] [0000|vnew|v0|biometrique];
        ancienne[|s] [carte|cartes|version]; [mot de passe|compte|abonnement|licence|certificat|quota|carte] [expire|
        expire dans|a expire|arrive a]; [expires|expired|expiring|about to expire|will expire|expiry|expiration];
        [depasse|atteint|presque plein|sature|pleine|plein|depassement] [la |le |sa |son |de |du |][limite|quota|
        capacite|stockage]; [quota|boite|stockage|espace de stockage] [depasse|est pleine|plein|pleine|presque|
        atteint|insuffisant|sature]; mailbox [is |almost |]full; storage [limit|full|almost]; exceeded
    """,
    t.S_BREACH: """
        fuite[|s] [de donnees|des donnees|de vos|de nos|d informations|d identifiants|d adresses|d adherents|tiers|
        sante|de fichiers|de mots|de comptes|de dossiers|du fichier|du tiers|du systeme|massive|massives|recente|
        recentes|informatique|nationale|chez|au sein|viamedis|almerys|dont|constatee|survenue|revelee]; [la|cette|
        grande|les|indemnisation|recours|victime|victimes] fuite[|s]; victime[|s] d une fuite;
        [violation|violations|vol|piratage] [de|des|d|du] [donnees|vos|
        comptes|compte|votre|la|systeme|fichiers]; donnees [volees|compromises|piratees|exposees|divulguees|derobees|
        fuitees|sont en vente|ont fuite]; [cyberattaque|cyber attaque|incident de securite|intrusion|
        acces non autorise|acces frauduleux]; [compromis|compromise|compromises]; data [breach|leak]; [leaked|
        breached|compromised]; 00 millions de [francais|personnes|assures|patients]; viamedis; almerys; dark web;
        darkweb; [activite|connexion|tentative|transaction|operation|utilisation] [suspecte|inhabituelle|frauduleuse|
        anormale|non autorisee|non reconnue|inconnue|de connexion|douteuse]; [nouvelle|une] connexion [depuis|
        a partir|d un|sur|detectee]; [nouvel|nouveau] [appareil|dispositif]; [unusual|suspicious|unauthorized|
        unrecognized] [activity|sign in|login|access|transaction|connection]; new [device|sign in|login]
    """,
    t.S_DISTRESS: """
        [mon|ma] [mari|femme|fils|fille|mere|pere|epoux|epouse|conjoint|frere|soeur|enfant|bebe] [est|a|vient|etait]
        [decede|decedee|hospitalise|hospitalisee|mort|morte|malade|eu|disparu|parti|perdu|tombe]; [perdu|vole|casse]
        [mon|ma|mes] [telephone|portable|portefeuille|papiers|sac|carte]; [j ai|ai] [eu un accident|ete agresse|perdu|
        besoin d aide|tout perdu]; aide[|z] moi; je suis [bloque|bloquee|coince|coincee|a l etranger|a l hopital|
        perdu|perdue|desespere|desesperee|en difficulte|dans le besoin]; [loyer|creancier|expulsion|decouvert|frigo|
        obseques|enterrement] [a payer|urgent|impaye|vide|]; plus [de quoi|rien a|d argent]; hopital; stranded; i lost
        my; hospital; [coucou|bonjour|salut] [papa|maman|mamie|papi]; c est mon nouveau numero; my [husband|
        wife|son|mother|father|daughter]
    """,
    t.S_KEPT | t.S_LOSABLE: """
        [votre|vos|your|my] [messagerie|messageries|boite mail|boite aux lettres|boite de reception|boite courriel|
        boite e mail|boite email|boite de messagerie|boite|mailbox|inbox|webmail|courrier electronique|
        compte de messagerie|compte e mail|compte email|compte mail|compte microsoft|compte office|compte outlook|
        compte windows|compte reseau|compte professionnel|compte informatique|session windows|session utilisateur|
        session de travail|session informatique|poste de travail|poste informatique|ordinateur|pc|vpn|acces vpn|
        acces distant|acces a distance|connexion vpn|connexion distante|telephone professionnel|mobile professionnel|
        smartphone professionnel|telephone de service|quarantaine|email account|mail account|mail server|workstation|
        computer|laptop|work account|windows account]; [acces|connexion|passerelle|certificat|client] vpn; session
        windows; [microsoft |]authenticator; [serveur|
        serveurs] de [messagerie|courriel]; serveur mail; titulaire de [boite|compte]; comptes de messagerie; boites
        [mail|aux lettres]; email accounts
    """,
    t.S_KEEPING: """
        plein; pleine; pleines; sature; saturee; satures; quota; [capacite|espace] [maximale|maximal|epuise|epuisee|
        presque|insuffisant|utilise]; a utilise 0; [0|00|000] [go|gb|mo|mb] sur; [sera|seront|ete|est|sont] [isole|
        isolee|deconnecte|deconnectee|archive|archivee|purge|purgee|efface|effacee|effaces|migre|migree|migres|bascule|
        basculee|transferee]; migrons; basculons; mettons [actuellement |]a niveau;
        [non|n est pas|n est plus] conforme; reinscription; reinscrire; reenrolement; reenroler; [n est
        plus|n est pas] [inscrit|inscrite|enregistre|enregistree|rattache|rattachee|synchronise|synchronisee|associe|
        protege|a jour]; synchronisation; synchroniser; resynchroniser; desynchronise[|e]; revalider; revalidation;
        reactivation; reactiver; reparer; reparation; repare[|e]; seront refuses; ne [recevra|recevrez|
        recevoir] plus; [figure|figurent] parmi; [comptes|sessions|boites] [a desactiver|non utilises|inutilises];
        non utilise[|s|e|es]; inactif; inactive; inactivite; faute d activite; [is|are] [being |][held|full|
        almost full|over quota|out of sync|not compliant|outdated]; synchronisation error; synchronization error;
        sync [error|failure|failed|issue]; [re validate|revalidate|re authenticate|reauthenticate|re verify];
        [will be|to be|queued for] [removed|removal|disconnected|discarded]
    """,
    t.S_KEEPER: """
        [messages|message|courriels|courriel|courriers|courrier|mails|mail|e mails|emails] [retenu|retenus|bloque|
        bloques|intercepte|interceptes|en quarantaine|mis en quarantaine|non remis|non distribue|non distribues|
        non delivres|en souffrance|non liberes|en attente de] ; [0|00] [messages|courriels|courriers|mails|e mails|
        emails] [sont |][|entrants ]en attente; [held|pending|undelivered|quarantined|blocked|undeliverable] [incoming |
        ][messages|message|emails|e mails|mails]; [messages|emails|e mails|mails|incoming emails] [are |were |
        have been |could not be |][being |][held|quarantined|undelivered|delivered|blocked]; votre poste [n est pas|
        n est plus|n a pas|sera|doit etre|est] [conforme|a jour|protege|isole|infecte|repare|recu]; votre [mot de passe|
        password] [de messagerie|windows|reseau|outlook|office|de session] [expire|a expire|arrive|va expirer]
    """,
    t.S_WAY: """
        [passer par|passez par|passez pas par|passe pas par|passer sur|utiliser|utilisez pas|utilise pas|deposer sur|
        deposez pas sur|use|using|go through|going through] [l |le |la |les |notre |votre |the |][extranet|portail|
        plateforme|espace|depot|messagerie securisee|portal|platform|canal habituel|circuit habituel|coffre|sas|
        ancienne adresse|standard]
    """,
    t.S_BYPASS: """
        ne [passez|passe|passer] pas par [l|le|la|notre|votre] [extranet|portail|plateforme|espace|depot|coffre|sas|
        canal habituel|circuit habituel];
        [pas besoin de|pas la peine de|inutile de|sans|ne|ne pas|ni|de ne pas|ni de|do not|don t|no need to|
        without] [le |les |l |the |][chiffrer|chiffrez|crypter|cryptez|proteger|protegez|encrypt|encrypting|encryption|
        password|mot de passe|chiffrement]; [fichier|fichiers|excel|tableau|document|liste|format|version|csv] [simple |
        ][non protege|non chiffre|non crypte|sans mot de passe|non proteges|sans protection|en clair]; en clair [suffit|
        suffira|fera l affaire|svp|s il|stp|de preference|c est]; [extranet|portail|plateforme|depot securise|
        espace securise|espace entreprise|espace organisme|acces extranet|sas] [est |etant |][actuellement |]
        [en panne|hors service|indisponible|en maintenance|bloque|bloquee|inaccessible|ne marche|ne fonctionne|
        ne passe];
        ne [lit|lisons|lisent|prend|accepte] pas les [fichiers|pieces|archives] [chiffres|chiffrees|proteges|cryptes|
        a mot de passe]; ouvrir les [fichiers|archives|documents] [a mot de passe|proteges|chiffres|cryptes]; [un |par |
        ]simple [mail|courriel|e mail] [suffit|suffira|fera]; unencrypted; unprotected [file|excel|spreadsheet]; [plain|
        clear] text is fine
    """,
    t.S_AMOUNT: """
        0 eur; 0 euro; 0 euros; 0eur; 0 e ; 0 usd; 0 gbp; 0 chf; eur 0; eur0; usd 0; 0 dollars; 0 xof; 0 fcfa; euros
        0; 0euros; 0 k eur; montant 0; somme de 0; k eur
    """,
}  # fmt: skip

WARNINGS = """
    hameconnage; phishing; filoutage; spear phishing; smishing; vishing; quishing; [tentative|tentatives|campagne|
    campagnes|vague|vagues] [de|d|en cours de] [phishing|hameconnage|fraude|fraudes|escroquerie|arnaque|piratage|
    usurpation|mails|faux]; [mefiez|mefie|mefions] [vous|toi|nous]; [soyez|soyons|sois|restez|rester|restons|reste]
    [tres |particulierement |donc |][vigilant|vigilants|vigilante|vigilantes|prudent|prudents|prudente|attentif|
    attentifs|mefiant|mefiants]; redoubl[ez|er|ons] de [vigilance|prudence]; appel a la [vigilance|prudence];
    [vigilance|prudence] [face|renforcee|est|accrue]; attention aux [arnaques|fraudes|faux|escroqueries|courriels|
    mails|messages|sms|tentatives|appels]; [faux|fausse|fausses] [mail|mails|message|messages|sms|courriel|courriels|
    conseiller|conseillers|conseillere|avis|site|sites|appel|appels|amende|amendes|colis|carte|facture|factures|rib|
    support|technicien|president|ordre|ordres|email|emails|e mails|carte vitale|remboursement|remboursements|
    convocation|convocations|banquier|banquiers|livreur|livreurs|inspecteur|inspecteurs|agent|agents|policier|
    policiers|gendarme|gendarmes|technicienne|techniciens|controleur|controleurs|notaire|fournisseur|formulaire|
    portail|portails|application|applications|attestation|attestations|concours|vendeur|recruteur|recruteurs|
    supports|tiers payant|virement|virements|praticien|praticiens|salarie|salaries|profil|profils|document|documents|
    ordonnance|ordonnances]; [palmares|top|bilan|anatomie|histoire|
    panorama|barometre|marche|retour|lutte contre|prevention|victime|victimes|prejudice|cible|cibles] [de l|des|d une|
    d un|de la|de cette|les|] [arnaque|arnaques|fraude|fraudes|escroquerie|escroqueries|escroc|escrocs]; [les|des|
    ces|d] [dernieres |nouvelles |0 |00 |][arnaques|escroqueries|tentatives de fraude] [du|de|a|qui|en|sur|les plus|
    pullulent|se multiplient|visent|ciblent]; [campagne|campagnes] [frauduleuse|frauduleuses|malveillante|
    malveillantes]; [vague|vagues] de [sms|textos|faux|
    courriels|mails]; scammers; fraudsters; leurre; leurres; [la|sa] victime [|croit|
    ne|n|a|est]; les victimes [croient|ont|sont|etaient|recoivent|recevaient|n|ne|pensent]; [courriel|courriels|mail|
    mails|message|messages|sms|appel|appels|site|sites|
    email|emails|e mail|e mails|lien|liens] [frauduleux|suspect|suspects|malveillant|malveillants|douteux|pieges|
    piege|d hameconnage|de phishing]; [arnaque|arnaques|escroquerie|escroqueries] [aux|a la|au|en ligne|du|de la|par|
    a l|sur|qui|circule|circulent]; [usurpe|usurpent|usurpant|usurpation] [notre|l|d|le|nom|de notre|de l|identite|
    du nom|la]; se [fait|font|faisant] passer pour; [reconnaitre|detecter|identifier|reperer|dejouer|eviter] [un|une|
    les|ces|le|l|d autres|des] [faux|fausse|mail|mails|message|messages|tentative|tentatives|arnaque|arnaques|
    phishing|hameconnage|fraude|fraudes|escroquerie|courriel|courriels|pieges]; [bonnes|bons] [pratiques|reflexes|
    gestes]; les [reflexes|bons reflexes|gestes] [a|de securite|pour]; gestes barrieres numeriques; [sensibilisation|
    sensibiliser] [a la|aux|au|cyber|securite|des|les|a l|phishing]; [cybermalveillance|signal spam|signal arnaques|
    pharos|info escroqueries|internet signalement]; module [de |]formation; [formation|atelier|quiz|mooc|campagne|
    exercice|simulation] [a la |en |de |sur la |d |][cybersecurite|hameconnage|phishing|securite|sensibilisation];
    bulletin [de |d |][securite|alerte|certfr|information securite]; [note|alerte|avis] de securite [du|de|numero|
    a l attention|interne|informatique]; cert fr; anssi; [nous|mutuelle|maladie|banque|conseiller|organisme|
    conseillers|equipes|services|caisse|ameli|cpam|caf|on] ne [vous |te |leur |lui |]demand[e|ons|era|erons|ent|eront|
    erait|erions] [jamais|pas|en aucun cas|a aucun moment|aucun|aucune|ni]; ne [vous |][demanderons|demandons|demande|
    demandera|demanderont|demandent] jamais; [n envoie|n envoyons|n envoient|n enverra|n enverrons] [jamais|pas|aucun]
    [de |][lien|liens|sms|mail|mails|pieces]; nous n envoyons [pas|jamais|aucun]; [never|will not|won t|do not] ask
    [you |for ]; we will never; [beware|be wary|be careful|watch out] of; stay [vigilant|alert|safe]; [phishing|scam|
    fraud|fraudulent|fake|suspicious] [email|emails|message|messages|attempt|attempts|campaign|call|calls|alert|
    awareness|sms|texts|site|sites|websites]; security awareness; report [phishing|suspicious|it to]; how to [spot|
    recognise|recognize|report|identify|avoid]; [are not|is not] [legitimate|genuine|from us]; [ne sont|n est|n etait|
    ne provient|ne proviennent|n emane|n emanent] [pas|aucunement|en aucun cas] [de nous|de notre|authentique|
    authentiques|legitime|legitimes|envoye par|de la mutuelle|de nos services]; [en cas de doute|au moindre doute|
    si vous avez un doute|dans le doute] [|appelez|contactez|ne|sur|n hesitez|transferez|signalez|verifiez];
    [transferez|signalez|signaler|transferer|faites suivre] [le|les|la|ce|tout|ces] [message|messages|mail|mails|
    courriel|courriels|demande|lien|sms|tentative|tentatives|doute] [|suspect|suspects|frauduleux|a|au]; [supprimez|
    detruisez] [le|ce|ces|immediatement] [message|mail|mails|courriel|messages|sms] [sans|suspect|suspects|frauduleux|
    ]; [ne cliquez|ne pas cliquer|n ouvrez|ne communiquez|ne transmettez|ne donnez|ne divulguez|ne saisissez|
    ne rappelez|ne scannez|n installez|ne telechargez|ne validez] [jamais|pas|sur aucun|aucun|a aucun|en aucun cas|
    surtout pas|jamais vos|ni]; [do not|don t|never] [click|share|give|provide]; never [open|reply|respond|enter|
    send]; [nous n avons|nous n y avons|l organisme n a] [pas|aucunement|jamais] [envoye|emis]; ces [mails|messages|
    courriels|appels|sms] ne [proviennent|sont|viennent]
"""
REPORTS = """
    [je|nous] [vous |te |][signale|signalons|transfere|transferons|fais suivre|faisons suivre|remonte|remontons|
    alerte|alertons] [ce|cet|un|une|le|les|ces|cette|de|que|d]; [j ai|nous avons|on a|un adherent a|une adherente a|
    je viens de|adherents ont] [encore |bien |][recu|recevoir] [un|ce|cet|le|ca|deux|plusieurs|cette|des|une] [mail|
    message|courriel|sms|email|e mail|faux|appel|mails|messages|lettre|courrier|nouveau mail|drole de]; [est ce|
    est il|serait ce|est elle] [bien |vraiment |que ce mail est |que c est |][un |une |][vrai|vraie|faux|fausse|
    arnaque|officiel|normal|phishing|frauduleux|hameconnage|authentique|de la mutuelle|escroquerie|piege|serieux|
    spam]; [mail|message|courriel|sms|email] [suspect|douteux|bizarre|etrange|louche] [|recu|a|que]; [pour|a titre d]
    [info|information|signalement|analyse]; [ont recu|
    ont tous recu|ont encore recu|ont bien recu|ont ce matin recu|recoivent|recoivent tous|disent avoir recu]
    [ce matin |hier |aujourd hui |cette semaine |][un|ce|des|de|deux|plusieurs|le meme|cet|d etranges|de curieux]
    [mail|message|courriel|sms|email|mails|messages|courriels|faux|fausse|fausses];
    est ce bien [vous qui|de vous|une communication|un message|
    un courriel|un envoi|votre message|votre courriel|la mutuelle]; [mail|message|courriel] [ou d escrocs|vient il|
    est il|provient il];
    [pouvez vous|peux tu|pourriez vous|merci de] [me |][confirmer|dire|verifier] [si|que] [c est|ce|ce mail|
    ce message|cet|il|le]; [je n ai|nous n avons|elle n a|il n a] [pas|rien|heureusement pas] [clique|ouvert|repondu|
    donne|saisi|rempli]; [je n ai pas|n ai pas] [encore |]clique; encore un [faux|phishing|hameconnage|spam]; un
    [phishing|hameconnage|spam]; [tentative|mail|message|cas] de [phishing|hameconnage|fraude] [recu|recue|a signaler|
    pour|sur|detecte]; signalement [d un|de|d une|phishing|mail]; [j ai|on a|je pense avoir|j avais] [failli|clique|
    ete|donne] [victime|me faire|piege|arnaque|cliquer|avoir|arnaquee]; [on|quelqu un|une personne|un homme|une femme]
    [me|m a|se|s est|nous a|pretendant] [reclame|demande|appele|appelee|fait passer|contacte|contactee]; [i|we]
    [received|got] [a|an|this|the|several] [suspicious|strange|fake|phishing|email|message|weird]; is this [a |
    ]legit[|imate]; [is this|looks like] [phishing|a scam|spam|fake]; reporting [a|this]; [forwarding|forward] [this|
    you]; suspicious [email|message] [received|report]; [escroc|escrocs|arnaqueur|arnaqueurs|fraudeurs|pirates]; vient
    il [de|bien]
"""
