"""The predicates at work: each takes its parameters once, at load, and gives a function over a message's view.

Three answers: True, False, None (could not be known). `where` gives the stretches of the folded text that made it true,
`ground` what kind of thing it tests; both are asked only of rules that hit.
"""

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass

from gateway.model.auth_facts import AuthFacts, DkimStatus
from gateway.model.content_facts import (
    Ask,
    AskKind,
    AttachmentFacts,
    AttachmentFlag,
    Claim,
    Link,
    LinkFlag,
    PersonalData,
    Proof,
    SenderFlag,
    Sign,
)
from gateway.model.directory import ORGANISATION, Directory
from gateway.model.folded import Region
from gateway.model.hit import Ground
from gateway.rulebook.grammar import DEFAULT_REGIONS
from gateway.rulebook.schema import Predicate
from gateway.rulebook.view import ANY_ATTACHMENT, ANY_CLAIM, ANY_LINK, View

Places = tuple[tuple[int, int], ...]


def _nowhere(view: View) -> Places:
    return ()


@dataclass(slots=True, eq=False)
class Question:
    """One predicate, ready to run."""

    run: Callable[[View], bool | None]
    where: Callable[[View], Places] = _nowhere
    ground: Ground | None = None  # None: words, or nothing by itself
    needs: frozenset[str] = frozenset()  # one of these kinds must be in the message; empty: no such bound
    cost: int = 1  # rough order of asking
    number: int = 0  # for remembering the answer
    ground_here: Callable[[View], Ground | None] | None = None  # where it depends on which of the words held


# What agrees or disagrees with an address; the other sender flags only describe.
_ADDRESS_FLAGS = frozenset(
    (
        SenderFlag.NAME_IS_ADDRESS_ELSEWHERE,
        SenderFlag.EXECUTIVE_NAME,
        SenderFlag.OWN_DOMAIN_FORGED,
        SenderFlag.OWN_DOMAIN_LOOKALIKE,
        SenderFlag.REPLY_TO_ELSEWHERE,
        SenderFlag.REPLY_TO_FREE_MAIL,
        SenderFlag.REPLY_TO_LOOKALIKE,
        SenderFlag.INSTITUTION_ON_FREE_MAIL,
        SenderFlag.RETURN_PATH_ELSEWHERE,
        SenderFlag.LOOKALIKE_DOMAIN,
        SenderFlag.PUNYCODE_DOMAIN,
        SenderFlag.AUTHOR_PROBLEM,
    )
)
# Payments that nobody can trace or take back: a way to be paid that only deceivers need.
_UNTRACEABLE = frozenset((AskKind.CRYPTOCURRENCY.value, AskKind.GIFT_CARD.value))
_SECRETS = frozenset(
    (AskKind.CARD.value, AskKind.CREDENTIALS.value, AskKind.ONE_TIME_CODE.value, AskKind.IDENTITY_PAPERS.value)
)
_SENT_BACK = ("renvoyez", "retournez", "envoyez", "transmettez", "communiquez", "adressez", "repondez", "reply", "send")
_SAME_BREATH = 160  # characters between « répondez » and what to answer with
_PLAIN_LINK_FLAGS = frozenset((LinkFlag.UNSUBSCRIBE,))
# What honest mail carries every day; the other attachment flags are what only deceivers need.
_PLAIN_ATTACHMENT_FLAGS = frozenset(
    (
        AttachmentFlag.PDF,
        AttachmentFlag.PICTURE,
        AttachmentFlag.CALENDAR,
        AttachmentFlag.MESSAGE,
        AttachmentFlag.OFFICE,
        AttachmentFlag.ARCHIVE,
        AttachmentFlag.EMBEDDED_FILE,
        AttachmentFlag.PDF_FORM,
        AttachmentFlag.UNREADABLE,
        AttachmentFlag.UNCHECKED,
    )
)


