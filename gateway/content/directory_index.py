"""The directory, compiled: which identities a host may speak for, and which names a host may only borrow.

Built once per load of the settings; everything here is read-only afterwards, but for caches of bounded size.
"""

from dataclasses import dataclass
from functools import lru_cache

from gateway.content.plain_fold import fold_words
from gateway.content.registrable import own_label, registered_label, registrable_domain
from gateway.content.words import SERVICE_WORDS, STOP_WORDS, is_rare
from gateway.model.directory import ORGANISATION, Directory, Identity, IdentityKind
from gateway.model.domain import DomainName

INTERNAL_SERVICE = "internal_service"  # the operator's own IT, HR, management: whoever claims it claims to be inside

# Firms with a site in every country: their name under a country's own top level is likely theirs.
_INTERNATIONAL = frozenset((IdentityKind.SAAS, IdentityKind.CARRIER, IdentityKind.BANK))


@dataclass(frozen=True, slots=True)
class Brand:
    """A name that a foreign host may borrow. `word` is letters and digits only."""

    identity: str
    word: str
    parts: tuple[str, ...]  # its words, where it has several
    weak: bool  # too common or too short: counts only beside a service word
    international: bool
    everyday: bool  # a shop, a telecom, a supplier: others deal in its name and goods
    label: bool  # it is also the registered label of one of the identity's domains


class DirectoryIndex:
    """Look-ups over a `Directory`."""

    def __init__(self, directory: Directory) -> None:
        self.directory = directory
        self.identities: dict[str, Identity] = {i.id: i for i in directory.identities}
        self._speakers = self._collect_speakers()
        self._honest = frozenset(d for d in (registrable_domain(name) for name in self._speakers) if d is not None)
        self.brands = _collect_brands(directory)
        self.speaks_for = lru_cache(maxsize=16384)(self._speaks_for)

    def _collect_speakers(self) -> dict[str, tuple[str, ...]]:
        speakers: dict[str, list[str]] = {}
        for identity in self.directory.identities:
            for domain in identity.domains:
                speakers.setdefault(domain, []).append(identity.id)
        for domain in (*self.directory.own_domains, *self.directory.own_services):
            found = speakers.setdefault(domain, [])
            found.extend(x for x in (ORGANISATION, INTERNAL_SERVICE) if x not in found)
        return {domain: tuple(ids) for domain, ids in speakers.items()}

    def _speaks_for(self, host: str) -> tuple[str, ...]:
        """The identities whose honest domains hold this host, the nearest domain's first."""
        found: list[str] = []
        name = host
        while name:
            found.extend(x for x in self._speakers.get(name, ()) if x not in found)
            name = name.partition(".")[2]
        return tuple(found)

    def is_honest(self, host: str) -> bool:
        """Whether a host lies in somebody's honest domains, or beside one under the same registrable domain."""
        return bool(self.speaks_for(host)) or registrable_domain(host) in self._honest

    def is_own(self, domain: DomainName | str) -> bool:
        """Whether a domain is one of the operator's own, or below one."""
        return in_domains(domain, self.directory.own_domains)

    def is_free_mail(self, domain: DomainName | str) -> bool:
        """Whether anybody may have a mailbox there."""
        return domain in self.directory.free_mail or registrable_domain(domain) in self.directory.free_mail

    def kind(self, identity: str) -> IdentityKind | None:
        """What an identity is."""
        found = self.identities.get(identity)
        return found.kind if found else None


def suffix_in(host: str, domains: frozenset[DomainName] | tuple[DomainName, ...]) -> str:
    """The one of `domains` that `host` is, or is below; "" when there is none. Walks up the host, so a large set costs
    no more than a small one."""
    name = host
    while name:
        if name in domains:
            return name
        name = name.partition(".")[2]
    return ""


def in_domains(host: str, domains: frozenset[DomainName] | tuple[DomainName, ...]) -> bool:
    """Whether `host` is one of `domains` or below one."""
    return suffix_in(host, domains) != ""


def _collect_brands(directory: Directory) -> tuple[Brand, ...]:
    found: dict[tuple[str, str], Brand] = {}
    kinds = {identity.id: identity.kind for identity in directory.identities}

    def add(identity: str, words: tuple[str, ...], weak: bool, international: bool, label: bool) -> None:
        squashed = "".join(words)
        if len(squashed) < 3 or squashed.isdigit():
            return
        if all(w in SERVICE_WORDS or w in STOP_WORDS for w in words) and len(squashed) < 11:
            return
        old = found.get((identity, squashed))
        found[identity, squashed] = Brand(
            identity=identity,
            word=squashed,
            parts=words if old is None or len(words) > len(old.parts) else old.parts,
            weak=(weak and (old is None or old.weak)) or len(squashed) < 4,
            international=international,
            everyday=kinds.get(identity) is IdentityKind.OTHER,
            label=label or (old is not None and old.label),
        )

    for identity in directory.identities:
        if identity.id == INTERNAL_SERVICE:
            continue
        international = identity.kind in _INTERNATIONAL
        weak_names = {fold_words(alias) for alias in identity.weak_aliases}
        weak_words = {"".join(words) for words in weak_names}
        strong_words = {"".join(fold_words(alias)) for alias in (identity.name, *identity.aliases)} - weak_words
        for domain in identity.domains:
            words = fold_words(registered_label(domain))
            # a one-word label that is no name of its owner's (conso, justice, info) is an ordinary word
            nameless = len(words) == 1 and words[0] not in strong_words
            if nameless and len(words[0]) < 8 and words[0] not in weak_words:
                continue
            weak = _is_common(words) or nameless
            add(identity.id, words, weak, international, label=True)
        for alias in identity.weak_aliases:
            add(identity.id, fold_words(alias), True, international, label=False)
        for alias in (identity.name, *identity.aliases):
            if fold_words(alias) in weak_names:
                continue
            words = tuple(w for w in fold_words(alias) if w not in STOP_WORDS) or fold_words(alias)
            if not any(w in ("fr", "com", "net", "org", "eu") for w in words[1:]):
                add(identity.id, words, _is_common(words), international, label=False)
    for domain in directory.own_services:
        add(ORGANISATION, fold_words(own_label(domain)), False, False, label=True)
    for domain in directory.own_domains:
        words = fold_words(own_label(domain))
        add(ORGANISATION, words, False, False, label=True)
        # the part of the own name that nobody else has: `belenos` of `mutuelle-belenos`
        rare = tuple(w for w in words if is_rare(w))
        if rare and rare != words:
            add(ORGANISATION, rare, False, False, label=False)
    named = {brand.word for brand in found.values() if not brand.weak}
    return tuple(brand for brand in found.values() if not (brand.weak and brand.word in named))


def _is_common(words: tuple[str, ...]) -> bool:
    """Whether a brand's only word is one that others use too."""
    return len(words) == 1 and (words[0] in SERVICE_WORDS or len(words[0]) < 4)
