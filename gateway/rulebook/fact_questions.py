"""What a message says, wants and holds: predicates over claims, asks, signs, personal data, form and attachments."""

from collections.abc import Callable, Mapping
from typing import cast

from gateway.model.content_facts import Ask, AskKind, AttachmentFacts, AttachmentFlag, Claim, PersonalData, Proof, Sign
from gateway.model.directory import Directory
from gateway.model.folded import Region
from gateway.model.hit import Ground
from gateway.rulebook.questions import (
    Meaning,
    Question,
    regions_of,
    set_of,
    set_or_none,
    stretches,
)
from gateway.rulebook.schema import Predicate
from gateway.rulebook.view import ANY_ATTACHMENT, ANY_CLAIM, View

# What only deceivers ask for: payments that nobody can trace or take back, a protection to be passed by.
_NEVER_HONEST = frozenset((AskKind.CRYPTOCURRENCY.value, AskKind.GIFT_CARD.value, AskKind.AGAINST_WARNING.value))
_SECRETS = frozenset(
    (AskKind.CARD.value, AskKind.CREDENTIALS.value, AskKind.ONE_TIME_CODE.value, AskKind.IDENTITY_PAPERS.value)
)
_SENT_BACK = (
    "renvoyez",
    "retournez",
    "envoyez",
    "transmettez",
    "communiquez",
    "adressez",
    "repondez",
    "reply",
    "send",
    "renvoyer",
    "retourner",
    "envoyer",
    "transmettre",
    "communiquer",
    "adresser",
    "repondre",
)
_PAID = ("pay", "pai", "regl", "acquitt", "settl", "par carte")  # « ou payer par carte sur notre site »
_SAME_BREATH = 160  # characters between « répondez » and what to answer with
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


class FactMakers:
    """Makes questions of the predicates over what stands in a message."""

    def __init__(self, directory: Directory) -> None:
        self._meaning = Meaning(directory)
        self._never = {identity.id: identity.never_asks for identity in directory.identities if identity.never_asks}
        self.table: Mapping[str, Callable[[Predicate], Question]] = {
            "claims": self.claims,
            "claims_unproved": self.claims_unproved,
            "asks": self.asks,
            "asks_by_reply": self.asks_by_reply,
            "asks_what_it_never_asks": self.asks_what_it_never_asks,
            "signs": self.signs,
            "form": self.form,
            "attachment": self.attachment,
            "personal_data": self.personal_data,
            "language": self.language,
            "length": self.length,
            "findings": self.findings,
            "hits": self.hits,
        }

    def claims(self, predicate: Predicate) -> Question:
        """Some claim of one of these, in one of these places."""
        who, places = self._meaning.who(predicate.get("who")), set_or_none(predicate.get("in"))

        def fitting(view: View) -> list[Claim]:
            return [
                c
                for c in view.content.claims
                if (who is None or c.identity in who) and (places is None or c.place in places)
            ]

        return Question(
            lambda view: bool(fitting(view)),
            lambda view: stretches(fitting(view)),
            needs=frozenset((ANY_CLAIM,)) if who is None else who,
        )

    def claims_unproved(self, predicate: Predicate) -> Question:
        """Some claim whose own identity is not authenticated."""
        who, places = self._meaning.who(predicate.get("who")), set_or_none(predicate.get("in"))

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
            lambda view: stretches(fitting(view, Proof.NO)),
            Ground.PROOF,
            frozenset((ANY_CLAIM,)) if who is None else who,
        )

    def asks(self, predicate: Predicate) -> Question:
        """Asks of these kinds in these regions."""
        question = _worded(predicate, lambda view: view.content.asks)
        if set_of(predicate.get("kinds")) <= _NEVER_HONEST:
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
                and not ask.words.startswith(_PAID)
                and (
                    ask.words.startswith(_SENT_BACK)
                    or any(
                        ask.start - _SAME_BREATH <= r.end and r.start - _SAME_BREATH <= ask.end for r in replies[:20]
                    )
                )
            ]

        return Question(
            lambda view: bool(fitting(view)),
            lambda view: stretches(fitting(view)),
            Ground.FORM if kinds <= _SECRETS else None,
            kinds,
            cost=2,
        )

    def asks_what_it_never_asks(self, predicate: Predicate) -> Question:
        """An ask that the claimed or authenticated identity never makes."""
        who, regions = self._meaning.who(predicate.get("who")), regions_of(predicate)
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
            lambda view: stretches(fitting(view)),
            Ground.PROOF,
            frozenset(kind for asks in never.values() for kind in asks),
            cost=2,
        )

    def signs(self, predicate: Predicate) -> Question:
        """Signs of these kinds in these regions."""
        return _worded(predicate, lambda view: view.content.signs)

    def form(self, predicate: Predicate) -> Question:
        """One of these form flags."""
        flags = set_of(predicate.get("flags"))
        return Question(lambda view: not flags.isdisjoint(view.content.form), ground=Ground.FORM, needs=flags)

    def attachment(self, predicate: Predicate) -> Question:
        """One attachment that fits everything written."""
        flags, without = set_or_none(predicate.get("flags")), set_or_none(predicate.get("without")) or frozenset()
        types, extensions = set_or_none(predicate.get("types")), set_or_none(predicate.get("extensions"))

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
        country, not_country = set_or_none(predicate.get("country")), set_or_none(predicate.get("not_country"))
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
            lambda view: stretches(fitting(view)),
            Ground.ADDRESS if country or not_country or premium is True else None,
            kinds,
        )

    def language(self, predicate: Predicate) -> Question:
        """Language of the text."""
        wanted = set_of(predicate.get("is"))
        return Question(lambda view: view.content.language in wanted)

    def length(self, predicate: Predicate) -> Question:
        """How much is said."""
        most = cast("int", predicate.get("at_most"))
        regions = frozenset((Region.SUBJECT, Region.VISIBLE))
        return Question(lambda view: len(view.scanned.text_of(regions).split(None, most)) <= most, cost=3)

    def findings(self, predicate: Predicate) -> Question:
        """What was odd about the bytes."""
        kinds = set_of(predicate.get("kinds"))
        return Question(lambda view: not kinds.isdisjoint(view.findings), ground=Ground.FORM, needs=kinds)

    def hits(self, predicate: Predicate) -> Question:
        """Other rules matched before."""
        rules, families = (
            set_or_none(predicate.get("rules")) or frozenset(),
            set_or_none(predicate.get("families")) or frozenset(),
        )
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
            lambda view: stretches(fitting(view)),
            needs=kinds,
        )
    return Question(
        lambda view: len({fact.kind for fact in fitting(view)}) >= least if isinstance(least, int) else False,
        lambda view: stretches(fitting(view)),
        needs=kinds,
    )
