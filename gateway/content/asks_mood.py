"""In which mood a sentence says its verbs: ordered of the reader, forbidden, reported of others, or merely told."""

import re

from gateway.content import grammar_tags as t
from gateway.content.asks_sink import AskSink
from gateway.content.grammar import Sentence

MAX_REACH = 90  # characters that « merci de » reaches
MAX_RULED = 160  # characters that « nous ne demandons jamais de » and « on me demande de » reach
_AT_ONCE = 25
_ENGLISH_REACH = 30  # of « please », « to »
FAR = -1000
NEGATION = re.compile(rb" (?:ne|n|ni|don t|not|never|jamais) ")
_NEVER_DO = re.compile(rb" ne (?:pas|jamais|plus|rien|surtout pas) (?:[a-z]{2,5} )?$")
# « pour ne pas perdre vos accès, identifiez-vous »: what the reader is to be spared rules no order behind it
_SPARED = (b" perdre ", b" etre ", b" voir ", b" subir ", b" rater ", b" manquer ", b" interrompre ", b" risquer ")
_CONDITION = re.compile(rb" (?:si|s|if|unless|faute|tant que) ")
_AFTER = (b" pas ", b" jamais ", b" aucun", b" surtout pas ", b" rien ", b" en aucun cas ")
_HOW = re.compile(
    rb" (?:comment|que faut il|est ce que je|puis je|peut on|ou puis je|quelle est la demarche|quelles demarches) "
)
_PLEASE = re.compile(rb" (?:(?:pouvez|pourriez|voulez|peux|pourrais) (?:vous|tu)|(?:could|can|would|will) you) ")
_SUBJECTS = frozenset(b"je j il elle on qui me m se s te t lui nous que cela ca a est".split())
OTHERS = frozenset(b"je j il elle on qui".split())  # « que je clique sur », « un site qui copie ... et demande »
_ACCOMPANY = frozenset(b"avec au a muni munie munis using with".split())  # need a live verb before them
_FAMILIAR_AFTER = (b" moi ", b" le ", b" la ", b" ton ", b" ta ", b" tes ", b" ici ", b" sur ce ", b" sur le lien ")
# after « commande », the noun: « Commande CC-70114 expédiée », « commande passée le 17 »
_AN_ORDER = re.compile(
    rb" {1,3}(?:n|no|numero|ref|reference|de|du|[a-z]{1,4} {0,2}0{3,9}|0{4,9}"
    rb"|(?:expedi|pass|livr|valid|confirm|enregistr|pay|regl|annul|prepar)ee?s?|recue|en) "
)
_GIVEN_TO_ME = (b" tu me le ", b" tu me la ", b" tu me les ", b" tu me l ", b" vous me le ", b" vous me les ")
LIVE, NEGATED, REPORTED, DEAD = 1, -1, -2, 0