class Makers:
    """Makes questions of the predicates over facts; those over text are `text_questions.py`'s."""

    def __init__(self, directory: Directory) -> None:
        self._kinds: dict[str, set[str]] = {}
        for identity in directory.identities:
            self._kinds.setdefault(f"kind:{identity.kind.value}", set()).add(identity.id)
        self._never = {identity.id: identity.never_asks for identity in directory.identities if identity.never_asks}
        self._listed: dict[str, frozenset[str]] = {
            "free_mail": frozenset(directory.free_mail),
            "shared_hosting": frozenset(directory.shared_hosting),
            "shorteners": frozenset(directory.shorteners),
            "hosted_forms": frozenset(directory.hosted_forms),
            "redirectors": frozenset(directory.redirectors),
        }
        self.table: Mapping[str, Callable[[Predicate], Question]] = {
            "claims": self.claims,
            "claims_unproved": self.claims_unproved,
            "authenticated_as": self.authenticated_as,
            "author_proved": self.author_proved,
            "asks": self.asks,
            "asks_by_reply": self.asks_by_reply,
            "asks_what_it_never_asks": self.asks_what_it_never_asks,
            "signs": self.signs,
            "link": self.link,
            "sender": self.sender,
            "from_outside": self.from_outside,
            "sender_lookalike_of": self.sender_lookalike_of,
            "author_domain": self.author_domain,
            "recipients": self.recipients,
            "form": self.form,
            "attachment": self.attachment,
            "personal_data": self.personal_data,
            "spf": self.spf,
            "dkim": self.dkim,
            "dmarc": self.dmarc,
            "arc": self.arc,
            "language": self.language,
            "findings": self.findings,
            "unchecked": self.unchecked,
            "hits": self.hits,
        }

    def who(self, value: object) -> frozenset[str] | None:
        """The identities meant; None for any."""
        names = strings(value)
        if "any" in names:
            return None
        found: set[str] = set()
        for name in names:
            found |= self._kinds.get(name, set()) if name.startswith("kind:") else {name}
        return frozenset(found)

    def claims(self, predicate: Predicate) -> Question:
        """Some claim of one of these, in one of these places."""
        who, places = self.who(predicate.get("who")), _set(predicate.get("in"))

        def fitting(view: View) -> list[Claim]:
            return [
                c
                for c in view.content.claims
                if (who is None or c.identity in who) and (places is None or c.place in places)
            ]

        return Question(
            lambda view: bool(fitting(view)),
            lambda view: _stretches(fitting(view)),
            needs=frozenset((ANY_CLAIM,)) if who is None else who,
        )

    def claims_unproved(self, predicate: Predicate) -> Question:
        """Some claim whose own identity is not authenticated."""
        who, places = self.who(predicate.get("who")), _set(predicate.get("in"))

        def fitting(view: View, wanted: Proof) -> list[Claim]:
            return [
                c
                for c in view.content.claims
                if (who is None or c.identity in who)
                and (places is None or c.place in places)
                and view.proof.get(c.identity, Proof.NO) is wanted
            ]

        def run(view: View) -> bool | None:
            if fitting(view, Proof.NO):
                return True
            return None if fitting(view, Proof.UNKNOWN) else False

        return Question(
            run,
            lambda view: _stretches(fitting(view, Proof.NO)),
            Ground.PROOF,
            frozenset((ANY_CLAIM,)) if who is None else who,
        )

    def authenticated_as(self, predicate: Predicate) -> Question:
        """DESIGN §6: yes, no or unknown."""
        who = self.who(predicate.get("who"))

        def run(view: View) -> bool | None:
            proofs = [proof for identity, proof in view.proof.items() if who is None or identity in who]
            if Proof.YES in proofs:
                return True
            return None if Proof.UNKNOWN in proofs else False

        return Question(run, ground=Ground.PROOF)

    def author_proved(self, predicate: Predicate) -> Question:
        """The author's own domain, whoever it is."""
        wanted = predicate.get("is") is not False

        def run(view: View) -> bool | None:
            proved = view.content.sender.author_proved
            return None if proved is Proof.UNKNOWN else (proved is Proof.YES) is wanted

        return Question(run, ground=Ground.PROOF)

    def asks(self, predicate: Predicate) -> Question:
        """Asks of these kinds in these regions."""
        question = _worded(predicate, lambda view: view.content.asks)
        if set_of(predicate.get("kinds")) <= _UNTRACEABLE:
            question.ground = Ground.FORM
        return question

    def asks_by_reply(self, predicate: Predicate) -> Question:
        """Ask against channel: these are to be sent back by mail. Of a secret, only deceivers ask it so."""
        kinds, regions = set_of(predicate.get("kinds")), regions_of(predicate)

        def fitting(view: View) -> list[Ask]:
            asks = [ask for ask in view.content.asks if ask.region in regions]
            replies = [ask for ask in asks if ask.kind is AskKind.REPLY_WITH_DATA]
            return [
                ask
                for ask in asks
                if ask.kind in kinds
                and (
                    ask.words.startswith(_SENT_BACK)
                    or any(
                        ask.start - _SAME_BREATH <= r.end and r.start - _SAME_BREATH <= ask.end for r in replies[:20]
                    )
                )
            ]

        return Question(
            lambda view: bool(fitting(view)),
            lambda view: _stretches(fitting(view)),
            Ground.FORM if kinds <= _SECRETS else None,
            kinds,
            cost=2,
        )

    def asks_what_it_never_asks(self, predicate: Predicate) -> Question:
        """An ask that the claimed or authenticated identity never makes."""
        who, regions = self.who(predicate.get("who")), regions_of(predicate)
        never = {identity: asks for identity, asks in self._never.items() if who is None or identity in who}

        def fitting(view: View) -> list[Ask]:
            forbidden: set[str] = set()
            for identity, proof in view.proof.items():
                if proof is Proof.YES or identity in view.claimed:
                    forbidden |= never.get(identity, frozenset())
            for identity in view.claimed:
                forbidden |= never.get(identity, frozenset())
            return [ask for ask in view.content.asks if ask.kind in forbidden and ask.region in regions]

        return Question(
            lambda view: bool(fitting(view)),
            lambda view: _stretches(fitting(view)),
            Ground.PROOF,
            frozenset(kind for asks in never.values() for kind in asks),
            cost=2,
        )

    def signs(self, predicate: Predicate) -> Question:
        """Signs of these kinds in these regions."""
        return _worded(predicate, lambda view: view.content.signs)

    def link(self, predicate: Predicate) -> Question:
        """One link that fits everything written."""
        flags, without = _set(predicate.get("flags")), _set(predicate.get("without")) or frozenset()
        source = _set(predicate.get("source"))
        of, not_of, lookalike = (self._link_who(predicate.get(name)) for name in ("of", "not_of", "lookalike_of"))

        def fits(link: Link, view: View) -> bool:
            if source is not None and link.source not in source:
                return False
            if (flags is not None and flags.isdisjoint(link.flags)) or not without.isdisjoint(link.flags):
                return False
            if of is not None and not of(link, view, link.speaks_for):
                return False
            if not_of is not None and (not link.host or not_of(link, view, link.speaks_for)):
                return False
            return lookalike is None or lookalike(link, view, link.lookalike_of)

        def run(view: View) -> bool:
            links = view.links if source is None else view.content.links
            return any(fits(link, view) for link in links)

        plain = not_of is None and lookalike is None and (flags is None or flags <= _PLAIN_LINK_FLAGS)
        return Question(run, ground=None if plain else Ground.ADDRESS, needs=frozenset((ANY_LINK,)), cost=2)

    def _link_who(self, value: object) -> Callable[[Link, View, Collection[str]], bool] | None:
        if value is None:
            return None
        names = strings(value)
        who = self.who(value)
        claimed, author = "claimed" in names, "author" in names
        trackers = self._listed["redirectors"]

        def fits(link: Link, view: View, identities: Collection[str]) -> bool:
            if who is None and identities:
                return True
            if who is not None and any(
                identity in who or (claimed and identity in view.claimed) for identity in identities
            ):
                return True
            if not author or link.domain is None:
                return False
            # a mailer's tracker leads where the author wants it to: nothing can be said of it
            return link.domain == view.content.sender.registrable_domain or link.domain in trackers

        return fits

    def sender(self, predicate: Predicate) -> Question:
        """One of these sender flags."""
        flags = set_of(predicate.get("flags"))
        relations = flags & _ADDRESS_FLAGS
        return Question(
            lambda view: not flags.isdisjoint(view.content.sender.flags),
            ground_here=lambda view: None if relations.isdisjoint(view.content.sender.flags) else Ground.ADDRESS,
            needs=flags,
        )

    def from_outside(self, predicate: Predicate) -> Question:
        """Address against address: somebody of the house would write from our domain."""
        wanted = predicate.get("is") is not False

        def run(view: View) -> bool:
            outside = ORGANISATION not in view.content.sender.speaks_for
            return (outside and SenderFlag.OWN_DOMAIN_AUTHOR not in view.content.sender.flags) is wanted

        return Question(run, ground=Ground.ADDRESS)

    def sender_lookalike_of(self, predicate: Predicate) -> Question:
        """The author's domain resembles one of these."""
        who = self.who(predicate.get("who"))

        def run(view: View) -> bool:
            found = view.content.sender.lookalike_of
            return bool(found) if who is None else not who.isdisjoint(found)

        return Question(run, ground=Ground.ADDRESS)

    def author_domain(self, predicate: Predicate) -> Question:
        """The author's domain is one of these or below one."""
        domains = frozenset(strings(predicate.get("domains")))
        for listed in strings(predicate.get("listed")):
            domains |= self._listed[listed]

        def run(view: View) -> bool:
            name: str = view.content.sender.author_domain or ""
            while name:
                if name in domains:
                    return True
                name = name.partition(".")[2]
            return False

        return Question(run)

    def recipients(self, predicate: Predicate) -> Question:
        """The kind of mailbox it goes to."""
        flags = frozenset(f"to_{kind}_mailbox" for kind in strings(predicate.get("kinds")))
        return Question(lambda view: not flags.isdisjoint(view.content.sender.flags), needs=flags)

    def form(self, predicate: Predicate) -> Question:
        """One of these form flags."""
        flags = set_of(predicate.get("flags"))
        return Question(lambda view: not flags.isdisjoint(view.content.form), ground=Ground.FORM, needs=flags)

    def attachment(self, predicate: Predicate) -> Question:
        """One attachment that fits everything written."""
        flags, without = _set(predicate.get("flags")), _set(predicate.get("without")) or frozenset()
        types, extensions = _set(predicate.get("types")), _set(predicate.get("extensions"))

        deceiving = (flags or frozenset()) - _PLAIN_ATTACHMENT_FLAGS

        def fits(a: AttachmentFacts) -> bool:
            return (
                (flags is None or not flags.isdisjoint(a.flags))
                and without.isdisjoint(a.flags)
                and (types is None or a.true_type in types)
                and (extensions is None or a.extension in extensions)
            )

        def ground(view: View) -> Ground | None:
            found = any(fits(a) and not deceiving.isdisjoint(a.flags) for a in view.attachments)
            return Ground.FORM if found else None

        return Question(
            lambda view: any(fits(a) for a in view.attachments),
            ground_here=ground,
            needs=flags if flags else frozenset((ANY_ATTACHMENT,)),
        )

    def personal_data(self, predicate: Predicate) -> Question:
        """Personal data of these kinds."""
        kinds, regions = set_of(predicate.get("kinds")), regions_of(predicate)
        country, not_country = _set(predicate.get("country")), _set(predicate.get("not_country"))
        premium = predicate.get("premium")

        def fitting(view: View) -> list[PersonalData]:
            return [
                data
                for data in view.content.personal_data
                if data.kind in kinds
                and data.region in regions
                and (country is None or data.country in country)
                and (not_country is None or (data.country != "" and data.country not in not_country))
                and (premium is None or data.premium is premium)
            ]

        return Question(
            lambda view: bool(fitting(view)),
            lambda view: _stretches(fitting(view)),
            Ground.ADDRESS if country or not_country or premium is True else None,
            kinds,
        )

    def spf(self, predicate: Predicate) -> Question:
        """Result of SPF."""
        return _authentication(set_of(predicate.get("is")), lambda auth: (auth.spf.status,))

    def dkim(self, predicate: Predicate) -> Question:
        """Result of some signature."""
        return _authentication(
            set_of(predicate.get("is")), lambda auth: tuple(d.status for d in auth.dkim) or (DkimStatus.NONE,)
        )

    def dmarc(self, predicate: Predicate) -> Question:
        """Result and policy of DMARC."""
        wanted, policy = _set(predicate.get("is")), _set(predicate.get("policy"))
        status = _authentication(wanted, lambda auth: (auth.dmarc.status,)).run if wanted else None

        def run(view: View) -> bool | None:
            answer = status(view) if status else (True if view.auth.known else None)
            if answer is True and policy is not None:
                return view.auth.dmarc.policy in policy
            return answer

        return Question(run)

    def arc(self, predicate: Predicate) -> Question:
        """Result of ARC."""
        return _authentication(set_of(predicate.get("is")), lambda auth: (auth.arc.status,))

    def language(self, predicate: Predicate) -> Question:
        """Language of the text."""
        wanted = set_of(predicate.get("is"))
        return Question(lambda view: view.content.language in wanted)

    def findings(self, predicate: Predicate) -> Question:
        """What was odd about the bytes."""
        kinds = set_of(predicate.get("kinds"))
        return Question(lambda view: not kinds.isdisjoint(view.findings), ground=Ground.FORM, needs=kinds)

    def unchecked(self, predicate: Predicate) -> Question:
        """Checks that could not be made."""
        checks = set_of(predicate.get("checks"))

        def run(view: View) -> bool:
            items = (*view.content.unchecked, *view.auth.skipped)
            return any(item.partition(":")[0] in checks for item in items)

        return Question(run)

    def hits(self, predicate: Predicate) -> Question:
        """Other rules matched before."""
        rules, families = _set(predicate.get("rules")) or frozenset(), _set(predicate.get("families")) or frozenset()
        least = predicate.get("at_least") or 1

        def run(view: View) -> bool | None:
            found = sum(1 for rule, family in view.hits.items() if rule in rules or family in families)
            if isinstance(least, int) and found >= least:
                return True
            return None if not rules.isdisjoint(view.unknown_rules) else False

        return Question(run, cost=3)


