"""The published MIME samples and spoofing cases: each is read, cheaply, and told as what it is."""

import email
import email.policy
import hashlib
import json
import tarfile
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from gateway.content.text_regions import read_regions
from gateway.model.auth_facts import AuthorProblem
from gateway.parsing.mime_tree import parse_message
from gateway.parsing.read_texts import read_texts
from tests.pace import slowness

CONFORMANCE = Path(__file__).resolve().parents[3] / "shared" / "conformance"
needs_data = pytest.mark.skipif(not CONFORMANCE.is_dir(), reason="no conformance data beside the clone")


def _samples(name: str) -> Iterator[tuple[str, bytes]]:
    with tarfile.open(CONFORMANCE / name) as archive:
        for member in archive:
            file = archive.extractfile(member) if member.isfile() else None
            if file is not None:
                yield member.name, file.read()


@needs_data
@pytest.mark.parametrize(
    ("archive", "count"),
    [
        ("mime/mime-samples.tar.xz", 526),
        ("mail/phishing.tar.xz", 100),
        ("mail/ham-modern.tar.xz", 95),
        ("mail/ham-classic.tar.xz", 65),
        ("mail/spam-classic.tar.xz", 50),
    ],
)
def test_every_sample_is_read_within_its_time(archive: str, count: int) -> None:
    read = 0
    for name, raw in _samples(archive):
        start = time.process_time()
        message = parse_message(raw)
        texts = read_texts(message)
        reading = read_regions(message, texts)
        took = time.process_time() - start
        assert took < 0.25 * slowness(), f"{name}: {took:.3f} s"
        assert reading.folded.text.isascii()
        read += 1
    assert read == count


@needs_data
def test_ordinary_samples_are_cut_as_the_standard_library_cuts_them() -> None:
    """Where the library finds no defect and no duplicated field, both see the same leaves, types and names."""
    compared = 0
    differing = []
    for name, raw in _samples("mime/mime-samples.tar.xz"):
        message = parse_message(raw)
        if message.findings or not message.fields or b"\r" in raw.replace(b"\r\n", b""):
            continue
        oracle = email.message_from_bytes(raw, policy=email.policy.compat32)
        parts = list(oracle.walk())
        if any(part.defects for part in parts):
            continue
        theirs = [part.get_content_type() for part in parts if not part.is_multipart()]
        # the library doesn't look for files uuencoded in a text
        in_text = {
            leaf for leaf in message.leaves if leaf.encoding == "x-uuencode" and leaf.header_start == leaf.body_start
        }
        ours = [leaf.content_type for leaf in message.leaves if leaf not in in_text]
        compared += 1
        if ours != theirs:
            differing.append((name, ours, theirs))
    assert compared > 250
    # reports (message/delivery-status and its like), which the library opens and we keep whole; nothing else
    rest = [d for d in differing if not any(t.startswith("message/") for t in d[1])]
    assert not rest, rest


@needs_data
def test_spoofed_authors_are_marked_with_every_address_a_reader_may_show() -> None:
    cases = json.loads((CONFORMANCE / "attacks" / "espoofer-cases.json").read_text("utf-8"))["cases"]
    seen = {}
    for case in cases:
        parts = case["headers_and_body"]
        raw = "".join(parts[k] for k in ("from_header", "to_header", "subject_header", "other_headers"))
        message = parse_message(raw.encode() + b"\r\n" + parts["body"].encode())
        seen[case["id"]] = message.author
    plain = {"server_a1", "server_a3", "server_a5", "server_a7"}  # these attack SPF and DKIM, their From is in order
    for name, author in seen.items():
        if name in plain:
            assert author.problem is None, name
            assert str(author.mailbox) == "admin@legitimate.com"
        else:
            assert author.problem is not None, name
            assert author.mailbox is None, name
    shown = {name: {str(c) for c in author.candidates} for name, author in seen.items()}
    assert shown["server_a9"] == shown["server_a11"] == {"first@attack.com", "admin@legitimate.com"}
    assert shown["server_a13"] >= {"first@attack.com"}
    assert shown["server_a15"] == shown["server_a17"] == {"admin@legitimate.com", "second@attack.com"}
    assert shown["server_a19"] == {"any@attack.com", "admin@legitimate.com"}
    assert seen["client_a2"].problem is AuthorProblem.SEVERAL_ADDRESSES


@needs_data
def test_nothing_of_a_sample_is_made_anew() -> None:
    for _, raw in _samples("mail/ham-modern.tar.xz"):
        before = hashlib.sha256(raw).digest()
        message = parse_message(raw)
        read_texts(message)
        assert hashlib.sha256(message.raw).digest() == before
        pieces = b"".join(raw[f.start : f.end] for f in message.fields)
        assert pieces in raw[: message.body_start] or message.findings
