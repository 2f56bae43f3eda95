"""What stands between verb and object, and asks that are one fixed phrase: folded, notation as in `grammar.expand`."""

from gateway.content import grammar_tags as t

BETWEEN: dict[int, str] = {
    t.REQUEST: """
        vous [demandera|demanderont|invitera|proposera] [de|d|a];
        [est|sont] [invite|invites|invitee|invitees|prie|pries|tenu|tenus|tenue|tenues] [a|de|d];
        veuillez; veuiller; veillez; vueillez; veuilez;
        merci de; merci d; merci par avance de; merci de bien vouloir;
        priere de; svp; s il vous plait; s il te plait; stp; bien vouloir; [nous|je] vous [invitons|invite|prions|
        prie|demandons|demande|remercions|remercie|conseillons|recommandons|encourageons|saurions gre|
        serais reconnaissant|enjoignons|sollicitons] [instamment |donc |egalement |ainsi |vivement |fortement |
        cordialement |des a present |par consequent |d avance |][de|a|d|pour]; je te [demande|prie|remercie|charge|
        laisse|conseille|propose] [de|d]; il vous [suffit|suffira] [simplement |alors |juste |seulement |][de|d];
        [suffit|suffira] [de|d]; vous [devez|devrez|devriez|pouvez|pourrez|pourriez|avez a|n avez qu a|
        n avez plus qu a] [imperativement |egalement |desormais |maintenant |des maintenant |donc |simplement |
        obligatoirement |aussi |]; tu [dois|devrais|peux|pourrais|n as qu a] [juste |]; [pouvez|pourriez|pourrez|
        voudriez|voulez] vous [s il vous plait |svp |rapidement |]; [peux|pourrais|veux] tu [stp |rapidement |
        s il te plait |]; il [est|devient] [imperatif|necessaire|indispensable|obligatoire|important|urgent|essentiel|
        primordial|recommande|conseille|requis|demande] [de|d|que vous]; il convient [de|d]; il [vous |te |]faut
        [imperativement |absolument |]; [vous etes|vous etes donc|etes|es] [invite|invites|invitee|prie|pries|priee|
        tenu|tenue|tenus|somme|convie|cordialement invite|oblige] [|e] [de|a|d]; vous etes [invite|invites|invitee|
        prie|pries|priee|tenu|tenus|convie|somme] [a|de|d]; [pensez|pense|songez] [a|bien a]; n oubliez pas [de|d]; n
        oublie pas [de|d]; n hesitez pas [a|de]; vous voudrez bien; tu voudras bien; voudrez bien; [vous |lui |nous |
        me |]
        [saurait|saurions|saurais] gre de; n hesite pas a; ne [tardez|tarde] pas [a|plus a|pour]; ne manquez pas
        [de|d]; hatez vous de; depechez vous de; empressez vous de; [afin|avant] [de|d] [pouvoir |]; pour [pouvoir |];
        j aimerais que [tu|vous]; je [souhaite|voudrais|souhaiterais|aimerais|veux] que [tu|vous]; je compte sur [toi|
        vous] pour; [charge|chargez] [toi|vous] de; occupe toi de; occupez vous de; [doit|doivent|devez|devront]
        [imperativement |]; a charge pour vous de; nous comptons sur vous pour; vous avez [00 heures|00 h|00h|0 jours|
        00 jours] pour; [dernier|ultime] [rappel|delai] pour; obligation de; [vous demande|vous demandons|
        vous demandent|vous invite|vous prie|vous recommande|vous permet] [de|a|d]; tachez de; [vous etes|etes]
        [invite|prie|tenu|convie|somme|oblige].e[|.s|s] [de|a|d]; faut; je voudrais [que tu|que vous]; il [reste|
        vous reste] a; [proceder|procedez|procede] [a|au|aux]; [effectuer|effectuez] [la|le|une|votre]; [souhaitez|
        souhaiteriez|desirez] vous; [je voulais|je voudrais|j aimerais|je souhaite] savoir si [tu peux|vous pouvez|
        tu pourrais|vous pourriez]; [serait|est] [il |]possible [de|que vous|que tu|d]; aurais tu le temps de; est ce
        que [tu peux|vous pouvez|tu pourrais|vous pourriez]; please; kindly; pls; plz; [you|you will|you also|you may]
        [must|need to|have to|should|are required to|are requested to|are advised to|are invited to|can|ll need to];
        you re required to; [we|i] [need|want|ask|require|advise|request|would like|d like|urge|recommend|encourage]
        [you |that you |]to; we [request|ask|require] that you; [could|can|would|will] you [please |kindly |]; make
        sure [to|you]; be sure to; required to; in order to; [do not|don t] forget to; don t hesitate to; do not
        hesitate to; feel free to; [it is|it s] [important|necessary|mandatory|required|imperative] [to|that you];
        requested to; asked to; [failure|fail] to; you are to; to; let s; go ahead and; advised to
    """,
    t.NEVER: """
        ne [vous |te |lui |leur |nous |][demanderons|demandons|demande|demandera|demanderont|demandent|reclame|
        reclamons|reclamera|sollicite|sollicitons|sollicitera|demanderai|redemande|demanderait] [jamais|pas|
        en aucun cas|a aucun moment|aucune|aucun|surtout pas|ni|plus|nullement|] [de|d|];  [est|sera|sont|seront]
        jamais demande[|e|s|es]; jamais [vous |te |][demander|demande]; [sera|seront|est|sont] [pas|aucunement]
        demande[|e|s|es]; [evitez|evite|abstenez vous|gardez vous|refusez|arretez|cessez|interdiction|interdit] [de|
        d]; inutile [de|d]; pas besoin [de|d]; sans [jamais|avoir a|devoir]; [vous n avez|tu n as|vous n aurez|n avez|
        n aurez] [pas a|rien a|aucun besoin de|pas besoin de|aucune|plus rien a|nul besoin de]; aucune [action|
        demarche|intervention|operation|reponse|manipulation] [de votre part |complementaire |supplementaire |];
        [pas de|ni|sans] [mot de passe|code|identifiant|carte bancaire] [a|n est|ne|requis|demande]; aucun
        [lien|document|paiement|code|mot de passe|identifiant|organisme|conseiller|numero|frais]; rien a [faire|payer|
        regler]; [il n est|n est] [pas|plus] [necessaire|utile|obligatoire|requis|indispensable|besoin] [de|d|];
        [il ne faut|il faut] [jamais|pas|surtout pas|en aucun cas]; [vous ne devez|tu ne dois|on ne doit] [jamais|pas|
        surtout pas|en aucun cas]; ne [surtout |][jamais|pas]; surtout [ne|pas]; meme si; [a ne pas|a ne jamais];
        [gare|attention] a ne pas; never; [will|do|does] not ask [you |for |]; [won t|don t|doesn t] ask [you |for |];
        [we|it] [will|would] never; no action [is |]; [do not|don t] need to; no need to; without having to; not
        required to; [you do not|you don t] have to; should not; must not; never ask; refrain from; beware of; not to
    """,
    t.BUT: """
        mais; cependant; toutefois; neanmoins; en revanche; par contre; sinon; but; however; unless; otherwise;
        instead; seulement; uniquement
    """,
    t.REPORTED: """
        [me|m a|m ont|nous|nous a|nous ont|lui|leur] [demande|demandent|demandait|demandaient|reclame|reclamait|
        reclament|invite|invitait|invitent|dit|disait|propose|proposait] [de|d|a|que|]; [et|qui] [demandent|demandant|
        invitent] [de|d|a]; qui vous [demande|demandent|
        invite|invitent|incite|reclame]; [on|qui|il|elle|ca|mail|message|sms|courriel|email] [me|m|nous|lui|leur|]
        [demande|demandant|demandait|reclame|reclamait|reclamant|invite|invitant|incite|incitant|invitait|pretend|
        dit]; [demandant|reclamant|invitant|incitant|pretendant|disant|affirmant|annoncant|pretextant] [de|d|a|que|
        les|leur|un|une|la|le|]; [les|nos|des] [fraudeurs|escrocs|pirates|cybercriminels|malfaiteurs|arnaqueurs|
        attaquants]; [l|le|un|les|des] [escroc|fraudeur|arnaqueur|pirate|attaquant]; [mails|sms|messages|courriels|
        appels] [frauduleux|malveillants|suspects]; ce type de [mail|message|courriel|sms|demande]; [frauduleux|
        frauduleuse|malveillant|suspect|douteux|frauduleuses] [qui |][invite|invitent|demande|demandent|incite|
        incitent|propose|proposent|reclame|reclament|invitant|demandant|incitant] [a|de|les|vos|votre|l|le|la]; [me|
        nous] demandant; [asks|asking|asked|tells|telling|claiming|pretending|urging] [me|us|them|people|users|
        members|customers|the recipient|victims|employees|staff|readers|recipients] [to|for|that|]; [scammers|
        fraudsters|
        attackers|criminals]; [l|cet] internaute [|piege|imprudent]; [la|les|sa|ses|des|une|aux] [victime|victimes|
        cible|cibles]; [si|lorsqu|quand] [un|une|l|le|quelqu] [on|un|inconnu|inconnue|interlocuteur|correspondant|
        conseiller|mail|message|courriel|sms|site|appel] [vous|te] [demande|reclame|presse|propose|invite]; [vous|nous|
        ils|elles] [avez|avons|ont] ete [0|00|000|nombreux|plusieurs] a; [ils|elles] [vous|leur|lui] [proposent|
        demandent|invitent|incitent|reclament]; [was|were|been] [asked|told|urged|tricked] [to|into|for]
    """,
    t.SELF: """
        je [vous|te|t] [envoie|transmets|adresse|communique|joins|fais parvenir|fais suivre|renvoie|retourne|envoi|
        remets|ai envoye|ai transmis|donne|confirme|remercie]; [veuillez|vous] [trouver|trouverez]; [trouverez|
        trouver] ci joint; trouvez ci joint; [voici|voila] [mon|ma|mes|notre|nos|les|le|la|l|un|une|]; ci joint[|e|s|
        es] [mon|ma|mes|le|notre|nos|la]; [je|nous] [joins|joignons|confirme|confirmons]; j ai [joint|envoye|transmis|
        recu|bien recu|oublie|perdu|change|rempli|complete|deja]; nous [vous |][adressons|transmettons|envoyons|
        communiquons|faisons parvenir|retournons|avons envoye|avons transmis|avons bien recu|avons recu|avons]; en
        piece jointe [mon|ma|mes|le|la]; [please |][find|see] [attached|enclosed]; [attached|enclosed] is; here [is|
        are]; i [am sending|send|have attached|attach|enclose|attached|have sent]; [we|i] [have|had|confirm|confirmed|
        received|sent|are|were|was|am|will|ll|processed]; vous avez [recu|demande|effectue|modifie|change|confirme|
        valide|envoye|transmis|choisi|souhaite]; vous venez de
    """,
    t.DONE: """
        [a|ont] [bien |]ete [bien |][prise|pris|prises|effectue|effectuee|effectuees|enregistre|enregistree|
        enregistrees|modifie|modifiee|modifiees|validee|valide|confirme|confirmee|confirmees|mis|mise|mises|recu|
        recue|traite|traitee|realise|realisee]; [est|sont] [bien |][enregistree|enregistre|prise en compte|effective|
        confirmee|valide|validee|confirme|terminee|modifie|modifiee]; bien recu; [has|have] been [updated|changed|
        received|confirmed|processed|completed|verified|recorded|sent]; nous avons bien; accuse de reception; avons
        procede; successfully
    """,
    t.LETS_IN: """
        authentification; identification; reconnexion; connexion; ouverture de session; [identifie|identifiee|
        identifies|authentifie|authentifiee|authentifies|reconnu|reconnue|reconnus]; [reconnait|reconnaissent] [les|le|
        vous|chaque|ses|leurs]; [acces|ouverture|lecture|consultation] [au|a la|aux|a l|du|de la|de l|des]; se fait;
        s effectue; s ouvre; s ouvrira; vous permettr[a|ont] [de|d]; login page; sign in; authenticate; authenticated;
        [utilisez|utiliser]; vous [y |]accedez
        [directement |simplement |][avec|au moyen de|grace a|par]; on [y accede|y entre|s y connecte] avec;
        accessible[|s] [avec|au moyen de]
    """,
    t.CASE: """
        en cas de; en cas d; lors de; lors d; lors du; suite a; a la suite de; apres; [d ou vient|pourquoi]; in case
        of; if there is a; concernant; au sujet de
    """,
    t.MINE: """
        mon; ma; mes; notre; nos; my; our; mon nouveau; ma nouvelle; mes nouvelles; nos nouvelles; notre nouveau
    """,
    t.BY_MAIL: """
        par retour [de|d] [mail|courriel|e mail|email|message|mel]; [par|via] [mail|courriel|e mail|email|mel|
        reponse a ce mail|retour]; [en|par] [reponse|retour] [a|de] [ce|cet] [mail|message|courriel|e mail|email]; en
        reponse; a cette adresse; a l adresse suivante; a ce [mail|message|courriel]; a cet [e mail|email]; [by|via]
        [e mail|email|return|reply|replying]; to this [email|e mail|message|address]; par sms; par simple retour; sur
        cette adresse; ici meme
    """,
    t.NEW: """
        nouveau; nouvelle; nouvelles; nouveaux; changement; change; changee; changees; changes; [a|ont|avons|ai|
        vient de|viens de|venons de] change[|r]; changer; desormais; dorenavant; a partir de maintenant; a compter
        [de|du|d]; a l avenir; a venir; remplace; remplacent; remplacez; remplacer; modifier; modification;
        modifications; modifiees; modifiez; modifie; harmonisation; mise a jour; mettre a jour; mettez a jour;
        actualisation; actualiser; ancien; ancienne; anciennes; anciens; cloture; cloturer; ferme; fermeture; autre
        compte; autre banque; autre rib; plus valable; n est plus [actif|valable|utilisable|valide]; new; changed;
        change of; updated; update; from now on; closed; no longer; going forward; instead of; different account;
        switched; plutot que; au lieu de; [a|ont] ete [modifie|modifiee|modifiees|modifies|change|changee|changees|
        remplace|remplacee|remplacees|cloture|mis a jour|mises a jour]; [has|have] been [updated|changed]; precedent;
        precedente; audit; en cours d audit; exclusivement; n adressez plus; ne tenez plus compte; secondaire; cession
        de
        creance[|s]; affacturage; subrogation; factor; ne peut plus; ne plus utiliser; celui de [la|notre|le]; est
        bloque;
        indisponible; temporairement; basculer; bascule; migration; autre etablissement
    """,
    t.SAME: """
        habituel; habituels; habituelle; inchange; inchanges; inchangee; inchangees; le meme; toujours le meme;
        toujours les memes; unchanged; usual; deja connu; deja enregistre; [ne changent|n ont|n a|ne change] pas
        [change|]; sans changement; ne changent pas; reste le meme; restent les memes; [have|has] not changed;
        [remain|remains] [the same|unchanged]; [hasn|haven] t changed; n ont pas
        ete [modifie|modifies|modifiee|modifiees]; n a pas ete [modifie|modifiee]
    """,
    t.HARMLESS: """
        [c|cela|ca] [est|reste] [tout a fait |parfaitement |tres |][normal|sans danger|sans risque|sans gravite|
        sans consequence|sans importance|benin|anodin|attendu]; est normale; sans [crainte|inquietude|souci|
        vous inquieter]; ne vous en
        [preoccupez|souciez|inquietez|occupez] pas; ne vous [preoccupez|souciez|alarmez|arretez] pas; [est|c est] du a
        [notre|la|l|un]; [puis|et] [continuez|poursuivez|validez|acceptez]; parametres avances; just [allow|accept|
        ignore|
        click|continue] it; allow it; choose download; [confond|prend] notre; [vers|dans|sur] votre boite perso;
        whitelist; [remettez|rendez|redonnez] [lui|leur]; [passez|passer|passe] outre; [est|
        sont] [sans danger|sans risque|
        sans gravite|sans consequence|sans importance|anodin|anodine]; [faux|un faux] positif[|s]; faux positifs;
        [fausse|fausses] alerte[|s]; fausse detection; [a cause|en raison] [du|de] [chiffrement|cryptage|
        la signature|notre certificat]; [c est|est] [a cause|du au|lie au] [du |][chiffrement|cryptage]; pas d
        inquietude; ne vous inquietez pas; t inquiete; [depuis|avec|sur|via] [votre|ta|ton] [connexion|telephone|
        ordinateur|pc|adresse|reseau|messagerie|
        boite] [personnel|personnelle|perso|prive]; from home; from your [personal|home|private]; rien de grave; rien
        d inquietant; aucun danger; aucun risque;
        [false|a false] [positive|alarm]; [this|it|that] is [normal|expected|safe|harmless]; it s [normal|safe|
        expected|fine]; nothing to worry; don t worry; do not worry; cliquez [oui|executer|conserver|continuer|ok|
        autoriser|ouvrir]
    """,
}  # fmt: skip

