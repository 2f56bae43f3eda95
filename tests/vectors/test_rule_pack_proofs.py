"""The built-in pack: its proofs hold, alone and together; it keys on nothing of the development sets."""

import json
import re
from functools import lru_cache
from pathlib import Path

import pytest

from gateway.rulebook.examples import ProofResult, run_proofs
from gateway.rulebook.folding import fold_words
from gateway.rulebook.json_schema import rule_file_schema
from gateway.rulebook.load import builtin_folder
from gateway.settings.yaml_lines import load_yaml
from tests.rule_pack import Case, load_cases, pack, try_case, try_proof

SHARED = Path(__file__).resolve().parents[2].parent / "shared"
FAMILIES = frozenset(
    (
        *("carte_vitale", "remboursement", "compte_ameli", "ameli_pro", "cpam_dossier", "mon_espace_sante", "mutuelle"),
        *("tiers_payant", "apres_fuite", "donnees_divulguees", "changement_rib", "faux_dirigeant", "carte_cadeau"),
        *("support_informatique", "document_partage", "facture", "colis", "amende", "impots", "caf", "banque"),
        *("rh_paie", "ordre_professionnel", "rappel_telephonique", "extorsion", "piece_jointe_executable", "code_qr"),
        "partenaire_detourne",
    )
)


@lru_cache(maxsize=1)
def results() -> tuple[ProofResult, ...]:
    rulebook, _, judge = pack()
    return tuple(run_proofs(rulebook, judge))


def test_every_proof_holds() -> None:
    assert [f"{r.rule.id} line {r.proof.place.line}" for r in results() if not r.holds] == []


def test_honest_proofs_are_not_held_by_any_rule() -> None:
    """What one rule must spare, the whole pack must not hold."""
    held = []
    for result in results():
        if not result.proof.must_match and result.proof.honest:
            judged = try_proof(result.proof)
            account = {hit.family for hit in judged.hits} == {"changement_rib"}  # a tag is right there
            if judged.action != "relay" and not (judged.action == "tag" and account):
                held.append((result.rule.id, result.proof.place.line, judged.action, [h.rule for h in judged.hits]))
    assert held == []


@pytest.mark.parametrize("case", load_cases("lures"), ids=lambda case: case.name)
def test_lure(case: Case) -> None:
    judged = try_case(case)
    assert judged.action in case.actions, [(hit.rule, hit.points) for hit in judged.hits]


@pytest.mark.parametrize("case", load_cases("honest"), ids=lambda case: case.name)
def test_honest(case: Case) -> None:
    judged = try_case(case)
    assert judged.action in case.actions, [(hit.rule, hit.points) for hit in judged.hits]


def test_every_family_is_there() -> None:
    rulebook, _, _ = pack()
    assert {rule.family for rule in rulebook.rules} >= FAMILIES


def test_signs_alone_never_reach_quarantine() -> None:
    """A rule that tests neither proof, address nor form gives less than `quarantine_at` (DESIGN §6)."""
    for result in results():
        for hit in result.hits:
            if hit.grounds == {"words"}:
                judged = try_proof(result.proof)
                if all(other.grounds == {"words"} for other in judged.hits):
                    assert judged.score < 8


@pytest.mark.skipif(not SHARED.is_dir(), reason="the development sets are not beside this checkout")
def test_no_key_of_the_development_sets() -> None:
    """No domain, number or sentence that occurs only in the development sets."""
    listed = {
        str(domain)
        for file in (builtin_folder() / "lists").glob("*.yml")
        for domain in re.findall(r"[a-z0-9-]+(?:\.[a-z0-9-]+)+", file.read_text(encoding="utf-8"))
    }
    pack_text = "\n".join(f.read_text(encoding="utf-8").lower() for f in sorted(builtin_folder().glob("*.yml")))
    rulebook, _, _ = pack()
    # sentences and numbers: what is longer than a phrase of the trade
    long_words = [text for text in rulebook.literals.texts if len(text.split()) > 5 or sum(map(str.isdigit, text)) > 4]
    found = set()
    for name in ("corpus", "corpus2"):
        for line in (SHARED / name / "manifest.jsonl").read_text(encoding="utf-8").splitlines():
            entry = json.loads(line)
            hosts = {entry["header_from"].rpartition("@")[2], entry["mail_from"].rpartition("@")[2], entry["helo"]}
            raw = (SHARED / name / entry["file"]).read_bytes().decode("utf-8", "replace").lower()
            hosts.update(re.findall(r"https?://([a-z0-9.-]+\.[a-z]{2,})", raw))
            for host in hosts:
                parts = host.lower().split(".")
                known = any(".".join(parts[i:]) in listed for i in range(len(parts)))
                whole = rf"(?<![a-z0-9-]){re.escape(host.lower())}(?![a-z0-9-])"
                if host and not known and re.search(whole, pack_text):
                    found.add(host)
            folded = fold_words(raw)
            found.update(words for words in long_words if words in folded)
    assert found == set()


def test_schema_file_is_the_loaders() -> None:
    written = json.loads((builtin_folder() / "schema.json").read_text(encoding="utf-8"))
    assert written == rule_file_schema(), "run: vitalgate rules schema > rules/schema.json"


def test_rule_files_fit_the_schema() -> None:
    """The keys of every rule and proof are those the schema names."""
    schema = json.loads((builtin_folder() / "schema.json").read_text(encoding="utf-8"))
    rule_keys = set(schema["$defs"]["rule"]["properties"])
    proof_keys = set(schema["$defs"]["proof"]["properties"])
    predicates = set(schema["$defs"]["condition"]["properties"])

    def check(condition: object) -> None:
        assert isinstance(condition, dict)
        ((key, value),) = condition.items()
        assert key in predicates
        if key in ("all", "any"):
            for child in value:
                check(child)
        elif key == "not":
            check(value)

    for file in sorted(builtin_folder().glob("*.yml")):
        data = load_yaml(file).data
        assert isinstance(data, dict)
        for rule in data.get("rules", []):
            assert set(rule) <= rule_keys
            check(rule["when"])
            assert all(set(proof) <= proof_keys for proof in rule["must_match"] + rule["must_not_match"])