class SentenceMood:
    """What has been read of one sentence as far as it rules its verbs."""

    __slots__ = (
        "_buffer",
        "_mine",
        "_never",
        "_reader",
        "_reported",
        "_request",
        "_self",
        "_sentence",
        "_text",
        "_verbs",
    )

    def __init__(self, reader: AskSink, sentence: Sentence) -> None:
        self._reader = reader
        self._sentence = sentence
        self._text = reader.text
        self._buffer = reader.buffer
        self._request = self._self = self._mine = self._never = self._reported = FAR  # where the last of each ended
        self._verbs: list[tuple[int, int, int, int]] = []  # live or negated: tags, start, end, how

    def _wonders(self) -> bool:
        """« faut-il désactiver l'antivirus ? », but not « pouvez-vous le désactiver ? »."""
        start, end = self._sentence.start, self._sentence.end
        return "?" in self._text[end - 1 : end + 1] and _PLEASE.search(self._buffer, start, end + 1) is None

    def _around(self, tags: int, start: int, end: int) -> None:
        if tags & t.REQUEST:
            self._request = end
        if tags & t.SELF:
            self._self = end
        if tags & t.MINE:
            self._mine = end
        if tags & t.NEVER and not self._buffer.startswith(_SPARED, end + 1):
            self._never = end
        if tags & t.BUT:
            self._never = FAR
        if tags & t.REPORTED:
            self._reported = end

    def _at_start(self, start: int) -> bool:
        return not self._buffer[self._sentence.start + 1 : start + 1].strip()

    def _word_before(self, start: int) -> bytes:
        return self._buffer[max(self._sentence.start, start - 14) : start + 1].rstrip().rpartition(b" ")[2]

    def _negated(self, start: int, end: int) -> bool:
        negation = NEGATION.search(self._buffer, max(self._sentence.start, start - 13), start + 1)
        if negation and "," not in self._text[negation.start() : start]:
            return not _CONDITION.search(self._buffer, max(self._sentence.start, start - 30), start + 1)
        return self._buffer.startswith(_AFTER, end + 1)

    def _tells_not_to(self, start: int) -> bool:
        return _NEVER_DO.search(self._buffer, max(0, start - 20), start + 1) is not None

    def _how(self, tags: int, start: int, end: int) -> int:
        """Whether this verb asks something of the reader here."""
        if self._negated(start, end):
            told = not tags & t.F_INFINITIVE or self._tells_not_to(start)
            return NEGATED if told or self._is_order(tags, start, end) else DEAD  # « il n'a pas pu accéder à »
        if not self._is_order(tags, start, end):
            return DEAD
        if self._reaches(self._never, tags, start):
            return NEGATED
        return REPORTED if self._reaches(self._reported, tags, start) else LIVE

    def _reaches(self, word: int, tags: int, start: int) -> bool:
        """Whether « nous ne demandons jamais de » or « on me demande de », ended at `word`, rules the verb here.

        An order is ruled only where it follows at once: « nous ne demandons jamais votre code, confirmez votre RIB ».
        """
        if not tags & t.F_IMPERATIVE:
            return start - word <= MAX_RULED
        return start - word <= _AT_ONCE and "," not in self._text[max(0, word) : start]

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
            (asked and start - self._request <= _ENGLISH_REACH)
            or self._at_start(start)
            or self._word_before(start) in (b"and", b"or", b"to", b"then")
        ):
            return True
        if tags & t.V_BUY and tags & t.F_FAMILIAR and _AN_ORDER.match(self._buffer, end + 1):
            return False
        if tags & t.F_FAMILIAR and (
            self._at_start(start)
            or self._buffer.endswith(_GIVEN_TO_ME, 0, start + 1)
            or start - self._request <= 40
            or (self._buffer.startswith(_FAMILIAR_AFTER, end + 1) and self._word_before(start) not in _SUBJECTS)
        ):
            return True
        return bool(tags & t.F_NOUN) and self._word_before(start) not in OTHERS and self._noun_asks()

    def _noun_asks(self) -> bool:
        tags = self._sentence.tags
        if tags & t.DONE:
            return False
        if tags & (t.V_NEED | t.V_NEEDED | t.F_PASSIVE) or self._request > 0:
            return True
        return self._sentence.end - self._sentence.start < 90 and not tags & t.SELF

    def _forbidden_without(self, start: int) -> bool:
        """Whether « ne ... » rules « sans ... » at `start`: nothing may be done without it."""
        negation = NEGATION.search(self._buffer, max(self._sentence.start, start - MAX_REACH), start + 1)
        return negation is not None and "," not in self._text[negation.start() : start]

    def _asks_how(self) -> bool:
        """« Comment faire pour changer mon RIB ? »: whoever asks how changes nothing yet, but for his wages."""
        start, end = self._sentence.start, self._sentence.end
        if "?" not in self._text[end - 1 : end + 1]:
            return False
        said = self._buffer[start : end + 1]
        return _HOW.search(said) is not None and b" paie " not in said and b" salaire " not in said

    def _advises(self, tags: int, start: int) -> bool:
        """« si vous l'utilisez ailleurs, changez-le »: no order, but what anybody may do elsewhere."""
        return bool(tags & t.V_CHANGE) and _CONDITION.search(self._buffer, self._sentence.start, start + 1) is not None

    def _follows_verb(self, start: int, reach: int) -> bool:
        return bool(self._verbs) and start - self._verbs[-1][2] <= reach
