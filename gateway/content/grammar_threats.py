"""Secrecy, mandates, extortion, hours: what long cons and threats are made of, folded; notation as in `grammar.expand`.

Found by an automaton of their own, so that no longer phrase of another table hides them.
"""

from gateway.content import grammar_tags as t

# Verbs of telling in -er, whatever their form: negated, beside somebody who is not to know, they ask for secrecy.
TELLING = """evoqu parl mentionn abord inform alert divulgu revel ebruit diffus partag communiqu discut impliqu associ
    consult sollicit transfer confi echang contact"""
TELLING_ENDINGS = ("er", "ez", "iez", "erez", "e", "es")

_PEOPLE = """
        [responsable|responsables|hierarchie|direction|collegue|collegues|equipe|equipes|conseil d administration|
        conseil|comite de direction|comite|codir|comex|comptabilite|tresorerie|directrice financiere|directeur
        financier|direction financiere|commissaire aux comptes|commissaires aux comptes|superieur|superieurs|chef|chefs|
        cheffe|manager|entourage|collaborateurs|collaborateur|personnel|reste du service|reste de l equipe|service
        juridique|juriste|service informatique|rssi|banque|banquier|conjoint|police|directeur|directrice|president|
        presidente|service comptable|secretariat|standard|autres services|autre service|salaries|administrateurs|dsi|
        daf|drh|dg|autres]"""

