"""What conditions mean: three answers, regions, words with boundaries, gaps, composites, grounds."""

from pathlib import Path

import pytest

from gateway.model.auth_facts import AuthFacts, DkimResult, DkimStatus, SpfIdentity, SpfResult, SpfStatus
from gateway.model.content_facts import (
    Ask,
    AskKind,
    AttachmentFacts,
    AttachmentFlag,
    Claim,
    ClaimPlace,
    ContentFacts,
    DataKind,
    FormFlag,
    Link,
    LinkFlag,
    LinkSource,
    PersonalData,
    Proof,
    SenderFacts,
    SenderFlag,
    Sign,
    SignKind,
)
from gateway.model.domain import DomainName
from gateway.model.folded import Folded, Region, Span
from gateway.model.hit import Ground, RuleMode, RuleOutcome
from gateway.rulebook.load import load_directory, load_rulebook
from gateway.rulebook.match import Rulebook
from gateway.settings.schema import Organisation, RuleOverride

UNKNOWN = AuthFacts(known=False)
SIGNED = AuthFacts(dkim=(DkimResult(status=DkimStatus.PASS, domain=None),))


def folded(subject: str = "", visible: str = "", hidden: str = "") -> Folded:
    spans, text = [], ""
    for region, piece in ((Region.SUBJECT, subject), (Region.VISIBLE, visible), (Region.HIDDEN, hidden)):
        start = len(text)
        text += piece
        spans.append(Span(region, start, len(text)))
        text += "\n"
    return Folded(text=text, spans=tuple(spans))


DIRECTORY = load_directory((), Organisation())


def book(
    tmp_path: Path, *rules: tuple[str, str], extra: str = "", overrides: dict[str, RuleOverride] | None = None
) -> Rulebook:
    """A rulebook of rules given as (id, condition)."""
    text = f"family: essai\n{extra}\nrules:\n"
    for name, when in rules:
        text += (
            f'  - id: {name}\n    title: Essai\n    reason: "Ceci est un essai."\n    points: 5\n    when: {when}\n'
            '    must_match: [{text: "a"}]\n    must_not_match: [{text: "b"}]\n'
        )
    folder = tmp_path / "pack"
    folder.mkdir(exist_ok=True)
    (folder / "essai.yml").write_text(text, encoding="utf-8")
    return load_rulebook(["pack"], overrides or {}, tmp_path, DIRECTORY)


def run(tmp_path: Path, when: str, content: ContentFacts, auth: AuthFacts | None = None) -> RuleOutcome:
    return book(tmp_path, ("essai-un", when)).match(content, auth or AuthFacts(), None)


def answer(tmp_path: Path, when: str, content: ContentFacts, auth: AuthFacts | None = None) -> bool | None:
    outcome = run(tmp_path, when, content, auth)
    return True if outcome.hits else None if outcome.unknown else False


def claim(identity: str = "viamedis", place: ClaimPlace = ClaimPlace.DISPLAY_NAME) -> Claim:
    return Claim(identity=identity, place=place)


def ask(kind: AskKind, region: Region = Region.VISIBLE, start: int = -1, words: str = "") -> Ask:
    return Ask(kind=kind, region=region, start=start, end=start + 5 if start >= 0 else -1, words=words)


def sender(**proof: Proof) -> SenderFacts:
    return SenderFacts(proof=tuple(proof.items()))


@pytest.mark.parametrize(("most", "expected"), [(4, False), (5, True), (6, True)])
def test_length_counts_the_words_that_are_read(tmp_path: Path, most: int, expected: bool) -> None:
    content = ContentFacts(folded=folded("votre dossier", "signez  avant\nlundi", "ceci ne se voit pas"))
    assert answer(tmp_path, f"{{length: {most}}}", content) is expected


@pytest.mark.parametrize(
    ("proof", "auth_says", "not_says", "unproved_says"),
    [
        (Proof.YES, True, False, False),
        (Proof.NO, False, True, True),
        (Proof.UNKNOWN, None, None, None),
        (None, False, True, True),  # not named: no
    ],
)
def test_three_answers(
    tmp_path: Path, proof: Proof | None, auth_says: bool | None, not_says: bool | None, unproved_says: bool | None
) -> None:
    known = sender(viamedis=proof) if proof else SenderFacts()
    content = ContentFacts(claims=(claim(),), sender=known)
    assert answer(tmp_path, "{all: [{claims: viamedis}, {authenticated_as: viamedis}]}", content) is auth_says
    assert answer(tmp_path, "{all: [{claims: viamedis}, {not: {authenticated_as: viamedis}}]}", content) is not_says
    assert answer(tmp_path, "{claims_unproved: kind:health_operator}", content) is unproved_says


