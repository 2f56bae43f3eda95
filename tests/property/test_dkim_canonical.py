"""Canonicalisation in chunks equals the plain reading of RFC 6376 §3.4, wherever the chunks are cut."""

import base64
import hashlib
import re

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from gateway.authn import canonical_body
from gateway.authn.canonical_body import BodyHasher, canonical_chunks
from gateway.authn.canonical_header import Canon, relaxed_value
from gateway.authn.tag_list import TagListError, decode_base64, parse_tag_list, without_signature

BYTES = st.lists(st.sampled_from([b" ", b"\t", b"\r\n", b"\r", b"\n", b"a", b"\xe9", b"  ", b"bc"]), max_size=60).map(
    b"".join
)


def plain(body: bytes, canon: Canon) -> bytes:
    """RFC 6376 §3.4.3 and §3.4.4 as they are written."""
    if canon is Canon.RELAXED:
        body = re.sub(rb"[ \t]+", b" ", body)
        body = body.replace(b" \r\n", b"\r\n").removesuffix(b" ")
    body = re.sub(rb"(?:\r\n)*\Z", b"", body, count=1)
    return body + b"\r\n" if body or canon is Canon.SIMPLE else b""


@pytest.mark.parametrize("canon", list(Canon))
@pytest.mark.parametrize("chunk", [2, 3, 7, 131_072])
def test_chunks_give_the_plain_reading(canon: Canon, chunk: int) -> None:
    @given(BYTES)
    @example(b"")
    @example(b" ")
    @example(b"\r\n" * 9)
    @example(b"a \r\n \r\n\t\r\n")
    @example(b"a\r\r\n")
    def check(body: bytes) -> None:
        assert b"".join(canonical_chunks(memoryview(body), canon)) == plain(body, canon)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(canonical_body, "CHUNK", chunk)
        check()


@given(BYTES, st.lists(st.integers(0, 80), max_size=6), st.sampled_from(list(Canon)))
def test_hashes_of_several_lengths_come_from_one_pass(body: bytes, lengths: list[int], canon: Canon) -> None:
    hasher = BodyHasher(memoryview(body))
    for length in lengths:
        hasher.wish(canon, length)
    whole = plain(body, canon)
    for wanted in [None, *lengths]:
        got = hasher.digest(canon, wanted)
        assert got.canonical_length == len(whole)
        assert got.digest == hashlib.sha256(whole if wanted is None else whole[:wanted]).digest()


@given(st.binary(max_size=80) | BYTES)
def test_relaxed_values_are_unfolded_and_single_spaced(value: bytes) -> None:
    assert relaxed_value(value) == re.sub(rb"[ \t]+", b" ", value.replace(b"\r\n", b"")).strip(b" ")


@given(st.binary(max_size=200))
def test_tag_lists_parse_or_raise_their_own_error(value: bytes) -> None:
    for forgiving in (False, True):
        try:
            tags = parse_tag_list(value, forgiving=forgiving)
        except TagListError:
            continue
        assert all(name[:1].isalpha() for name in tags)


@given(
    st.dictionaries(
        st.sampled_from([b"a", b"b", b"bh", b"h"]), st.from_regex(rb"[ a-z+/=\r\n\t]{0,20}", fullmatch=True)
    )
)
def test_only_b_is_emptied(tags: dict[bytes, bytes]) -> None:
    value = b"; ".join(name + b"=" + text for name, text in tags.items())
    emptied = b"; ".join(name + b"=" + (b"" if name == b"b" else text) for name, text in tags.items())
    assert without_signature(value) == emptied


@given(st.binary(max_size=60), st.integers(1, 20))
def test_folded_base64_is_read(raw: bytes, width: int) -> None:
    text = base64.b64encode(raw)
    assert decode_base64(b"\r\n\t ".join(text[at : at + width] for at in range(0, len(text), width))) == raw
