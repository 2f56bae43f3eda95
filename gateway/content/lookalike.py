"""Hosts that borrow a listed name: a letter changed, another top level, the brand as one word of a foreign host.

Short or ordinary names need more than the bare word: `caf` and `orange` count beside a service word (`caf-paiement`),
never by edit distance; `amelie` and `laporte` stay what they are. A host that somebody listed may use is never one.
"""

from collections import defaultdict
from dataclasses import dataclass
from functools import lru_cache

import ahocorasick_rs
import idna
from rapidfuzz import process
from rapidfuzz.distance import OSA

from gateway.content.directory_index import Brand, DirectoryIndex, in_domains, suffix_in
from gateway.content.plain_fold import fold_short, fold_words
from gateway.content.registrable import registrable_domain
from gateway.content.words import PLACE_WORDS, SERVICE_WORDS, STOP_WORDS, word_set
from gateway.model.directory import ORGANISATION
from gateway.model.domain import DomainName, parse_domain


@dataclass(frozen=True, slots=True)
class Resemblance:
    """Whose name a host borrows, and how."""

    of: tuple[str, ...] = ()
    lookalike: bool = False  # the registered name resembles, or is the same under another top level
    brand_in_host: bool = False  # the name is one word of a foreign host
    words: str = ""  # the folded word that made it


NOTHING = Resemblance()

# Country codes that are sold to everybody: an international brand's name there proves nothing.
_OPEN_COUNTRY_CODES = word_set(
    """
    ai cc cf co ga gq io la me ml pw sh sx tk to tv vc vip ws
    """
)
# Ordinary words that are also brands: in a host they name nobody.
_ORDINARY = word_set(
    """
    alan april apple axa box chase direct drive free live meet office orange sage slack stripe target teams
    total visa wise zoom pacifica generale henner mercer matmut mutex harmonie swiss life
    """
)
# Brands that are words of every other host: never told by a host.
_NEVER = word_set(
    """
    free visa box prime office target life retraite meta exchange teams ms x live notion standard scanner messagerie
    informatique webmail postmaster administrateur copieur helpdesk espacesante espaceassure just direct meet team
    """
)
# Honest neighbours of brands, by edit distance.
_NEIGHBOURS = word_set(
    """
    amelie amelia ameline famelis emeli general generale generals laporte pacific amazone amazonie
    mercier mutuel mutuelles mutuelle vitali vitalis santeclaire generaliste generalistes
    generalisation generalise humanist macis maffia groupe harmonia adobes santeclub
    """
)
# Nobody but an administration gets a name there.
_RESTRICTED = (DomainName("gouv.fr"), DomainName("europa.eu"))
# Long brands that are the start of ordinary words: interpolation, généraliste.
_NOT_GLUED = frozenset(("interpol", "generali", "confluence"))
_VISUAL = (("rn", "m"), ("vv", "w"), ("cl", "d"))
_DIGITS = str.maketrans("0134578@|", "oleastbal")
_SAME = str.maketrans({"i": "l", "j": "l", "1": "l", "q": "g", "v": "u", "0": "o"})
_VOWELS = frozenset("aeiouy")
_SOUNDS = ({"s", "z"}, {"c", "k"}, {"q", "k"}, {"c", "q"}, {"g", "q"}, {"b", "d"}, {"v", "w"}, {"m", "n"}, {"p", "q"})


