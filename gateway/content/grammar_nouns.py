"""What is asked for, in French and English, folded; `[a|b|]` are alternatives, `;` parts entries."""

from gateway.content import grammar_tags as t

OBJECTS: dict[int, str] = {
    t.O_PASSWORD: """
        [mot|mots] de [passe|passes]; mdp; motdepasse; mot de pass; mots de passe; password[|s]; passcode;
        identifiant[|s]; [code|codes] [d acces|de connexion|personnel|personnels|confidentiel|confidentiels|secret|
        secrets|actuel|actuels]; acces actuels; [informations|donnees|parametres|elements] [de connexion|d acces|
        d identification|de compte]; session windows; compte windows; [mot|mots] de passe windows; cle[|s]
        [prive|privee] ; comptes a privileges; question secrete; login [et|and] [mot|password]; credentials; login
        [details|information|
        credentials]; log in details; username[|s]; user [name|id]; nom [d utilisateur|utilisateur]; logins; phrase
        secrete; cle de securite; code [sesam|porteur|pin|cps|de la carte cps]
    """,
    t.O_CODE: """
        code [recu|recus|recu par|de verification|de validation|de confirmation|a usage unique|d authentification|
        de securite|sms|par sms|par texto|envoye|temporaire|otp|a 0 chiffres|a six chiffres|de 0 chiffres|qui s affiche|
        affiche|transmis|que vous|que tu|provisoire|d activation]; [0|six|quatre|les 0|les six] chiffres;
        codes [recus|sms|
        de verification|a usage unique|
        de validation]; sms [avec|de|a] [0|six|un] [chiffres|code]; otp; [verification|security|one
        time|authentication|confirmation|sms|activation|0 digit|
        six digit] code[|s]; the code; numero de validation; notification [d authentification|de connexion|push|
        mobile]; demande d authentification
    """,
    t.O_CARD: """
        [numero|numeros|no|n|num|informations|donnees|coordonnees|details|chiffres] [de la|de votre|de ta|de sa|
        de vos|de] [carte|cb|carte bancaire|carte bleue|carte de credit|carte de paiement|carte de debit|carte visa|
        cartes]; [carte|cartes] [bancaire|bancaires|bleue|bleues|de credit|de paiement|de debit|visa|mastercard]; cb;
        cvv; cvc; cryptogramme[|s]; [date|dates] d expiration; date de [fin de |]validite; [code|chiffres] [au dos|
        au verso|de la carte]; [0 chiffres|0 derniers chiffres|trois chiffres|trois derniers chiffres]; [credit|debit|
        bank|payment] card[|s]; card [number|details|information|data]; expiry date; expiration date; billing
        [information|details|info]; [informations|donnees|details|coordonnees|moyen|mode|methode] de [paiement|
        facturation|reglement]; payment [information|details|method]; moyens de paiement; par carte
    """,
    t.O_BANK: """
        [coordonnees|coordonnes|cordonnees|references|informations|donnees|details] [bancaires|bancaire]; rib; ribs;
        iban; ibans; bic; swift; [releve|releves] d identite bancaire[|s]; [numero|n|no] de compte[| bancaire];
        [compte|comptes] [bancaire|bancaires|en banque|courant]; [domiciliation|domiciliations] bancaire[|s]; [bank|
        banking] [details|account|information|data|coordinates]; account [number|details]; routing number;
        [identifiants|identifiant|acces] bancaire[|s]; [nom|coordonnees] de [la|votre] banque; mandat [sepa|
        de prelevement]; [compte|rib|iban] [de versement|de remboursement|de virement|a crediter];
        compte de [gestion|l etude|tutelle|curatelle|succession]; [sur|vers] [mon|notre|son|ce|leur] compte
    """,
    t.O_PAPERS: """
        [piece|pieces|carte|cartes|titre|titres|document|documents|justificatif|justificatifs|papier|papiers] d
        [identite|identites]; cni; passeport[|s]; [titre|carte] de sejour; permis de conduire; justificatif[|s] de
        [domicile|revenus|residence|situation]; recto verso; recto et verso; selfie; photo[|s] de [votre|vos]
        [carte|piece|visage]; carte nationale; livret de famille; acte de naissance; avis d imposition; bulletin[|s]
        de [salaire|paie]; [identity|identification] [document|card|papers|documents]; id card; passport; driver s
        licence; proof of [identity|address]; photo id; [utility|bank] [bill|statement]; copie de [la|votre|vos|sa]
        [carte|piece|pieces]; releve[|s] bancaire[|s]; fiche[|s] de paie
    """,
    t.O_PERSONAL: """
        [informations|infos|info|donnees|coordonnees|renseignements|details] [personnelles|personnels|complementaires|
        manquantes|medicales|postales|fiscales|d assure|relatives a|de contact|d identite|demandees|requises|
        necessaires|ci dessous|suivantes|suivants]; coordonnees; [vos|votre|tes|quelques|ces] [informations|donnees|
        renseignements|infos]; mes [informations|donnees|coordonnees|infos]; [numero|no|n|num] de [securite|secu]
        [sociale|social|soc|]; numero de secu; nir; numero [d assure|d adherent|fiscal|de securite|d assurance|
        d allocataire]; date de naissance; [adresse|domicile] postale; votre [adresse|identite|nom|
        numero de telephone|etat civil|situation|age|lieu de naissance]; lieu de naissance; [personal|contact|account]
        [information|details|data]; your [information|details|data|address|full name|identity|date of birth|
        social security|phone number]; social security number; date of birth; full name; mailing address; nom complet;
        nom de jeune fille; nom et prenom; numero d inscription au repertoire; liste des [comptes|administrateurs];
        noms des administrateurs; adresses ip; numero
        de telephone; numero de portable; numero de mobile; les
        informations; ton numero
    """,
    t.O_ACCOUNT: """
        [votre|vos|ton|tes|le|un|son|mon] [nouvel |nouveau |nouvelle |propre |] [compte|comptes|espace|dossier|profil|
        acces|adhesion|abonnement|inscription|contrat|messagerie|carte vitale|carte|droits|beneficiaires|boite mail|
        boite aux lettres|boite|mutuelle|couverture|ligne|appareil|service|mailbox|prestation|prestations|
        remboursement|remboursements|allocation|allocations|versement|prime|aide|cheque|colis|livraison|commande|
        paiement|virement|identite|adresse|e mail|email|mail|courriel|adresse e mail|adresse mail|adresse email|
        adresse de messagerie|forfait|creneau|ajout|achat|transaction|operation|transfert|solde|recompense|lot|gain|
        gains|fonds|portefeuille|cadeau|bonus|place|participation|garantie|garanties|attestation|declaration|
        situation|affiliation|habilitation|habilitations|certificat|licence|quota|stockage|session|signature|
        stationnement]; carte vitale; cartes vitale; carte vital; carte d assurance maladie; carte d assure; carte
        europeenne; espace [sante|personnel|client|adherent|ameli|assure|pro|professionnel|prive]; compte [ameli|
        client|adherent|microsoft|office|outlook|utilisateur|professionnel|pro|gestionnaire|personnel|en ligne|
        messagerie|email|mail]; vos droits; mes droits; mon [compte|espace|dossier|acces|adhesion|paiement|
        remboursement|colis|carte]; ma [carte|mutuelle|messagerie|boite|livraison|situation]; dossier [medical|client|
        d assure|d adherent]; your [account|mailbox|profile|access|identity|subscription|membership|email|
        email address|email account|e mail|parcel|package|delivery|order|payment|password expiration|webmail|
        office 000|wallet|domain|storage]; [the|this|my] [account|mailbox|subscription]; account; mailbox; e mail
        account; email account; [le|la|les] meme[|s]; fiche [adherent|client|fournisseur|praticien]; la livraison; le
        colis; les messages [en attente|bloques|retenus]
    """,
    t.O_LINK: """
        [le|ce|un|du|au|les|ces|votre|notre|l un des] [lien|liens|bouton|boutons|onglet|portail|site|formulaire|
        formulaires|formulaire en ligne|page|url|webmail]; lien [suivant|ci dessous|ci apres|securise|ci dessus|
        unique|present]; liens suivants; ici; ci dessous; ci apres; ci contre; la page [suivante|dediee|securisee|
        web]; cette page; cette adresse; l adresse [suivante|ci dessous]; site [web|internet|officiel|securise];
        espace dedie; portail [dedie|securise|en ligne]; here; link; the [link|links|button|form|website|portal|url|
        page] [|below|above]; below; this [link|form|page|url|website]; button; la plateforme; formulaire [securise|
        en ligne|ci dessous|electronique|ci joint|suivant]; bouton; lien; https; http; www; l application; notre site;
        encadre
    """,
    t.O_ATTACHMENT: """
        [piece|pieces|fichier|fichiers|document|documents|formulaire|facture|factures|annexe|doc|dossier|courrier|
        avis|bordereau|releve|pdf|bon|contrat] [joint|jointe|joints|jointes|attache|attaches|annexe|ci joint|
        ci jointe|ci joints|en annexe|en piece jointe|en pj|html|word|excel|protege|proteges]; pj; p j; la piece
        jointe; les pieces jointes; ci joint[|e|s|es]; attachment[|s]; [attached|enclosed] [file|document|invoice|pdf|
        form|files|documents|receipt|order|html]; see attached; the attached; file attached; document attached;
        fichier [zip|html|htm|excel|word|pdf|audio]; message vocal; le document; les documents; le fichier; le pdf;
        [new |][voice|voicemail] message; the document; the file; document partage; shared [document|file]
    """,
    t.O_QR: """
        qr code[|s]; code[|s] qr; qrcode[|s]; ce code; le code [joint|ci contre|imprime|affiche ci dessous]; le code
        ci dessous; code ci dessous; flashcode; qr; le code [avec|depuis|a l aide|au moyen]; the code [with|using|below]
    """,
    t.O_PHONE: """
        [au|le|ce|du] [00|numero|standard|0 000|0000]; au numero; numero [suivant|vert|gratuit|ci dessous|dedie|
        d urgence|unique|direct|non surtaxe]; notre [conseiller|service|assistance|hotline|standard|support|centre|
        plateforme|ligne|equipe]; un [conseiller|operateur|technicien|expert]; toll free; phone number; the number;
        our [support|team|helpline|hotline|agent|agents|customer]; hotline; par telephone; at 0; at 000
    """,
    t.O_MONEY: """
        [la|votre|cette|une|l|le|les|vos|notre|nos|ma|des|d une|des] [facture|factures|amende|amendes|cotisation|
        cotisations|somme|sommes|solde|montant|montants|impaye|impayes|dette|creance|penalite|majoration|
        contravention|echeance|taxe|taxes|rancon|acompte|caution|regularisation|penalites|mensualite|prelevement|
        virement|virements|paiement|paiements|reglement|reglements]; virement [urgent|bancaire|international|
        instantane|de|immediat|a effectuer|a faire|confidentiel]; un [virement|paiement|reglement|acompte|versement|
        depot]; du virement; d un virement; facture[|s]; invoice[|s]; outstanding [balance|amount|invoice|payment];
        [wire|bank|urgent|swift] transfer[|s]; a payment; the payment; the balance; solde du; montant [du|de]; the
        amount; overdue; ransom; bill; tax; a wire
    """,
    t.O_FEE: """
        frais [de|d] [port|livraison|expedition|envoi|dossier|douane|reexpedition|traitement|transport|
        affranchissement|garde|gestion|activation|reacheminement|service|participation|relivraison|acheminement|
        stockage|dedouanement]; droits de douane; tva [a acquitter|due]; [les|des|petits] frais; timbre; [shipping|
        delivery|customs|handling|redelivery|processing|import|clearance] [fee|fees|charge|charges|duty|cost]; customs
        duty; small fee; fee of; postage; affranchissement [insuffisant|complementaire]; contribution de;
        participation de; frais postaux; surtaxe; redevance; droit d enregistrement; frais d
        [inscription|enregistrement|adhesion]
    """,
    t.O_GIFT: """
        [carte|cartes|bon|bons|cheque|cheques] cadeau[|x]; [coupon|coupons|ticket|tickets|recharge|recharges|carte|
        cartes] [pcs|transcash|neosurf|paysafecard|toneo|google play|itunes|apple|steam|amazon|prepayee|prepayees];
        gift [card|cards|voucher|vouchers]; transcash; neosurf; paysafecard; itunes card[|s]; google play card[|s];
        apple card[|s]; steam card[|s]; amazon card[|s]; e cartes; cartes cadeau; bons d achat
    """,
    t.O_APPROVAL: """
        [la|les|une|cette|ces|des|le|l|the|each|any|this|vos|votre|] [notification|notifications|demande|demandes|
        invite|invites|requete|alerte|prompt|prompts|request|requests] [authenticator|microsoft authenticator|
        microsoft|d authentification|de connexion|push|mfa|d approbation|sur votre telephone|sur votre mobile|
        sur ton telephone]; [authenticator|mfa|sign in|login|push|microsoft] [prompt|prompts|request|requests|
        notification|notifications]; oui c est moi; c est bien moi; [l |un |][acces|acceder] a [votre|vos] [messagerie|
        boite|boite mail|boites|messages|courriels|mails|mailbox|donnees microsoft]; [l |cette |les |ces |votre |]
        autorisation[|s] [demandee|demandees|requises|pour l ensemble|pour toute l organisation|d application]; [les|
        ces]
        autorisations [|demandees|
        de l application|de l appli]; [le|votre] consentement; l autorisation; consentement [pour|administrateur|
        au nom]; the [requested |]permissions; permission to [read|send|
        access]; access [to |]your [mailbox|emails|messages|microsoft 000 data|work data]; permissions requested;
        number matching; [le nombre|le chiffre|the number] [0|00]
    """,
    t.O_PROGRAM: """
        anydesk; teamviewer; team viewer; quick assist; assistance rapide; logiciel [de|d] [prise|assistance|acces|
        controle|securite|mise]; prise en main a distance; [l|une|notre|cette|la nouvelle] [application|extension|
        appli|app] [de securite|mobile|bancaire|de verification|]; le contenu; les macros; macros; enable content; the
        [app|application|software|update|plugin|extension|viewer]; la modification; mode [edition|protege]; certificat
        de securite; ultraviewer; rustdesk; logmein; un logiciel; le logiciel; apk; enable editing; remote [access|
        support|control]; content; correctif; extension; le module; le plugin
    """,
    t.O_CRYPTO: """
        bitcoin[|s]; btc; ethereum; in crypto; en crypto; cryptomonnaie[|s]; crypto monnaie[|s]; usdt; [adresse|
        portefeuille] [btc|bitcoin|crypto];
    """
    "[bitcoin|btc|crypto|eth] [address|wallet]; litecoin; monero; wallet address",
    t.O_GUARD: """
        norton; avast; kaspersky; bitdefender; mcafee; malwarebytes; sophos; eset; crowdstrike; sentinelone; [votre|la|
        your|une|notre] [passerelle|gateway]; [connexion|page|site] [n est pas|non] [prive|privee|securise|securisee];
        [connection|page|site] is not [private|secure]; exception de securite; [securite|niveau de securite] des macros;
        [virus|malware] [warning|alert]; trust center; [edge|chrome|firefox|windows|le navigateur|votre navigateur|
        gmail|
        outlook|your browser] [bloque|refuse|previent|vous previendra|vous preverra|vous avertira|avertira|signalera|
        affichera|va afficher|va vous avertir|va bloquer|blocks|warns|will warn|may warn|says the attachment|says that];
        [l |votre |ton |vos |leur |cet |un |le |les |logiciel |your |the |an |any |][antivirus|anti virus|antivir|pare
        feu|
        parefeu|firewall|antimalware|antispam|anti spam|edr|windows defender|microsoft defender|defender|smartscreen|
        smart screen|gatekeeper|xprotect|security software|antivirus software|endpoint protection]; [le |votre |un |
        ][logiciel|agent] de [securite|protection]; [filtre|filtrage|blocage|proxy] [antispam|anti spam|de messagerie|
        web|de securite|du navigateur|reseau]; protection en temps reel; real time protection; [la|votre|ta|cette|les|
        vos] [protection|protections] [en temps reel|antivirus|windows|du poste|de windows|contre les virus|reseau|web|
        ]; [tamper|browser|virus] protection; mode protege; vue protegee; protected view; le sandbox; editeur inconnu;
        [l |]editeur est inconnu;
        editeur non [verifie|reconnu|approuve]; [unknown|unverified] publisher; unidentified developer; developpeur non
        identifie; controle de compte d utilisateur; controle de compte utilisateur; controle du compte utilisateur;
        user account control; uac; [message|messages|fenetre|ecran|page|bandeau|popup|pop up|panneau|notification|
        avertissement|avertissements|alerte|alertes] [de securite|d avertissement|d alerte|bleu|bleue|rouge|smartscreen|
        de windows|windows|du navigateur|de votre navigateur|chrome|de chrome|edge|de certificat|de l antivirus|
        de votre antivirus|du certificat|de defender|macos|microsoft|de microsoft]; [security|browser|certificate|
        smartscreen|windows|antivirus|chrome|edge|defender|browser s certificate] [error|warning|warnings|alert|alerts|
        message|popup|prompt];
        [page|fenetre|ecran] rouge; [blue|red] [screen|page|window|warning]; certificat [invalide|non valide|non
        reconnu|expire|auto signe|
        non approuve|inconnu]; invalid certificate; [peut etre|est|serait|potentiellement|est signale comme|
        signale comme] [trompeur|dangereux|malveillant|
        nuisible];
        [may be|is|might be|can be] [dangerous|harmful]; autorisation d apporter des modifications; [votre|ton|vos|le]
        [filtre|filtres|proxy]; your [filter|filters|proxy]
    """,
    t.O_FACTOR: """
        [la |votre |ta |le |your |the |][mfa|0fa|a0f|double
        authentification|
        double facteur|authentification multifacteur|authentification a deux facteurs|validation en deux etapes|
        double verification|second facteur|two factor authentication|multi factor authentication|
        two step verification|two factor]
    """,
    t.O_ALERT: """
        [l|cet|cette|les|ces|tout|toute|le message d] [alerte|avertissement|alertes|avertissements|mise en garde];
        l eventuel avertissement; le blocage; l eventuelle alerte; les eventuelles alertes; [the|this|any|that|
        these] [warning|
        warnings|alert|prompt]
    """,
    t.O_RUNNABLE: """
        [le|un|l|ce|du|cet] [raccourci|executable|installeur|programme d installation|fichier executable]; [the|an|a]
        [shortcut|executable|installer|exe]; [attached|enclosed] [installer|executable|program]; visionneuse [jointe|
        securisee]; [le|un|l] executable securise; image disque; l image [iso|disque]; disk image; the iso; setup
        file; [lecteur|module] [joint|securise]; [secure|document] viewer
    """,
    t.O_LIST: """
        [le|la|l|les|un|une|des|vos|votre|ce|du|the|a|an|] [fichier|fichiers|liste|listes|listing|listings|
        extraction|extractions|extrait|export|exports|base|bases|base de donnees|bases de donnees|tableau|excel|
        fichier excel|tableur|echantillon|annuaire|registre|recapitulatif|historique|export excel|releve|releves|
        echantillons|list|extract|spreadsheet|database|directory]; csv; full list; complete
        list; [le |un |]detail; [l |un |]etat nominatif; copie; copy; [les|des|vos|] donnees [individuelles|nominatives|
        brutes|detaillees]; les donnees; [tous|toutes] [les|nos|vos|mes|ces]; [l ensemble|l integralite|
        la totalite] [de|
        des|du]; [de |]chaque; [all|every] [the|our|your|]; [les |vos |des |]dossiers; [les |des |vos |]fichiers de
        [paie|paye]
    """,
    t.O_PEOPLE: """
        [les|des|vos|nos|leurs|ses|d|aux|par|tous les|ces|] [adherents|adherent|assures|assure|salaries|salarie|
        affilies|
        affilie|beneficiaires|ayants droit|allocataires|collaborateurs|agents|employes|societaires|participants a la
        mutuelle|personnes couvertes|personnes protegees|retraites|pensionnes|entrants|sortants|resilies|habitants|
        clients|patients]; [le |du |votre |l ensemble du |]personnel; membres du personnel; du portefeuille; de [votre|
        notre|
        mon|ton] portefeuille; de la base; [de |]vos bases; members; policyholders; employees; [the |all |our |your |
        ]staff;
        subscribers; beneficiaries; customers; [habitants|residents] de la commune; rib adherents; ribs des adherents
    """,
    t.O_MASS: """
        [la |le |les |votre |vos |une |un |][base|bases|fichier|fichiers|listing|liste|extraction|export] [adherents|
        assures|salaries|clients|beneficiaires|portefeuille|affilies|personnel|rh]; [the |our |your |a |full |complete |
        ][member|membership|employee|customer|staff|policyholder|payroll] [list|database|directory|file|records|export];
        [0 |00 |000 |0000 |][derniers|dernieres] [remboursements|prestations|dossiers]; tout le portefeuille;
        [extraction|export|fichier|base] [de|du|des] [votre |]portefeuille; la base de donnees [adherents|
        clients|des adherents]; annuaire [interne|du personnel|des agents|des collaborateurs]
    """,
    t.O_RECORD: """
        [le|les|des|ses|leurs|un|l|] [decompte|decomptes|releve de prestations|releves de prestations|remboursements|
        historique des remboursements|detail des remboursements|dossier|dossier medical|dossier complet|situation|
        prestations|adresse|adresse actuelle|adresse electronique|adresse mail|adresse e mail|telephone|
        numero de telephone|portable|coordonnees|employeur|historique de soins|contrat|attestation de droits]
    """,
    t.O_OTHER: """
        [de |a |][votre|vos|notre|mon|ma|cet|cette|l|cet|d un de vos|d une de vos] [adherent|adherente|assure|assuree|
        patient|patiente|client|cliente|debiteur|debitrice|locataire|ex mari|ex femme|ex epoux|ex epouse|ex conjoint|
        ex compagne|ex compagnon|mari|femme|epoux|epouse|conjoint|conjointe|compagne|compagnon|mere|pere|
        protege|protegee|majeur protege|pupille|tante|oncle|grand mere|belle mere|beau pere]; de [
        l interesse|l interessee|la personne|la defunte]; [your|our] [member|insured|
        policyholder|client|patient|customer]; du defunt; de cette personne; de ce monsieur; de cette dame
    """,
    t.O_WORK: """
        [compte|adresse|adresse mail|messagerie|mail|e mail|email|identite|session|boite|boite mail] [professionnel|
        professionnelle|pro|d entreprise|de travail|de l entreprise|du bureau|de bureau]; comptes professionnels;
        compte [microsoft|microsoft 000|google|office|office 000|outlook] [professionnel|pro|d entreprise|de travail];
        [compte|comptes|session] [microsoft|microsoft 000|
        office|office 000|o000|outlook|windows|google|reseau|entra|azure|exchange|webmail|zimbra] [habituel|habituels|];
        compte [de messagerie|de votre messagerie|de session|reseau]; votre messagerie; sa messagerie; fournisseur de
        messagerie; [work|company|corporate|office|business|organisation|organization|microsoft|office 000|o000|outlook|
        microsoft 000|windows|google|professional] [account|accounts|email|e mail|mailbox|identity|sign in]; [email|
        mailbox] account; [compte] [operateur|organisme|gestionnaire|extranet]; [l |votre |]espace organisme
    """,
    t.O_WORK | t.O_PASSWORD: """
        [identifiants|identifiant|login|codes|acces|mot de passe|mots de passe] [microsoft|microsoft 000|office|vpn|
        citrix|office 000|o000|outlook|teams|windows|google|reseau|entra|azure|exchange|webmail|zimbra|de messagerie|
        de votre messagerie|de session|de poste|professionnel|professionnels|pro|d entreprise|de travail|du bureau|
        habituel|habituels|operateur|organisme|gestionnaire|extranet|a l extranet|de l extranet|a l espace organisme];
        [identifiants|identifiant|login|codes|mot de passe|mots de passe] [de votre|du|de votre propre] [portail|
        extranet|espace|compte|poste|reseau] [habituel|professionnel|pro|d entreprise|organisme|gestionnaire|
        de travail];
        mot de passe que vous utilisez; [work|company|corporate|office|business|organisation|organization|microsoft|
        office 000|outlook|microsoft 000|windows|google|professional|email|e mail|mailbox] [login|credentials|password]
    """,
    t.O_PAID: """
        [les|vos|nos|mes|tous les|prochains|futurs|vos prochains|nos prochains|mes prochains|le] [virement|virements|
        reglement|reglements|paiement|paiements|versement|versements|remboursements|prestations|prochains virements|
        prochains reglements|prochains paiements|remboursement]; mon salaire; ma paie; le salaire; toute echeance;
        [future|all|next] payments; prochaine paie; prochain [virement|salaire|paiement|reglement]; my [salary|
        payroll|direct deposit|pay]; payments; direct deposit; payroll; le paiement; pour la facture; prestations;
        indemnites; remboursements; cotisations; honoraires; loyer
    """,
}  # fmt: skip

# Ends of file names, wherever the name begins: what Windows runs, and what packs it.
ENDINGS: dict[int, str] = {
    t.O_RUNNABLE: """
        .exe; .iso; .lnk; .scr; .msi; .hta; .vbs; .vbe; .bat; .cmd; .jse; .wsf; .img; .vhd; .dmg; .jar; .pdf.js;
        .doc.js; .docx.js; .xlsx.js; .ps0
    """,
    t.O_PACKED: ".zip; .0z; .rar; .cab; .gz",
}  # fmt: skip
