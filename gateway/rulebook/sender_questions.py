"""Who sent a message, and where it leads: predicates over addresses, links and authentication."""

from collections.abc import Callable, Collection, Mapping

from gateway.model.auth_facts import AuthFacts, DkimStatus
from gateway.model.content_facts import Link, LinkFlag, Proof, SenderFlag
from gateway.model.directory import ORGANISATION, Directory
from gateway.model.hit import Ground
from gateway.rulebook.questions import Meaning, Question, set_of, set_or_none, strings
from gateway.rulebook.schema import Predicate
from gateway.rulebook.view import ANY_LINK, View

# What agrees or disagrees with an address; the other sender flags only describe.
_ADDRESS_FLAGS = frozenset(
    (
        SenderFlag.NAME_IS_ADDRESS_ELSEWHERE,
        SenderFlag.EXECUTIVE_NAME,
        SenderFlag.OWN_DOMAIN_FORGED,
        SenderFlag.OWN_DOMAIN_LOOKALIKE,
        SenderFlag.OWN_SERVICE_FORGED,
        SenderFlag.REPLY_TO_ELSEWHERE,
        SenderFlag.REPLY_TO_FREE_MAIL,
        SenderFlag.REPLY_TO_LOOKALIKE,
        SenderFlag.INSTITUTION_ON_FREE_MAIL,
        SenderFlag.RETURN_PATH_ELSEWHERE,
        SenderFlag.LOOKALIKE_DOMAIN,
        SenderFlag.PUNYCODE_DOMAIN,
        SenderFlag.AUTHOR_PROBLEM,
        SenderFlag.QUOTED_ELSEWHERE,
    )
)
_PLAIN_LINK_FLAGS = frozenset((LinkFlag.UNSUBSCRIBE, LinkFlag.DEEP))


class SenderMakers:
    """Makes questions of the predicates over addresses, links and authentication."""

    def __init__(self, directory: Directory) -> None:
        self._meaning = Meaning(directory)
        self._listed: dict[str, frozenset[str]] = {
            "free_mail": frozenset(directory.free_mail),
            "shared_hosting": frozenset(directory.shared_hosting),
            "shorteners": frozenset(directory.shorteners),
            "hosted_forms": frozenset(directory.hosted_forms),
            "redirectors": frozenset(directory.redirectors),
        }
        self.table: Mapping[str, Callable[[Predicate], Question]] = {
            "sender": self.sender,
            "from_outside": self.from_outside,
            "sender_lookalike_of": self.sender_lookalike_of,
            "author_domain": self.author_domain,
            "recipients": self.recipients,
            "link": self.link,
            "authenticated_as": self.authenticated_as,
            "author_proved": self.author_proved,
            "spf": self.spf,
            "dkim": self.dkim,
            "dmarc": self.dmarc,
            "arc": self.arc,
            "unchecked": self.unchecked,
        }

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
            sender = view.content.sender
            outside = ORGANISATION not in sender.speaks_for or SenderFlag.OWN_SERVICE_FORGED in sender.flags
            # a From that shows us among others, and nobody for certain, comes from outside
            ours = SenderFlag.OWN_DOMAIN_AUTHOR in sender.flags and sender.author is not None
            return (outside and not ours) is wanted

        return Question(run, ground=Ground.ADDRESS)

    def sender_lookalike_of(self, predicate: Predicate) -> Question:
        """The author's domain resembles one of these."""
        who = self._meaning.who(predicate.get("who"))

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

    def link(self, predicate: Predicate) -> Question:
        """One link that fits everything written."""
        flags, without = set_or_none(predicate.get("flags")), set_or_none(predicate.get("without")) or frozenset()
        source = set_or_none(predicate.get("source"))
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
            links = view.links if source is None else view.all_links
            return any(fits(link, view) for link in links)

        plain = not_of is None and lookalike is None and (flags is None or flags <= _PLAIN_LINK_FLAGS)
        return Question(run, ground=None if plain else Ground.ADDRESS, needs=frozenset((ANY_LINK,)), cost=2)

    def _link_who(self, value: object) -> Callable[[Link, View, Collection[str]], bool] | None:
        if value is None:
            return None
        names = strings(value)
        who = self._meaning.who(value)
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

    def authenticated_as(self, predicate: Predicate) -> Question:
        """DESIGN §6: yes, no or unknown."""
        who = self._meaning.who(predicate.get("who"))

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
        wanted, policy = set_or_none(predicate.get("is")), set_or_none(predicate.get("policy"))
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

    def unchecked(self, predicate: Predicate) -> Question:
        """Checks that could not be made."""
        checks = set_of(predicate.get("checks"))

        def run(view: View) -> bool:
            items = (*view.content.unchecked, *view.auth.skipped)
            return any(item.partition(":")[0] in checks for item in items)

        return Question(run)


def _authentication(wanted: frozenset[str], statuses: Callable[[AuthFacts], tuple[str, ...]]) -> Question:
    def run(view: View) -> bool | None:
        if not view.auth.known:
            return None
        found = statuses(view.auth)
        if not wanted.isdisjoint(found):
            return True
        return None if "temperror" in found else False

    return Question(run)
