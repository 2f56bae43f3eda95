"""The tags that words and phrases of the grammar carry: one bit each, so that a sentence's tags are one number."""

from itertools import count

_bit = count()


def _tag() -> int:
    return 1 << next(_bit)


# What a verb does (the reader is to do it)
V_CONFIRM = _tag()  # confirm, verify, activate, renew, unlock, bring up to date
V_GIVE = _tag()  # give, send, enter, fill in
V_LOGIN = _tag()
V_CLICK = _tag()  # click, follow, go to
V_OPEN = _tag()  # open, consult, download
V_PAY = _tag()
V_CALL = _tag()
V_SCAN = _tag()
V_INSTALL = _tag()
V_CHANGE = _tag()
V_BUY = _tag()
V_REPLY = _tag()
V_EXTRACT = _tag()  # take out of the reader's own files: extract, export, prepare
V_NEED = _tag()  # « nous avons besoin de », « il nous manque »: asks for the noun that follows
V_NEEDED = _tag()  # « sont nécessaires », « vous sera demandé »: asks for the noun before it
V_DISARM = _tag()  # switch off, suspend, take away: a protection
V_IGNORE = _tag()  # ignore, pass by: a warning
V_RENAME = _tag()
V_ANY = V_CONFIRM | V_GIVE | V_LOGIN | V_CLICK | V_OPEN | V_PAY | V_CALL | V_SCAN | V_INSTALL | V_CHANGE
V_ANY |= V_BUY | V_REPLY | V_EXTRACT | V_NEED | V_NEEDED | V_DISARM | V_IGNORE | V_RENAME

# Which form of the verb it is
F_IMPERATIVE = _tag()  # « confirmez », « en confirmant », « que vous confirmiez »
F_INFINITIVE = _tag()
F_FAMILIAR = _tag()  # « confirme »: an imperative only where nothing else can stand
F_NOUN = _tag()
F_PASSIVE = _tag()  # « doit être confirmé », « à confirmer »
F_ENGLISH = _tag()  # base form

# What is asked for
O_PASSWORD = _tag()
O_CODE = _tag()
O_CARD = _tag()
O_BANK = _tag()
O_IBAN = _tag()  # digits in the shape of one
O_PAPERS = _tag()
O_PERSONAL = _tag()
O_ACCOUNT = _tag()
O_LINK = _tag()
O_ATTACHMENT = _tag()
O_QR = _tag()
O_PHONE = _tag()
O_MONEY = _tag()
O_FEE = _tag()
O_GIFT = _tag()
O_PROGRAM = _tag()
O_CRYPTO = _tag()
O_PAID = _tag()  # what we pay out: prestations, virements, salaire
O_APPROVAL = _tag()  # what the second factor shows, what an application wants to be allowed
O_GUARD = _tag()  # an antivirus, a filter, and the warnings that are plainly theirs
O_FACTOR = _tag()  # « la double authentification »
O_ALERT = _tag()  # « l'alerte », « cet avertissement »: whoever's it is
O_RUNNABLE = _tag()  # a program's file name, « le raccourci »
O_PACKED = _tag()  # an archive's ending
O_MASS = _tag()  # data of many people: « base adhérents », or a list with people behind it
O_LIST = _tag()  # « le fichier complet », « tous les »: data of many where people follow
O_PEOPLE = _tag()  # « vos adhérents », « du personnel »
O_RECORD = _tag()  # « les décomptes », « le dossier médical »: of somebody
O_OTHER = _tag()  # « votre adhérente », « de ma mère »: somebody who neither writes nor reads
O_WORK = _tag()  # « compte Microsoft 365 professionnel », « identifiants Windows »
O_DATA = O_PASSWORD | O_CODE | O_CARD | O_BANK | O_PAPERS | O_PERSONAL
O_ANY = O_DATA | O_IBAN | O_ACCOUNT | O_LINK | O_ATTACHMENT | O_QR | O_PHONE | O_MONEY | O_FEE | O_GIFT | O_PROGRAM
O_ANY |= O_CRYPTO | O_PAID | O_APPROVAL | O_GUARD | O_FACTOR | O_ALERT | O_RUNNABLE | O_PACKED
O_ANY |= O_MASS | O_RECORD | O_WORK
O_PARTS = O_LIST | O_PEOPLE | O_OTHER  # nothing to ask for by themselves
O_ANY |= O_PARTS