def test_unknown_in_all_any_and_at_least(tmp_path: Path) -> None:
    content = ContentFacts(claims=(claim(),), asks=(ask(AskKind.CARD),), sender=sender(viamedis=Proof.UNKNOWN))
    unknown, true, false = "{authenticated_as: viamedis}", "{asks: card}", "{asks: fee}"
    assert answer(tmp_path, f"{{all: [{true}, {unknown}, {false}]}}", content) is False
    assert answer(tmp_path, f"{{all: [{true}, {unknown}]}}", content) is None
    assert answer(tmp_path, f"{{any: [{unknown}, {true}]}}", content) is True
    assert answer(tmp_path, f"{{any: [{unknown}, {false}]}}", content) is None
    assert answer(tmp_path, f"{{at_least: {{count: 2, of: [{true}, {unknown}, {false}]}}}}", content) is None
    assert answer(tmp_path, f"{{at_least: {{count: 3, of: [{true}, {unknown}, {false}]}}}}", content) is False


@pytest.mark.parametrize(
    ("when", "auth", "expected"),
    [
        ("{all: [{asks: card}, {spf: fail}]}", UNKNOWN, None),
        ("{all: [{asks: card}, {dkim: none}]}", AuthFacts(), True),
        (
            "{all: [{asks: card}, {dkim: pass}]}",
            AuthFacts(dkim=(DkimResult(status=DkimStatus.PASS, domain=None),)),
            True,
        ),
        (
            "{all: [{asks: card}, {spf: fail}]}",
            AuthFacts(spf=SpfResult(status=SpfStatus.TEMPERROR, identity=SpfIdentity.MAIL_FROM, domain=None)),
            None,
        ),
        ("{all: [{asks: card}, {dmarc: {is: none}}]}", AuthFacts(), True),
        ("{all: [{asks: card}, {dmarc: {is: none, policy: reject}}]}", AuthFacts(), False),
        ("{all: [{asks: card}, {arc: none}]}", AuthFacts(), True),
    ],
)
def test_authentication(tmp_path: Path, when: str, auth: AuthFacts, expected: bool | None) -> None:
    assert answer(tmp_path, when, ContentFacts(asks=(ask(AskKind.CARD),)), auth) is expected


@pytest.mark.parametrize(
    ("when", "text", "expected"),
    [
        ("{words: ameli}", "amelioration de votre contrat", False),
        ("{words: ameli}", "votre compte ameli, bonjour", True),
        ("{words: 'Améli'}", "ameli", True),
        ("{words: remboursement*}", "des remboursements", True),
        ("{words: 'carte vitale'}", "carte-vitale", True),
        ('{words: "l\'e-mail"}', "l'e-mail", True),
        ("{words: {of: [un, deux, trois], at_least: 2}}", "un deux", True),
        ("{words: {of: [un, deux, trois], at_least: 2}}", "un un", False),
        ("{words: {of: ['un|deux', trois], at_least: 2}}", "un deux", False),
        ("{near: {words: [confirmer, 'carte vitale'], within: 3}}", "carte vitale il faut la confirmer", True),
        ("{near: {words: [confirmer, 'carte vitale'], within: 3}}", "carte vitale il faut bien la confirmer", False),
        ("{near: {words: [a1, b1, c1], within: 1}}", "b1 x a1 x c1", True),
        ("{near: {words: [a1, b1, c1], within: 1}}", "b1 x a1 x x c1", False),
        ("{near: {words: [un, deux], within: 5}}", "un\ndeux", False),
        ("{near: {words: [un, deux], within: 5, across_blocks: true}}", "un\ndeux", True),
        ("{near: {words: ['carte vitale', vitale], within: 0}}", "carte vitale", True),
        ("{sequence: {words: [un, deux], within: 2}}", "deux x un", False),
        ("{sequence: {words: [un, deux, trois], within: 2}}", "trois un x deux trois", True),
        ("{sequence: {words: [un, deux], within: 1}}", "un x x un deux", True),
        ("{regex: 'cart[ea] [0-9]{4}'}", "la carte 2026 est la", True),
        ("{regex: 'cart[ea] [0-9]{4}'}", "la carte", False),
    ],
)
def test_text(tmp_path: Path, when: str, text: str, expected: bool) -> None:
    assert answer(tmp_path, when, ContentFacts(folded=folded(visible=text))) is expected


