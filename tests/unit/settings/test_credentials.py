"""Keys that systemd hands over: the settings name root's file, the service reads the copy it was given."""

from pathlib import Path

import pytest

from gateway.settings.load import load_settings

SETTINGS = """
listen: [{tls: {certificate: cert.pem, key: listener.key}}]
next_hop: {client_certificate: cert.pem, client_key: client.key}
quarantine: {key_file: quarantine.key}
log: {key_file: log.key}
"""


@pytest.fixture
def file(tmp_path: Path) -> Path:
    file = tmp_path / "v.yml"
    file.write_text(SETTINGS)
    return file


def test_what_was_handed_over_is_read_instead(file: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    given = tmp_path / "credentials"
    given.mkdir()
    for name in ("quarantine.key", "listener.key", "cert.pem"):
        (given / name).write_text("x")
    monkeypatch.setenv("CREDENTIALS_DIRECTORY", str(given))
    settings = load_settings(file)
    assert settings.quarantine.key_file == given / "quarantine.key"
    assert settings.listen[0].tls.key == given / "listener.key"
    assert settings.listen[0].tls.certificate == tmp_path / "cert.pem", "no secret: read where it is"
    assert settings.next_hop.client_key == tmp_path / "client.key", "not handed over: read where it is"
    assert settings.log.key_file == tmp_path / "log.key"


def test_without_systemd_files_are_read_where_they_are(file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("CREDENTIALS_DIRECTORY", raising=False)
    assert load_settings(file).quarantine.key_file == file.parent / "quarantine.key"
