"""What a message wants of its reader: verbs and objects of one sentence, put together.

An ask is a live verb (an order, a polite request, a button, « il vous suffit de ... ») with its object a few words on.
Verbs under a negation make `NEGATED_ASK` signs, verbs that report what others ask (« on me demande de ... ») `REPORT`.
"""

import re
from bisect import bisect_right

from gateway.content import grammar_tags as t
from gateway.content.asks_kinds import kinds_of_pair
from gateway.content.asks_sentence import AROUND, MAX_BUTTON, SentenceReader, is_button
from gateway.content.asks_sink import AskSink
from gateway.content.grammar import Sentence, sentences
from gateway.content.relations import hushed
from gateway.model.content_facts import Ask, AskKind, SignKind
from gateway.model.folded import Folded, Region

# what « confirmez-le », « exécutez-le » may mean
_SPOKEN_OF = t.O_DATA | t.O_ACCOUNT | t.O_MONEY | t.O_APPROVAL | t.O_GUARD
# a verb without one of these, in a sentence too long for a button, asks nothing
MAX_LIST, MAX_ITEM = 800, 200  # characters of a list, and of one item
_OPENS_LIST = re.compile(
    r"\b(?:suivante?s?|ci-dessous|ci-apres|elements|donnees|informations|pieces|following|below)\b"
)
_PRONOUNS = (b" le ", b" la ", b" les ", b" l ")
NAMED_BEFORE = 120  # characters before « ne le communiquez à personne » in which the code stands
_BLANK_FIELD = re.compile(r"[a-z ]{0,24}[*:]?\s{0,4}_{3}")
_WORTH = t.O_ANY | t.V_LOGIN | t.V_PAY


class AskReader(AskSink):
    """Collects the asks of one text, region by region."""

    __slots__ = ("_last", "_list_end")

    def __init__(self, text: str, buffer: bytes) -> None:
        super().__init__(text, buffer)
        self._list_end = -1  # where the list ends that « veuillez confirmer les éléments suivants : » opened
        self._last: SentenceReader | None = None  # the line before, where a mere line end parts it from this one

    def enter(self, region: Region) -> None:
        """What follows stands in this region; nothing goes on from another one."""
        if region is not self.region:
            self.region, self.before, self._last, self._list_end = region, None, None, -1

    def read(self, sentence: Sentence, region: Region) -> None:
        """Find the asks of one sentence."""
        tags = sentence.tags
        self.enter(region)
        if self._last is not None and not self._last.goes_on(sentence):
            self._last = None
        if (
            self._last is not None
            or tags & t.A_PHRASE
            or (tags & t.V_ANY and (tags & _WORTH or self.before or is_button(self.buffer, sentence)))
            or (tags & t.NEW and tags & (t.O_BANK | t.O_IBAN))
            or (tags & t.O_GUARD and tags & t.HARMLESS)
            or (tags & t.O_WORK and tags & (t.LETS_IN | t.V_NEED))
        ):
            self._last = SentenceReader(self, sentence, self._last).run()
        elif tags & AROUND and self.text.startswith("\n", sentence.end):  # what the next line may go on with
            self._last = SentenceReader(self, sentence, None).run()
        self._listed(sentence)
        self._field(sentence)
        if tags & t.R_TELL and tags & t.R_NOBODY:
            self._hushed(sentence)
        if tags & _SPOKEN_OF:
            self.before = next(x for x in reversed(sentence.tokens) if x[0] & _SPOKEN_OF)
        elif tags & t.O_ANY == 0 and sentence.end - sentence.start > MAX_BUTTON:
            self.before = None

    def _hushed(self, sentence: Sentence) -> None:
        """Secrecy wanted of the reader; told of others (« on m'a demandé de n'en parler à personne ») it is a report,
        unless those others are who gives orders here."""
        reported = sentence.tags & (t.REPORTED | t.S_REPORT) and not sentence.tags & t.R_MANDATOR
        for start, end in hushed(sentence, self.buffer):
            if self._of_a_secret(start):
                continue
            words = self.text[start:end][:100]
            if reported:
                self.sign(SignKind.REPORT, start, end, words)
            else:
                self.emit((AskKind.SECRECY,), start, end, words)
                self.sign(SignKind.ISOLATION, start, end, words)

    def _of_a_secret(self, start: int) -> bool:
        """« Votre code est 448 120. Ne le communiquez à personne »: what the pronoun stands for."""
        pronoun = self.buffer.endswith(_PRONOUNS, max(0, start - 5), start + 1)
        if not pronoun:
            return False
        named = self.before is not None and bool(self.before[0] & t.O_DATA)
        return named or b" code " in self.buffer[max(0, start - NAMED_BEFORE) : start]

    def _listed(self, sentence: Sentence) -> None:
        """Items of a list: one ask for each thing of worth, where the line above the list orders to give them."""
        start, end = sentence.start, sentence.end
        if start < self._list_end and sentence.tags & t.O_DATA and end - start <= MAX_ITEM:
            for tags, first, last in sentence.tokens:
                if tags & t.O_DATA:
                    self.emit(kinds_of_pair(t.V_GIVE, tags & t.O_ANY), first, last, self.text[first:last])
        if self._last is None:
            return
        last_line = self.text[max(start, end - MAX_ITEM) : end].rstrip()
        if last_line.endswith(":") and _OPENS_LIST.search(last_line) and self._last.orders():
            self._list_end = end + MAX_LIST

    def _field(self, sentence: Sentence) -> None:
        """« Mot de passe * ______ »: a line of a form to fill in."""
        if sentence.tags & t.O_DATA and _BLANK_FIELD.match(self.text, sentence.tokens[-1][2]):
            tags, start, end = sentence.tokens[-1]
            self.emit(kinds_of_pair(t.V_GIVE, tags & t.O_ANY), start, end, self.text[start:end])


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
