"""Words about accounts, channels and means of payment, folded, in the notation of `grammar.expand`.

They are found by an automaton of their own, so that no phrase of the other tables hides them.
"""

from gateway.content import grammar_tags as t

_BANK = "compte|rib|iban|compte bancaire|numero de compte"
_BANKS = "cic|bnp|bnp paribas|lcl|credit agricole|societe generale|banque postale|caisse d epargne|credit mutuel|hsbc"
_ONLINE = "qonto|revolut|n00|wise|shine|bunq|memo bank|finom|nickel|payoneer|monese|paysera"
_PAID = """reglements|reglement|paiements|paiement|virements|virement|versements|versement|echeance|echeances|factures|
    facture|flux|fonds|sommes|honoraires|remboursements"""
_PARTNER = """holding|filiale|societe soeur|maison mere|entite|structure|mandataire|affactureur|factor|
    gestionnaire|partenaire|prestataire|sequestre|centrale|tresorerie|societe de gestion|
    societe de portage|societe d affacturage|captive|agent payeur|societe de recouvrement|
    societe de financement"""

MONEY: dict[int, str] = {
    t.M_PAY_TO: """
        faites suivre; faire suivre; a envoyer a; se fera aupres; se fera exceptionnellement aupres; a crediter;
        regler; reglez; regle; payer; payez; paye; verser; versez; verse; virer; virez; vire; crediter; creditez;
        diriger; rediriger; redirigez; dirige; diriges; orienter; orientez; effectuer; effectuez; adresser; adressez;
        partir; faire partir; faites partir; fais partir; transitent; transite; transiteront; passent; passeront;
        envoie; envoyez; envoyer; mets; mettez; mettre; tombe; tombent; [a|etre|sont a|est a|seront a] [adresse|
         adresses|adressee|adressees|verse|verses|versee|versees|vire|vires|viree|virees|paye|payes|payee|payees|
         regle|regles|reglee|reglees|effectue|effectues|dirige|diriges|dirigee|transfere|transferes]; basculez;
        basculer; bascule; utilisez; utiliser; prenez; prendre; transferer; transferez; encaissera; encaissent;
        reglement entre les mains; redirect; remit; transfer; wire; pay; pay there; made to; sent to; use; send;
        switch; route; settle; settled; be paid; go to; credit
    """,
    t.M_OTHER: f"""
        compte dedie; [rib|iban|compte] de remplacement; mon compte [{_ONLINE}]; [our|the] [payment agent|collection
        agent]; [nouveau|nouvel|autre|second|deuxieme|nouvelle] [{_BANK}|domiciliation]; [compte|rib|iban]
        [centralisateur|de reserve|secondaire|provisoire|alternatif|de substitution|temporaire|de secours|de
        transition|d affacturage| de cantonnement]; [nouvel|autre] etablissement; [nouvelle|autre] banque; [notre|la|
        nos|une|sa|l|un] [nouvelle | nouveau |][{_PARTNER}]; compte [du groupe|de la holding|de la filiale|de ma
        societe]; [notre|ma| une] banque [de|a|en]; [chez|par] [{_ONLINE}]; entre les mains [de|du|d]; celui la; celle
        la; nouvelles references; [new| alternate|alternative|other|different|secondary|temporary|uk|german|overseas|
        offshore| lithuanian|irish] [bank |][account|iban|beneficiary|bank details]; subsidiary s account; [our|the|a]
        [subsidiary|factor| factoring company|parent company|sister company|holding]
    """,
    t.M_HERE: """
        account [shown|given|mentioned|listed]; coordonnees de virement; [compte|iban|rib|coordonnees|references|
        coordonnees bancaires|coordonnees suivantes] [suivant|suivante| suivantes|ci dessous|ci apres|ci joint|ci
        jointes|joint|jointes|indique|indiquees|en annexe|en pj|en piece jointe|figurant|figure]; ce compte; cet iban;
        ce rib; celui ci; [iban|rib] que je; references ci [dessous| apres]; account [below|attached|indicated];
        [details|iban] [below|attached]; beneficiary below; pay there; l iban; le rib
    """,
    t.M_CHANGED: """
        as from; from this month; exceptionnellement; pour la suite; desormais; dorenavant; des a present; a compter
        [du|de]; a partir [du|de]; [ont|a] [evolue|change]; annule et remplace; annulent et remplacent; pas celui [de|
        des|du|que]; plus celui; plus ceux; au lieu de; plutot que; plutot; a la place de; [plus|pas] le meme [compte|
        rib|iban]; [l ancien|l ancienne|les anciens|les anciennes]; n est plus [credite|bon|valable|valide|actif];
        reprise de [notre|la] ligne; affacturage; cession de creances; creance ayant ete cedee; subrogation; [from|as
        of] now; going forward; future; effective [immediately|from]; no longer; moved banks; changed banks; instead;
        seul le; [dans le cadre|suite au|apres le|du fait] [du |d un | de la |][regroupement|changement|transfert];
        cette fois; rediriger; redirigez; redirect; rationalisons; exclusivement; nouvelles; nouveau; nouvelle
    """,
    t.M_OLD: f"""
        [releve d identite bancaire|rib|iban] [transmis|envoye|communique|fourni|precedemment]; [l ancien|notre
        ancien|mon ancien|ancien|precedent|l actuel|anciens|les anciens] [{_BANK}|ribs]; [{_BANK}] [precedent|actuel|
        habituel]; [le compte|le rib|l iban] [que vous utilisez|que vous creditez|que vous avez en| que vous aviez|sur
        lequel vous|dont vous disposez]; [le|notre|mon] compte [{_BANKS}]; compte [{_BANKS}] que vous; [iban|rib|
        compte] [terminant|finissant|se terminant] par; l ancien compte; l ancien [est|sera|ne|n est|a ete|n a]; les
        anciennes references; anciennes coordonnees; celui de la [boite|societe]; [old|usual|previous| current]
        [bank |][account|iban|details]
    """,
    t.M_GONE: """
        caduc; caduque; obsolete; perime; n a plus cours; vide; cloture; clos; ferme; sera ferme; en cours de
        [fermeture|cloture]; gele;
        [est|sont|a ete|ont ete|sera|etant|actuellement|temporairement] bloque[|s]; bloque[|s] [par|depuis|suite|pour];
        suspendu; plus bon; ne passe plus; ne fonctionne plus; perdu;
        perdue; perdus; perdues; rejete; rejetes; recuperee; recuperes; recupere; n est plus [credite|utilisable|
        actif|valable|valide]; ne [sera|seront] plus; ne [doit|doivent] plus; en [cours d |]audit; sous [audit|
        controle]; ne plus [laisser |]transiter; under [audit|review|investigation]; frozen; being closed; closed; on
        hold; blocked; no longer [in use|active|valid]; sous sequestre; controle fiscal
    """,
    t.M_LEAVE: """
        n est plus [credite|alimente|utilise|utilisable]; [n utilisez|n utilise|ne reglez|ne payez|ne versez|ne virez|
         n envoyez|ne creditez|n adressez] [plus|rien|pas|aucun]; ne plus [utiliser|regler|payer|verser|virer|
         crediter|laisser transiter]; ne [sera|seront|doit|doivent] plus [etre |][utilise|utilises|utilisee|utilisees|
         servir|credite|alimente|employe]; hold any payment; [do not|don t|stop] [use|using|pay|paying|sending to]
        [the |our |]
    """,
    t.M_ACCOUNT: """
        rib; ribs; iban; ibans; coordonnees bancaires; references bancaires; references ci dessous; domiciliations
        bancaires; domiciliation bancaire; domiciliation; nos references; bank details; banking details; bank account;
        account details; [le|notre|ce] compte; references de paiement; remittance [details|information]; compte
        bancaire; attestation bancaire; the account
    """,
    t.M_ON_FILE: """
        [modif|modifs|chgt|changt|maj] [de |du |][rib|iban]; [mettre|mettez|remettre] a jour [la|notre|votre|mon|ma]
        fiche; fiche [fournisseur|tiers|praticien|partenaire]; [remplacer|remplacez|substituer|substituez|modifier|
        modifiez|actualiser|actualisez|rectifier|saisir|corriger| enregistrer] [le|les|nos|notre|mes|mon|ces] [rib|
        iban|references|coordonnees|domiciliation]; [dans|de] [votre|vos] [base|bases|fichier fournisseurs|
        referentiel|logiciel|comptabilite|outil|parametrage]; referentiel fournisseurs; amend your records; update
        your [records|system|files|master file|vendor file]; vendor [file| record|master]; please update our; bien
        vouloir noter que; [merci de|veuillez] noter que [nos|notre|le|mon]; please note that [our|my|we];
        rationalisons nos; a prendre en compte pour; nouvelles [references|coordonnees] de paiement
    """,
    t.M_RECALL: f"""
        [rappeler|rappelez|annuler|annulez|rejeter|bloquer|bloquez|stopper|stoppez] [le|les|ce|ces|vos|votre|l|leur]
        [{_PAID}]; [sont|est|seront] a [rappeler|annuler]; rappel [du|des|de] [{_PAID}]; [recall|stop|cancel|reverse|
         pull back] [the|any|that|this|yesterday s] [transfer|payment|payments|wire]; procedure de recall
    """,
    t.M_REISSUE: """
        reemettre; reemettez; reemis; reemise; refaire; refaites; renvoyer; renvoyez; relancer; repasser; repassez;
        reissue; resend; re send; send it again; redirect [it|them]; reverser
    """,
    t.M_MY_PAY: """
        [ma|mon] [paie|paye|salaire|remuneration|pension|prime]; [mes] [remboursements|prestations|indemnites|
         salaires]; my [salary|pay|payroll|wages|direct deposit|paycheck]
    """,
    t.M_LINE: """
        telephone; telephonie; telephonique; telephoniques; tel; standard; la ligne; ligne; lignes; fixe; notre
        [central|fixe|numero]; [notre|l|son|cet] ancien numero; l ancien numero; le numero que; mon [portable|mobile|
         telephone]; switchboard; phone; phone lines; telephone lines; [par|au] telephone; appels; vos appels; your
        [call|calls]; secretariat telephonique; [l ancienne|cette ancienne] adresse; l ancien mail; l adresse en;
        ancienne boite; accueil telephonique; comptoir
    """,
    t.M_DOWN: """
        resilie; resiliee; en reparation; au service apres vente; nobody will answer; closed for [renovation|works|
        maintenance]; en derangement; en panne; hs; h s; hors [service|d usage]; demenage; demenageons; en [cours
        de |][maintenance| migration|travaux]; [est|a ete] coupe; coupee; coupees; suspendu [jusqu|a]; suspendue; ne
        repond [pas|plus]; personne ne repond; ne repondent [pas|plus]; n est plus [attribue|en service]; casse;
        cassee; pris l eau; desactivee; desactive; [is|are] down; being migrated; out of [order|service]; not working;
        broken; ce n est pas possible; pas possible en ce moment; pas [dispo|disponible|joignable]; ne fonctionne
        [pas|plus]; ne fonctionnent [pas|plus]; dans le vide; repondeur; saturee; saturees; a quitte [la|l|notre]; en
        vol; unable to [take|answer]; aucun renseignement; aucune reponse; ne sera [donne|donnee|traite|traitee] par
    """,
    t.M_AVOID: """
        [n appelez|ne rappelez|ne joignez|ne contactez|ne sollicitez|ne telephonez|ne cherchez|n appelle|ne rappelle|
         ne contacte|ne derangez|ne le rappelez|ne la rappelez|ne le contactez|ne la contactez|ne l appelez|ne les
        appelez|ne nous appelez|ne m appelez|ne passez|n utilisez|ne tentez|n essayez|ne lui ecrivez|n ecrivez] [pas|
         plus|surtout pas|aucunement]; ne prendre aucun contact; ne prenez [pas|aucun] contact; [ne pas|ne plus|ne
        surtout pas|inutile de|inutile d|pas besoin de|pas besoin d|pas la peine de|pas la peine d|evitez de|evitez d|
         n est pas utile de|n est pas utile d|sans] [le |la |les |l |nous |me |m |en |][appeler|rappeler|contacter|
         solliciter|telephoner|passer par|prendre contact|deranger|chercher a nous joindre|chercher a joindre|nous
        joindre|utiliser]; [d |]eviter l [ancien|ancienne]; inutile de chercher a; temps a essayer; [do not|don t|
         please don t|no need to|avoid] [call|calling|phone|contact|contacting|ring|use|using|go through|going
        through]
    """,
    t.M_PARTY: """
        [mme|madame|mlle]; [mes|ma|mon] [collegues|collegue|directrice|directeur|associe|associee|assistante];
        reception; l [agence|etude|officine|entreprise|usine|association|accueil|equipe|extranet|adresse]; l [ancien|
        ancienne] [numero|adresse|contact|interlocuteur|mail]; [le|la|notre|votre|son|au|du|nos] [standard|siege|
        societe| cabinet|bureau|magasin|pharmacie|banque|direction|dirigeant|directeur|directrice|gerant|gerante|
        comptable| comptabilite|patron|client|cliente|creancier|creanciere|requerant|requerante|mandant|mandante|
        secretariat| service|agence|interlocuteur|contact|conseiller|numero|collegue|succursale|filiale|famille|fixe];
        l interlocuteur [habituel|que]; a ce [sujet|propos]; la dessus; sur son [mobile|portable]; the [office|bank|
         switchboard|company|branch|director|front desk|accounting]; usual contact; old number; me; moi; je suis en
        [reunion|clientele|deplacement]; our [office|branch]; par telephone; de chiffrer
    """,
    t.M_UNAWARE: """
        [n est|ne sont|n etant|ne sera|n est malheureusement] pas [au courant|informe|informee|informes|habilite|
        habilitee|habilites|dans la confidence|mis au courant]; [ne pourra|ne pourront|ne saura|ne sauront] [rien|pas]
        vous [dire|repondre|renseigner|aider]; ne [sait|savent] rien; [is|are] not aware; [doesn t|don t] know about
    """,
    t.M_NO_CALL: """
        impossible de [m avoir|me joindre|nous joindre] [de vive voix|par telephone|au telephone|avant]; tout passera
        par; que par [mail|courriel|ecrit|e mail]; [just|only] reply to me; reply only to; nobody will answer; [vous
        passez|passez] par moi; voyez directement avec moi; [me|us|colleagues] out of this; [par|via] [mail|courriel|e
        mail|email|ecrit|messagerie] [uniquement|exclusivement|seulement]; [uniquement| exclusivement|seulement] [par|
        via] [mail|courriel|e mail|email|ecrit|cette adresse|ce mail|retour de mail]; passer exclusivement par;
        courriel uniquement; [mail|email|e mail] only; [by|via] [email|e mail|mail] only; plus facilement joignable
        par [mail|courriel|ecrit]; [qu |que ]a l adresse ci dessus; joignable qu [a|par|au]; repond[ez|s] par mail
        svp; mail [svp|stp|please]; [tout se|tout ce|ca se] fait par [ecrit|mail|courriel]; on [fait|gere|regle] tout
        par [mail|ecrit|courriel]; [email|e mail] is best; on s ecrit ici; [reponds|repondez| ecris|ecrivez] [moi |
        nous |]ici; injoignable [au|par] telephone;
        [difficilement|difficile|peu|pas facilement] [joignable|joignables|a joindre];
        je [suis|serai|reste] injoignable; donc injoignable; [ne pourrez
        pas|n arriverez pas a] [me|nous|le|la] joindre; [ne pourra|ne peut|ne peux] pas vous prendre au telephone;
        [can t|cannot|can not|won t] be reached; not reachable; unable to take [your |]calls; [ne prend|ne prends|ne
        prenons|ne prennent|ne recoit|ne recevons|ne recoivent|n accepte|n acceptons|ne traite| ne traitons] [pas|
        plus|aucun|pas d|plus d] [d |][appel|appels|appels telephoniques]; aucun [appel|contact| echange|entretien]
        [direct|telephonique|n est|ne sera]; [ne me permettent|ne me permet|ne peux|ne peut|ne pouvons|ne pourrai] pas
        [de |][repondre au telephone|prendre d appel]; aucune [contestation|demande|reponse| reclamation]
        telephonique; [do not|don t|not] take [any |]calls; je ne capte [pas|plus|rien]; toute demande se fait en
        reponse; n est [recu|recue] par telephone; no phone calls; [ne souhaite|ne souhaitent|ne souhaitons] [aucun|
        pas de] contact; keep all [communication|communications|correspondence|exchanges] [to|in| on|within] [this|the
        same]
    """,
    t.M_PAYEE: """
        iban [estonien|maltais|roumain|polonais|espagnol|anglais|chypriote|bulgare]; l intitule; le beneficiaire; nom
        du [titulaire|beneficiaire|compte]; titulaire du compte; le titulaire; le beneficiaire; du beneficiaire; nom
        affiche; nom qui s affiche; intitule du compte; code pays; raison sociale; iban commence; iban commencant;
        iban [lituanien|etranger|belge|allemand|luxembourgeois|irlandais|en]; si l iban; payee; the beneficiary;
        beneficiary name; [our|the] iban is; account name; legal name; pays de l iban; compte etranger
    """,
    t.M_HELD_BY: """
        [compte|iban|rib] porte le nom; account name [will |]show[|s] as; [compte|iban|rib] [est |sera |a
        ete |][ouvert |libelle |domicilie |][au nom de|au nom d|au nom du]; account [is |][held |opened |][in the name
        of|under the name of|under the name|in the name]; titulaire du compte est; [compte|rib|iban] appartient;
        account belongs to; c est celui de [la|notre|l]
    """,
    t.M_THIRD: f"""
        [our|my] payment agent; mon [associe|epoux|conjoint|beau frere|cousin]; [notre|mon|la|a notre|a la|a mon]
        [{_PARTNER}|gerant|gerante|comptable|associe|associee|tresorier|directeur| avocat]; ma societe; ltd; limited;
        uab; [our|my] [factoring|partner|subsidiary|director|agent|accountant| parent|sister|holding]; qui gere nos;
        qui encaisse; une autre [societe|entite|personne]; un tiers; d un tiers; maison de titres
    """,
    t.M_CHECK: """
        [systeme|logiciel|outil|banque|application] [va|risque de|peut] [raler|bloquer|refuser|signaler|tiquer|
        coincer|alerter|vous demander une confirmation]; red flag; contre appel; [une|l|cette|d|toute|son|votre]
        alerte; alerte de [votre|la|sa] banque; avertissement; message d avertissement; message [rouge|orange] de; feu
        [orange|rouge]; non concordance; discordance; verification du beneficiaire; controle [du|de l|de|des|iban|rib|
        sepamail|bancaire]; contre appel; rappel de controle; ecart de nom; rapprochement; [double|seconde|deuxieme]
        [verification|validation|signature]; confirmation of payee; warning; mismatch; not matching; may flag; will
        flag; [doesn t|does not|don t] match; le nom ne correspond pas; concordance; verifier [le|l|la|les] [rib|iban|
        compte|coordonnees|titulaire]; verify [the|our|this] [account|iban|bank details|beneficiary]; callback; call
        back procedure
    """,
    t.M_WAIVE: """
        [passez|passer] en force; [sautez|sauter|saute] [l etape|cette etape]; don t mind; never mind; repondez que;
        [parce que|car|puisque] notre [neobanque|banque|prestataire|etablissement]; ignorez; ignorer; ignore; ne tenez
        pas compte; ne pas [en |]tenir compte; n en tenez pas compte; passez outre; passer outre; forcez; forcer;
        [validez|valider|confirmez|continuez|executez] [quand meme|malgre|tout de meme| neanmoins]; vous pouvez
        continuer; proceed anyway; go ahead anyway; is expected; [c est|il est|cela est|ce qui est|est tout a fait|
        tout a fait] normal; rien d anormal; pas de [souci|soucis|probleme]; sans [consequence|incidence|importance|
        gravite]; [ne vous|ne t|ne vous en] [inquietez|etonnez|inquiete|etonne| formalisez|alarmez|souciez] pas; vous
        en [inquietez|etonnez|formalisez] pas; don t worry; do not worry; disregard; [peut|peuvent|pourra] etre
        [levee|leve|ignoree|ignore|ignorees|contournee]; lever manuellement; la lever; skip the; override; nul besoin;
        n est pas [utile|necessaire]; s en est charge
    """,
    t.M_UNCHECKED: """
        [pas la peine|inutile|pas besoin|nul besoin|pas necessaire] [de|d] [re |re|][verifier|controler|refaire|
         proceder|faire]; no need to [verify|check|confirm|call]
    """,
    t.M_DIFFERS: """
        [un|sous un] autre nom; [differe|different|differente|differera|differents] [de|du|des|d]; [sera|est]
        different[|e]; ne sera pas le notre; n est pas le notre; another name; different name; differs
    """,
    t.M_MEANS: """
        pcs; transcash; neosurf; paysafecard; paysafe; toneo; western union; moneygram; money gram; mandat cash; usdt;
        bitcoin; bitcoins; btc; ethereum; cryptomonnaie; cryptomonnaies; crypto; prepaid [voucher|vouchers|card|
         cards]; [coupons|coupon|tickets|cartes|recharges] [prepaye|prepayes|prepayee|prepayees]; [steam|itunes|apple|
         google play|amazon|razer] [card|cards|gift cards]; [carte|cartes] [steam|itunes|apple|google play|amazon];
        [carte|cartes|cheques|bons] cadeau[|x]; gift [card|cards]; ria money
    """,
    t.M_CASH: "en especes; les especes; especes; en liquide; du liquide; en numeraire; in cash; the cash; cash",
    t.M_FETCHED: """
        coursier; livreur; chauffeur; courier; driver; enveloppe; envelope; viendra [retirer|chercher|recuperer];
        passera [prendre|chercher|recuperer]; a notre [agent|collaborateur|collaboratrice|representant|emissaire];
        remise des fonds
    """,
    t.M_HAND_OVER: """
        reglez; regler; a regler; payez; payer; envoyez; envoyer; envoie; verser; versez; se fait par; se fait en;
        sera regle[|e]; paiement par; we accept; accepte; payment in; payment by; pay with; pay [by|in|using]; must be
        [wired|paid|sent]; wired; les codes; des codes; codes; code au dos; donner les numeros; [au|bureau de] tabac;
        achat [de|d]; achetez; achete; acheter; pick up; buy; read me; scannez; grattez; gratter; en photo; send the
        pin; the pin; sur ce portefeuille; portefeuille suivant; sur ce wallet; numeros de serie
    """,
    t.M_DICTATE: """
        dicter; dictez; dicte; donner par telephone; dites moi; dites nous; donnez [moi|nous]; [nous|me] [donnez|
         dites|dictez|donner|communiquer]; communiquez [nous|moi]; communiquer; lire; read me; tell me
    """,
    t.M_CARD: """
        numero de [carte|cb|la carte|votre carte]; [les |]chiffres de la [carte|cb]; [votre|la|ta] carte [bancaire|
         affaires|bleue|d entreprise|corporate|de paiement|de credit]; card number; numeros de la carte; le numero de
        carte; cb
    """,
    t.M_SPARED: """
        jamais; never; avant tout; comment; espace [adherent|personnel|client|assure]; arnaque; victime; inchange;
        inchangee; inchangees; unchanged; continuer a utiliser; votre demande; [a|ont] bien ete; archive; j ai
        [essaye|tente|paye|appele]; nous avons [essaye|tente|bien|verifie]; j essaie; could not reach; n arrive pas a;
        [de|pour] vous joindre; n acceptons [pas|plus|aucun|ni]; n accepte [pas|plus|ni]; [do not|don t] accept;
        plafonne; puis je; ne validez pas; do not proceed; ne confirmez pas; volant; compte formation; compte
        personnel de formation; compte ameli; compte rendu; ma [femme| mere|fille|soeur]; mon [mari|epoux|epouse|fils|
         pere|frere]; nos conditions; was made to; has been paid; au restaurant; au guichet; tel qu il figure; telles
        qu elles figurent; deja [enregistre|enregistrees|connu| connues]; ne [procedez|proceder|procedons|changez|
        changer|modifiez|modifier|payez|
        payer|virez|virer|enregistrez|enregistrer|traitez|traiter] [a |][aucun|aucune|rien|pas|jamais]; [j ai|avons|
        avez|a|ont|as] [deja |]achete[|s|es]
    """,
    t.M_INFIRM: """
        [je suis|etant|suis] [sourde|sourd|malentendant|malentendante|mal entendant|mal entendante|aphone|muet|
         muette]; [ma|de] [surdite|perte d audition]; laryngectomise; laryngectomisee; [i am|i m] [deaf|hard of
        hearing]
    """,
    t.M_HEARSAY: """
        [n a|n ont] pas [change|ete modifie|ete modifiees|ete change]; not changed; si vous changez; en cas [de|d];
        lorsque vous; if you change; toute demande de [modification|changement]; tout changement; on m a; nous a
        ecrit; [had|has|was|were] been [asked|told]; [was|were] [asked|told]; [qui|il|elle|ils|on] [a|ont|avait|
         avaient] [vire|verse|paye|transfere]; un faux; une fausse; de faux; de fausses; des faux; escrocs; fraudeurs;
        never ask; ask you to change
    """,
    t.M_YOUR_ACCOUNT: """
        [votre|son|leur|ton] [nouveau |ancien |]compte; [your|their|his|her] [new |old |]account; [votre|son|leur]
        [nouveau |ancien |][rib|iban]; vos coordonnees bancaires; [compte|rib|iban] [de la|du|de l] [defunte|defunt|
         adherent|adherente|assure|assuree|client|patient|patiente|beneficiaire]
    """,
    t.M_YOURS: """
        [votre|vos|your] [standard|ligne|lignes|numero|telephone|accueil|service|services|hotline|switchboard|line|
         phone|plateforme|secretariat]; vous n avez pas repondu
    """,
}  # fmt: skip