def _worded(predicate: Predicate, facts: Callable[[View], tuple[Ask, ...] | tuple[Sign, ...]]) -> Question:
    kinds, regions = set_of(predicate.get("kinds")), regions_of(predicate)
    least = predicate.get("at_least") or 1

    def fitting(view: View) -> list[Ask | Sign]:
        return [fact for fact in facts(view) if fact.kind in kinds and fact.region in regions]

    if least == 1:
        return Question(
            lambda view: any(fact.kind in kinds and fact.region in regions for fact in facts(view)),
            lambda view: _stretches(fitting(view)),
            needs=kinds,
        )
    return Question(
        lambda view: len({fact.kind for fact in fitting(view)}) >= least if isinstance(least, int) else False,
        lambda view: _stretches(fitting(view)),
        needs=kinds,
    )


def _authentication(wanted: frozenset[str], statuses: Callable[[AuthFacts], tuple[str, ...]]) -> Question:
    def run(view: View) -> bool | None:
        if not view.auth.known:
            return None
        found = statuses(view.auth)
        if not wanted.isdisjoint(found):
            return True
        return None if "temperror" in found else False

    return Question(run)


def strings(value: object) -> tuple[str, ...]:
    """A checked list parameter."""
    return tuple(str(item) for item in value) if isinstance(value, tuple) else ()


def set_of(value: object) -> frozenset[str]:
    """A checked list parameter as a set."""
    return frozenset(strings(value))


def _set(value: object) -> frozenset[str] | None:
    return None if value is None else set_of(value)


def regions_of(predicate: Predicate) -> frozenset[Region]:
    """The regions a predicate looks in."""
    return frozenset(Region(name) for name in strings(predicate.get("in")) or DEFAULT_REGIONS)


def _stretches(facts: "list[Claim] | list[Ask] | list[Ask | Sign] | list[PersonalData]") -> Places:
    return tuple((fact.start, fact.end) for fact in facts if fact.start >= 0)