# What stands between and around
REQUEST = _tag()  # « merci de », « veuillez », « vous devez »
NEVER = _tag()  # « ne demandons jamais », « évitez de », « inutile de »
BUT = _tag()  # ends the reach of NEVER
REPORTED = _tag()  # « on me demande de », « qui m'invite à »
SELF = _tag()  # « je vous envoie », « veuillez trouver »: the writer gives
DONE = _tag()  # « a bien été pris en compte »
CASE = _tag()  # « en cas de »
MINE = _tag()
BY_MAIL = _tag()  # « par retour de mail »
NEW = _tag()  # « nouveau », « désormais », « a changé »
LETS_IN = _tag()  # « authentification », « l'accès se fait », « reconnaît »: beside what one signs in with
SAME = _tag()  # « habituel », « inchangé »
HARMLESS = _tag()  # « c'est normal », « faux positif »: what a deceiver says of a warning

# Whole asks in one phrase
A_RIB_CHANGE = _tag()
A_SECRECY = _tag()
A_ELSEWHERE = _tag()
A_CALL_BACK = _tag()
A_REPLY = _tag()
A_CREDENTIALS = _tag()
A_PAYMENT = _tag()
A_FEE = _tag()
A_INSTALL = _tag()
A_OPEN = _tag()
A_CONFIRM = _tag()
A_CLICK = _tag()
A_GIFT = _tag()
A_APPROVAL = _tag()
A_AGAINST = _tag()  # « exécuter quand même », « remettez l'extension »
A_PHRASE = A_RIB_CHANGE | A_SECRECY | A_ELSEWHERE | A_CALL_BACK | A_REPLY | A_CREDENTIALS | A_PAYMENT | A_FEE
A_PHRASE |= A_INSTALL | A_OPEN | A_CONFIRM | A_CLICK | A_GIFT | A_APPROVAL | A_AGAINST

# Signs
S_DEADLINE = _tag()
S_SUSPENSION = _tag()
S_THREAT = _tag()
S_URGENCY = _tag()
S_REFUND = _tag()
S_AMOUNT = _tag()
S_PARCEL = _tag()
S_PRIZE = _tag()
S_EXPIRY = _tag()
S_BREACH = _tag()
S_DISTRESS = _tag()
S_WARNING = _tag()
S_REPORT = _tag()
S_LOSS = _tag()  # « suspendu », « bloqué »: SUSPENSION beside something that can be lost
S_LOSABLE = _tag()  # « votre compte », « vos droits »
S_KEEPER = _tag()  # « 3 messages retenus »: only who keeps the mailbox says so
S_KEPT = _tag()  # « votre messagerie »: what somebody keeps for the reader
S_KEEPING = _tag()  # « saturée », « migration »: what its keeper says of it
S_WAY = _tag()  # « passer par l'extranet »: BYPASS where it is refused
S_BYPASS = _tag()  # « pas besoin de passer par l'extranet », « non chiffré »
S_HOURS = _tag()  # a deadline of hours: « aujourd'hui avant 18 heures »
S_MANDATE = _tag()  # « vous a désignée personnellement », « une opération de rapprochement »
S_EXTORTION = _tag()  # « le prix double », « n'appelez pas la police »
S_ANY = S_DEADLINE | S_SUSPENSION | S_THREAT | S_URGENCY | S_REFUND | S_AMOUNT | S_PARCEL | S_PRIZE | S_EXPIRY
S_ANY |= S_BREACH | S_DISTRESS | S_WARNING | S_REPORT | S_LOSS | S_LOSABLE | S_KEEPER | S_KEPT | S_KEEPING
S_ANY |= S_WAY | S_BYPASS | S_HOURS | S_MANDATE | S_EXTORTION

