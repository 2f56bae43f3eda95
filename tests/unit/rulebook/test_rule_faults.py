"""Every fault of a rule file is told with file, line, path, and what to do; all of them at once."""

from pathlib import Path

import pytest

from gateway.model.errors import SettingsError
from gateway.rulebook.load import load_directory, load_rulebook
from gateway.settings.schema import Organisation, RuleOverride

DIRECTORY = load_directory((), Organisation())
HEAD = """family: essai
rules:
  - id: essai-un
    title: Un essai
    reason: "Ce message est un essai."
    points: 8
    when:
"""
TAIL = """
    must_match: [{text: "a"}]
    must_not_match: [{text: "b"}]
"""


def faults(tmp_path: Path, text: str, overrides: dict[str, RuleOverride] | None = None) -> list[str]:
    (tmp_path / "pack").mkdir()
    (tmp_path / "pack" / "essai.yml").write_text(text, encoding="utf-8")
    with pytest.raises(SettingsError) as caught:
        load_rulebook(["pack"], overrides or {}, tmp_path, DIRECTORY)
    return [problem.removeprefix(str(tmp_path / "pack") + "/") for problem in caught.value.problems]


@pytest.mark.parametrize(
    ("when", "fault"),
    [
        ("{clams: any}", "when.clams: unknown predicate `clams`, did you mean `claims`?"),
        ("{asks: credential}", "unknown `credential`, did you mean `credentials`?"),
        ("{claims: assurance_malady}", "unknown identity `assurance_malady`, did you mean `assurance_maladie`?"),
        ("{claims: kind:health}", "unknown kind"),
        ("{claims: {in: heading}}", "claims needs `who`"),
        ("{asks: {kinds: card, in: [visble]}}", "unknown `visble`, did you mean `visible`?"),
        ("{asks: {kinds: card, on: visible}}", "unknown parameter of asks"),
        ("{asks: []}", "must not be empty"),
        ("{asks: [card, card]}", "stands twice"),
        ("{words: [carte, 12]}", "must be a word (quote numbers)"),
        ('{words: ["!!!"]}', "can never match"),
        ('{words: ["ab*"]}', "a stem before * needs at least 3 letters"),
        ('{words: ["car*te"]}', "* stands at the end of a word only"),
        ("{words: {of: [a, b], at_least: 3}}", "can never hold: at_least 3 of 2"),
        ("{near: {words: [carte], within: 3}}", "needs at least 2 entries"),
        ("{near: {words: [carte, vitale]}}", "near needs `within`"),
        ("{near: {words: [carte, vitale], within: 900}}", "must be a whole number from 0 to 60"),
        ("{regex: '(a)(?=b)'}", "google-re2 refuses it"),
        (r"{regex: '(a)\1'}", "google-re2 refuses it"),
        ("{regex: '(a'}", "google-re2 refuses it"),
        ("{regex: 'carte é'}", "can never match: the text is folded"),
        ("{regex: 'Carte'}", "can never match: the text is folded"),
        ("{regex: 'a*'}", "matches the empty text"),
        ("{regex: '(?:[a-z]{1,50}x){1,20}'}", "too dear"),
        ("{all: []}", "must be a list of 1 to 200 conditions"),
        ("{any: {asks: card}}", "must be a list of 1 to 200 conditions"),
        ("{at_least: {count: 3, of: [{asks: card}, {asks: fee}]}}", "can never hold: 3 of 2 conditions"),
        ("{all: [{asks: card}, {not: {asks: card}}]}", "a condition and its negation in one `all`"),
        ("{all: [{language: fr}, {language: en}]}", "two values of language in one `all`"),
        ("{all: [{spf: [pass]}, {all: [{spf: [fail, softfail]}, {asks: card}]}]}", "two values of spf"),
        ("{link: {flags: [lookalike], without: [lookalike]}}", "flags and without exclude one another"),
        ("{not: {asks: card}}", "has only negations"),
        ("{is: nothing-of-the-kind}", "there is no condition named nothing-of-the-kind"),
        ("{hits: essai-deux}", "there is no rule essai-deux"),
        ("{hits: {families: autre}}", "there is no family autre"),
        ("{hits: essai-un}", "in a circle"),
        ("{asks: card, signs: refund}", "a condition is a mapping of one key"),
        ("[{asks: card}]", "a condition is a mapping of one key"),
        ("{author_proved: maybe}", "must be true or false"),
        ("{personal_data: {kinds: iban, country: [fr]}}", "a country code"),
    ],
)
def test_condition(tmp_path: Path, when: str, fault: str) -> None:
    problems = faults(tmp_path, HEAD + "      " + when + TAIL)
    assert any(fault in problem for problem in problems), problems
    assert all(problem.startswith("essai.yml:") for problem in problems)


