"""`lists/*.yml`: who may speak for whom, and which domains anybody may use -> the directory of a load."""

import re
from collections.abc import Iterator, Sequence
from pathlib import Path

from gateway.model.content_facts import AskKind
from gateway.model.directory import ORGANISATION, Directory, Identity, IdentityKind, ProtectedPerson
from gateway.model.domain import DomainName, parse_domain
from gateway.model.errors import SettingsError
from gateway.rulebook.folding import fold_words
from gateway.rulebook.grammar import IDENTIFIER
from gateway.settings.schema import Organisation
from gateway.settings.yaml_lines import Node, YamlPath, load_yaml

_DOMAIN_LISTS = ("free_mail", "shorteners", "shared_hosting", "hosted_forms", "redirectors")
_KEYS = (
    "id", "name", "kind", "aliases", "weak_aliases", "domains", "confirmed", "never_asks", "source", "date",
)  # fmt: skip
_ASKS = frozenset(str(kind.value) for kind in AskKind)
_KINDS = frozenset(str(kind.value) for kind in IdentityKind)


def read_directory(folders: Sequence[Path], organisation: Organisation) -> Directory:
    """The directory of these rule folders' lists, and the operator's own from the settings.

    An identity of a later folder replaces the one of the same id, so that an operator can set a domain right.
    Raises SettingsError with every fault.
    """
    problems: list[str] = []
    identities: dict[str, Identity] = {}
    domains: dict[str, set[DomainName]] = {name: set() for name in _DOMAIN_LISTS}
    for folder in folders:
        here: dict[str, Identity] = {}
        for file in sorted((folder / "lists").glob("*.yml")):
            try:
                reader = _ListReader(load_yaml(file))
            except SettingsError as error:
                problems += error.problems
                continue
            reader.read(here, domains)
            problems += reader.problems
        identities.update(here)
    for identity in _from_settings(organisation, problems):
        identities[identity.id] = identity
    if problems:
        raise SettingsError(problems)
    return Directory(
        identities=tuple(identities.values()),
        people=tuple(ProtectedPerson(name=p.name, role=p.role, addresses=p.addresses) for p in organisation.people),
        own_domains=tuple(DomainName(name) for name in organisation.domains),
        own_services=tuple(DomainName(name) for name in organisation.services),
        report_mailboxes=frozenset(organisation.report_mailboxes),
        benefits_mailboxes=frozenset(organisation.benefits_mailboxes),
        free_mail=frozenset(domains["free_mail"]),
        shorteners=frozenset(domains["shorteners"]),
        shared_hosting=frozenset(domains["shared_hosting"]),
        hosted_forms=frozenset(domains["hosted_forms"]),
        redirectors=frozenset(domains["redirectors"]),
    )


def partner_id(name: str) -> str:
    """The identity of a partner of the settings: `partner_` and its name, folded."""
    return "partner_" + fold_words(name).replace(" ", "_")[:50]


def _from_settings(organisation: Organisation, problems: list[str]) -> Iterator[Identity]:
    yield Identity(
        id=ORGANISATION,
        name=organisation.name,
        kind=IdentityKind.ORGANISATION,
        aliases=(organisation.name, *organisation.aliases),
        domains=tuple(DomainName(name) for name in (*organisation.domains, *organisation.services)),
        confirmed=True,
    )
    for index, partner in enumerate(organisation.partners):
        asks = set(partner.never_asks)
        if not asks <= _ASKS:
            problems.append(f"organisation.partners[{index}].never_asks: unknown: {', '.join(sorted(asks - _ASKS))}")
        yield Identity(
            id=partner_id(partner.name),
            name=partner.name,
            kind=IdentityKind.PARTNER,
            aliases=(partner.name, *partner.aliases),
            domains=tuple(DomainName(name) for name in partner.domains),
            confirmed=True,
            never_asks=frozenset(AskKind(ask) for ask in asks & _ASKS),
        )


