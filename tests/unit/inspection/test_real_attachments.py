"""Attachments of real mail, read in place: every one ends, none with a fault that no reader expected."""

import tarfile
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from gateway.inspection.in_process import inspect_in_process
from gateway.parsing.mime_tree import parse_message
from gateway.parsing.read_texts import read_texts

SHARED = Path(__file__).resolve().parents[3] / ".." / "shared" / "conformance"
ARCHIVES = ("mail/phishing", "mail/ham-modern", "mail/ham-classic", "mail/spam-classic", "mime/mime-samples")
SLOWEST_S = 4.0


def messages(archive: str) -> Iterator[tuple[str, bytes]]:
    path = SHARED / f"{archive}.tar.xz"
    if not path.exists():
        pytest.skip("shared/ does not lie beside the repository")
    with tarfile.open(path) as tar:
        for member in tar:
            file = tar.extractfile(member) if member.isfile() else None
            if file is not None:
                yield member.name, file.read().replace(b"\r\n", b"\n").replace(b"\n", b"\r\n")


@pytest.mark.parametrize("archive", ARCHIVES)
def test_real_attachments_are_read(archive: str) -> None:
    seen = 0
    for name, raw in messages(archive):
        message = parse_message(raw)
        start = time.process_time()
        parts = inspect_in_process(message, read_texts(message))
        assert time.process_time() - start < SLOWEST_S, name
        assert "crash" not in {part.unchecked for part in parts}, name
        seen += len(parts)
    assert seen > 0 or archive.endswith("-classic")  # the old ones carry few files