# Halves of what a sentence must hold both of (see `relations`)
R_TELL = _tag()  # « évoquer », « prévenir »: secrecy under a negation, beside somebody who is not to know
R_NOBODY = _tag()  # « quiconque », « vos collègues »
R_MANDATOR = _tag()  # « votre directeur général »
R_MANDATED = _tag()  # « m'a mandaté », « vous a désignée »
R_TAKE = _tag()  # « nous avons exfiltré »
R_LOOT = _tag()  # « vos données »
R_PUBLISH = _tag()  # « sera publié »
R_UNLESS = _tag()  # « si vous ne payez pas »
R_PAIRED = R_MANDATED | R_TAKE | R_PUBLISH  # the halves that are seldom seen

# What is said of an account, of a channel and of a means of payment (see `money`)
M_PAY_TO = _tag()  # « régler », « à adresser »: the reader is to pay, or to direct payments
M_OTHER = _tag()  # « notre nouveau compte », « la filiale »: not the account that is known
M_HERE = _tag()  # « le compte ci-dessous », « le RIB joint »
M_CHANGED = _tag()  # « désormais », « a évolué », « l'ancien »
M_OLD = _tag()  # « l'ancien RIB », « le compte que vous utilisez »
M_GONE = _tag()  # « clôturé », « ne passe plus »
M_LEAVE = _tag()  # « n'utilisez plus », « ne réglez rien »
M_ACCOUNT = _tag()  # « RIB », « références bancaires »
M_ON_FILE = _tag()  # « remplacer dans votre base », « la fiche fournisseur »
M_RECALL = _tag()  # « rappeler le virement »
M_REISSUE = _tag()
M_MY_PAY = _tag()  # « ma paie », « mes remboursements »
M_LINE = _tag()  # « notre standard », « le numéro »
M_DOWN = _tag()  # « en dérangement », « déménage »
M_AVOID = _tag()  # « n'appelez pas », « inutile de joindre »
M_PARTY = _tag()  # « l'agence », « le dirigeant », « à ce sujet »: whom not to call
M_UNAWARE = _tag()  # « n'est pas au courant », « ne pourra rien vous dire »
M_NO_CALL = _tag()  # « ne prend pas d'appels », « par mail uniquement »: a closed channel by itself
M_PAYEE = _tag()  # « le nom du titulaire », « le code pays »
M_HELD_BY = _tag()  # « le compte est au nom de »
M_THIRD = _tag()  # « notre gérant », « Services Ltd »
M_CHECK = _tag()  # « une alerte de non-concordance », « le contre-appel »
M_WAIVE = _tag()  # « ignorez-la », « passez outre », « c'est normal »
M_UNCHECKED = _tag()  # « inutile de vérifier »
M_DIFFERS = _tag()
M_MEANS = _tag()  # coupons, money transfers, cryptocurrency: what nobody gets back
M_CASH = _tag()
M_FETCHED = _tag()  # « un coursier », « une enveloppe »
M_HAND_OVER = _tag()  # « les codes », « se fait par », « achetez »
M_DICTATE = _tag()
M_CARD = _tag()
M_SPARED = _tag()  # « jamais », « si vous », « j'ai essayé »: no sign of deceit beside it
M_HEARSAY = _tag()  # « si vous changez », « on nous a écrit pour »: spares what M_SPARED spares, and every change
M_INFIRM = _tag()  # « je suis sourde »: who cannot telephone, and says why
M_YOUR_ACCOUNT = _tag()  # « votre compte », « son ancien compte »: none that the writer changes
M_YOURS = _tag()  # « votre standard »: a channel of the reader's
M_ANY = (M_YOURS << 1) - M_PAY_TO

START = _tag()  # set on a token that begins its sentence
STEM = _tag()  # in tables only: the phrase is the beginning of a word