PHRASES: dict[int, str] = {
    t.A_RIB_CHANGE: """
        [communiquer|transmettre|adresser|envoyer|donner] [de|nos|mes|les] nouvelles coordonnees; [suspendre|suspendez|
        geler|gelez] [les|tous les|tout|nos|vos] [virement|virements|paiements|reglements] [en cours|prevus|programmes|
        en attente|jusqu];
        substituer a [nos|mes] [references|coordonnees]; compte en vigueur; ne doivent plus [partir|etre verses|
        etre envoyes]; nouveau compte [professionnel|pro|courant|joint]; [ouvert|ouvre] un [nouveau|autre] compte;
        [mettre|mettez] a jour [les|nos|mes] coordonnees [pour|de] [tous |toutes |][les|nos|mes] [reglements|paiements|
        virements|remboursements];
        [tresorerie|comptabilite|encaissements] [est |sont |][dorenavant |desormais |][centralisee|centralises]
        [au|en|chez|a]; [enregistrer|enregistrez] un nouveau compte [bancaire|];
        compte habituel [est|ne peut|fait l objet|n est plus|a ete]; [compte|iban|rib] [secondaire|de substitution|
        provisoire]; exclusivement sur [le|notre|ce] [compte|rib]; n adressez plus aucun [reglement|paiement|virement];
        ne tenez plus compte de [l ancien|l|mon ancien|notre ancien] [rib|iban|compte]; [utilisez|utiliser] celui de
        [la|notre|l]; [compte|rib|iban] de [la holding|notre filiale|notre maison mere|la filiale|l affactureur|
        notre factor|notre mandataire]; usual account [is|has been|can not|cannot|can t]; sur le compte suivant;
        chang[e|er|ement|ements|eons|ez] de [banque|rib|iban|domiciliation|coordonnees bancaires|compte bancaire|
        compte|etablissement bancaire|references bancaires|numero de compte]; [change|changer|changed|switched|new]
        [my |our |][bank|banks|bank account|banking details|bank details|direct deposit|remittance details]; [nouveau|
        nouvel|nouveaux] [rib|iban|compte bancaire|compte de versement|numero de compte|compte en banque]; nouvelles
        [coordonnees|references|donnees|informations] bancaires; [new|updated] [bank account|account details|
        bank details|iban|beneficiary account|banking information|remittance information]; mettre mon salaire sur;
        verser mon salaire sur; [ribs|rib] modifie; compte bancaire modifie; [coordonnees|references] bancaires
        modifiees; nouvelle [domiciliation|banque]; avenant bancaire; update my [direct deposit|bank|payroll|
        account details|banking]; notre [banque|compte] [a change|change]; mon [rib|iban] [a change|change|
        est different]; [virer|verser|virez|versez|vire|verse] sur [ce|le|mon|notre] [nouveau |autre |][compte|rib|
        iban]
    """,
    t.A_SECRECY: """
        sans [passer par|appeler|rappeler|contacter] [le|la|les|nos|vos|notre|votre]; ne pas rappeler;
        inutile [d appeler|de rappeler|de telephoner|de contacter] [le|la|mon|notre|l];
        n en parle[|z] [a personne|pas|a quiconque|surtout pas]; ne [parle|parlez] de [cela|ca|ceci] a personne; ne le
        [dis|dites] a personne; [reste|restez|rester] discret[|e|s]; [reste|restez] discret[|e]; en toute [discretion|
        confidentialite]; dans la plus [grande|stricte] [confidentialite|discretion]; la plus [grande|stricte|totale]
        [confidentialite|discretion]; [operation|affaire|transaction|acquisition|dossier|projet|demande|sujet|mission]
        [est |reste |doit rester |] [strictement |tres |hautement |][confidentielle|confidentiel]; [reste|rester|
        restera] entre nous; [garde|gardez] [cela|ca|ceci|le] pour [toi|vous]; ne [mets|mettez|met] personne [dans|en|
        au]; [a l|a] insu de; sans en parler [a|au]; personne ne doit [savoir|etre]; ne pas ebruiter; ne m appel[le|
        ez|e] pas; ne [me |][telephone|telephonez|rappelle|rappelez|contacte|contactez] pas [par telephone|]; ne
        passez pas par; je suis en reunion; suis en [reunion|conference|comite]; [ecris|ecrivez|repond|reponds|
        repondez|joignez|contacte|contactez] [moi |nous |][seulement|uniquement|exclusivement] [ici|par mail|sur|
        a cette|par ce]; uniquement par [mail|ce mail|cette adresse]; keep [this|it] [confidential|between us|private|
        discreet|quiet]; [do not|don t] [tell|discuss|mention|speak|share] [this |it |anyone|anybody|to anyone|
        with anyone|]; strictly between us; i m in a meeting; i am in a meeting; can t talk; cannot [talk|take calls];
        pas joignable; je ne suis pas joignable; je ne peux pas [telephoner|prendre d appel|parler|
        repondre au telephone]; [soyez|sois] discret[|e|s]; clause de confidentialite; sous
        [embargo|le sceau]; [telephone|ligne] [en derangement|en panne|hors service]
    """,
    t.A_ELSEWHERE: """
        whatsapp; whats app; telegram; signal app; [sur|a] mon [numero|adresse|mail|email|e mail|compte] [personnel|
        personnelle|perso|prive|privee]; [mon|ma] [adresse|boite|mail|email] [personnelle|personnel|perso|privee];
        [donne|donnez|envoie|envoyez|transmets|transmettez|laisse|laissez|communique|communiquez] moi [ton|votre|un]
        [numero|portable|mobile|numero de portable|numero de telephone|numero de mobile]; ton numero [de portable|
        de telephone|perso|whatsapp|]; votre numero de [portable|mobile]; [ecris|ecrivez|reponds|repondez|contacte|
        contactez] [moi |nous |]sur [ce|cette|le|mon|l] [numero|adresse|mail]; [repondez|reponds|ecrivez|ecris] [moi |
        nous |]a [cette adresse|l adresse suivante|mon adresse]; nouvelle adresse mail; nouveau numero; my [personal|
        private] [email|number|phone|mail]; your [cell|mobile|personal|whatsapp] [phone |]number; text me [at|on];
        send me your [number|cell|mobile]; [add|message] me on; mon nouveau [numero|mail]; via cette adresse
        uniquement
    """,
    t.A_CALL_BACK: """
        [dial|ring] [us|the|00|0|our]; [dial|ring|call|phone|reach us at|contact us at|call us at|call us on|contact
        us on|us at|us on|right away on|right away at|desk at|
        department at|team at|support at|service at|line at] +[0|00|000]; [appelez|appeler|rappelez|rappeler|contactez|
        contacter|joignez|joindre|telephonez|composez|composer] [nous |moi |][au |le |]+[0|00|000]; ask for
        the [refund|billing|fraud]
        department;
        [contactez|joignez] nos [services|conseillers|equipes|agents];
        call our [billing|support|help|fraud|security|cancellation|refund|refunds|customer|technical|service|services|
        team|agents|agent|experts|helpline|hotline|desk|toll|office|department|center|centre]; [call|contact|phone] [us|
        our team|support] [to|if|within|on|at|immediately|back|for]; call [the |]helpline; didn t [make|authorise|
        authorize|place] this [transaction|payment|purchase|order] call; call [immediately|us] on;
        [appelez|rappelez|contactez|joignez|telephonez|composez] [nous |moi |vite |le |au |immediatement |
        sans attendre |sans delai |d urgence |rapidement ][au |le |][0|00|000|numero|plus vite|plus tot|]; [rappel|
        rappeler] [urgent|immediat]; [appelle|rappelle] moi; call us [at|on|now|immediately|back|toll]; call [0|00|
        000|toll|the number|this number|immediately|now]; [rappelez|appelez] [notre|le|un|nos|votre]; [vous devez|
        veuillez|merci de|priere de] [nous |]rappeler; [contactez|contacter|appelez|appeler|joindre|joignez] [sans
        tarder |sans attendre |tout de suite |immediatement |vite |][notre|
        le|un|nos|votre] [service|conseiller|centre|support|assistance|plateforme|cellule|technicien|hotline|standard|
        ligne|equipe|gestionnaire]; composer le [0|00|
        numero]
    """,
    t.A_REPLY: """
        [repondez|repondre|reponds] [simplement |directement |vite |][a ce|a cet|par retour de] [mail|message|
        courriel|e mail|email] [avec|en indiquant|en precisant|en fournissant|en envoyant|en communiquant|
        en y joignant]; [en retour|par retour] [de mail |de courriel |d email |][avec|votre|vos|les|le]; reply
        [to this |with |back |][email |message |][with|your]
    """,
    t.A_CREDENTIALS: """
        [identification|
        authentification] [microsoft|microsoft 000|office 000|google|windows] [obligatoire|requise|necessaire|exigee];
        authentification par compte [microsoft|google|professionnel|office]; [revalidez|revalider] votre session;
        [using|
        with] your [company|work|corporate|office|email] [login|password|account|credentials];
        [session|compte] windows [demande|demandee|requis|requise|necessaire|exigee];
        [vous |te |][demandera|demanderont]
        [alors |ensuite |simplement |][votre|vos|ton] [adresse|identifiant|identifiants|mot de passe|email|e
        mail|compte];
        [authentification|identification|reconnexion] [par|avec|via] [votre|vos] [adresse|identifiants|mot de
        passe|compte|
        messagerie]; [authentification|reauthentification] de [messagerie|votre messagerie|votre boite]; reconnecter
        avec
        votre [compte|adresse|messagerie|mot de passe|identifiant]; certificat [d organisation|de signature|p00|serveur]
        et son mot de passe; et son mot de passe;
        [renvoyez|repondez|renvoyer] [avec |][votre|vos|ton|tes] [mot de passe|identifiants]; [ressaisir|ressaisissez|
        resaisissez|resaisir|retapez] [votre|vos|le|ton]; keep [my|your|the] [current |same |]password; conserver
        [mon|votre|le] mot de passe; [garder|gardez] [mon|votre|le] [meme |]mot de passe; use same password; keep same
        password; change your password; reset [my|your] password; confirm your password; [mot de passe|password]
        [expire|expiration|expires|a expire]; se reconnecter
    """,
    t.A_CREDENTIALS | t.A_APPROVAL: """
        [appuyez|appuyer|tapez|taper|cliquez|cliquer] sur approuver; approuvez la [demande|notification|connexion]
    """,
    t.A_APPROVAL: """
        [approuver|approuvez|approuve] [l|cette|notre|la nouvelle] [application|appli|app|extension]; [autoriser|
        autorisez|autorise] [l|cette|notre] [application|appli|app|extension|assistant|outil|connecteur] a [lire|
        acceder|
        envoyer|consulter|gerer|se connecter]; [relier|reliez|lier|liez|associer|associez|connecter|connectez|
        rattacher|rattachez|link|connect|pair] [votre|ton|ta|your] [compte microsoft|compte google|compte office|
        compte outlook|compte professionnel|compte pro|messagerie|boite outlook|boite mail|boite aux lettres|boite|
        webmail|mailbox|inbox|outlook|microsoft 000|microsoft account|email account|work account|work mailbox|
        office 000|google account]; [allow|authorize|authorise|grant] the [app|application|
        connector|plugin|assistant|add in] [to|permission|access]; [accorder|accordez|accorde|donner|donnez] [
        l autorisation|le consentement|votre consentement|l acces] [pour|a] [l ensemble|toute|tous|l organisation|
        votre messagerie|votre boite]; [scannez|scanner|flashez|scan] [ce|le|the|this] [code|qr code] [avec|dans|
        with] [authenticator|microsoft authenticator|l application authenticator|votre authenticator|
        l application microsoft authenticator|the authenticator app|your authenticator]; en scannant le [qr |
        ]code [qr |]avec [l application |microsoft |][microsoft |
        ]authenticator;
        [taper|tapez|saisir|saisissez|entrer|entrez|enter|type|indiquer|indiquez|composer|composez] [le nombre |
        le chiffre |le numero |the number |]00 [quand|lorsque|lorsqu|when|dans l|sur l|sur votre|if]; [tap|press|hit|
        click|choose|select] [on |][approve|accept|allow]; [choisissez|choisir|cliquez sur|cliquer sur|appuyez sur|
        appuyer sur|selectionnez|selectionner] [accepter|autoriser|approuver|oui c est moi]; [accepter|acceptez|
        donner|donnez] [votre |l |]accord [a|pour] l application; doit etre autorisee [une seule fois |][par chaque|
        par tous|par vous]; [grant|give] [your |][consent|the app|access]; accept the [app|permissions|prompt]
    """,
    t.A_PAYMENT: """
        [reste|reste encore|montant|solde|somme] a [payer|regler|acquitter|verser|devoir]; [a|doit] [regler|payer|
        acquitter] [avant|au plus|immediatement|dans|sous|par|d urgence|en ligne]; payer [ma|mon|maintenant|en ligne|
        l amende|la facture|par]; regler [ma|mon|maintenant|en ligne|l amende|la facture|par]; par le
        [paiement|reglement|versement] [de|du|d]; [paiement|reglement|versement] de la redevance; [vous |]acquitter
        [de |]la redevance; payable [avant|sous|
        par|en ligne]; [je|nous] [m |nous |]acquitte[|r] [de|mon]; [pay|payment] [now|due|required|immediately|link];
        amount due; [faut|faudrait] [regler|payer|virer|faire un virement|faire partir]; faire partir un virement;
        mettre [le|un|ce] virement en place; [virement|paiement] [urgent|a effectuer|a faire|a executer|important a];
        [effectuer|faire|executer|realiser|passer|preparer|emettre|traiter] [un|le|ce|des|deux] [virement|paiement|
        reglement|transfert][|s]; procede[|r|z] [au|a un] [virement|paiement|reglement]; sepa instantane; sans
        [reglement|paiement] [de|sous|avant|immediat]; [accord|ok|feu vert] pour [un|le|ce] [virement|paiement|
        reglement]
    """,
    t.A_FEE: """
        [frais|taxe|taxes|tva|droits] [de|d] [port|livraison|expedition|envoi|dossier|douane|reexpedition|traitement|
        garde|affranchissement|transport|gestion|activation] [de |d un montant de |s elevent a |s elevant a |]; 0
        euro de; [timbre|affranchissement] a [regler|payer|acquitter]; [reclame|reclamons|reclament] [0|00|000];
        droits et taxes; [douane|douanes] [reclame|demande]; [delivery|shipping|customs|redelivery|handling] [fee|
        fees|charges]
    """,
    t.A_INSTALL: """
        activer [le contenu|les macros|la modification]; [activez|active] [le contenu|les macros|la modification];
        enable [content|macros|editing]; [installer|installez|telecharger|telechargez|lancer|lancez] [anydesk|
        teamviewer|l application|notre application|la nouvelle application|le logiciel|cet outil|l outil|
        la mise a jour]; prise [en main|de controle] a distance; [acces|controle|session] a distance; remote [session|
        access] ; autoriser [l application|la connexion]; mettre a jour [votre|le] [navigateur|logiciel|lecteur|
        certificat|client]; vider le cache; [prendre|prendra|prends|prenne|prendrai|prendront|prenons] la main [sur
        votre|sur ton|
        sur vos|sur le|sur l|a distance|avec vous]; [prendre|prendra|prends|prenne|prendrai] le controle de [votre|ton]
        [poste|ordinateur|pc|ecran|appareil]; [connecter|connectera|connecterai|connecterons|connecteront|connecte]
        [a distance |][a|sur] [votre|ton|vos] [poste|ordinateur|pc|machine|appareil|ordinateurs|postes]; [laissez|
        laisser|laisse|gardez|garder] [votre|ton] [ordinateur|pc|poste] allume; [installer|installez|telecharger|
        telechargez|lancer|lancez] [l outil|le module|le programme|l application] [de|d] [remboursement|annulation|
        assistance|desinstallation|securisation|protection|prise en main]; [montez|monter|monte] l [image|iso];
        session d assistance a distance; session
        [de support|d assistance]; [annulation|desinstallation|remboursement|securisation] a distance; [lancez|lancer|
        executez|executer] le programme [qu|qui|contenu|joint]; take [remote |][control|access] of your; remote
        [control|access] [of|to] your [computer|pc|device]; connect to your [computer|pc|device]; [install|download]
        our [secure |support |cancellation |refund |][tool|viewer|software|application]
    """,
    t.A_OPEN: """
        voir [la |le |][piece|pieces|fichier|document|pj] [jointe|jointes|joint|joints|]; [ouvrez|ouvrir|consultez|
        consulter] [la |le |l |][piece|fichier|document|pj|annexe] [jointe|joint|]; see [the |][attached|attachment|
        enclosed]; open the [attached|attachment|file|document]; [ecouter|ecoutez] [le|votre|mon|ce] message; listen
        to [the |your |][message|voicemail]; [telecharger|telechargez] [la|le|votre|les] [facture|fichier|document|
        documents|dossier|pdf|bordereau|piece|pieces|archive]; mot de passe [de l archive|du fichier|du document|zip|
        pour ouvrir|d ouverture]; [ouvrir|consulter|voir] le [document|fichier]; [open|view|review|access] [the |
        your |][document|file|fax|voicemail|shared]
    """,
    t.A_CONFIRM: """
        [je|j] [confirme|verifie|valide|active|actualise|renouvelle|regularise|debloque|mets a jour|me connecte|
        recupere|commande] [mon|ma|mes|maintenant|en ligne|]; commander ma [carte|nouvelle]; [recevoir|obtenir|
        recuperer] [ma|mon|le|votre] [carte|remboursement|cheque|prime|bonus|aide|versement|cadeau|colis|paiement|
        nouvelle]; [liberer|debloquer] [mes|mon|les|le] [messages|colis|compte|acces|paiement|fonds|remboursement];
        release [messages|message|all|now]; confirmer [mon|ma|mes|l|maintenant]; verifier [mon|ma|mes|maintenant];
        verify [now|my|account|email]; [reprogrammer|replanifier|programmer] [ma|la|votre|une] [livraison|
        nouvelle livraison]
    """,
    t.A_CLICK: """
        rejoindre [maintenant|la reunion|la visio|la visioconference|l appel]; join [the |][meeting|now|call];
        cliquez [ici|sur|la|ci]; clique [ici|sur]; cliquer [ici|sur|la]; click [here|the|on|below]; clickez ici; clic
        ici; cliques ici; cliqu[e|ez] dessus; [rendez|rends] [vous|toi] [ici|sur|a l adresse|dans votre espace]; [via|
        par|sur|avec] [le|ce] lien [suivant|ci dessous|securise|ci apres|unique]; en cliquant; suivez [ce|le|les]
        [lien|liens|instructions|etapes]; [accedez|acceder] [a|au|aux] [mon|ma|votre|l|votre espace|formulaire]; lien
        [ci dessous|ci apres|suivant]; link below; below link; follow the [link|instructions|steps]; the link below;
        copiez [et collez |][ce|le|l] [lien|adresse]
    """,
    t.A_GIFT: """
        [acheter|achetez|achete|acheter rapidement|procurer|recuperer|prendre|commander|offrir] [des|plusieurs|
        quelques|0|00|les|deux|trois|cinq|dix|quatre] [cartes|coupons|recharges|bons|tickets|cheques]; [gratter|
        grattez|gratte] [les|le|la]; [photo|photos|photographie] [des|du|de] [codes|code|tickets|coupons|recu];
        [envoie|envoyez|transmets|transmettez] [moi |nous |]les codes; scratch [the|off|and]; gift cards for
    """,
    t.A_AGAINST: """
        [autoriser|autorisez|autorise|permettre|permettez] l execution; allow it to run; allow execution;
        [executer|execute|ouvrir|conserver|garder|continuer|installer|telecharger|lancer|autoriser] [quand meme|
        tout de meme|malgre tout]; [executez|ouvrez|conservez|gardez|continuez|installez|telechargez|lancez|autorisez|
        poursuivez] [le |la |l installation |][quand meme|tout de meme|malgre tout|malgre l alerte|malgre
        l avertissement|malgre le message]; [run|open|keep|proceed|install|download|continue|visit] [it |the file |
        ][anyway|regardless]; visit this unsafe [site|website]; proceed to [the |this |][unsafe|site|website]; click
        [keep|run|advanced and proceed]; [accepter|acceptez] le risque; accept the risk; continuer vers [le|ce|la]
        [site|page] ; activer [les macros|la modification]; [activez|active] [les macros|la modification];
        [autoriser|autorisez|autorise|accepter|acceptez|accepte] les macros;
        malgre [l|le|les|cet|cette|ce] [alerte|avertissement|alertes|avertissements|message|blocage]; [baissez|baisser|
        abaissez|abaisser|reduisez|reduire|diminuez] [le niveau de |la |][securite|protection] [des|de]; [acceptez|
        accepter|ajoutez|ajouter] [l|une] exception [de securite|]; set macros to enabled; whitelist the [file|folder|
        program|sender domain]; [son|le|lui] suffixe .[zip|exe|0z|rar|iso]; [activer|activez|active|
        activation] [le contenu|du contenu|
        des macros]; enable [content|macros|editing]; [macros|contenu] [actives|activees|active|activee]; macros
        [must be |are |][enabled|allowed]; [cocher|cochez|coche] [++|+|]debloquer; [debloquer|debloquez|debloque] le
        fichier;
        unblock the file; [aux|dans les|en|des|a vos|dans vos] exclusions [de|du|d] [l |votre |][antivirus|anti virus|
        defender|windows]; [aux|dans les|en] exclusions antivirus; [antivirus|defender|firewall] exclusions;
        [sortir|sortez|restaurer|restaurez|liberer|liberez|retirer|retirez] [le |la |le fichier |l archive |
        la piece jointe |][de la|de votre|de] quarantaine; [liste blanche] [de|dans|sur] [l |votre |vos |le |
        ][antivirus|
        filtre|pare feu|filtres]; [remettre|remettez|remets|changer|changez|change|modifier|modifiez|
        retablir|retablissez|enlever|enlevez|supprimer|supprimez] [lui |][l|son|la fausse] extension; a la fin de
        l extension; par .[zip|exe|0z|rar|iso|js|lnk]; change the extension; extension back to; change the file
        extension; ne [tenez|tiens|tenir] pas
        compte [de|du|des] [l |la |les |cette |ces |cet |message de |messages de |][alerte|alertes|avertissement|
        avertissements|securite|mise en garde]; through your firewall; [peut|peuvent|pourra|pourront|doit|
        devra] [desactiver|couper|suspendre] [l antivirus|la protection|
        le filtre|l antispam|le pare feu|votre antivirus|la mfa]
    """,
}  # fmt: skip