def test_regions(tmp_path: Path) -> None:
    content = ContentFacts(folded=folded(subject="un", visible="deux", hidden="trois"))
    assert answer(tmp_path, "{words: trois}", content) is False
    assert answer(tmp_path, "{words: {of: trois, in: hidden}}", content) is True
    assert answer(tmp_path, "{words: {of: un, in: visible}}", content) is False
    assert answer(tmp_path, "{near: {words: [un, deux], within: 9, across_blocks: true}}", content) is False
    assert answer(tmp_path, "{regex: {pattern: 'troi[sx]', in: hidden}}", content) is True
    asks = ContentFacts(asks=(ask(AskKind.CARD, Region.QUOTED),))
    assert answer(tmp_path, "{asks: card}", asks) is False
    assert answer(tmp_path, "{asks: {kinds: card, in: quoted}}", asks) is True


def test_where_points_at_the_words(tmp_path: Path) -> None:
    content = ContentFacts(folded=folded("objet", "votre carte vitale est a confirmer"))
    for when in ("{near: {words: [confirmer, vitale], within: 5}}", "{regex: 'vitale est a confirmer'}"):
        hit = run(tmp_path, when, content).hits[0]
        found = [content.folded.text[start:end] for start, end in hit.where]
        assert found in (["vitale", "confirmer"], ["vitale est a confirmer"])


def link(host: str, *flags: LinkFlag, source: LinkSource = LinkSource.HTML, of: str = "") -> Link:
    domain = DomainName(".".join(host.rsplit(".", 2)[-2:]))
    return Link(
        source=source, scheme="https", host=host, domain=domain, flags=frozenset(flags), speaks_for=(of,) if of else ()
    )


TWO_LINKS = (link("viamedis.fr", LinkFlag.SHORTENER, of="viamedis"), link("a.example"))


@pytest.mark.parametrize(
    ("when", "links", "expected"),
    [
        ("{link: {not_of: claimed}}", (link("a.example"),), True),
        ("{link: {not_of: claimed}}", (link("viamedis.fr", of="viamedis"),), False),
        ("{link: {not_of: claimed, without: unsubscribe}}", (link("a.example", LinkFlag.UNSUBSCRIBE),), False),
        ("{link: {not_of: any}}", (link("almerys.com", of="almerys"),), False),
        ("{link: {not_of: [author, any]}}", (link("www.auteur.example"),), False),
        ("{link: {not_of: [author, any]}}", (link("autre.example"),), True),
        ("{link: {of: author}}", (link("www.auteur.example"),), True),
        ("{link: {not_of: claimed}}", (link("a.example", source=LinkSource.IMAGE),), False),
        ("{link: {not_of: claimed}}", (link("a.example", source=LinkSource.QUOTED),), False),
        ("{link: {source: image, not_of: claimed}}", (link("a.example", source=LinkSource.IMAGE),), True),
        ("{link: shortener}", (link("a.example", LinkFlag.SHORTENER),), True),
        # both must hold of one link
        ("{link: {flags: shortener, not_of: claimed}}", TWO_LINKS, False),
    ],
)
def test_links(tmp_path: Path, when: str, links: tuple[Link, ...], expected: bool) -> None:
    known = SenderFacts(registrable_domain=DomainName("auteur.example"))
    content = ContentFacts(claims=(claim(),), links=links, sender=known)
    assert answer(tmp_path, when, content) is expected


