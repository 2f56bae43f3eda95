"""One sentence's tokens read as a reader would: which verb goes with which object, and whose account it is.

The tokens come from `grammar`, in which mood a verb is said from `asks_mood`; which verb with which object is an ask
stands in `asks_kinds`.
"""

import re

from gateway.content import grammar_tags as t
from gateway.content.asks_kinds import ALONE, BUTTONS, PHRASES, kinds_of, kinds_of_pair
from gateway.content.asks_mood import DEAD, FAR, LIVE, MAX_REACH, MAX_RULED, NEGATED, NEGATION, OTHERS, SentenceMood
from gateway.content.asks_sink import AskSink
from gateway.content.grammar import Sentence, Token
from gateway.model.content_facts import AskKind, SignKind

MAX_GAP = 70  # characters between verb and object
_OWN_GAP = 16  # « mes nouvelles » before its noun
_BETWEEN = 40  # characters without a token between two lines of one sentence
_MARKS = frozenset(".!?:;")
_END = re.compile(r"[.!?;:]")
_DIGIT = re.compile("[0-9]")
MAX_BUTTON = 48  # a sentence this short may be a button
_PRESS_ON = re.compile(
    rb" (?:cliqu\w{1,3}|click|press|choose|select|choisi\w{1,7}|appuye[zr]|repond\w{1,3}|selectionne[zr])"
    rb"(?: sur| on)? {1,3}"
    rb"(?:executer|conserver|oui|continuer|autoriser|keep|run|yes|allow)[ .]"
)
_MY_OWN = re.compile(r"\b(?:mon|ma|mes|my)\b")
_OF_ANYBODY = re.compile(rb" (?:les|aux|ces|faux|demandes de) $")
_WHEREIN = re.compile(rb" (?:dans|sur|via|par|depuis|a|au|in|on|at|into|through) ")
_PRONOUNS = (b" le ", b" la ", b" les ", b" l ", b" nous le", b" nous la", b" nous les", b" moi le", b" moi les")
_CHANGING = t.O_BANK | t.O_IBAN | t.O_PAID | t.NEW
_OWN = (b"mon ", b"ma ", b"mes ", b"my ")
AROUND = t.REQUEST | t.SELF | t.MINE | t.NEVER | t.BUT | t.REPORTED
_ORDERS = t.V_GIVE | t.V_CONFIRM | t.V_NEED | t.V_REPLY
_NOTHING_TO = re.compile(
    rb" n y a (?:rien|pas|aucun|aucune) (?:a|d|de|besoin|inscription|compte|creation)\b"
)  # no effort
_CAME = (b"recu", b"envoye", b"transmis", b"communique", b"arrive", b"sent", b"received", b"pas", b"jamais")
_ORDERING = t.F_IMPERATIVE | t.F_INFINITIVE | t.F_ENGLISH  # « n'accepte pas » tells, and forbids nothing
_SHOWN = t.O_APPROVAL | t.O_CODE | t.O_GUARD  # what a screen shows
_GIVEN = t.O_DATA | t.O_MASS | t.O_OTHER
_THINGS = t.O_ANY & ~t.O_PARTS
_OF_ONE = t.O_BANK | t.O_PAPERS | t.O_PERSONAL | t.O_RECORD  # what is asked of somebody who isn't there
_HIS = frozenset(b"son sa ses leur leurs his her their".split())
_TO_THEM = frozenset(b"a aux au pour to for aupres".split())  # « à l'ensemble du personnel »: who gets, not what
_TITLED = re.compile(
    r" ?(?:du (?:dossier|compte) |actuelle? )?(?:de|du|of) (?:m\.|mme|mlle|mr|monsieur|madame|mrs)\b|'s\b"
)
_OF_THEM = 70  # characters between « le fichier » and « des adhérents »
_OF_HIM = 45  # between « le RIB » and « de votre adhérente »
_EXTRACTED = 12  # between « extraire » and « les adhérents »
_OF_MINE = (b" de mon ", b" de ma ", b" de mes ", b" sur mon ", b" a mon ")
_NO_LIST = (FAR, FAR)


def is_button(buffer: bytes, sentence: Sentence) -> bool:
    """Whether a sentence is as short as a button's words, up to the address that a plain text writes behind them."""
    start, end = sentence.start, sentence.end
    return end - start <= MAX_BUTTON or buffer.find(b" http", start, start + MAX_BUTTON + 6) >= 0


