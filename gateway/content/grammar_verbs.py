"""Verbs of the asks: French regular verbs by their stem, all others by their forms; English by the base form."""

from gateway.content import grammar_tags as t

# Verbs in -er: the stem gives infinitive, imperative (vous, tu), subjunctive and gerund.
REGULAR: dict[int, str] = {
    t.V_CONFIRM: """confirm reconfirm verifi valid revalid authentifi reauthentifi identifi activ reactiv debloqu
        deverrouill renouvel actualis regularis certifi securis control justifi conserv restaur finalis
        recuper reclam approuv encaiss retir annul contest bloqu""",
    t.V_GIVE: """communiqu envoy renvoy donn indiqu renseign entr adress retourn precis complet transfer
        post depos televers tap redonn partag declar mentionn repet""",
    t.V_LOGIN: "connect reconnect loggu",
    t.V_CLICK: "cliqu double cliqu visit utilis",
    t.V_OPEN: "consult telecharg visualis examin regard",
    t.V_PAY: "execut pay vers vir regl acquitt effectu debours avanc rembours",
    t.V_CALL: "appel rappel contact telephon compos",
    t.V_SCAN: "scann flash photographi",
    t.V_INSTALL: "install execut lanc autoris accept",
    t.V_CHANGE: "modifi chang remplac rectifi corrig enregistr adapt not",
    t.V_EXTRACT: "export gener prepar edit compil list",
    t.V_BUY: "achet procur command rapport",
    t.V_DISARM: "desactiv coup neutralis stopp decoch",
    t.V_IGNORE: "ignor contourn outrepass neglig",
    t.V_RENAME: "renomm",
}  # fmt: skip
# Others: infinitive, imperative vous, imperative tu; "-" for none.
IRREGULAR: dict[int, str] = {
    t.V_CONFIRM: """
        mettre a jour, mettez a jour, mets a jour; faire la mise a jour de, faites la mise a jour de, -; maintenir,
        maintenez, maintiens; retablir, retablissez, retablis; obtenir, obtenez, obtiens; beneficier de, beneficiez
        de, -; renouveller, renouvellez, renouvelle; recevoir, -, -; choisir, choisissez, choisis
    """,
    t.V_GIVE: """fournir, fournissez, fournis; preter, pretez, prete moi; me passer, passez moi, passe moi;
        transmettre, transmettez, transmets; saisir, saisissez, saisis;
        remplir, remplissez, remplis; inscrire, inscrivez, inscris; faire parvenir, faites parvenir, fais parvenir;
        faire suivre, faites suivre, fais suivre; joindre, joignez, joins; soumettre, soumettez, soumets;
        remettre, remettez, remets; faire passer, faites passer, fais passer; completer, completez, complete;
        -, vous nous communiquerez, -; -, vous nous adresserez, -; -, vous nous transmettrez, -;
        -, vous nous enverrez, -;
        -, vous nous fournirez, -; -, vous nous remettrez, -; -, vous nous ferez parvenir, -;
        -, vous me transmettrez, -;
        -, vous m adresserez, -; -, vous m enverrez, -; -, que vous me renvoyiez, -; -, que vous m envoyiez, -;
        -, que tu m envoies, -; -, que tu me renvoies, -; -, vous nous retournerez, -; me renvoyer, -, -;
        ecrire, ecrivez, ecris; introduire, introduisez, -; envoyer, envoyez, envoie; renvoyer, renvoyez, renvoie""",
    t.V_LOGIN: """vous connecter, connectez vous, connecte toi; vous reconnecter, reconnectez vous, reconnecte toi;
        me connecter, -, -; me reconnecter, -, -; vous identifier, identifiez vous, identifie toi; m identifier, -, -;
        vous authentifier, authentifiez vous, authentifie toi; s identifier, -, -; se connecter, -, -""",
    t.V_CLICK: """faire un double clic, faites un double clic, fais un double clic; suivre, suivez, suis; vous rendre
        sur, rendez vous sur, rends toi sur; aller sur, allez sur, va sur;
        appuyer sur, appuyez sur, appuie sur; acceder a, accedez a, accede a; acceder au, accedez au, accede au;
        copier, copiez, copie; passer par, passez par, passe par; vous rendre dans, rendez vous dans, -;
        acceder aux, accedez aux, -; vous diriger vers, dirigez vous vers, -; clicker, clickez, -; click, -, -""",
    t.V_OPEN: """ouvrir, ouvrez, ouvre; voir, voyez, -; lire, lisez, lis; prendre connaissance de,
        prenez connaissance de, prends connaissance de; prendre connaissance du,
        prenez connaissance du, -; vous referer a, referez vous a, -; recuperer, -, -;
        vous reporter a, reportez vous a, -""",
    t.V_PAY: """
        proceder au paiement, procedez au paiement, procede au paiement; proceder au reglement, procedez au reglement,
        procede au reglement; proceder au virement, procedez au virement, procede au virement; faire un virement,
        faites un virement, fais un virement; faire le virement, faites le virement, fais le virement; mettre en
        paiement, mettez en paiement, -; vous acquitter de, acquittez vous de, -; proceder a un virement, procedez a
        un virement, -; solder, soldez, solde; envoyer l argent, -, -; transferer l argent, transferez l argent, -;
        transferer la somme, transferez la somme, -; transferer les fonds, transferez les fonds, transfere les fonds;
        transferer le montant, transferez le montant, -
    """,
    t.V_CALL: """joindre notre, joignez notre, -; prendre contact avec, prenez contact avec, -""",
    t.V_SCAN: "prendre en photo, prenez en photo, prends en photo",
    t.V_INSTALL: "permettre, permettez, -; activer les, activez les, active les",
    t.V_CHANGE: "mettre mon, mettez mon, mets mon; prendre en compte, prenez en compte, prends en compte; "
    "prendre note, prenez note, prends note; basculer, basculez, bascule; tenir compte, tenez compte, -",
    t.V_EXTRACT: """sortir, sortez, sors; extraire, extrayez, extrais; me sortir, sortez moi, sors moi;
        m extraire, extrayez moi, extrais moi; constituer, constituez, constitue; etablir, etablissez, etablis""",
    t.V_BUY: "aller chercher, allez chercher, va chercher",
    t.V_DISARM: """suspendre, suspendez, suspends; mettre en pause, mettez en pause, mets en pause; mettre en veille,
        mettez en veille, -; interrompre, interrompez, interromps; retirer, retirez, retire;
        quitter, quittez, quitte""",
    t.V_IGNORE: """passer outre, passez outre, passe outre; faire fi, faites fi, fais fi; faire abstraction, faites
        abstraction, fais abstraction; ne pas tenir compte, -, -; accepter, acceptez, accepte; valider, validez, valide;
        fermer, fermez, ferme; franchir, franchissez, -; laisser passer, laissez passer, -""",
    t.V_REPLY: "repondre, repondez, reponds; revenir vers, revenez vers, reviens vers",
}  # fmt: skip
# Nouns that do the verb's work.
NOUNS: dict[int, str] = {
    t.V_CONFIRM: """confirmation; verification; validation; authentification; activation; reactivation; deblocage;
        renouvellement; actualisation; mise a jour; remise a jour; mise en conformite; regularisation; identification;
        certification""",
    t.V_GIVE: "saisie [de|d|du]; communication; transmission; envoi; fourniture; production; copie",
    t.V_LOGIN: "connexion; reconnexion",
    t.V_PAY: "paiement; reglement; versement",
    t.V_CHANGE: "changement; modification; remplacement; harmonisation",
}  # fmt: skip
# « doit être confirmé », « à confirmer »
PASSIVE: dict[int, str] = {
    t.V_CONFIRM: """
        [doit|doivent|devra|devront] [imperativement |]etre [|re] [confirme|verifie|valide|active|reactive|renouvele|
        actualise|regularise|mis a jour|mise a jour|authentifie][|e|s|es]; [est|sont|reste|restent] [a|en attente de]
        [confirmer|verifier|valider|activer|renouveler|mettre a jour|actualiser|regulariser]; en attente [de|d une]
        [confirmation|validation|verification|activation|regularisation|mise a jour]; [necessite|necessitent|requiert|
        requierent|demande] [une|votre] [nouvelle |] [confirmation|validation|verification|mise a jour|actualisation|
        authentification|identification]; must be [verified|confirmed|updated|validated|renewed]; needs to be
        [verified|confirmed|updated|validated]; [requires|pending] [your |][verification|confirmation|validation]
    """,
    t.V_GIVE: """[doit|doivent|devra|devront] [nous |]etre
        [communique|envoye|transmis|fourni|renseigne|saisi|retourne|adresse][|e|s|es]""",
    t.V_PAY: """[doit|doivent|devra|devront] [imperativement |]partir; [doit|doivent|devra|devront] etre
        [paye|regle|verse|vire|acquitte|effectue|solde][|e|s|es];
        [doit|doivent|devra|devront] [desormais |dorenavant |]etre [paye|regle|verse|vire|effectue][|e|s|es]""",
}  # fmt: skip
ENGLISH: dict[int, str] = {
    t.V_CONFIRM: """
        confirm; verify; validate; activate; reactivate; update; renew; unlock; authenticate; restore; reconfirm;
        review; claim; secure; approve; withdraw; redeem; upgrade; keep; retain; complete the verification; re
        validate; release
    """,
    t.V_GIVE: """
        provide; send; enter; submit; fill in; fill out; fill; share; give; forward; transfer; complete; supply; type;
    """
    "upload; reply with",
    t.V_LOGIN: "log in; login; sign in; signin; log on; logon; log into; sign into; re login",
    t.V_CLICK: "click; double click; click on; follow; visit; go to; tap; use; access; press; hit; get started",
    t.V_OPEN: "open; view; download; see; check; read; preview; review the attached; find",
    t.V_PAY: """
        pay; wire; remit; transfer the [money|funds|amount|payment|balance]; transfer of; settle; make a payment;
        process a payment; make the payment; process the
    """
    "payment; make a transfer; process a wire; initiate a wire; deposit; purchase; process this payment; pay off",
    t.V_CALL: "call; phone; contact; dial; reach; call us; call back; speak with",
    t.V_SCAN: "scan",
    t.V_INSTALL: "install; run; launch; start; enable; execute; allow; accept; authorize; authorise; grant",
    t.V_CHANGE: "change; modify; replace; switch",
    t.V_BUY: "buy; purchase; get; pick up; acquire",
    t.V_DISARM: "disable; turn off; switch off; deactivate; pause; temporarily turn off; temporarily disable; stop",
    t.V_IGNORE: "ignore; safely ignore; bypass; dismiss; disregard; override; skip",
    t.V_RENAME: "rename; change",
    t.V_EXTRACT: "export; extract; prepare; pull; compile",
    t.V_REPLY: "reply; respond; get back; write back; answer",
}  # fmt: skip
NEED = """
    a [me|nous] [transmettre|communiquer|fournir|adresser|envoyer|remettre|retourner|indiquer|donner|faire parvenir];
    il vous [faudra|faut|faudrait]; vous [aurez|avez] besoin [de|d]; tu [auras|as] besoin [de|d];
    [j|nous] [ai|avons|aurai|aurons|aurais|aurions] [besoin|egalement besoin|aussi besoin|encore besoin] [de|d un|
    d une|du|que tu|que vous]; il [me|nous] [faut|faudrait|faudra|manque]; [nous manque|nous manquent]; j aurais
    besoin [d un|d une|de|du]; [peux|pourrais] tu [me |]passer; avoir besoin de; [i|we] [need|require|will need|
    would need|request] [your|the|you to|a|an|some|to have]; need [your|you to]; donnez moi; donne moi;
    [nous demandons|nous vous demandons|je vous demande|je te demande]; [requiert|necessite] votre; avec [votre|vos|
    ton|tes|le|la|l]; au moyen de [votre|vos]; muni[|e|s] de [votre|vos]; a l aide de [votre|vos]; munissez vous de
    [votre|vos|la]; munir de [votre|vos|la]; [using|with] your; en indiquant; en precisant; en renseignant; en
    saisissant; en communiquant; une fois [votre|vos]; will ask [you |]for; [souhaite|souhaitent|
    souhaiterait] [recevoir|obtenir|disposer|se voir communiquer]; en fournissant; en transmettant; en joignant;
    en envoyant; en retournant; en nous
    envoyant; [nous|je] [sollicitons|sollicite] [la communication|la transmission|l envoi|la remise|la fourniture|
    communication|transmission]; [je|nous|on] [souhaite|souhaitons|souhaiterais|souhaiterions|souhaiterait|voudrais|
    voudrions|voudrait|desire|desirons] [egalement |aussi |][recevoir|obtenir|recuperer|disposer de|disposer d|avoir|
    connaitre|acceder aux|acceder a]; on [a|aurait] besoin [de|d un|d une|du|des]; [nous|me] faudrait; [we|i] [would
    like|d like] [to have|to receive|to get]; en nous communiquant; en nous transmettant; faute de; a defaut de;
    [reclame|exige] [votre|vos]
"""
NEEDED = """
    [est|sont|sera|seront|reste|restent] [requis|requise|requises|necessaire|necessaires|obligatoire|obligatoires|
    indispensable|indispensables|exige|exiges|exigee|exigees|a ressaisir|a fournir|a communiquer|a saisir|a renseigner|
    a completer];
    vous [sera|seront] [demande|demandes|demandee|demandees]; [nous manque|nous manquent|nous manquait];
    [suffit|suffisent|suffiront]; [is|are] [required|needed|necessary]; will be [required|requested];
    [ne nous est|ne nous sont] pas parvenu[|s|e|es]; est demandee pour; sont a nous transmettre
"""