THREATS: dict[int, str] = {
    t.R_TELL: """
        [avertir|avertissez|avertis|avertirez|prevenir|prevenez|previens|previendrez|preveniez]; [dire|dites|dis|direz|
        disiez]; [faire|faites|fais|ferez] [part|etat]; [tenir|tenez|tiens|tiendrez] [informe|informee|informes|au
        courant]; [mettre|mettez|mets|mettrez] [au courant|dans la boucle|dans la confidence|en copie]; [en |][referer|
        referez|refere]; [toucher|touchez|touche|toucherez] [un |]mot; [joindre|joignez|appeler|appelez]; [passer|
        passez|passe] par; mention; mentionne[|s|es]; evoque[|s|es]; demander conseil; prendre conseil; [discuss|tell|
        share|inform|involve|notify|disclose|speak|talk|loop in|alert|consult|contact|cc|bring up|reveal]
    """,
    t.R_NOBODY: f"""
        quiconque; personne; qui que ce soit; nul autre; aucun tiers; a un tiers; des tiers; autrui; [en|a l] interne;
        autour de [vous|toi]; vos echanges internes; dans les couloirs; y compris; aucun membre; aucune autre personne;
        aucun [de vos |]collegue[|s]; {_PEOPLE}; [a |avec |][madame|monsieur|mme|mlle]; [anyone|anybody|nobody|no one|
        colleagues|the board|the team|the finance|finance team|management|your manager|your boss|your superiors|staff|
        anyone else|coworkers|the bank|internally|third party|third parties|inside the company|in the company]
    """,
    t.A_SECRECY: """
        n en [savent|sait|sauront|saura] rien; a l ecart de [vos|tes|votre|l] [collegues|equipe|equipes|service]; [may|
        must|should|can] not be [told|informed|aware]; plus [stricte|grande|totale] [discretion|confidentialite]; [doit|
        devra|doivent|devront] [rester|demeurer|etre tenue|etre tenu] [strictement |absolument |totalement |entierement
        |][confidentielle|confidentiel|confidentielles|confidentiels|secrete|secret|discrete|discret]; pas un [seul |
        ]mot [a|de|sur|avec]; motus; bouche cousue; ne [rien dire|dites rien|dis rien|divulguez rien|divulguer|rien
        divulguer|rien reveler|rien ebruiter]; rien [divulguer|ebruiter]; n [en |][parlez|parle|evoquez|soufflez|dites]
        [pas|rien|a|surtout|aucun]; n en [touchez|touche|soufflez|souffle] [pas |][un |]mot; [garder|gardez|garde] le
        [secret|silence]; [tenir|tenez|tiens|garder|gardez|garde] [cette |cela |ca |ceci |ce |l ][affaire |dossier |
        information |projet |][secrete|secret|confidentiel|confidentielle]; [tenu|tenue|tenus|soumis|soumise|astreint|
        astreinte] [au|a un|a une|a l] [secret absolu|secret jusqu|secret total|secret le plus|obligation de silence|
        embargo|silence]; ordre de [confidentialite|silence]; [impose|exige|requiert|commande|reclame] [le|un|une|la]
        [silence|secret|discretion|confidentialite] [absolu|absolue|total|totale|complet|complete|jusqu|de votre part|la
        plus|]; [compte|comptons] sur [votre|ta] [entiere |totale |pleine |parfaite |plus grande |grande |]discretion;
        [votre|ta] [entiere |totale |]discretion [est|sera|reste] [indispensable|essentielle|exigee|requise|primordiale|
        imperative|attendue]; discretion [absolue|totale|complete|maximale|exigee|de rigueur|extreme]; confidentialite
        [absolue|totale|complete|stricte|maximale|imposee|exigee|renforcee]; [obligation|engagement|devoir] de
        [confidentialite stricte|stricte confidentialite|silence|discretion absolue]; [plus|grande] extreme discretion;
        plus [absolue|parfaite|rigoureuse] [discretion|confidentialite]; silence [complet|absolu|total|radio|jusqu];
        [reste|restera|rester|restent|demeure|demeurer] [strictement |entierement |bien |absolument |][entre nous|entre
        vous et moi|entre toi et moi|une surprise|secret|secrete|inconnu de]; [la|une|leur faire la] surprise aux
        [equipes|collegues|salaries]; je veux leur faire la surprise; [seul|seule|unique|exclusif|exclusive] [et unique
        |][interlocuteur|interlocutrice|contact] [sur|pour|dans|jusqu|n|et|avec|de ce|de cette|est moi]; mon [seul|
        unique] [interlocuteur|relais]; ma [seule|unique] interlocutrice; [passez|passer|passe|passerez] [uniquement |
        exclusivement |seulement |directement |toujours |][que |]par moi; tout passe par moi; [adressez|adresser|
        ecrivez|repondez|parlez|adresse|reponds] [vous |toi |moi |][exclusivement|uniquement|seulement] a moi; [qu|que]
        [a|avec|par] moi [seul|seule]; a moi [seul|seule]; avec moi [seul|seule|uniquement|exclusivement]; [personne|
        nul] [d autre |][que vous |que toi |en interne |]ne [doit|devra|peut|pourra|sait|saura] [savoir|etre|connaitre|
        en|l|le|au]; que personne [d autre |en interne |][que vous |][ne soit|n en|n ait|ne le|ne sache]; [membre|
        collegue|salarie|collaborateur|personne|etablissement|equipe|service|organisme|mutuelle|personnel] ne [doit|
        devra|peut] etre [informe|informee|avertie|averti|au courant|tenu informe|tenue informee|mis au courant|mise au
        courant]; [n est|n est pas|ne sont|ne sera|n a ete|sera] [pas |][encore |]au courant; sans que [la|le|les|votre|
        vos] [comptabilite|direction|collegues|service|equipe|banque] [soit|soient|ne|n]; hors [du|des] [circuit|
        circuits|canaux|procedure] [habituel|habituels|normal|normaux|habituelle]; tant que [l offre|l operation|le
        projet|la nouvelle|cela|ce] n est pas [publie|publiee|publique|public|annonce|annoncee|signee|signe|rendue|
        officielle]; [ne cherchez|n essayez|ne tentez|inutile de chercher|inutile d essayer|n essaie|ne cherche] [pas |
        ][a |de |d ][le |la |][joindre|contacter|appeler|rappeler]; [aucun|aucune] [contact|appel|contestation|
        reclamation|echange|communication] [direct |directe |telephonique |orale |verbale |par telephone |][n est|ne
        sera|ne peut|n etant|avec le|avec la|recu|admis|recevable|accepte|acceptee]; ne souhaite aucun [contact|appel|
        echange]; ne [pourra|pourrai|peut|puis|peux|pourrez] pas [vous prendre|te prendre|prendre|repondre|etre joint|le
        joindre|la joindre|me joindre|etre joignable|etre derange] [au telephone|d appel|d appels|par telephone|au|a|de
        vive|]; [inutile|interdit|interdiction|pas la peine|il est exclu|evitez|evite] [de solliciter|de contacter|de
        joindre|de prevenir|de deranger|de mentionner|d appeler|d informer|d avertir|d alerter|d evoquer|d en parler|d
        en informer|d en referer|d en discuter] [la|le|les|votre|vos|mon|madame|monsieur|mme|m|avec|a|qui|quiconque];
        sans [en |][referer|informer|prevenir|avertir|aviser|alerter] [a |] [votre|vos|la|le|les|quiconque|personne];
        [que |]cela [reste|restera|doit rester] [entre|confidentiel|secret|discret]; tu le gardes pour toi; vous le
        [gardez|garderez] pour vous; gard[ez|e] [ca|cela|ceci] [confidentiel|secret|pour]; [in|with] [strict|total|
        complete|full|absolute|utmost] [confidence|confidentiality|discretion|secrecy]; [total|utmost|absolute|complete|
        entire|full] [discretion|secrecy|confidentiality]; count on your [|total |full |complete |entire |]discretion;
        [strictly |only |][between you and me|between us|between the two of us]; keep [this|it|the|that] [matter |
        information |project |deal |][to yourself|secret|under wraps|strictly|highly|confidential|private|quiet];
        [nobody|no one] [else |in the company |][must|should|can|may] [know|be|hear|learn]; [speak|talk] [with|to]
        [nobody|no one]; [sole|only|single] [point of contact|contact]; not a word [to|about]; behind closed; under
        [embargo|a gag]; gag order; bypass [the|your|usual]; outside [the|of the] [usual|normal|regular] [channel|
        channels|process|procedure]""",
    t.A_ELSEWHERE: """
        [boite|messagerie|adresse|adresse mail|adresse e mail|adresse email|adresse electronique|adresse de messagerie|
        mail|courriel|e mail|email|mel] [personnelle|personnel|perso|privee|prive|confidentielle|securisee hors] [sur|
        a|ou|pour|pas|afin|que|et|de|d|depuis]; [votre|ta|ton|une|un|sa|mon|ma|leur] [boite|messagerie|adresse|adresse
        mail|adresse e mail|adresse email|adresse electronique|adresse de messagerie|mail|courriel|e mail|email|numero|
        ligne|portable|mobile|numero de mobile|numero de portable|numero de telephone] [personnelle|personnel|perso|
        privee|prive|confidentielle]; [depuis|via|sur|a partir de|a] [votre|ta|ton|ma|mon] [boite|messagerie|adresse|
        mail] [personnelle|personnel|perso|privee|prive]; hors [de |][votre |la |ta |][messagerie|boite|adresse|mail]
        [professionnelle|pro|du travail|de l entreprise|d entreprise|de la mutuelle]; [pas|et non] [celle|celui|depuis
        celle|sur celle] [du travail|du bureau|de l entreprise|professionnelle|de la mutuelle]; [sur|via] [session|tox|
        qtox|threema|wickr|jabber|viber|discord|skype|telegram|whatsapp|messenger]; [ajoute|ajoutez|contacte|contactez|
        rejoins|rejoignez] [moi|nous] sur; [tox|qtox|session] [id|chat|only|or|link]; session tox; navigateur tor; tor
        browser; [onion|tor] [link|site|address|chat]; lien onion; adresse onion; [private|personal] [mail|email|e
        mail|mailbox|inbox|number|line|phone|mobile|cell|address]; [protonmail|proton mail|tutanota|tuta]; [numero|
        portable|mobile|numero de portable|numero de telephone|numero de mobile] ou vous [joindre|contacter|appeler];
        [numero|ligne] direct[|e] [hors|sur|ou|et un]; numero whatsapp; whatsapp number; [on|via|over] [telegram|
        whatsapp|tox|session|skype|wechat]
    """,
    t.A_PAYMENT: """
        [virement|versement|reglement] [sur|vers|au] [le compte|ce compte|compte|l iban|iban|le rib|fr00|lt00|ie00|
        es00|de00|be00|lu00]; [sauf|contre|moyennant|avec] [paiement|versement|reglement|virement] [de|d|du|immediat|
        integral|sous|par|avant]; [faute de|a defaut de|sans] [versement|virement] [de|du|sous|avant|immediat|d];
        compte a crediter; [payment|settlement] [by|via] [bank|wire|instant|swift|sepa] [transfer|wire]; [virement|
        paiement|reglement|versement] [doit|devra] [nous |][etre|parvenir]; pay by [card|wire|transfer|bank]; do not
        receive [payment|your payment|the payment|the amount|the fee]; [preparer|preparez|prepariez|prepare|lancer|
        lanciez|passiez|fassiez|effectuiez] [un|le|deux|ce|l|votre] [virement|reglement|paiement|acompte|versement|
        transfert|ordre de virement]; [accompagne|accompagnee|accompagnes] [du|de votre] [reglement|paiement|versement|
        virement]; [avec|joignez|joindre] [le|votre] [reglement|paiement|versement] [de|d|par|correspondant]; [en
        reglant|reglez|regler|verser|versez|payer|payez|acquitter|acquittant] [la totalite|l integralite|les frais|des
        frais|la somme|le montant|cette somme]; [par|en] virement [instantane|immediat] [exclusivement|uniquement|sur|
        au|vers|avant]; [par|en] [mandat cash|western union|moneygram|virement instantane uniquement]; versement [d
        ouverture|initial|unique]; me versez pas; [payable|a verser|a payer|a regler] [avant|sous|ce jour|aujourd hui|d
        ici]
    """,
    t.A_FEE: """
        [frais|droits] d [enregistrement|ouverture|immatriculation] de [00|000|0 000]; [renewal|registration|listing|
        filing|annual|publication|maintenance|inclusion] [fee|fees] [of|is|amounts|must|remains|due|eur|usd]
    """,
    t.S_DISTRESS: """
        [telephone|portable|tel|mobile] [est |][tombe|casse|perdu|vole|hs|foutu|mort|dans l eau]; c est [ta fille|ton
        fils|moi ta fille|moi ton fils]
    """,
    t.S_AMOUNT: "[eur|usd|gbp|chf] [00|000|0 000|00 000|000 000]",
    t.R_MANDATOR: """
        [votre|vos|ton|le|la|monsieur le|madame la|mme la|m le|monsieur votre] [dg|pdg|dga|daf|directeur general|
        directrice generale|direction generale|direction|directeur|directrice|president|presidente|presidence|president
        directeur general|conseil d administration|comite de direction|directeur financier|directrice financiere|
        patron|patronne|dirigeant|dirigeante|comex|codir|secretaire general|secretaire generale|administrateur
        delegue]; [your|the] [ceo|cfo|president|chairman|director|managing director|management|chief executive|chief
        executive officer|board|boss|general manager|executive director]
    """,
    t.R_MANDATED: """
        [m a|nous a|m ayant|m ont|nous ont] [mandate|mandates|charge|charges|confie|designe|demande|donne|prie|
        missionne|recommande|transmis vos|communique vos|dit de|indique]; [me|nous] [demande|charge|prie|mandate|
        confie|missionne]; [vous|t] a [designe|designee|choisi|choisie|recommande|recommandee|nomme|nommee|retenu|
        retenue|cite|citee] [pour|personnellement|comme|afin|en|]; [mandate|mandates|mandatee|charge|charges|chargee|
        missionne|missionnes|designe|appointe] par; [suis|sommes] [charge|charges|chargee|mandate|mandates|mandatee]; a
        la demande [de|du|expresse]; [avez|avais|as] ete [choisi|choisie|designe|designee|recommande|recommandee|
        retenue|retenu|nommee] par; [communique|transmis|donne|fourni|indique] par; au nom [de|du]; pour le compte [de|
        du]; [souhaite|desire|veut|exige] que vous; en accord avec; avec l [accord|aval] [de|du]; [je|nous]
        [represente|representons|conseille|conseillons|interviens pour]; sur [instruction|instructions|ordre] [de|du];
        [has|have] [appointed|instructed|asked|mandated|authorised|authorized|entrusted|designated|chosen|named|
        selected]; been [instructed|appointed|mandated|asked|retained|engaged|chosen|selected] by; on behalf of; given
        to me by; at the request of; [asked|instructed|told|wants] [me|you|us] to; i [represent|act for|work for]
    """,
    t.S_MANDATE: """
        [vous|t] a [designe|designee|choisi|choisie] [personnellement|pour m|afin de m|comme]; [votre|ta] [discretion|
        probite|loyaute|fiabilite|serieux] [m a|nous a|a ete|est|m est]; [personne|homme|femme] de confiance
    """,
    t.R_TAKE: """
        [sommes|suis] en possession [de|des|d]; [nous|on] [avons|a|l avons] [entierement |deja |aussi |egalement |
        ][telecharge|copie|exfiltre|chiffre|penetre|pirate|vole|extrait|aspire|derobe|verrouille|infiltre|compromis|
        crypte|siphonne|mis la main|pris le controle|infecte|acces|obtenu|intercepte|recupere|une copie]; [nous|je]
        [detenons|detiens|possedons|possede|disposons de|dispose de]; j ai [entierement |deja |aussi |][telecharge|
        copie|exfiltre|chiffre|pirate|vole|extrait|aspire|derobe|enregistre|filme|infecte|installe|pris|acces|
        intercepte|recupere|une copie|obtenu|penetre]; [we|i] [have |ve |had |also |already |fully |][downloaded|
        stolen|stole|exfiltrated|encrypted|copied|hacked|breached|taken|took|locked|compromised|penetrated|infiltrated|
        accessed|recorded|infected|obtained|extracted|dumped|hold|own|been inside|been in|full access|access to|
        gained]; and [copied|downloaded|exfiltrated|stole|encrypted]; et [copie|telecharge|exfiltre|chiffre|vole];
        [inside|in] your network; [gb|go|tb|to|gigabytes] [taken|stolen|exfiltrated|downloaded|of|de|ont ete]; nous
        sommes [dans|entres dans|rentres dans]
    """,
    t.R_LOOT: """
        fiches de paie; arrets maladie; dossiers du personnel; [votre|vos|tous vos|toutes vos|de vos|l ensemble de vos|
        ton|tes|de votre] [base|bases|base adherents|base de donnees|donnees|fichiers|fichier|serveurs|serveur|reseau|
        systeme|systemes|systeme d information|messagerie|messageries|sauvegardes|infrastructure|videos|ordinateur|
        ordinateurs|webcam|camera|telephone|adherents|assures|clients|boite|postes|machines|historique|mots de passe];
        la base [client|clients|adherents|assures|complete]; donnees [de sante|personnelles|medicales|bancaires|des
        adherents|adherents|clients|confidentielles]; dossiers [medicaux|adherents|confidentiels|rh]; videos; [your|all
        your|of your|all of your|the] [files|data|network|internal network|servers|server|file server|file servers|mail
        server|domain controller|cloud|nas|vpn|systems|system|database|databases|backups|computer|computers|device|
        devices|camera|webcam|customers|clients|members|mailbox|employees|infrastructure|company data|passwords]; of
        [members|customers|clients|employees|patients]; [00|000|0] [gb|go|tb|to|gigabytes|gigaoctets] [de|of|];
        contracts; nir; iban; medical [records|codes|data]
    """,
    t.R_PUBLISH: """
        tout [part|partira] [chez|a|aux|sur]; [publierons|publierai|publions|publie|diffuserons|diffuserai|diffusons|
        divulguerons|divulguerai|vendrons|vendrai|revelerons|revelerai|enverrons|enverrai|envoie|balance|balancerai|
        posterons] [tout|toutes|l integralite|l ensemble|vos|ces|tes|cette|a tous|a tes|a vos|a ta]; [rendrons|rendons|
        rendrai] [public|publics|publique|publiques]; [sera|seront|serait|vont etre] [integralement |entierement |
        alors |][publie|publies|publiees|vendu|vendus|vendues|divulgue|divulgues|divulguees|mis en ligne|mises en ligne|
        rendu public|rendues publiques|rendus publics|diffuse|diffuses|diffusees|mises aux encheres]; au plus offrant;
        [we|i] [will |ll |shall |][publish|leak|release|sell|post|send|expose|disclose|dump] [everything|all|your|it|
        them]; [will|going to|gonna] be [leaked|published|sold|released|exposed|made public|posted|taken down|
        auctioned]; [we|i] [will|ll] [contact|write to|call|inform|email|notify] [every|each|your members|your
        customers|your clients|journalists|the press|the media|all your]; nous [contacterons|ecrirons a|previendrons|
        avertirons] [vos|la
        presse|tous vos|chacun de vos|la cnil|chaque]; taken [down|offline]; hors ligne; [on|to] our [blog|site|leak
        site|channel]; [sur|dans] notre [blog|site|canal]""",
    t.R_UNLESS: """
        si vous [ne|n|refusez|tardez|contactez|appelez|alertez|prevenez|ignorez]; si tu [ne|paye|paies|payes|n|pas|
        refuses]; sinon; faute [de|d]; a defaut; sans [paiement|reglement|accord|reponse|versement]; a moins [que|d];
        en cas de [refus|non paiement|silence]; payez [ou|sinon]; unless; if you [do not|don t|refuse|ignore|fail|call|
        contact|hire|won t|try|want]; if [not|we do not|no payment|no contact]; otherwise; or else; pay [or|otherwise];
        passe [ce delai|cette date]; payez [0|00|000]
    """,
    t.S_EXTORTION: """
        [le |][prix|montant|tarif] [double|doublera|sera double|doublerait|augmente|augmentera|passe a|passera a|
        triple] [apres|passe|si|toutes|chaque|des|au dela|si]; [the |][price|amount|sum|ransom] [doubles|will double|
        goes|will be doubled|increases|will increase|is doubled]; n [appelez|alertez|avertissez|impliquez|contactez|
        informez] [pas|ni] la police; ne [contactez|prevenez|appelez|alertez|impliquez] [pas|ni] [la police|l anssi|les
        autorites|la gendarmerie|les forces|de negociateur]; [do not|don t|never] [contact|call|involve|go to|inform|
        alert|hire|bring|tell|warn] [the |any |a |][police|law enforcement|authorities|fbi|negotiator|negotiators|
        recovery]; [if you |][call|contact|involve|hire] [the |a |any |anssi or |][police|negotiator|anssi|authorities|
        law enforcement]; [j ai|nous avons|on a] [place|pose|depose|cache|dissimule] [un|une|des|deux|trois|plusieurs]
        [engin|engins|bombe|bombes|explosif|explosifs|charge|colis piege]; [bombe|bombes|engin explosif|engins
        explosifs|explosifs|charge explosive] [a ete|ont ete|est|sont|sera] [deposee|depose|placee|place|placees|
        places|posee|poses|dissimulee|cachee|activee|dissimules|caches]; [explosera|exploseront|sautera|detonera];
        [placed|planted|hidden] [a |an |the |][bomb|bombs|explosive|explosives|device]; bomb [will|in your|has been];
        [savons|sais] ou [habitent|habite|travaillent|vivent|vous habitez|tu habites|vos enfants|votre famille]; know
        where [you|your|they]; [lancerons|declencherons|lancer|demarrerons|poursuivrons] [une |l |cette |un |notre |des
        |][attaque|attaques|ddos|deni]; ddos [attack |attacks |][unless|if|will|on|against your|of your|demain|contre
        votre]; [attaque|attaques] [ddos |par deni |de deni ]contre votre [site|infrastructure|portail|serveur]; [only
        we|we alone] [can|have]; nous seuls [avons|pouvons|detenons]; [decryption|decryptor] [key|tool|software]; cle
        de dechiffrement; [negociez|negocier|negociation|negotiate|negotiation] [avec nous|with us|page|chat|portal];
        [payer|pay|versez|verser|send|envoyez] [0|00|000|0 0|00 000] [btc|bitcoin|bitcoins|xmr|monero|usdt|eth]; ransom
        note; your [company|network] [has been|was] [hacked|encrypted|compromised|locked] [by us|by our]; preuve [que
        ce n est pas|de notre|qu il ne s agit]; [not a joke|pas une plaisanterie|pas une blague]; [0|00|000] [gb|tb]
        [taken|stolen|exfiltrated|downloaded]
    """,
    t.S_HOURS: """
        pour demain [0|00|0h|00h|matin|midi|soir|avant]; [sous|dans les|d ici|dans|pendant|dans un delai de|sous un
        delai de|delai de|vous avez|vous disposez de|vous n avez que|il vous reste|il reste|plus que|encore|moins de|
        sous les|dans les prochaines|00 a|within|in|in the next|you have|only|last|you have only] [0|00|six|douze|vingt
        quatre|quarante huit|soixante douze|deux|quatre|quelques|trois|cinq] [h|heures|heure|hours|hrs|hour|minutes|
        prochaines heures]; [sous|d ici|in] [00h|0h]; dans les [prochaines |]heures [qui|a venir|prochaines|suivant|];
        dans l heure; [avant|jusqu a|d ici|d ici a|au plus tard|au plus tard a|imperativement|des] [ce soir|ce midi|
        midi|minuit|demain|demain midi|demain soir|aujourd hui|ce jour|la fin de journee|la fin de la journee|la fin de
        la matinee|cet apres midi|0 h|00 h|0h|00h|0 heures|00 heures|0h00|00h00]; jusqu au [soir|lendemain]; [aujourd
        hui|ce jour|ce soir|demain|ce matin|cet apres midi] [avant|meme|imperativement|dernier|au plus tard|minuit|
        dernier delai|sans faute|a partir|a 0|a 00|des|matin|midi|a la premiere|a l ouverture]; [paiement|reglement|
        versement|regularisation|retour|reponse|action] [de votre part |immediat |][aujourd hui|ce jour|ce soir|dans la
        journee|dans l heure|dans la matinee|demain]; dans la [journee|matinee|soiree]; en fin de journee; ce jour
        avant; [by|before|until] [tonight|noon|midnight|today|tomorrow|end of day|eod|cob|close of business|the end of
        the day|the end of today|tomorrow morning|0|00] ; [pay|settle|paid|act|respond|reply|transfer|wire] [it |this |
        now |][today|tonight|tomorrow|immediately|within the hour]; until [monday|tuesday|wednesday|thursday|friday]
        00; jusqu a [lundi|mardi|mercredi|jeudi|vendredi] [0|00] ; [reglez|payez|regler|payer|acquitter] [aujourd hui|
        ce jour|ce soir|dans l heure|immediatement]
    """,
    t.S_THREAT: """
        saisie [vente|conservatoire|mobiliere|immobiliere|attribution|arret|immediate|des|du]; [concours de la|avec la|
        par la] force publique; serrurier; assignation; [assigner|assigne|assignes|assignee] [devant|en|votre];
        [fichier|fiche|inscription|inscrit|inscrite] [des incidents|au fichier|au ficp|fcc|ficp|a la banque de france];
        incidents de paiement; voie d huissier; [gel|blocage] de [vos|tous vos|ses|l ensemble de vos] [avoirs|comptes];
        execution forcee; perquisition[|s]; garde a vue; [encourt|encourez|encourir|expose|exposez|passible|passibles]
        [a |d |de |][une |un |][amende|sanction|sanctions|penalite|penalites|peine|poursuites|retrait]; [amende|
        sanction|penalite] [administrative|penale|financiere|pecuniaire|encourue|pouvant|maximale|forfaitaire|allant|
        de]; plainte [penale|sera|contre]; proces verbal [d infraction|de carence|de saisie|sera]; [seize|seizure of|
        freeze] [your|the] [assets|accounts|property|bank]; bailiff[|s]; [retrait|suspension] de [votre |l |]agrement;
        agrement [de votre mutuelle |][sera|est|serait] [retire|suspendu]; [interdiction|radiation] [d exercer|de
        gerer|du registre]; [titre|ordonnance] [executoire|d injonction]; injonction de payer; commandement de payer;
        signification [de|d|a]; poursuites [sont|seront|seraient|pour|contre|a votre]; debt collection; [court|legal]
        [proceedings|claim|fees|order]; [fined|fine of]
    """,
}  # fmt: skip
