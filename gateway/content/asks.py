"""What a message wants of its reader: verbs and objects of one sentence, put together.

An ask is a live verb (an order, a polite request, a button, « il vous suffit de ... ») with its object a few words on.
Verbs under a negation make `NEGATED_ASK` signs, verbs that report what others ask (« on me demande de ... ») `REPORT`.
"""

import re
from bisect import bisect_right
from functools import lru_cache

from gateway.content import grammar_tags as t
from gateway.content.grammar import Sentence, sentences
from gateway.model.content_facts import Ask, AskKind, Sign, SignKind
from gateway.model.folded import Folded, Region

MAX_GAP = 70  # characters between verb and object
MAX_REACH = 90  # characters that « merci de » reaches
MAX_EACH = 6  # asks of one kind kept per region
_OWN_GAP = 16  # « mes nouvelles » before its noun
_BETWEEN = 40  # characters without a token between two lines of one sentence
_MARKS = frozenset(".!?:;")
_END = re.compile(r"[.!?;:]")
_BUTTON = 48  # a sentence this short may be a button

_PAIRS: tuple[tuple[int, int, AskKind], ...] = (
    (t.V_CONFIRM | t.V_GIVE | t.V_CHANGE | t.V_NEED | t.V_NEEDED | t.V_LOGIN, t.O_PASSWORD, AskKind.CREDENTIALS),
    (t.V_CONFIRM | t.V_GIVE | t.V_NEED | t.V_NEEDED, t.O_CODE, AskKind.ONE_TIME_CODE),
    (t.V_CONFIRM | t.V_GIVE | t.V_NEED | t.V_NEEDED | t.V_PAY | t.V_CHANGE, t.O_CARD, AskKind.CARD),
    (t.V_CONFIRM | t.V_GIVE | t.V_NEED | t.V_NEEDED | t.V_CHANGE, t.O_BANK, AskKind.BANK_DETAILS),
    (t.V_CONFIRM | t.V_GIVE | t.V_NEED | t.V_NEEDED | t.V_SCAN, t.O_PAPERS, AskKind.IDENTITY_PAPERS),
    (t.V_CONFIRM | t.V_GIVE | t.V_NEED | t.V_NEEDED | t.V_CHANGE, t.O_PERSONAL, AskKind.PERSONAL_DATA),
    (t.V_CONFIRM, t.O_ACCOUNT, AskKind.CONFIRM),
    (t.V_CLICK | t.V_OPEN, t.O_ACCOUNT, AskKind.CLICK),
    (t.V_CLICK | t.V_OPEN | t.V_CONFIRM | t.V_GIVE | t.V_PAY, t.O_LINK, AskKind.CLICK),
    (t.V_OPEN | t.V_CLICK | t.V_GIVE, t.O_ATTACHMENT, AskKind.OPEN_ATTACHMENT),
    (t.V_SCAN | t.V_CLICK | t.V_OPEN, t.O_QR, AskKind.SCAN_CODE),
    (t.V_CALL, t.O_PHONE, AskKind.CALL_BACK),
    (t.V_PAY | t.V_NEED, t.O_MONEY, AskKind.PAYMENT),
    (t.V_PAY | t.V_NEED | t.V_NEEDED, t.O_FEE, AskKind.FEE),
    (t.V_BUY | t.V_GIVE | t.V_NEED | t.V_PAY, t.O_GIFT, AskKind.GIFT_CARD),
    (t.V_INSTALL | t.V_OPEN, t.O_PROGRAM, AskKind.INSTALL),
    (t.V_PAY | t.V_GIVE | t.V_BUY, t.O_CRYPTO, AskKind.CRYPTOCURRENCY),
    (t.V_REPLY, t.O_DATA, AskKind.REPLY_WITH_DATA),
    (t.V_PAY, t.O_IBAN, AskKind.RIB_CHANGE),
    (t.V_CHANGE | t.V_CLICK, t.O_IBAN, AskKind.RIB_CHANGE),
    (t.V_PAY, t.O_IBAN, AskKind.PAYMENT),
)
_ALONE: tuple[tuple[int, AskKind], ...] = (  # verbs that are an ask without an object
    (t.V_PAY, AskKind.PAYMENT),
)
_BUTTONS: tuple[tuple[int, AskKind], ...] = (
    (t.V_CONFIRM, AskKind.CONFIRM),
    (t.V_CLICK | t.V_OPEN | t.V_REPLY, AskKind.CLICK),
)
_PHRASES: tuple[tuple[int, AskKind], ...] = (
    (t.A_RIB_CHANGE, AskKind.RIB_CHANGE),
    (t.A_SECRECY, AskKind.SECRECY),
    (t.A_ELSEWHERE, AskKind.CONTACT_ELSEWHERE),
    (t.A_CALL_BACK, AskKind.CALL_BACK),
    (t.A_REPLY, AskKind.REPLY_WITH_DATA),
    (t.A_CREDENTIALS, AskKind.CREDENTIALS),
    (t.A_PAYMENT, AskKind.PAYMENT),
    (t.A_FEE, AskKind.FEE),
    (t.A_INSTALL, AskKind.INSTALL),
    (t.A_OPEN, AskKind.OPEN_ATTACHMENT),
    (t.A_CONFIRM, AskKind.CONFIRM),
    (t.A_CLICK, AskKind.CLICK),
    (t.A_GIFT, AskKind.GIFT_CARD),
)
# Words before a negated verb, as the prepared text has them
_NEGATION = re.compile(rb" (?:ne|n|ni|don t|not|never|jamais) ")
_CONDITION = re.compile(rb" (?:si|s|if|unless|faute|tant que) ")
_AFTER = (b" pas ", b" jamais ", b" aucun", b" surtout pas ", b" rien ", b" en aucun cas ")
_SUBJECTS = frozenset(b"je j il elle on qui me m se s te t lui nous que cela ca a est".split())
_ACCOMPANY = frozenset(b"avec au a muni munie munis using with".split())  # need a live verb before them
_PRONOUNS = (b" le ", b" la ", b" les ", b" l ", b" nous le", b" nous la", b" nous les", b" moi le", b" moi les")


