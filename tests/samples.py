"""Every sample message of the published suites and both development sets, read where they lie, as it would travel."""

import json
import re
import tarfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from tests.corpora import SHARED

CONFORMANCE = SHARED / "conformance"
_BARE = re.compile(rb"\r(?!\n)|(?<!\r)\n|\0")
_ARCHIVES = (
    "mime/mime-samples", "mail/ham-modern", "mail/ham-classic", "mail/phishing", "mail/spam-classic",
    "mail/french/french-phishing",
)  # fmt: skip
_FOLDERS = ("dkim/messages", "arc/messages", "dmarc/messages", "../corpus/eml", "../corpus2/eml")


@dataclass(frozen=True, slots=True)
class Sample:
    """One message: `file` as it lies on the disk, `wire` as a client would send it (LF line ends made CRLF)."""

    id: str
    file: bytes
    wire: bytes

    @property
    def sendable(self) -> bool:
        """Whether it may pass: no bare CR, bare LF or NUL is left in it."""
        return _BARE.search(self.wire) is None


def _sample(name: str, raw: bytes) -> Sample:
    wire = raw.replace(b"\r\n", b"\n").replace(b"\n", b"\r\n")
    return Sample(name, raw, wire if not wire or wire.endswith(b"\r\n") else wire + b"\r\n")


def all_samples() -> Iterator[Sample]:
    """All of them; spoofing cases too."""
    for name in _ARCHIVES:
        with tarfile.open(CONFORMANCE / f"{name}.tar.xz") as tar:
            for member in tar:
                file = tar.extractfile(member) if member.isfile() else None
                if file is not None and not member.name.endswith((".json", ".md")):
                    yield _sample(f"{name}/{member.name}", file.read())
    for folder in _FOLDERS:
        for path in sorted((CONFORMANCE / folder).rglob("*.eml")):
            yield _sample(str(path.relative_to(SHARED.parent)), path.read_bytes())
    for case in spoofing_cases():
        yield _sample(f"espoofer/{case['id']}", spoofed(case))


def spoofing_cases() -> list[dict[str, object]]:
    """The header cases of espoofer; strings are latin-1 views of bytes."""
    data = json.loads((CONFORMANCE / "attacks" / "espoofer-cases.json").read_text(encoding="utf-8"))
    return list(data["cases"])


def spoofed(case: dict[str, object]) -> bytes:
    """The message of a spoofing case."""
    parts = case["headers_and_body"]
    assert isinstance(parts, dict)
    order = ("from_header", "to_header", "subject_header", "other_headers", "body")
    return "".join(str(parts.get(name, "")) for name in order).encode("latin-1")


def smuggling_sequences() -> list[bytes]:
    """What some servers take for the end of a message, and no end is."""
    data = json.loads((CONFORMANCE / "attacks" / "smtp-smuggling.json").read_text(encoding="utf-8"))
    return [text.encode("latin-1") for text in (*data["inbound"], *data["outbound_extra"])]


def stuffed(wire: bytes) -> bytes:
    """With dots doubled, as DATA takes it; without the final dot."""
    doubled = wire.replace(b"\r\n.", b"\r\n..")
    return b"." + doubled if doubled.startswith(b".") else doubled


def file_of(folder: Path, sample: Sample) -> Path:
    """The sample as a file of its own."""
    path = folder / (re.sub(r"[^A-Za-z0-9._-]", "_", sample.id)[-150:] + ".eml")
    path.write_bytes(sample.file)
    return path
