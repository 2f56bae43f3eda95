"""The predicates of the rule language: one table that the reader, the JSON schema and `docs/RULES.md` follow."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from gateway.model.auth_facts import ArcStatus, DkimStatus, DmarcPolicy, DmarcStatus, SpfStatus
from gateway.model.content_facts import (
    AskKind,
    AttachmentFlag,
    ClaimPlace,
    DataKind,
    FormFlag,
    LinkFlag,
    LinkSource,
    SenderFlag,
    SignKind,
)
from gateway.model.folded import Region
from gateway.model.message import Finding


@dataclass(frozen=True, slots=True)
class Words:
    """A list of closed words, any of which will do."""

    choices: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Who:
    """An identity of `rules/lists/`, `kind:` and a kind, `organisation`, or a list of these; `extra` words besides."""

    extra: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Literals:
    """Words or phrases; `a|b` is one entry with alternatives, `stem*` takes any ending."""

    least: int = 1


@dataclass(frozen=True, slots=True)
class Number:
    """A whole number within bounds."""

    low: int
    high: int


@dataclass(frozen=True, slots=True)
class Switch:
    """true or false."""


@dataclass(frozen=True, slots=True)
class Texts:
    """A list of free words, each checked by a pattern."""

    pattern: str
    what: str


@dataclass(frozen=True, slots=True)
class Pattern:
    """A regular expression for google-re2 over folded text."""


Kind = Words | Who | Literals | Number | Switch | Texts | Pattern


@dataclass(frozen=True, slots=True, kw_only=True)
class PredicateSpec:
    """One predicate: its parameters, and which one a bare value means."""

    name: str
    does: str  # one line for the reference and the editor
    short: str  # the parameter that a bare value is
    parameters: Mapping[str, Kind]
    required: frozenset[str] = field(default_factory=frozenset)
    costs_scan: bool = False


def _of(choices: type[StrEnum]) -> Words:
    return Words(tuple(str(member.value) for member in choices))


REGIONS = _of(Region)
DEFAULT_REGIONS = (Region.SUBJECT.value, Region.VISIBLE.value)
IDENTIFIER = r"[a-z0-9][a-z0-9_-]{1,63}"
DOMAIN = r"(?:[a-z0-9-]{1,63}\.)+[a-z0-9-]{2,63}"

_TABLE = (
    PredicateSpec(
        name="claims",
        does="The message says that it is one of these.",
        short="who",
        parameters={"who": Who(("any",)), "in": _of(ClaimPlace)},
        required=frozenset({"who"}),
    ),
    PredicateSpec(
        name="claims_unproved",
        does="The message says that it is one of these and is not authenticated as that same one.",
        short="who",
        parameters={"who": Who(("any",)), "in": _of(ClaimPlace)},
        required=frozenset({"who"}),
    ),
    PredicateSpec(
        name="authenticated_as",
        does="The message is authenticated as one of these: yes, no, or unknown.",
        short="who",
        parameters={"who": Who(("any",))},
        required=frozenset({"who"}),
    ),
    PredicateSpec(
        name="author_proved",
        does="The author's own domain, whoever it is, is authenticated: yes, no, or unknown.",
        short="is",
        parameters={"is": Switch()},
    ),
    PredicateSpec(
        name="asks",
        does="The message wants one of these of its reader.",
        short="kinds",
        parameters={"kinds": _of(AskKind), "in": REGIONS, "at_least": Number(1, 10)},
        required=frozenset({"kinds"}),
    ),
    PredicateSpec(
        name="asks_by_reply",
        does="The message wants one of these sent back by mail, in the same breath.",
        short="kinds",
        parameters={"kinds": _of(AskKind), "in": REGIONS},
        required=frozenset({"kinds"}),
    ),
    PredicateSpec(
        name="asks_what_it_never_asks",
        does="The message claims to be, or is authenticated as, one of these, and asks what that one never asks.",
        short="who",
        parameters={"who": Who(("any",)), "in": REGIONS},
        required=frozenset({"who"}),
    ),
    PredicateSpec(
        name="signs",
        does="The message presses, baits, warns or reports.",
        short="kinds",
        parameters={"kinds": _of(SignKind), "in": REGIONS, "at_least": Number(1, 10)},
        required=frozenset({"kinds"}),
    ),
    PredicateSpec(
        name="link",
        does="One link fits all of this.",
        short="flags",
        parameters={
            "flags": _of(LinkFlag),
            "without": _of(LinkFlag),
            "of": Who(("any", "claimed", "author")),
            "not_of": Who(("any", "claimed", "author")),
            "lookalike_of": Who(("any", "claimed")),
            "source": _of(LinkSource),
        },
    ),
    PredicateSpec(
        name="sender",
        does="The addresses and names of the sender are so.",
        short="flags",
        parameters={"flags": _of(SenderFlag)},
        required=frozenset({"flags"}),
    ),
    PredicateSpec(
        name="from_outside",
        does="The author's domain is none of ours. To be used with what only somebody of the house would say.",
        short="is",
        parameters={"is": Switch()},
    ),
    PredicateSpec(
        name="sender_lookalike_of",
        does="The author's domain resembles that of one of these.",
        short="who",
        parameters={"who": Who(("any",))},
        required=frozenset({"who"}),
    ),
    PredicateSpec(
        name="author_domain",
        does="The author's domain is one of these or of the domains listed so, or below one.",
        short="domains",
        parameters={
            "domains": Texts(DOMAIN, "a domain in lower case"),
            "listed": Words(("free_mail", "shared_hosting", "shorteners", "hosted_forms", "redirectors")),
        },
    ),
    PredicateSpec(
        name="recipients",
        does="The message goes to a mailbox of this kind.",
        short="kinds",
        parameters={"kinds": Words(("report", "benefits"))},
        required=frozenset({"kinds"}),
    ),
    PredicateSpec(
        name="form",
        does="The message is written so.",
        short="flags",
        parameters={"flags": _of(FormFlag)},
        required=frozenset({"flags"}),
    ),
    PredicateSpec(
        name="attachment",
        does="One attachment fits all of this.",
        short="flags",
        parameters={
            "flags": _of(AttachmentFlag),
            "without": _of(AttachmentFlag),
            "types": Texts(r"[a-z0-9]{1,16}", "a true type such as pdf or zip"),
            "extensions": Texts(r"[a-z0-9]{1,12}", "an extension without its dot"),
        },
    ),
    PredicateSpec(
        name="personal_data",
        does="The message holds personal data of this kind.",
        short="kinds",
        parameters={
            "kinds": _of(DataKind),
            "in": REGIONS,
            "country": Texts(r"[A-Z]{2}", "a country code such as FR"),
            "not_country": Texts(r"[A-Z]{2}", "a country code such as FR"),
            "premium": Switch(),
        },
        required=frozenset({"kinds"}),
    ),
    PredicateSpec(
        name="spf", does="The result of SPF.", short="is", parameters={"is": _of(SpfStatus)}, required=frozenset({"is"})
    ),
    PredicateSpec(
        name="dkim",
        does="One signature has this result; `none` where there is no signature.",
        short="is",
        parameters={"is": _of(DkimStatus)},
        required=frozenset({"is"}),
    ),
    PredicateSpec(
        name="dmarc",
        does="The result of DMARC, and the policy of the author's domain.",
        short="is",
        parameters={"is": _of(DmarcStatus), "policy": _of(DmarcPolicy)},
    ),
    PredicateSpec(
        name="arc",
        does="The result of the ARC chain.",
        short="is",
        parameters={"is": _of(ArcStatus)},
        required=frozenset({"is"}),
    ),
    PredicateSpec(
        name="language",
        does="The language of the text.",
        short="is",
        parameters={"is": Words(("fr", "en"))},
        required=frozenset({"is"}),
    ),
    PredicateSpec(
        name="length",
        does="The subject and the visible text have at most so many words: a short note, no circular.",
        short="at_most",
        parameters={"at_most": Number(1, 5000)},
        required=frozenset({"at_most"}),
    ),
    PredicateSpec(
        name="findings",
        does="The bytes of the message are odd in this way.",
        short="kinds",
        parameters={"kinds": _of(Finding)},
        required=frozenset({"kinds"}),
    ),
    PredicateSpec(
        name="unchecked",
        does="One of these checks could not be made.",
        short="checks",
        parameters={"checks": Texts(r"[a-z_]{2,32}", "a check such as spf, dkim, dmarc, attachment")},
        required=frozenset({"checks"}),
    ),
    PredicateSpec(
        name="words",
        does="The text holds one of these words or phrases (or `at_least` that many of them).",
        short="of",
        parameters={"of": Literals(), "in": REGIONS, "at_least": Number(1, 50)},
        required=frozenset({"of"}),
        costs_scan=True,
    ),
    PredicateSpec(
        name="names",
        does="The text names one of these, with or without claiming to be it; `near` one of these words, if written.",
        short="who",
        parameters={"who": Who(), "near": Literals(), "within": Number(0, 60), "in": REGIONS},
        required=frozenset({"who"}),
        costs_scan=True,
    ),
    PredicateSpec(
        name="near",
        does="All of these stand together, no neighbours more than `within` words apart.",
        short="words",
        parameters={"words": Literals(2), "within": Number(0, 60), "in": REGIONS, "across_blocks": Switch()},
        required=frozenset({"words", "within"}),
        costs_scan=True,
    ),
    PredicateSpec(
        name="sequence",
        does="All of these follow one another in this order, no neighbours more than `within` words apart.",
        short="words",
        parameters={"words": Literals(2), "within": Number(0, 60), "in": REGIONS, "across_blocks": Switch()},
        required=frozenset({"words", "within"}),
        costs_scan=True,
    ),
    PredicateSpec(
        name="regex",
        does="This pattern is found in the folded text (google-re2: linear time, no back-references).",
        short="pattern",
        parameters={"pattern": Pattern(), "in": REGIONS},
        required=frozenset({"pattern"}),
        costs_scan=True,
    ),
    PredicateSpec(
        name="hits",
        does="Other rules matched: one of `rules`, or `at_least` that many; or of `families`.",
        short="rules",
        parameters={
            "rules": Texts(IDENTIFIER, "the id of a rule"),
            "families": Texts(IDENTIFIER, "a family"),
            "at_least": Number(1, 50),
        },
    ),
)

PREDICATES: Mapping[str, PredicateSpec] = {spec.name: spec for spec in _TABLE}
