"""Who a message pretends to be, and where it says so.

Naming somebody is not being him. A member writes « ma carte Vitale » and « j'ai appelé la CPAM », a mutuelle's letter
explains what the Assurance Maladie refunds, a supplier names its bank: none of them claims to be it. What counts as a
claim is where a name stands as the *speaker's*: the display name, the address, the head of a subject, a letterhead,
the signature, « votre caisse d'assurance maladie », a copyright line, a logo, a host that borrows the name.
A sender who openly is somebody else (his name is his domain's) claims only by signing as another. Quoted text, text
that the eye can't see and attachments claim nothing.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import Enum
from typing import Protocol

from gateway.content.aliases import AliasFinder, Match
from gateway.content.claim_lines import (
    COPYRIGHT,
    LEADING,
    MINE,
    OURS_AFTER,
    OURS_BEFORE,
    OWED_BEFORE,
    PRODUCT_AFTER_YOUR,
    SPEAKER,
    SPOKEN_OF_BODY,
    SPOKEN_OF_SUBJECT,
    THIRD_PARTY_BEFORE,
    VERBS,
    WARNING,
    is_letterhead,
    tail_start,
    third_person,
)
from gateway.content.directory_index import INTERNAL_SERVICE, DirectoryIndex, in_domains
from gateway.content.lookalike import Lookalikes
from gateway.content.plain_fold import fold_words
from gateway.content.registrable import registered_label
from gateway.content.words import PLACE_WORDS, SERVICE_WORDS, STOP_WORDS, is_filler
from gateway.model.address import Mailbox
from gateway.model.content_facts import Claim, ClaimPlace, Link, LinkSource
from gateway.model.directory import ORGANISATION, IdentityKind
from gateway.model.folded import Folded, Region

_ICONS = frozenset(("facebook", "x_twitter", "linkedin", "whatsapp", "youtube", "spotify"))


class _Add(Protocol):
    def __call__(self, identity: str, place: ClaimPlace, words: str, start: int = -1, end: int = -1, /) -> None: ...


class _Speaker(Enum):
    """How an author presents himself."""

    OPEN = 1  # by a name that is his domain's or his mailbox's, or from a listed domain
    PLATFORM = 2  # from a listed service that carries strangers' words: forms, sharing, signing
    PRIVATE = 3  # by some name, from a free mailbox
    NAMED = 4  # by some name
    NAMELESS = 5  # "Service client", "Notification", or nothing


_OPEN = (_Speaker.OPEN, _Speaker.PLATFORM)


@dataclass(frozen=True, slots=True, kw_only=True)
class ClaimSources:
    """Where claims are read from. Headings and picture texts are as written, not folded."""

    display_name: str
    author: Mailbox | None
    shown: tuple[Mailbox, ...] = ()  # every address that some reader might show as the author's
    reply_to: tuple[Mailbox, ...] = ()
    reply_to_name: str = ""
    folded: Folded
    headings: Sequence[str] = ()
    image_alts: Sequence[str] = ()
    links: Sequence[Link] = ()


def _between(matches: Sequence[Match], length: int) -> Iterable[tuple[int, int]]:
    """The stretches of a text that no name covers."""
    starts = [0, *(match.end for match in matches)]
    return zip(starts, [*(match.start for match in matches), length], strict=True)


class ClaimReader:
    """Finds claims against a directory; the names are compiled once."""

    def __init__(self, index: DirectoryIndex, lookalikes: Lookalikes) -> None:
        self._index = index
        self._lookalikes = lookalikes
        self._aliases = AliasFinder(index)

    def read(self, sources: ClaimSources) -> tuple[Claim, ...]:
        """Every claim, each identity once a place."""
        found: dict[tuple[str, ClaimPlace], Claim] = {}

        def add(identity: str, place: ClaimPlace, words: str, start: int = -1, end: int = -1) -> None:
            found.setdefault(
                (identity, place), Claim(identity=identity, place=place, words=words, start=start, end=end)
            )

        self._from_names(sources, add)
        self._from_hosts(sources, add)
        speaker = self._speaker(sources)
        matches = self._aliases.find(sources.folded.text)
        if matches:
            self._from_subject(sources, matches, speaker, add)
            self._from_body(sources, matches, speaker, add)
        for text in sources.headings[:20]:
            self._from_line(text, ClaimPlace.HEADING, speaker, add)
        self._from_pictures(sources.image_alts, speaker, add)
        return tuple(found.values())

    def _from_names(self, sources: ClaimSources, add: _Add) -> None:
        for place, text in (
            (ClaimPlace.DISPLAY_NAME, sources.display_name),
            (ClaimPlace.REPLY_TO, sources.reply_to_name),
        ):
            words = fold_words(text)
            for identity, name in self._in_name(words):
                add(identity, place, name)
        author = sources.author
        for mailbox in sources.shown[:10]:
            if mailbox.domain and (author is None or author.domain != mailbox.domain):
                for identity in self._index.speaks_for(mailbox.domain):
                    if identity != INTERNAL_SERVICE:
                        add(identity, ClaimPlace.DISPLAY_NAME, mailbox.domain)
        if author is not None:
            words = fold_words(author.local.partition("+")[0])
            initials = "".join(w[0] for w in fold_words(sources.display_name) if w not in STOP_WORDS)
            for identity, name in self._in_name(words):
                if identity != INTERNAL_SERVICE and name != initials[: max(2, len(name))]:
                    add(identity, ClaimPlace.LOCAL_PART, name)

    def _in_name(self, words: tuple[str, ...]) -> Iterable[tuple[str, str]]:
        """Identities named by a display name or a local part: any full alias, a weak one only among service words."""
        if not words:
            return
        joined = " ".join(words)
        matches = self._aliases.find(joined)
        rest = " ".join(joined[start:end] for start, end in _between(matches, len(joined)))  # « PayPaI via DocuSign »
        yield from ((alias.identity, alias.words) for alias in self._aliases.dressed(tuple(rest.split())))
        for match in matches:
            if match.alias.weak or match.alias.identity == INTERNAL_SERVICE:
                others = fold_words(joined[: match.start] + " " + joined[match.end :])
                if not all(is_filler(w) for w in others):
                    continue
            if PLACE_WORDS & set(fold_words(joined[: match.start])):
                continue
            yield match.alias.identity, match.alias.words

    def _from_hosts(self, sources: ClaimSources, add: _Add) -> None:
        author = sources.author
        if author is not None and author.domain is not None:
            resemblance = self._lookalikes.judge(author.domain)
            for identity in resemblance.of:
                add(identity, ClaimPlace.AUTHOR_DOMAIN, resemblance.words)
        for mailbox in sources.reply_to[:5]:
            if mailbox.domain is not None:
                resemblance = self._lookalikes.judge(mailbox.domain)
                if author and author.domain and in_domains(author.domain, self._index.directory.own_services):
                    continue  # a provider of ours answers from its other domain
                for identity in resemblance.of:
                    add(identity, ClaimPlace.REPLY_TO, resemblance.words)
        # an address of somebody listed: who forges one is found out by its proof
        supplier = bool(author and author.domain and self._index.speaks_for(author.domain))
        for link in sources.links:
            if link.lookalike_of and link.source is not LinkSource.QUOTED and link.source is not LinkSource.HIDDEN:
                resemblance = self._lookalikes.judge(link.real_target or link.host)
                for identity in resemblance.of:
                    if identity == ORGANISATION and supplier:
                        continue  # the registrar that names a domain which we hold there
                    add(identity, ClaimPlace.LINK_HOST, resemblance.words)

    def _speaker(self, sources: ClaimSources) -> _Speaker:
        """How the author presents himself."""
        author = sources.author
        name = [w for w in fold_words(sources.display_name) if not is_filler(w)]
        if author is not None and author.domain is not None:
            speakers = self._index.speaks_for(author.domain)
            if speakers:
                carried = all(self._index.kind(s) is IdentityKind.SAAS for s in speakers)
                return _Speaker.PLATFORM if carried else _Speaker.OPEN
            label = registered_label(author.domain).replace("-", "")
            # a word of a listed name is borrowed, not his own: Vitale Service <x@vitale-service.example>
            if any(len(w) >= 4 and w in label and w not in self._aliases.words for w in name):
                return _Speaker.OPEN
            local = "".join(fold_words(author.local))
            whole = sum(len(w) >= 3 and w in local for w in name)
            if len(name) >= 2 and (whole >= 2 or (whole == 1 and any(w[0] == local[:1] for w in name))):
                return _Speaker.OPEN  # Isabelle Roux <i.roux@...>
        if not name:
            return _Speaker.NAMELESS
        private = author is not None and author.domain is not None and self._index.is_free_mail(author.domain)
        return _Speaker.PRIVATE if private else _Speaker.NAMED

    def _from_subject(self, sources: ClaimSources, matches: list[Match], speaker: _Speaker, add: _Add) -> None:
        span = next((s for s in sources.folded.spans if s.region is Region.SUBJECT), None)
        if span is None or speaker in _OPEN:
            return
        text = sources.folded.text
        domain = sources.author.domain if sources.author else None
        private = domain is not None and self._index.is_free_mail(domain)
        for match in matches:
            if not span.start <= match.start < span.end or match.alias.weak:
                continue
            if match.alias.identity in (ORGANISATION, INTERNAL_SERVICE):
                continue
            before = text[span.start : match.start]
            words = fold_words(before)
            if words and words[0] in ("re", "tr", "fw", "fwd"):
                continue
            if set(words) & (MINE | WARNING):
                continue
            kind = self._index.kind(match.alias.identity)
            spoken_of = kind in SPOKEN_OF_SUBJECT
            # « Paiement PayPal reçu » is a shop's; « Remboursement Assurance Maladie » is not
            leads = not words or (kind in SPOKEN_OF_BODY and all(is_filler(w) or w in LEADING for w in words))
            if speaker is _Speaker.PRIVATE or (private and THIRD_PARTY_BEFORE.search(before)):
                leads = False  # « CPAM », « Carte Vitale perdue »: what a member writes about
            if leads or (spoken_of and PRODUCT_AFTER_YOUR.search(before)):
                add(match.alias.identity, ClaimPlace.SUBJECT, match.alias.words, match.start, match.end)

    def _from_body(self, sources: ClaimSources, matches: list[Match], speaker: _Speaker, add: _Add) -> None:
        text = sources.folded.text
        for span in sources.folded.spans:
            if span.region is not Region.VISIBLE:
                continue
            inside = [m for m in matches if span.start <= m.start < span.end]
            if not inside:
                continue
            tail, signed_off = tail_start(text, span.start, span.end)
            for match in inside:
                # our own name at the foot of an unsigned mail is the address it was written to
                signs_from = span.end if match.alias.identity == ORGANISATION and not signed_off else tail
                place = self._place(text, span.start, span.end, signs_from, match, speaker)
                if place is not None:
                    add(match.alias.identity, place, match.alias.words, match.start, match.end)

    def _place(self, text: str, start: int, end: int, tail: int, match: Match, speaker: _Speaker) -> ClaimPlace | None:
        """Where in the visible text a name stands as the speaker's, if it does."""
        # a line is looked at 200 characters either way: what is longer is no signature, and costs stay linear
        low, high = max(start, match.start - 200), min(end, match.end + 200)
        line_start = max(text.rfind("\n", low, match.start) + 1, low)
        line_end = text.find("\n", match.end, high)
        line_end = high if line_end < 0 else line_end
        before, after = text[line_start : match.start], text[match.end : line_end]
        signs = self._signs(before, after, match)
        inner = match.alias.identity == INTERNAL_SERVICE
        if match.start >= tail and signs and not (inner and speaker is _Speaker.OPEN):
            return ClaimPlace.SIGNATURE  # a hospital's « service informatique » is its own
        own = inner or match.alias.identity == ORGANISATION
        if match.alias.weak and not own:
            return None
        # members and partners speak of our services all day: only a stranger's « la direction de Tamaris » is a claim
        is_open = speaker in ((_Speaker.OPEN, _Speaker.PRIVATE) if own else _OPEN)
        near_before, near_after = before[-60:], after[:60]
        spoken_of = speaker is _Speaker.NAMELESS and self._index.kind(match.alias.identity) in SPOKEN_OF_BODY
        if spoken_of and OWED_BEFORE.search(before[-180:]):
            return ClaimPlace.BODY
        if before.count('"') % 2 or THIRD_PARTY_BEFORE.search(near_before) or third_person(near_before):
            return None  # in quotation marks, or of somebody else
        ours = OURS_BEFORE.search(near_before) is not None
        if COPYRIGHT.search(near_before):
            return ClaimPlace.BODY
        if is_open:
            return None
        if signs and not own and is_letterhead(text, start, line_start):
            return ClaimPlace.HEADING
        if (ours and not match.alias.product) or OURS_AFTER.search(near_after):
            return ClaimPlace.BODY
        if spoken_of and PRODUCT_AFTER_YOUR.search(near_before):
            return ClaimPlace.BODY
        return None

    def _signs(self, before: str, after: str, match: Match) -> bool:
        """Whether a line is little more than the name: `Le service client ameli`, `CPAM de la Gironde`."""
        first, last = fold_words(before), fold_words(after)
        if match.alias.product or len(first) + len(last) > 6:
            return False
        if set(first) & MINE or set(first) & WARNING or set(last) & VERBS:
            return False
        if match.alias.weak and not all(is_filler(w) for w in (*first, *last)):
            return False
        if match.alias.identity == INTERNAL_SERVICE and last:
            return all(is_filler(w) for w in last)
        if any(c in before for c in ":") and not any(w in SPEAKER for w in first):
            return False  # « Organisme : CPAM », « Banque : LCL »: a form's line, not a signature
        return all(w in SERVICE_WORDS or w in STOP_WORDS or w in SPEAKER or w == "c" or w.isdigit() for w in first)

    def _from_pictures(self, alts: Sequence[str], speaker: _Speaker, add: _Add) -> None:
        """Logos. The icons of networks and stores at the foot of a newsletter are none."""
        found: list[tuple[str, str]] = []

        def note(identity: str, _place: ClaimPlace, words: str, _start: int = -1, _end: int = -1, /) -> None:
            found.append((identity, words))

        for text in alts[:50]:
            self._from_line(text, ClaimPlace.IMAGE_ALT, speaker, note)
        services = {i for i, _ in found if self._index.kind(i) is IdentityKind.SAAS}
        for identity, words in found:
            if identity == ORGANISATION and speaker in _OPEN:
                continue  # the customer's logo, on what a supplier sends under his own name
            if identity not in _ICONS and (len(services) == 1 or identity not in services):
                add(identity, ClaimPlace.IMAGE_ALT, words)

    def _from_line(self, text: str, place: ClaimPlace, speaker: _Speaker, add: _Add) -> None:
        """A heading or a picture's text that is little more than a name."""
        words = fold_words(text)
        if not words or len(words) > 12 or set(words) & (MINE | WARNING):
            return
        joined = " ".join(words)
        for match in self._aliases.find(joined):
            if match.alias.identity == INTERNAL_SERVICE or (match.alias.weak and place is ClaimPlace.IMAGE_ALT):
                continue
            rest = fold_words(joined[: match.start] + " " + joined[match.end :])
            foreign = [w for w in rest if not is_filler(w) and w != "logo"]
            if match.alias.weak and len(rest) > 1:
                continue  # « Crédit d'impôt 2026 » speaks of taxes
            if len(foreign) <= (0 if match.alias.weak or speaker in _OPEN else 2):
                add(match.alias.identity, place, match.alias.words)