@lru_cache(maxsize=4096)
def _kinds(verb: int, noun: int) -> tuple[AskKind, ...]:
    return tuple(dict.fromkeys(kind for verbs, nouns, kind in _PAIRS if verb & verbs and noun & nouns))


@lru_cache(maxsize=4096)
def _kinds_of(tags: int, table: tuple[tuple[int, AskKind], ...]) -> tuple[AskKind, ...]:
    return tuple(kind for mask, kind in table if tags & mask)


def is_button(buffer: bytes, sentence: Sentence) -> bool:
    """Whether a sentence is as short as a button's words, up to the address that a plain text writes behind them."""
    start, end = sentence.start, sentence.end
    return end - start <= _BUTTON or buffer.find(b" http", start, start + _BUTTON + 6) >= 0


class AskReader:
    """Collects the asks of one text, region by region."""

    __slots__ = ("_before", "_counts", "_last", "_region", "asks", "buffer", "signs", "text")

    def __init__(self, text: str, buffer: bytes) -> None:
        self.text = text
        self.buffer = buffer  # prepared text
        self._region = Region.VISIBLE
        self._counts: dict[tuple[AskKind | SignKind, Region], int] = {}
        self._before: tuple[int, int, int] | None = None  # what the last sentence spoke of
        self._last: _SentenceReader | None = None  # the line before, where a mere line end parts it from this one
        self.asks: list[Ask] = []
        self.signs: list[Sign] = []

    def read(self, sentence: Sentence, region: Region) -> None:
        """Find the asks of one sentence."""
        tags = sentence.tags
        if region is not self._region:
            self._region, self._before, self._last = region, None, None
        if self._last is not None and not self._last.goes_on(sentence):
            self._last = None
        if (
            self._last is not None
            or tags & t.A_PHRASE
            or (tags & t.V_ANY and (tags & _WORTH or self._before or is_button(self.buffer, sentence)))
            or (tags & t.NEW and tags & (t.O_BANK | t.O_IBAN))
        ):
            self._last = _SentenceReader(self, sentence, self._last).run()
        elif tags & _AROUND:
            self._last = _SentenceReader(self, sentence, None).run()
        if tags & (t.O_DATA | t.O_ACCOUNT):
            self._before = next(x for x in reversed(sentence.tokens) if x[0] & (t.O_DATA | t.O_ACCOUNT))
        elif tags & t.O_ANY == 0 and sentence.end - sentence.start > _BUTTON:
            self._before = None

    def emit(self, kinds: tuple[AskKind, ...], start: int, end: int, words: str) -> bool:
        """Keep asks, as long as there are not too many of their kind."""
        for kind in kinds:
            key = (kind, self._region)
            count = self._counts.get(key, 0)
            if count < MAX_EACH:
                self._counts[key] = count + 1
                self.asks.append(Ask(kind=kind, region=self._region, words=words, start=start, end=end))
        return bool(kinds)

    def sign(self, kind: SignKind, start: int, end: int, words: str) -> None:
        """Keep a sign that negation or report makes of an ask."""
        key = (kind, self._region)
        count = self._counts.get(key, 0)
        if count < MAX_EACH:
            self._counts[key] = count + 1
            self.signs.append(Sign(kind=kind, region=self._region, words=words, start=start, end=end))

    @property
    def before(self) -> tuple[int, int, int] | None:
        """The last data or account that an earlier sentence spoke of."""
        return self._before