class Lookalikes:
    """Judges hosts against a directory. Answers are kept for the hosts seen last."""

    def __init__(self, index: DirectoryIndex) -> None:
        self._index = index
        self._by_word: dict[str, list[Brand]] = defaultdict(list)
        self._by_skeleton: dict[str, list[Brand]] = defaultdict(list)
        for brand in index.brands:
            self._by_word[brand.word].append(brand)
            if not brand.weak and len(brand.word) >= 4 and brand.word not in _ORDINARY:
                self._by_skeleton[skeleton(brand.word)].append(brand)
        self._fuzzy_words = [
            w
            for w, brands in self._by_word.items()
            if len(w) >= 5 and w not in _ORDINARY and not all(b.weak for b in brands)
        ]
        # label length -> the names within reach of it
        self._of_length = {
            length: [w for w in self._fuzzy_words if abs(len(w) - length) <= (2 if len(w) >= 12 else 1)]
            for length in range(4, 40)
        }
        inner = [w for w in self._by_word if len(w) >= 4 and w not in _ORDINARY]
        self._inner_words = inner
        self._inner = ahocorasick_rs.AhoCorasick(inner) if inner else None
        directory = index.directory
        self._neutral = directory.free_mail | directory.redirectors | directory.hosted_forms | directory.shorteners
        self.judge = lru_cache(maxsize=16384)(self._judge)

    def _judge(self, host: str) -> Resemblance:
        """Whose name this host (lower-case A-labels) borrows."""
        domain = registrable_domain(host)
        if domain is None:
            return NOTHING
        directory = self._index.directory
        platform = suffix_in(host, directory.shared_hosting)
        if platform:
            labels = [_readable(x) for x in host[: -len(platform) - 1].split(".")] if host != platform else []
            return self._judge_words(labels)
        if self._index.is_honest(host) or in_domains(host, self._neutral) or in_domains(host, _RESTRICTED):
            return NOTHING
        label, _, suffix = domain.partition(".")
        label = _readable(label)
        found = self._judge_label(label, suffix)
        if found is not NOTHING:
            return found
        front = [_readable(x) for x in host[: -len(domain) - 1].split(".")] if host != domain else []
        # an ordinary or international name as the whole label has been judged
        return self._judge_words(front, "" if "".join(fold_words(label)) in self._by_word else label)

    def _judge_label(self, label: str, suffix: str) -> Resemblance:
        """The registered label as a whole: the same name elsewhere, or one that looks like it."""
        squashed = "".join(fold_words(label))
        if len(squashed) < 3 or squashed in _NEIGHBOURS:
            return NOTHING
        hits = [b for b in self._by_word.get(squashed, ()) if self._counts_elsewhere(b, suffix, label)]
        if hits:
            return Resemblance(_ids(hits), lookalike=True, words=squashed)
        if squashed in self._by_word:
            return NOTHING
        hits = self._by_skeleton.get(skeleton(squashed), [])
        if hits:
            return Resemblance(_ids(hits), lookalike=True, words=squashed)
        near = self._of_length.get(len(squashed))
        if near is None:
            return NOTHING
        for word, _, _ in process.extract(squashed, near, scorer=OSA.distance, score_cutoff=2, limit=5, processor=None):
            brands = [b for b in self._by_word[word] if not b.weak and _is_near(squashed, b)]
            if brands:
                return Resemblance(_ids(brands), lookalike=True, words=squashed)
        return NOTHING

    def _counts_elsewhere(self, brand: Brand, suffix: str, label: str) -> bool:
        """Whether a label that is exactly a brand's, under a top level that isn't its own, borrows it."""
        if brand.weak or brand.word in _ORDINARY:
            return False
        if brand.identity == ORGANISATION and not brand.label:
            return False
        return not (brand.international and len(suffix.rpartition(".")[2]) == 2 and suffix not in _OPEN_COUNTRY_CODES)

    def _judge_words(self, front: list[str], label: str = "") -> Resemblance:
        """The words of all labels: a brand among them, alone or glued to a service word. `label` is the registered one,
        "" where it is a platform's or has been judged."""
        ahead = [w for each in front for w in fold_words(each)][:20]
        words = [*ahead, *(fold_words(label) if label else ())][:24]
        if not words:
            return NOTHING
        for size in (4, 3, 2, 1):
            for i in range(len(words) - size + 1):
                joined = "".join(words[i : i + size])
                brands = self._by_word.get(joined)
                if brands:
                    rest = words[:i] + words[i + size :]
                    # gitlab.garage.example is a garage's own GitLab: software has no owner's domain in its host
                    software = i + size <= len(ahead) and label != ""
                    hits = [b for b in brands if _stands_out(b, rest, software)]
                    if hits:
                        return Resemblance(_ids(hits), brand_in_host=True, words=joined)
        return self._judge_glued(words)

    def _judge_glued(self, words: list[str]) -> Resemblance:
        for word in words:
            if len(word) < 6 or self._inner is None or word in _NEIGHBOURS:
                continue
            for number, start, end in self._inner.find_matches_as_indexes(word, overlapping=True):
                name = self._inner_words[number]
                if name == word or name in _NOT_GLUED:
                    continue
                before, after = word[:start], word[end:]
                hits = [
                    b
                    for b in self._by_word[name]
                    if not b.weak
                    and (len(name) >= 8 or (_is_affix(before) and _is_affix(after)))
                    and not (b.identity == ORGANISATION and not b.label and len(name) < 6)
                ]
                if hits:
                    return Resemblance(_ids(hits), brand_in_host=True, words=name)
            if len(word) >= 5 and word not in SERVICE_WORDS and len(words) > 1:
                brands = [b for b in self._by_skeleton.get(skeleton(word), ()) if b.word != word]
                if brands:
                    return Resemblance(_ids(brands), lookalike=True, words=word)
        return NOTHING

    @property
    def path_words(self) -> tuple[str, ...]:
        """The words of which `path_brands` needs one."""
        return tuple(word for word in self._by_word if len(word) >= 4)

    def path_brands(self, rest: str) -> tuple[str, ...]:
        """Identities whose name is one whole word of a URL's path (not of its query)."""
        path = rest.partition("?")[0].partition("#")[0]
        if len(path) < 4:
            return ()
        named = [word for word in fold_words(path) if word in self._by_word]
        if not named:
            return ()
        found = [b for w in named if len(w) >= 4 for b in self._by_word.get(w, ()) if not b.weak]
        return _ids([b for b in found if b.word not in _ORDINARY])