@pytest.mark.parametrize(
    ("when", "ground"),
    [
        ("{all: [{claims: viamedis}, {not: {authenticated_as: viamedis}}]}", Ground.PROOF),
        ("{claims_unproved: any}", Ground.PROOF),
        ("{claims: viamedis}", Ground.WORDS),
        ("{not: {not: {asks: card}}}", None),  # only negations: refused
        ("{asks: card}", Ground.WORDS),
        ("{asks: [gift_card, cryptocurrency]}", Ground.FORM),
        ("{asks: [gift_card, card]}", Ground.WORDS),
        ("{asks_by_reply: card}", Ground.FORM),
        ("{sender: reply_to_elsewhere}", Ground.ADDRESS),
        ("{sender: free_mail}", Ground.WORDS),
        ("{link: lookalike}", Ground.ADDRESS),
        ("{link: {of: any}}", Ground.WORDS),
        ("{form: zero_width}", Ground.FORM),
        ("{attachment: executable}", Ground.FORM),
        ("{attachment: pdf}", Ground.WORDS),
        ("{personal_data: iban}", Ground.WORDS),
        ("{personal_data: {kinds: iban, not_country: FR}}", Ground.ADDRESS),
        ("{any: [{form: script_in_body}, {asks: card}]}", Ground.WORDS),  # the form is not what held
    ],
)
def test_grounds(tmp_path: Path, when: str, ground: Ground | None) -> None:
    content = ContentFacts(
        claims=(claim(),),
        asks=(
            ask(AskKind.CARD, start=3, words="repondez avec la carte"),
            ask(AskKind.REPLY_WITH_DATA, start=0),
            ask(AskKind.GIFT_CARD),
        ),
        sender=SenderFacts(flags=frozenset((SenderFlag.REPLY_TO_ELSEWHERE, SenderFlag.FREE_MAIL))),
        links=(link("x.example", LinkFlag.LOOKALIKE, of="almerys"),),
        form=frozenset((FormFlag.ZERO_WIDTH,)),
        attachments=(
            AttachmentFacts(true_type="exe", flags=frozenset((AttachmentFlag.EXECUTABLE,))),
            AttachmentFacts(true_type="pdf", flags=frozenset((AttachmentFlag.PDF,))),
        ),
        personal_data=(PersonalData(kind=DataKind.IBAN, region=Region.VISIBLE, country="DE"),),
    )
    if ground is None:
        with pytest.raises(Exception, match="only negations"):
            run(tmp_path, when, content)
        return
    assert run(tmp_path, when, content).hits[0].grounds == frozenset((ground,))


def test_composites_see_hits_in_order(tmp_path: Path) -> None:
    rules = (
        ("compose", "{hits: {rules: [essai-un, essai-deux], at_least: 2}}"),
        ("essai-un", "{asks: card}"),
        ("essai-deux", "{signs: refund}"),
    )
    content = ContentFacts(asks=(ask(AskKind.CARD),), signs=(Sign(kind=SignKind.REFUND, region=Region.VISIBLE),))
    assert {h.rule for h in book(tmp_path, *rules).match(content, AuthFacts(), None).hits} == {
        "essai-un",
        "essai-deux",
        "compose",
    }
    shadow = {"essai-un": RuleOverride(mode="shadow")}
    outcome = book(tmp_path, *rules, overrides=shadow).match(content, AuthFacts(), None)
    assert {h.rule: h.mode for h in outcome.hits} == {"essai-un": RuleMode.SHADOW, "essai-deux": RuleMode.ENFORCE}


def test_overrides(tmp_path: Path) -> None:
    content = ContentFacts(asks=(ask(AskKind.CARD),))
    rule = ("essai-un", "{asks: card}")
    weaker = book(tmp_path, rule, overrides={"essai-un": RuleOverride(points=2)})
    assert weaker.match(content, AuthFacts(), None).hits[0].points == 2
    off = book(tmp_path, rule, overrides={"essai-un": RuleOverride(mode="off")})
    assert off.match(content, AuthFacts(), None).hits == ()
    assert [r.id for r in off.switched_off] == ["essai-un"]


def test_family_cap_and_named_condition(tmp_path: Path) -> None:
    found = book(tmp_path, ("essai-un", "{is: carte}"), extra="cap: 6\nconditions:\n  carte: {asks: card}")
    outcome = found.match(ContentFacts(asks=(ask(AskKind.CARD),)), AuthFacts(), None)
    assert outcome.hits
    assert outcome.family_caps == (("essai", 6.0),)