# a verb without one of these, in a sentence too long for a button, asks nothing
_WORTH = t.O_ANY | t.V_LOGIN | t.V_PAY
_LIVE, _NEGATED, _REPORTED, _DEAD = 1, -1, -2, 0


class _SentenceReader:
    """The walk over one sentence's tokens."""

    __slots__ = (
        "_buffer", "_found", "_inherited", "_mine", "_never", "_nouns", "_own", "_reader", "_reported", "_request",
        "_self", "_sentence", "_tags", "_verbs",
    )  # fmt: skip

    def __init__(self, reader: AskReader, sentence: Sentence, last: "_SentenceReader | None") -> None:
        self._reader = reader
        self._sentence = sentence
        self._buffer = reader.buffer
        self._request = self._self = self._mine = -1000  # where the last of each ended
        self._never = self._reported = False
        self._verbs: list[tuple[int, int, int, int]] = []  # live or negated: tags, start, end, how
        self._nouns: list[tuple[int, int, int]] = []
        self._own: list[tuple[int, int, int]] = []  # accounts of the writer's
        self._tags = sentence.tags
        self._found = False
        if last is not None:
            self._inherit(last)
        self._inherited = len(self._verbs)

    def _inherit(self, last: "_SentenceReader") -> None:
        """What a line that only a line end parts from this one began: « veuillez nous / communiquer / votre RIB »."""
        self._request, self._self, self._mine = last._request, last._self, last._mine
        self._never, self._reported = last._never, last._reported
        self._verbs = [verb for verb in last._verbs[-2:] if not verb[0] & t.F_NOUN]
        self._nouns, self._own = last._nouns[-2:], last._own[-2:]
        self._tags |= last._tags

    def goes_on(self, sentence: Sentence) -> bool:
        """Whether `sentence` may be the rest of this one: no mark ends this, and it is no button of its own."""
        end = self._sentence.end
        text = self._reader.text
        if sentence.start - end > _BETWEEN or text[end - 1 : end] in _MARKS or _END.search(text, end, sentence.start):
            return False
        if self._sentence.tokens[-1][2] > end:
            return True  # a phrase spans the line end
        return not (self._verbs and self._request < 0 and self._is_button(self._verbs[0]))

    def _is_button(self, verb: tuple[int, int, int, int]) -> bool:
        if self._sentence.end - self._sentence.start > _BUTTON // 2 or not self._at_start(verb[1]):
            return False
        return self._found or self._sentence.end - verb[2] <= 1

    def run(self) -> "_SentenceReader":
        """Walk, then judge what only the whole sentence tells."""
        sentence = self._sentence
        for tags, start, end in sentence.tokens:
            if tags & t.A_PHRASE:
                self._phrase(tags, start, end)
                continue
            if tags & _AROUND:
                self._around(tags, start, end)
            if tags & t.V_ANY:
                self._verb(tags, start, end)
            if tags & t.O_ANY:
                self._noun(tags, start, end)
        if self._tags & (t.O_BANK | t.O_IBAN) and sentence.tags & _CHANGING:
            self._change_of_account()
        if not self._found:
            self._without_object()
        return self

    def _around(self, tags: int, start: int, end: int) -> None:
        if tags & t.REQUEST:
            self._request = end
        if tags & t.SELF:
            self._self = end
        if tags & t.MINE:
            self._mine = end
        if tags & t.NEVER:
            self._never = True
        if tags & t.BUT:
            self._never = False
        if tags & t.REPORTED:
            self._reported = True

    def _at_start(self, start: int) -> bool:
        return not self._buffer[self._sentence.start + 1 : start + 1].strip()

    def _word_before(self, start: int) -> bytes:
        return self._buffer[max(self._sentence.start, start - 14) : start + 1].rstrip().rpartition(b" ")[2]

    def _negated(self, start: int, end: int) -> bool:
        negation = _NEGATION.search(self._buffer, max(self._sentence.start, start - 13), start + 1)
        if negation and "," not in self._reader.text[negation.start() : start]:
            return not _CONDITION.search(self._buffer, max(self._sentence.start, start - 30), start + 1)
        return self._buffer.startswith(_AFTER, end + 1)

    def _how(self, tags: int, start: int, end: int) -> int:
        """Whether this verb asks something of the reader here."""
        if self._negated(start, end):
            return _NEGATED
        if not self._is_order(tags, start, end):
            return _DEAD
        if self._never:
            return _NEGATED
        return _REPORTED if self._reported else _LIVE

    def _is_order(self, tags: int, start: int, end: int) -> bool:
        if tags & (t.V_NEED | t.V_NEEDED | t.F_PASSIVE):
            if tags & t.V_NEED and self._buffer[start + 1 : end + 1].partition(b" ")[0] in _ACCOMPANY:
                return bool(self._verbs)
            return True
        asked = start - self._request <= MAX_REACH and self._self < self._request
        if tags & t.F_IMPERATIVE:
            return asked or not self._buffer.startswith(b" vous ", start - 5)  # « vous cliquez »; a comma is two blanks
        if tags & t.F_INFINITIVE and (asked or self._at_start(start) or self._follows_verb(start, 40)):
            return True
        if tags & t.F_ENGLISH and (
            asked or self._at_start(start) or self._word_before(start) in (b"and", b"or", b"to", b"then")
        ):
            return True
        if tags & t.F_FAMILIAR and (
            self._at_start(start)
            or start - self._request <= 40
            or (self._buffer.startswith(_FAMILIAR_AFTER, end + 1) and self._word_before(start) not in _SUBJECTS)
        ):
            return True
        return bool(tags & t.F_NOUN) and self._noun_asks()

    def _follows_verb(self, start: int, reach: int) -> bool:
        return bool(self._verbs) and start - self._verbs[-1][2] <= reach

    def _noun_asks(self) -> bool:
        tags = self._sentence.tags
        if tags & t.DONE:
            return False
        if tags & (t.V_NEED | t.V_NEEDED | t.F_PASSIVE) or self._request > 0:
            return True
        return self._sentence.end - self._sentence.start < 90 and not tags & t.SELF

    def _verb(self, tags: int, start: int, end: int) -> None:
        how = self._how(tags, start, end)
        if how == _DEAD:
            return
        self._verbs.append((tags, start, end, how))
        if tags & t.V_LOGIN and how == _LIVE and not tags & t.F_NOUN:
            self._found |= self._reader.emit((AskKind.CREDENTIALS,), start, end, self._reader.text[start:end])
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
        if tags & (t.O_BANK | t.O_IBAN) and (own or start - self._mine <= _OWN_GAP * 2):
            self._own.append((tags, start, end))

    def _pair(self, verb: tuple[int, int, int, int], noun: tuple[int, int, int]) -> None:
        kinds = _kinds(verb[0] & t.V_ANY, noun[0] & t.O_ANY)
        if noun[0] & t.O_IBAN and (verb[0] & t.F_NOUN or self._sentence.tags & t.SAME):
            kinds = (AskKind.PAYMENT,)  # « paiement par virement sur FR76 ... »: an account is given, none is changed
        if not kinds:
            return
        start, end = min(verb[1], noun[1]), max(verb[2], noun[2])
        words = self._words((verb[1], verb[2]), (noun[1], noun[2]))
        if verb[3] == _LIVE:
            if self._sentence.tags & t.BY_MAIL and noun[0] & t.O_DATA:
                kinds = (*kinds, AskKind.REPLY_WITH_DATA)
            self._found |= self._reader.emit(kinds, start, end, words)
        elif kinds != (AskKind.CLICK,) or not verb[0] & t.V_CONFIRM:  # « pour ne plus recevoir ..., cliquez ici »
            self._found = True
            kind = SignKind.NEGATED_ASK if verb[3] == _NEGATED else SignKind.REPORT
            self._reader.sign(kind, start, end, words)

    def _words(self, first: tuple[int, int], second: tuple[int, int]) -> str:
        text = self._reader.text
        if second[0] < first[0]:
            first, second = second, first
        middle = " " if second[0] - first[1] <= 1 else " ... "
        return (text[slice(*first)] + middle + text[slice(*second)])[:100]

    def _phrase(self, tags: int, start: int, end: int) -> None:
        kinds = _kinds_of(tags & t.A_PHRASE, _PHRASES)
        words = self._reader.text[start:end][:100]
        if tags & (t.A_SECRECY | t.A_RIB_CHANGE | t.A_ELSEWHERE):
            if tags & t.A_RIB_CHANGE and self._sentence.tags & (t.DONE | t.CASE | t.SAME):
                return None
            if self._reported:
                return self._reader.sign(SignKind.REPORT, start, end, words)
        elif self._buffer.startswith(b" vous ", start - 5) and start - self._request > MAX_REACH:
            return None  # « lorsque vous cliquez ici »
        elif self._never or self._negated(start, end):
            self._found = True
            return self._reader.sign(SignKind.NEGATED_ASK, start, end, words)
        elif self._reported:
            self._found = True
            return self._reader.sign(SignKind.REPORT, start, end, words)
        self._found |= self._reader.emit(kinds, start, end, words)
        return None

    def _change_of_account(self) -> None:
        """« mon RIB a changé », « virez désormais sur ... »: the writer's account, and something new or paid."""
        tags = self._tags
        if tags & (t.SAME | t.CASE) or self._never or self._reported or not tags & (t.NEW | t.V_PAY):
            return
        nouns = [noun for noun in self._nouns if noun[0] & (t.O_BANK | t.O_IBAN)]
        for noun in nouns[:2]:
            own = noun in self._own
            owed = bool(tags & t.O_PAID) and self._word_before(noun[1]) not in (b"vos", b"votre")
            if (own and tags & t.NEW) or (owed and tags & t.NEW) or (noun[0] & t.O_IBAN and (owed or own)):
                words = "iban" if noun[0] & t.O_IBAN else self._reader.text[noun[1] : noun[2]]
                self._found |= self._reader.emit((AskKind.RIB_CHANGE,), noun[1], noun[2], words)
                return

    def _without_object(self) -> None:
        """A verb alone: « connectez-vous », a button, « confirmez-les » after a sentence that named the thing."""
        before = self._reader.before
        for verb in self._verbs[self._inherited :]:
            tags, start, end, how = verb
            if how != _LIVE or tags & (t.V_NEED | t.V_NEEDED | t.F_NOUN | t.F_PASSIVE):
                continue
            words = self._reader.text[start:end]
            pronoun = self._buffer.startswith(_PRONOUNS, end + 1) or self._word_before(start) in (b"le", b"la", b"les")
            if before is not None and pronoun:
                kinds = _kinds(tags & t.V_ANY, before[0] & t.O_ANY)
                if self._reader.emit(kinds, start, end, self._words((before[1], before[2]), (start, end))):
                    return
            kinds = _kinds_of(tags & t.V_ANY, _ALONE)
            if not kinds and self._at_start(start) and is_button(self._buffer, self._sentence):
                kinds = _kinds_of(tags & t.V_ANY, _BUTTONS)
            if kinds:
                self._reader.emit(kinds, start, end, words)
                return


_CHANGING = t.O_BANK | t.O_IBAN | t.O_PAID | t.NEW
_OWN = (b"mon ", b"ma ", b"mes ", b"my ")
_AROUND = t.REQUEST | t.SELF | t.MINE | t.NEVER | t.BUT | t.REPORTED
_FAMILIAR_AFTER = (b" moi ", b" le ", b" la ", b" ton ", b" ta ", b" tes ", b" ici ", b" sur ce ", b" sur le lien ")


def find_asks(folded: Folded) -> tuple[Ask, ...]:
    """Every ask of the message, in order, a few of each kind per region. `signs.read_intent` gives the signs too."""
    if not folded.text or not folded.spans:
        return ()
    buffer, found = sentences(folded)
    reader = AskReader(folded.text, buffer)
    starts = [span.start for span in folded.spans]
    for sentence in found:
        reader.read(sentence, folded.spans[bisect_right(starts, sentence.tokens[0][1]) - 1].region)
    return tuple(reader.asks)
