"""Everything that is read once per start or reload: settings, rules, lists, keys. `check` checks by doing this."""

import os
import re
import ssl
from dataclasses import dataclass
from pathlib import Path

from cryptography.hazmat.primitives.serialization import load_pem_private_key

from gateway.authn.arc_seal import Sealer
from gateway.content.reading import ContentReader
from gateway.model.domain import DomainName
from gateway.model.errors import SettingsError
from gateway.resolver.zone import ZoneResolver
from gateway.rulebook.load import load_directory, load_rulebook
from gateway.rulebook.match import Rulebook
from gateway.settings.load import load_settings
from gateway.settings.schema import NextHop, Settings
from gateway.settings.yaml_lines import YamlPath, load_yaml


@dataclass(frozen=True, slots=True, kw_only=True)
class Loaded:
    """A checked set of everything; a worker lives with one and never changes it."""

    path: Path
    settings: Settings
    rulebook: Rulebook
    reader: ContentReader
    sealer: Sealer | None
    zone: ZoneResolver | None


def load_everything(path: Path, *, for_scan: bool = False) -> Loaded:
    """Read and check all that `serve` needs. Raises SettingsError with every fault found, in one go.

    `for_scan` leaves out keys and certificates, which judging needs none of.
    """
    settings = load_settings(path)
    problems: list[str] = []
    rulebook: Rulebook | None = None
    reader: ContentReader | None = None
    try:
        directory = load_directory(settings.rules.folders, settings.organisation, path.parent)
        reader = ContentReader(directory)
        rulebook = load_rulebook(settings.rules.folders, settings.rules.overrides, path.parent, directory)
    except SettingsError as error:
        problems += _in_settings(path, error.problems)
    sealer, zone = None, None
    if not for_scan:
        files = _Files(path, problems)
        files.check_all(settings)
        sealer = files.sealer(settings)
    if settings.dns.zone is not None:
        try:
            zone = ZoneResolver.load(settings.dns.zone)
        except SettingsError as error:
            problems += error.problems
    if problems or rulebook is None or reader is None:
        raise SettingsError(problems)
    return Loaded(path=path, settings=settings, rulebook=rulebook, reader=reader, sealer=sealer, zone=zone)


def load_defaults() -> Loaded:
    """Default settings and the built-in pack: `scan` on a machine without a settings file."""
    settings = Settings()
    directory = load_directory(settings.rules.folders, settings.organisation)
    return Loaded(
        path=Path(),
        settings=settings,
        rulebook=load_rulebook(settings.rules.folders, settings.rules.overrides, Path(), directory),
        reader=ContentReader(directory),
        sealer=None,
        zone=None,
    )


def _in_settings(path: Path, problems: list[str]) -> list[str]:
    """Faults of the rules that stand in the settings (a folder, an override, a partner), with the settings' line."""
    node = load_yaml(path)
    placed = []
    for problem in problems:
        where = re.match(r"(?:rules\.(?:folders|overrides\.[a-z0-9-]+)|organisation\.partners\[\d+\])", problem)
        steps = re.findall(r"[a-z0-9_-]+", where[0]) if where else []
        keys = tuple(int(step) if step.isdecimal() else step for step in steps)
        placed.append(f"{node.path}:{node.line_of(keys)}: {problem}" if keys else problem)
    return placed


class _Files:
    """Checks the files that settings name, and tells faults at the line that names them."""

    def __init__(self, path: Path, problems: list[str]) -> None:
        self._node = load_yaml(path)
        self._problems = problems

    def fault(self, where: YamlPath, text: str) -> None:
        self._problems.append(self._node.problem(where, text))

    def read(self, where: YamlPath, file: Path) -> bytes | None:
        """The file's bytes, or None after telling why they can't be had."""
        try:
            return file.read_bytes()
        except OSError as error:
            self.fault(where, f"{file}: cannot be read: {error.strerror}; check its name and its owner")
            return None

    def size(self, where: YamlPath, file: Path) -> int | None:
        """The size of a file that could be read; it is not: a key that workers shall not have stays out of memory."""
        try:
            with file.open("rb", buffering=0) as opened:
                return os.fstat(opened.fileno()).st_size
        except OSError as error:
            self.fault(where, f"{file}: cannot be read: {error.strerror}; check its name and its owner")
            return None

    def check_all(self, settings: Settings) -> None:
        for index, listen in enumerate(settings.listen):
            if listen.tls.certificate and listen.tls.key:
                self._certificate(
                    ("listen", index, "tls"), "certificate", listen.tls.certificate, "key", listen.tls.key
                )
        self._next_hop(("next_hop",), settings.next_hop)
        for domain, hop in settings.routes.items():
            self._next_hop(("routes", domain), hop)
        for where, file in (
            (("quarantine", "key_file"), settings.quarantine.key_file),
            (("log", "key_file"), settings.log.key_file),
        ):
            size = self.size(where, file) if file is not None else None
            if size is not None and size < 16:
                self.fault(where, f"{file}: holds no key of at least 16 bytes; make one with `openssl rand -hex 32`")

    def _next_hop(self, where: YamlPath, hop: NextHop) -> None:
        if (hop.client_certificate is None) != (hop.client_key is None):
            self.fault(where, "client_certificate and client_key are set together")
        elif hop.client_certificate and hop.client_key:
            self._certificate(where, "client_certificate", hop.client_certificate, "client_key", hop.client_key)
        if hop.ca is not None and self.read((*where, "ca"), hop.ca) is not None:
            try:
                ssl.create_default_context(cafile=str(hop.ca))
            except ssl.SSLError:
                self.fault((*where, "ca"), f"{hop.ca}: holds no certificate in PEM form")

    def _certificate(self, where: YamlPath, name: str, certificate: Path, key_name: str, key: Path) -> None:
        read = [self.read((*where, name), certificate), self.read((*where, key_name), key)]
        if None in read:
            return
        try:
            ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER).load_cert_chain(certificate, key)
        except (ssl.SSLError, OSError, ValueError):
            self.fault((*where, name), f"{certificate} and {key} are not a certificate and its key in PEM form")

    def sealer(self, settings: Settings) -> Sealer | None:
        arc = settings.arc
        if arc.key_file is None or arc.domain is None or arc.selector is None:
            return None
        where: YamlPath = ("arc", "key_file")
        data = self.read(where, arc.key_file)
        if data is None:
            return None
        try:
            load_pem_private_key(data, None)
            return Sealer(DomainName(arc.domain), arc.selector, data)
        except (ValueError, TypeError):
            self.fault(where, f"{arc.key_file}: holds no RSA or Ed25519 private key in PEM form without a password")
            return None