class _ListReader:
    """Reads one file of lists."""

    def __init__(self, node: Node) -> None:
        self._node = node
        self.problems: list[str] = []

    def _fault(self, path: YamlPath, text: str) -> None:
        self.problems.append(self._node.problem(path, text))

    def read(self, identities: dict[str, Identity], domains: dict[str, set[DomainName]]) -> None:
        """Add what the file holds."""
        data = self._node.data
        if not isinstance(data, dict):
            self._fault((), f"a list file is a mapping with `identities:` or one of: {', '.join(_DOMAIN_LISTS)}")
            return
        for key, value in data.items():
            if key == "identities":
                self._identities(value, identities)
            elif key in domains:
                domains[key].update(self._domains(value, (key,)))
            elif key not in ("source", "date", "note"):
                self._fault((key,), f"unknown key; one of: identities, {', '.join(_DOMAIN_LISTS)}")

    def _identities(self, data: object, found: dict[str, Identity]) -> None:
        if not isinstance(data, list):
            self._fault(("identities",), "must be a list")
            return
        for index, item in enumerate(data):
            path: YamlPath = ("identities", index)
            if not isinstance(item, dict):
                self._fault(path, "an identity is a mapping")
                continue
            identity = self._identity(item, path)
            if identity is None:
                continue
            if identity.id in found:
                self._fault((*path, "id"), f"{identity.id} stands twice in this folder")
            found[identity.id] = identity

    def _identity(self, item: dict[str, object], path: YamlPath) -> Identity | None:
        before = len(self.problems)
        for key in item:
            if key not in _KEYS:
                self._fault((*path, key), f"unknown key; one of: {', '.join(_KEYS)}")
        name, identity_id, kind = (item.get(key) for key in ("name", "id", "kind"))
        if not isinstance(identity_id, str) or re.fullmatch(IDENTIFIER, identity_id) is None:
            self._fault((*path, "id"), "must be a name of small letters, digits and _")
        if not isinstance(name, str) or not name:
            self._fault((*path, "name"), "must be a text")
        if kind not in _KINDS:
            self._fault((*path, "kind"), f"must be one of: {', '.join(sorted(_KINDS))}")
        confirmed = item.get("confirmed", False)
        if not isinstance(confirmed, bool):
            self._fault((*path, "confirmed"), "must be true or false")
        asks = self._strings(item.get("never_asks"), (*path, "never_asks"))
        for ask in sorted(set(asks) - _ASKS):
            self._fault((*path, "never_asks"), f"unknown ask `{ask}`; one of: {', '.join(sorted(_ASKS))}")
        aliases = self._strings(item.get("aliases"), (*path, "aliases"))
        weak = self._strings(item.get("weak_aliases"), (*path, "weak_aliases"))
        domains = self._domains(item.get("domains"), (*path, "domains"))
        if len(self.problems) > before:
            return None
        return Identity(
            id=str(identity_id),
            name=str(name),
            kind=IdentityKind(str(kind)),
            aliases=aliases,
            weak_aliases=weak,
            domains=domains,
            confirmed=confirmed is True,
            never_asks=frozenset(AskKind(ask) for ask in asks),
            source=str(item.get("source") or ""),
            date=str(item.get("date") or ""),
        )

    def _strings(self, data: object, path: YamlPath) -> tuple[str, ...]:
        if data is None:
            return ()
        if not isinstance(data, list):
            self._fault(path, "must be a list")
            return ()
        for index, item in enumerate(data):
            if not isinstance(item, str) or not item:
                self._fault((*path, index), "must be a text (quote numbers)")
        return tuple(str(item) for item in data)

    def _domains(self, data: object, path: YamlPath) -> tuple[DomainName, ...]:
        found: list[DomainName] = []
        for index, text in enumerate(self._strings(data, path)):
            name = parse_domain(text)
            if name is None or "." not in name:
                self._fault((*path, index), "must be a domain name")
            elif name in found:
                self._fault((*path, index), "stands twice")
            else:
                found.append(name)
        return tuple(found)
