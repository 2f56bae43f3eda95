"""Settings: every fault is told at once, at its line, with what to do."""

from pathlib import Path

import pytest

from gateway.model.errors import SettingsError
from gateway.settings.load import load_settings
from gateway.settings.schema import Settings

REPOSITORY = Path(__file__).parents[3]


def faults(tmp_path: Path, text: str) -> list[str]:
    file = tmp_path / "v.yml"
    file.write_text(text)
    with pytest.raises(SettingsError) as caught:
        load_settings(file)
    return [problem.removeprefix(f"{file}:") for problem in caught.value.problems]


def test_the_shipped_file_shows_every_setting_with_its_default() -> None:
    file = REPOSITORY / "config" / "vitalgate.yml"
    shipped = load_settings(file)
    bare = file.parent / "does-not-matter.yml"
    defaults = load_defaults_at(bare.parent)
    assert shipped.model_dump() == defaults.model_dump()
    text = file.read_text()
    for section, field in Settings.model_fields.items():
        assert f"\n{section}:" in text
        for name in getattr(field.annotation, "model_fields", {}):
            assert f" {name.rstrip('_')}:" in text, f"{section}.{name} is not shown"


def load_defaults_at(folder: Path) -> Settings:
    from gateway.settings.load import resolve_paths

    return resolve_paths(Settings(), folder.absolute())


def test_paths_start_at_the_file(tmp_path: Path) -> None:
    file = tmp_path / "v.yml"
    file.write_text("next_hop: {maildir: var/in}\nrules: {folders: [builtin, mine]}\n")
    settings = load_settings(file)
    assert settings.next_hop.maildir == tmp_path / "var/in"
    assert settings.quarantine.folder == tmp_path / "var/quarantine"
    assert settings.history.url == f"sqlite:///{tmp_path}/var/history.db"
    assert settings.rules.folders == ("builtin", str(tmp_path / "mine"))


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("relay_domain: [a.example]", "1: relay_domain: unknown key; did you mean `relay_domains`?"),
        ("relay_domains: a.example", "1: relay_domains: must be a list"),
        ("policy:\n  mode: enforc", "2: policy.mode: must be 'watch', 'tag' or 'enforce'"),
        ("listen:\n - {address: '10025'}", "2: listen[0].address: must be ADDRESS:PORT"),
        (
            "listen:\n - {trusted_clients: [0.0.0.0/0]}",
            "2: listen[0]: trusted_clients must not hold the whole Internet",
        ),
        ("limits: {recipients: 1.5}", "1: limits.recipients: must be a whole number"),
        ("limits: {recipients: ten}", "1: limits.recipients: must be a whole number"),
        ("policy: {tag_at: 9}", "1: policy: tag_at must be above 0 and not above quarantine_at"),
        ("policy:\n  allow:\n   - {domain: a.example, reason: x}", "3: policy.allow[0].authenticated: is missing"),
        ("policy:\n  for: [{mode: watch}]", "2: policy.for[0]: needs recipients or domains"),
        ("listen:\n - {address: '[::1]:25'}\n - {address: '[::1]:25'}", "2: listen: [::1]:25 stands twice"),
        ("dns: {nameservers: [dns.example]}", "1: dns.nameservers[0]: must be ADDRESS or ADDRESS:PORT, with an IP"),
        ("arc: {domain: a.example}", "1: arc: domain, selector and key_file are set together"),
        ("a: 1\na: 2", "2: a: "),
        ("- 1", "1: must be a section"),
        ("policy: {mode: [", "not YAML"),
    ],
)
def test_a_fault_has_its_line(tmp_path: Path, text: str, expected: str) -> None:
    assert any(expected in problem for problem in faults(tmp_path, text)), faults(tmp_path, text)


def test_all_faults_are_told_at_once(tmp_path: Path) -> None:
    found = faults(tmp_path, "relay_domains: x\npolicy: {mode: x}\nlimits: {errors: x}\nnonsense: 1\n")
    assert len(found) == 4


def test_a_missing_file_is_a_fault(tmp_path: Path) -> None:
    with pytest.raises(SettingsError, match="can't be read"):
        load_settings(tmp_path / "absent.yml")