class SentenceReader(SentenceMood):
    """The walk over one sentence's tokens."""

    __slots__ = ("_against", "_found", "_inherited", "_list", "_nouns", "_own", "_tags")

    def __init__(self, reader: AskSink, sentence: Sentence, last: "SentenceReader | None") -> None:
        super().__init__(reader, sentence)
        self._nouns: list[tuple[int, int, int]] = []
        self._own: list[tuple[int, int, int]] = []  # accounts of the writer's
        self._against: list[tuple[int, int, str]] = []  # what bids to pass by a protection, until the whole is read
        self._tags = sentence.tags
        self._found = False
        self._list = _NO_LIST  # the last « le fichier », « tous les »
        if last is not None:
            self._inherit(last)
        self._inherited = len(self._verbs)

    def _inherit(self, last: "SentenceReader") -> None:
        """What a line that only a line end parts from this one began: « veuillez nous / communiquer / votre RIB »."""
        self._request, self._self, self._mine = last._request, last._self, last._mine
        self._never, self._reported = last._never, last._reported
        self._verbs = [verb for verb in last._verbs[-2:] if not verb[0] & t.F_NOUN]
        self._nouns, self._own = last._nouns[-2:], last._own[-2:]
        self._list = last._list
        self._tags |= last._tags

    def goes_on(self, sentence: Sentence) -> bool:
        """Whether `sentence` may be the rest of this one: no mark ends this, and it is no button of its own."""
        end = self._sentence.end
        text = self._text
        if sentence.start - end > _BETWEEN or text[end - 1 : end] in _MARKS or _END.search(text, end, sentence.start):
            return False
        if self._sentence.tokens[-1][2] > end:
            return True  # a phrase spans the line end
        return not (self._verbs and self._request < 0 and self._is_button(self._verbs[0]))

    def _is_button(self, verb: tuple[int, int, int, int]) -> bool:
        if self._sentence.end - self._sentence.start > MAX_BUTTON // 2 or not self._at_start(verb[1]):
            return False
        return self._found or self._sentence.end - verb[2] <= 1

    def run(self) -> "SentenceReader":
        """Walk, then judge what only the whole sentence tells."""
        sentence = self._sentence
        for tags, start, end in sentence.tokens:
            if tags & t.A_PHRASE:
                self._phrase(tags, start, end)
                continue
            if tags & AROUND:
                self._around(tags, start, end)
            if tags & t.V_ANY:
                self._verb(tags, start, end)
            if tags & t.O_PARTS:
                self._parts(tags, start, end)
            if tags & _THINGS:
                self._noun(tags, start, end)
        if self._tags & (t.O_BANK | t.O_IBAN) and sentence.tags & _CHANGING:
            self._change_of_account()
        if self._tags & t.O_WORK and self._tags & (t.LETS_IN | t.V_NEED):
            self._work_account()
        if not self._found and not self._against:
            self._without_object()
        self._pass_by()
        return self

    def _pass_by(self) -> None:
        """Bids to pass by a protection: live only where nothing in the sentence is forbidden, reported or wondered."""
        tags = self._sentence.tags
        if tags & t.O_GUARD:
            self._called_harmless()
        if not self._against:
            return
        start, end, words = self._against[0]
        forbidden = any(how == NEGATED and tags & _ORDERING for tags, _start, _end, how in self._verbs)
        if forbidden or max(self._never, self._reported) >= self._sentence.start or self._wonders():
            self._reader.sign(SignKind.NEGATED_ASK if forbidden else SignKind.REPORT, start, end, words)
        else:
            self._reader.emit((AskKind.AGAINST_WARNING,), start, end, words)
        self._found = True

    def _called_harmless(self) -> None:
        """« si l'avertissement bleu apparaît, c'est normal », « ..., cliquez sur Oui »: a warning, called nothing."""
        guard = next(token for token in self._sentence.tokens if token[0] & t.O_GUARD)
        called = next((token[1:] for token in reversed(self._sentence.tokens) if token[0] & t.HARMLESS), None)
        if called is None:
            pressed = _PRESS_ON.search(self._buffer, self._sentence.start, self._sentence.end + 2)
            called = (pressed.start(), pressed.end() - 2) if pressed else guard[1:]
        if called != guard[1:] and max(guard[2], called[1]) - min(guard[1], called[0]) <= MAX_RULED:
            words = self._words(guard[1:], called)
            self._against.append((min(guard[1], called[0]), max(guard[2], called[1]), words))

    def orders(self) -> bool:
        """Whether the reader is to give, to confirm or to send something."""
        return any(how == LIVE and tags & _ORDERS for tags, _start, _end, how in self._verbs)

    def _verb(self, tags: int, start: int, end: int) -> None:
        how = self._how(tags, start, end)
        if how == DEAD:
            return
        self._verbs.append((tags, start, end, how))
        if tags & t.V_LOGIN and how == LIVE and not tags & t.F_NOUN:
            self._found |= self._reader.emit((AskKind.CREDENTIALS,), start, end, self._text[start:end])
        if tags & (t.V_NEEDED | t.F_PASSIVE):
            for noun in self._nouns[-3:]:
                if start - noun[2] <= MAX_GAP:
                    self._pair((tags, start, end, how), noun)

    def _noun(self, tags: int, start: int, end: int) -> None:
        own = start - self._mine <= _OWN_GAP or self._buffer.startswith(_OWN, start + 1)
        if own and tags & (t.O_DATA | t.O_ACCOUNT):
            verbs = [
                verb for verb in self._verbs if verb[0] & (t.F_INFINITIVE | t.F_ENGLISH) and self._at_start(verb[1])
            ]
        else:
            verbs = self._verbs[-4:]
        for verb in verbs:
            gap = start - verb[2]
            if gap <= (30 if verb[0] & t.F_NOUN and not tags & t.O_IBAN else MAX_GAP) and not verb[0] & t.V_NEEDED:
                self._pair(verb, (tags, start, end))
        self._nouns.append((tags, start, end))
        if tags & _OF_ONE and self._of_another(start, end):
            self._noun(t.O_OTHER, start, end)
        if tags & (t.O_BANK | t.O_IBAN) and (own or start - self._mine <= _OWN_GAP * 2):
            self._own.append((tags, start, end))

    def _parts(self, tags: int, start: int, end: int) -> None:
        """« le fichier ... des adhérents » makes data of many; « le RIB ... de votre adhérente » that of a third."""
        before = self._word_before(start)
        if tags & t.O_PEOPLE and before not in _TO_THEM and not self._his_own_people(start, end):
            if start - self._list[1] <= _OF_THEM:
                self._noun(t.O_MASS, self._list[0], end)
                self._list = _NO_LIST
            elif any(verb[0] & t.V_EXTRACT and start - verb[2] <= _EXTRACTED for verb in self._verbs[-2:]):
                self._noun(t.O_MASS, start, end)
        if tags & t.O_LIST and before not in _TO_THEM:
            self._list = (start, end)
        if tags & t.O_OTHER and self._nouns and before not in _TO_THEM:
            noun = self._nouns[-1]
            if noun[0] & _OF_ONE and 0 <= start - noun[2] <= _OF_HIM:
                self._noun(t.O_OTHER, noun[1], end)

    def _his_own_people(self, start: int, end: int) -> bool:
        """« les bénéficiaires de mon contrat », « mes ayants droit »: a member's family."""
        if b"beneficiaires" not in self._buffer[start : end + 1] and b"ayants" not in self._buffer[start : end + 1]:
            return False
        return self._word_before(start) == b"mes" or self._buffer.startswith(_OF_MINE, end + 1)

    def _of_another(self, start: int, end: int) -> bool:
        """« son IBAN », « l'adresse de M. Jourdain »."""
        first = self._buffer[start + 1 : end + 1].partition(b" ")[0]
        return first in _HIS or self._word_before(start) in _HIS or bool(_TITLED.match(self._text, end))

    def _work_account(self) -> None:
        """« l'accès se fait avec votre compte professionnel »: said of how one gets in, without an order."""
        said_no = NEGATION.finditer(self._buffer, self._sentence.start, self._sentence.end + 1)
        if self._tags & (t.NEVER | t.REPORTED | t.DONE) or any(
            _NOTHING_TO.match(self._buffer, no.start()) is None for no in said_no
        ):
            return
        for tags, start, end in self._sentence.tokens:
            if tags & t.O_WORK and not self._buffer.startswith(_OWN, start + 1) and start - self._mine > _OWN_GAP:
                self._found |= self._reader.emit((AskKind.CREDENTIALS,), start, end, self._text[start:end])
                return

    def _pair(self, verb: tuple[int, int, int, int], noun: tuple[int, int, int]) -> None:
        kinds = kinds_of_pair(verb[0] & t.V_ANY, noun[0] & t.O_ANY)
        if verb[0] & t.V_GIVE and noun[0] & t.O_PASSWORD and self._sends_link(verb, noun):
            return
        if noun[0] & t.O_IBAN and (verb[0] & t.F_NOUN or self._sentence.tags & t.SAME):
            kinds = (AskKind.PAYMENT,)  # « paiement par virement sur FR76 ... »: an account is given, none is changed
        if not kinds:
            return
        start, end = min(verb[1], noun[1]), max(verb[2], noun[2])
        words = self._words((verb[1], verb[2]), (noun[1], noun[2]))
        if verb[3] == LIVE:
            if AskKind.AGAINST_WARNING in kinds:
                self._against.append((start, end, words))
                return
            if self._sentence.tags & t.BY_MAIL and noun[0] & _GIVEN and self._goes_by_mail():
                kinds = (*kinds, AskKind.REPLY_WITH_DATA)
            self._found |= self._reader.emit(kinds, start, end, words)
        elif kinds != (AskKind.CLICK,) or not verb[0] & t.V_CONFIRM:  # « pour ne plus recevoir ..., cliquez ici »
            self._found = True
            kind = SignKind.NEGATED_ASK if verb[3] == NEGATED else SignKind.REPORT
            self._reader.sign(kind, start, end, words)

    def _sends_link(self, verb: tuple[int, int, int, int], noun: tuple[int, int, int]) -> bool:
        """« m'envoyer un lien pour refaire le mot de passe »: a link is to be sent, no password; « saisissez dans le
        formulaire votre mot de passe » asks for it."""
        return any(
            tags & t.O_LINK
            and verb[2] <= start
            and end <= noun[1]
            and _WHEREIN.search(self._buffer, verb[2], start + 1) is None
            for tags, start, end in self._nouns[-2:]
        )

    def _goes_by_mail(self) -> bool:
        """« par mail », but for what came so (« le code reçu par SMS ») and « surtout pas par mail »."""
        return any(
            tags & t.BY_MAIL and not self._word_before(start).startswith(_CAME)
            for tags, start, _end in self._sentence.tokens
        )

    def _words(self, first: tuple[int, int], second: tuple[int, int]) -> str:
        text = self._text
        if second[0] < first[0]:
            first, second = second, first
        middle = " " if second[0] - first[1] <= 1 else " ... "
        return (text[slice(*first)] + middle + text[slice(*second)])[:100]

    def _phrase(self, tags: int, start: int, end: int) -> None:
        kinds = kinds_of(tags & t.A_PHRASE, PHRASES)
        words = self._text[start:end][:100]
        order = t.F_IMPERATIVE if words.partition(" ")[0].endswith("ez") else 0
        if tags & (t.A_SECRECY | t.A_RIB_CHANGE | t.A_ELSEWHERE):
            if tags & t.A_RIB_CHANGE and not self._changes(words, start):
                return None
            if tags & t.A_SECRECY and self._sentence.tags & t.M_INFIRM:
                return None  # « je suis sourde, je ne peux pas téléphoner »
            if start - self._reported <= MAX_RULED:
                return self._reader.sign(SignKind.REPORT, start, end, words)
            if words.startswith("sans ") and self._forbidden_without(start):
                return None  # « ne changez aucun RIB sans appeler le cabinet »
            if tags & t.A_ELSEWHERE and self._reaches(self._never, 0, start):
                return None  # « ne donnez jamais votre numéro personnel »
        elif tags & t.A_CALL_BACK and self._sentence.tags & (t.S_WARNING | t.SAME) and not _DIGIT.search(words):
            return None  # « en cas de doute, appelez votre interlocuteur habituel »
        elif self._buffer.startswith(b" vous ", start - 5) and start - self._request > MAX_REACH:
            return None  # « lorsque vous cliquez ici »
        elif tags & t.A_CLICK and self._word_before(start) in OTHERS:
            return None  # « ça fait quatre fois que je clique sur ... »
        elif tags & t.A_CONFIRM and start - self._request <= MAX_REACH and _MY_OWN.search(words):
            return None  # « tu peux débloquer mon compte ? »: no button, but what the writer wants done for him
        elif self._reaches(self._never, order, start):
            self._found = True
            return self._reader.sign(SignKind.NEGATED_ASK, start, end, words)
        elif self._negated(start, end):
            self._found = True
            if order or self._tells_not_to(start):
                self._reader.sign(SignKind.NEGATED_ASK, start, end, words)
            return None
        elif self._reaches(self._reported, order, start):
            self._found = True
            return self._reader.sign(SignKind.REPORT, start, end, words)
        if AskKind.AGAINST_WARNING in kinds:
            self._against.append((start, end, words))
            kinds = tuple(kind for kind in kinds if kind is not AskKind.AGAINST_WARNING)
        self._found |= self._reader.emit(kinds, start, end, words)
        return None

    def _changes(self, words: str, start: int) -> bool:
        """Whether a phrase of change changes anything: not after « a bien été », « en cas de », « comment »."""
        tags = self._sentence.tags
        usual = "habituel" in words or "usual" in words  # « notre compte habituel est bloqué suite à un audit »
        ruled_out = t.DONE | t.SAME | t.M_HEARSAY
        if not words.startswith(("verse", "vire")):  # « suite à un départ, merci de verser sur mon compte » orders
            ruled_out |= t.CASE
        if tags & ruled_out and not usual:
            return False
        if words.startswith("changement") and _OF_ANYBODY.search(self._buffer, max(0, start - 16), start + 1):
            return False  # « face aux changements de RIB », « les demandes de changement »: of anybody
        return not self._asks_how()

    def _change_of_account(self) -> None:
        """« mon RIB a changé », « virez désormais sur ... »: the writer's account, and something new or paid."""
        tags = self._tags
        ruled = max(self._never, self._reported) >= self._sentence.start
        if tags & (t.SAME | t.CASE) or ruled or not tags & (t.NEW | t.V_PAY) or self._asks_how():
            return
        nouns = [noun for noun in self._nouns if noun[0] & (t.O_BANK | t.O_IBAN)]
        for noun in nouns[:2]:
            own = noun in self._own
            owed = bool(tags & t.O_PAID) and self._word_before(noun[1]) not in (b"vos", b"votre")
            if (own and tags & t.NEW) or (owed and tags & t.NEW) or (noun[0] & t.O_IBAN and (owed or own)):
                words = "iban" if noun[0] & t.O_IBAN else self._text[noun[1] : noun[2]]
                self._found |= self._reader.emit((AskKind.RIB_CHANGE,), noun[1], noun[2], words)
                return

    def _named_here(self, start: int) -> Token | None:
        """« une notification s'affichera : merci de l'approuver »: what a pronoun of the same sentence stands for."""
        for noun in reversed(self._nouns):
            if noun[2] <= start and noun[0] & (_SHOWN | t.O_MASS):
                return noun
        return None

    def _without_object(self) -> None:
        """A verb alone: « connectez-vous », a button, « confirmez-les » after a sentence that named the thing."""
        for verb in self._verbs[self._inherited :]:
            tags, start, end, how = verb
            if how != LIVE or tags & (t.V_NEED | t.V_NEEDED | t.F_NOUN | t.F_PASSIVE):
                continue
            words = self._text[start:end]
            pronoun = self._buffer.startswith(_PRONOUNS, end + 1) or self._word_before(start) in (
                b"l",
                b"le",
                b"la",
                b"les",
            )
            before = (self._named_here(start) if pronoun else None) or self._reader.before
            if before is not None and pronoun and not (before[0] & t.O_PASSWORD and self._advises(tags, start)):
                kinds = kinds_of_pair(tags & t.V_ANY, before[0] & t.O_ANY)
                if self._reader.emit(kinds, start, end, self._words((before[1], before[2]), (start, end))):
                    return
            kinds = kinds_of(tags & t.V_ANY, ALONE)
            if not kinds and self._at_start(start) and is_button(self._buffer, self._sentence):
                kinds = kinds_of(tags & t.V_ANY, BUTTONS)
            if kinds:
                self._reader.emit(kinds, start, end, words)
                return
