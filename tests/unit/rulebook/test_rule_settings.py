"""Faults of rules that stand in the settings are told with the settings' file and line."""

from pathlib import Path

import pytest

from gateway.daemon.loaded import load_everything
from gateway.model.errors import SettingsError


def test_places(tmp_path: Path) -> None:
    path = tmp_path / "vitalgate.yml"
    path.write_text(
        "relay_domains: [mutuelle.example]\n"
        "rules:\n  folders: [builtin, absent]\n  overrides:\n    no-such-rule: {mode: off}\n",
        encoding="utf-8",
    )
    with pytest.raises(SettingsError) as caught:
        load_everything(path, for_scan=True)
    folder, override = caught.value.problems
    assert folder == f"{path}:3: rules.folders: {tmp_path / 'absent'}: is no folder with rule files (*.yml)"
    assert override.startswith(f"{path}:5: rules.overrides.no-such-rule: there is no rule no-such-rule")


def test_unknown_ask_of_a_partner(tmp_path: Path) -> None:
    path = tmp_path / "vitalgate.yml"
    path.write_text(
        "relay_domains: [mutuelle.example]\norganisation:\n  partners:\n"
        "    - {name: A, domains: [a.example]}\n    - {name: B, domains: [b.example], never_asks: [cards]}\n",
        encoding="utf-8",
    )
    with pytest.raises(SettingsError) as caught:
        load_everything(path, for_scan=True)
    assert caught.value.problems == [f"{path}:5: organisation.partners[1].never_asks: unknown: cards"]