def test_line_and_path(tmp_path: Path) -> None:
    when = "      all:\n        - asks: card\n        - not:\n            claims: nobody_we_know"
    assert faults(tmp_path, HEAD + when + TAIL)[0].startswith(
        "essai.yml:11: rules[0].when.all[1].not.claims: unknown identity"
    )


@pytest.mark.parametrize(
    ("old", "new", "fault"),
    [
        ("id: essai-un", "id: Essai Un", "must be an id of small letters"),
        ('reason: "Ce message est un essai."', "reason: court", "one French sentence"),
        ("points: 8", "points: 0", "0 points say nothing"),
        ("points: 8", "points: 80", "must be a number from -20 to 20"),
        ("points: 8", "point: 8", "unknown key"),
        ("points: 8", "points: true", "must be a number"),
        ("family: essai", "family: Mon Essai", "must be a name such as"),
        ("family: essai", "famille: essai", "unknown key"),
        ('    must_not_match: [{text: "b"}]\n', "", "`must_not_match` needs 1 to 100 proofs"),
        ('    must_match: [{text: "a"}]\n', "    must_match: []\n", "`must_match` needs 1 to 100 proofs"),
        ('must_match: [{text: "a"}]', "must_match: [{from: a@b.example}]", "a proof needs a text"),
        ('must_match: [{text: "a"}]', "must_match: [{eml: absent.eml}]", "there is no file"),
        ('must_match: [{text: "a"}]', "must_match: [{txt: a}]", "unknown key"),
        ("title: Un essai", "title: Un\u200b essai", "invisible character U+200B"),
    ],
)
def test_rule(tmp_path: Path, old: str, new: str, fault: str) -> None:
    text = HEAD + "      asks: card" + TAIL
    assert old in text
    problems = faults(tmp_path, text.replace(old, new, 1))
    assert any(fault in problem for problem in problems), problems


def test_all_at_once(tmp_path: Path) -> None:
    text = (HEAD + "      asks: nonsense" + TAIL).replace("points: 8", "points: 99")
    assert len(faults(tmp_path, text)) == 2


def test_ids_are_never_reused(tmp_path: Path) -> None:
    text = HEAD + "      asks: card" + TAIL
    twice = text + text.split("rules:\n")[1]
    assert any("id essai-un stands twice" in problem for problem in faults(tmp_path, twice))


def test_retired_ids(tmp_path: Path) -> None:
    text = HEAD.replace("rules:", "retired: [essai-un]\nrules:") + "      asks: card" + TAIL
    assert any("was used before" in problem for problem in faults(tmp_path, text))


def test_circle_of_named_conditions(tmp_path: Path) -> None:
    head = HEAD.replace("rules:", "conditions:\n  un: {is: deux}\n  deux: {any: [{asks: card}, {is: un}]}\nrules:")
    assert any("leads back to itself" in problem for problem in faults(tmp_path, head + "      is: un" + TAIL))


def test_named_conditions_do_not_explode(tmp_path: Path) -> None:
    names = "".join(f"  c{i}: {{any: [{{is: c{i + 1}}}, {{is: c{i + 1}}}]}}\n" for i in range(30))
    head = HEAD.replace("rules:", f"conditions:\n{names}  c30: {{asks: card}}\nrules:")
    assert any("more than 2000 conditions" in problem for problem in faults(tmp_path, head + "      is: c0" + TAIL))


def test_override_of_no_rule(tmp_path: Path) -> None:
    problems = faults(tmp_path, HEAD + "      asks: card" + TAIL, {"essai-deux": RuleOverride(mode="off")})
    assert problems == ["rules.overrides.essai-deux: there is no rule essai-deux; `vitalgate rules list` names them"]


def test_no_folder(tmp_path: Path) -> None:
    with pytest.raises(SettingsError, match="is no folder with rule files"):
        load_rulebook(["absent"], {}, tmp_path)