def skeleton(word: str) -> str:
    """What is left of a word when letters that look alike are the same (rn and m, 0 and o, i, l and 1)."""
    word = word.translate(_DIGITS)
    for pair, single in _VISUAL:
        word = word.replace(pair, single)
    return word.translate(_SAME)


@lru_cache(maxsize=8192)
def _readable(label: str) -> str:
    """A label as the eye reads it: A-labels decoded and folded, hyphens kept."""
    if label.startswith("xn--"):
        try:
            label = idna.decode(label)
        except (idna.IDNAError, UnicodeError, ValueError, IndexError):
            try:
                label = label[4:].encode("ascii").decode("punycode")
            except (UnicodeError, ValueError, OverflowError):
                return label
        return fold_short(label).replace(" ", "-")
    return label


def _is_near(word: str, brand: Brand) -> bool:
    """Whether a word is a brand mistyped, by rules that are stricter the shorter the brand."""
    name = brand.word
    rare = sum(len(w) for w in brand.parts if w not in SERVICE_WORDS) or len(name)
    if word in SERVICE_WORDS or word == name:
        return False
    if len(name) >= 6 and _undoubled(word) == _undoubled(name):
        return True
    distance = int(OSA.distance(word, name, score_cutoff=2))
    if distance == 2:
        return rare >= 9 and len(name) >= 12
    if word[0] != name[0]:
        return rare >= 9
    return rare >= 8 or _is_small_slip(word, name)


def _undoubled(word: str) -> str:
    """A word with its double letters single: `collisimo` and `colissimo` are one."""
    return "".join(c for i, c in enumerate(word) if i == 0 or c != word[i - 1])


def _is_small_slip(word: str, name: str) -> bool:
    """One edit that the eye skips: a doubled or missing double letter, two letters swapped, a vowel for a vowel."""
    if len(word) == len(name):
        different = [i for i in range(len(word)) if word[i] != name[i]]
        if len(different) == 2:
            return True  # swapped, as the distance is 1
        one, other = word[different[0]], name[different[0]]
        return len(name) >= 6 and ((one in _VOWELS and other in _VOWELS) or {one, other} in _SOUNDS)
    longer, shorter = (word, name) if len(word) > len(name) else (name, word)
    at = next((i for i in range(len(shorter)) if longer[i] != shorter[i]), len(shorter))
    doubled = (at > 0 and longer[at] == longer[at - 1]) or (at + 1 < len(longer) and longer[at] == longer[at + 1])
    return doubled or (len(name) >= 7 and 0 < at < len(longer) - 1)


def _stands_out(brand: Brand, rest: list[str], software: bool) -> bool:
    """Whether a brand among the words of a host speaks of that brand."""
    if brand.word in _NEVER or PLACE_WORDS & set(rest):
        return False
    beside_service = any(w in SERVICE_WORDS or w in ("fr", "com", "gouv") or w.isdigit() for w in rest)
    if brand.word in _ORDINARY or brand.weak:
        return len(brand.word) >= 3 and beside_service and brand.word not in SERVICE_WORDS
    if brand.identity == ORGANISATION and not brand.label:
        return bool(rest) and all(w in SERVICE_WORDS or w in STOP_WORDS or w.isdigit() for w in rest)
    if brand.everyday or (brand.international and (software or len(brand.word) < 7)):
        return beside_service
    return True


def _is_affix(text: str) -> bool:
    return not text or text in SERVICE_WORDS or text in ("fr", "fra", "mon", "ma", "my", "id", "eu") or text.isdigit()


def _ids(brands: list[Brand]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(b.identity for b in brands))


def host_of(text: str) -> DomainName | None:
    """A host from text that a person typed, or None."""
    return parse_domain(text.strip(" ."))
